/* Whoever made a device wrote a header of their own; they resemble each other in what they hold. */
#include "firmware/header.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

#define TEXT_LIMIT 64

struct span
header_trim(struct span field)
{
	size_t size = 0;

	while (size < field.size && field.at[size] != 0 && field.at[size] != 0xff)
		size++;
	return (struct span){field.at, size};
}

bool
header_text_is_good(struct span field)
{
	size_t size = header_trim(field).size;

	if (size == 0)
		return false;
	for (size_t i = 0; i < field.size; i++) {
		uint8_t c = field.at[i];

		if (i < size ? c < 0x20 || c > 0x7e : c != 0 && c != 0xff)
			return false;
	}
	return true;
}

const char *
header_text(struct job *job, struct span field)
{
	struct span text = header_trim(field);
	const char *string = text_from_bytes(job, text.at, text.size, TEXT_LIMIT);

	return string == NULL ? "" : string;
}

bool
header_md5_is(const struct span *parts, size_t count, struct span expected)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned size = 0;
	bool good = context != NULL && EVP_DigestInit_ex(context, EVP_md5(), NULL) == 1;

	for (size_t i = 0; i < count && good; i++)
		good = parts[i].size == 0 ||
		       EVP_DigestUpdate(context, parts[i].at, parts[i].size) == 1;
	good = good && EVP_DigestFinal_ex(context, digest, &size) == 1;
	EVP_MD_CTX_free(context);
	return good && span_equal((struct span){digest, size}, expected);
}

bool
header_claim(struct claim *claim, struct span at, uint64_t size)
{
	bool whole = size <= at.size;

	claim->bytes = whole ? size : at.size;
	if (!whole) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "the image is cut short";
	}
	return whole;
}

static bool
is_fill(struct span bytes)
{
	for (size_t i = 1; i < bytes.size; i++)
		if (bytes.at[i] != bytes.at[0])
			return false;
	return true;
}

static enum status
add_file(struct unpack *unpack, struct node *container, struct span name, struct span content)
{
	struct entry entry = {.name = name, .type = NODE_FILE, .mode = 0644};

	return unpack_file(unpack, container, &entry, content, NULL);
}

static enum status
add_blob(
    struct unpack *unpack, struct node *container, struct span content, const struct blob *blob)
{
	struct span bytes = span_part(content, blob->offset, blob->bytes);

	if (bytes.size == 0 && blob->bytes != 0) {
		bytes = span_from(content, blob->offset);
		TRY(unpack_damage(unpack, container, blob->offset, bytes.size, COVERAGE_DAMAGED,
		    "%.*s is cut short", (int)(blob->name.size < 64 ? blob->name.size : 64),
		    header_text(unpack_tree_job(unpack), blob->name)));
	}
	return add_file(unpack, container, blob->name, bytes);
}

/* Where the first blob that covers or follows `from` begins, and where it ends. */
static bool
next_blob(const struct blob *blobs, size_t count, uint64_t from, uint64_t *begin, uint64_t *end)
{
	bool found = false;

	for (size_t i = 0; i < count; i++) {
		uint64_t last = blobs[i].offset + blobs[i].bytes;

		if (last < blobs[i].offset || last <= from || (found && blobs[i].offset >= *begin))
			continue;
		*begin = blobs[i].offset;
		*end = last;
		found = true;
	}
	return found;
}

enum status
header_add_blobs(struct unpack *unpack, struct node *container, struct span content,
    const struct blob *blobs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		TRY(add_blob(unpack, container, content, &blobs[i]));
	return STATUS_OK;
}

enum status
header_add_rest(struct job *job, struct unpack *unpack, struct node *container, struct span content,
    uint64_t from, const struct blob *blobs, size_t count)
{
	while (from < content.size) {
		uint64_t begin = content.size, end = content.size;
		struct span rest;

		next_blob(blobs, count, from, &begin, &end);
		if (begin > content.size)
			begin = content.size;
		rest = begin > from ? span_part(content, from, begin - from) : (struct span){0};
		if (!is_fill(rest)) {
			const char *name = arena_printf(job, "rest-%" PRIx64, from);

			if (name == NULL)
				return STATUS_LIMIT;
			TRY(add_file(unpack, container, span_of_string(name), rest));
		}
		from = end;
	}
	return STATUS_OK;
}
