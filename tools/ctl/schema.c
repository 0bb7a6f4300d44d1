// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the table of what the JSON of each command has, and how it becomes a schema. */
#include <errno.h>
#include <glib.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "../lib/out.h"
#include "schema.h"

/*
 * DOC: how a row is read
 *
 *	fields = *(name ["*"] ":" type ["?"] " ")
 *	type   = "s" | "i" | "n" | "b" | "S" | "{" fields "}" | "[" fields "]"
 *
 * A text, an integer, a number, yes or no, an array of texts, an object, an array of
 * objects. "*": is not there always; "?": may be null. Keys are added at will, and never
 * renamed or given another type.
 */

#define PORT_FIELDS							\
	"usb_path:s usb_id:s usb_interface:i usb_speed_mbit:i? ifname:s? chardev:s? " \
	"state:s managed:b clients:i "
/* @opt: "" where they always are, "*" where other documents have others */
#define SIM_FIELDS(opt)							\
	"sim" opt ":{state:s? error*:s? iccid*:s? imsi*:s? msisdn*:s? application*:s? pin*:s? " \
	"pin_tries_left*:i? puk_tries_left*:i? " \
	"slots*:[slot:i active:b present:b iccid:s? eid:s? ] } "
#define SIM_CHANGED_FIELDS						\
	"sim:{state:s pin:s? pin_tries_left:i? puk_tries_left:i? changed:b } "
#define FORMAT_FIELDS(opt)						\
	"format" opt ":{confirmed:b link_layer:s uplink:s downlink:s "		\
	"uplink_max_datagrams:i uplink_max_bytes:i downlink_max_datagrams:i " \
	"downlink_max_bytes:i } "
#define NETWORK_FIELDS(opt)						\
	"network" opt ":{registration:s? packet_service*:s service*:s? domain*:s? " \
	"forbidden*:b? operator*:s? plmn*:s? mcc*:i? mnc*:i? radio*:s? " \
	"roaming*:b? reject_cause*:s? reject_cause_number*:i? tac*:i? cell_id*:i? } "
#define SELECTION_FIELDS						\
	"selection:{operator:s? modes:S? roaming:s? lte_bands:S? "	\
	"nr_sa_bands:S? nr_nsa_bands:S? } "
#define PROFILE_FIELDS							\
	"profile:i name:s? apn:s? family:s auth:s? user:s? has_password:b? "	\
	"disabled:b roaming_allowed:b "
#define ATTACH_FIELDS							\
	"attach:{apn:s? family:s? default_profile:i? profiles:S next_profiles:S " \
	"profiles_max:i? } "
#define QUALITY_FIELDS	"quality:s? bars:i? "
#define SIGNAL_FIELDS(opt)						\
	"signal" opt ":{gsm*:{" QUALITY_FIELDS "rssi_dbm:i } "			\
	"umts*:{" QUALITY_FIELDS "rssi_dbm:i ecio_db:i? } "		\
	"lte*:{" QUALITY_FIELDS "rsrp_dbm:i rsrq_db:i? rssi_dbm:i? snr_db:n? } " \
	"nr5g*:{" QUALITY_FIELDS "rsrp_dbm:i rsrq_db:i? snr_db:n? } } "
#define PDN_FIELDS(opt, null)						\
	"name" opt ":s" null " ifname" opt ":s? mux_id" opt ":i? state" opt ":s" null " " \
	"apn" opt ":s? " \
	"ipv4_address" opt ":s? ipv4_gateway" opt ":s? ipv6_address" opt ":s? "	\
	"ipv6_prefix_length" opt ":i? ipv6_gateway" opt ":s? dns" opt ":S? mtu" opt ":i? " \
	"ipv4_error*:s? ipv6_error*:s? resolver" opt ":s? netns" opt ":s? nat64_prefix*:s? " \
	"ipv4_is_public*:b ipv6_is_public*:b inbound_is_filtered*:b? "		\
	"ipv4_inbound_is_filtered*:b? ipv6_inbound_is_filtered*:b? "		\
	"rx_bytes" opt ":i tx_bytes" opt ":i "
#define SMS_FIELDS(opt)							\
	"id" opt ":s? storage" opt ":s? state" opt ":s kind" opt ":s? "	\
	"number" opt ":s? service_centre" opt ":s? time" opt ":s? "	\
	"encoding" opt ":s? class" opt ":i? parts" opt ":i parts_there" opt ":i " \
	"delivery" opt ":s? discharged" opt ":s? reference" opt ":i? "	\
	"text" opt ":s? data" opt ":s? "
#define NOTES_FIELDS							\
	"notes:[severity:s file:s line:i? message:s ] modems:S errors:i warnings:i "
#define TRIAL_FIELDS	"trial*:b confirm_s*:i "
#define ORDER_FIELDS	"slot*:i next_slot*:i? next_slot_s*:i? "
#define STATE_FIELDS							\
	"usb_path:s? state:s? cause:s? cause_text:s? since_s:i? since:s? next:s? " \
	"next_s:i? next_time:s? "

static const struct {
	const char *command, *fields;
} rows[] = {
	{ "overview", "modems:[alias:s? usb_path:s imei:s? managed:b state:s operator:s? "
		      "radio:s? signal_dbm:i? quality:s? bars:i? addresses:S since_s:i? "
		      "since:s? ] " },
	{ "list", "modems:[usb_path:s usb_interface:i usb_id:s imei:s? state:s "
		  "registration:s? operator:s? radio:s? rsrp_dbm:i? ifname:s? chardev:s? "
		  "downlink:s links:i ] " },
	/* where m2md is degraded there is its view, as of why, and no port */
	{ "status", "degraded*:b modems*:[managed:b alias:s? imei:s? driver*:s former*:s "
		    ORDER_FIELDS
		    STATE_FIELDS "] "
		    "modem*:{manufacturer:s? model:s? revision:s? imei:s? operating_mode:s? "
		    PORT_FIELDS "} " FORMAT_FIELDS("*") SIM_FIELDS("*")
		    NETWORK_FIELDS("*") SIGNAL_FIELDS("*")
		    "pdns:[" PDN_FIELDS("*", "?") "usb_path*:s? driver*:s cause*:s? cause_text*:s? "
		    "since_s*:i? since*:s? next*:s? next_s*:i? next_time*:s? ] " },
	{ "signal", "time_seconds*:n time*:s uptime_s*:n " SIGNAL_FIELDS("") },
	{ "sim show", SIM_FIELDS("") },
	{ "sim unlock", "sim:{state:s pin_was_needed:b pin_tries_left:i? } " },
	{ "sim pin", SIM_CHANGED_FIELDS },
	{ "sim unblock", SIM_CHANGED_FIELDS },
	{ "sim slot", SIM_CHANGED_FIELDS TRIAL_FIELDS },
	{ "sim power", SIM_CHANGED_FIELDS },
	{ "apn list", "profiles:[" PROFILE_FIELDS "attach:b ] " ATTACH_FIELDS },
	{ "apn show", "profile:{" PROFILE_FIELDS "} " },
	{ "apn add", "profile:{" PROFILE_FIELDS "} changed:b " },
	{ "apn set", "profile:{" PROFILE_FIELDS "} changed:b " },
	{ "apn delete", "profile:i changed:b " },
	{ "apn attach", ATTACH_FIELDS "changed:b " },
	{ "apn default", ATTACH_FIELDS "changed:b " },
	{ "apn suggest", "sim:{iccid:s? imsi:s plmn:s? gid1:s? spn:s? } apn:s? ambiguous:b "
			 "candidates:[apn:s? by_contract:b user:s? password:s? auth:s? "
			 "issuer:s? plan:s? matched_by:s list:s source:s? ] more:b "
			 "lists:[file:s read:b why:s? ] " },
	{ "net show", NETWORK_FIELDS("")
		      "carriers:[role:s radio:s band:s channel:i? bandwidth_khz:i? "
		      "physical_cell:i? ] " SELECTION_FIELDS },
	{ "net scan", "networks:[plmn:s operator:s? radios:S? current:b home:b "
		      "forbidden:b ] " },
	{ "net select", SELECTION_FIELDS "changed:b " TRIAL_FIELDS },
	{ "net modes", SELECTION_FIELDS "changed:b " TRIAL_FIELDS },
	{ "net bands", SELECTION_FIELDS "changed:b " TRIAL_FIELDS },
	{ "net roaming", SELECTION_FIELDS "changed:b " },
	{ "net attach", "attached:b changed:b " },
	{ "net detach", "attached:b changed:b " },
	{ "net time", "time:{utc:s reading_age_s:n zone_minutes:i? daylight_saving_hours:i? } " },
	{ "modem list", "modules*:[usb_path:s usb_id:s name:s? mode:s driver:s? why:s? cure:s? ] "
			"modems*:[usb_path:s imei:s? iccid:s? model:s? ] " },
	{ "modem show", "modem:{manufacturer:s? model:s? revision:s? imei:s? "
			"hardware_revision:s? software_version:s? operating_mode:s? "
			"hardware_restricted:b? radios:S? max_rx_bits_per_s:i? "
			"max_tx_bits_per_s:i? " PORT_FIELDS "} " FORMAT_FIELDS("")
			"services:[service:s version:s ] "
			"counters:[counter:s value:i ] " },
	{ "modem mode", "operating_mode:s changed:b " },
	{ "modem reset", "usb_path:s " },
	{ "modem format", FORMAT_FIELDS("") "modem_format:{link_layer:s? uplink:s? downlink:s? } "
			  "driver_speaks:S agree:b? changed*:b " },
	{ "modem clients", "clients*:[service:s client_id:i? owner:s pid:i? name:s? ] "
			   "released*:i " },
	{ "pdn up", "pdn:{" PDN_FIELDS("", "") "} " },
	{ "pdn down", "pdn:{name:s state:s was_up:b } " },
	{ "pdn show", "pdns:[" PDN_FIELDS("", "") "] " },
	/* with --watch each message is a document */
	{ "sms list", "messages*:[" SMS_FIELDS("") "] " SMS_FIELDS("*") },
	{ "sms read", "message:{" SMS_FIELDS("") "} " },
	{ "sms send", "parts:[part:i reference:i? ] number:s encoding:s " },
	{ "sms delete", "deleted:i " },
	{ "monitor", "time_seconds:n time:s uptime_s:n port:i event*:s frame*:s "
		     "usb_path*:s usb_interface*:i "
		     "reason*:s? mux_id*:i on*:b link_layer*:s uplink*:s downlink*:s "
		     "confirmed*:b pdn*:s? family*:i? status*:s from*:s length_bytes*:i "
		     "service*:s client*:i transaction*:i message*:i hidden_tlvs*:i "
		     "decoded*:s? " },
	{ "why", "modems:[managed:b alias:s? imei:s? driver*:s former*:s "
		 ORDER_FIELDS STATE_FIELDS "] "
		 "pdns:[name:s? driver*:s " STATE_FIELDS "] " },
	{ "health", "healthy:b wanted:b modems:[healthy:b usb_path:s? imei:s? health:s? "
		    "state:s? cause:s? cause_text:s? ] " },
	{ "history", "events:[time:s? uptime_s:i number:i boot_ms:i wall_ms:i "
		     "clock_trusted:b usb_path:s? imei:s? pdn:s? kind:s? what:s? cause:s? "
		     "cause_text:s? ] " },
	{ "wait-online", "usb_path:s? name:s? online:b " },
	{ "modem hold", "usb_path:s held:b hold_s:i " },
	{ "modem release", "usb_path:s held:b " },
	{ "config apply", NOTES_FIELDS "trial:b confirm_s*:i reloaded:b " },
	{ "config confirm", "files:S reloaded:b " },
	{ "config revert", "files:S reloaded:b " },
	{ "config check", NOTES_FIELDS },
	{ "config keys", "keys:[file:s section:s key:s default:s? takes:s? help:s ] " },
	{ "support", "parts:[part:s status:s size_bytes:i time_ms:i ] file:s file_bytes:i "
		     "full:b " },
	{ "raw", "result:s error:i tlvs:[type:s length_bytes:i value:s? ] hidden_tlvs:i "
		 "decoded:s? " },
};

/* --- as a schema -------------------------------------------------------------- */

static const char *put_fields(JsonBuilder *json, const char *at);

/* "type": a word, or the word and null */
static void put_type(JsonBuilder *json, const char *type, bool may_be_null)
{
	json_builder_set_member_name(json, "type");
	if (!may_be_null) {
		json_builder_add_string_value(json, type);
		return;
	}
	json_builder_begin_array(json);
	json_builder_add_string_value(json, type);
	json_builder_add_string_value(json, "null");
	json_builder_end_array(json);
}

static const char *type_word(char type)
{
	switch (type) {
	case 's':
		return "string";
	case 'i':
		return "integer";
	case 'n':
		return "number";
	case 'b':
		return "boolean";
	case '{':
		return "object";
	default:
		return "array";
	}
}

/* The value that stands at @at; returns what is behind it */
static const char *put_value(JsonBuilder *json, const char *at)
{
	char type = *at++;

	json_builder_begin_object(json);
	if (type == '{') {
		put_type(json, "object", false);
		at = put_fields(json, at) + 1;
	} else if (type == '[') {
		put_type(json, "array", false);
		json_builder_set_member_name(json, "items");
		json_builder_begin_object(json);
		put_type(json, "object", false);
		at = put_fields(json, at) + 1;
		json_builder_end_object(json);
	} else {
		put_type(json, type_word(type), *at == '?');
		if (type == 'S') {
			json_builder_set_member_name(json, "items");
			json_builder_begin_object(json);
			put_type(json, "string", false);
			json_builder_end_object(json);
		}
	}
	json_builder_end_object(json);
	return at + (*at == '?');
}

/* Fields up to the end of their object, which is where it returns */
static const char *put_fields(JsonBuilder *json, const char *at)
{
	GPtrArray *required = g_ptr_array_new_with_free_func(g_free);

	json_builder_set_member_name(json, "properties");
	json_builder_begin_object(json);
	while (*at && *at != '}' && *at != ']') {
		g_autofree char *name = g_strndup(at, strcspn(at, "*:"));
		size_t len = strlen(name);

		if (at[len] == ':')
			g_ptr_array_add(required, g_strdup(name));
		at += len + (at[len] == '*') + 1;
		json_builder_set_member_name(json, name);
		at = put_value(json, at);
		at += strspn(at, " ");
	}
	json_builder_end_object(json);
	json_builder_set_member_name(json, "required");
	json_builder_begin_array(json);
	for (guint i = 0; i < required->len; i++)
		json_builder_add_string_value(json, required->pdata[i]);
	json_builder_end_array(json);
	g_ptr_array_unref(required);
	return at;
}

static void put_document(JsonBuilder *json, const char *name, const char *fields)
{
	/* what each of them begins with */
	g_autofree char *all = g_strconcat("schema:i ", fields, NULL);
	g_autofree char *title = g_strconcat("m2mctl --json ", name, NULL);

	json_builder_begin_object(json);
	json_builder_set_member_name(json, "$schema");
	json_builder_add_string_value(json, "https://json-schema.org/draft/2020-12/schema");
	json_builder_set_member_name(json, "title");
	json_builder_add_string_value(json, title);
	json_builder_set_member_name(json, "x-schema");
	json_builder_add_int_value(json, OUT_SCHEMA);
	put_type(json, "object", false);
	put_fields(json, all);
	json_builder_end_object(json);
}

static const char *fields_of(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		if (!strcmp(rows[i].command, name))
			return rows[i].fields;
	return NULL;
}

int schema_print(FILE *to, const struct command *command)
{
	g_autofree char *name = g_strjoin(" ", command->object, command->verb, NULL);
	const char *fields = fields_of(name);
	JsonGenerator *generator;
	JsonBuilder *json;
	JsonNode *root;
	char *text;

	if (!fields)
		return -ENOENT;
	json = json_builder_new();
	put_document(json, name, fields);
	root = json_builder_get_root(json);
	generator = json_generator_new();
	json_generator_set_root(generator, root);
	json_generator_set_pretty(generator, TRUE);
	text = json_generator_to_data(generator, NULL);
	fprintf(to, "%s\n", text);
	g_free(text);
	json_node_unref(root);
	g_object_unref(generator);
	g_object_unref(json);
	return fflush(to) || ferror(to) ? -EIO : 0;
}
