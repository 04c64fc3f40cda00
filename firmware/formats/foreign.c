/* What nobody here can read is recognised and measured all the same: bytes not looked into must be
 * counted as such. */
#include "firmware/formats/foreign.h"
#include "base/arena.h"
#include "firmware/unpack.h"

#define WHOLE_REST UINT64_MAX /* how far it reaches is not told where it begins */

static uint64_t
little(struct span at, uint64_t offset, size_t size)
{
	struct span part = span_part(at, offset, size);
	uint64_t value = 0;

	for (size_t i = part.size; i-- > 0;)
		value = value << 8 | part.at[i];
	return value;
}

static bool
has(struct span at, uint64_t offset, const char *bytes, size_t size)
{
	return span_starts_with(span_from(at, offset), bytes, size);
}

/* `count` units of 2^`log` bytes; 0 when either makes no sense. */
static uint64_t
units(uint64_t count, uint64_t log)
{
	return log > 16 || count > UINT64_MAX >> 17 ? 0 : count << log;
}

static uint64_t
erofs_size(struct span at)
{
	uint64_t log = little(at, 1036, 1);

	return log < 9 || log > 16 ? 0 : units(little(at, 1060, 4), log);
}

static uint64_t
f2fs_size(struct span at)
{
	uint64_t log = little(at, 1040, 4);

	return log < 9 || log > 16 ? 0 : units(little(at, 1060, 8), log);
}

static uint64_t
sparse_size(struct span at)
{
	return little(at, 4, 2) == 1 && little(at, 8, 2) >= 28 && little(at, 10, 2) >= 12
		   ? WHOLE_REST
		   : 0;
}

struct foreign {
	const char *title;
	uint64_t offset;
	const char *bytes;
	size_t length;
	uint64_t (*size)(struct span at); /* 0: it is none; NULL: its magic is all there is */
};

static const struct foreign foreigns[] = {
    {"EROFS", 1024, "\xe2\xe1\xf5\xe0", 4, erofs_size},
    {"F2FS", 1024, "\x10\x20\xf5\xf2", 4, f2fs_size},
    {"Android sparse image", 0, "\x3a\xff\x26\xed", 4, sparse_size},
};

/* What stands in foreign.def. */
struct kind {
	const char *title;
	const char *pattern;
	uint64_t offset;
	uint64_t (*size)(struct span at); /* 0: it is none */
	enum coverage coverage;
	enum { ANYWHERE, PLACED } where;
};

static const struct kind kinds[] = {
#define FOREIGN(title, pattern, length, offset, size, coverage, where)                             \
	{title, pattern, offset, size, coverage, where},
#include "firmware/formats/foreign.def"
#undef FOREIGN
};

static unsigned
hex_digit(char digit)
{
	return digit <= '9' ? (unsigned)(digit - '0') : (unsigned)(digit - 'a') + 10;
}

/* Does `at` begin with a pattern of bytes and "\x.." alone? */
static bool
matches(struct span at, const char *pattern)
{
	struct reader reader = {.rest = at};

	while (*pattern != '\0') {
		unsigned wanted = (uint8_t)*pattern++;

		if (wanted == '\\') { /* 'x' and two digits */
			wanted = hex_digit(pattern[1]) << 4 | hex_digit(pattern[2]);
			pattern += 3;
		}
		if (read_u8(&reader) != wanted || reader.overrun)
			return false;
	}
	return true;
}

static void
claim_kind(struct job *job, struct span at, const struct kind *kind, struct claim *claim)
{
	uint64_t size = 0;

	if (matches(span_from(at, kind->offset), kind->pattern) &&
	    (kind->where == ANYWHERE || claim->expected))
		size = kind->size(at);
	if (size <= kind->offset)
		return;
	claim->bytes = size > at.size ? at.size : size;
	claim->coverage = kind->coverage;
	claim->incomplete = arena_printf(job, "%s is %s", kind->title,
	    kind->coverage == COVERAGE_ENCRYPTED ? "encrypted" : "not read");
	claim->detail = arena_printf(job, "%s%s", kind->title,
	    size > at.size && size != FOREIGN_WHOLE_REST ? ", cut short" : "");
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds) && claim->bytes == 0; i++)
		claim_kind(job, at, &kinds[i], claim);
	for (size_t i = 0; i < ARRAY_SIZE(foreigns) && claim->bytes == 0; i++) {
		const struct foreign *foreign = &foreigns[i];
		uint64_t size = 0;

		if (!has(at, foreign->offset, foreign->bytes, foreign->length))
			continue;
		if (foreign->size != NULL)
			size = foreign->size(at);
		else if (claim->expected) /* programs that know such a thing hold its magic too */
			size = WHOLE_REST;
		if (size == 0)
			continue;
		claim->bytes = size > at.size ? at.size : size;
		claim->coverage = COVERAGE_UNSUPPORTED;
		claim->incomplete = arena_printf(job, "%s is not read", foreign->title);
		claim->detail = foreign->title;
	}
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	(void)unpack;
	(void)container;
	(void)content;
	return fail(job, STATUS_MALFORMED, "a format that is not read");
}

#define MAGIC(text, count, at)                                                                     \
	{                                                                                          \
		.pattern = text, .length = count, .offset = at                                     \
	}

static const struct magic magics[] = {
#define FOREIGN(title, pattern, length, offset, size, coverage, where)                             \
	MAGIC(pattern, length, offset),
#include "firmware/formats/foreign.def"
#undef FOREIGN
    MAGIC("\\xe2\\xe1\\xf5\\xe0", 4, 1024),
    MAGIC("\\x10\\x20\\xf5\\xf2", 4, 1024),
    MAGIC("\\x3a\\xff\\x26\\xed", 4, 0),
};

const struct format format_foreign = {
    .name = "foreign",
    .title =
#define FOREIGN(title, pattern, length, offset, size, coverage, where) title ", "
#include "firmware/formats/foreign.def"
#undef FOREIGN
	"EROFS, F2FS, Android sparse images",
    .source = "Linux fs/ and drivers/mtd/ubi: the superblocks; AOSP libsparse sparse_format.h; "
	      "qemu docs/interop; cryptsetup LUKS1 and LUKS2 On-Disk Format",
    .gaps = "recognised and measured only: nothing in it is read",
    .nature = NATURE_FILE_SYSTEM,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
