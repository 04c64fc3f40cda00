/* What nobody here can read is recognised and measured all the same: bytes not looked into must be
 * counted as such. */
#include "firmware/formats/foreign.h"
#include "base/arena.h"
#include "firmware/unpack.h"

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
};

const struct format format_foreign = {
    .name = "foreign",
    .title = "Recognised, not read"
#define FOREIGN(title, pattern, length, offset, size, coverage, where) " · " title
#include "firmware/formats/foreign.def"
#undef FOREIGN
	     "",
    .source = "Linux fs/ and drivers/mtd/ubi: the superblocks; "
	      "qemu docs/interop; cryptsetup LUKS1 and LUKS2 On-Disk Format",
    .gaps = "recognised and measured only: nothing in it is read",
    .nature = NATURE_FILE_SYSTEM,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
