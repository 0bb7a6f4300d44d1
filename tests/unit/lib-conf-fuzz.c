// SPDX-License-Identifier: GPL-2.0-or-later
/* Configuration files that nobody wrote; the seed is fixed, so it repeats. */
#include <kselftest_harness.h>
#include <stdint.h>
#include <stdlib.h>

#include "../../tools/lib/config.h"
#include "../lib/draw.h"
#include "../lib/harness.h"

#define ROUNDS		20000
#define FILE_MAX	1500

static size_t n_keys(void)
{
	size_t n = 0;

	while (config_keys[n].name)
		n++;
	return n;
}

static const char * const values[] = {
	"yes", "no", "", "1", "0", "-1", "99999999999999999999", "15min", "1h 30min",
	"5G", "both", "any", "10.0.0.1 2001:db8::1", "iot.example", "/etc/m2m/pin",
	"%d/pin", "1234", "AT+CPIN=1234", "AT&F", "86*", "????", "*", "\"a b\"", "'", "\"\\",
	"host-reboot", "[::1]:80", "wan",
};

static size_t put(char *buf, size_t at, const char *s)
{
	for (; *s && at < FILE_MAX; s++)
		buf[at++] = *s;
	return at;
}

/* Something between noise and a file. Returns its length. */
static size_t make(char *buf)
{
	size_t at = 0, keys = n_keys();

	if (!draw(8)) {
		for (at = 0; at < draw(FILE_MAX) + 1; at++)
			buf[at] = draw(256);
		return at;
	}
	while (at < FILE_MAX && draw(24)) {
		const struct config_key *key = &config_keys[draw(keys)];

		if (!draw(3)) {
			at = put(buf, at, "[");
			at = put(buf, at, config_section_name(key->section));
			at = put(buf, at, key->section == CONFIG_PDN ? " wan" : "");
			at = put(buf, at, "]\n");
		}
		at = put(buf, at, key->name);
		at = put(buf, at, "=");
		at = put(buf, at, values[draw(ARRAY_SIZE(values))]);
		at = put(buf, at, draw(20) ? "\n" : "\r\n");
	}
	/* A few wrong bytes anywhere, in one of two */
	for (int i = draw(2) * draw(5); at && i; i--)
		buf[draw(at)] = draw(256);
	return at;
}

/* What holds of every reading */
static void check_conf(const struct conf *conf, const struct conf_notes *notes, size_t lines)
{
	ASSERT_LE(conf->n_sections, CONF_SECTIONS_MAX);
	ASSERT_LE(conf->n_entries, CONF_KEYS_MAX);
	for (size_t i = 0; i < conf->n_entries; i++) {
		ASSERT_LT(conf->entries[i].section, conf->n_sections);
		ASSERT_LE(conf->entries[i].line, lines);
		ASSERT_LE(strlen(conf->entries[i].value), CONF_LINE_MAX);
	}
	ASSERT_LE(notes->n, notes->n_errors + notes->n_warnings);
	for (size_t i = 0; i < notes->n; i++)
		ASSERT_LE(notes->notes[i].line, lines);
}

/* What holds of every value, whatever stood there */
static void check_pdn(const struct config_pdn *pdn)
{
	ASSERT_TRUE(pdn->auth >= 0 && pdn->auth <= CONFIG_AUTH_BOTH);
	ASSERT_TRUE(pdn->ip_family >= 0 && pdn->ip_family <= CONFIG_IPV4V6);
	ASSERT_TRUE(!pdn->mtu || (pdn->mtu >= 576 && pdn->mtu <= 65535));
	ASSERT_TRUE(pdn->mux_id >= 0 && pdn->mux_id <= 254);
	ASSERT_LE(pdn->dns.n, CONFIG_LIST_MAX);
	ASSERT_TRUE(!pdn->password_file || pdn->password_file[0] == '/' ||
		    pdn->password_file[0] == '%');
}

static unsigned int clean, broken, with_pdn;

static void check(const char *bytes, size_t len)
{
	/* a copy without a byte to spare, so that reading past it is seen */
	char *copy = malloc(len ? len : 1);
	struct conf_notes notes = { 0 };
	struct config *config = config_new();
	struct conf conf = { 0 };
	struct config_changes changes;
	size_t lines = 1;

	memcpy(copy, bytes, len);
	for (size_t i = 0; i < len; i++)
		lines += copy[i] == '\n';
	conf_parse(&conf, "f", copy, len, &notes);
	free(copy);
	check_conf(&conf, &notes, lines);
	config_add_modem(config, "a", "a.modem", &conf, &notes);
	config_check(config, &notes);
	ASSERT_EQ(0, conf.n_entries);
	ASSERT_LE(config->modems[0].n_pdns, CONFIG_PDNS_MAX);
	for (size_t i = 0; i < config->modems[0].n_pdns; i++)
		check_pdn(&config->modems[0].pdns[i]);
	config_diff(config, config, &changes);
	ASSERT_EQ(0, changes.n);
	*(notes.n_errors ? &broken : &clean) += 1;
	with_pdn += config->modems[0].n_pdns > 0;
	config_changes_clear(&changes);
	config_free(config);
	conf_notes_clear(&notes);
}

TEST_TIMEOUT(noise_is_read_within_its_bounds, 100)
{
	char buf[FILE_MAX + 1] = "";

	draw_state = 19910825;
	for (int i = 0; i < ROUNDS; i++)
		check(buf, make(buf));
	/* It was worth it only if every kind came up often. */
	EXPECT_LE(ROUNDS / 100, clean);
	EXPECT_LE(ROUNDS / 100, broken);
	EXPECT_LE(ROUNDS / 100, with_pdn);
}

TEST_HARNESS_MAIN
