/* Hyperscan reports where a match ends; every magic has a known length, so where it begins follows.
 */
#include "firmware/scan.h"

#include <hs/hs.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define BLOCK ((uint64_t)1 << 30) /* hs_scan counts in 32 bits */

struct place {
	uint32_t format;
	const struct magic *magic;
};

struct scanner {
	hs_database_t *database;
	hs_scratch_t *scratch;
	struct place *places; /* by pattern id */
	size_t count;
	size_t reach; /* the farthest byte a magic looks at, from the beginning of its thing */
};

struct search {
	struct job *job;
	const struct scanner *scanner;
	struct hits *hits;
	size_t room;
	uint64_t base; /* of this block in the layer */
	uint64_t begins_within;
	bool out_of_memory;
};

static enum status
compile(struct job *job, struct scanner *scanner)
{
	const char **patterns = arena_array(job, scanner->count, sizeof *patterns);
	unsigned *flags = arena_array(job, scanner->count, sizeof *flags);
	unsigned *ids = arena_array(job, scanner->count, sizeof *ids);
	hs_compile_error_t *error = NULL;
	enum status status = STATUS_OK;

	if (patterns == NULL || flags == NULL || ids == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < scanner->count; i++) {
		patterns[i] = scanner->places[i].magic->pattern;
		flags[i] = HS_FLAG_DOTALL;
		ids[i] = (unsigned)i;
	}
	if (hs_compile_multi(patterns, flags, ids, (unsigned)scanner->count, HS_MODE_BLOCK, NULL,
		&scanner->database, &error) != HS_SUCCESS)
		status = fail(job, STATUS_FAULT, "magics: %s", error->message);
	else if (hs_alloc_scratch(scanner->database, &scanner->scratch) != HS_SUCCESS)
		status = fail(job, STATUS_LIMIT, "magics: no memory to scan with");
	hs_free_compile_error(error);
	return status;
}

struct scanner *
scanner_new(struct job *job)
{
	struct scanner *scanner = arena_allocate(job, sizeof *scanner);
	size_t count = 0;

	for (size_t i = 0; i < firmware_format_count; i++)
		count += firmware_formats[i]->magic_count;
	if (scanner == NULL)
		return NULL;
	scanner->places = arena_array(job, count, sizeof *scanner->places);
	if (scanner->places == NULL)
		return NULL;
	for (size_t i = 0; i < firmware_format_count; i++)
		for (size_t m = 0; m < firmware_formats[i]->magic_count; m++) {
			const struct magic *magic = &firmware_formats[i]->magics[m];

			scanner->places[scanner->count++] = (struct place){(uint32_t)i, magic};
			if (magic->offset + magic->length > scanner->reach)
				scanner->reach = magic->offset + magic->length;
		}
	if (compile(job, scanner) != STATUS_OK) {
		scanner_free(scanner);
		return NULL;
	}
	return scanner;
}

void
scanner_free(struct scanner *scanner)
{
	if (scanner == NULL)
		return;
	hs_free_scratch(scanner->scratch);
	hs_free_database(scanner->database);
}

static bool
make_room(struct search *search)
{
	size_t room = search->room * 2;
	struct hit *hits = arena_array(search->job, room, sizeof *hits);

	if (hits == NULL)
		return false;
	memcpy(hits, search->hits->hits, search->hits->count * sizeof *hits);
	search->hits->hits = hits;
	search->room = room;
	return true;
}

static int
on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
	struct search *search = context;
	const struct place *place = &search->scanner->places[id];
	uint64_t back = place->magic->length + place->magic->offset;
	uint64_t end = search->base + to;

	(void)from;
	(void)flags;
	if (end < back || end - back >= search->begins_within)
		return 0;
	if (search->hits->count >= SCAN_MAX_HITS) {
		search->hits->cut = true;
		return 1;
	}
	if (search->hits->count == search->room && !make_room(search)) {
		search->out_of_memory = true;
		return 1;
	}
	search->hits->hits[search->hits->count++] =
	    (struct hit){.offset = end - back, .format = place->format};
	return 0;
}

static int
compare(const void *left, const void *right)
{
	const struct hit *a = left, *b = right;

	if (a->offset != b->offset)
		return a->offset < b->offset ? -1 : 1;
	if (a->expected != b->expected)
		return a->expected ? -1 : 1;
	return a->format < b->format ? -1 : a->format > b->format;
}

void
hits_sort(struct hits *hits)
{
	if (hits->count > 1)
		qsort(hits->hits, hits->count, sizeof *hits->hits, compare);
}

enum status
scanner_find(struct job *job, struct scanner *scanner, struct span layer, uint64_t begins_within,
    size_t spare, struct hits *hits)
{
	struct search search = {.job = job, .scanner = scanner, .hits = hits, .room = 16 + spare};
	uint64_t end = layer.size;

	*hits = (struct hits){.hits = arena_array(job, search.room, sizeof *hits->hits)};
	if (hits->hits == NULL)
		return STATUS_LIMIT;
	search.begins_within = begins_within;
	if (begins_within < layer.size && begins_within + scanner->reach < layer.size)
		end = begins_within + scanner->reach;
	while (search.base < end && !hits->cut) {
		uint64_t size = end - search.base < BLOCK ? end - search.base : BLOCK;

		hs_scan(scanner->database, (const char *)layer.at + search.base, (unsigned)size, 0,
		    scanner->scratch, on_match, &search);
		if (search.out_of_memory)
			return STATUS_LIMIT;
		if (size < BLOCK)
			break;
		search.base += size - scanner->reach; /* a magic may lie across the border */
	}
	while (hits->count + spare > search.room)
		if (!make_room(&search))
			return STATUS_LIMIT;
	hits_sort(hits);
	return STATUS_OK;
}
