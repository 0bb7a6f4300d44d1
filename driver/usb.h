/* SPDX-License-Identifier: GPL-2.0-only */
/* The USB driver, from module load to unload. */
#ifndef M2M_USB_H
#define M2M_USB_H

int m2m_usb_init(void);
void m2m_usb_exit(void);

#endif /* M2M_USB_H */
