/* An exFAT file is a set of entries with a checksum; its clusters follow one another, or the table
 * tells them. */
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/pieces.h"
#include "firmware/unpack.h"
#include "firmware/utf16.h"

#define BOOT_SECTORS 11u /* whose sum stands in the twelfth */
#define MAX_DEPTH 64u
#define ENTRY_SIZE 32u
#define LARGEST_FOLDER ((uint64_t)256 << 20)
#define MAX_SET 19u /* entries of one file */
#define MAX_NAME 255u
#define UNITS_PER_ENTRY 15u
#define MAX_LABEL_ENTRIES 16u

enum entry_type {
	ENTRY_END = 0,
	ENTRY_LABEL = 0x83,
	ENTRY_FILE = 0x85,
	ENTRY_STREAM = 0xc0,
	ENTRY_NAME = 0xc1,
	ENTRY_IN_USE = 0x80,
};

enum { FILE_READ_ONLY = 1, FILE_FOLDER = 16, STREAM_CONTIGUOUS = 2, VOLUME_DIRTY = 2 };

struct volume {
	uint64_t sectors, bytes, table_at, heap_at;
	uint32_t clusters, root, flags;
	unsigned sector_log, cluster_log; /* of bytes */
	unsigned tables;
	struct span table;
};

struct walk {
	struct job *job;
	struct unpack *unpack;
	struct span image;
	struct volume volume;
	uint8_t *used; /* a bit for each cluster */
	unsigned depth;
};

struct file {
	struct span name;
	uint32_t attributes, first;
	uint64_t size, valid; /* what lies behind `valid` reads as zeros */
	bool contiguous;
};

static enum status walk_folder(struct walk *walk, struct node *folder, struct span content);

static bool
read_volume(struct span at, struct volume *volume)
{
	struct reader reader = {.rest = at};
	uint64_t table_sectors;
	uint32_t table, heap;

	read_bytes(&reader, 72); /* jump, name, what was FAT's, place in its disk */
	volume->sectors = read_u64_le(&reader);
	table = read_u32_le(&reader);
	table_sectors = read_u32_le(&reader);
	heap = read_u32_le(&reader);
	volume->clusters = read_u32_le(&reader);
	volume->root = read_u32_le(&reader);
	read_bytes(&reader, 6); /* serial number, version */
	volume->flags = read_u16_le(&reader);
	volume->sector_log = read_u8(&reader);
	volume->cluster_log = volume->sector_log + read_u8(&reader);
	volume->tables = read_u8(&reader);
	if (reader.overrun || volume->sector_log < 9 || volume->sector_log > 12 ||
	    volume->cluster_log > 25 || volume->tables < 1 || volume->tables > 2)
		return false;
	volume->table_at = (uint64_t)table << volume->sector_log;
	volume->heap_at = (uint64_t)heap << volume->sector_log;
	if (volume->sectors >> 44 != 0 || table < 24 || volume->clusters > 0xfffffff5 ||
	    volume->root < 2 || volume->root - 2 >= volume->clusters)
		return false;
	volume->bytes = volume->sectors << volume->sector_log;
	if (volume->heap_at > volume->bytes ||
	    (uint64_t)volume->clusters > (volume->bytes - volume->heap_at) >> volume->cluster_log ||
	    (volume->clusters + UINT64_C(2)) * 4 > table_sectors << volume->sector_log)
		return false;
	/* which of two is in use, a flag tells */
	if (volume->tables == 2 && volume->flags & 1)
		volume->table_at += table_sectors << volume->sector_log;
	volume->table = span_part(at, volume->table_at, table_sectors << volume->sector_log);
	return true;
}

/* Over the boot region, without what changes as the volume is used. */
static bool
boot_sum_is_good(struct span at, const struct volume *volume)
{
	struct span region = span_part(at, 0, (uint64_t)BOOT_SECTORS << volume->sector_log);
	struct reader reader = {.rest = span_from(at, region.size)};
	uint32_t sum = 0;

	for (size_t i = 0; i < region.size; i++)
		if (i != 106 && i != 107 && i != 112)
			sum = (sum << 31 | sum >> 1) + region.at[i];
	return region.size != 0 && read_u32_le(&reader) == sum && !reader.overrun;
}

static uint64_t
cluster_at(const struct volume *volume, uint32_t cluster)
{
	return volume->heap_at + ((uint64_t)(cluster - 2) << volume->cluster_log);
}

/* `, label "text"`, or nothing. */
static const char *
label_of(struct job *job, struct span at, const struct volume *volume)
{
	struct span root = span_from(at, cluster_at(volume, volume->root)), name;
	const char *text;

	for (unsigned i = 0; i < MAX_LABEL_ENTRIES; i++) {
		struct span entry = span_part(root, (uint64_t)i * ENTRY_SIZE, ENTRY_SIZE);

		if (entry.size == 0 || entry.at[0] == ENTRY_END)
			return "";
		if (entry.at[0] != ENTRY_LABEL || entry.at[1] == 0 || entry.at[1] > 11)
			continue;
		name = utf16_to_utf8(job, span_part(entry, 2, entry.at[1] * UINT64_C(2)), false);
		text = text_from_bytes(job, name.at, name.size, 64);
		text = text == NULL ? NULL : arena_printf(job, ", label \"%s\"", text);
		return text == NULL ? "" : text;
	}
	return "";
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct volume volume = {0};
	bool cut, good;

	if (!span_starts_with(span_from(at, 3), "EXFAT   ", 8) || !read_volume(at, &volume))
		return;
	good = boot_sum_is_good(at, &volume);
	if (!good && !claim->expected)
		return;
	cut = volume.bytes > at.size;
	claim->bytes = cut ? at.size : volume.bytes;
	claim->detail = arena_printf(job, "%u-byte clusters, boot checksum %s%s%s%s",
	    1u << volume.cluster_log, good ? "good" : "bad", label_of(job, at, &volume),
	    volume.flags & VOLUME_DIRTY ? ", not cleanly unmounted" : "", cut ? ", cut short" : "");
	if (cut || !good) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete =
		    cut ? "the file system is cut short" : "the boot sectors' checksum is bad";
	}
}

/* A cluster in two chains, or twice in one, is a trap. */
static bool
use_cluster(struct walk *walk, uint32_t cluster)
{
	uint8_t *byte, bit = (uint8_t)(1u << (cluster & 7));

	if (cluster < 2 || cluster - 2 >= walk->volume.clusters)
		return false;
	byte = &walk->used[cluster / 8];
	if (*byte & bit)
		return false;
	*byte |= bit;
	return true;
}

static uint32_t
table_entry(const struct volume *volume, uint32_t cluster)
{
	struct reader reader = {.rest = span_from(volume->table, (uint64_t)cluster * 4)};

	return read_u32_le(&reader);
}

/* Chains are as long as their file says, so no end mark is looked for. */
static const char *
read_chain(struct walk *walk, const struct file *file, uint64_t room, struct span *content)
{
	const struct volume *volume = &walk->volume;
	struct pieces pieces = {
	    .job = walk->job, .image = walk->image, .size = file->size, .room = room};
	uint64_t cluster_size = UINT64_C(1) << volume->cluster_log;
	uint32_t cluster = file->first;

	if (file->valid > file->size)
		return "its sizes make no sense";
	for (uint64_t done = 0; done < file->size; done += cluster_size) {
		uint64_t bytes = file->valid > done ? file->valid - done : 0;

		if (!use_cluster(walk, cluster))
			return "its chain of clusters ends early, or runs into another";
		if (bytes > cluster_size)
			bytes = cluster_size;
		if (!pieces_add(&pieces, done, cluster_at(volume, cluster), bytes))
			return pieces.why;
		cluster = file->contiguous ? cluster + 1 : table_entry(volume, cluster);
	}
	return pieces_end(&pieces, content);
}

static enum status
damaged(struct walk *walk, struct node *folder, const struct file *file, const char *why)
{
	const char *text = text_from_bytes(walk->job, file->name.at, file->name.size, 255);

	if (text == NULL)
		return STATUS_LIMIT;
	return unpack_damage(
	    walk->unpack, folder, 0, file->size, COVERAGE_DAMAGED, "exfat: %s: %s", text, why);
}

static enum status
add_file(struct walk *walk, struct node *folder, const struct file *file)
{
	bool is_folder = (file->attributes & FILE_FOLDER) != 0;
	struct entry entry = {
	    .name = file->name,
	    .type = is_folder ? NODE_FOLDER : NODE_FILE,
	    .mode = is_folder                           ? 0755
		    : file->attributes & FILE_READ_ONLY ? 0444
							: 0644,
	    .bytes = file->size,
	};
	struct span content = {0};
	struct node *node;
	const char *why = NULL;

	if (is_folder && (walk->depth >= MAX_DEPTH || file->size > LARGEST_FOLDER))
		why = "folders too deep or too large";
	if (why == NULL)
		why = read_chain(
		    walk, file, is_folder ? LARGEST_FOLDER : unpack_room(walk->unpack), &content);
	if (why != NULL)
		return damaged(walk, folder, file, why);
	if (!is_folder)
		return unpack_file(walk->unpack, folder, &entry, content, NULL);
	TRY(unpack_entry(walk->unpack, folder, &entry, &node));
	return node == NULL ? STATUS_OK : walk_folder(walk, node, content);
}

/* Over all entries of the set, without the sum itself. */
static uint16_t
set_sum(struct span set)
{
	unsigned sum = 0;

	for (size_t i = 0; i < set.size; i++)
		if (i != 2 && i != 3)
			sum = (((sum & 1) << 15 | sum >> 1) + set.at[i]) & 0xffff;
	return (uint16_t)sum;
}

/* A set of entries: the file, its stream, its name. */
static bool
read_set(struct walk *walk, struct span set, struct file *file)
{
	struct reader head = {.rest = set}, stream = {.rest = span_from(set, ENTRY_SIZE)};
	uint8_t units[MAX_SET * UNITS_PER_ENTRY * 2];
	size_t used = 0, name_size;

	read_bytes(&head, 2);
	if (read_u16_le(&head) != set_sum(set))
		return false;
	file->attributes = read_u16_le(&head);
	if (read_u8(&stream) != ENTRY_STREAM)
		return false;
	file->contiguous = (read_u8(&stream) & STREAM_CONTIGUOUS) != 0;
	read_bytes(&stream, 1);
	name_size = read_u8(&stream) * (size_t)2;
	read_bytes(&stream, 4); /* hash of the name */
	file->valid = read_u64_le(&stream);
	read_bytes(&stream, 4);
	file->first = read_u32_le(&stream);
	file->size = read_u64_le(&stream);
	for (uint64_t at = 2 * (uint64_t)ENTRY_SIZE; at < set.size; at += ENTRY_SIZE) {
		struct span part = span_part(set, at + 2, UNITS_PER_ENTRY * 2);

		if (set.at[at] != ENTRY_NAME || used + part.size > sizeof units)
			continue; /* what a vendor added */
		memcpy(units + used, part.at, part.size);
		used += part.size;
	}
	if (stream.overrun || name_size == 0 || name_size > used)
		return false;
	file->name = utf16_to_utf8(walk->job, (struct span){units, name_size}, false);
	return file->name.at != NULL;
}

static enum status
walk_folder(struct walk *walk, struct node *folder, struct span content)
{
	size_t at = 0;
	enum status status = STATUS_OK;

	walk->depth++;
	while (at < content.size && content.at[at] != ENTRY_END && status == STATUS_OK) {
		struct arena_mark mark = arena_mark(walk->job->arena);
		uint8_t type = content.at[at];
		size_t count = type == ENTRY_FILE && at + 1 < content.size
				   ? (size_t)content.at[at + 1] + 1
				   : 1;
		struct span set = span_part(content, at, count * ENTRY_SIZE);
		struct file file;

		at += count * ENTRY_SIZE;
		if (type != ENTRY_FILE)
			continue; /* deleted, or of the volume itself */
		if (count <= MAX_SET && set.size != 0 && read_set(walk, set, &file)) {
			status = add_file(walk, folder, &file);
		} else {
			status = unpack_damage(walk->unpack, folder, 0, 0, COVERAGE_DAMAGED,
			    "exfat: the checksum of a file's entries is bad");
			at -= (count - 1) * ENTRY_SIZE; /* the next may be good */
		}
		arena_release(walk->job->arena, mark);
	}
	walk->depth--;
	return status;
}

/* The root folder has no entry: its length is that of its chain. */
static enum status
walk_root(struct walk *walk, struct node *container)
{
	uint64_t cluster_size = UINT64_C(1) << walk->volume.cluster_log;
	struct file root = {.first = walk->volume.root};
	struct span content = {0};
	uint32_t next = root.first;
	const char *why;

	while (next - 2 < walk->volume.clusters && next >= 2 && root.size < LARGEST_FOLDER) {
		root.size += cluster_size;
		next = table_entry(&walk->volume, next);
	}
	root.valid = root.size;
	why = next == UINT32_MAX ? read_chain(walk, &root, LARGEST_FOLDER, &content)
				 : "its chain of clusters has no end";
	if (why != NULL)
		return fail(walk->job, STATUS_MALFORMED, "exfat: the root folder: %s", why);
	return walk_folder(walk, container, content);
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct walk walk = {.job = job, .unpack = unpack, .image = content};

	if (!read_volume(content, &walk.volume) || walk.volume.table.size == 0)
		return fail(job, STATUS_MALFORMED, "exfat: no boot sector or no table");
	walk.used = arena_allocate(job, (walk.volume.clusters + (size_t)2) / 8 + 1);
	return walk.used == NULL ? STATUS_LIMIT : walk_root(&walk, container);
}

static const struct magic magics[] = {{.pattern = "EXFAT   ", .length = 8, .offset = 3}};

const struct format format_exfat = {
    .name = "exfat",
    .title = "exFAT",
    .source = "Microsoft exFAT file system specification, revision 1.00",
    .gaps =
	"deleted files; owners and modes are made up, exFAT has none; the bitmap of clusters and "
	"the table of capitals are not looked at; TexFAT's second table only when it is in use",
    .nature = NATURE_FILE_SYSTEM,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
