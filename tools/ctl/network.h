/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waiting for the network to let the modem in. */
#ifndef M2MCTL_NETWORK_H
#define M2MCTL_NETWORK_H

#include "ctl.h"

/* network_radio_on() - fails with exit status 9 where the radio has to stay off */
int network_radio_on(struct ctl *ctl);

/**
 * network_settle() - registered before --wait ends
 * @ctl: fails with exit status 9 and the network's cause
 */
int network_settle(struct ctl *ctl);

#endif /* M2MCTL_NETWORK_H */
