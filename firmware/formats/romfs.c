/* A RomFS file's data follow its header and its name at once, so a file never lies in pieces. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/extents.h"

#define HEADER_SIZE 16u
#define ALIGNMENT 16u
#define SUMMED 512u /* of the image, at most */
#define MAX_DEPTH 64u
#define MAX_LINKS 16u /* hard links to hard links */
#define MAX_NAME 256u

enum file_type {
	FILE_HARD_LINK,
	FILE_FOLDER,
	FILE_REGULAR,
	FILE_LINK,
	FILE_BLOCK_DEVICE,
	FILE_CHARACTER_DEVICE,
	FILE_SOCKET,
	FILE_FIFO,
};

struct header {
	uint32_t next, information, size;
	enum file_type type;
	bool executable;
	bool sum_is_good;
	struct span name, content;
	size_t head; /* bytes before the content */
};

struct walk {
	struct job *job;
	struct unpack *unpack;
	struct span image;
	uint8_t *visited; /* a bit for each place a header may begin */
	unsigned depth;
	struct extents read; /* lives as long as the tree */
};

static enum status walk_folder(struct walk *walk, struct node *folder, uint32_t first);

/* Whole words, big-endian, add up to zero. */
static bool
sum_is_good(struct span bytes)
{
	struct reader reader = {.rest = bytes};
	uint32_t sum = 0;

	while (reader.rest.size >= 4)
		sum += read_u32_be(&reader);
	return sum == 0;
}

/* A name ends in NUL and is padded; NULL-at when it has no end. */
static struct span
padded_name(struct span rest, size_t *padded)
{
	size_t limit = rest.size < MAX_NAME ? rest.size : MAX_NAME;
	size_t size = strnlen((const char *)rest.at, limit);

	*padded = (size + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	return size == limit ? (struct span){0} : (struct span){rest.at, size};
}

static bool
read_super(struct span at, uint32_t *size, struct span *name, size_t *root)
{
	struct reader reader = {.rest = at};

	read_bytes(&reader, 8); /* magic */
	*size = read_u32_be(&reader);
	read_u32_be(&reader); /* part of the sum */
	if (reader.overrun || reader.rest.size == 0)
		return false;
	*name = padded_name(reader.rest, root);
	*root += HEADER_SIZE;
	return name->at != NULL && *size >= 2 * HEADER_SIZE;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct span name;
	uint32_t size;
	size_t root;
	const char *text;
	bool cut, good;

	if (!span_starts_with(at, "-rom1fs-", 8) || !read_super(at, &size, &name, &root))
		return;
	cut = size > at.size;
	good = sum_is_good(span_part(at, 0, size < SUMMED ? size : SUMMED)) &&
	       at.size >= (size < SUMMED ? size : SUMMED);
	if (!good && !claim->expected)
		return;
	claim->bytes = cut ? at.size : size;
	text = text_from_bytes(job, name.at, name.size, 100);
	claim->detail = arena_printf(job, "volume \"%s\", checksum %s%s", text == NULL ? "" : text,
	    good ? "good" : "bad", cut ? ", cut short" : "");
	if (cut || !good) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete =
		    cut ? "the file system is cut short" : "the first checksum is bad";
	}
}

static bool
read_header(const struct walk *walk, uint32_t place, struct header *header)
{
	struct span rest = span_from(walk->image, place);
	struct reader reader = {.rest = rest};
	size_t padded = 0;
	uint32_t word = read_u32_be(&reader);

	header->next = word & ~(ALIGNMENT - 1);
	header->type = (enum file_type)(word & 7);
	header->executable = (word & 8) != 0;
	header->information = read_u32_be(&reader);
	header->size = read_u32_be(&reader);
	read_u32_be(&reader); /* part of the sum */
	if (reader.overrun || reader.rest.size == 0)
		return false;
	header->name = padded_name(reader.rest, &padded);
	header->head = HEADER_SIZE + padded;
	header->content = span_part(rest, header->head, header->size);
	header->sum_is_good = sum_is_good(span_part(rest, 0, header->head));
	return header->name.at != NULL && header->name.size != 0;
}

static bool
visit(struct walk *walk, uint32_t place)
{
	uint8_t *byte, bit = (uint8_t)(1u << (place / ALIGNMENT & 7));

	if (place % ALIGNMENT != 0 || place >= walk->image.size)
		return false;
	byte = &walk->visited[place / ALIGNMENT / 8];
	if (*byte & bit)
		return false;
	*byte |= bit;
	return true;
}

static uint32_t
mode_of(const struct header *header)
{
	if (header->type == FILE_LINK)
		return 0777;
	if (header->type == FILE_BLOCK_DEVICE || header->type == FILE_CHARACTER_DEVICE)
		return 0600;
	return header->executable ? 0755 : 0644;
}

static enum status
damaged(struct walk *walk, struct node *folder, const struct header *header, const char *why)
{
	const char *text = text_from_bytes(walk->job, header->name.at, header->name.size, 255);

	if (text == NULL)
		return STATUS_LIMIT;
	return unpack_damage(
	    walk->unpack, folder, 0, header->size, COVERAGE_DAMAGED, "romfs: %s: %s", text, why);
}

/* A hard link is the file it leads to, under its own name. */
static bool
follow(const struct walk *walk, struct header *header)
{
	struct span name = header->name;
	bool good = true;

	for (unsigned i = 0; good && header->type == FILE_HARD_LINK; i++) {
		uint32_t target = header->information & ~(ALIGNMENT - 1);

		good = i < MAX_LINKS && read_header(walk, target, header) &&
		       header->type != FILE_FOLDER;
	}
	header->name = name;
	return good;
}

static enum status
add_file(struct walk *walk, struct node *folder, struct header *header)
{
	static const enum node_type types[] = {
	    [FILE_FOLDER] = NODE_FOLDER,
	    [FILE_REGULAR] = NODE_FILE,
	    [FILE_LINK] = NODE_LINK,
	    [FILE_BLOCK_DEVICE] = NODE_DEVICE,
	    [FILE_CHARACTER_DEVICE] = NODE_DEVICE,
	    [FILE_SOCKET] = NODE_SOCKET,
	    [FILE_FIFO] = NODE_FIFO,
	};
	struct entry entry = {.name = header->name};
	struct node *node;

	if (!follow(walk, header))
		return damaged(walk, folder, header, "a hard link to a folder or to nothing");
	entry.type = types[header->type];
	entry.mode = mode_of(header);
	entry.bytes = header->size;
	entry.major = header->information >> 16;
	entry.minor = header->information & 0xffff;
	entry.is_block = header->type == FILE_BLOCK_DEVICE;
	entry.target = header->content;
	if ((entry.type == NODE_FILE || entry.type == NODE_LINK) &&
	    header->content.size != header->size)
		return damaged(walk, folder, header, "it reaches beyond the end");
	if (entry.type == NODE_FILE)
		return unpack_file(walk->unpack, folder, &entry, header->content, NULL);
	TRY(unpack_entry(walk->unpack, folder, &entry, &node));
	if (entry.type != NODE_FOLDER || node == NULL)
		return STATUS_OK;
	if (walk->depth >= MAX_DEPTH)
		return damaged(walk, folder, header, "folders too deep");
	return walk_folder(walk, node, header->information & ~(ALIGNMENT - 1));
}

static bool
is_dot(struct span name)
{
	return name.at[0] == '.' && (name.size == 1 || (name.size == 2 && name.at[1] == '.'));
}

/* Headers are a list through their folder; each is of one list only. */
static enum status
walk_folder(struct walk *walk, struct node *folder, uint32_t first)
{
	struct header header;
	enum status status = STATUS_OK;

	walk->depth++;
	for (uint32_t place = first; place != 0 && status == STATUS_OK; place = header.next) {
		struct arena_mark mark = arena_mark(walk->job->arena);
		uint32_t next;

		if (!visit(walk, place) || !read_header(walk, place, &header)) {
			status = unpack_damage(walk->unpack, folder, place, 0, COVERAGE_DAMAGED,
			    "romfs: header at 0x%x is outside, damaged or seen before", place);
			break;
		}
		next = header.next;
		TRY(extents_add(unpack_tree_job(walk->unpack), &walk->read, place,
		    header.head + header.content.size));
		if (!header.sum_is_good)
			status =
			    damaged(walk, folder, &header, "the checksum of its header is bad");
		if (status == STATUS_OK && !is_dot(header.name))
			status = add_file(walk, folder, &header);
		header.next = next;
		arena_release(walk->job->arena, mark);
	}
	walk->depth--;
	return status;
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct walk walk = {.job = job, .unpack = unpack, .image = content};
	struct span name;
	uint32_t size;
	size_t root;

	if (!read_super(content, &size, &name, &root))
		return fail(job, STATUS_MALFORMED, "romfs: no header");
	walk.visited = arena_allocate(job, content.size / ALIGNMENT / 8 + 1);
	if (walk.visited == NULL)
		return STATUS_LIMIT;
	TRY(extents_add(unpack_tree_job(unpack), &walk.read, 0, root));
	if (root < content.size)
		TRY(walk_folder(&walk, container, (uint32_t)root));
	return extents_tell_rest(&walk.read, unpack, container, content);
}

static const struct magic magics[] = {{.pattern = "-rom1fs-", .length = 8}};

const struct format format_romfs = {
    .name = "romfs",
    .title = "RomFS",
    .source = "Linux Documentation/filesystems/romfs.rst",
    .gaps = "owners: it has none",
    .nature = NATURE_FILE_SYSTEM,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
