/* An eraseblock of a volume may lie anywhere on the flash, and twice: the newer one counts if it
 * was written to its end. */
#include "firmware/formats/ubi.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

#define NAMES_TOLD 6u

/* What of a volume's blocks is good, missing or not. */
struct assembly {
	struct ubi *ubi;
	const struct ubi_leb *lebs; /* those of one volume */
	size_t count;
	const struct ubi_volume *volume; /* NULL: the table does not know it */
	uint64_t leb_size;
	const char *damage; /* the first one found */
	uint32_t damaged_leb;
};

/* "rootfs", "data" and so on. */
static const char *
tell_volumes(struct job *job, const struct ubi *ubi)
{
	struct text text = text_new(job);
	const char *told;
	unsigned count = 0;

	for (size_t i = 0; i < UBI_MAX_VOLUMES && count <= NAMES_TOLD; i++) {
		const struct ubi_volume *volume = &ubi->volumes[i];
		const char *name;

		if (!volume->present)
			continue;
		name = text_from_bytes(job, volume->name.at, volume->name.size, 60);
		if (name == NULL)
			return NULL;
		if (count++ == NAMES_TOLD)
			text_put(&text, " …");
		else
			text_printf(&text, "%s%s%s", count == 1 ? "" : " ", name,
			    volume->type == UBI_STATIC ? " (static)" : "");
	}
	return text_finish(&text, &told) == STATUS_OK ? told : NULL;
}

static const char *
tell(struct job *job, const struct ubi *ubi)
{
	const char *names = tell_volumes(job, ubi);

	if (names == NULL)
		return NULL;
	return arena_printf(job, "%" PRIu64 " eraseblocks of %" PRIu64 ", %s; volumes: %s%s",
	    ubi->blocks, ubi->block,
	    ubi->tables == 0   ? "no volume table"
	    : ubi->tables == 1 ? "one copy of the volume table crc good"
			       : "volume tables crc good",
	    names[0] == '\0' ? "none" : names, ubi->cut ? ", cut short" : "");
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct arena_mark mark;
	struct ubi ubi;
	char detail[1024] = "";
	const char *told;

	if (!ubi_measure(at, &ubi))
		return;
	claim->bytes = ubi.bytes;
	if (ubi.first.version != 1) {
		claim->coverage = COVERAGE_UNSUPPORTED;
		claim->incomplete = "ubi: a version other than 1";
		return;
	}
	mark = arena_mark(job->arena);
	told = ubi_read(job, &ubi) == STATUS_OK ? tell(job, &ubi) : NULL;
	if (told != NULL)
		memcpy(detail, told, strnlen(told, sizeof detail - 1));
	arena_release(job->arena, mark);
	claim->detail = arena_copy_string(job, detail);
	if (ubi.cut) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "ubi: the last eraseblock is cut short";
	}
}

static struct span
data_of(const struct assembly *assembly, const struct ubi_leb *leb)
{
	struct span whole = span_from(assembly->ubi->image, leb->at);
	uint64_t size = leb->type == UBI_STATIC ? leb->data_size : assembly->leb_size;

	return span_part(whole, 0, size);
}

static bool
crc_is_good(const struct assembly *assembly, const struct ubi_leb *leb)
{
	struct span data = span_part(assembly->ubi->image, leb->at, leb->data_size);

	return data.size == leb->data_size && leb->data_size <= assembly->leb_size &&
	       ubi_crc(data) == leb->crc;
}

/* Of the copies of one logical block that begin at `*index` the one that counts; moves past them.
 */
static const struct ubi_leb *
choose(struct assembly *assembly, size_t *index)
{
	const struct ubi_leb *first = &assembly->lebs[*index], *chosen = NULL;

	while (*index < assembly->count && assembly->lebs[*index].number == first->number) {
		const struct ubi_leb *leb = &assembly->lebs[(*index)++];
		bool summed = leb->copied || leb->type == UBI_STATIC;

		if (chosen == NULL && (!summed || crc_is_good(assembly, leb)))
			chosen = leb;
	}
	if (chosen == NULL && assembly->damage == NULL) {
		assembly->damage = "data crc bad";
		assembly->damaged_leb = first->number;
	}
	return chosen == NULL ? first : chosen;
}

/* Copies the blocks to where they belong; what was never written reads as erased. */
static size_t
assemble(struct assembly *assembly, uint8_t *out, size_t room)
{
	size_t index = 0, size = 0;
	uint32_t expected = 0;

	memset(out, 0xff, room);
	while (index < assembly->count) {
		const struct ubi_leb *leb = choose(assembly, &index);
		struct span data = data_of(assembly, leb);
		uint64_t place = leb->number * assembly->leb_size;
		bool is_static = leb->type == UBI_STATIC;

		if (is_static && leb->number != expected && assembly->damage == NULL) {
			assembly->damage = "eraseblocks are missing";
			assembly->damaged_leb = expected;
		}
		expected = leb->number + 1;
		if (data.at == NULL && assembly->damage == NULL &&
		    (leb->data_size != 0 || !is_static)) {
			assembly->damage = "data are cut short";
			assembly->damaged_leb = leb->number;
		}
		if (data.size > room || place > room - data.size)
			continue;
		if (data.size != 0)
			memcpy(out + place, data.at, data.size);
		size = place + data.size;
	}
	if (assembly->lebs[0].type == UBI_STATIC && expected < assembly->lebs[0].used &&
	    assembly->damage == NULL) {
		assembly->damage = "eraseblocks are missing";
		assembly->damaged_leb = expected;
	}
	return size;
}

static struct span
name_of(struct job *job, const struct assembly *assembly)
{
	const struct ubi_volume *volume = assembly->volume;
	char *made;

	if (volume != NULL && tree_name_is_good(volume->name))
		return volume->name;
	made = arena_printf(job, "volume-%" PRIu32, assembly->lebs[0].volume);
	return made == NULL ? (struct span){0} : span_of_string(made);
}

/* Blocks beyond those the table gives the volume are no part of it. */
static uint64_t
room_for(struct assembly *assembly)
{
	const struct ubi_volume *volume = assembly->volume;

	while (volume != NULL && assembly->count != 0 &&
	       assembly->lebs[assembly->count - 1].number >= volume->reserved) {
		assembly->damage = "eraseblocks lie beyond its end";
		assembly->damaged_leb = volume->reserved;
		assembly->count--;
	}
	if (assembly->count == 0)
		return 0;
	return ((uint64_t)assembly->lebs[assembly->count - 1].number + 1) * assembly->leb_size;
}

static enum status
add_volume(
    struct job *job, struct unpack *unpack, struct node *container, struct assembly *assembly)
{
	struct entry entry = {.type = NODE_FILE, .mode = 0644};
	uint64_t room = room_for(assembly);
	const char *shown;
	uint8_t *bytes;
	size_t size;

	entry.name = name_of(job, assembly);
	shown = text_from_bytes(job, entry.name.at, entry.name.size, 200);
	if (shown == NULL)
		return STATUS_LIMIT;
	bytes = room > unpack_room(unpack) ? NULL : arena_allocate(job, (size_t)room);
	if (bytes == NULL)
		return unpack_damage(unpack, container, 0, room, COVERAGE_DAMAGED,
		    "ubi: volume %s: limit: larger than the memory allowed", shown);
	size = assembly->count == 0 ? 0 : assemble(assembly, bytes, (size_t)room);
	if (assembly->volume != NULL && assembly->volume->updating)
		assembly->damage = "its update was not finished";
	if (assembly->damage != NULL)
		TRY(unpack_damage(unpack, container, 0, size, COVERAGE_DAMAGED,
		    "ubi: volume %s: %s (eraseblock %" PRIu32 ")", shown, assembly->damage,
		    assembly->damaged_leb));
	return unpack_file(unpack, container, &entry, (struct span){bytes, size}, NULL);
}

/* A volume without any block is either still to be filled or has been cut off. */
static enum status
add_empty(struct job *job, struct unpack *unpack, struct node *container, const struct ubi *ubi,
    uint32_t number)
{
	const struct ubi_volume *volume = &ubi->volumes[number];
	struct entry entry = {.name = volume->name, .type = NODE_FILE, .mode = 0644};
	const char *name = text_from_bytes(job, volume->name.at, volume->name.size, 200);

	if (name == NULL)
		return STATUS_LIMIT;
	if (!volume->grows && ubi->unused == 0)
		return unpack_damage(unpack, container, 0, 0, COVERAGE_DAMAGED,
		    "ubi: volume %s: nothing of it is there", name);
	return unpack_file(unpack, container, &entry, (struct span){0}, NULL);
}

/* The volumes in the order of their numbers. */
static enum status
add_volumes(struct job *job, struct unpack *unpack, struct node *container, struct ubi *ubi)
{
	size_t from = 0;
	uint32_t next = 0; /* volume of the table not yet told */

	while (from < ubi->leb_count) {
		struct arena_mark mark = arena_mark(job->arena);
		struct assembly assembly = {.ubi = ubi, .lebs = ubi->lebs + from};
		uint32_t number = ubi->lebs[from].volume;

		while (from < ubi->leb_count && ubi->lebs[from].volume == number)
			from++;
		assembly.count = (size_t)(ubi->lebs + from - assembly.lebs);
		for (; next < number && next < UBI_MAX_VOLUMES; next++)
			if (ubi->volumes[next].present)
				TRY(add_empty(job, unpack, container, ubi, next));
		next = number < UBI_MAX_VOLUMES ? number + 1 : UBI_MAX_VOLUMES;
		if (number >= UBI_FIRST_INTERNAL)
			continue;
		if (number < UBI_MAX_VOLUMES && ubi->volumes[number].present)
			assembly.volume = &ubi->volumes[number];
		assembly.leb_size = ubi_leb_size(ubi, assembly.lebs[0].data_pad);
		TRY(add_volume(job, unpack, container, &assembly));
		arena_release(job->arena, mark);
	}
	for (; next < UBI_MAX_VOLUMES; next++)
		if (ubi->volumes[next].present)
			TRY(add_empty(job, unpack, container, ubi, next));
	return STATUS_OK;
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct ubi *ubi = arena_allocate(job, sizeof *ubi);

	if (ubi == NULL)
		return STATUS_LIMIT;
	if (!ubi_measure(content, ubi))
		return fail(job, STATUS_MALFORMED, "ubi: no erase counter header");
	TRY(ubi_read(job, ubi));
	if (ubi->tables == 0)
		TRY(unpack_damage(unpack, container, 0, 0, COVERAGE_DAMAGED,
		    "ubi: no good copy of the volume table"));
	if (ubi->odd != 0)
		TRY(unpack_damage(unpack, container, ubi->first_odd, ubi->odd * ubi->block,
		    COVERAGE_GAP, "ubi: %" PRIu64 " eraseblocks are of no volume and not erased",
		    ubi->odd));
	return add_volumes(job, unpack, container, ubi);
}

static const struct magic magics[] = {
    {.pattern = "UBI#\\x01\\x00\\x00\\x00", .length = 8},
};

const struct format format_ubi = {
    .name = "ubi",
    .title = "UBI, with static and dynamic volumes",
    .source = "Linux drivers/mtd/ubi/ubi-media.h",
    .gaps = "the fastmap is not needed and not read; eraseblocks that newer ones replace are not "
	    "shown",
    .nature = NATURE_ARCHIVE,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
