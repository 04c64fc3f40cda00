/* lzip closes each member with the CRC and both sizes of it: a good one is good to the last byte.
 */
#include "firmware/format.h"

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	size_t used = 0;
	enum stream_end end = lzip_decode(at, &claim->decoded, &used);

	claim_stream(job, claim, end, used, at.size, "");
}

static const struct magic magics[] = {{.pattern = "LZIP[\\x00\\x01]", .length = 5}};

const struct format format_lzip = {
    .name = "lzip",
    .title = "lzip stream",
    .source = "Lzip manual, File format; liblzma reads versions 0 and 1",
    .gaps = "none known",
    .nature = NATURE_STREAM,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
};
