/* An LZ4 frame says how it is checked; its header has a checksum of its own. */
#include "firmware/format.h"

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	size_t used = 0;
	enum stream_end end = lz4_frame_decode(at, &claim->decoded, &used);

	claim_stream(job, claim, end, used, at.size, "");
}

static const struct magic magics[] = {{.pattern = "\\x04\\x22\\x4d\\x18", .length = 4}};

const struct format format_lz4 = {
    .name = "lz4",
    .title = "LZ4 frame",
    .source = "LZ4 Frame Format Description 1.6.3",
    .gaps = "frames that need a dictionary",
    .nature = NATURE_STREAM,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
};
