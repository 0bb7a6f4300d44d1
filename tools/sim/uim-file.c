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

/* Which part of which file a message is about */
struct part {
	uint16_t file;
	uint16_t at;		/* offset, or number of the record */
	uint16_t len;
};

/* @ret_rest is what follows in the value. */
static enum qmi_error part_read(const struct request *rq, struct part *ret_part,
				struct qmi_value *ret_rest)
{
	enum qmi_error error = file_read(rq, &ret_part->file);

	if (!error)
		error = qmi_need(rq->frame, 0x03, ret_rest);
	if (error)
		return error;
	ret_part->at = qmi_get_u16(ret_rest);
	ret_part->len = qmi_get_u16(ret_rest);
	return ret_rest->overrun ? QMI_MALFORMED_MESSAGE : QMI_OK;
}

/* As part_read(), where nothing follows. */
static enum qmi_error part_read_all(const struct request *rq, struct part *ret_part)
{
	struct qmi_value rest;
	enum qmi_error error = part_read(rq, ret_part, &rest);

	return !error && rest.left ? QMI_MALFORMED_MESSAGE : error;
}

/* @wanted bytes of a file or a record; 0: all there are from @offset on */
static enum qmi_error put_bytes(struct request *rq, uint16_t file, unsigned int record,
				uint16_t offset, uint16_t wanted)
{
	uint8_t data[UICC_FILE_MAX];
	int len = file_get(rq, file, record, data);

	if (len < 0)
		return file_failed(rq, len);
	if (offset > len || (wanted && wanted > len - offset))
		return file_failed(rq, -EINVAL);
	if (!wanted)
		wanted = len - offset;
	uim_put_card_result(rq, 0x10, 0x9000);
	qmi_tlv_begin(rq->msg, 0x11);
	qmi_put_u16(rq->msg, wanted);
	qmi_put_bytes(rq->msg, data + offset, wanted);
	qmi_tlv_end(rq->msg);
	return QMI_OK;
}

enum qmi_error uim_read_transparent(struct request *rq)
{
	struct part part;
	enum qmi_error error = part_read_all(rq, &part);

	return error ? error : put_bytes(rq, part.file, 0, part.at, part.len);
}

enum qmi_error uim_read_record(struct request *rq)
{
	struct part part;
	enum qmi_error error = part_read_all(rq, &part);

	if (error)
		return error;
	/* 0 would be the whole of a transparent file. */
	if (!part.at)
		return QMI_INVALID_ARGUMENT;
	return put_bytes(rq, part.file, part.at, 0, part.len);
}

enum qmi_error uim_write_record(struct request *rq)
{
	const uint8_t *data;
	struct qmi_value v;
	struct part part;
	enum qmi_error error = part_read(rq, &part, &v);
	int r;

	if (error)
		return error;
	data = qmi_get_bytes(&v, part.len);
	if (v.overrun || v.left)
		return QMI_MALFORMED_MESSAGE;
	if (!uicc_is_ready(rq->modem))
		return file_failed(rq, -EACCES);
	r = uicc_file_write(rq->modem, part.file, part.at, data, part.len);
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
