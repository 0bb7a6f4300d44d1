// SPDX-License-Identifier: GPL-2.0-or-later
/* What m2msim says of 5G, as libqmi understands it. */
#include <kselftest_harness.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../tools/sim/identity.h"
#include "simqmi.h"
#include "witness.h"

#define RESPONSE	2
#define INDICATION	4

static uint8_t nas, dms;

static void start(const char *rat)
{
	simqmi_new_model(&identity_find("rm520n")->firmware);
	simqmi_set("nas.rat", rat);
	modem_power_on(simqmi.modem);
	simqmi_register();
	nas = simqmi_client(QMI_NAS);
	dms = simqmi_client(QMI_DMS);
}

/* The last message @id of this type, in libqmi's words */
static const char *said(uint8_t type, uint16_t id)
{
	static char *text;
	unsigned int i;

	free(text);
	text = NULL;
	for (i = simqmi.n_frames; i-- > 0 && !text;) {
		const struct simqmi_frame *f = &simqmi.frame[i];

		if (f->data[4] && f->data[6] == type &&
		    (f->data[9] | f->data[10] << 8) == id)
			text = witness_text(f->data, f->len);
	}
	return text ? text : "nothing";
}

static bool says(uint8_t type, uint16_t id, const char *part)
{
	const char *text = said(type, id);

	if (strstr(text, part))
		return true;
	printf("# no \"%s\" in:\n%s\n", part, text);
	return false;
}

static bool answers(uint8_t service, uint8_t client, uint16_t id, const char *part)
{
	ASSERT_EQ(0, simqmi_call(service, client, id, ""));
	return says(RESPONSE, id, part);
}

static bool begins(uint8_t type, const char *hex)
{
	return !strncmp(simqmi_tlv(type), hex, strlen(hex));
}

TEST(a_modem_of_5g_has_radio_bands_and_modes)
{
	start("lte");
	EXPECT_TRUE(answers(QMI_DMS, dms, 0x0020, "[3] = '5gnr '"));
	EXPECT_TRUE(answers(QMI_DMS, dms, 0x0045, "NR5G Band Capability"));
	EXPECT_TRUE(says(RESPONSE, 0x0045, "[8] = '78 '"));
	EXPECT_TRUE(answers(QMI_NAS, nas, 0x0034, "translated = gsm, umts, lte, 5gnr"));
	/* n1 ... n41, and n77 and n78 in the second word */
	EXPECT_TRUE(begins(0x2c, "c5 00 08 08 00 01 00 00 00 30 00 00 00 00 00 00"));
}

TEST(others_have_none)
{
	simqmi_start();
	simqmi_register();
	nas = simqmi_client(QMI_NAS);
	dms = simqmi_client(QMI_DMS);
	EXPECT_FALSE(identity_find("ec25")->firmware.nr);
	EXPECT_EQ(0, simqmi_call(QMI_DMS, dms, 0x0020, ""));
	EXPECT_FALSE(strstr(said(RESPONSE, 0x0020), "5gnr"));
	EXPECT_EQ(0, simqmi_call(QMI_DMS, dms, 0x0045, ""));
	EXPECT_STREQ("", simqmi_tlv(0x13));
	EXPECT_EQ(0, simqmi_call(QMI_NAS, nas, 0x004d, ""));
	EXPECT_STREQ("", simqmi_tlv(0x4e));
	EXPECT_STREQ("", simqmi_tlv(0x50));
	EXPECT_EQ(0, simqmi_call(QMI_NAS, nas, 0x0043, ""));
	EXPECT_STREQ("", simqmi_tlv(0x2e));
	EXPECT_STREQ("", simqmi_tlv(0x2f));
}

TEST(a_cell_of_5g_alone)
{
	start("nr");
	simqmi_set("nas.signal", "-60 -11 -97 135");
	simqmi_set("nas.cell", "305419896");
	EXPECT_TRUE(answers(QMI_NAS, nas, 0x0043, "NR5G ARFCN"));
	EXPECT_TRUE(says(RESPONSE, 0x0043, "translated = 633984"));
	EXPECT_TRUE(says(RESPONSE, 0x0043, "global_cell_id = '305419896' physical_cell_id = '301'"
			   " rsrq = '-110' rsrp = '-970' snr = '135'"));
	/* 001/01 in swapped digits, then the area code 0x001234 */
	EXPECT_TRUE(begins(0x2f, "00 f1 10 00 12 34"));
	EXPECT_STREQ("", simqmi_tlv(0x13));
	EXPECT_TRUE(answers(QMI_NAS, nas, 0x0031, "5gnr"));
	EXPECT_TRUE(says(RESPONSE, 0x0031, "nr5g-78"));
	EXPECT_TRUE(says(RESPONSE, 0x0031, "'633984'"));
	simqmi_set("nas", "lost");
	EXPECT_EQ(74, simqmi_call(QMI_NAS, nas, 0x0043, ""));
}

TEST(system_info_has_the_area_of_5g)
{
	start("nr");
	EXPECT_TRUE(answers(QMI_NAS, nas, 0x004d, "NR5G Tracking Area Code"));
	EXPECT_STREQ("00 12 34", simqmi_tlv(0x50));
	EXPECT_TRUE(says(RESPONSE, 0x004d, "NR5G System Info"));
	/* that LTE had some beside it is no question here */
	EXPECT_STREQ("", simqmi_tlv(0x4e));
}

TEST(lte_tells_of_5g_beside_it)
{
	start("lte");
	EXPECT_TRUE(answers(QMI_NAS, nas, 0x004d, "EUTRA with NR5G availability"));
	EXPECT_STREQ("00", simqmi_tlv(0x4e));
	EXPECT_STREQ("", simqmi_tlv(0x50));
	EXPECT_EQ(0, simqmi_call(QMI_NAS, nas, 0x0003, "18 01 00 01"));
	simqmi.n_frames = 0;
	simqmi_set("nas.endc", "on");
	EXPECT_EQ(1, simqmi_indications(QMI_NAS, nas, 0x004e));
	EXPECT_TRUE(says(INDICATION, 0x004e, "EUTRA with NR5G availability"));
	EXPECT_TRUE(says(INDICATION, 0x004e, "translated = yes"));
	EXPECT_EQ(0, simqmi_call(QMI_NAS, nas, 0x004d, ""));
	EXPECT_STREQ("01", simqmi_tlv(0x4e));
}

TEST_HARNESS_MAIN
