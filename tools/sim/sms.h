/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The SMS store: two memories of raw messages. */
#ifndef SIM_SMS_H
#define SIM_SMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SMS_SLOTS	32
#define SMS_PDU_MAX	176	/* SMSC address and TPDU */

struct modem;

enum sms_storage {
	SMS_UIM = 0,
	SMS_NV = 1,
	SMS_STORAGES,
};

/* WMS message tags */
enum sms_tag {
	SMS_READ = 0,
	SMS_NOT_READ = 1,
	SMS_SENT = 2,
	SMS_NOT_SENT = 3,
};

struct sms {
	bool used;
	uint8_t tag;
	uint8_t len;
	uint8_t pdu[SMS_PDU_MAX];
};

/* Where a class of messages goes (WMS routes) */
struct sms_route {
	uint8_t type, class, storage, action;
};

#define SMS_ROUTES	8

struct sms_state {
	struct sms slot[SMS_STORAGES][SMS_SLOTS];
	struct sms_route routes[SMS_ROUTES];
	unsigned int n_routes;
	uint8_t status_report;
	uint16_t next_id;
	uint32_t next_transaction;
	uint32_t sent;		/* messages given to the network */
	uint8_t last[SMS_PDU_MAX];	/* the latest of them */
	size_t last_len;
	uint32_t send_cause;	/* RP cause of a refusal, 0: accepted */
	bool unacked;		/* a transfer-only message waits for its ack */
};

void sms_init(struct modem *modem);
/* Index of a new message, or -ENOSPC, -EINVAL. */
int sms_store(struct modem *modem, enum sms_storage storage, enum sms_tag tag,
	      const uint8_t *pdu, size_t len);
struct sms *sms_find(struct modem *modem, uint8_t storage, uint32_t index);
/*
 * The network has a message of ours, which the modem gave this reference: one to our own
 * number comes back, and a report goes to who asked for one.
 */
void sms_sent(struct modem *modem, const uint8_t *pdu, size_t len, uint8_t reference);
/* The network delivers; @words: "NUMBER TEXT" or "pdu HEX". */
int sms_receive(struct modem *modem, const char *words, char *err,
		size_t err_len);

#endif /* SIM_SMS_H */
