/* There is no superblock: a file system is all pages whose tags make sense, to the last of them. */
#include "firmware/formats/yaffs.h"

#include <inttypes.h>

#include "base/arena.h"

#define MOST_BROKEN 64u /* pages in a row */

/* What tells one file system from another behind it. */
struct extent {
	uint64_t bytes, pages;
	bool cut;
	struct yaffs_tags first;
	struct span first_page;
};

/* Image tools number all pages alike, so that a second header of the same object is of another
 * image. */
static bool
begins_anew(const struct extent *extent, const struct yaffs_tags *tags, struct span page)
{
	return extent->pages != 0 && tags->chunk == 0 && tags->object == extent->first.object &&
	       tags->sequence == extent->first.sequence && tags->sequence == YAFFS_FIRST_SEQUENCE &&
	       !span_equal(page, extent->first_page);
}

static void
find_end(const struct yaffs_layout *layout, struct span at, struct extent *extent)
{
	uint64_t stride = yaffs_stride(layout);
	unsigned broken = 0;

	for (uint64_t place = 0; place < at.size && broken < MOST_BROKEN; place += stride) {
		struct span page = span_part(at, place, stride);
		struct yaffs_tags tags;
		enum yaffs_state state;

		if (page.size == 0) {
			/* a page that is not whole: of something else when others are broken too */
			extent->cut = broken == 0 && extent->bytes == place;
			break;
		}
		state = yaffs_read_tags(layout, page, &tags);
		if (state == YAFFS_BROKEN) {
			broken++;
			continue;
		}
		broken = 0;
		if (state == YAFFS_ERASED)
			continue;
		if (begins_anew(extent, &tags, page))
			return;
		if (extent->pages++ == 0) {
			extent->first = tags;
			extent->first_page = page;
		}
		extent->bytes = place + stride;
	}
	if (extent->cut)
		extent->bytes = at.size;
}

/* Are there more headers, at distances that pages have?  Then the spare area was left out. */
static bool
has_more_headers(struct span at, bool big)
{
	struct yaffs_header header;
	unsigned found = 0;

	for (uint64_t place = 512; place < (uint64_t)64 << 10; place += 512)
		found += yaffs_read_header(span_from(at, place), big, &header) &&
			 tree_name_is_good(header.name);
	return found >= 2;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct extent extent = {0};
	struct yaffs_layout layout;

	if (!yaffs_find_layout(at, &layout))
		return;
	if (layout.chunk == 0) {
		if (!has_more_headers(at, layout.big)) {
			claim->tried = claim->costly = true;
			return;
		}
		claim->bytes = at.size;
		claim->coverage = COVERAGE_UNSUPPORTED;
		claim->incomplete = "yaffs: the tags are not in the image";
		claim->detail = "without the spare area, where the tags would be";
		return;
	}
	find_end(&layout, at, &extent);
	claim->bytes = extent.bytes;
	claim->detail = arena_printf(job,
	    "YAFFS%s, %s-endian, pages of %" PRIu32 "+%" PRIu32 ", tags %s %" PRIu32 "%s",
	    layout.first_version ? "1" : "2", layout.big ? "big" : "little",
	    layout.chunk + (layout.spare == 0 ? 16 : 0), layout.spare,
	    layout.spare == 0 ? "inside at" : "at spare byte",
	    layout.tags_at - (layout.spare == 0 ? 0 : layout.chunk),
	    extent.cut ? ", cut short" : "");
	if (extent.cut) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "yaffs: the last page is cut short";
	}
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct yaffs fs = {.job = job, .unpack = unpack, .container = container, .image = content};

	if (!yaffs_find_layout(content, &fs.layout) || fs.layout.chunk == 0)
		return fail(job, STATUS_MALFORMED, "yaffs: no layout fits");
	TRY(yaffs_collect(&fs));
	return yaffs_walk(&fs);
}

static const struct magic magics[] = {
    {.pattern = "[\\x01-\\x05]\\x00\\x00\\x00..[\\x00-\\x03]\\x00\\xff\\xff", .length = 10},
    {.pattern = "\\x00\\x00\\x00[\\x01-\\x05]\\x00[\\x00-\\x03]..\\xff\\xff", .length = 10},
};

const struct format format_yaffs = {
    .name = "yaffs",
    .title = "YAFFS1 and YAFFS2, either byte order, with spare areas or tags inside",
    .source = "yaffs2 yaffs_guts.h, yaffs_packedtags1.h, yaffs_packedtags2.h",
    .gaps = "an image must begin with an object's header; extended attributes; error correction "
	    "codes are not checked; two pages of one number in YAFFS1; images without the spare "
	    "area are recognised only",
    .nature = NATURE_FILE_SYSTEM,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
