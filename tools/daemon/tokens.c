// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the words of events and actions. */
#include "machine.h"

const char *event_token(unsigned int type)
{
	static const char * const tokens[EVENTS] = {
		[EVENT_SETTLE] = "settle",
		[EVENT_TIMER] = "timer",
		[EVENT_ATTACHED] = "attached",
		[EVENT_GONE] = "gone",
		[EVENT_READY] = "ready",
		[EVENT_RESTARTED] = "restarted",
		[EVENT_HUNG] = "hung",
		[EVENT_SUSPENDED] = "suspended",
		[EVENT_RESUMED] = "resumed",
		[EVENT_OPENED] = "opened",
		[EVENT_OPEN_FAILED] = "open-failed",
		[EVENT_SIM] = "sim",
		[EVENT_PIN_RESULT] = "pin-result",
		[EVENT_RADIO] = "radio",
		[EVENT_REGISTRATION] = "registration",
		[EVENT_SETTINGS] = "settings",
		[EVENT_PDN_UP] = "pdn-up",
		[EVENT_PDN_END] = "pdn-end",
		[EVENT_ANSWERED] = "answered",
		[EVENT_SILENCE] = "silence",
		[EVENT_QUOTA] = "quota",
		[EVENT_QMI_TIMEOUT] = "qmi-timeout",
		[EVENT_RECORDED] = "recorded",
		[EVENT_RECORD_FAILED] = "record-failed",
		[EVENT_HOLD] = "hold",
		[EVENT_RELEASE] = "release",
		[EVENT_UPDATE] = "update",
		[EVENT_CONFIG] = "config",
		[EVENT_SHUTDOWN] = "shutdown",
	};

	return type < EVENTS ? tokens[type] : "unknown";
}

const char *action_token(unsigned int type)
{
	static const char * const tokens[ACTIONS] = {
		[ACTION_OPEN] = "open",
		[ACTION_LET_GO] = "let-go",
		[ACTION_POLL] = "poll",
		[ACTION_MATCH] = "match",
		[ACTION_PIN] = "pin",
		[ACTION_WRITE] = "write",
		[ACTION_RADIO_ON] = "radio-on",
		[ACTION_RADIO_OFF] = "radio-off",
		[ACTION_REATTACH] = "re-attach",
		[ACTION_SIM_ON] = "sim-on",
		[ACTION_SIM_OFF] = "sim-off",
		[ACTION_RESET_MODEM] = "reset-modem",
		[ACTION_RESET_USB] = "reset-usb",
		[ACTION_PORT_POWER] = "port-power",
		[ACTION_REBOOT] = "reboot",
		[ACTION_ADOPT] = "adopt",
		[ACTION_DIAL] = "dial",
		[ACTION_HANG_UP] = "hang-up",
		[ACTION_HANG_UP_ALL] = "hang-up-all",
		[ACTION_RECORD] = "record",
		[ACTION_TIMER] = "timer",
		[ACTION_SAY] = "say",
	};

	return type < ACTIONS ? tokens[type] : "unknown";
}
