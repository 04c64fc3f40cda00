/* A RouterOS package is a row of typed parts: one compressed list of files, one SquashFS, scripts
 * and what is told of them. */
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/archive.h"
#include "firmware/header.h"

#define HEADER_SIZE ((uint64_t)8)
#define PART_HEADER_SIZE ((uint64_t)6)
#define MAX_PARTS 64u
#define MAX_FILES 65536u
#define LARGEST_RATIO ((size_t)1032) /* of deflate */

enum part_type {
	PART_INFO = 1,
	PART_FILES = 4,
	PART_SIGNATURE = 9,
	PART_ARCHITECTURE = 16,
	PART_MAIN_INFO = 18,
	PART_FILL = 22,
	PART_CHANNEL = 24,
	PART_HEADER = 25,
};

struct part {
	uint16_t type;
	uint64_t offset;
	struct span bytes; /* as many as there are */
	bool whole;
};

/* The next part of `package`; false at its end. */
static bool
next_part(struct span package, uint64_t *offset, struct part *part)
{
	struct reader reader = {.rest = span_from(package, *offset)};
	uint32_t size;

	part->type = read_u16_le(&reader);
	size = read_u32_le(&reader);
	if (reader.overrun)
		return false;
	part->offset = *offset + PART_HEADER_SIZE;
	part->whole = size <= reader.rest.size;
	part->bytes = part->whole ? span_part(reader.rest, 0, size) : reader.rest;
	*offset = part->offset + size;
	return true;
}

/* "NAME 6.45.6": of a part that tells a package's name and version. */
static const char *
info_of(struct job *job, struct span bytes)
{
	struct reader reader = {.rest = bytes};
	struct span name = read_bytes(&reader, 16);
	struct span version = read_bytes(&reader, 4); /* patch, kind, minor, major */

	if (reader.overrun || !header_text_is_good(name))
		return NULL;
	return arena_printf(job, "%s %u.%u.%u%s", header_text(job, name), version.at[3],
	    version.at[2], version.at[0] & 0x7fu,
	    version.at[1] == 'a'   ? " alpha"
	    : version.at[1] == 'b' ? " beta"
	    : version.at[1] == 'c' ? " release candidate"
				   : "");
}

struct summary {
	const char *info, *architecture, *channel;
	bool is_signed, cut;
	unsigned parts;
};

static bool
summarise(struct job *job, struct span package, struct summary *summary)
{
	uint64_t offset = HEADER_SIZE;
	struct part part;

	*summary = (struct summary){.architecture = "", .channel = ""};
	while (summary->parts < MAX_PARTS && next_part(package, &offset, &part)) {
		if (part.type == 0 || part.type > 64)
			return false;
		if ((part.type == PART_INFO || part.type == PART_MAIN_INFO) &&
		    summary->info == NULL)
			summary->info = info_of(job, part.bytes);
		if (part.type == PART_ARCHITECTURE && part.whole)
			summary->architecture = header_text(job, part.bytes);
		if (part.type == PART_CHANNEL && part.whole)
			summary->channel = header_text(job, part.bytes);
		summary->is_signed |= part.type == PART_SIGNATURE;
		summary->cut |= !part.whole;
		summary->parts++;
	}
	return summary->parts != 0;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct reader reader = {.rest = at};
	struct summary summary;
	uint64_t size;
	bool whole;

	read_bytes(&reader, 4);
	size = HEADER_SIZE + read_u32_le(&reader);
	if (reader.overrun || size <= HEADER_SIZE + PART_HEADER_SIZE)
		return;
	if (!summarise(job, span_part(at, 0, size < at.size ? size : at.size), &summary))
		return;
	if (summary.info == NULL && (summary.cut || size > at.size) && !claim->expected)
		return;
	whole = header_claim(claim, at, size);
	claim->detail = arena_printf(job, "%s%s%s%s%s, %u parts, %s%s",
	    summary.info == NULL ? "no name" : summary.info,
	    summary.architecture[0] == '\0' ? "" : " for ", summary.architecture,
	    summary.channel[0] == '\0' ? "" : ", ", summary.channel, summary.parts,
	    summary.is_signed ? "with a signature" : "not signed", whole ? "" : ", cut short");
	if (whole && summary.cut) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "a part is longer than the package";
	}
}

/* One file of the list; `*list` goes on behind it. */
static bool
read_file(struct span *list, struct entry *entry, struct span *content)
{
	struct reader reader = {.rest = *list};
	uint32_t size;
	uint16_t mode, name;

	mode = read_u16_le(&reader);
	read_bytes(&reader, 6 + 4 + 4 + 4 + 4); /* owner, times, version */
	size = read_u32_le(&reader);
	name = read_u16_le(&reader);
	*entry = (struct entry){
	    .name = read_bytes(&reader, name), .type = node_type_of(mode), .mode = mode};
	*content = read_bytes(&reader, size);
	entry->bytes = content->size;
	entry->target = *content;
	*list = reader.rest;
	return !reader.overrun;
}

static enum status
add_files(struct unpack *unpack, struct node *container, const struct part *part, struct span list)
{
	struct archive_tree *archive = archive_tree_new(unpack, container);
	struct entry entry;
	struct span content;
	unsigned count = 0;

	if (archive == NULL)
		return STATUS_LIMIT;
	while (list.size != 0) {
		if (count++ >= MAX_FILES || !read_file(&list, &entry, &content))
			return unpack_damage(unpack, container, part->offset, part->bytes.size,
			    COVERAGE_DAMAGED, "npk: a file of the list makes no sense");
		TRY(archive_tree_add(archive, &entry, content));
	}
	return STATUS_OK;
}

/* The list's size when unpacked is told nowhere: room grows until it fits. */
static bool
inflate(struct span in, struct buffer *out)
{
	struct codec_states states = {0};
	size_t most = in.size > SIZE_MAX / LARGEST_RATIO ? SIZE_MAX : in.size * LARGEST_RATIO;
	size_t room = in.size * 4 + 4096;
	bool good = false;

	if (most < out->limit)
		out->limit = most;
	while (!good && buffer_reserve(out, room)) {
		good = codec_decode(&states, &codec_zlib, in, out->at, out->room, &out->size);
		if (good || out->room >= out->limit)
			break;
		out->size = 0;
		room = out->room > SIZE_MAX / 4 ? SIZE_MAX : out->room * 4;
	}
	codec_states_close(&states);
	return good;
}

static enum status
extract_files(struct unpack *unpack, struct node *container, const struct part *part)
{
	struct buffer list = {.limit = unpack_room(unpack)};
	enum status status;

	if (inflate(part->bytes, &list))
		status = add_files(unpack, container, part, buffer_span(&list));
	else
		status = unpack_damage(unpack, container, part->offset, part->bytes.size,
		    COVERAGE_DAMAGED, "npk: the list of files cannot be unpacked");
	buffer_free(&list);
	return status;
}

static const char *
part_name(struct job *job, uint16_t type)
{
	static const struct {
		uint16_t type;
		const char *name;
	} names[] = {{2, "description"}, {3, "dependencies"}, {7, "install"}, {8, "uninstall"},
	    {PART_SIGNATURE, "signature"}, {17, "conflicts"}, {19, "features"}, {21, "squashfs"},
	    {23, "commit"}};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].type == type)
			return names[i].name;
	return arena_printf(job, "part-%u", type);
}

/* Is all of it told in the line of the package? */
static bool
is_told(const struct part *part)
{
	if (part->type == PART_FILL) {
		for (size_t i = 0; i < part->bytes.size; i++)
			if (part->bytes.at[i] != 0)
				return false;
		return true;
	}
	return (part->type == PART_INFO || part->type == PART_MAIN_INFO ||
		   part->type == PART_ARCHITECTURE || part->type == PART_CHANNEL ||
		   part->type == PART_HEADER) &&
	       part->bytes.size <= 64;
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	uint64_t offset = HEADER_SIZE;
	struct part part;
	unsigned count = 0;

	while (count++ < MAX_PARTS && next_part(content, &offset, &part)) {
		struct entry entry = {.type = NODE_FILE, .mode = 0644};
		const char *name = part_name(job, part.type);

		if (name == NULL)
			return STATUS_LIMIT;
		entry.name = span_of_string(name);
		if (part.type == PART_FILES)
			TRY(extract_files(unpack, container, &part));
		else if (!is_told(&part))
			TRY(unpack_file(unpack, container, &entry, part.bytes, NULL));
	}
	if (offset < content.size)
		return unpack_damage(unpack, container, offset, content.size - offset,
		    COVERAGE_DAMAGED, "npk: bytes that are no part");
	return STATUS_OK;
}

static const struct magic magics[] = {{.pattern = "\\x1e\\xf1\\xd0\\xba", .length = 4}};

const struct format format_npk = {
    .name = "npk",
    .title = "MikroTik RouterOS package (NPK)",
    .source = "OpenWrt firmware-utils: npk_pack_kernel.c; npkpy",
    .gaps = "signatures are named, not checked; dependencies are not taken apart",
    .nature = NATURE_ARCHIVE,
    .unproven = true,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
