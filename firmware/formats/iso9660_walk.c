/* A file is one record, or several in a row when it is larger than 4 GiB; no record crosses a
 * sector.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/arena.h"
#include "firmware/formats/iso9660.h"
#include "firmware/pieces.h"
#include "firmware/utf16.h"

#define MAX_DEPTH 64u
#define MAX_EXTENTS 65536u

struct walk {
	struct job *job;
	struct unpack *unpack;
	struct span image;
	struct iso_volume *volume;
	bool joliet;
	uint8_t *visited; /* a bit for each block a folder may begin at */
	unsigned depth;
};

/* A file on its way: its records, which follow one another. */
struct file {
	struct iso_record first;
	struct pieces pieces;
	unsigned extents;
};

static enum status walk_folder(struct walk *walk, struct node *folder, struct iso_extent extent);

static bool
visit(struct walk *walk, uint64_t place)
{
	uint64_t block = place / walk->volume->block_size;
	uint8_t *byte, bit = (uint8_t)(1u << (block & 7));

	if (place >= walk->image.size)
		return false;
	byte = &walk->visited[block / 8];
	if (*byte & bit)
		return false;
	*byte |= bit;
	return true;
}

static enum status
damaged(struct walk *walk, struct node *folder, struct span name, uint64_t bytes,
    enum coverage coverage, const char *why)
{
	const char *text = text_from_bytes(walk->job, name.at, name.size, 255);

	if (text == NULL)
		return STATUS_LIMIT;
	return unpack_damage(
	    walk->unpack, folder, 0, bytes, coverage, "iso9660: %s: %s", text, why);
}

/* "NAME.TXT;1" and "NAME.;1" without the version, and without a point that ends it. */
static struct span
plain_name(struct span name)
{
	size_t end = name.size;

	while (end != 0 && name.at[end - 1] >= '0' && name.at[end - 1] <= '9')
		end--;
	if (end > 1 && end < name.size && name.at[end - 1] == ';')
		name.size = end - 1;
	if (name.size > 1 && name.at[name.size - 1] == '.')
		name.size--;
	return name;
}

static enum status
name_of(
    struct walk *walk, const struct iso_record *record, struct iso_rock *rock, struct span *name)
{
	const char *text;

	if (rock->has_name) {
		TRY(text_finish(&rock->name, &text));
		*name = (struct span){(const uint8_t *)text, rock->name.size};
		return STATUS_OK;
	}
	*name = record->name;
	if (walk->joliet) {
		*name = utf16_to_utf8(walk->job, *name, true);
		if (name->at == NULL)
			return STATUS_LIMIT;
	}
	*name = plain_name(*name);
	return STATUS_OK;
}

/* A folder that was deeper than eight levels lies elsewhere; its first record is itself. */
static enum status
enter_moved(struct walk *walk, struct node *folder, const struct iso_rock *rock)
{
	struct iso_record self;

	if (!iso_read_record(span_from(walk->image, rock->child), walk->volume->block_size, &self))
		return unpack_damage(walk->unpack, folder, rock->child, 0, COVERAGE_DAMAGED,
		    "iso9660: a folder that was moved cannot be read");
	return walk_folder(walk, folder, (struct iso_extent){rock->child, self.bytes});
}

static void
note_boot(struct walk *walk, uint64_t place)
{
	for (size_t i = 0; i < walk->volume->boot_count; i++)
		if (walk->volume->boots[i].place == place)
			walk->volume->boots[i].seen = true;
}

static enum status
add_regular(struct walk *walk, struct node *folder, const struct file *file,
    const struct iso_rock *rock, struct entry *entry)
{
	struct pieces pieces = file->pieces;
	struct span content;
	const char *why = pieces_end(&pieces, &content);

	if (rock->compressed || rock->sparse || file->first.interleave != 0)
		return damaged(walk, folder, entry->name, pieces.size, COVERAGE_UNSUPPORTED,
		    rock->compressed ? "compressed by zisofs"
		    : rock->sparse   ? "a sparse file"
				     : "an interleaved file");
	if (why != NULL) {
		unpack_waste(walk->unpack, pieces.bytes == NULL ? 0 : pieces.size);
		return damaged(walk, folder, entry->name, pieces.size, COVERAGE_DAMAGED, why);
	}
	note_boot(walk, file->first.place);
	return unpack_file(walk->unpack, folder, entry, content, NULL);
}

static enum status
add_file(struct walk *walk, struct node *folder, const struct file *file)
{
	bool is_folder = (file->first.flags & ISO_FOLDER) != 0;
	struct entry entry = {.type = is_folder ? NODE_FOLDER : NODE_FILE,
	    .mode = is_folder ? 0555 : 0444,
	    .bytes = file->pieces.size};
	struct iso_rock rock = {0};
	const char *target;
	struct node *node;

	if (walk->volume->has_rock_ridge)
		iso_read_rock(walk->job, walk->image, walk->volume, file->first.system_use, &rock);
	TRY(name_of(walk, &file->first, &rock, &entry.name));
	if (rock.damaged)
		TRY(damaged(walk, folder, entry.name, 0, COVERAGE_DAMAGED,
		    "its Rock Ridge entries are damaged"));
	if (rock.moved)
		return STATUS_OK; /* told where it belongs */
	if (rock.has_mode) {
		entry.type = is_folder || rock.has_child ? NODE_FOLDER : node_type_of(rock.mode);
		entry.mode = rock.mode;
		entry.uid = rock.uid;
		entry.gid = rock.gid;
		entry.major = rock.major;
		entry.minor = rock.minor;
		entry.is_block = (rock.mode & 0170000) == 0060000;
	}
	if (entry.type == NODE_FILE)
		return add_regular(walk, folder, file, &rock, &entry);
	if (entry.type == NODE_LINK) {
		TRY(text_finish(&rock.target, &target));
		entry.target = (struct span){(const uint8_t *)target, rock.target.size};
	}
	TRY(unpack_entry(walk->unpack, folder, &entry, &node));
	if (node == NULL || entry.type != NODE_FOLDER)
		return STATUS_OK;
	return rock.has_child ? enter_moved(walk, node, &rock)
			      : walk_folder(walk, node,
				    (struct iso_extent){file->first.place, file->first.bytes});
}

/* Takes the next extent of a file; false in `*whole` when more follow. */
static enum status
add_record(
    struct walk *walk, struct node *folder, const struct iso_record *record, struct file *file)
{
	uint64_t at;
	enum status status;

	if (record->name.size == 1 && record->name.at[0] <= 1)
		return STATUS_OK; /* itself and its parent */
	if (file->extents == 0)
		*file = (struct file){.first = *record,
		    .pieces = {
			.job = walk->job, .image = walk->image, .room = unpack_room(walk->unpack)}};
	at = file->pieces.size;
	file->pieces.size += record->bytes;
	if ((record->flags & ISO_FOLDER) == 0)
		pieces_add(&file->pieces, at, record->place, record->bytes);
	file->extents++;
	if (record->flags & ISO_MORE_EXTENTS && file->extents < MAX_EXTENTS)
		return STATUS_OK;
	status = add_file(walk, folder, file);
	file->extents = 0;
	return status;
}

static enum status
walk_folder(struct walk *walk, struct node *folder, struct iso_extent extent)
{
	struct span content = span_part(walk->image, extent.place, extent.bytes);
	struct arena_mark mark = arena_mark(walk->job->arena);
	struct file file = {0};
	size_t at = 0;
	enum status status = STATUS_OK;

	if (extent.bytes == 0)
		return STATUS_OK;
	if (content.size == 0 || walk->depth >= MAX_DEPTH || !visit(walk, extent.place))
		return unpack_damage(walk->unpack, folder, extent.place, extent.bytes,
		    COVERAGE_DAMAGED, "iso9660: a folder outside, too deep or seen before");
	walk->depth++;
	while (at < content.size && status == STATUS_OK) {
		struct iso_record record;
		struct span rest = span_from(content, at);

		if (rest.at[0] == 0) { /* the rest of the sector is empty */
			at = (at / ISO_SECTOR + 1) * ISO_SECTOR;
			continue;
		}
		if (!iso_read_record(rest, walk->volume->block_size, &record)) {
			status = unpack_damage(walk->unpack, folder, extent.place, extent.bytes,
			    COVERAGE_DAMAGED, "iso9660: a folder is damaged");
			break;
		}
		at += record.size;
		status = add_record(walk, folder, &record, &file);
		if (file.extents == 0)
			arena_release(walk->job->arena, mark);
	}
	if (file.extents != 0 && status == STATUS_OK)
		status = damaged(walk, folder, file.first.name, file.pieces.size, COVERAGE_DAMAGED,
		    "its last extent is missing");
	walk->depth--;
	return status;
}

/* What is started from the disc and is no file of it. */
static enum status
add_boots(struct walk *walk, struct node *container)
{
	for (size_t i = 0; i < walk->volume->boot_count; i++) {
		const struct iso_boot *boot = &walk->volume->boots[i];
		struct span content = span_part(walk->image, boot->place, boot->bytes);
		char name[40];
		struct entry entry = {.type = NODE_FILE, .mode = 0444};

		if (boot->seen)
			continue;
		snprintf(name, sizeof name, "[boot image %zu]", i + 1);
		entry.name = span_of_string(name);
		if (content.size == 0)
			TRY(damaged(walk, container, entry.name, boot->bytes, COVERAGE_DAMAGED,
			    "it is not there"));
		else
			TRY(unpack_file(walk->unpack, container, &entry, content, NULL));
	}
	return STATUS_OK;
}

enum status
iso_walk(struct job *job, struct unpack *unpack, struct node *container, struct iso_volume *volume,
    struct span image)
{
	struct walk walk = {.job = job, .unpack = unpack, .image = image, .volume = volume};
	struct iso_extent root = volume->root;

	walk.joliet = !volume->has_rock_ridge && volume->joliet_root.bytes != 0;
	if (walk.joliet)
		root = volume->joliet_root;
	walk.visited = arena_allocate(job, image.size / volume->block_size / 8 + 1);
	if (walk.visited == NULL)
		return STATUS_LIMIT;
	TRY(walk_folder(&walk, container, root));
	return add_boots(&walk, container);
}
