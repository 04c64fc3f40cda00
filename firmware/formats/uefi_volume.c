/* A firmware volume is a checked header, files with checked headers, and what was erased after
 * them. */
#include <inttypes.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/uefi.h"

#define HEADER_SIZE 56u /* with the smallest map of blocks */
#define FILE_HEADER 24u
#define LARGE_FILE_HEADER 32u
#define MAX_FILES 65536u
#define ERASED_ONES 0x800u

enum { STATE_VALID = 0x04, STATE_DELETED = 0x10, STATE_INVALID = 0x20 };
enum { ATTRIBUTE_LARGE = 0x01, ATTRIBUTE_SUM = 0x40 };
enum { FILE_RAW = 0x01, FILE_LAST_SECTIONED = 0x0f, FILE_PAD = 0xf0 };

struct volume {
	struct span guid, name; /* of its file system; of itself, may be empty */
	uint64_t length, start; /* where files begin */
	uint32_t attributes;
	uint8_t revision;
	bool sum_good, has_files, large_files, has_variables;
};

static bool
read_volume(struct span at, struct volume *volume)
{
	struct reader reader = {.rest = at};
	uint16_t header_size, extended, sum = 0;
	struct span header;

	read_bytes(&reader, 16);
	volume->guid = read_bytes(&reader, GUID_SIZE);
	volume->length = read_u64_le(&reader);
	read_bytes(&reader, 4); /* signature */
	volume->attributes = read_u32_le(&reader);
	header_size = read_u16_le(&reader);
	read_bytes(&reader, 2); /* checksum */
	extended = read_u16_le(&reader);
	read_bytes(&reader, 1);
	volume->revision = read_u8(&reader);
	header = span_part(at, 0, header_size);
	if (reader.overrun || header.size < HEADER_SIZE || header_size % 2 != 0 ||
	    volume->length < header_size || volume->revision == 0 || volume->revision > 2)
		return false;
	reader = (struct reader){.rest = header};
	while (reader.rest.size != 0)
		sum = (uint16_t)(sum + read_u16_le(&reader));
	volume->sum_good = sum == 0;
	volume->start = header_size;
	volume->name = (struct span){0};
	if (volume->revision == 2 && extended != 0) {
		reader = (struct reader){.rest = span_from(at, extended)};
		volume->name = read_bytes(&reader, GUID_SIZE);
		volume->start = (uint64_t)extended + read_u32_le(&reader);
	}
	volume->start = (volume->start + 7) & ~(uint64_t)7;
	volume->large_files = uefi_guid_is(volume->guid, "5473c07a-3dcb-4dca-bd6f-1e9689e7349a");
	volume->has_files = volume->large_files ||
			    uefi_guid_is(volume->guid, "8c8ce578-8a3d-4f1c-9935-896185c32dd3");
	volume->has_variables = uefi_guid_is(volume->guid, "fff12b8d-7696-4c8b-a985-2747075b4f50");
	return !reader.overrun;
}

static const char *
system_name(const struct volume *volume)
{
	if (volume->large_files)
		return "FFS3";
	if (volume->has_files)
		return "FFS2";
	if (uefi_guid_is(volume->guid, "7a9354d9-0468-444a-81ce-0bf617d890df"))
		return "FFS1, not read";
	if (volume->has_variables)
		return "variables";
	return "of a kind nobody knows";
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct volume volume;
	const char *name = NULL;
	bool cut;

	if (!read_volume(at, &volume) || (!volume.sum_good && !claim->expected))
		return;
	cut = volume.length > at.size;
	if (volume.name.size != 0)
		name = uefi_guid_text(job, volume.name);
	claim->bytes = cut ? at.size : volume.length;
	claim->detail = arena_printf(job, "%s, header checksum %s%s%s%s", system_name(&volume),
	    volume.sum_good ? "good" : "bad", name == NULL ? "" : ", name ",
	    name == NULL ? "" : name, cut ? ", cut short" : "");
	if (cut || !volume.sum_good) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = cut ? "the volume is cut short" : "its header is damaged";
	}
}

struct file {
	struct span guid, whole, body;
	uint8_t type, attributes, state;
	bool header_good, body_good;
};

static uint8_t
sum_of(struct span bytes)
{
	uint8_t sum = 0;

	for (size_t i = 0; i < bytes.size; i++)
		sum = (uint8_t)(sum + bytes.at[i]);
	return sum;
}

/* False when it does not fit where it stands. */
static bool
read_file(struct span at, const struct volume *volume, struct file *file)
{
	struct reader reader = {.rest = at};
	uint8_t body_sum, header_sum, said;
	size_t header_size = FILE_HEADER;
	uint64_t size;

	file->guid = read_bytes(&reader, GUID_SIZE);
	header_sum = read_u8(&reader);
	said = read_u8(&reader);
	file->type = read_u8(&reader);
	file->attributes = read_u8(&reader);
	size = read_u16_le(&reader);
	size |= (uint64_t)read_u8(&reader) << 16;
	file->state = read_u8(&reader);
	if (volume->large_files && (file->attributes & ATTRIBUTE_LARGE)) {
		size = read_u64_le(&reader);
		header_size = LARGE_FILE_HEADER;
	}
	(void)header_sum; /* makes the sum of the header zero, its last two fields left out */
	file->whole = span_part(at, 0, size);
	if (reader.overrun || file->whole.size < header_size)
		return false;
	file->header_good =
	    (uint8_t)(sum_of(span_part(at, 0, header_size)) - said - file->state) == 0;
	file->body = span_from(file->whole, header_size);
	body_sum = sum_of(file->body);
	file->body_good = file->attributes & ATTRIBUTE_SUM
			      ? (uint8_t)(body_sum + said) == 0
			      : said == 0xaa || said == 0x5a; /* a constant, new or old */
	if (volume->attributes & ERASED_ONES)
		file->state = (uint8_t)~file->state;
	return true;
}

static bool
is_erased(struct span header)
{
	for (size_t i = 1; i < header.size; i++)
		if (header.at[i] != header.at[0])
			return false;
	return header.size == 0 || header.at[0] == 0xff || header.at[0] == 0;
}

/* "Shell-7c04a583", or the whole GUID of a file without a name. */
static const char *
name_file(struct job *job, const struct file *file)
{
	struct span name = uefi_file_name(file->body);
	const char *guid = uefi_guid_text(job, file->guid);
	const char *text = name.size == 0 ? "" : uefi_text(job, name);

	if (guid == NULL || text == NULL)
		return NULL;
	return text[0] == '\0' ? guid : arena_printf(job, "%s-%.8s", text, guid);
}

static enum status
add_file(struct job *job, struct unpack *unpack, struct node *container, uint64_t place,
    const struct file *file)
{
	bool sections = file->type > FILE_RAW && file->type <= FILE_LAST_SECTIONED;
	struct entry entry = {.type = sections ? NODE_FOLDER : NODE_FILE, .mode = 0644};
	const char *name = sections ? name_file(job, file) : uefi_guid_text(job, file->guid);
	struct node *folder;

	if (name == NULL)
		return STATUS_LIMIT;
	entry.name = span_of_string(name);
	if (!file->body_good)
		TRY(unpack_damage(unpack, container, place, file->whole.size, COVERAGE_DAMAGED,
		    "uefi: the checksum of file %s is bad", name));
	if (!sections)
		return unpack_file(unpack, container, &entry, file->body, NULL);
	TRY(unpack_entry(unpack, container, &entry, &folder));
	return folder == NULL ? STATUS_OK : uefi_add_sections(job, unpack, folder, file->body);
}

static enum status
walk_files(struct job *job, struct unpack *unpack, struct node *container, struct span content,
    const struct volume *volume, struct extents *extents)
{
	uint64_t place = volume->start;

	for (unsigned i = 0; i < MAX_FILES && place < content.size; i++) {
		struct span rest = span_from(content, place);
		size_t header_size = rest.size < FILE_HEADER ? rest.size : (size_t)FILE_HEADER;
		struct arena_mark mark;
		struct file file;

		if (is_erased(span_part(rest, 0, header_size)))
			return STATUS_OK;
		if (!read_file(rest, volume, &file) || !file.header_good)
			return unpack_damage(unpack, container, place, rest.size, COVERAGE_DAMAGED,
			    "uefi: the header of the file at 0x%" PRIx64 " is damaged", place);
		/* what was deleted is no file, yet its bytes are there */
		if (file.type == FILE_PAD)
			TRY(extents_add(job, extents, place, file.whole.size - file.body.size));
		else if ((file.state & STATE_VALID) &&
			 (file.state & (STATE_DELETED | STATE_INVALID)) == 0) {
			TRY(extents_add(job, extents, place, file.whole.size));
			mark = arena_mark(job->arena);
			TRY(add_file(job, unpack, container, place, &file));
			arena_release(job->arena, mark);
		}
		place += (file.whole.size + 7) & ~(uint64_t)7;
	}
	return STATUS_OK;
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct extents extents = {0};
	struct volume volume;

	if (!read_volume(content, &volume))
		return fail(job, STATUS_MALFORMED, "uefi: no header of a volume");
	TRY(extents_add(job, &extents, 0, volume.start));
	if (volume.has_files)
		TRY(walk_files(job, unpack, container, content, &volume, &extents));
	if (volume.has_variables)
		TRY(uefi_add_variables(job, unpack, container, content, volume.start, &extents));
	return extents_tell_rest(&extents, unpack, container, content);
}

static const struct magic magics[] = {{.pattern = "_FVH", .length = 4, .offset = 40}};

const struct format format_uefi_volume = {
    .name = "uefi_volume",
    .title = "UEFI firmware volume, FFS2 and FFS3, or of variables",
    .source = "UEFI Platform Initialization specification 1.8, volume 3; UEFI specification 2.10, "
	      "chapter 19; EDK II MdeModulePkg/Include/Guid/VariableFormat.h",
    .gaps = "FFS1; Brotli sections; encrypted or signed sections of vendors; "
	    "conditions, versions "
	    "and names are read as such and are no files",
    .nature = NATURE_ARCHIVE,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
