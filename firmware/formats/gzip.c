/* gzip holds one stream; its header may tell the file's name and nothing else worth believing. */
#include "firmware/format.h"

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	size_t used = 0;
	enum stream_end end = gzip_decode(at, &claim->decoded, &used);

	claim_stream(job, claim, end, used, at.size, "");
}

/* method deflate, no reserved flag */
static const struct magic magics[] = {{.pattern = "\\x1f\\x8b\\x08[\\x00-\\x1f]", .length = 4}};

const struct format format_gzip = {
    .name = "gzip",
    .title = "gzip stream",
    .source = "RFC 1952, RFC 1951",
    .gaps = "of a damaged member nothing is kept",
    .nature = NATURE_STREAM,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
};
