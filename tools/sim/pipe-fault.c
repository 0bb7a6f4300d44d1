// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns what each fault of action.h does to the pipes of a port. */
#include "downlink.h"
#include "pipe-fault.h"

static void stall(const struct pipes *pipes, enum usbdev_pipe pipe)
{
	pipes->stats->faults++;
	endpoint_halt(usbdev_endpoint(pipes->dev, pipes->index, pipe));
}

static void control_fault(const struct pipes *pipes, const struct action *action)
{
	struct ctrlpipe *ctrl = pipes->ctrl;

	switch (action->kind) {
	case ACTION_CTL_HANG:
		ctrlpipe_hang(ctrl, action->arg);
		break;
	case ACTION_CTL_GARBAGE:
		ctrlpipe_garbage(ctrl, action->count);
		break;
	case ACTION_CTL_LATE:
		ctrlpipe_set_fault(ctrl, CTRLPIPE_LATE, action->arg, action->count);
		break;
	case ACTION_CTL_DOUBLE:
		ctrlpipe_set_fault(ctrl, CTRLPIPE_DOUBLE, 0, action->count);
		break;
	case ACTION_CTL_TRUNCATE:
		ctrlpipe_set_fault(ctrl, CTRLPIPE_TRUNCATE, action->arg,
				   action->count);
		break;
	case ACTION_CTL_OVERSIZE:
		ctrlpipe_set_fault(ctrl, CTRLPIPE_OVERSIZE, 0, action->count);
		break;
	case ACTION_NOTIFY_LOSE:
		ctrlpipe_set_fault(ctrl, CTRLPIPE_NOTIFY_LOSE, 0, action->count);
		break;
	case ACTION_NOTIFY_DOUBLE:
		ctrlpipe_set_fault(ctrl, CTRLPIPE_NOTIFY_DOUBLE, 0, action->count);
		break;
	case ACTION_STALL_CTL:
		ctrlpipe_stall(ctrl, action->count);
		break;
	case ACTION_STALL_NOTIFY:
		stall(pipes, USBDEV_PIPE_NOTIFY);
		break;
	default:
		break;
	}
}

static void data_fault(const struct pipes *pipes, const struct action *action)
{
	struct downlink *down = dataplane_downlink(pipes->dp, action->port);
	unsigned int count = action->count;

	switch (action->kind) {
	case ACTION_DATA_GARBAGE:
		downlink_garbage(down, count);
		break;
	case ACTION_DATA_ZLP:
		downlink_inject(down, NULL, 0, count);
		break;
	case ACTION_DATA_LATE:
		downlink_set_fault(down, DOWNLINK_LATE, action->arg, count);
		break;
	case ACTION_DATA_DOUBLE:
		downlink_set_fault(down, DOWNLINK_DOUBLE, 0, count);
		break;
	case ACTION_DATA_OVERSIZE:
		downlink_set_fault(down, DOWNLINK_OVERSIZE, 0, count);
		break;
	case ACTION_DATA_SHORT:
		downlink_set_fault(down, DOWNLINK_SHORT, 0, count);
		break;
	case ACTION_DATA_NO_ZLP:
		downlink_set_fault(down, DOWNLINK_NO_ZLP, 0, count);
		break;
	case ACTION_DATA_BAD_CHECKSUM:
		downlink_set_fault(down, DOWNLINK_BAD_CHECKSUM, 0, count);
		break;
	case ACTION_DATA_WRONG_VERDICT:
		downlink_set_fault(down, DOWNLINK_WRONG_VERDICT, 0, count);
		break;
	case ACTION_DATA_BARE:
		downlink_set_fault(down, DOWNLINK_BARE, 0, count);
		break;
	case ACTION_DATA_MISADDRESSED:
		downlink_set_fault(down, DOWNLINK_MISADDRESSED, 0, count);
		break;
	case ACTION_DATA_PACKET:
		dataplane_packet(pipes->dp, action->port, (uint8_t)action->arg);
		break;
	case ACTION_DATA_INJECT:
		downlink_inject(down, action->bytes, action->n_bytes, count);
		break;
	case ACTION_STALL_IN:
		stall(pipes, USBDEV_PIPE_IN);
		break;
	case ACTION_STALL_OUT:
		stall(pipes, USBDEV_PIPE_OUT);
		break;
	default:
		break;
	}
}

void pipe_fault(const struct pipes *pipes, const struct action *action)
{
	control_fault(pipes, action);
	data_fault(pipes, action);
}
