/* The LZ4 of Linux kernels: blocks of 8 MiB behind a magic, ended by a short one. */
#include "firmware/format.h"

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	size_t used = 0;
	enum stream_end end = lz4_legacy_decode(at, &claim->decoded, &used);

	claim_stream(job, claim, end, used, at.size, "");
}

static const struct magic magics[] = {{.pattern = "\\x02\\x21\\x4c\\x18", .length = 4}};

const struct format format_lz4_legacy = {
    .name = "lz4_legacy",
    .title = "LZ4 legacy frame",
    .source = "LZ4 Frame Format Description 1.6.3, Legacy frame",
    .gaps = "a stream whose size is a multiple of 8 MiB may take in four bytes that follow it",
    .nature = NATURE_STREAM,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
};
