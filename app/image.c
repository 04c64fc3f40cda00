/* An image is mapped where it can be and read where it must be. */
#include "app/image.h"

#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"

#define LARGEST_PIPED ((size_t)2 << 30)
#define LEAST_MEMORY ((size_t)16 << 20)

enum status
image_open(struct job *job, const char *path, struct image *image)
{
	*image = (struct image){0};
	if (strcmp(path, "-") == 0)
		return file_read(job, path, LARGEST_PIPED, &image->bytes);
	TRY(file_map(job, path, &image->bytes));
	image->mapped = true;
	return STATUS_OK;
}

void
image_close(struct image *image)
{
	if (image->mapped)
		file_unmap(image->bytes);
	*image = (struct image){0};
}

enum status
image_load_trusted(struct job *job, const struct option_list *files,
    const struct key_file **trusted, size_t *count)
{
	struct key_file *keys = arena_array(job, files->count, sizeof *keys);

	if (keys == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < files->count; i++) {
		const char *slash = strrchr(files->values[i], '/');

		keys[i].name = slash == NULL ? files->values[i] : slash + 1;
		if (strcmp(keys[i].name, "embedded") == 0)
			keys[i].name = "embedded, as given"; /* the word has a meaning */
		TRY(file_read(job, files->values[i], KEY_FILE_MAX, &keys[i].bytes));
	}
	*trusted = keys;
	*count = files->count;
	return STATUS_OK;
}

enum status
image_name_trusted(
    struct job *job, const struct key_file *trusted, size_t count, const char **words)
{
	struct text text = text_new(job);

	for (size_t i = 0; i < count; i++) {
		struct digest digest;
		char hex[DIGEST_HEX_SIZE];

		TRY(digest_of(job, trusted[i].bytes, &digest));
		digest_to_hex(&digest, hex);
		text_printf(&text, "%s %s (%s)", i == 0 ? "; trusts" : ",", trusted[i].name, hex);
	}
	return text_finish(&text, words);
}

enum status
image_parse_memory(struct job *job, const char *text, size_t *bytes)
{
	static const char units[] = "KMG";
	size_t size = strlen(text);
	const char *unit = size == 0 ? NULL : strchr(units, text[size - 1]);
	char *digits = arena_string(job, text, unit == NULL ? size : size - 1);
	unsigned shift = unit == NULL ? 0 : 10 * (unsigned)(unit - units + 1);
	int64_t value;

	if (digits == NULL)
		return STATUS_LIMIT;
	if (!text_parse_integer(digits, 1, (int64_t)1 << 40 >> shift, &value))
		return fail(
		    job, STATUS_USAGE, "--memory wants bytes, as in 512M or 2G, not '%s'", text);
	*bytes = (size_t)value << shift;
	if (*bytes < LEAST_MEMORY)
		return fail(job, STATUS_USAGE, "--memory wants at least 16M");
	return STATUS_OK;
}
