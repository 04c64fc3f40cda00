/* The .Z of compress has neither an end nor a sum: believed where something begins with it. */
#include "firmware/format.h"

#define LEAST_DECODED 4096u /* less may be chance */

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	size_t used = 0;
	enum stream_end end;

	if (!claim->expected)
		return;
	end = lzw_decode(at, &claim->decoded, &used);
	if (end == STREAM_DAMAGED && claim->decoded.size < LEAST_DECODED)
		return; /* chance does not come far */
	claim_stream(job, claim, end, used, at.size, "");
}

/* nine to sixteen bits, with or without code 256 as the order to begin again */
static const struct magic magics[] = {
    {.pattern = "\\x1f\\x9d[\\x09-\\x10\\x89-\\x90]", .length = 3}};

const struct format format_compress = {
    .name = "compress",
    .title = "compress stream (.Z)",
    .source = "POSIX.1-2017 compress; Welch, A Technique for High-Performance Data Compression; "
	      "codes as ncompress 5.0 writes them",
    .gaps = "one that stands behind or before other things is not recognised: it does not say "
	    "where it ends",
    .nature = NATURE_STREAM,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
};
