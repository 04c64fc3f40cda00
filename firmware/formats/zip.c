/* A zip is known by its end: a directory that says where it lies, and so where the archive begins.
 */
#include "firmware/formats/zip.h"

#include <inttypes.h>

#include "base/arena.h"

#define MAX_NAMED 4096u /* entries looked at for what kind of zip it is */

static bool
local_makes_sense(struct span at)
{
	struct reader reader = {.rest = at};
	uint8_t version;
	uint16_t flags, method, name;

	read_bytes(&reader, 4);
	version = read_u8(&reader);
	read_bytes(&reader, 1); /* made on */
	flags = read_u16_le(&reader);
	method = read_u16_le(&reader);
	read_bytes(&reader, 16); /* time, sum, sizes */
	name = read_u16_le(&reader);
	read_bytes(&reader, 2);
	read_bytes(&reader, name);
	return !reader.overrun && version < 100 && (flags & 0xc000) == 0 && method < 100 &&
	       name != 0 && name <= 4096;
}

/* What a name in it says of the whole. */
static const char *
kind_of(struct span at, const struct zip_end *end)
{
	static const char *const kinds[][2] = {
	    {"AndroidManifest.xml", "Android package"},
	    {"META-INF/com/google/android/update-binary", "Android update"},
	    {"payload_properties.txt", "Android update"},
	    {"META-INF/MANIFEST.MF", "Java archive"},
	};
	struct span rest = span_part(at, end->directory, end->size);
	size_t best = ARRAY_SIZE(kinds);
	struct zip_entry entry;

	for (unsigned i = 0; i < MAX_NAMED && zip_read_central(rest, &entry); i++) {
		for (size_t k = 0; k < best; k++)
			if (span_equal(entry.name, span_of_string(kinds[k][0])))
				best = k;
		rest = span_from(rest, entry.header);
	}
	return best < ARRAY_SIZE(kinds) ? kinds[best][1] : "directory good";
}

/* How far entries reach that stand one behind the other, and how many they are. */
static uint64_t
walk(struct span at, size_t *count)
{
	struct zip_entry entry;
	uint64_t place = 0;

	for (*count = 0; zip_read_local(span_from(at, place), &entry); ++*count) {
		uint64_t data = place + entry.header;

		if (entry.packed > at.size - data ||
		    (entry.flags & ZIP_HAS_DESCRIPTOR && entry.packed == 0))
			return at.size; /* cut; or its size is told behind it */
		place = data + entry.packed;
		place += zip_descriptor_size(span_from(at, place), &entry);
	}
	return place;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct zip_end end;
	size_t count;

	if (!local_makes_sense(at))
		return;
	if (zip_find_end(at, &end)) {
		claim->bytes = end.bytes;
		claim->detail =
		    arena_printf(job, "%s, %" PRIu64 " entries%s%s", kind_of(at, &end), end.entries,
			end.is_zip64 ? ", zip64" : "", end.comment != 0 ? ", with a comment" : "");
		if (end.is_part)
			claim->incomplete = "one of several parts";
		return;
	}
	claim->costly = true;
	claim->searched = at.size;
	claim->bytes = walk(at, &count);
	if (!claim->expected && (claim->bytes == at.size || count < 2)) {
		claim->bytes = 0; /* how far it goes nobody can say, or chance */
		return;
	}
	claim->coverage = COVERAGE_DAMAGED;
	claim->detail = "without its directory";
	claim->incomplete = "the archive has no end";
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct zip_end end;

	if (zip_find_end(content, &end) && end.bytes == content.size)
		return zip_extract(job, unpack, container, content, &end);
	return zip_salvage(job, unpack, container, content);
}

static const struct magic magics[] = {{.pattern = "PK\\x03\\x04", .length = 4}};

const struct format format_zip = {
    .name = "zip",
    .title = "ZIP archive, among them Android packages and Java archives",
    .source = "PKWARE APPNOTE 6.3.10; Info-ZIP extra field 0x7875",
    .gaps =
	"empty archives; encrypted entries are told as encrypted, those shrunk, imploded, or in "
	"Deflate64 or PPMd as not read; of archives in parts only what lies in this one; "
	"signatures "
	"in a comment or before the directory are not verified",
    .nature = NATURE_ARCHIVE,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
