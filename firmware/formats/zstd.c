/* Zstandard frames follow one another without a gap; only the first needs to be found. */
#include "firmware/format.h"

#define LEAST_BY_CHANCE 512u /* programs that know zstd hold frames */

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	size_t used = 0;
	enum stream_end end = zstd_decode(at, &claim->decoded, &used);

	if (end == STREAM_ENDED && !claim->expected && claim->decoded.size < LEAST_BY_CHANCE) {
		claim->tried = true;
		return;
	}
	claim_stream(job, claim, end, used, at.size, "");
}

static const struct magic magics[] = {{.pattern = "\\x28\\xb5\\x2f\\xfd", .length = 4}};

const struct format format_zstd = {
    .name = "zstd",
    .title = "Zstandard stream",
    .source = "RFC 8878",
    .gaps = "frames that need a dictionary",
    .nature = NATURE_STREAM,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
};
