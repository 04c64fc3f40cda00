/* gzip holds one stream; its header may tell the file's name and nothing else worth believing. */
#include "firmware/format.h"

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct reader reader = {.rest = at};
	size_t used = 0;
	enum stream_end end;

	read_bytes(&reader, 3);
	if (read_u8(&reader) & 0xe0) /* reserved flags */
		return;
	end = gzip_decode(at, &claim->decoded, &used);
	claim_stream(job, claim, end, used, at.size, "");
}

/* the third byte is the method: deflate */
static const struct magic magics[] = {{.pattern = "\\x1f\\x8b\\x08", .length = 3}};

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
