/* What is kept is bounded here, so that no collector has to. */
#include "firmware/kept.h"

#include <string.h>

#include "base/arena.h"

enum status
kept_add(struct job *job, struct kept *kept, const char *by, const struct node *node,
    struct span content)
{
	size_t size = content.size < KEPT_MAX_FILE ? content.size : KEPT_MAX_FILE;
	struct kept_file *file;
	uint8_t *copy;

	if (kept->bytes > KEPT_MAX_BYTES - size || kept->count == KEPT_MAX_FILES)
		return fail(job, STATUS_LIMIT, "limit: more than %zu bytes or %zu files to keep",
		    KEPT_MAX_BYTES, KEPT_MAX_FILES);
	file = arena_allocate(kept->job, sizeof *file);
	copy = arena_allocate(kept->job, size);
	if (file == NULL || copy == NULL)
		return fail(job, STATUS_LIMIT, "limit: no memory to keep a file");
	if (size != 0)
		memcpy(copy, content.at, size);
	*file = (struct kept_file){.node = node, .content = {copy, size}, .by = by};
	if (kept->last == NULL)
		kept->first = file;
	else
		kept->last->next = file;
	kept->last = file;
	kept->bytes += size;
	kept->count++;
	return STATUS_OK;
}
