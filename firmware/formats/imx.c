/*
 * An i.MX boot image says at which address it wants to lie; its places are addresses from there.
 */
#include "base/arena.h"
#include "firmware/unpack.h"

#define IVT_SIZE 32u
#define BOOT_DATA_SIZE 12u
#define LARGEST ((uint64_t)64 << 20)
#define LARGEST_OFFSET 0x8000u /* of the table on any boot medium */

struct image {
	uint8_t version;
	uint32_t entry, dcd, boot_data, self, csf, start, length, plugin;
	uint64_t dcd_at, csf_at, bytes; /* from the table on; 0: there is none */
	uint64_t dcd_bytes;
};

/* The offset of an address; 0 when it lies before the table or on it. */
static uint64_t
place_of(const struct image *image, uint32_t address)
{
	return address <= image->self ? 0 : address - image->self;
}

static bool
read_image(struct span at, struct image *image)
{
	struct reader reader = {.rest = at};

	*image = (struct image){0};
	read_bytes(&reader, 3); /* tag, length */
	image->version = read_u8(&reader);
	image->entry = read_u32_le(&reader);
	read_bytes(&reader, 4);
	image->dcd = read_u32_le(&reader);
	image->boot_data = read_u32_le(&reader);
	image->self = read_u32_le(&reader);
	image->csf = read_u32_le(&reader);
	if (read_u32_le(&reader) != 0 || reader.overrun || image->self == 0)
		return false;
	reader.rest = span_from(at, place_of(image, image->boot_data));
	image->start = read_u32_le(&reader);
	image->length = read_u32_le(&reader);
	image->plugin = read_u32_le(&reader);
	image->dcd_at = place_of(image, image->dcd);
	image->csf_at = place_of(image, image->csf);
	return !reader.overrun && place_of(image, image->boot_data) == IVT_SIZE &&
	       image->start <= image->self && image->self - image->start <= LARGEST_OFFSET &&
	       image->length > image->self - image->start + IVT_SIZE + BOOT_DATA_SIZE &&
	       image->length <= LARGEST && image->plugin <= 1;
}

/* What boot data count begins before the table, where a boot medium has something else. */
static bool
measure_image(struct span at, struct image *image)
{
	struct reader reader;

	if (!read_image(at, image))
		return false;
	image->bytes = image->length - (image->self - image->start);
	if (image->csf_at >= image->bytes || image->dcd_at >= image->bytes)
		return false;
	if (image->dcd_at == 0)
		return true;
	reader = (struct reader){.rest = span_from(at, image->dcd_at)};
	if (read_u8(&reader) != 0xd2)
		return false;
	image->dcd_bytes = (uint64_t)read_u8(&reader) << 8;
	image->dcd_bytes |= read_u8(&reader);
	return !reader.overrun;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct image image;
	bool cut;

	if (!measure_image(at, &image))
		return;
	/* makers leave the fill out that brings the end to a sector's */
	cut = image.bytes > at.size && image.bytes - at.size > 4096;
	claim->bytes = image.bytes > at.size ? at.size : image.bytes;
	claim->detail =
	    arena_printf(job, "version %x.%x, entry 0x%08x, %u bytes of device configuration, %s%s",
		image.version >> 4, image.version & 15, image.entry, (unsigned)image.dcd_bytes,
		image.csf_at != 0 ? "with a HAB signature block" : "not signed",
		cut ? ", cut short" : "");
	if (cut) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "the boot image is cut short";
	}
}

static enum status
add(struct unpack *unpack, struct node *container, const char *name, struct span content)
{
	return content.size == 0 ? STATUS_OK : unpack_part(unpack, container, name, content);
}

/* Behind the table and the boot data: configuration, program, and what signs both. */
static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct image image;
	uint64_t program, end;

	if (!measure_image(content, &image))
		return fail(job, STATUS_MALFORMED, "imx: no boot data");
	end = image.csf_at != 0 && image.csf_at < content.size ? image.csf_at : content.size;
	program = IVT_SIZE + BOOT_DATA_SIZE;
	if (image.dcd_at != 0 && image.dcd_at + image.dcd_bytes > program)
		program = image.dcd_at + image.dcd_bytes;
	if (program > end)
		return fail(job, STATUS_MALFORMED, "imx: its tables overlap its end");
	TRY(add(unpack, container, "dcd",
	    span_part(content, IVT_SIZE + BOOT_DATA_SIZE, program - IVT_SIZE - BOOT_DATA_SIZE)));
	TRY(add(unpack, container, "program", span_part(content, program, end - program)));
	return add(unpack, container, "csf", span_from(content, end));
}

static const struct magic magics[] = {
    {.pattern = "\\xd1\\x00\\x20[\\x40-\\x43]", .length = 4},
};

const struct format format_imx = {
    .name = "imx",
    .title = "NXP i.MX boot image",
    .source = "i.MX 6 reference manual, chapter 8.7 (image vector table, boot data, DCD)",
    .gaps = "the first version (i.MX 25 to 51); the signature is named and not verified",
    .nature = NATURE_ARCHIVE,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
