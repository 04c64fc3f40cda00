/* One pass over all magics; where a thing begins follows from its magic's place in it. */
#include "firmware/scan.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "firmware/patterns.h"

struct place {
	uint32_t format;
	const struct magic *magic;
};

struct scanner {
	struct patterns *patterns;
	struct place *places; /* by pattern id */
	size_t count;
	size_t reach; /* the farthest byte a magic looks at, from the beginning of its thing */
};

struct search {
	struct job *job;
	const struct scanner *scanner;
	struct hits *hits;
	size_t room;
	uint64_t begins_within;
	bool out_of_memory;
};

static enum status
compile(struct job *job, struct scanner *scanner)
{
	struct pattern *list = arena_array(job, scanner->count, sizeof *list);

	if (list == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < scanner->count; i++)
		list[i] = (struct pattern){.expression = scanner->places[i].magic->pattern,
		    .length = scanner->places[i].magic->length};
	scanner->patterns = patterns_new(job, list, scanner->count);
	return scanner->patterns == NULL ? STATUS_LIMIT : STATUS_OK;
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
	patterns_free(scanner->patterns);
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

static bool
on_match(void *context, size_t id, uint64_t begin)
{
	struct search *search = context;
	const struct place *place = &search->scanner->places[id];

	if (begin < place->magic->offset || begin - place->magic->offset >= search->begins_within)
		return true;
	if (search->hits->count >= SCAN_MAX_HITS) {
		search->hits->cut = true;
		return false;
	}
	if (search->hits->count == search->room && !make_room(search)) {
		search->out_of_memory = true;
		return false;
	}
	search->hits->hits[search->hits->count++] =
	    (struct hit){.offset = begin - place->magic->offset, .format = place->format};
	return true;
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
	patterns_scan(scanner->patterns, span_part(layer, 0, end), on_match, &search);
	if (search.out_of_memory)
		return STATUS_LIMIT;
	while (hits->count + spare > search.room)
		if (!make_room(&search))
			return STATUS_LIMIT;
	hits_sort(hits);
	return STATUS_OK;
}
