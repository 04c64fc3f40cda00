/* A package's own description is a small text file in a tar, somewhere among its first entries. */
#include "firmware/package.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/codecs/codec.h"

#define BLOCK 512u
#define MAX_ENTRIES 32u               /* looked at */
#define MAX_CONTROL ((size_t)1 << 20) /* unpacked */
#define MAX_WORD 100u

static uint64_t
octal(struct span field)
{
	uint64_t value = 0;

	for (size_t i = 0; i < field.size && field.at[i] >= '0' && field.at[i] <= '7'; i++)
		value = value << 3 | (uint64_t)(field.at[i] - '0');
	return value;
}

/* The content of the first entry whose name begins so, "./" left out. */
static struct span
find_entry(struct span tar, const char *prefix)
{
	uint64_t place = 0;

	for (unsigned i = 0; i < MAX_ENTRIES; i++) {
		struct span header = span_part(tar, place, BLOCK);
		struct span name = span_part(header, 0, 100);
		uint64_t size = octal(span_part(header, 124, 11));

		if (header.size == 0 || name.at[0] == 0 || size > tar.size)
			break;
		if (span_starts_with(name, "./", 2))
			name = span_from(name, 2);
		if (span_starts_with(name, prefix, strlen(prefix)))
			return span_part(tar, place + BLOCK, size);
		place += BLOCK + (size + BLOCK - 1) / BLOCK * BLOCK;
	}
	return (struct span){0};
}

/* What stands behind `key` at the beginning of a line. */
static const char *
value_of(struct job *job, struct span text, const char *key)
{
	size_t size = strlen(key), at = 0;

	while (at < text.size) {
		size_t end = span_find(text, "\n", 1, at);
		struct span line;

		end = end == SIZE_MAX ? text.size : end;
		line = span_part(text, at, end - at);
		if (span_starts_with(line, key, size)) {
			line = span_from(line, size);
			return text_from_bytes(job, line.at, line.size, MAX_WORD);
		}
		at = end + 1;
	}
	return "?";
}

static const char *
describe(struct job *job, const char *kind, struct span text, const char *const keys[3])
{
	const char *name = value_of(job, text, keys[0]);
	const char *version = value_of(job, text, keys[1]);
	const char *machine = value_of(job, text, keys[2]);

	if (text.size == 0 || name == NULL || version == NULL || machine == NULL)
		return NULL;
	return arena_printf(job, "%s %s %s for %s", kind, name, version, machine);
}

static const char *
describe_control(struct job *job, const char *kind, struct span tar)
{
	static const char *const keys[] = {"Package: ", "Version: ", "Architecture: "};

	return describe(job, kind, find_entry(tar, "control"), keys);
}

/* Unpacks what begins like a stream; the first part of a larger one will do. */
static struct span
unpacked(struct span in, struct buffer *out)
{
	size_t used;

	if (span_starts_with(in, "\x1f\x8b", 2))
		gzip_decode(in, out, &used);
	else if (span_starts_with(in,
		     "\xfd"
		     "7zXZ",
		     5))
		xz_decode(in, out, &used);
	else if (span_starts_with(in, "\x28\xb5\x2f\xfd", 4))
		zstd_decode(in, out, &used);
	else if (span_starts_with(in, "BZh", 3))
		bzip2_decode(in, out, &used);
	else if (span_starts_with(in, "\x5d\0\0", 3))
		lzma_decode(in, out, &used);
	else
		return in;
	return buffer_span(out);
}

static const char *
describe_packed(struct job *job, const char *kind, struct span control)
{
	struct buffer buffer = {.limit = MAX_CONTROL};
	const char *detail = describe_control(job, kind, unpacked(control, &buffer));

	buffer_free(&buffer);
	return detail;
}

const char *
package_of_control(struct job *job, struct span control)
{
	return describe_packed(job, "package", control);
}

const char *
package_of_tar(struct job *job, struct span tar)
{
	static const char *const keys[] = {"pkgname = ", "pkgver = ", "arch = "};
	struct span about = find_entry(tar, ".PKGINFO");

	if (about.size != 0)
		return describe(job, "Alpine package", about, keys);
	if (find_entry(tar, "debian-binary").size == 0)
		return NULL;
	return describe_packed(job, "OPKG package", find_entry(tar, "control.tar"));
}
