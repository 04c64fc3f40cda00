/* A SEAMA seal holds only text; entities with an MD5 and a payload follow it. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/header.h"

#define HEADER_SIZE ((uint64_t)12)
#define MAX_ENTITIES 16u
#define MAX_TEXT 160u

struct entity {
	bool is_big;
	struct span md5;  /* empty: a seal */
	struct span meta; /* strings, each with its NUL */
	uint64_t payload, bytes;
	bool whole;
};

/* The entity or seal at `offset`; `offset` goes on behind it. */
static bool
read_entity(struct span at, uint64_t *offset, struct entity *entity)
{
	struct reader reader = {.rest = span_from(at, *offset)};
	struct span magic = read_bytes(&reader, 4);
	uint16_t reserved, meta;

	entity->is_big = span_starts_with(magic, "\x5e\xa3\xa4\x17", 4);
	if (!entity->is_big && !span_starts_with(magic, "\x17\xa4\xa3\x5e", 4))
		return false;
	if (entity->is_big) {
		reserved = read_u16_be(&reader);
		meta = read_u16_be(&reader);
		entity->bytes = read_u32_be(&reader);
	} else {
		reserved = read_u16_le(&reader);
		meta = read_u16_le(&reader);
		entity->bytes = read_u32_le(&reader);
	}
	entity->md5 = read_bytes(&reader, entity->bytes == 0 ? 0 : HEADER_MD5_SIZE);
	entity->meta = read_bytes(&reader, meta);
	if (reader.overrun || reserved != 0 || (entity->bytes == 0 && meta == 0))
		return false;
	entity->payload = at.size - reader.rest.size;
	entity->whole = entity->bytes <= reader.rest.size;
	*offset = entity->payload + entity->bytes;
	return true;
}

/* "signature=…", "dev=…": printable strings, some "key=value", with NULs between and behind them.
 */
static bool
meta_is_good(struct span meta)
{
	bool has_pair = meta.size == 0;

	for (size_t i = 0; i < meta.size; i++) {
		if (meta.at[i] != 0 && (meta.at[i] < 0x20 || meta.at[i] > 0x7e))
			return false;
		has_pair |= meta.at[i] == '=';
	}
	return has_pair;
}

static void
put_meta(struct text *text, struct job *job, struct span meta)
{
	size_t from = 0;

	while (from < meta.size && text->size < MAX_TEXT) {
		struct span rest = span_from(meta, from);
		size_t size = strnlen((const char *)rest.at, rest.size);

		if (size != 0)
			text_printf(text, ", %s", header_text(job, span_part(rest, 0, size)));
		from += size + 1;
	}
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct text text = text_new(job);
	struct entity entity = {.whole = true};
	uint64_t end = 0;
	unsigned count = 0, bad = 0, payloads = 0;
	bool is_big = span_starts_with(at, "\x5e", 1);

	while (count < MAX_ENTITIES && entity.whole && read_entity(at, &end, &entity)) {
		struct span payload = span_part(at, entity.payload, entity.bytes);

		if (!meta_is_good(entity.meta) || (count == 0 && entity.meta.size == 0))
			break;
		if (entity.bytes != 0) {
			payloads++;
			bad += !entity.whole || !header_md5_is(&payload, 1, entity.md5);
		}
		put_meta(&text, job, entity.meta);
		claim->bytes = end;
		count++;
	}
	if (count == 0 || (payloads == 0 && !claim->expected) ||
	    (bad == payloads && !entity.whole && !claim->expected && count == 1)) {
		claim->bytes = 0;
		return;
	}
	header_claim(claim, at, claim->bytes);
	claim->detail =
	    arena_printf(job, "%s-endian, %u payloads, md5 %s%s", is_big ? "big" : "little",
		payloads, bad == 0 ? "good" : "bad", text.at == NULL ? "" : text.at);
	if (payloads == 0) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "the seal has no payload";
	}
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct entity entity = {.whole = true};
	struct hint hints[2 * MAX_ENTITIES];
	uint64_t end = 0, from = 0;
	size_t count = 0;

	for (unsigned i = 0; i < MAX_ENTITIES && entity.whole; i++) {
		if (!read_entity(content, &end, &entity))
			break;
		if (entity.bytes == 0)
			continue;
		if (from == 0)
			from = entity.payload;
		hints[count++] = (struct hint){entity.payload, "lzma"};
		hints[count++] = (struct hint){entity.payload, NULL};
	}
	if (count == 0)
		return fail(job, STATUS_MALFORMED, "seama: no payload");
	return unpack_search(unpack, container, content, from, hints, count);
}

static const struct magic magics[] = {
    {.pattern = "\\x5e\\xa3\\xa4\\x17\\x00\\x00", .length = 6},
    {.pattern = "\\x17\\xa4\\xa3\\x5e\\x00\\x00", .length = 6},
};

const struct format format_seama = {
    .name = "seama",
    .title = "D-Link and Alpha Networks SEAMA image (DLOB)",
    .source = "OpenWrt firmware-utils: oseama.c; binwalk 3: src/structures/dlob.rs",
    .gaps = "headers of later entities in an image are gaps",
    .nature = NATURE_WRAPPER,
    .unproven = true,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
