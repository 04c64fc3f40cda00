/* OpenWrt marks where its writable JFFS2 shall be made at the first boot: everything behind is
 * erased. */
#include "firmware/unpack.h"

#include "base/arena.h"

#define MARKER "\xde\xad\xc0\xde"
#define MARKER_SIZE ((size_t)4)
#define LEAST_ERASED ((size_t)60) /* unless the flash ends before */

/* Bytes at the beginning that are erased, or zero as those between the parts of a TRX. */
static size_t
erased(struct span at)
{
	size_t count = 0;

	while (count < at.size && at.at[count] == at.at[0] && (at.at[0] == 0xff || at.at[0] == 0))
		count++;
	return count;
}

/* A marker stands at the beginning of every size of eraseblock there may be. */
static void
measure(struct job *job, struct span at, struct claim *claim)
{
	uint64_t place = 0;
	unsigned markers = 0;

	while (span_starts_with(span_from(at, place), MARKER, MARKER_SIZE)) {
		struct span rest = span_from(at, place + MARKER_SIZE);
		size_t blank = erased(rest);

		if (blank < LEAST_ERASED && blank < rest.size)
			break;
		markers++;
		claim->bytes = place + MARKER_SIZE;
		place += MARKER_SIZE + blank;
	}
	if (claim->bytes != 0)
		claim->detail = arena_printf(job,
		    "a writable file system is made here at the first boot, %u markers", markers);
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	(void)job;
	(void)unpack;
	(void)container;
	(void)content;
	return STATUS_OK; /* there is nothing in it */
}

static const struct magic magics[] = {
    {.pattern = "\\xde\\xad\\xc0\\xde", .length = MARKER_SIZE},
};

const struct format format_jffs2_marker = {
    .name = "jffs2_marker",
    .title = "OpenWrt's end marker before an empty JFFS2",
    .source = "OpenWrt package/system/mtd, tools/padjffs2",
    .gaps = "",
    .nature = NATURE_WRAPPER,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
