/* A verity superblock stands between data and the tree of their hashes; what is signed is the root
 * alone, which it does not tell. */
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/extents.h"
#include "firmware/hash_tree.h"

#define SUPER_SIZE 512
#define SALT_AT 88
#define SALT_ROOM 256

struct super {
	uint32_t version, kind;
	struct span algorithm;
	struct hash_tree tree;
};

static bool
read_super(struct span at, struct super *super)
{
	struct reader reader = {.rest = span_part(at, 0, SUPER_SIZE)};
	uint16_t salt;

	read_bytes(&reader, 8); /* magic */
	super->version = read_u32_le(&reader);
	super->kind = read_u32_le(&reader);
	read_bytes(&reader, 16); /* identity */
	super->algorithm = read_bytes(&reader, 32);
	super->tree.data_block = read_u32_le(&reader);
	super->tree.hash_block = read_u32_le(&reader);
	super->tree.data_blocks = read_u64_le(&reader);
	salt = read_u16_le(&reader);
	read_bytes(&reader, 6);
	if (reader.overrun || super->version != 1 || super->kind > 1 || salt > SALT_ROOM)
		return false;
	super->tree.salt = read_bytes(&reader, salt);
	super->tree.salt_last = super->kind == 0;
	super->algorithm.size = strnlen((const char *)super->algorithm.at, super->algorithm.size);
	return hash_tree_is_sound(&super->tree);
}

/* Takes what is about to be hashed off what may be. */
static bool
may_compare(struct claim *claim, uint64_t bytes)
{
	if (bytes > claim->comparable) {
		claim->comparable = 0;
		return false;
	}
	claim->comparable -= bytes;
	return true;
}

/* What the data are said to be: they end where the superblock begins, or begin with their layer. */
static struct span
find_data(struct job *job, const struct super *super, struct span bytes, struct span before)
{
	uint64_t size = super->tree.data_blocks * super->tree.data_block;
	struct span just = span_from(before, before.size < size ? UINT64_MAX : before.size - size);
	struct span first = span_part(before, 0, size);

	if (just.size != 0 && hash_tree_begins(job, &super->tree, bytes, just))
		return just;
	if (first.size == size && hash_tree_begins(job, &super->tree, bytes, first))
		return first;
	return (struct span){0};
}

/* What was not compared with its data is not read: a tree has room for anything. */
static const char *
set_unread(struct claim *claim, enum coverage coverage, const char *reason)
{
	claim->coverage = coverage;
	claim->incomplete = reason;
	return reason;
}

static const char *
judge_data(struct job *job, const struct super *super, struct span tree, struct claim *claim)
{
	struct span data = {0};
	size_t differing;

	if (may_compare(claim, 2 * (uint64_t)super->tree.data_block))
		data = find_data(job, super, tree, claim->before);
	if (data.size != 0 && !may_compare(claim, data.size))
		return set_unread(claim, COVERAGE_UNSUPPORTED, "limit: too much to compare");
	if (data.size == 0)
		return set_unread(
		    claim, COVERAGE_UNSUPPORTED, "the data of the hash tree are elsewhere");
	differing = hash_tree_compare(job, &super->tree, tree, data);
	if (differing == 0)
		return arena_printf(
		    job, "all %" PRIu64 " blocks of data agree", super->tree.data_blocks);
	set_unread(claim, COVERAGE_DAMAGED, "the data do not agree with their hash tree");
	return differing == SIZE_MAX
		   ? "the data cannot be compared"
		   : arena_printf(job, "%zu of %" PRIu64 " blocks of data do not agree", differing,
			 super->tree.data_blocks);
}

/* What the tree says of itself and of the data. */
static const char *
judge(struct job *job, const struct super *super, struct span tree, struct claim *claim)
{
	uint8_t root[DIGEST_LARGEST];
	const char *data;

	if (hash_tree_check(job, &super->tree, tree, root) != STATUS_OK)
		return set_unread(
		    claim, COVERAGE_DAMAGED, "the hash tree does not agree with itself");
	data = judge_data(job, super, tree, claim);
	return arena_printf(job, "root hash %s, %s",
	    hex_of_bytes(job, (struct span){root, digest_size(super->tree.kind)}), data);
}

static uint64_t
begin_of_tree(const struct super *super)
{
	const uint64_t block = super->tree.hash_block;

	return (SUPER_SIZE + block - 1) & ~(block - 1);
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct super super;
	uint64_t begin, size;
	const char *verdict, *algorithm;

	if (!read_super(at, &super))
		return;
	begin = begin_of_tree(&super);
	if (!hash_tree_find_kind(super.algorithm, &super.tree.kind)) {
		claim->bytes = SUPER_SIZE; /* how large its digests are is not known */
		verdict = set_unread(claim, COVERAGE_UNSUPPORTED, "its hashes are not compared");
	} else {
		size = hash_tree_size(&super.tree);
		claim->bytes = begin + size;
		if (at.size < begin || at.size - begin < size) {
			claim->bytes = at.size;
			verdict = set_unread(claim, COVERAGE_DAMAGED, "the hash tree is cut short");
		} else {
			verdict = judge(job, &super, span_part(at, begin, size), claim);
		}
	}
	algorithm = text_from_bytes(job, super.algorithm.at, super.algorithm.size, 40);
	claim->detail =
	    arena_printf(job, "hash tree, %s, %" PRIu64 " blocks of %" PRIu32 " bytes, %s",
		algorithm == NULL ? "" : algorithm, super.tree.data_blocks, super.tree.data_block,
		verdict == NULL ? "" : verdict);
}

/* Digests, and nothing else; but nothing vouches for what is behind the superblock. */
static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	struct extents extents = {0};
	struct super super;

	if (!read_super(content, &super))
		return fail(job, STATUS_MALFORMED, "verity: no superblock");
	TRY(extents_add(job, &extents, 0, SALT_AT + super.tree.salt.size));
	TRY(extents_add(job, &extents, begin_of_tree(&super), content.size));
	return extents_tell_rest(&extents, unpack, container, content);
}

static const struct magic magics[] = {
    {.pattern = "verity\\x00\\x00\\x01\\x00\\x00\\x00", .length = 12}};

const struct format format_verity = {
    .name = "verity",
    .title = "dm-verity superblock and hash tree",
    .source = "cryptsetup docs/on-disk-format (verity superblock); Linux "
	      "Documentation/admin-guide/device-mapper/verity.rst",
    .gaps =
	"trees without a superblock are not recognised; hashes other than SHA-1, SHA-256, "
	"SHA-384 and SHA-512 are not compared, nor data in another image; forward error correction",
    .nature = NATURE_WRAPPER,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
