/* The library counts in 32 bits: what is longer is scanned block by block, overlapping. */
#include "firmware/patterns.h"

#include <hs/hs.h>

#include "base/arena.h"

#define BLOCK ((uint64_t)1 << 30)

struct patterns {
	hs_database_t *database;
	hs_scratch_t *scratch;
	const struct pattern *list;
	size_t longest;
};

struct pass {
	const struct patterns *patterns;
	uint64_t base, seen; /* of this block; what ends at or before `seen` was told */
	bool (*found)(void *context, size_t pattern, uint64_t begin);
	void *context;
	bool ended;
};

static enum status
compile(struct job *job, struct patterns *patterns, size_t count)
{
	const char **expressions = arena_array(job, count, sizeof *expressions);
	unsigned *flags = arena_array(job, count, sizeof *flags);
	unsigned *ids = arena_array(job, count, sizeof *ids);
	hs_compile_error_t *error = NULL;
	enum status status = STATUS_OK;

	if (expressions == NULL || flags == NULL || ids == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < count; i++) {
		expressions[i] = patterns->list[i].expression;
		flags[i] = HS_FLAG_DOTALL | (patterns->list[i].caseless ? HS_FLAG_CASELESS : 0);
		ids[i] = (unsigned)i;
	}
	if (hs_compile_multi(expressions, flags, ids, (unsigned)count, HS_MODE_BLOCK, NULL,
		&patterns->database, &error) != HS_SUCCESS)
		status = fail(job, STATUS_FAULT, "patterns: %s: %s",
		    error->expression < 0 ? "all" : expressions[error->expression], error->message);
	else if (hs_alloc_scratch(patterns->database, &patterns->scratch) != HS_SUCCESS)
		status = fail(job, STATUS_LIMIT, "patterns: no memory to scan with");
	hs_free_compile_error(error);
	return status;
}

struct patterns *
patterns_new(struct job *job, const struct pattern *list, size_t count)
{
	struct patterns *patterns = arena_allocate(job, sizeof *patterns);

	if (patterns == NULL)
		return NULL;
	*patterns = (struct patterns){.list = list};
	for (size_t i = 0; i < count; i++)
		if (list[i].length > patterns->longest)
			patterns->longest = list[i].length;
	if (compile(job, patterns, count) == STATUS_OK)
		return patterns;
	patterns_free(patterns);
	return NULL;
}

void
patterns_free(struct patterns *patterns)
{
	if (patterns == NULL)
		return;
	hs_free_scratch(patterns->scratch);
	hs_free_database(patterns->database);
}

static int
on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
	struct pass *pass = context;
	uint64_t end = pass->base + to, length = pass->patterns->list[id].length;

	(void)from;
	(void)flags;
	if (end < length || (pass->base != 0 && end <= pass->seen))
		return 0;
	pass->ended = !pass->found(pass->context, id, end - length);
	return pass->ended;
}

void
patterns_scan(struct patterns *patterns, struct span bytes,
    bool (*found)(void *context, size_t pattern, uint64_t begin), void *context)
{
	struct pass pass = {.patterns = patterns, .found = found, .context = context};

	while (pass.base < bytes.size && !pass.ended) {
		uint64_t left = bytes.size - pass.base, size = left < BLOCK ? left : BLOCK;

		hs_scan(patterns->database, (const char *)bytes.at + pass.base, (unsigned)size, 0,
		    patterns->scratch, on_match, &pass);
		if (size == left)
			break;
		pass.seen = pass.base + size;
		pass.base += size - patterns->longest; /* a match may lie across the border */
	}
}
