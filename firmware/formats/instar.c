/* Instar's BNEG is twenty bytes before two partitions. */
#include "base/arena.h"
#include "firmware/header.h"

#define HEADER_SIZE ((uint64_t)20)

static bool
read_parts(struct span at, struct blob parts[2])
{
	struct reader reader = {.rest = at};

	read_bytes(&reader, 12); /* magic, version */
	parts[0] = (struct blob){span_of_string("part1"), HEADER_SIZE, read_u32_le(&reader)};
	parts[1] = (struct blob){
	    span_of_string("part2"), HEADER_SIZE + parts[0].bytes, read_u32_le(&reader)};
	return !reader.overrun && parts[0].bytes != 0 && parts[1].bytes != 0;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct blob parts[2];
	uint64_t size;

	if (!read_parts(at, parts))
		return;
	size = HEADER_SIZE + parts[0].bytes + parts[1].bytes;
	if (size > at.size && !claim->expected)
		return;
	claim->detail = arena_printf(
	    job, "version 1.1, 2 parts%s", header_claim(claim, at, size) ? "" : ", cut short");
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct blob parts[2];

	if (!read_parts(content, parts))
		return fail(job, STATUS_MALFORMED, "instar: header cut short");
	return header_add_blobs(unpack, container, content, parts, 2);
}

static const struct magic magics[] = {
    {.pattern = "BNEG\\x01\\x00\\x00\\x00\\x01\\x00\\x00\\x00", .length = 12}};

const struct format format_instar = {
    .name = "instar",
    .title = "Instar camera image (BNEG)",
    .source = "unblob: handlers/archive/instar/bneg.py",
    .gaps = "none known",
    .nature = NATURE_ARCHIVE,
    .unproven = true,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
