/* xz checks its headers, its blocks and its index, so a good stream is good to the last byte. */
#include "firmware/format.h"

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	size_t used = 0;
	enum stream_end end = xz_decode(at, &claim->decoded, &used);

	claim_stream(job, claim, end, used, at.size, "");
}

static const struct magic magics[] = {{.pattern = "\\xfd7zXZ\\x00", .length = 6}};

const struct format format_xz = {
    .name = "xz",
    .title = "xz stream",
    .source = "The .xz File Format 1.2.0",
    .gaps = "none known",
    .nature = NATURE_STREAM,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
};
