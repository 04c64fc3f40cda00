/* NVS is a log of 32-byte entries in pages; a value is the last one written under its name. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "firmware/unpack.h"

#define PAGE ((uint64_t)4096)
#define ENTRY ((size_t)32)
#define ENTRIES 126u
#define MAX_PAGES 512u
#define MAX_SPACES 255u

enum {
	TYPE_STRING = 0x21,
	TYPE_BLOB = 0x41, /* of version 1: whole */
	TYPE_PIECE = 0x42,
	TYPE_INDEX = 0x48,
	SPACE_ALL = 0, /* entries of it name the others */
};

struct item {
	uint8_t space, type, span, chunk;
	struct span key, data;
	uint64_t at;       /* of its entry in the partition */
	uint32_t sequence; /* of its page */
};

struct nvs {
	struct job *job;
	struct unpack *unpack;
	struct node *container;
	struct span content;
	struct item *items;
	size_t count;
	struct node *spaces[MAX_SPACES + 1];
	uint64_t bad; /* entries with a bad checksum */
};

static bool
is_erased(struct span bytes)
{
	for (size_t i = 0; i < bytes.size; i++)
		if (bytes.at[i] != 0xff)
			return false;
	return bytes.size != 0;
}

/* A page in use; `*sequence` tells its age. */
static bool
read_page(struct span page, uint32_t *sequence)
{
	struct reader reader = {.rest = page};
	uint32_t state = read_u32_le(&reader);

	*sequence = read_u32_le(&reader);
	read_bytes(&reader, 20);
	return read_u32_le(&reader) == crc32_of(UINT32_MAX, span_part(page, 4, 24)) &&
	       !reader.overrun && (state | 0xf) == UINT32_MAX && state != UINT32_MAX;
}

/* Pages in use and, among and after them, erased ones; one is always kept erased. */
static uint64_t
count_pages(struct span at, uint64_t *used, bool *has_erased, bool *cut)
{
	uint64_t count = 0, end = 0;
	uint32_t sequence;

	*used = 0;
	*has_erased = *cut = false;
	for (; count < MAX_PAGES; count++) {
		struct span page = span_part(at, count * PAGE, PAGE);

		if (page.size == 0) {
			*cut = at.size > count * PAGE && count == end;
			break;
		}
		if (read_page(page, &sequence)) {
			end = count + 1;
			++*used;
		} else if (is_erased(page)) {
			end += !*has_erased && end == count;
			*has_erased = true;
		} else {
			break;
		}
	}
	return end;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	uint64_t used, pages;
	uint32_t sequence;
	bool has_erased, cut;

	if (!read_page(span_part(at, 0, PAGE), &sequence))
		return;
	pages = count_pages(at, &used, &has_erased, &cut);
	claim->bytes = pages * PAGE;
	if (cut)
		claim->bytes = at.size;
	if (cut || !has_erased) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete =
		    cut ? "a page is cut short" : "there is no erased page: cut short?";
	}
	claim->detail = arena_printf(job, "%" PRIu64 " page%s in use%s%s", used,
	    used == 1 ? "" : "s", claim->incomplete == NULL ? "" : ", ",
	    claim->incomplete == NULL ? "" : claim->incomplete);
}

static bool
read_item(struct span page, size_t index, struct item *item)
{
	struct span entry = span_part(page, 64 + index * ENTRY, ENTRY);
	struct reader reader = {.rest = entry};
	uint32_t crc;

	item->space = read_u8(&reader);
	item->type = read_u8(&reader);
	item->span = read_u8(&reader);
	item->chunk = read_u8(&reader);
	crc = read_u32_le(&reader);
	item->key = read_bytes(&reader, 16);
	item->data = read_bytes(&reader, 8);
	if (reader.overrun ||
	    crc32_of(crc32_of(UINT32_MAX, span_part(entry, 0, 4)), span_part(entry, 8, 24)) != crc)
		return false;
	item->key.size = strnlen((const char *)item->key.at, 15);
	return item->span >= 1 && index + item->span <= ENTRIES;
}

/* What is longer than eight bytes stands in the entries after its own. */
static bool
read_long(struct span page, size_t index, struct item *item)
{
	struct reader reader = {.rest = item->data};
	uint16_t size = read_u16_le(&reader);
	uint32_t crc;
	struct span data = span_part(page, 64 + (index + 1) * ENTRY, size);

	if (item->type != TYPE_STRING && item->type != TYPE_BLOB && item->type != TYPE_PIECE)
		return true;
	read_bytes(&reader, 2);
	crc = read_u32_le(&reader);
	if (size > (item->span - 1u) * ENTRY || crc32_of(UINT32_MAX, data) != crc)
		return false;
	item->data = data;
	return true;
}

static bool
is_written(struct span page, size_t index)
{
	return (page.at[32 + index / 4] >> (index % 4 * 2) & 3) == 2;
}

static void
read_items(struct nvs *nvs, uint64_t at)
{
	struct span page = span_part(nvs->content, at, PAGE);
	uint32_t sequence;

	if (page.size == 0 || !read_page(page, &sequence))
		return;
	for (size_t i = 0; i < ENTRIES;) {
		struct item *item = &nvs->items[nvs->count];

		if (!is_written(page, i)) {
			i++;
		} else if (!read_item(page, i, item)) {
			nvs->bad++;
			i++;
		} else {
			bool good = read_long(page, i, item);

			item->at = at + i * ENTRY;
			item->sequence = sequence;
			nvs->bad += !good;
			nvs->count += good;
			i += item->span;
		}
	}
}

static int
compare_names(const struct item *a, const struct item *b)
{
	size_t shorter = a->key.size < b->key.size ? a->key.size : b->key.size;
	int order = a->space - b->space;

	if (order == 0)
		order = memcmp(a->key.at, b->key.at, shorter);
	if (order == 0)
		order = (a->key.size > b->key.size) - (a->key.size < b->key.size);
	if (order == 0)
		order = (a->type == TYPE_PIECE) - (b->type == TYPE_PIECE);
	return order != 0 ? order : a->chunk - b->chunk;
}

/* The newest of those with one name comes last. */
static int
compare(const void *left, const void *right)
{
	const struct item *a = left, *b = right;
	int order = compare_names(a, b);

	if (order == 0)
		order = (a->sequence > b->sequence) - (a->sequence < b->sequence);
	return order != 0 ? order : (a->at > b->at) - (a->at < b->at);
}

static enum status
add_spaces(struct nvs *nvs)
{
	for (size_t i = 0; i < nvs->count; i++) {
		const struct item *item = &nvs->items[i];
		struct entry entry = {.name = item->key, .type = NODE_FOLDER, .mode = 0755};

		if (item->space == SPACE_ALL && nvs->spaces[item->data.at[0]] == NULL)
			TRY(unpack_entry(
			    nvs->unpack, nvs->container, &entry, &nvs->spaces[item->data.at[0]]));
	}
	return STATUS_OK;
}

static enum status
add_file(struct nvs *nvs, const struct item *item, struct span content)
{
	struct entry entry = {.name = item->key, .type = NODE_FILE, .mode = 0600};
	struct node *space = nvs->spaces[item->space];

	return unpack_file(
	    nvs->unpack, space == NULL ? nvs->container : space, &entry, content, NULL);
}

static enum status
add_number(struct nvs *nvs, const struct item *item)
{
	size_t size = item->type & 0xf;
	bool is_signed = item->type >> 4 == 1;
	uint64_t value = 0;
	char text[32];

	for (size_t i = size; i-- > 0;)
		value = value << 8 | item->data.at[i];
	if (is_signed && size < 8 && (value >> (size * 8 - 1) & 1) != 0)
		value |= UINT64_MAX << size * 8;
	if (is_signed)
		snprintf(text, sizeof text, "%" PRId64 "\n", (int64_t)value);
	else
		snprintf(text, sizeof text, "%" PRIu64 "\n", value);
	return add_file(nvs, item, span_of_string(text));
}

static const struct item *
find_piece(const struct nvs *nvs, const struct item *index, unsigned chunk)
{
	size_t low = 0, high = nvs->count;
	struct item wanted = {
	    .space = index->space, .key = index->key, .type = TYPE_PIECE, .chunk = (uint8_t)chunk};

	while (low < high) { /* the first that comes after it */
		size_t middle = low + (high - low) / 2;

		if (compare_names(&nvs->items[middle], &wanted) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0 || compare_names(&nvs->items[low - 1], &wanted) != 0)
		return NULL;
	return &nvs->items[low - 1];
}

static enum status
add_blob(struct nvs *nvs, const struct item *index)
{
	struct reader reader = {.rest = index->data};
	uint32_t size = read_u32_le(&reader);
	unsigned count = read_u8(&reader), first = read_u8(&reader);
	size_t done = 0;
	uint8_t *bytes;

	if (size > nvs->content.size)
		return unpack_damage(nvs->unpack, nvs->container, index->at, size, COVERAGE_DAMAGED,
		    "nvs: the value at 0x%" PRIx64 " is larger than all", index->at);
	TRY(unpack_allow(nvs->unpack, nvs->job, size));
	bytes = arena_allocate(nvs->job, size);
	if (bytes == NULL)
		return STATUS_LIMIT;
	for (unsigned i = 0; i < count; i++) {
		const struct item *piece = find_piece(nvs, index, first + i);

		if (piece == NULL || piece->data.size > size - done)
			break;
		if (piece->data.size != 0)
			memcpy(bytes + done, piece->data.at, piece->data.size);
		done += piece->data.size;
	}
	if (done != size)
		return unpack_damage(nvs->unpack, nvs->container, index->at, size, COVERAGE_DAMAGED,
		    "nvs: pieces of the value at 0x%" PRIx64 " are missing", index->at);
	return add_file(nvs, index, (struct span){bytes, size});
}

static enum status
add_item(struct nvs *nvs, const struct item *item)
{
	uint8_t width = item->type & 0xf;
	struct span text = item->data;

	switch (item->type) {
	case TYPE_PIECE:
		return STATUS_OK; /* its index brings it */
	case TYPE_INDEX:
		return add_blob(nvs, item);
	case TYPE_BLOB:
		return add_file(nvs, item, item->data);
	case TYPE_STRING:
		text.size = strnlen((const char *)text.at, text.size);
		return add_file(nvs, item, text);
	default:
		break;
	}
	if (item->type >> 4 <= 1 && (width == 1 || width == 2 || width == 4 || width == 8))
		return add_number(nvs, item);
	return unpack_damage(nvs->unpack, nvs->container, item->at, ENTRY, COVERAGE_UNSUPPORTED,
	    "nvs: values of type 0x%02x are not read", item->type);
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct nvs nvs = {.job = job, .unpack = unpack, .container = container, .content = content};
	uint64_t pages = content.size / PAGE;

	nvs.items = arena_array(job, (size_t)pages * ENTRIES + 1, sizeof *nvs.items);
	if (nvs.items == NULL)
		return STATUS_LIMIT;
	for (uint64_t i = 0; i < pages; i++)
		read_items(&nvs, i * PAGE);
	if (nvs.bad != 0)
		TRY(unpack_damage(unpack, container, 0, content.size, COVERAGE_DAMAGED,
		    "nvs: %" PRIu64 " entries have a bad crc32: damaged, or encrypted", nvs.bad));
	if (nvs.count > 1)
		qsort(nvs.items, nvs.count, sizeof *nvs.items, compare);
	TRY(add_spaces(&nvs));
	for (size_t i = 0; i < nvs.count; i++) {
		struct arena_mark mark = arena_mark(job->arena);
		const struct item *item = &nvs.items[i];
		bool newer = i + 1 < nvs.count && compare_names(item, item + 1) == 0;

		if (item->space != SPACE_ALL && !newer)
			TRY(add_item(&nvs, item));
		arena_release(job->arena, mark);
	}
	return STATUS_OK;
}

static const struct magic magics[] = {
    {.pattern = "^[\\xfe\\xfc\\xf8]\\xff\\xff\\xff...[\\x00-\\x0f][\\xfe\\xff]\\xff\\xff\\xff",
	.length = 12}};

const struct format format_esp_nvs = {
    .name = "esp_nvs",
    .title = "Espressif non-volatile storage (NVS)",
    .source = "ESP-IDF API reference, \"Non-Volatile Storage Library\", structure of pages and "
	      "entries",
    .gaps = "values that were erased and still stand there; encrypted values. Numbers become files "
	    "with their decimal digits",
    .nature = NATURE_ARCHIVE,
    .unproven = true,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
