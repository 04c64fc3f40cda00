/* Most files lie in one piece, and those need not be copied. */
#include "firmware/pieces.h"

#include <string.h>

#include "base/arena.h"

/* From here on it is copied. */
static bool
begin_copy(struct pieces *pieces)
{
	if (pieces->size > pieces->room) {
		pieces->why = "limit: larger than what may be unpacked";
		return false;
	}
	pieces->bytes = arena_allocate(pieces->job, pieces->size);
	if (pieces->bytes == NULL) {
		pieces->why = "limit: out of memory";
		return false;
	}
	if (pieces->whole != 0)
		memcpy(pieces->bytes, pieces->image.at + pieces->first, pieces->whole);
	return true;
}

bool
pieces_add(struct pieces *pieces, uint64_t at, uint64_t place, uint64_t size)
{
	struct span part;

	if (at < pieces->next || __builtin_add_overflow(at, size, &pieces->next)) {
		pieces->why = "its pieces overlap";
		return false;
	}
	if (at >= pieces->size || size == 0)
		return true;
	if (size > pieces->size - at)
		size = pieces->size - at;
	part = span_part(pieces->image, place, size);
	if (part.size == 0) {
		pieces->why = "a piece of it lies outside";
		return false;
	}
	if (pieces->bytes == NULL && at == pieces->whole &&
	    (at == 0 || place == pieces->first + at)) {
		pieces->first = at == 0 ? place : pieces->first;
		pieces->whole += size;
		return true;
	}
	if (pieces->bytes == NULL && !begin_copy(pieces))
		return false;
	memcpy(pieces->bytes + at, part.at, size);
	return true;
}

const char *
pieces_end(struct pieces *pieces, struct span *content)
{
	*content = (struct span){0};
	if (pieces->why != NULL || pieces->size == 0)
		return pieces->why;
	if (pieces->bytes == NULL && pieces->whole == pieces->size) {
		*content = span_part(pieces->image, pieces->first, pieces->size);
		return NULL;
	}
	if (pieces->bytes == NULL && !begin_copy(pieces)) /* it ends in a hole */
		return pieces->why;
	*content = (struct span){pieces->bytes, pieces->size};
	return NULL;
}
