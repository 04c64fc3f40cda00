/* lzop wraps LZO1X, which has no end of its own, into blocks with sums. */
#include "firmware/format.h"

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	size_t used = 0;
	enum stream_end end = lzop_decode(at, &claim->decoded, &used);

	claim_stream(job, claim, end, used, at.size, "");
}

static const struct magic magics[] = {
    {.pattern = "\\x89LZO\\x00\\x0d\\x0a\\x1a\\x0a", .length = 9}};

const struct format format_lzop = {
    .name = "lzop",
    .title = "lzop stream",
    .source = "libarchive and lzop 1.04: the layout of headers and blocks; Linux lzo.rst: LZO1X",
    .gaps = "filtered blocks are told as broken; members of several files become one stream",
    .nature = NATURE_STREAM,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
};
