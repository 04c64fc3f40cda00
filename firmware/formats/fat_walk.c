/* The parts of a long name stand before the short entry they belong to, last part first, in entries
 * that old systems skip. */
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/formats/fat.h"
#include "firmware/pieces.h"
#include "firmware/utf16.h"

#define MAX_DEPTH 64u
#define LARGEST_FOLDER ((uint64_t)4 << 20) /* 65536 entries, and as much again */
#define LONG_PARTS 20u
#define UNITS_PER_PART 13u
#define LAST_PART 0x40u
#define DELETED 0xe5

struct walk {
	struct job *job;
	struct unpack *unpack;
	struct span image;
	const struct fat_volume *volume;
	uint8_t *used; /* a bit for each cluster of a chain */
	unsigned depth;
};

/* A long name on its way. */
struct long_name {
	uint8_t units[LONG_PARTS * UNITS_PER_PART * 2];
	size_t size;   /* bytes of it */
	unsigned left; /* parts still to come */
	uint8_t sum;   /* of the short name it belongs to */
	bool good;
};

struct file {
	struct span name;
	uint32_t attributes, cluster, size;
};

static enum status walk_folder(struct walk *walk, struct node *folder, struct span content);

static bool
is_cluster(const struct walk *walk, uint32_t cluster)
{
	return cluster >= 2 && cluster - 2 < walk->volume->clusters;
}

static bool
is_end(const struct walk *walk, uint32_t mark)
{
	unsigned bits = walk->volume->bits == 32 ? 28 : walk->volume->bits;

	return mark >= (1u << bits) - 8;
}

/* A cluster in two chains, or twice in one, is a trap. */
static bool
use_cluster(struct walk *walk, uint32_t cluster)
{
	uint8_t *byte, bit = (uint8_t)(1u << (cluster & 7));

	if (!is_cluster(walk, cluster))
		return false;
	byte = &walk->used[cluster / 8];
	if (*byte & bit)
		return false;
	*byte |= bit;
	return true;
}

/* `size` bytes from the cluster on. */
static const char *
read_chain(struct walk *walk, uint32_t cluster, uint64_t size, uint64_t room, struct span *content)
{
	struct pieces pieces = {.job = walk->job, .image = walk->image, .size = size, .room = room};

	for (uint64_t done = 0; done < size; done += walk->volume->cluster_size) {
		if (!use_cluster(walk, cluster))
			return "its chain of clusters ends early, or runs into another";
		if (!pieces_add(&pieces, done, fat_cluster_at(walk->volume, cluster),
			walk->volume->cluster_size))
			return pieces.why;
		cluster = fat_table_entry(walk->volume, cluster);
	}
	return pieces_end(&pieces, content);
}

/* A folder is as long as its chain. */
static const char *
read_folder(struct walk *walk, uint32_t cluster, struct span *content)
{
	uint64_t size = 0;
	uint32_t next = cluster;

	while (is_cluster(walk, next) && size < LARGEST_FOLDER) {
		size += walk->volume->cluster_size;
		next = fat_table_entry(walk->volume, next);
	}
	if (size == 0 || !is_end(walk, next))
		return "its chain of clusters has no end";
	return read_chain(walk, cluster, size, LARGEST_FOLDER, content);
}

static enum status
damaged(struct walk *walk, struct node *folder, const struct file *file, const char *why)
{
	const char *text = text_from_bytes(walk->job, file->name.at, file->name.size, 255);

	if (text == NULL)
		return STATUS_LIMIT;
	return unpack_damage(
	    walk->unpack, folder, 0, file->size, COVERAGE_DAMAGED, "fat: %s: %s", text, why);
}

static enum status
add_file(struct walk *walk, struct node *folder, const struct file *file)
{
	bool is_folder = (file->attributes & FAT_FOLDER) != 0;
	struct entry entry = {
	    .name = file->name,
	    .type = is_folder ? NODE_FOLDER : NODE_FILE,
	    .mode = is_folder                          ? 0755
		    : file->attributes & FAT_READ_ONLY ? 0444
						       : 0644,
	    .bytes = file->size,
	};
	struct span content = {0};
	struct node *node;
	const char *why;

	if (is_folder)
		why = walk->depth >= MAX_DEPTH ? "folders too deep"
					       : read_folder(walk, file->cluster, &content);
	else
		why = read_chain(
		    walk, file->cluster, file->size, unpack_room(walk->unpack), &content);
	if (why != NULL)
		return damaged(walk, folder, file, why);
	if (!is_folder)
		return unpack_file(walk->unpack, folder, &entry, content, NULL);
	TRY(unpack_entry(walk->unpack, folder, &entry, &node));
	return node == NULL ? STATUS_OK : walk_folder(walk, node, content);
}

static void
add_part(struct long_name *name, struct span entry)
{
	static const struct {
		uint8_t at, size;
	} runs[] = {{1, 10}, {14, 12}, {28, 4}};
	uint8_t order = entry.at[0], sum = entry.at[13];
	unsigned number = order & (LAST_PART - 1);
	uint8_t *out;

	if (order & LAST_PART)
		*name = (struct long_name){.left = number, .sum = sum, .good = true};
	if (!name->good || number == 0 || number > LONG_PARTS || number != name->left ||
	    sum != name->sum) {
		name->good = false;
		return;
	}
	name->left--;
	if (order & LAST_PART)
		name->size = (size_t)number * UNITS_PER_PART * 2;
	out = name->units + (size_t)(number - 1) * UNITS_PER_PART * 2;
	for (size_t i = 0; i < ARRAY_SIZE(runs); i++) {
		memcpy(out, entry.at + runs[i].at, runs[i].size);
		out += runs[i].size;
	}
}

static uint8_t
sum_of(struct span short_name)
{
	unsigned sum = 0;

	for (size_t i = 0; i < short_name.size; i++)
		sum = ((sum & 1) << 7 | sum >> 1) + short_name.at[i], sum &= 0xff;
	return (uint8_t)sum;
}

/* One part of a short name, without its blanks. */
static void
put_short(struct text *text, struct span part, bool lower)
{
	while (part.size != 0 && part.at[part.size - 1] == ' ')
		part.size--;
	for (size_t i = 0; i < part.size; i++) {
		uint8_t c = part.at[i];

		if (lower && c >= 'A' && c <= 'Z')
			c = (uint8_t)(c - 'A' + 'a');
		text_put_bytes(text, &c, 1);
	}
}

/* "NAME    TXT" is NAME.TXT; two bits tell which half is in small letters. */
static enum status
short_name_of(struct job *job, struct span entry, struct span *name)
{
	struct text text = text_new(job);
	uint8_t first = entry.at[0] == 5 ? DELETED : entry.at[0], small = entry.at[12];
	struct span rest = span_part(entry, 1, 7);
	const char *string;

	put_short(&text, (struct span){&first, 1}, (small & 8) != 0);
	put_short(&text, rest, (small & 8) != 0);
	if (entry.at[8] != ' ') {
		text_put(&text, ".");
		put_short(&text, span_part(entry, 8, 3), (small & 16) != 0);
	}
	TRY(text_finish(&text, &string));
	*name = (struct span){(const uint8_t *)string, text.size};
	return STATUS_OK;
}

static enum status
name_of(struct walk *walk, struct span entry, const struct long_name *name, struct span *out)
{
	struct span units = {name->units, 0};

	if (!name->good || name->left != 0 || name->sum != sum_of(span_part(entry, 0, 11)))
		return short_name_of(walk->job, entry, out);
	while (units.size < name->size &&
	       (name->units[units.size] != 0 || name->units[units.size + 1] != 0))
		units.size += 2;
	*out = utf16_to_utf8(walk->job, units, false);
	return out->at == NULL ? STATUS_LIMIT : STATUS_OK;
}

static enum status
add_entry(struct walk *walk, struct node *folder, struct span entry, const struct long_name *name)
{
	struct reader reader = {.rest = entry};
	struct file file = {0};
	uint32_t high;

	TRY(name_of(walk, entry, name, &file.name));
	read_bytes(&reader, 11);
	file.attributes = read_u8(&reader);
	read_bytes(&reader, 8); /* small letters, times */
	high = read_u16_le(&reader);
	read_bytes(&reader, 4);
	file.cluster = read_u16_le(&reader);
	file.size = read_u32_le(&reader);
	if (walk->volume->bits == 32)
		file.cluster |= high << 16;
	if (file.attributes & FAT_FOLDER)
		file.size = 0;
	return add_file(walk, folder, &file);
}

/* The two that lead to the folder itself and to the one it is in. */
static bool
is_dot(struct span entry)
{
	return (entry.at[11] & FAT_FOLDER) != 0 && (memcmp(entry.at, ".          ", 11) == 0 ||
						       memcmp(entry.at, "..         ", 11) == 0);
}

/* Where the first free entry stands most readers stop, and Linux goes on. */
static enum status
walk_folder(struct walk *walk, struct node *folder, struct span content)
{
	struct long_name name = {0};
	struct span entry;
	enum status status = STATUS_OK;
	bool ended = false;
	unsigned behind = 0;

	walk->depth++;
	for (size_t at = 0; at < content.size && status == STATUS_OK; at += FAT_ENTRY_SIZE) {
		struct arena_mark mark = arena_mark(walk->job->arena);
		uint8_t first, attributes;

		entry = span_part(content, at, FAT_ENTRY_SIZE);
		if (entry.size == 0)
			break;
		first = entry.at[0];
		ended = ended || first == 0;
		attributes = entry.at[11] & 0x3f;
		if (first != DELETED && first != 0 && attributes == FAT_LONG_NAME) {
			add_part(&name, entry);
			continue;
		}
		if (first != DELETED && first != 0 && (attributes & FAT_LABEL) == 0 &&
		    (name.good || !is_dot(entry))) {
			status = add_entry(walk, folder, entry, &name);
			behind += ended;
		}
		name.good = false;
		arena_release(walk->job->arena, mark);
	}
	walk->depth--;
	if (status != STATUS_OK || behind == 0)
		return status;
	return unpack_damage(walk->unpack, folder, 0, 0, COVERAGE_DAMAGED,
	    "fat: %u entries stand behind the end of their folder", behind);
}

enum status
fat_walk(struct job *job, struct unpack *unpack, struct node *container,
    const struct fat_volume *volume, struct span image)
{
	struct walk walk = {.job = job, .unpack = unpack, .image = image, .volume = volume};
	struct span root = {0};
	const char *why;

	walk.used = arena_allocate(job, (volume->clusters + (size_t)2) / 8 + 1);
	if (walk.used == NULL)
		return STATUS_LIMIT;
	if (volume->bits == 32) {
		why = read_folder(&walk, volume->boot.root_cluster, &root);
	} else {
		root = span_part(
		    image, volume->root_at, (uint64_t)volume->boot.root_entries * FAT_ENTRY_SIZE);
		why = root.size == 0 ? "it is not there" : NULL;
	}
	if (why != NULL)
		return fail(job, STATUS_MALFORMED, "fat: the root folder: %s", why);
	return walk_folder(&walk, container, root);
}
