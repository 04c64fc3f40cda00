/* SquashFS before version 4 is recognised and measured, so that its bytes are not called unknown.
 */
#include "base/arena.h"
#include "firmware/unpack.h"

struct super {
	bool big;
	uint16_t major, minor;
	uint32_t bytes_32;
	uint64_t bytes;
};

static uint64_t
read_number(struct span at, uint64_t offset, size_t size, bool big)
{
	struct span part = span_part(at, offset, size);
	uint64_t value = 0;

	for (size_t i = 0; i < part.size; i++)
		value = value << 8 | part.at[big ? i : part.size - 1 - i];
	return value;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	/* "sqsh" and "qshs" are big-endian, their mirror images little-endian */
	bool big = span_starts_with(at, "sqsh", 4) || span_starts_with(at, "qshs", 4);
	uint64_t major = read_number(at, 28, 2, big), minor = read_number(at, 30, 2, big);
	uint64_t bytes = major < 3 ? read_number(at, 8, 4, big) : read_number(at, 63, 8, big);
	uint64_t log = read_number(at, 34, 2, big);

	if (major < 1 || major > 3 || log < 9 || log > 20 || bytes < 64)
		return;
	claim->bytes = bytes > at.size ? at.size : bytes;
	claim->coverage = COVERAGE_UNSUPPORTED;
	claim->incomplete = "squashfs before version 4 is not read";
	claim->detail = arena_printf(job, "version %u.%u, %s-endian%s", (unsigned)major,
	    (unsigned)minor, big ? "big" : "little", bytes > at.size ? ", cut short" : "");
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	(void)unpack;
	(void)container;
	(void)content;
	return fail(job, STATUS_MALFORMED, "squashfs before version 4 is not read");
}

static const struct magic magics[] = {
    {.pattern = "hsqs", .length = 4},
    {.pattern = "sqsh", .length = 4},
    {.pattern = "shsq", .length = 4},
    {.pattern = "qshs", .length = 4},
};

const struct format format_squashfs_legacy = {
    .name = "squashfs_legacy",
    .title = "SquashFS 1 to 3",
    .source = "squashfs-tools squashfs_compat.h",
    .gaps = "recognised and measured only: its files are not read",
    .nature = NATURE_FILE_SYSTEM,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
