/* Netgear's DNI images begin with 128 bytes of text and end with one byte that completes their sum.
 */
#include "base/arena.h"
#include "firmware/header.h"

#define HEADER_SIZE ((size_t)128)

/* The value of a line "KEY:VALUE"; empty when there is none. */
static struct span
value_of(struct span text, const char *key)
{
	struct span name = span_of_string(key);
	size_t from = span_find(text, name.at, name.size, 0), end;

	if (from == SIZE_MAX || (from != 0 && text.at[from - 1] != '\n'))
		return (struct span){0};
	from += name.size;
	end = span_find(text, "\n", 1, from);
	return end == SIZE_MAX ? (struct span){0} : span_part(text, from, end - from);
}

/* Lines of printable text up to the first NUL, and nothing but NUL behind. */
static bool
read_text(struct span at, struct span *text)
{
	struct span header = span_part(at, 0, HEADER_SIZE);
	size_t size = 0;

	while (size < header.size && header.at[size] != 0) {
		uint8_t c = header.at[size++];

		if ((c < 0x20 && c != '\n') || c > 0x7e)
			return false;
	}
	for (size_t i = size; i < header.size; i++)
		if (header.at[i] != 0)
			return false;
	*text = span_part(header, 0, size);
	return size != 0 && value_of(*text, "device:").size != 0 &&
	       value_of(*text, "version:").size != 0;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct span text;
	uint8_t sum = 0;
	const char *hardware, *region;

	if (at.size <= HEADER_SIZE + 1 || !read_text(at, &text))
		return;
	for (size_t i = 0; i < at.size; i++)
		sum = (uint8_t)(sum + at.at[i]);
	claim->bytes = at.size; /* where it ends is told nowhere */
	hardware = header_text(job, value_of(text, "hd_id:"));
	region = header_text(job, value_of(text, "region:"));
	claim->detail = arena_printf(job, "device %s, version %s%s%s%s%s, sum %s",
	    header_text(job, value_of(text, "device:")),
	    header_text(job, value_of(text, "version:")), region[0] == '\0' ? "" : ", region ",
	    region, hardware[0] == '\0' ? "" : ", hardware ", hardware,
	    sum == 0xff ? "good" : "bad");
	if (sum != 0xff) { /* nothing else would tell that some of it is missing */
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "the sum is bad: the image may be cut short";
	}
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	static const struct hint hint = {.offset = HEADER_SIZE};

	(void)job;
	content.size--; /* the byte that completes the sum */
	return unpack_search(unpack, container, content, HEADER_SIZE, &hint, 1);
}

static const struct magic magics[] = {{.pattern = "device:[\\x21-\\x7e]{2}", .length = 9}};

const struct format format_netgear_dni = {
    .name = "netgear_dni",
    .title = "Netgear DNI image (\"device:\" header)",
    .source = "OpenWrt firmware-utils: mkdniimg.c",
    .gaps = "none known",
    .nature = NATURE_WRAPPER,
    .unproven = true,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
