/* Hikvision's digicap.dav hides its header under sixteen bytes; files follow as they are. */
#include <string.h>

#include "base/arena.h"
#include "firmware/header.h"

#define FIXED_SIZE 0x40u
#define ENTRY_SIZE 0x2cu
#define NAME_SIZE ((size_t)32)
#define MAX_FILES 32u
#define LARGEST_HEADER (FIXED_SIZE + MAX_FILES * ENTRY_SIZE)
#define SUMMED_FROM 12u

enum kind {
	KIND_NONE,
	KIND_PLAIN,  /* "SWKH" */
	KIND_OUTER,  /* "02KH": its files are packages */
	KIND_SEALED, /* "03KH": AES */
};

struct image {
	enum kind kind;
	uint8_t header[LARGEST_HEADER]; /* without its cover */
	uint32_t sum, size, count, language, device;
	struct blob files[MAX_FILES];
	uint32_t sums[MAX_FILES];
	uint64_t end;
};

static void
uncover(struct span at, uint8_t *out, size_t size)
{
	static const uint8_t key[16] = {0xba, 0xcd, 0xbc, 0xfe, 0xd6, 0xca, 0xdd, 0xd3, 0xba, 0xb9,
	    0xa3, 0xab, 0xbf, 0xcb, 0xb5, 0xbe};

	for (size_t i = 0; i < size && i < at.size; i++)
		out[i] = at.at[i] ^ key[(i + (i >> 4)) & 15];
}

static enum kind
kind_of(struct span magic)
{
	if (span_starts_with(magic, "SWKH", 4))
		return KIND_PLAIN;
	if (span_starts_with(magic, "02KH", 4))
		return KIND_OUTER;
	return span_starts_with(magic, "03KH", 4) ? KIND_SEALED : KIND_NONE;
}

static uint32_t
sum_of(struct span bytes)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < bytes.size; i++)
		sum += bytes.at[i];
	return sum;
}

static bool
read_files(struct image *image, struct reader *reader)
{
	if (image->count == 0 || image->count > MAX_FILES ||
	    image->size < FIXED_SIZE + image->count * ENTRY_SIZE)
		return false;
	for (uint32_t i = 0; i < image->count; i++) {
		struct blob *file = &image->files[i];

		file->name = read_bytes(reader, NAME_SIZE);
		file->offset = read_u32_le(reader);
		file->bytes = read_u32_le(reader);
		image->sums[i] = read_u32_le(reader);
		if (reader->overrun || !header_text_is_good(file->name) ||
		    file->offset < image->size)
			return false;
		file->name = header_trim(file->name);
		if (file->offset + file->bytes > image->end)
			image->end = file->offset + file->bytes;
	}
	return true;
}

/* The names of files point into `image`. */
static bool
read_image(struct span at, struct image *image)
{
	struct reader reader = {.rest = {image->header, sizeof image->header}};

	memset(image, 0, sizeof *image);
	if (at.size < FIXED_SIZE)
		return false;
	uncover(at, image->header, FIXED_SIZE);
	image->kind = kind_of(read_bytes(&reader, 4));
	image->sum = read_u32_le(&reader);
	image->size = read_u32_le(&reader);
	image->count = read_u32_le(&reader);
	image->language = read_u32_le(&reader);
	image->device = read_u32_le(&reader);
	if (image->kind == KIND_NONE || image->size < FIXED_SIZE || image->size > LARGEST_HEADER ||
	    image->size > at.size)
		return false;
	image->end = image->size;
	if (image->kind == KIND_SEALED)
		return true;
	if (image->kind == KIND_OUTER) /* does not say how many there are */
		image->count = (image->size - FIXED_SIZE) / ENTRY_SIZE;
	uncover(at, image->header, image->size);
	read_bytes(&reader, FIXED_SIZE - 24);
	return read_files(image, &reader);
}

static void
measure_plain(struct job *job, struct span at, const struct image *image, struct claim *claim)
{
	bool good = sum_of((struct span){image->header + SUMMED_FROM, image->size - SUMMED_FROM}) ==
		    image->sum;
	unsigned bad = 0;
	bool whole;

	if (!good && !claim->expected)
		return;
	whole = header_claim(claim, at, image->end);
	for (uint32_t i = 0; i < image->count; i++)
		bad += sum_of(span_part(at, image->files[i].offset, image->files[i].bytes)) !=
		       image->sums[i];
	claim->detail = arena_printf(job,
	    "%s%u packed, language %u, device class %u, header sum %s, %u of their sums bad%s",
	    image->kind == KIND_OUTER ? "packages, " : "", image->count, image->language,
	    image->device, good ? "good" : "bad", bad, whole ? "" : ", cut short");
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct image *image = arena_allocate(job, sizeof *image);

	if (image == NULL || !read_image(at, image))
		return;
	if (image->kind != KIND_SEALED) {
		measure_plain(job, at, image, claim);
		return;
	}
	/* nothing in the header can be checked: only where one may begin */
	if (!claim->expected)
		return;
	claim->bytes = at.size;
	claim->coverage = COVERAGE_ENCRYPTED;
	claim->detail = "encrypted under a key of the model (03KH)";
	claim->incomplete = "a Hikvision image is encrypted";
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct image *image = arena_allocate(job, sizeof *image);

	if (image == NULL)
		return STATUS_LIMIT;
	if (!read_image(content, image))
		return fail(job, STATUS_MALFORMED, "hikvision: header cut short");
	for (uint32_t i = 0; i < image->count && image->kind == KIND_OUTER; i++) {
		const char *name = arena_printf(job, "package-%u", i); /* theirs are all the same */

		if (name == NULL)
			return STATUS_LIMIT;
		image->files[i].name = span_of_string(name);
	}
	TRY(header_add_blobs(unpack, container, content, image->files, image->count));
	return header_add_rest(
	    job, unpack, container, content, image->size, image->files, image->count);
}

/* the first letters under the key */
static const struct magic magics[] = {
    {.pattern = "\\xe9\\x9a\\xf7\\xb6", .length = 4},
    {.pattern = "\\x8a[\\xfe\\xff]\\xf7\\xb6", .length = 4},
};

const struct format format_hikvision = {
    .name = "hikvision",
    .title = "Hikvision and EZVIZ image (digicap.dav)",
    .source = "Hikvision upgrade_file.h; hiktools fmod.py",
    .gaps = "images of kind 03KH are encrypted; files inside may be encrypted once more",
    .nature = NATURE_ARCHIVE,
    .unproven = true,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
