/* A compressed part of a ROS package has 32 bytes before its LZMA stream, and the stream's size in
 * them. */
#include "base/arena.h"
#include "firmware/header.h"

#define HEADER_SIZE 32
#define UNPACKED_SIZE_AT 20
#define LZMA_SIZE_AT (HEADER_SIZE + 5)

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct reader said = {.rest = span_from(at, UNPACKED_SIZE_AT)};
	struct reader lzma = {.rest = span_from(at, LZMA_SIZE_AT)};
	uint32_t size = read_u32_le(&said);

	/* only that the two sizes agree tells how the part reads */
	if (read_u64_le(&lzma) != size || size == 0 || lzma.overrun)
		return;
	claim->bytes = at.size;
	claim->detail = arena_printf(job, "%u bytes when unpacked", size);
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	static const struct hint hint = {.offset = HEADER_SIZE, .format = "lzma"};

	(void)job;
	return unpack_search(unpack, container, content, HEADER_SIZE, &hint, 1);
}

static const struct magic magics[] = {{.pattern = "RNTP2\\.00", .length = 8}};

const struct format format_ros_part = {
    .name = "ros_part",
    .title = "Part of a Marvell ROS (Radlan) package",
    .source = "a real package: fkie-cad fact_extractor, plugins/unpacking/ros/test/data",
    .gaps = "parts of other versions are searched without their header",
    .nature = NATURE_WRAPPER,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
