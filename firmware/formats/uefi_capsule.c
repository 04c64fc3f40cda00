/* A capsule hands an update to the firmware: a header of a GUID and a size, and for most of them a
 * list of images, each signed. */
#include <inttypes.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/cms.h"
#include "firmware/uefi.h"

#define LEAST_HEADER 28u
#define MAX_ITEMS 32u
#define IMAGE_HEADER_1 32u     /* of the first version of an image header */
#define CERTIFICATE_HEADER 32u /* the counter, then WIN_CERTIFICATE_UEFI_GUID */

static const struct {
	const char *guid, *name;
} kinds[] = {
    {"6dcbd5ed-e82d-4c44-bda1-7194199ad92a", "firmware management"},
    {"3b6686bd-0d76-4030-b70e-b5519e2fc5a0", "UEFI"},
    {"4a3ca68b-7723-48fb-803d-578cc1fec44d", "Aptio, signed"},
    {"14eebb90-890a-43db-aed1-5d3c4588a418", "Aptio, not signed"},
    {"539182b9-abb5-4391-b69a-e3a943f72fcc", "Intel"},
    {"3be07062-1d51-45d2-832b-f093257ed461", "Toshiba"},
};

struct capsule {
	const char *kind;
	bool managed; /* FMP: a list of images */
	uint32_t header_size, flags, size;
};

static bool
read_capsule(struct span at, struct capsule *capsule)
{
	struct reader reader = {.rest = at};
	struct span guid = read_bytes(&reader, GUID_SIZE);

	*capsule = (struct capsule){.header_size = read_u32_le(&reader)};
	capsule->flags = read_u32_le(&reader);
	capsule->size = read_u32_le(&reader);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (uefi_guid_is(guid, kinds[i].guid)) {
			capsule->kind = kinds[i].name;
			capsule->managed = i == 0;
		}
	return !reader.overrun && capsule->kind != NULL && capsule->header_size >= LEAST_HEADER &&
	       capsule->header_size <= 0x10000 && capsule->size > capsule->header_size;
}

/* An image of a managed capsule: whose it is, who signed it, where the payload begins. */
struct image {
	struct span device; /* GUID of the type it updates */
	struct span signature, payload;
};

static bool
read_image(struct span at, struct image *image)
{
	static const char pkcs7[] = "4aafd29d-68df-49ee-8aa9-347d375665a7";
	struct reader reader = {.rest = at};
	uint32_t version = read_u32_le(&reader), size, length;
	uint64_t support = 0;

	*image = (struct image){.device = read_bytes(&reader, GUID_SIZE)};
	read_bytes(&reader, 4); /* index */
	size = read_u32_le(&reader);
	read_bytes(&reader, 4); /* the vendor's own bytes behind it */
	if (version >= 2)
		read_bytes(&reader, 8); /* hardware instance */
	if (version >= 3)
		support = read_u64_le(&reader);
	image->payload = span_part(reader.rest, 0, size);
	if (reader.overrun || version == 0 || version > 3 || image->payload.size == 0)
		return false;
	if (version >= 3 && (support & 1) == 0) /* no certificate in front */
		return true;
	reader = (struct reader){.rest = image->payload};
	read_bytes(&reader, 8); /* counter */
	length = read_u32_le(&reader);
	if (read_u16_le(&reader) != 0x0200 || read_u16_le(&reader) != 0x0ef1 ||
	    !uefi_guid_is(read_bytes(&reader, GUID_SIZE), pkcs7) || reader.overrun ||
	    length < CERTIFICATE_HEADER - 8)
		return true;
	image->signature =
	    span_part(image->payload, CERTIFICATE_HEADER, length - (CERTIFICATE_HEADER - 8));
	if (image->signature.size != 0)
		image->payload = span_from(image->payload, 8 + (uint64_t)length);
	return true;
}

/* Where the images lie; their number. */
static size_t
read_items(struct span at, const struct capsule *capsule, uint64_t places[MAX_ITEMS])
{
	struct reader reader = {.rest = span_from(at, capsule->header_size)};
	size_t drivers, payloads, count = 0;

	if (!capsule->managed || read_u32_le(&reader) != 1)
		return 0;
	drivers = read_u16_le(&reader);
	payloads = read_u16_le(&reader);
	for (size_t i = 0; i < drivers + payloads && !reader.overrun; i++) {
		uint64_t place = read_u64_le(&reader);

		if (i >= drivers && count < MAX_ITEMS && !reader.overrun &&
		    place < at.size - capsule->header_size)
			places[count++] = place + capsule->header_size;
	}
	return count;
}

static void
put_images(struct job *job, struct text *detail, struct span at, const struct capsule *capsule)
{
	uint64_t places[MAX_ITEMS];
	size_t count = read_items(at, capsule, places);

	for (size_t i = 0; i < count; i++) {
		struct image image;
		struct cms cms = {0};
		const char *device;

		if (!read_image(span_from(at, places[i]), &image))
			continue;
		device = uefi_guid_text(job, image.device);
		text_printf(detail, ", image for %s", device == NULL ? "" : device);
		if (image.signature.size == 0)
			text_put(detail, " not signed");
		else if (cms_read(job, image.signature, &cms) == STATUS_OK &&
			 cms.type == CMS_SIGNED && cms.name != NULL)
			text_printf(detail, " signed by \"%s\"", cms.name);
		else
			text_put(detail, " with a signature that cannot be read");
	}
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct text detail = text_new(job);
	struct capsule capsule;
	bool cut;

	if (!read_capsule(at, &capsule))
		return;
	/* programs that know such capsules hold the GUID too */
	cut = capsule.size > at.size;
	if (cut && !claim->expected)
		return;
	claim->bytes = cut ? at.size : capsule.size;
	text_printf(&detail, "%s, flags 0x%x", capsule.kind, capsule.flags);
	put_images(job, &detail, span_part(at, 0, claim->bytes), &capsule);
	if (cut) {
		text_put(&detail, ", cut short");
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "the capsule is cut short";
	}
	if (text_finish(&detail, &claim->detail) != STATUS_OK)
		claim->detail = NULL;
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct hint hints[MAX_ITEMS];
	uint64_t places[MAX_ITEMS];
	struct capsule capsule;
	uint64_t from;
	size_t count, hint_count = 0;

	if (!read_capsule(content, &capsule))
		return fail(job, STATUS_MALFORMED, "uefi: no header of a capsule");
	count = read_items(content, &capsule, places);
	from = capsule.header_size;
	for (size_t i = 0; i < count; i++) {
		struct image image;

		if (!read_image(span_from(content, places[i]), &image) || image.payload.size == 0)
			continue;
		hints[hint_count++] =
		    (struct hint){(uint64_t)(image.payload.at - content.at), NULL};
		if (i == 0) /* headers and certificate are read */
			from = hints[0].offset;
	}
	return unpack_search(unpack, container, content, from, hints, hint_count);
}

/* the GUIDs of `kinds` as they lie in memory */
static const struct magic magics[] = {
    {.pattern = "\\xed\\xd5\\xcb\\x6d\\x2d\\xe8\\x44\\x4c\\xbd\\xa1\\x71\\x94\\x19\\x9a\\xd9\\x2a",
	.length = GUID_SIZE},
    {.pattern = "\\xbd\\x86\\x66\\x3b\\x76\\x0d\\x30\\x40\\xb7\\x0e\\xb5\\x51\\x9e\\x2f\\xc5\\xa0",
	.length = GUID_SIZE},
    {.pattern = "\\x8b\\xa6\\x3c\\x4a\\x23\\x77\\xfb\\x48\\x80\\x3d\\x57\\x8c\\xc1\\xfe\\xc4\\x4d",
	.length = GUID_SIZE},
    {.pattern = "\\x90\\xbb\\xee\\x14\\x0a\\x89\\xdb\\x43\\xae\\xd1\\x5d\\x3c\\x45\\x88\\xa4\\x18",
	.length = GUID_SIZE},
    {.pattern = "\\xb9\\x82\\x91\\x53\\xb5\\xab\\x91\\x43\\xb6\\x9a\\xe3\\xa9\\x43\\xf7\\x2f\\xcc",
	.length = GUID_SIZE},
    {.pattern = "\\x62\\x70\\xe0\\x3b\\x51\\x1d\\xd2\\x45\\x83\\x2b\\xf0\\x93\\x25\\x7e\\xd4\\x61",
	.length = GUID_SIZE},
};

const struct format format_uefi_capsule = {
    .name = "uefi_capsule",
    .title = "UEFI capsule, of one image or for firmware management",
    .source = "UEFI specification 2.10, 8.5.3 and 23.3",
    .gaps = "capsules of vendors with other GUIDs; signatures are verified by the collector "
	    "update_signature",
    .nature = NATURE_WRAPPER,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
