/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Handlers of the NAS service that live outside svc-nas.c. */
#ifndef SIM_NAS_H
#define SIM_NAS_H

#include "firmware.h"

/* Service status and domain */
#define NAS_NO_SERVICE		0
#define NAS_LIMITED		1
#define NAS_SERVICE		2
#define NAS_DOMAIN_NONE		0
#define NAS_DOMAIN_PS		2

/* nas-cell.c: what the modem says of the cell it is on */
void nas_put_system_info(const struct modem *modem, struct qmi_msg *msg,
			 bool indication);
enum qmi_error nas_get_system_info(struct request *rq);
enum qmi_error nas_get_cell_location(struct request *rq);
enum qmi_error nas_get_rf_band(struct request *rq);
enum qmi_error nas_get_ca_info(struct request *rq);
enum qmi_error nas_get_tx_rx_info(struct request *rq);
enum qmi_error nas_get_drx(struct request *rq);
void nas_band_changed(struct modem *modem);

/* nas-signal.c: signal figures and their thresholds */
enum qmi_error nas_set_event_report(struct request *rq);
enum qmi_error nas_get_signal_strength(struct request *rq);
enum qmi_error nas_get_signal_info(struct request *rq);
enum qmi_error nas_config_signal_info(struct request *rq);
enum qmi_error nas_config_signal_info_v2(struct request *rq);

/* nas-preference.c: what the user wants of the network */
enum qmi_error nas_set_preference(struct request *rq);
enum qmi_error nas_get_preference(struct request *rq);
enum qmi_error nas_set_technology_preference(struct request *rq);
enum qmi_error nas_get_technology_preference(struct request *rq);

#endif /* SIM_NAS_H */
