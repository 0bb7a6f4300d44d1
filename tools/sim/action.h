/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The actions of scenarios and of the control socket that the USB half does. */
#ifndef SIM_ACTION_H
#define SIM_ACTION_H

#include <stddef.h>
#include <stdint.h>

enum action_kind {
	ACTION_UNPLUG,
	ACTION_REPLUG,
	ACTION_RESTART,			/* arg: ms off the bus */
	ACTION_AT_HANG,			/* arg: ms */
	ACTION_AT_GARBAGE,
	ACTION_CTL_HANG,		/* arg: ms */
	ACTION_CTL_GARBAGE,
	ACTION_CTL_LATE,		/* arg: ms */
	ACTION_CTL_DOUBLE,
	ACTION_CTL_TRUNCATE,		/* arg: bytes */
	ACTION_CTL_OVERSIZE,
	ACTION_NOTIFY_LOSE,
	ACTION_NOTIFY_DOUBLE,
	ACTION_DATA_GARBAGE,
	ACTION_DATA_LATE,		/* arg: ms */
	ACTION_DATA_DOUBLE,
	ACTION_DATA_OVERSIZE,
	ACTION_DATA_SHORT,
	ACTION_DATA_ZLP,
	ACTION_DATA_NO_ZLP,
	ACTION_DATA_BAD_CHECKSUM,
	ACTION_DATA_WRONG_VERDICT,
	ACTION_DATA_BARE,
	ACTION_DATA_MISADDRESSED,
	ACTION_DATA_PACKET,		/* arg: mux id */
	ACTION_DATA_INJECT,		/* bytes */
	ACTION_STALL_IN,
	ACTION_STALL_OUT,
	ACTION_STALL_NOTIFY,
	ACTION_STALL_CTL,
	ACTION_FLOW_OFF,		/* arg: mux id */
	ACTION_FLOW_ON,			/* arg: mux id */
};

/* As many as a line of a scenario has room for */
#define ACTION_BYTES_MAX	100

struct action {
	enum action_kind kind;
	unsigned int port;
	unsigned int arg;
	unsigned int count;
	uint8_t bytes[ACTION_BYTES_MAX];
	size_t n_bytes;
};

/*
 * Splits "key: value" or a bare "word words" into key and value, both at most
 * @size bytes with their end. Returns 0 or -EINVAL.
 */
int action_split(const char *text, char *ret_key, char *ret_value, size_t size);
/*
 * Understands @key and @value. Returns 0, -ENOENT if this is no action of the
 * USB half, or -EINVAL with a sentence in @err.
 */
int action_parse(const char *key, const char *value, struct action *ret_action,
		 char *err, size_t err_len);
/* 0, or -EINVAL with a sentence in @err where a model of @n_ports lacks @action's. */
int action_check_port(const struct action *action, unsigned int n_ports, char *err,
		      size_t err_len);
/* Reads "250ms", "20s", "2m" or "0". Returns 0 or -EINVAL. */
int action_duration(const char *text, unsigned int *ret_ms);

#endif /* SIM_ACTION_H */
