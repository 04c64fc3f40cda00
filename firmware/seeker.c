/* A file is read once for all that is sought in it, whoever seeks it. */
#include "firmware/seeker.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

struct owner {
	uint32_t collector, sought;
};

struct seeker {
	struct patterns *patterns; /* NULL: nobody seeks anything */
	struct owner *owners;      /* by pattern */
};

struct pass {
	struct job *job;
	const struct seeker *seeker;
	const bool *wanted;
	struct finds *finds;
	bool out_of_memory;
};

struct seeker *
seeker_new(struct job *job)
{
	struct seeker *seeker = arena_allocate(job, sizeof *seeker);
	struct pattern *list;
	size_t count = 0;

	for (size_t i = 0; i < firmware_collector_count; i++)
		count += firmware_collectors[i]->seeks_count;
	if (seeker == NULL || (list = arena_array(job, count, sizeof *list)) == NULL ||
	    (seeker->owners = arena_array(job, count, sizeof *seeker->owners)) == NULL)
		return NULL;
	if (count == 0)
		return seeker;
	count = 0;
	for (size_t i = 0; i < firmware_collector_count; i++)
		for (size_t k = 0; k < firmware_collectors[i]->seeks_count; k++) {
			list[count] = firmware_collectors[i]->seeks[k];
			seeker->owners[count++] = (struct owner){(uint32_t)i, (uint32_t)k};
		}
	seeker->patterns = patterns_new(job, list, count);
	return seeker->patterns == NULL ? NULL : seeker;
}

void
seeker_free(struct seeker *seeker)
{
	if (seeker != NULL)
		patterns_free(seeker->patterns);
}

static bool
make_room(struct job *job, struct finds *finds)
{
	size_t room = finds->room == 0 ? 16 : finds->room * 2;
	struct find *more = arena_array(job, room, sizeof *more);

	if (more == NULL)
		return false;
	if (finds->count != 0)
		memcpy(more, finds->finds, finds->count * sizeof *more);
	finds->finds = more;
	finds->room = room;
	return true;
}

static bool
on_match(void *context, size_t pattern, uint64_t begin)
{
	struct pass *pass = context;
	const struct owner *owner = &pass->seeker->owners[pattern];
	struct finds *finds = &pass->finds[owner->collector];

	if (!pass->wanted[owner->collector])
		return true;
	if (finds->count == COLLECTOR_MAX_FINDS) {
		finds->cut = true;
		return true;
	}
	if (finds->count == finds->room && !make_room(pass->job, finds)) {
		pass->out_of_memory = true;
		return false;
	}
	finds->finds[finds->count++] = (struct find){.at = begin, .sought = owner->sought};
	return true;
}

static int
compare(const void *left, const void *right)
{
	const struct find *a = left, *b = right;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return a->sought < b->sought ? -1 : a->sought > b->sought;
}

enum status
seeker_find(struct job *job, struct seeker *seeker, struct span content, const bool *wanted,
    struct finds *finds)
{
	struct pass pass = {.job = job, .seeker = seeker, .wanted = wanted, .finds = finds};

	if (seeker->patterns != NULL)
		patterns_scan(seeker->patterns, content, on_match, &pass);
	for (size_t i = 0; i < firmware_collector_count; i++)
		if (finds[i].count > 1)
			qsort(finds[i].finds, finds[i].count, sizeof *finds[i].finds, compare);
	return pass.out_of_memory ? STATUS_LIMIT : STATUS_OK;
}
