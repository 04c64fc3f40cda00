/* An image of a managed capsule stands behind a counter and a PKCS #7 message over the payload and
 * that counter. */
#include "firmware/uefi.h"
#include "base/arena.h"
#include "firmware/signature.h"

#define LEAST_HEADER 28u
#define MAX_ITEMS 32u
#define MAX_HASHED 8u          /* times the bytes there are */
#define CERTIFICATE_HEADER 24u /* WIN_CERTIFICATE_UEFI_GUID */

struct image {
	struct span counter, message, payload;
};

static bool
read_image(struct span at, struct image *image)
{
	static const char pkcs7[] = "4aafd29d-68df-49ee-8aa9-347d375665a7";
	struct reader reader = {.rest = at};
	uint32_t version = read_u32_le(&reader), size, length;
	uint64_t support = 1;
	struct span all;

	*image = (struct image){0};
	read_bytes(&reader, GUID_SIZE + 4);
	size = read_u32_le(&reader);
	read_bytes(&reader, 4);
	if (version >= 2)
		read_bytes(&reader, 8);
	if (version >= 3)
		support = read_u64_le(&reader);
	all = span_part(reader.rest, 0, size);
	if (reader.overrun || version == 0 || version > 3 || all.size == 0)
		return false;
	image->payload = all;
	reader = (struct reader){.rest = all};
	image->counter = read_bytes(&reader, 8);
	length = read_u32_le(&reader);
	if ((support & 1) == 0 || read_u16_le(&reader) != 0x0200 ||
	    read_u16_le(&reader) != 0x0ef1 ||
	    !uefi_guid_is(read_bytes(&reader, GUID_SIZE), pkcs7) || reader.overrun ||
	    length <= CERTIFICATE_HEADER)
		return true;
	image->message = read_bytes(&reader, length - CERTIFICATE_HEADER);
	image->payload = reader.rest;
	return !reader.overrun;
}

/* Where the images lie; their number. */
static size_t
read_items(struct signing *signing, uint64_t places[MAX_ITEMS])
{
	const struct span at = signing->content;
	struct reader reader = {.rest = at};
	size_t drivers, payloads, count = 0;
	uint32_t header_size;

	if (!uefi_guid_is(read_bytes(&reader, GUID_SIZE), "6dcbd5ed-e82d-4c44-bda1-7194199ad92a"))
		return 0;
	header_size = read_u32_le(&reader);
	reader.rest = span_from(at, header_size);
	if (header_size < LEAST_HEADER || read_u32_le(&reader) != 1)
		return 0;
	drivers = read_u16_le(&reader);
	payloads = read_u16_le(&reader);
	if (drivers != 0 || payloads > MAX_ITEMS)
		signing->uncompared = "a driver, or an image of too many";
	for (size_t i = 0; i < drivers + payloads && !reader.overrun; i++) {
		uint64_t place = read_u64_le(&reader);

		if (i >= drivers && count < MAX_ITEMS && !reader.overrun)
			places[count++] = place > UINT32_MAX ? UINT64_MAX : place + header_size;
	}
	return count;
}

/* The header some firmware puts before the payload, of its versions. */
static enum status
read_version(struct signing *signing, struct span payload)
{
	struct reader reader = {.rest = payload};
	uint32_t version, lowest;

	signing->fact.rollback_protected = 0;
	if (!span_starts_with(read_bytes(&reader, 4), "MSS1", 4))
		return STATUS_OK;
	read_bytes(&reader, 4);
	version = read_u32_le(&reader);
	lowest = read_u32_le(&reader);
	if (reader.overrun)
		return STATUS_OK;
	signing->fact.version =
	    arena_printf(signing->job, "%u, lowest supported %u", version, lowest);
	signing->fact.rollback_protected = 1;
	return signing->fact.version == NULL ? STATUS_LIMIT : STATUS_OK;
}

static enum status
try_images(struct signing *signing, const uint64_t *places, size_t count, struct trial *trial)
{
	uint64_t budget = (uint64_t)signing->content.size * MAX_HASHED;
	size_t good = 0;

	for (size_t i = 0; i < count; i++) {
		struct trial one = {.outcome = OUTCOME_NO_KEY};
		struct image image;
		bool found = false;

		if (!read_image(span_from(signing->content, places[i]), &image))
			continue;
		if (image.payload.size > budget) { /* images may overlap */
			signing->uncompared = "more than is hashed";
			return STATUS_OK;
		}
		budget -= image.payload.size;
		if (image.message.size != 0) {
			const struct span parts[] = {image.payload, image.counter};

			TRY(signing_try_cms(signing, image.message, parts, 2, &one, &found));
		}
		if (!found) {
			signing->fact.covers = "part";
			signing_say(signing, "image %zu carries no signature that can be read", i);
			continue;
		}
		*trial = good++ == 0 ? one : trial_worse(*trial, one);
		TRY(read_version(signing, image.payload));
	}
	signing->fact.present = good != 0;
	return STATUS_OK;
}

static enum status
read_signature(struct signing *signing)
{
	uint64_t places[MAX_ITEMS];
	size_t count = read_items(signing, places);
	struct trial trial = {.outcome = OUTCOME_NO_KEY};

	if (count == 0)
		return STATUS_OK;
	signing->found = true;
	signing->fact.covers = "everything";
	TRY(try_images(signing, places, count, &trial));
	if (signing->fact.present == 1)
		return signing_conclude(signing, &trial);
	signing->fact.scheme = "none";
	signing->fact.covers = NULL;
	return STATUS_OK;
}

const struct signature_kind signature_kind_uefi = {
    .name = "uefi",
    .title = "UEFI capsule for firmware management: PKCS #7 over each image and its counter",
    .source = "UEFI specification 2.10, 23.3.2",
    .gaps = "signed capsules of vendors with other GUIDs; the capsule's own headers are not signed",
    .formats = {"uefi_capsule"},
    .read = read_signature,
};
