/* A RAUC bundle is read from its end: a size, before it a CMS message, and in that the manifest. */
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "firmware/hash_tree.h"
#include "firmware/rauc_bundle.h"
#include "firmware/reading.h"

#define SIZE_FIELD 8u
#define MAX_SALT ((size_t)64)
#define VERITY_BLOCK ((uint32_t)4096)

/* The value of a key of "[section]"; empty when there is none. */
static struct span
find_value(struct span manifest, const char *section, const char *key)
{
	struct span rest = manifest, line, value = {0};
	bool inside = false;

	while (line_next(&rest, &line)) {
		struct span name;

		line = span_trim(line);
		if (span_begins(line, "["))
			inside = span_is(line, section);
		name = span_trim(field_next(&line, '='));
		if (inside && span_is(name, key))
			value = span_trim(line);
	}
	return value;
}

static uint8_t
digit_value(uint8_t c)
{
	return (uint8_t)(c >= '0' && c <= '9'   ? c - '0'
			 : c >= 'a' && c <= 'f' ? c - 'a' + 10
			 : c >= 'A' && c <= 'F' ? c - 'A' + 10
						: 16);
}

/* Bytes written in hexadecimal; empty when they are not, or are more than fit. */
static struct span
read_hexadecimal(struct span digits, uint8_t out[MAX_SALT])
{
	if (digits.size % 2 != 0 || digits.size / 2 > MAX_SALT)
		return (struct span){0};
	for (size_t i = 0; i < digits.size / 2; i++) {
		uint8_t high = digit_value(digits.at[2 * i]);
		uint8_t low = digit_value(digits.at[2 * i + 1]);

		if (high > 15 || low > 15)
			return (struct span){0};
		out[i] = (uint8_t)(high << 4 | low);
	}
	return (struct span){out, digits.size / 2};
}

/* Are the payload and its hashes those of this root? */
static bool
verity_is_good(struct job *job, const struct rauc *rauc, struct span salt, struct span root)
{
	struct hash_tree tree = {
	    .kind = DIGEST_SHA256,
	    .data_block = VERITY_BLOCK,
	    .hash_block = VERITY_BLOCK,
	    .data_blocks = rauc->payload.size / VERITY_BLOCK,
	    .salt = salt,
	};
	uint8_t digest[DIGEST_LARGEST];

	return root.size == DIGEST_SIZE && rauc->payload.size % VERITY_BLOCK == 0 &&
	       hash_tree_is_sound(&tree) && hash_tree_size(&tree) == rauc->hashes.size &&
	       hash_tree_check(job, &tree, rauc->hashes, digest) == STATUS_OK &&
	       memcmp(digest, root.at, DIGEST_SIZE) == 0 &&
	       hash_tree_compare(job, &tree, rauc->hashes, rauc->payload) == 0;
}

/* Takes the hash tree off the payload and checks it. */
static void
read_verity(struct job *job, struct rauc *rauc)
{
	uint8_t salt_bytes[MAX_SALT], root_bytes[MAX_SALT];
	struct span salt =
	    read_hexadecimal(find_value(rauc->manifest, "[bundle]", "verity-salt"), salt_bytes);
	struct span root =
	    read_hexadecimal(find_value(rauc->manifest, "[bundle]", "verity-hash"), root_bytes);
	int64_t size =
	    span_number(find_value(rauc->manifest, "[bundle]", "verity-size"), INT64_MAX);

	if (size < 0 || (uint64_t)size > rauc->payload.size)
		return;
	rauc->hashes = span_from(rauc->payload, rauc->payload.size - (uint64_t)size);
	rauc->payload.size -= (size_t)size;
	rauc->verity_good = verity_is_good(job, rauc, salt, root);
}

static void
read_manifest(struct job *job, struct rauc *rauc)
{
	struct span format = find_value(rauc->manifest, "[bundle]", "format");

	rauc->compatible = find_value(rauc->manifest, "[update]", "compatible");
	rauc->version = find_value(rauc->manifest, "[update]", "version");
	rauc->format = span_is(format, "verity")  ? RAUC_VERITY
		       : span_is(format, "crypt") ? RAUC_CRYPT
						  : RAUC_OTHER;
	if (rauc->format == RAUC_VERITY)
		read_verity(job, rauc);
}

struct span
rauc_message(struct span at)
{
	struct reader reader = {
	    .rest = at.size < SIZE_FIELD ? (struct span){0} : span_from(at, at.size - SIZE_FIELD)};
	uint64_t size = read_u64_be(&reader);

	if (reader.overrun || size == 0 || size > CMS_MAX_SIZE || size > at.size - SIZE_FIELD)
		return (struct span){0};
	return span_part(at, at.size - SIZE_FIELD - size, size);
}

bool
rauc_read(struct job *job, struct span at, struct rauc *rauc)
{
	*rauc = (struct rauc){.message = rauc_message(at)};
	if (rauc->message.size == 0)
		return false;
	rauc->payload = span_part(at, 0, at.size - SIZE_FIELD - rauc->message.size);
	if (cms_read(job, rauc->message, &rauc->cms) != STATUS_OK || rauc->cms.type == CMS_NONE)
		return false;
	if (rauc->cms.type == CMS_ENVELOPED) {
		rauc->format = RAUC_CRYPT;
	} else if (rauc->cms.content.size != 0) {
		rauc->manifest = rauc->cms.content;
		read_manifest(job, rauc);
	}
	return true;
}
