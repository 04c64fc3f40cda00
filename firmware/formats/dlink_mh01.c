/* D-Link's MH01 images are encrypted under a key of each model; the header says how much of them
 * is.
 */
#include "base/arena.h"
#include "firmware/header.h"

#define HEADER_SIZE ((uint64_t)32)
#define LARGEST_SUM 128u

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct reader reader = {.rest = at};
	struct span magic = read_bytes(&reader, 4), again, sum;
	uint32_t image, footer, size, sum_size;

	image = read_u32_le(&reader);
	footer = read_u32_le(&reader);
	read_bytes(&reader, 4);
	again = read_bytes(&reader, 4);
	sum_size = read_u32_le(&reader);
	size = read_u32_le(&reader);
	read_bytes(&reader, 4);
	if (reader.overrun || !span_equal(magic, again) || sum_size == 0 || sum_size > LARGEST_SUM)
		return;
	sum = read_bytes(&reader, sum_size);
	if (!reader.overrun && sum.at[sum.size - 1] == '\n')
		sum.size--;
	if (reader.overrun || !header_text_is_good(sum) || size == 0)
		return;
	header_claim(claim, at, HEADER_SIZE + sum_size + size + footer);
	claim->coverage = COVERAGE_ENCRYPTED;
	claim->detail =
	    arena_printf(job, "encrypted, image of %u bytes, sum %s", image, header_text(job, sum));
	claim->incomplete = "a D-Link MH01 image is encrypted";
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	(void)unpack;
	(void)container;
	(void)content;
	return fail(job, STATUS_MALFORMED, "dlink_mh01: encrypted");
}

static const struct magic magics[] = {{.pattern = "MH01............MH01", .length = 20}};

const struct format format_dlink_mh01 = {
    .name = "dlink_mh01",
    .title = "D-Link MH01 encrypted image",
    .source = "binwalk 3: src/structures/mh01.rs",
    .gaps = "recognised and measured only: it is encrypted",
    .nature = NATURE_WRAPPER,
    .unproven = true,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
