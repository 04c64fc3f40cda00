/* A store of variables is a log: each has a state, and the last word on a name is the one that was
 * added and not deleted. */
#include <inttypes.h>

#include "base/arena.h"
#include "firmware/uefi.h"

#define STORE_HEADER 28u
#define MAX_VARIABLES 4096u
#define START 0x55aau
#define ADDED 0x3fu /* bits are cleared as it changes: deleted ones have one less */
#define IN_TRANSITION 0xfeu

struct variable {
	struct span guid, name, data;
	uint8_t state;
	uint64_t size; /* with its padding */
};

static bool
read_variable(struct span at, bool authenticated, struct variable *variable)
{
	struct reader reader = {.rest = at};
	uint32_t name_size, data_size;

	if (read_u16_le(&reader) != START)
		return false;
	variable->state = read_u8(&reader);
	read_bytes(&reader, 5); /* reserved, attributes */
	if (authenticated)
		read_bytes(&reader, 28); /* counter, time, key */
	name_size = read_u32_le(&reader);
	data_size = read_u32_le(&reader);
	variable->guid = read_bytes(&reader, GUID_SIZE);
	variable->name = read_bytes(&reader, name_size);
	variable->data = read_bytes(&reader, data_size);
	variable->size = (at.size - reader.rest.size + 3) & ~(uint64_t)3;
	return !reader.overrun;
}

/* "SecureBoot-8be4df61"; what was deleted is there as well, and says where. */
static enum status
add_variable(struct job *job, struct unpack *unpack, struct node *container,
    const struct variable *variable, uint64_t place)
{
	bool valid = variable->state == ADDED || variable->state == (ADDED & IN_TRANSITION);
	struct entry entry = {.type = NODE_FILE, .mode = 0644};
	const char *guid = uefi_guid_text(job, variable->guid);
	const char *text = uefi_text(job, variable->name);
	const char *name =
	    guid == NULL || text == NULL ? NULL : arena_printf(job, "%s-%.8s", text, guid);

	if (name != NULL && !valid)
		name = arena_printf(job, "%s.deleted.%" PRIx64, name, place);
	if (name == NULL)
		return STATUS_LIMIT;
	entry.name = span_of_string(name);
	return unpack_file(unpack, container, &entry, variable->data, NULL);
}

enum status
uefi_add_variables(struct job *job, struct unpack *unpack, struct node *container,
    struct span content, uint64_t start, struct extents *extents)
{
	struct span store = span_from(content, start), guid = span_part(store, 0, GUID_SIZE);
	bool authenticated = uefi_guid_is(guid, "aaf32c78-947b-439a-a180-2e144ec37792");
	uint64_t place = start + STORE_HEADER;
	struct variable variable;

	if (!authenticated && !uefi_guid_is(guid, "ddcf3616-3275-4164-98b6-fe85707ffe7d"))
		return STATUS_OK;
	TRY(extents_add(job, extents, start, STORE_HEADER));
	for (unsigned i = 0; i < MAX_VARIABLES; i++) {
		struct arena_mark mark;

		if (!read_variable(span_from(content, place), authenticated, &variable))
			break;
		TRY(extents_add(job, extents, place, variable.size));
		mark = arena_mark(job->arena);
		TRY(add_variable(job, unpack, container, &variable, place));
		arena_release(job->arena, mark);
		place += variable.size;
	}
	return STATUS_OK;
}
