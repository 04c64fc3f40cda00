/* Moxa's FRM holds the program and a flat list of the web server's files. */
#include <string.h>

#include "base/arena.h"
#include "firmware/header.h"

#define HEADER_SIZE ((uint64_t)0x40)
#define SECTION_SIZE ((uint64_t)16)
#define MAX_SECTIONS 8u
#define MAX_FILES 4096u
#define NAME_SIZE ((size_t)48)
#define FILES_SECTION 2u

struct image {
	uint32_t size;
	uint16_t header_size, section_count;
	uint32_t types[MAX_SECTIONS];
	struct blob sections[MAX_SECTIONS];
};

static bool
read_image(struct span at, struct image *image)
{
	struct reader reader = {.rest = at};

	*image = (struct image){0};
	read_bytes(&reader, 8); /* magic, version */
	image->size = read_u32_le(&reader);
	image->header_size = read_u16_le(&reader);
	image->section_count = read_u16_le(&reader);
	read_bytes(&reader, HEADER_SIZE - 16);
	if (image->section_count == 0 || image->section_count > MAX_SECTIONS ||
	    image->header_size < HEADER_SIZE + image->section_count * SECTION_SIZE ||
	    image->size < image->header_size)
		return false;
	for (unsigned i = 0; i < image->section_count; i++) {
		struct blob *section = &image->sections[i];

		image->types[i] = read_u32_le(&reader);
		section->offset = read_u32_le(&reader);
		section->bytes = read_u32_le(&reader);
		section->name = span_of_string("firmware");
		read_bytes(&reader, 4);
		if (section->offset < image->header_size ||
		    section->offset + section->bytes > image->size)
			return false;
	}
	return !reader.overrun;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct image image;
	struct span name = {0};
	bool whole;

	if (!read_image(at, &image))
		return;
	whole = header_claim(claim, at, image.size);
	for (unsigned i = 0; i < image.section_count; i++)
		if (image.types[i] == FILES_SECTION)
			name = span_part(at, image.sections[i].offset, 32);
	claim->detail = arena_printf(job, "%s%s%u sections%s", header_text(job, name),
	    name.size == 0 ? "" : ", ", image.section_count, whole ? "" : ", cut short");
}

/* Where a section's list of files lies. */
struct list {
	uint32_t offset;
	uint16_t entry_size, count;
};

static bool
read_list(struct span section, struct list *list)
{
	struct reader reader = {.rest = section};

	read_bytes(&reader, 32 + 4 + 4 + 4 + 4); /* device, version, time, two unknown */
	list->offset = read_u32_le(&reader);
	read_bytes(&reader, 4);
	list->entry_size = read_u16_le(&reader);
	list->count = read_u16_le(&reader);
	read_bytes(&reader, 4 + 2);
	if (list->count == 0) /* some devices count here */
		list->count = read_u16_le(&reader);
	return !reader.overrun && list->entry_size >= NAME_SIZE + 16 && list->count <= MAX_FILES;
}

/* The files of the web server, and what of their section lies outside of them. */
static enum status
add_files(struct job *job, struct unpack *unpack, struct node *container, struct span section)
{
	struct blob *files;
	struct list list;
	size_t count = 0;

	if (!read_list(section, &list))
		return fail(job, STATUS_MALFORMED, "moxa: the list of files makes no sense");
	files = arena_array(job, list.count + 1u, sizeof *files);
	if (files == NULL)
		return STATUS_LIMIT;
	for (unsigned i = 0; i < list.count; i++) {
		struct reader reader = {
		    .rest = span_from(section, list.offset + (uint64_t)i * list.entry_size)};
		struct span name = read_bytes(&reader, NAME_SIZE);

		read_bytes(&reader, 8);
		files[count].bytes = read_u32_le(&reader);
		files[count].offset = read_u32_le(&reader);
		files[count].name = header_trim(name);
		if (reader.overrun)
			return fail(job, STATUS_MALFORMED, "moxa: the list of files is cut short");
		count += files[count].name.size != 0;
	}
	TRY(header_add_blobs(unpack, container, section, files, count));
	return header_add_rest(job, unpack, container, section,
	    list.offset + (uint64_t)list.count * list.entry_size, files, count);
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct image image;

	if (!read_image(content, &image))
		return fail(job, STATUS_MALFORMED, "moxa: header cut short");
	for (unsigned i = 0; i < image.section_count; i++) {
		const struct blob *section = &image.sections[i];
		struct span bytes = span_part(content, section->offset, section->bytes);

		if (image.types[i] == FILES_SECTION && bytes.size != 0)
			TRY(add_files(job, unpack, container, bytes));
		else
			TRY(header_add_blobs(unpack, container, content, section, 1));
	}
	return header_add_rest(job, unpack, container, content, image.header_size, image.sections,
	    image.section_count);
}

static const struct magic magics[] = {{.pattern = "\\*FRM\\x00\\x00\\x00\\x01", .length = 8}};

const struct format format_moxa = {
    .name = "moxa",
    .title = "Moxa FRM image",
    .source = "unblob: handlers/archive/moxa/frm.py",
    .gaps = "fields of the header whose meaning is not published",
    .nature = NATURE_ARCHIVE,
    .unproven = true,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
