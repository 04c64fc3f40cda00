/* A sink is one function; a list, a socket and the case are sinks alike. */
#include "facts/evidence.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

enum status
evidence_add(struct evidence *evidence, struct job *job, const struct fact *fact)
{
	struct fact with_source = *fact;

	if (with_source.source == NULL)
		with_source.source = evidence->source;
	TRY(fact_check(job, &with_source));
	return evidence->add(evidence, job, &with_source);
}

enum status
evidence_looked(struct evidence *evidence, struct job *job, enum fact_kind kind, bool complete,
    const char *reason, int64_t count)
{
	struct fact fact = fact_new(FACT_looked);

	fact.as.looked.kind = fact_kinds[kind].name;
	fact.as.looked.from_source = evidence->source;
	fact.as.looked.complete = complete;
	fact.as.looked.reason = reason;
	fact.as.looked.count = count;
	fact.as.looked.tool_version = HOPQUY_VERSION;
	return evidence_add(evidence, job, &fact);
}

static enum status
add_to_list(struct evidence *self, struct job *job, const struct fact *fact)
{
	struct fact_list *list = self->context;

	if (list->count == list->room) {
		size_t room = list->room == 0 ? 64 : list->room * 2;
		struct fact *facts = arena_array(job, room, sizeof *facts);

		if (facts == NULL)
			return STATUS_LIMIT;
		if (list->count != 0)
			memcpy(facts, list->facts, list->count * sizeof *facts);
		list->facts = facts;
		list->room = room;
	}
	list->facts[list->count++] = *fact;
	return STATUS_OK;
}

struct evidence
evidence_to_list(struct fact_list *list)
{
	return (struct evidence){.add = add_to_list, .context = list};
}

static enum status
add_to_descriptor(struct evidence *self, struct job *job, const struct fact *fact)
{
	const int *descriptor = self->context;
	struct arena_mark mark = arena_mark(job->arena);
	struct text out = text_new(job);
	const char *bytes;
	enum status status;

	fact_encode(&out, fact);
	status = text_finish(&out, &bytes);
	if (status == STATUS_OK)
		status = frame_send(job, *descriptor, FRAME_FACT,
		    (struct span){.at = (const uint8_t *)bytes, .size = out.size});
	arena_release(job->arena, mark);
	return status;
}

struct evidence
evidence_to_descriptor(int *descriptor)
{
	return (struct evidence){.add = add_to_descriptor, .context = descriptor};
}

static int
compare(const void *a, const void *b)
{
	return fact_compare(a, b);
}

void
fact_list_sort(struct fact_list *list)
{
	if (list->count > 1)
		qsort(list->facts, list->count, sizeof *list->facts, compare);
}
