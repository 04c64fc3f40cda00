/*
 * A dump of raw NAND flash has the spare area behind every page: what spans pages is broken up by
 * it, and the bytes of it that no code for error correction uses are erased in every page.
 */
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "firmware/unpack.h"

#define LARGEST_SPARE 640u
#define LEAST_PAGES 24u /* that hold data to both ends */
#define LEAST_FREE 2u   /* bytes of the spare area: the mark of a bad block and another */
#define PAGES_TRIED 4096u
#define MANY_PAGES 1024u
#define EDGE ((size_t)8)
#define MOST_STRANGE 64u /* pages in a row */

struct geometry {
	uint32_t page, spare;
	uint32_t mark; /* of a bad block, in the spare area */
};

/* The bytes of the spare area that are erased in every page. */
struct evidence_of_spare {
	bool free[LARGEST_SPARE];
	unsigned pages, free_count;
	uint64_t looked; /* pages, full or not */
};

static bool
is_erased(struct span bytes)
{
	for (size_t i = 0; i < bytes.size; i++)
		if (bytes.at[i] != 0xff)
			return false;
	return true;
}

/* Data begin and end in it: erased bytes behind it are then no chance. */
static bool
is_full(struct span page)
{
	return !is_erased(span_part(page, 0, EDGE)) &&
	       !is_erased(span_part(page, page.size - EDGE, EDGE));
}

/* False when the mark of a bad block stands where there should be none. */
static bool
gather(const struct geometry *geometry, struct span at, struct evidence_of_spare *evidence)
{
	uint64_t stride = (uint64_t)geometry->page + geometry->spare;

	memset(evidence->free, true, sizeof evidence->free);
	for (unsigned i = 0; i < PAGES_TRIED && (i + 1) * stride <= at.size; i++) {
		struct span page = span_part(at, i * stride, geometry->page);
		struct span spare = span_part(at, i * stride + geometry->page, geometry->spare);

		evidence->looked++;
		if (!is_full(page))
			continue;
		if (spare.at[geometry->mark] != 0xff && evidence->pages < LEAST_PAGES)
			return false;
		if (evidence->pages >= LEAST_PAGES && spare.at[geometry->mark] != 0xff)
			break; /* something else begins */
		evidence->pages++;
		for (size_t byte = 0; byte < spare.size; byte++)
			if (spare.at[byte] != 0xff)
				evidence->free[byte] = false;
	}
	for (size_t byte = 0; byte < geometry->spare; byte++)
		evidence->free_count += evidence->free[byte];
	return evidence->pages >= LEAST_PAGES && evidence->free_count >= LEAST_FREE;
}

static const struct geometry *
find_geometry(struct span at, struct evidence_of_spare *evidence)
{
	static const struct geometry known[] = {{512, 16, 5}, {2048, 64, 0}, {2048, 128, 0},
	    {4096, 128, 0}, {4096, 218, 0}, {4096, 224, 0}, {4096, 256, 0}, {8192, 448, 0},
	    {8192, 512, 0}, {8192, 640, 0}};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		*evidence = (struct evidence_of_spare){.looked = evidence->looked};
		if (gather(&known[i], at, evidence))
			return &known[i];
	}
	return NULL;
}

/* Is what lies behind this page like the spare area of others? */
static bool
is_alike(const struct evidence_of_spare *evidence, struct span spare)
{
	for (size_t i = 0; i < spare.size; i++)
		if (evidence->free[i] && spare.at[i] != 0xff)
			return false;
	return true;
}

/* How many pages there are, to the last whose spare area is like that of the others. */
static uint64_t
count_pages(
    const struct geometry *geometry, const struct evidence_of_spare *evidence, struct span at)
{
	uint64_t stride = (uint64_t)geometry->page + geometry->spare, end = 0;
	unsigned strange = 0;

	for (uint64_t i = 0; (i + 1) * stride <= at.size && strange < MOST_STRANGE; i++) {
		if (is_alike(
			evidence, span_part(at, i * stride + geometry->page, geometry->spare))) {
			strange = 0;
			end = i + 1;
		} else {
			strange++;
		}
	}
	return end;
}

static bool
strip(const struct geometry *geometry, struct span at, uint64_t pages, struct buffer *out)
{
	uint64_t stride = (uint64_t)geometry->page + geometry->spare;
	uint64_t bytes = pages * geometry->page;

	if (bytes > out->limit || !buffer_reserve(out, (size_t)bytes) ||
	    out->room - out->size < bytes)
		return false;
	for (uint64_t i = 0; i < pages; i++) {
		struct span page = span_part(at, i * stride, geometry->page);

		memcpy(out->at + out->size, page.at, page.size);
		out->size += page.size;
	}
	return true;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct evidence_of_spare evidence = {0};
	const struct geometry *geometry = find_geometry(at, &evidence);
	uint64_t pages, stride;

	if (geometry == NULL) {
		claim->tried = claim->costly = evidence.looked > MANY_PAGES;
		return;
	}
	stride = (uint64_t)geometry->page + geometry->spare;
	pages = count_pages(geometry, &evidence, at);
	claim->bytes = pages * stride;
	claim->detail = arena_printf(job,
	    "%" PRIu64 " pages of %" PRIu32 "+%" PRIu32
	    ", taken out of their spare areas; errors are not corrected",
	    pages, geometry->page, geometry->spare);
	if (!strip(geometry, at, pages, &claim->decoded)) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "nand: limit: larger than the memory allowed";
	} else if (at.size > claim->bytes && at.size - claim->bytes < stride) {
		claim->bytes = at.size;
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "nand: the last page is cut short";
	}
}

/* What flash begins with; the rest is up to the spare areas. */
static const struct magic magics[] = {
    {.pattern = "UBI#\\x01\\x00\\x00\\x00", .length = 8},
    {.pattern = "hsqs", .length = 4},
    {.pattern = "sqsh", .length = 4},
    {.pattern = "\\x27\\x05\\x19\\x56", .length = 4},
    {.pattern = "\\xd0\\x0d\\xfe\\xed", .length = 4},
    {.pattern = "\\x85\\x19[\\x01-\\x09][\\x20\\xe0]", .length = 4},
    {.pattern = "\\x19\\x85[\\x20\\xe0][\\x01-\\x09]", .length = 4},
};

const struct format format_nand = {
    .name = "nand",
    .title = "dumps of NAND flash with the spare area behind every page",
    .source = "Linux drivers/mtd/nand: pages and their out-of-band areas",
    .gaps = "the spare area itself; errors are not corrected; a dump that begins with something "
	    "other than UBI, JFFS2, SquashFS, a uImage or a device tree is read from the first of "
	    "them on",
    .nature = NATURE_STREAM,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
};
