/* A scan as it travels from the dialer to the supervisor, and in the head of a transcript. */
#include "base/arena.h"
#include "base/frames.h"
#include "device/dialer.h"

void
scan_encode(struct text *out, const struct scan *scan)
{
	put_u8(out, scan->reached);
	put_u8(out, scan->complete);
	put_string(out, scan->reason);
	put_u32(out, scan->required);
	put_u32(out, scan->closed);
	put_u32(out, scan->filtered);
	put_u32(out, scan->untried);
	put_u32(out, (uint32_t)scan->open_count);
	for (size_t i = 0; i < scan->open_count; i++)
		put_u16(out, scan->open[i]);
}

enum status
scan_decode(struct job *job, struct span bytes, struct scan *scan)
{
	struct reader reader = {.rest = bytes};
	uint16_t *open;

	*scan = (struct scan){0};
	scan->reached = read_u8(&reader) == 1;
	scan->complete = read_u8(&reader) == 1;
	if (!get_string(job, &reader, FACT_TEXT_MAX, &scan->reason))
		return fail(job, STATUS_MALFORMED, "scan: bad reason");
	scan->required = read_u32_le(&reader);
	scan->closed = read_u32_le(&reader);
	scan->filtered = read_u32_le(&reader);
	scan->untried = read_u32_le(&reader);
	scan->open_count = read_u32_le(&reader);
	if (reader.overrun || scan->open_count >= PORT_COUNT ||
	    reader.rest.size != 2 * scan->open_count)
		return fail(job, STATUS_MALFORMED, "scan: %zu open ports in %zu bytes",
		    scan->open_count, reader.rest.size);
	open = arena_array(job, scan->open_count, sizeof *open);
	if (open == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < scan->open_count; i++)
		open[i] = read_u16_le(&reader);
	scan->open = open;
	return STATUS_OK;
}
