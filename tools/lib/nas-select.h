/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which network the modem takes: what it may choose from, scans, attach, its bands. */
#ifndef M2M_NAS_SELECT_H
#define M2M_NAS_SELECT_H

#include "nas-preference.h"
#include "nas.h"

#define NAS_OPERATORS_MAX	64
#define NAS_CELLS_MAX		8

struct nas_operator {
	struct nas_plmn plmn;
	uint8_t status;		/* bits: 1 current, 2 available, 4 home, 16 forbidden */
	char name[64];
	unsigned int n_radios;
	int8_t radios[8];
};

#define NAS_STATUS_CURRENT	0x01
#define NAS_STATUS_HOME		0x04
#define NAS_STATUS_FORBIDDEN	0x10

struct nas_scan {
	unsigned int n;
	struct nas_operator operators[NAS_OPERATORS_MAX];
};

/* A carrier in use; -1 is what the modem does not tell */
struct nas_carrier {
	int radio;
	int band;		/* active band class */
	int64_t channel;
	int bandwidth_khz;
	int cell;		/* physical cell id */
};

struct nas_carriers {
	unsigned int n;
	struct nas_carrier carriers[NAS_CELLS_MAX];
};

/* UTC as the network has it, and how far local time is from it */
struct nas_time {
	uint16_t year;
	uint8_t month, day, hour, minute, second;
	bool has_zone;
	int zone_min;		/* daylight saving is in it */
	int dst_h;
};

/* nas_time_unix() - seconds since 1970 */
int64_t nas_time_unix(const struct nas_time *time);

/* Parsers: 0, or -EBADMSG */
int nas_preference_parse(QmiMessage *answer, struct nas_preference *ret);
int nas_scan_parse(QmiMessage *answer, struct nas_scan *ret);
int nas_bands_parse(QmiMessage *answer, struct nas_carriers *ret);
int nas_aggregation_parse(QmiMessage *answer, struct nas_carriers *ret);
int nas_time_parse(QmiMessage *answer, struct nas_time *ret);

int nas_preference_get(struct m2m_client *nas, struct nas_preference *ret,
		       struct m2m_error *error);
/* Sends what of @wanted differs from @now, and only where has_* of both says so */
int nas_preference_set(struct m2m_client *nas, const struct nas_preference *now,
		       const struct nas_preference *wanted, struct m2m_error *error);
bool nas_preference_differs(const struct nas_preference *now,
			    const struct nas_preference *wanted);
/* nas_preference_check() - 0, or -EOPNOTSUPP if the modem does not tell how it is set */
int nas_preference_check(const struct nas_preference *now,
			 const struct nas_preference *wanted, struct m2m_error *error);

/* nas_modes_check() - 0, or -EOPNOTSUPP if not all of NAS_MODE_ that are wanted are there */
int nas_modes_check(uint16_t has, uint16_t wanted, struct m2m_error *error);

/**
 * nas_preference_want() - what a wish means for one modem
 * @qmi: of the modem, which may have to tell its modes and bands
 * @wish: in words
 * @ret: has_* of what is wanted alone
 * @error: -EINVAL for words that are none, -EOPNOTSUPP for a mode or band that the modem
 *	has not and for all modes of one that does not tell them; one that does not tell is
 *	taken to have the modes that are named
 */
int nas_preference_want(struct m2m_qmi *qmi, const struct nas_wish *wish,
			struct nas_preference *ret, struct m2m_error *error);

/**
 * nas_preference_want_part() - the same, of what the modem has
 * @qmi: as above
 * @wish: in words; what it wants of operator, modes and bands does not depend on each other
 * @ret: without the modes and bands that the modem has not, and without all of those of
 *	which it has none or does not tell: they stay as they are
 * @ret_lack: the first of what is left out, with -EOPNOTSUPP; its err is 0 for nothing
 * @error: -EINVAL for words that are none
 */
int nas_preference_want_part(struct m2m_qmi *qmi, const struct nas_wish *wish,
			     struct nas_preference *ret, struct m2m_error *ret_lack,
			     struct m2m_error *error);

/* nas_scan() - the networks in reach; takes minutes, and ends calls on some modems */
int nas_scan(struct m2m_client *nas, struct nas_scan *ret, struct m2m_error *error);
/* That it is so already is no error. */
int nas_attach(struct m2m_client *nas, bool attach, struct m2m_error *error);
/* The radio's bands; of LTE with those aggregated, where the modem tells */
int nas_carriers_get(struct m2m_client *nas, struct nas_carriers *ret,
		     struct m2m_error *error);
/* -ENODATA before the network has told it */
int nas_time_get(struct m2m_client *nas, struct nas_time *ret, struct m2m_error *error);

#endif /* M2M_NAS_SELECT_H */
