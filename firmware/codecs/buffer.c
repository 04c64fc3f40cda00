/* A decoder's output grows by doubling until its limit, so a bomb costs at most the limit. */
#include "base/arena.h"
#include "firmware/codecs/codec.h"

#define FIRST_ROOM ((size_t)64 << 10)

bool
buffer_reserve(struct buffer *buffer, size_t wanted)
{
	size_t room = buffer->room == 0 ? FIRST_ROOM : buffer->room;
	size_t need;
	uint8_t *at;

	if (!size_add(buffer->size, wanted, &need) || need > buffer->limit)
		need = buffer->limit;
	if (need <= buffer->size)
		return false;
	if (need <= buffer->room)
		return true;
	while (room < need)
		room = room > buffer->limit / 2 ? buffer->limit : room * 2;
	if (room > buffer->limit)
		room = buffer->limit;
	at = block_resize(buffer->at, room);
	if (at == NULL)
		return false;
	buffer->at = at;
	buffer->room = room;
	return true;
}

struct span
buffer_span(const struct buffer *buffer)
{
	return (struct span){.at = buffer->at, .size = buffer->size};
}

void
buffer_free(struct buffer *buffer)
{
	block_free(buffer->at);
	*buffer = (struct buffer){.limit = buffer->limit};
}
