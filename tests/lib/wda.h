/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The data format: asked for on a file, looked at on netlink. */
#ifndef TESTS_WDA_H
#define TESTS_WDA_H

#include "genl.h"

/* WDA Set Data Format: this link layer, and this aggregation both ways */
void wda_set_request(struct frame *request, uint8_t cid, uint32_t link_layer,
		     uint32_t agg);
/* Sends it and waits. Returns the QMI error. */
int wda_set(int fd, uint8_t cid, uint32_t link_layer, uint32_t agg);

/* An attribute of the format that @msg has in @nest; of a flag: is it there? */
uint32_t format_u32(const struct genl_msg *msg, unsigned int nest,
		    unsigned int type);
/* The same of a port's format as it is now. */
uint32_t port_format(struct genl *genl, uint32_t port, unsigned int type);

#endif /* TESTS_WDA_H */
