/* A compressed part of a ROS package has 32 bytes before its LZMA stream, and the stream's size in
 * them. */
#include "base/arena.h"
#include "firmware/format.h"

#define HEADER_SIZE 32
#define UNPACKED_SIZE_AT 20
#define LZMA_SIZE_AT (HEADER_SIZE + 5)

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct reader said = {.rest = span_from(at, UNPACKED_SIZE_AT)};
	struct reader lzma = {.rest = span_from(at, LZMA_SIZE_AT)};
	uint32_t size = read_u32_le(&said);
	enum stream_end end;
	size_t used = 0;

	/* only that the two sizes agree tells how the part reads */
	if (read_u64_le(&lzma) != size || size == 0 || lzma.overrun)
		return;
	end = lzma_decode(span_from(at, HEADER_SIZE), &claim->decoded, &used);
	claim->expected = true; /* the two sizes are proof enough */
	claim_stream(job, claim, end, HEADER_SIZE + used, at.size,
	    arena_printf(job, "%u bytes when unpacked", size));
}

static const struct magic magics[] = {{.pattern = "RNTP2\\.00", .length = 8}};

const struct format format_ros_part = {
    .name = "ros_part",
    .title = "Part of a Marvell ROS (Radlan) package",
    .source = "a real package: fkie-cad fact_extractor, plugins/unpacking/ros/test/data",
    .gaps = "parts of other versions are searched without their header",
    .nature = NATURE_STREAM,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
};
