/* Android Verified Boot signs digests and hash trees in a vbmeta; where a partition holds its own,
 * a footer at its end says where. */
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/extents.h"
#include "firmware/hash_tree.h"

#define HEADER_SIZE 256
#define FOOTER_SIZE 64
#define LARGEST ((uint64_t)1 << 20)
#define MAX_DESCRIPTORS 64u
#define LARGEST_DESCRIPTOR 4096u /* more is no name, digest or property */
#define LARGEST_DIGEST 64u
#define LARGEST_SIGNATURE 1024u /* RSA-8192 */
#define LARGEST_KEY 2056u
#define USED_HEADER 176u
#define ALIGN ((uint64_t)4096)

enum { TAG_PROPERTY, TAG_HASH_TREE, TAG_HASH, TAG_COMMAND_LINE, TAG_CHAIN };

struct header {
	uint32_t major, minor, algorithm, flags;
	uint64_t authentication, auxiliary, hash, hash_size, signature, signature_size, key,
	    key_size, descriptors, descriptors_size, rollback;
	struct span release;
};

/* What is said of a partition's tree. */
struct tree_words {
	struct hash_tree tree;
	uint64_t image, offset, size, correction, correction_size;
	struct span algorithm, name, root;
};

static bool
read_header(struct span at, struct header *header)
{
	struct reader reader = {.rest = at};

	read_bytes(&reader, 4); /* magic */
	header->major = read_u32_be(&reader);
	header->minor = read_u32_be(&reader);
	header->authentication = read_u64_be(&reader);
	header->auxiliary = read_u64_be(&reader);
	header->algorithm = read_u32_be(&reader);
	header->hash = read_u64_be(&reader);
	header->hash_size = read_u64_be(&reader);
	header->signature = read_u64_be(&reader);
	header->signature_size = read_u64_be(&reader);
	header->key = read_u64_be(&reader);
	header->key_size = read_u64_be(&reader);
	read_bytes(&reader, 16); /* metadata of the key */
	header->descriptors = read_u64_be(&reader);
	header->descriptors_size = read_u64_be(&reader);
	header->rollback = read_u64_be(&reader);
	header->flags = read_u32_be(&reader);
	read_bytes(&reader, 4); /* where the rollback index is kept */
	header->release = read_bytes(&reader, 48);
	if (reader.overrun) /* there is no release then */
		return false;
	header->release.size = strnlen((const char *)header->release.at, header->release.size);
	return header->major == 1 && header->authentication <= LARGEST &&
	       header->auxiliary <= LARGEST && header->authentication % 64 == 0 &&
	       header->auxiliary % 64 == 0 && header->algorithm <= 16;
}

static const char *
algorithm_name(uint32_t algorithm)
{
	static const char *const names[] = {"not signed", "SHA256_RSA2048", "SHA256_RSA4096",
	    "SHA256_RSA8192", "SHA512_RSA2048", "SHA512_RSA4096", "SHA512_RSA8192"};

	return algorithm < ARRAY_SIZE(names) ? names[algorithm] : "unknown algorithm";
}

/* The digest over header and descriptors. */
static const char *
judge_digest(struct span at, const struct header *header)
{
	const enum digest_kind kind = header->algorithm > 3 ? DIGEST_SHA512 : DIGEST_SHA256;
	const struct span parts[] = {span_part(at, 0, HEADER_SIZE),
	    span_part(at, HEADER_SIZE + header->authentication, header->auxiliary), {0}};
	struct span said = span_part(
	    span_part(at, HEADER_SIZE, header->authentication), header->hash, header->hash_size);
	uint8_t digest[DIGEST_LARGEST];

	if (header->algorithm == 0)
		return "";
	if (header->algorithm > 6 || said.size != digest_size(kind) ||
	    !digest_of_three(kind, parts, digest))
		return ", digest not compared";
	return memcmp(digest, said.at, said.size) == 0 ? ", digest good" : ", digest bad";
}

static void
put_bytes(struct job *job, struct text *text, struct span bytes)
{
	const char *words = text_from_bytes(job, bytes.at, bytes.size, 60);

	text_put(text, words == NULL ? "" : words);
}

static bool
read_tree(struct span body, struct tree_words *words)
{
	struct reader reader = {.rest = body};
	uint32_t name, salt, root;

	read_bytes(&reader, 4); /* version of dm-verity */
	words->image = read_u64_be(&reader);
	words->offset = read_u64_be(&reader);
	words->size = read_u64_be(&reader);
	words->tree.data_block = read_u32_be(&reader);
	words->tree.hash_block = read_u32_be(&reader);
	read_bytes(&reader, 4); /* roots of the error correction */
	words->correction = read_u64_be(&reader);
	words->correction_size = read_u64_be(&reader);
	words->algorithm = read_bytes(&reader, 32);
	name = read_u32_be(&reader);
	salt = read_u32_be(&reader);
	root = read_u32_be(&reader);
	read_bytes(&reader, 64); /* flags, reserved */
	words->name = read_bytes(&reader, name);
	words->tree.salt = read_bytes(&reader, salt);
	words->root = read_bytes(&reader, root);
	if (reader.overrun || words->tree.data_block == 0)
		return false;
	words->algorithm.size = strnlen((const char *)words->algorithm.at, words->algorithm.size);
	words->tree.data_blocks = words->image / words->tree.data_block;
	return hash_tree_find_kind(words->algorithm, &words->tree.kind) &&
	       hash_tree_is_sound(&words->tree);
}

/* Do these bytes begin with the tree that was signed? */
static bool
is_tree(struct job *job, const struct tree_words *words, struct span bytes)
{
	uint8_t root[DIGEST_LARGEST];

	return words->size == hash_tree_size(&words->tree) && bytes.size >= words->size &&
	       words->root.size == digest_size(words->tree.kind) &&
	       hash_tree_check(job, &words->tree, span_part(bytes, 0, words->size), root) ==
		   STATUS_OK &&
	       memcmp(root, words->root.at, words->root.size) == 0;
}

/* The tree of a partition, if it stands right before its vbmeta and is the one that was signed. */
static struct span
find_tree(struct job *job, const struct tree_words *words, struct claim *claim, uint64_t *partition)
{
	uint64_t end = words->offset + words->size, corrected;
	const struct span before = claim->before;
	struct span bytes;

	corrected = words->correction + words->correction_size;
	if (words->offset > UINT64_MAX / 4 || words->size > UINT64_MAX / 4 ||
	    words->correction > UINT64_MAX / 4 || words->correction_size > UINT64_MAX / 4)
		return (struct span){0};
	if (words->correction != 0 && corrected > end)
		end = corrected;
	end = (end + ALIGN - 1) & ~(ALIGN - 1);
	if (end > before.size || words->image > words->offset ||
	    words->size + words->image > claim->comparable)
		return (struct span){0};
	*partition = before.size - end;
	bytes = span_part(before, *partition + words->offset, words->size);
	claim->comparable -= words->size;
	return is_tree(job, words, bytes) ? bytes : (struct span){0};
}

static void
describe_tree(struct job *job, struct text *text, struct span body, struct claim *claim)
{
	struct tree_words words = {0};
	struct span bytes;
	uint64_t partition = 0;

	if (!read_tree(body, &words))
		return;
	text_put(text, "; hash tree of ");
	put_bytes(job, text, words.name);
	if (claim->back != 0)
		return; /* a partition has one */
	bytes = find_tree(job, &words, claim, &partition);
	if (bytes.size == 0) {
		text_put(text, " elsewhere");
		return;
	}
	claim->back = claim->before.size - (partition + words.offset);
	claim->comparable -= words.image;
	if (hash_tree_compare(job, &words.tree, bytes, span_from(claim->before, partition)) == 0) {
		text_put(text, ", with which all its blocks agree");
		return;
	}
	text_put(text, ", with which its blocks do not agree");
	claim->coverage = COVERAGE_DAMAGED;
	claim->incomplete = "the data do not agree with their hash tree";
}

/* "; property a=b", and so on. */
static void
describe(struct job *job, struct text *text, uint64_t tag, struct span body, struct claim *claim)
{
	struct reader reader = {.rest = body};
	uint64_t name, value;

	if (tag == TAG_HASH_TREE) {
		describe_tree(job, text, body, claim);
	} else if (tag == TAG_HASH) {
		read_bytes(&reader, 40); /* size, algorithm */
		name = read_u32_be(&reader);
		read_bytes(&reader, 72); /* sizes of salt and digest, flags, reserved */
		text_put(text, "; digest of ");
		put_bytes(job, text, read_bytes(&reader, (size_t)name));
	} else if (tag == TAG_CHAIN) {
		read_bytes(&reader, 4);
		name = read_u32_be(&reader);
		read_bytes(&reader, 68); /* size of the key, flags, reserved */
		text_put(text, "; chain to ");
		put_bytes(job, text, read_bytes(&reader, (size_t)name));
	} else if (tag == TAG_PROPERTY) {
		name = read_u64_be(&reader);
		value = read_u64_be(&reader);
		text_put(text, "; ");
		put_bytes(job, text, read_bytes(&reader, (size_t)name));
		read_bytes(&reader, 1);
		text_put(text, "=");
		put_bytes(job, text, read_bytes(&reader, (size_t)value));
	}
}

static void
measure_footer(struct job *job, struct span at, struct claim *claim)
{
	struct reader reader = {.rest = at};
	uint32_t major;
	uint64_t image, offset, size;
	struct span reserved;

	read_bytes(&reader, 4);
	major = read_u32_be(&reader);
	read_bytes(&reader, 4);
	image = read_u64_be(&reader);
	offset = read_u64_be(&reader);
	size = read_u64_be(&reader);
	reserved = read_bytes(&reader, 28);
	if (reader.overrun || major != 1 || size == 0 || size > LARGEST || offset < image)
		return;
	for (size_t i = 0; i < reserved.size; i++)
		if (reserved.at[i] != 0)
			return;
	claim->bytes = FOOTER_SIZE;
	claim->detail = arena_printf(
	    job, "footer: image of %" PRIu64 " bytes, vbmeta at 0x%" PRIx64, image, offset);
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct text text = text_new(job);
	struct header header;
	struct reader reader;
	uint64_t whole;

	if (span_starts_with(at, "AVBf", 4)) {
		measure_footer(job, at, claim);
		return;
	}
	if (!read_header(at, &header))
		return;
	whole = HEADER_SIZE + header.authentication + header.auxiliary;
	claim->bytes = whole < at.size ? whole : at.size;
	if (whole > at.size) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "the vbmeta is cut short";
	}
	text_printf(&text, "vbmeta %" PRIu32 ".%" PRIu32 ", ", header.major, header.minor);
	put_bytes(job, &text, header.release);
	text_printf(&text, ", %s%s, rollback index %" PRIu64 "%s%s",
	    algorithm_name(header.algorithm),
	    whole > at.size ? ", cut short" : judge_digest(at, &header), header.rollback,
	    header.flags & 1 ? ", hash trees disabled" : "",
	    header.flags & 2 ? ", verification disabled" : "");
	reader.overrun = false;
	reader.rest = span_part(span_from(at, HEADER_SIZE + header.authentication),
	    header.descriptors, header.descriptors_size);
	for (unsigned i = 0; i < MAX_DESCRIPTORS && reader.rest.size >= 16; i++) {
		uint64_t tag = read_u64_be(&reader), size = read_u64_be(&reader);
		struct span body = read_bytes(&reader, size > SIZE_MAX ? SIZE_MAX : (size_t)size);

		describe(job, &text, tag, body, claim);
	}
	if (text_finish(&text, &claim->detail) != STATUS_OK)
		claim->detail = NULL;
}

/* Where the vbmeta stands in what was claimed: a hash tree may be before it. */
static bool
find_header(struct span content, struct header *header, size_t *at)
{
	*at = 0;
	for (;;) {
		uint64_t whole;

		*at = span_find(content, "AVB0", 4, *at);
		if (*at >= content.size)
			return false;
		if (read_header(span_from(content, *at), header)) {
			whole = HEADER_SIZE + header->authentication + header->auxiliary;
			if (content.size - *at == whole)
				return true;
		}
		++*at;
	}
}

/* The part of a block of the vbmeta that is what its header says, and not more than that can be. */
static enum status
cover(struct job *job, struct extents *extents, uint64_t block, uint64_t from, uint64_t size,
    uint64_t most)
{
	if (from > LARGEST || size > most)
		return STATUS_OK;
	return extents_add(job, extents, block + from, size);
}

static enum status
cover_descriptors(struct job *job, struct extents *extents, struct span content, uint64_t from,
    const struct header *header)
{
	const uint64_t auxiliary = from + HEADER_SIZE + header->authentication;
	struct reader reader = {.rest = span_part(span_from(content, auxiliary),
				    header->descriptors, header->descriptors_size)};
	struct tree_words words = {0};
	bool found = from == 0;

	for (unsigned i = 0; i < MAX_DESCRIPTORS && reader.rest.size >= 16; i++) {
		uint64_t at = (uint64_t)(reader.rest.at - content.at);
		uint64_t tag = read_u64_be(&reader), size = read_u64_be(&reader);
		struct span body = read_bytes(&reader, size > SIZE_MAX ? SIZE_MAX : (size_t)size);

		if (reader.overrun || tag > TAG_CHAIN || body.size > LARGEST_DESCRIPTOR)
			continue;
		TRY(extents_add(job, extents, at, 16 + body.size));
		if (found || tag != TAG_HASH_TREE || !read_tree(body, &words) ||
		    words.size > from || !is_tree(job, &words, content))
			continue;
		found = true;
		TRY(extents_add(job, extents, 0, words.size));
	}
	return STATUS_OK;
}

/* Digests, a key and a signature; whatever else stands between and behind them is told. */
static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct extents extents = {0};
	struct header header;
	uint64_t blocks;
	size_t at;

	if (span_starts_with(content, "AVBf", 4) || !find_header(content, &header, &at))
		return STATUS_OK; /* all of a footer is looked at; one cut short is damaged */
	blocks = at + HEADER_SIZE;
	TRY(extents_add(job, &extents, at, USED_HEADER));
	TRY(cover(job, &extents, blocks, header.hash, header.hash_size, LARGEST_DIGEST));
	if (header.algorithm != 0)
		TRY(cover(job, &extents, blocks, header.signature, header.signature_size,
		    LARGEST_SIGNATURE));
	blocks += header.authentication;
	TRY(cover(job, &extents, blocks, header.key, header.key_size, LARGEST_KEY));
	TRY(cover_descriptors(job, &extents, content, at, &header));
	return extents_tell_rest(&extents, unpack, container, content);
}

static const struct magic magics[] = {
    {.pattern = "AVB0\\x00\\x00\\x00\\x01", .length = 8},
    {.pattern = "AVBf\\x00\\x00\\x00\\x01", .length = 8},
};

const struct format format_avb = {
    .name = "avb",
    .title = "Android Verified Boot: vbmeta, hash tree and footer",
    .source = "AOSP external/avb/libavb: avb_vbmeta_image.h, avb_footer.h, avb_descriptor.h",
    .gaps = "signatures are verified by the collector update_signature; forward error correction "
	    "and what no descriptor speaks of stay gaps",
    .nature = NATURE_WRAPPER,
    .unproven = true,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
