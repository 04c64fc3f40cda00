/* A verity superblock stands between data and the tree of their hashes; what is signed is the root
 * alone, which it does not tell. */
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/hash_tree.h"
#include "firmware/unpack.h"

#define SUPER_SIZE 512
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

/* What the data are said to be: they end where the superblock begins, or begin with their layer. */
static struct span
find_data(struct job *job, const struct super *super, struct span bytes, struct span before)
{
	uint64_t size = super->tree.data_blocks * super->tree.data_block;
	struct span just = span_from(before, before.size < size ? UINT64_MAX : before.size - size);
	struct span first = span_part(before, 0, size);

	if (just.size != 0 && hash_tree_begins(job, &super->tree, bytes, just))
		return just;
	if (first.size != 0 && hash_tree_begins(job, &super->tree, bytes, first))
		return first;
	return (struct span){0};
}

static const char *
judge_data(struct job *job, const struct super *super, struct span tree, struct claim *claim)
{
	struct span data = find_data(job, super, tree, claim->before);
	size_t differing;

	if (data.size == 0)
		return "the data are elsewhere";
	differing = hash_tree_compare(job, &super->tree, tree, data);
	if (differing == 0)
		return arena_printf(
		    job, "all %" PRIu64 " blocks of data agree", super->tree.data_blocks);
	claim->coverage = COVERAGE_DAMAGED;
	claim->incomplete = "the data do not agree with their hash tree";
	return differing == SIZE_MAX
		   ? "the data cannot be compared"
		   : arena_printf(job, "%zu of %" PRIu64 " blocks of data do not agree", differing,
			 super->tree.data_blocks);
}

/* What the tree says of itself and of the data. */
static const char *
judge(struct job *job, const struct super *super, struct span tree, struct claim *claim)
{
	enum status status;
	struct digest root;
	const char *data;

	if (!span_equal(super->algorithm, span_of_string("sha256")))
		return "its hashes are not compared";
	status = hash_tree_check(job, &super->tree, tree, &root);
	if (status != STATUS_OK) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "the hash tree does not agree with itself";
		return claim->incomplete;
	}
	data = judge_data(job, super, tree, claim);
	return arena_printf(job, "root hash %s, %s",
	    hex_of_bytes(job, (struct span){root.bytes, sizeof root.bytes}), data);
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct super super;
	uint64_t begin, size;
	const char *verdict, *algorithm;
	bool cut;

	if (!read_super(at, &super))
		return;
	begin = (SUPER_SIZE + (uint64_t)super.tree.hash_block - 1) &
		~((uint64_t)super.tree.hash_block - 1);
	size = hash_tree_size(&super.tree);
	cut = at.size < begin || at.size - begin < size;
	claim->bytes = cut ? at.size : begin + size;
	if (cut) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "the hash tree is cut short";
		verdict = claim->incomplete;
	} else {
		verdict = judge(job, &super, span_part(at, begin, size), claim);
	}
	algorithm = text_from_bytes(job, super.algorithm.at, super.algorithm.size, 40);
	claim->detail =
	    arena_printf(job, "hash tree, %s, %" PRIu64 " blocks of %" PRIu32 " bytes, %s",
		algorithm == NULL ? "" : algorithm, super.tree.data_blocks, super.tree.data_block,
		verdict == NULL ? "" : verdict);
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	(void)job;
	(void)unpack;
	(void)container;
	(void)content;
	return STATUS_OK; /* digests, and nothing else */
}

static const struct magic magics[] = {
    {.pattern = "verity\\x00\\x00\\x01\\x00\\x00\\x00", .length = 12}};

const struct format format_verity = {
    .name = "verity",
    .title = "dm-verity superblock and hash tree",
    .source = "cryptsetup docs/on-disk-format (verity superblock); Linux "
	      "Documentation/admin-guide/device-mapper/verity.rst",
    .gaps = "trees without a superblock are not recognised; hashes other than SHA-256 are not "
	    "compared; forward error correction",
    .nature = NATURE_WRAPPER,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
