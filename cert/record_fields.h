/*
 * Short forms for tables of record fields; the element has the member's name.
 * The includer defines STRUCTURE, the structure the table describes.
 */
#ifndef CERT_RECORD_FIELDS_H
#define CERT_RECORD_FIELDS_H

#include "cert/record.h"

/* clang-format off */
#define FIELD_AT(member) .name = #member, .at = offsetof(struct STRUCTURE, member)
#define TEXT_FIELD(member) {FIELD_AT(member), .type = RECORD_TEXT, .limit = 512}
#define OPTIONAL_TEXT(member) {FIELD_AT(member), .type = RECORD_TEXT, .limit = 512, .optional = true}
#define DATE_FIELD(member) {FIELD_AT(member), .type = RECORD_DATE}
#define OPTIONAL_DATE(member) {FIELD_AT(member), .type = RECORD_DATE, .optional = true}
#define TIME_FIELD(member) {FIELD_AT(member), .type = RECORD_TIME}
#define INTEGER_FIELD(member) {FIELD_AT(member), .type = RECORD_INTEGER}
#define FLAG_FIELD(member) {FIELD_AT(member), .type = RECORD_FLAG}
#define DIGEST_FIELD(member) {FIELD_AT(member), .type = RECORD_DIGEST}
#define BYTES_FIELD(member, bytes) {FIELD_AT(member), .type = RECORD_BYTES, .limit = (bytes)}
/* A list has its length in member_count, and may be empty. */
#define LIST_OF(member, kind, greatest)                                                            \
	FIELD_AT(member), .type = (kind), .optional = true, .most = (greatest),                    \
	.count_at = offsetof(struct STRUCTURE, member##_count)
#define TEXT_LIST(member, greatest) {LIST_OF(member, RECORD_TEXTS, greatest), .limit = 512}
#define DIGEST_LIST(member, greatest) {LIST_OF(member, RECORD_DIGESTS, greatest)}
#define RECORD_LIST(member, greatest, shape) {LIST_OF(member, RECORD_RECORDS, greatest), .items = (shape)}
/* clang-format on */

#endif
