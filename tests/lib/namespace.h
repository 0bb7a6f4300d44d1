/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Namespaces of ip netns, for sockets: one belongs to the namespace it is made in. */
#ifndef TESTS_NAMESPACE_H
#define TESTS_NAMESPACE_H

/* The calling thread is in the one called @name from now on. -1 with errno set if it is not. */
int namespace_enter(const char *name);

#endif /* TESTS_NAMESPACE_H */
