/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What m2md.conf and the .modem files say, as typed values. */
#ifndef M2M_CONFIG_H
#define M2M_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conf.h"
#include "error.h"

/*
 * DOC: From text to values
 *
 * One table (config-keys.c) has a row a key: section, name, type, limits, default
 * and a line of help. Reading, checking, comparing, `m2mctl config keys` and the
 * test that holds the manual pages against it all follow that table.
 *
 * Everything here is pure but config-load.c and config-secret.c, which read files.
 * What is wrong goes into struct conf_notes with its file and line; a value that is
 * refused leaves the former one, or the default, in place. A .modem file with errors
 * is "broken": half of what it says might dial what the whole would not.
 *
 * A secret is only ever the name of a file that holds it.
 */

#define CONFIG_DIRECTORY	"/etc/m2m"
#define CONFIG_MAIN		"m2md.conf"
#define CONFIG_MODEMS		"modem.d"
#define CONFIG_SUFFIX		".modem"

#define CONFIG_MODEMS_MAX	64	/* files with one of them each */
#define CONFIG_DROPINS_MAX	32	/* of one file */
#define CONFIG_PDNS_MAX		4	/* of one modem: all that m2md brings up */
#define CONFIG_LIST_MAX		16	/* values of a key that takes several */
#define CONFIG_SLOT_MAX		8	/* the highest slot of a modem */
#define CONFIG_ORDER_MAX	4	/* slots of Order= */

enum config_section_id {
	CONFIG_MANAGER,
	CONFIG_HELPER,
	CONFIG_MATCH,
	CONFIG_SIM,
	CONFIG_ATTACH,
	CONFIG_NETWORK,
	CONFIG_PDN,
	CONFIG_SUPERVISE,
	CONFIG_QUOTA,
	CONFIG_MODEM,
	CONFIG_SECTIONS,
};

enum config_type {
	CONFIG_BOOL,		/* bool */
	CONFIG_NUMBER,		/* int64_t of min to max */
	CONFIG_SECONDS,		/* int64_t of min to max */
	CONFIG_BYTES,		/* int64_t of min to max */
	CONFIG_WORD,		/* int64_t, the place in words */
	CONFIG_TEXT,		/* char *, of max bytes at most, which check() likes */
	CONFIG_SECRET,		/* char *, an absolute path or %d/NAME */
	CONFIG_LIST,		/* struct config_list of texts, one a line */
	CONFIG_WORDS,		/* ... or several, separated by blanks */
};

/* What has to be done anew when the key changes; the strongest one counts */
enum config_effect {
	CONFIG_EFFECT_NONE,	/* it counts the next time it is looked at */
	CONFIG_EFFECT_LINK,	/* addresses, routes, DNS and MTU are set again */
	CONFIG_EFFECT_CALL,	/* the PDN is dialled again */
	CONFIG_EFFECT_ATTACH,	/* the modem attaches again */
	CONFIG_EFFECT_CARD,	/* the SIM is looked at again */
	CONFIG_EFFECT_MATCH,	/* which modem gets which file is decided again */
};

enum config_auth { CONFIG_AUTH_NONE, CONFIG_AUTH_PAP, CONFIG_AUTH_CHAP, CONFIG_AUTH_BOTH };
enum config_family { CONFIG_IPV4, CONFIG_IPV6, CONFIG_IPV4V6 };
enum config_roaming { CONFIG_ROAMING_AUTO, CONFIG_ROAMING_HOME, CONFIG_ROAMING_ANY };
enum config_probe { CONFIG_PROBE_ICMP, CONFIG_PROBE_DNS, CONFIG_PROBE_TCP };
enum config_period { CONFIG_DAY, CONFIG_WEEK, CONFIG_MONTH };
enum config_action { CONFIG_WARN, CONFIG_CUT };

/* The highest rung of the ladder that may be taken */
enum config_ladder {
	CONFIG_LADDER_NONE,
	CONFIG_LADDER_REDIAL,
	CONFIG_LADDER_REATTACH,
	CONFIG_LADDER_RADIO,
	CONFIG_LADDER_SIM_POWER,
	CONFIG_LADDER_MODEM_RESET,
	CONFIG_LADDER_USB_RESET,
	CONFIG_LADDER_PORT_POWER,
	CONFIG_LADDER_HOST_REBOOT,
};

struct config_list {
	char **s;
	size_t n;
};

/* Texts are NULL where nothing was said */

struct config_manager {
	bool auto_connect;
	int64_t boot_spread_s;
};

struct config_helper {
	bool port_power, netns, resolv_file, hook, set_clock, reboot;
};

/* Patterns with * and ?; of each list one must fit, an empty one always does */
struct config_match {
	struct config_list imei, iccid, path, model;
};

struct config_sim {
	int64_t slot;		/* 0: the one that is active */
	char *order;		/* as config_order() has it; NULL: none */
	char *pin_file;
};

struct config_attach {
	char *apn, *user, *password_file;
	int64_t auth;		/* enum config_auth, of what a user or none needs */
	int64_t ip_family;	/* enum config_family */
};

struct config_network {
	int64_t roaming;	/* enum config_roaming */
	char *operator, *modes, *bands;	/* as struct nas_wish has them */
};

struct config_pdn {
	char *name;		/* also the network interface */
	char *apn, *user, *password_file;
	int64_t auth;		/* as above */
	int64_t ip_family;	/* enum config_family */
	int64_t route_metric;	/* 0: 2048 and up by mux id */
	int64_t route_table;	/* 0: by interface index */
	char *vrf, *netns;
	struct config_list dns;	/* addresses, instead of the network's */
	int64_t mtu;		/* 0: the network's */
	int64_t mux_id;		/* 0: the lowest free one */
};

struct config_supervise {
	int64_t probe;		/* enum config_probe */
	char *target;		/* NULL: no probe */
	int64_t interval_s;
	int64_t ladder;		/* enum config_ladder */
	int64_t max_resets_per_day;
};

struct config_quota {
	int64_t limit_bytes;	/* 0: none */
	int64_t period;		/* enum config_period */
	int64_t action;		/* enum config_action */
};

struct config_init {
	struct config_list at_init;
	char *at_port;		/* number of a USB interface; NULL: one that answers */
};

/* A .modem file with its drop-ins */
struct config_modem {
	char *name;		/* of the file, without .modem */
	char *file;
	struct conf source;	/* where everything stood */
	bool broken;		/* it has errors: no modem is managed by it */
	bool fits_none;		/* and nobody knows for which it was meant */
	struct config_match match;
	struct config_sim sim;
	struct config_attach attach;
	struct config_network network;
	struct config_pdn *pdns;
	size_t n_pdns;
	struct config_supervise supervise;
	struct config_quota quota;
	struct config_init init;
};

struct config {
	bool has_main;		/* m2md.conf was read, not only left at its defaults */
	struct conf source;	/* of m2md.conf */
	struct config_manager manager;
	struct config_helper helper;
	struct config_modem *modems;	/* by name */
	size_t n_modems;
};

struct config_key {
	enum config_section_id section;
	const char *name;
	enum config_type type;
	size_t offset;			/* in the section's struct */
	int64_t min, max;
	const char *words;		/* of CONFIG_WORD: "a|b|c" */
	/* NULL, or what the text should be, if it is not that */
	const char *(*check)(const char *text);
	const char *otherwise;		/* the default as text; "" for none */
	enum config_effect effect;
	const char *meta;		/* placeholder of the value; NULL: its words */
	const char *help;
	bool hide;			/* no message shows it: a secret may stand there */
};

extern const struct config_key config_keys[];	/* the name of the last one is NULL */

/* "Manager", ..., "PDN" */
const char *config_section_name(enum config_section_id section);
/* Whether the section stands in m2md.conf; the others stand in .modem files */
bool config_section_is_main(enum config_section_id section);
/* The key of a section, or NULL */
const struct config_key *config_key(enum config_section_id section, const char *name);
/* What the key takes, for messages and help: "yes or no", "1 to 254", "home|any" */
void config_key_takes(const struct config_key *key, char *ret, size_t size);

/**
 * config_value_set() - understand a value and store it
 * @key: which one
 * @value: "" is the default again, and an empty list
 * @base: the section's struct
 * @ret_reason: what is wrong with it, at least 128 bytes
 * @size: of @ret_reason
 *
 * Return: 0, -EINVAL with a reason, which never has the value of a secret in it.
 */
int config_value_set(const struct config_key *key, const char *value, void *base,
		     char *ret_reason, size_t size);
/* Whether two structs of a section have the same value */
bool config_value_equal(const struct config_key *key, const void *a, const void *b);
/* Free what the value holds */
void config_value_clear(const struct config_key *key, void *base);

/* config_new() - everything at its default */
struct config *config_new(void);
void config_free(struct config *config);

/**
 * config_set_main() - take what m2md.conf says
 * @config: the keys it does not name stay
 * @source: is emptied: @config owns it
 * @notes: what is wrong is added here
 */
void config_set_main(struct config *config, struct conf *source,
		     struct conf_notes *notes);

/**
 * config_add_modem() - take what a .modem file says
 * @config: which has no modem of that name yet
 * @name: of the file, without .modem
 * @file: its path
 * @source: is emptied: @config owns it
 * @notes: what is wrong is added here
 */
void config_add_modem(struct config *config, const char *name, const char *file,
		      struct conf *source, struct conf_notes *notes);

/* The struct of a section, of [PDN name] that of one PDN; NULL if it has none */
void *config_modem_section(struct config_modem *modem, enum config_section_id section,
			   size_t pdn);

/* config_check() - add what is wrong between keys, sections and files, and ties */
void config_check(struct config *config, struct conf_notes *notes);

/* config_order() - understand Order=: how many slots it has; 0 if it is not one */
unsigned int config_order(const char *text, uint8_t ret[CONFIG_ORDER_MAX]);

/* --- which file is whose ------------------------------------------------------- */

/* What is known of a modem so far; NULL or "" is not known, which only * fits */
struct config_identity {
	const char *imei, *iccid, *path, *model;
};

/**
 * config_match() - the file for a modem
 * @config: to choose from
 * @id: of the modem
 * @ret_modem: NULL where none fits
 * @ret_other: of a tie, else NULL
 *
 * The file with the most keys of [Match] that fit without * and ? counts; of
 * those the one with most characters besides * and ?; a file without [Match] last.
 * Return: 0; -ENOTUNIQ if @ret_modem and @ret_other are equals, -EBADMSG if @ret_modem
 * is broken: the modem is not to be managed.
 */
int config_match(const struct config *config, const struct config_identity *id,
		 const struct config_modem **ret_modem,
		 const struct config_modem **ret_other);

/* config_ties() - add files that some modem, or every one, would find equal */
void config_ties(const struct config *config, struct conf_notes *notes);

/* --- what changed ---------------------------------------------------------------- */

enum config_change_kind {
	CONFIG_CHANGED,		/* the value of a key */
	CONFIG_ADDED,		/* a modem, or with @pdn a PDN of it */
	CONFIG_REMOVED,
};

/* Strings belong to the configurations that were compared */
struct config_change {
	enum config_change_kind kind;
	const char *modem;		/* NULL: m2md.conf */
	const char *pdn;		/* NULL: not of a PDN */
	const struct config_key *key;	/* of CONFIG_CHANGED */
};

struct config_changes {
	struct config_change *changes;
	size_t n;
	enum config_effect effect;	/* the strongest */
};

/**
 * config_diff() - what a reload has to touch
 * @from: as it was
 * @to: as it will be
 * @ret_changes: in the order of @to, then what is gone; for config_changes_clear()
 *
 * Files, lines and the order of sections do not count, values do. Of a modem that
 * came or went, its keys are not told one by one.
 */
void config_diff(const struct config *from, const struct config *to,
		 struct config_changes *ret_changes);
/* The same of two .modem files, whatever their names: a modem may change hands */
void config_modem_diff(const struct config_modem *from, const struct config_modem *to,
		       struct config_changes *ret_changes);
void config_changes_clear(struct config_changes *changes);

/* --- from files --------------------------------------------------------------------- */

/**
 * config_load() - read a directory, /etc/m2m as a rule
 * @directory: with m2md.conf, m2md.conf.d, modem.d; what is absent is empty
 * @notes: what is wrong is added here, also what config_check() finds
 *
 * Return: what could be understood; the caller frees it.
 */
struct config *config_load(const char *directory, struct conf_notes *notes);

/**
 * config_load_file() - read one file with its drop-ins
 * @config: what it adds to
 * @path: of m2md.conf or of a .modem file
 * @notes: what is wrong is added here
 *
 * Return: 0; -EINVAL if the name is neither; -errno if it cannot be read, which
 * is told in @notes too.
 */
int config_load_file(struct config *config, const char *path,
		     struct conf_notes *notes);

/**
 * config_check_secrets() - look at the files that hold secrets
 * @config: which names them
 * @notes: one that is not there, is empty, no file, or open to every user is an
 *	error; one that this user cannot look at is a warning; a credential is judged
 *	where this is the service that has it
 */
void config_check_secrets(const struct config *config, struct conf_notes *notes);

/**
 * config_secret_read() - the first line of a file that holds a secret
 * @file: as PINFile= or PasswordFile= have it
 * @ret: for the secret, which the caller wipes
 * @size: of @ret
 * @error: names the file and what is wrong with it
 *
 * Return: 0; -EACCES if the file is open to every user, -EISDIR, -ENODATA if it is
 * empty, -EMSGSIZE if the line does not fit, another -errno of open() or read().
 */
int config_secret_read(const char *file, char *ret, size_t size, struct m2m_error *error);

#endif /* M2M_CONFIG_H */
