// SPDX-License-Identifier: GPL-2.0-or-later
/* Files of the card as UIM reads and writes them. */
#include <errno.h>

#include "uim.h"

static enum qmi_error file_read(const struct request *rq, uint16_t *ret_file)
{
	struct qmi_value v;
	enum qmi_error error = uim_session_read(rq);

	if (!error)
		error = qmi_need(rq->frame, 0x02, &v);
	if (error)
		return error;
	*ret_file = qmi_get_u16(&v);
	qmi_get_bytes(&v, qmi_get_u8(&v));
	if (v.overrun || v.left)
		return QMI_MALFORMED_MESSAGE;
	return uim_card_usable(rq->modem);
}

/* What the card says where a file cannot be read. */
static enum qmi_error file_failed(struct request *rq, int error)
{
	uim_put_card_result(rq, 0x10,
			    error == -ENOENT ? 0x6a82 :
			    error == -ENXIO ? 0x6a83 :
			    error == -EACCES ? 0x6982 :
			    error == -EINVAL ? 0x6700 : 0x6981);
	return error == -ENOENT ? QMI_SIM_FILE_NOT_FOUND :
	       error == -EACCES ? QMI_ACCESS_DENIED : QMI_EXTENDED_INTERNAL;
}

static int file_get(struct request *rq, uint16_t file, unsigned int record,
		    uint8_t *data)
{
	const struct uicc *card = uicc_active(rq->modem);

	if (!uicc_file_readable(card, file))
		return -EACCES;
	return uicc_file(card, file, record, data);
}

static void put_data(struct request *rq, const uint8_t *data, size_t len)
{
	qmi_tlv_begin(rq->msg, 0x11);
	qmi_put_u16(rq->msg, len);
	qmi_put_bytes(rq->msg, data, len);
	qmi_tlv_end(rq->msg);
}

enum qmi_error uim_read_transparent(struct request *rq)
{
	uint16_t file, offset, wanted;
	uint8_t data[UICC_FILE_MAX];
	struct qmi_value v;
	enum qmi_error error = file_read(rq, &file);
	int len;

	if (!error)
		error = qmi_need(rq->frame, 0x03, &v);
	if (error)
		return error;
	offset = qmi_get_u16(&v);
	wanted = qmi_get_u16(&v);
	if (v.overrun || v.left)
		return QMI_MALFORMED_MESSAGE;
	len = file_get(rq, file, 0, data);
	if (len < 0)
		return file_failed(rq, len);
	if (offset > len || (wanted && wanted > len - offset))
		return file_failed(rq, -EINVAL);
	uim_put_card_result(rq, 0x10, 0x9000);
	put_data(rq, data + offset, wanted ? wanted : len - offset);
	return QMI_OK;
}

enum qmi_error uim_read_record(struct request *rq)
{
	uint16_t file, record, wanted;
	uint8_t data[UICC_FILE_MAX];
	struct qmi_value v;
	enum qmi_error error = file_read(rq, &file);
	int len;

	if (!error)
		error = qmi_need(rq->frame, 0x03, &v);
	if (error)
		return error;
	record = qmi_get_u16(&v);
	wanted = qmi_get_u16(&v);
	if (v.overrun || v.left)
		return QMI_MALFORMED_MESSAGE;
	if (!record)
		return QMI_INVALID_ARGUMENT;
	len = file_get(rq, file, record, data);
	if (len < 0)
		return file_failed(rq, len);
	if (wanted > len)
		return file_failed(rq, -EINVAL);
	uim_put_card_result(rq, 0x10, 0x9000);
	put_data(rq, data, wanted ? wanted : len);
	return QMI_OK;
}

enum qmi_error uim_write_record(struct request *rq)
{
	uint16_t file, record, len;
	const uint8_t *data;
	struct qmi_value v;
	enum qmi_error error = file_read(rq, &file);
	int r;

	if (!error)
		error = qmi_need(rq->frame, 0x03, &v);
	if (error)
		return error;
	record = qmi_get_u16(&v);
	len = qmi_get_u16(&v);
	data = qmi_get_bytes(&v, len);
	if (v.overrun || v.left)
		return QMI_MALFORMED_MESSAGE;
	if (!uicc_is_ready(rq->modem))
		return file_failed(rq, -EACCES);
	r = uicc_file_write(rq->modem, file, record, data, len);
	if (r < 0)
		return file_failed(rq, r);
	uim_put_card_result(rq, 0x10, 0x9000);
	return QMI_OK;
}

enum qmi_error uim_get_file_attributes(struct request *rq)
{
	const struct uicc *card = uicc_active(rq->modem);
	uint8_t data[UICC_FILE_MAX];
	unsigned int i, records;
	uint8_t fcp[UICC_FCP_MAX];
	uint16_t file;
	size_t n;
	enum qmi_error error = file_read(rq, &file);
	int len;

	if (error)
		return error;
	records = uicc_file_records(file);
	len = uicc_file(card, file, records ? 1 : 0, data);
	if (len < 0)
		return file_failed(rq, len);
	uim_put_card_result(rq, 0x10, 0x9000);
	qmi_tlv_begin(rq->msg, 0x11);
	qmi_put_u16(rq->msg, records ? records * len : (unsigned int)len);
	qmi_put_u16(rq->msg, file);
	qmi_put_u8(rq->msg, records ? 2 : 0);
	qmi_put_u16(rq->msg, records ? len : 0);
	qmi_put_u16(rq->msg, records);
	/* Reading wants PIN1 or nothing; the other four want ADM. */
	qmi_put_u8(rq->msg, uicc_file_needs_pin(file) ? 4 : 0);
	qmi_put_u16(rq->msg, uicc_file_needs_pin(file) ? 1 : 0);
	for (i = 0; i < 4; i++) {
		qmi_put_u8(rq->msg, 4);
		qmi_put_u16(rq->msg, 8);
	}
	n = uicc_file_fcp(file, records, len, fcp);
	qmi_put_u16(rq->msg, n);
	qmi_put_bytes(rq->msg, fcp, n);
	qmi_tlv_end(rq->msg);
	return QMI_OK;
}
