/* Xiaomi's routers read up to eight named blobs and an RSA signature behind one CRC. */
#include <string.h>

#include "base/arena.h"
#include "firmware/header.h"

#define CRC_FROM ((uint64_t)12)
#define MAX_BLOBS 8
#define BLOB_MAGIC 0x0000babeu
#define BLOB_HEADER_SIZE ((uint64_t)48)
#define BLOB_NAME_SIZE ((size_t)32)
#define SIGNATURE_SIZE ((uint64_t)0x110)

struct image {
	char version; /* '1' or '2' */
	uint32_t signature, crc;
	struct span model, region; /* of version 2 */
	uint16_t device;           /* of version 1 */
	uint64_t header_size;
	uint32_t offsets[MAX_BLOBS];
	struct blob blobs[MAX_BLOBS];
	size_t count;
};

static bool
read_blob(struct span at, uint64_t offset, struct blob *blob)
{
	struct reader reader = {.rest = span_from(at, offset)};
	uint32_t magic = read_u32_le(&reader);

	read_bytes(&reader, 4); /* place in flash */
	blob->bytes = read_u32_le(&reader);
	read_bytes(&reader, 4); /* type */
	blob->name = read_bytes(&reader, BLOB_NAME_SIZE);
	blob->offset = offset + BLOB_HEADER_SIZE;
	if (reader.overrun || magic != BLOB_MAGIC || !header_text_is_good(blob->name))
		return false;
	blob->name = header_trim(blob->name);
	return true;
}

static bool
read_header(struct span at, struct image *image)
{
	struct reader reader = {.rest = at};
	struct span magic = read_bytes(&reader, 4);

	*image = (struct image){.version = magic.size == 4 ? (char)magic.at[3] : '\0'};
	image->signature = read_u32_le(&reader);
	image->crc = read_u32_le(&reader);
	read_bytes(&reader, 2);
	image->device = read_u16_le(&reader);
	if (image->version == '2') {
		image->model = read_bytes(&reader, 8);
		image->region = read_bytes(&reader, 8);
		read_bytes(&reader, 16);
	}
	for (size_t i = 0; i < MAX_BLOBS; i++)
		image->offsets[i] = read_u32_le(&reader);
	image->header_size = at.size - reader.rest.size;
	return !reader.overrun && image->offsets[0] >= image->header_size &&
	       image->signature > image->offsets[0];
}

/* The blobs that are there, and whether the first is. */
static bool
read_image(struct span at, struct image *image)
{
	if (!read_header(at, image))
		return false;
	for (size_t i = 0; i < MAX_BLOBS && image->offsets[i] != 0; i++) {
		if (image->offsets[i] < image->header_size ||
		    image->offsets[i] > image->signature ||
		    !read_blob(at, image->offsets[i], &image->blobs[image->count]))
			break;
		image->count++;
	}
	return image->count != 0;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct image image;
	uint64_t size;
	const char *model;
	bool whole, good;

	if (!read_image(at, &image))
		return;
	size = image.signature + SIGNATURE_SIZE;
	whole = header_claim(claim, at, size);
	/* the CRC is stored without its final inversion */
	good = whole && crc32_of(0, span_part(at, CRC_FROM, size - CRC_FROM)) == ~image.crc;
	model = image.version == '2' ? arena_printf(job, "%s %s", header_text(job, image.model),
					   header_text(job, image.region))
				     : arena_printf(job, "device %04x", image.device);
	claim->detail =
	    arena_printf(job, "HDR%c, %s, %zu blobs, crc32 %s, %s", image.version, model,
		image.count, good ? "good" : "bad", whole ? "with an RSA signature" : "cut short");
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct image image;

	if (!read_image(content, &image))
		return fail(job, STATUS_MALFORMED, "xiaomi: header cut short");
	if (image.count < MAX_BLOBS && image.offsets[image.count] != 0)
		TRY(unpack_damage(unpack, container, image.offsets[image.count], 0,
		    COVERAGE_DAMAGED, "xiaomi: a blob's header makes no sense"));
	if (image.signature < content.size)
		content.size = image.signature; /* the signature was told */
	TRY(header_add_blobs(unpack, container, content, image.blobs, image.count));
	for (size_t i = 0; i < image.count; i++) { /* their headers count as theirs */
		image.blobs[i].offset -= BLOB_HEADER_SIZE;
		image.blobs[i].bytes += BLOB_HEADER_SIZE;
	}
	return header_add_rest(
	    job, unpack, container, content, image.header_size, image.blobs, image.count);
}

static const struct magic magics[] = {{.pattern = "HDR[12]", .length = 4}};

const struct format format_xiaomi = {
    .name = "xiaomi",
    .title = "Xiaomi MiWiFi image (HDR1, HDR2)",
    .source = "OpenWrt firmware-utils: xiaomifw.c; unblob: handlers/archive/xiaomi",
    .gaps = "the RSA signature is named, not checked",
    .nature = NATURE_ARCHIVE,
    .unproven = true,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
