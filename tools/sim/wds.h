/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Handlers of the WDS service that live outside svc-wds.c. */
#ifndef SIM_WDS_H
#define SIM_WDS_H

#include "firmware.h"

/* The call a client sees: its own, else the one on its data port. */
struct pdn_call *wds_call_seen(struct client *client);

/* wds-settings.c: what a call got, and what went through it */
enum qmi_error wds_get_current_settings(struct request *rq);
enum qmi_error wds_get_packet_statistics(struct request *rq);
enum qmi_error wds_get_channel_rates(struct request *rq);
enum qmi_error wds_get_data_bearer(struct request *rq);
enum qmi_error wds_get_current_data_bearer(struct request *rq);
enum qmi_error wds_get_dormancy(struct request *rq);
enum qmi_error wds_set_event_report(struct request *rq);
void wds_event_report(struct modem *modem, const struct pdn_call *call,
		      bool up);

/* wds-profile.c: profiles and the attach list */
enum qmi_error wds_create_profile(struct request *rq);
enum qmi_error wds_modify_profile(struct request *rq);
enum qmi_error wds_delete_profile(struct request *rq);
enum qmi_error wds_get_profile_list(struct request *rq);
enum qmi_error wds_get_profile_settings(struct request *rq);
enum qmi_error wds_get_default_settings(struct request *rq);
enum qmi_error wds_get_default_profile(struct request *rq);
enum qmi_error wds_set_default_profile(struct request *rq);
enum qmi_error wds_get_lte_attach_parameters(struct request *rq);
enum qmi_error wds_get_max_attach_pdn(struct request *rq);
enum qmi_error wds_get_attach_pdn_list(struct request *rq);
enum qmi_error wds_set_attach_pdn_list(struct request *rq);
enum qmi_error wds_configure_profile_events(struct request *rq);

#endif /* SIM_WDS_H */
