/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every command works on: the modem, the output, and how to fail. */
#ifndef M2MCTL_CTL_H
#define M2MCTL_CTL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../lib/error.h"
#include "../lib/out.h"
#include "../lib/port.h"
#include "../lib/qmi.h"
#include "args.h"

struct m2m_nl;

/* Conventions of this program, in m2mctl(8) */
enum exit_status {
	EXIT_OK = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_TIMEOUT = 3,
	EXIT_NO_DRIVER = 4,
	EXIT_NO_MODEM = 5,
	EXIT_PERMISSION = 6,
	EXIT_SIM = 7,
	EXIT_PIN = 8,
	EXIT_NOT_REGISTERED = 9,
	EXIT_CALL_FAILED = 10,
	EXIT_UNSUPPORTED = 11,
	EXIT_BUSY = 12,
	EXIT_TEMPORARY = 75,		/* as EX_TEMPFAIL of sysexits.h */
};

/* How long --wait is without it, where a command waits at all */
#define CTL_WAIT_S	60

struct ctl {
	const struct args *args;
	struct out *out;
	struct m2m_nl *nl;		/* for lists and events */
	struct port *ports;
	size_t n_ports;
	struct port *port;		/* of them, the one the command is about */
	struct m2m_qmi *qmi;		/* opened by ctl_qmi() */
	int signal_fd;			/* readable once a signal came */
	bool interrupted;		/* by one */
	bool leased;
	char *borrowed;			/* USB path of a modem that m2md has let go for us */
	int64_t began_us;		/* g_get_monotonic_time() */
	struct m2m_error error;		/* of a command that failed */
	int status;			/* EXIT_... it demands, 0: by the errno */
	const char *hint;		/* what to do next, or NULL */
};

/* Commands: 0, or a negative errno with ctl->error filled in */
int overview_run(struct ctl *ctl);
int list_run(struct ctl *ctl);
int status_run(struct ctl *ctl);
int signal_run(struct ctl *ctl);
int sim_show_run(struct ctl *ctl);
int sim_unlock_run(struct ctl *ctl);
int sim_pin_run(struct ctl *ctl);
int sim_unblock_run(struct ctl *ctl);
int sim_slot_run(struct ctl *ctl);
int sim_power_run(struct ctl *ctl);
int apn_list_run(struct ctl *ctl);
int apn_show_run(struct ctl *ctl);
int apn_add_run(struct ctl *ctl);
int apn_set_run(struct ctl *ctl);
int apn_delete_run(struct ctl *ctl);
int apn_attach_run(struct ctl *ctl);
int apn_default_run(struct ctl *ctl);
int apn_suggest_run(struct ctl *ctl);
int net_show_run(struct ctl *ctl);
int net_scan_run(struct ctl *ctl);
int net_select_run(struct ctl *ctl);
int net_modes_run(struct ctl *ctl);
int net_bands_run(struct ctl *ctl);
int net_roaming_run(struct ctl *ctl);
int net_attach_run(struct ctl *ctl);
int net_detach_run(struct ctl *ctl);
int net_time_run(struct ctl *ctl);
int pdn_up_run(struct ctl *ctl);
int pdn_down_run(struct ctl *ctl);
int pdn_show_run(struct ctl *ctl);
int monitor_run(struct ctl *ctl);
int config_check_run(struct ctl *ctl);
int config_keys_run(struct ctl *ctl);
int sms_list_run(struct ctl *ctl);
int sms_read_run(struct ctl *ctl);
int sms_send_run(struct ctl *ctl);
int sms_delete_run(struct ctl *ctl);
int support_run(struct ctl *ctl);
int raw_run(struct ctl *ctl);
int why_run(struct ctl *ctl);
/* status where the driver is mainline's: what m2md knows, -ENODEV if that is nothing */
int why_degraded(struct ctl *ctl);
int health_run(struct ctl *ctl);
int history_run(struct ctl *ctl);
int wait_online_run(struct ctl *ctl);
int modem_list_run(struct ctl *ctl);
int modem_show_run(struct ctl *ctl);
int modem_mode_run(struct ctl *ctl);
int modem_reset_run(struct ctl *ctl);
int modem_format_run(struct ctl *ctl);
int modem_clients_run(struct ctl *ctl);
int modem_hold_run(struct ctl *ctl);
int modem_release_run(struct ctl *ctl);
int config_apply_run(struct ctl *ctl);
int config_confirm_run(struct ctl *ctl);
int config_revert_run(struct ctl *ctl);

/* hold.c: have m2md let go of the modem, for this command; and look after it again */
int hold_borrow(struct ctl *ctl);
void hold_give_back(struct ctl *ctl);

/* config.c: say what stands in notes, as config check does */
struct config;
struct conf_notes;
void config_say_result(struct out *out, const struct config *config,
		       const struct conf_notes *notes);

/* ctl_fail() - the command fails so; @hint says what to do next, or NULL */
int ctl_fail(struct ctl *ctl, int err, int status, const char *hint,
	     const char *format, ...) __attribute__((format(printf, 5, 6)));

/* ctl_mute() - ... because the modem does not answer, yet or any more */
int ctl_mute(struct ctl *ctl);

/* ctl_take_signal() - ctl->interrupted if one came; what waits ends with -EINTR */
void ctl_take_signal(struct ctl *ctl);
/* ctl_interrupted() - 0, or -EINTR with ctl->error filled in if a signal came */
int ctl_interrupted(struct ctl *ctl);

/* Exit status of an errno */
int exit_status(int err);

/* ctl_status() - what the command that failed with @err ends with */
int ctl_status(const struct ctl *ctl, int err);
/*
 * ctl_hint() - what to do next about it: what the command says, or else what mends such a
 * status most often; NULL where the sentence says all
 */
const char *ctl_hint(const struct ctl *ctl, int err);

/*
 * When --wait (or @otherwise seconds) ends, counted from the program's start, on
 * g_get_monotonic_time()'s clock
 */
int64_t ctl_deadline_us(const struct ctl *ctl, unsigned int otherwise_s);
/* ctl_until_us() - so long from now, which is what it takes, or as --wait says if longer */
int64_t ctl_until_us(const struct ctl *ctl, unsigned int ms);

/*
 * ctl_device_node() - "cdc-wdm0" of "/dev/cdc-wdm0" and of a link to it, such as those in
 * /dev/m2m/by-path; another word as it stands. For g_free()
 */
char *ctl_device_node(const char *device);

/* device.c: fill ctl->ports, and ctl->port where the command needs one */
int device_select(struct ctl *ctl);

/* A modem that goes away and comes back, for example over a reset */
struct device_watch;

/* device_watch() - note from now on whether the chosen modem goes or restarts */
int device_watch(struct ctl *ctl, struct device_watch **ret);
void device_watch_free(struct device_watch *watch);
/* device_await() - until it went and is back and ready, as ctl->port; --wait counts */
int device_await(struct ctl *ctl, struct device_watch *watch);

/* Read ctl->port again */
int device_refresh(struct ctl *ctl);

/* ctl_qmi() - the way to the chosen modem; again the same one */
int ctl_qmi(struct ctl *ctl);
/* ctl_open() - a plain client of a service of the chosen modem */
int ctl_open(struct ctl *ctl, uint8_t service, struct m2m_client **ret_client);
/* Whether it is so by now; or -errno with ctl->error filled in, which ends the wait */
typedef int ctl_look_fn(struct ctl *ctl, void *data, bool *ret_is_so);
/**
 * ctl_await() - look at each indication until it is so
 * @client: whose indications count, asked for by the caller; @look may replace it, and
 *          NULL in it means none. Modems do not tell of everything: they are looked at
 *          twice a second as well
 * @until_us: of the monotonic clock
 *
 * Return: 0, 1 when the time is over, whose sentence is the caller's, what @look failed
 * with, or -EINTR with ctl->error filled in
 */
int ctl_await(struct ctl *ctl, struct m2m_client **client, int64_t until_us,
	      ctl_look_fn *look, void *data);
/* ctl_lease() - manage the modem until we end; unless --direct, or m2md is to try it */
int ctl_lease(struct ctl *ctl);

#endif /* M2MCTL_CTL_H */
