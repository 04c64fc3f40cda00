/* Netgear's CHK is a header with the board's name and four sums before a kernel and a root file
 * system. */
#include "base/arena.h"
#include "firmware/header.h"

#define FIXED_SIZE 40u
#define LARGEST_HEADER 168u
#define HEADER_SUM_AT 36

struct header {
	uint32_t size;
	struct span version; /* region, then six or seven numbers */
	uint32_t kernel_sum, root_sum, kernel, root, image_sum, header_sum;
	struct span board;
};

/* Two running sums, folded to sixteen bits each. */
struct sum {
	uint32_t low, high;
};

static void
sum_add(struct sum *sum, struct span bytes)
{
	for (size_t i = 0; i < bytes.size; i++) {
		sum->low += bytes.at[i];
		sum->high += sum->low;
	}
}

static uint32_t
fold(uint32_t value)
{
	uint32_t once = (value & 0xffff) + (value >> 16);

	return (once + (once >> 16)) & 0xffff;
}

static bool
sum_is(const struct sum *sum, uint32_t expected)
{
	return (fold(sum->high) << 16 | fold(sum->low)) == expected;
}

static bool
read_header(struct span at, struct header *header)
{
	struct reader reader = {.rest = at};

	read_bytes(&reader, 4); /* magic */
	header->size = read_u32_be(&reader);
	header->version = read_bytes(&reader, 8);
	header->kernel_sum = read_u32_be(&reader);
	header->root_sum = read_u32_be(&reader);
	header->kernel = read_u32_be(&reader);
	header->root = read_u32_be(&reader);
	header->image_sum = read_u32_be(&reader);
	header->header_sum = read_u32_be(&reader);
	if (header->size <= FIXED_SIZE || header->size > LARGEST_HEADER)
		return false;
	header->board = read_bytes(&reader, header->size - FIXED_SIZE);
	return !reader.overrun && header_text_is_good(header->board) &&
	       (header->kernel != 0 || header->root != 0);
}

/* The header's own sum, taken with its place as zero. */
static bool
header_sum_is_good(struct span at, const struct header *header)
{
	static const uint8_t zero[4];
	struct sum sum = {0};

	sum_add(&sum, span_part(at, 0, HEADER_SUM_AT));
	sum_add(&sum, (struct span){zero, sizeof zero});
	sum_add(&sum, header->board);
	return sum_is(&sum, header->header_sum);
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct header header;
	struct sum image = {0};
	const uint8_t *v;
	uint64_t size;
	bool good, whole;

	if (!read_header(at, &header))
		return;
	good = header_sum_is_good(at, &header);
	if (!good && !claim->expected)
		return;
	size = (uint64_t)header.size + header.kernel + header.root;
	whole = header_claim(claim, at, size);
	sum_add(&image, span_part(at, header.size, claim->bytes - header.size));
	v = header.version.at;
	claim->detail = arena_printf(job,
	    "board %s, region %u, version %u.%u.%u.%u_%u.%u.%u, header sum %s, %s",
	    header_text(job, header.board), v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7],
	    good ? "good" : "bad",
	    !whole                             ? "cut short"
	    : sum_is(&image, header.image_sum) ? "image sum good"
					       : "image sum bad");
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct header header;
	struct hint hints[3];

	if (!read_header(content, &header))
		return fail(job, STATUS_MALFORMED, "netgear_chk: header cut short");
	hints[0] = (struct hint){header.size, "lzma"};
	hints[1] = (struct hint){header.size, NULL};
	hints[2] = (struct hint){(uint64_t)header.size + header.kernel, NULL};
	return unpack_search(unpack, container, content, header.size, hints, ARRAY_SIZE(hints));
}

static const struct magic magics[] = {
    {.pattern = "\\*#\\$\\^\\x00\\x00\\x00[\\x29-\\xa8]", .length = 8}};

const struct format format_netgear_chk = {
    .name = "netgear_chk",
    .title = "Netgear CHK image",
    .source = "OpenWrt firmware-utils: mkchkimg.c",
    .gaps = "the sums of kernel and root file system alone are not checked, that of both is",
    .nature = NATURE_WRAPPER,
    .unproven = true,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
