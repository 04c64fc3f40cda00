/*
 * The log against the test vectors that Certificate Transparency implementations
 * share, and against a second, naive reading of RFC 6962.
 */
#include "tests/support/support.h"

#include <string.h>

#include "base/text.h"
#include "cert/log.h"

#define LEAVES 64

/* Leaves and roots of the reference implementation's tests (RFC 6962 section 2.1). */
static const struct {
	const char *bytes;
	size_t size;
} vectors[8] = {
    {"", 0},
    {"\x00", 1},
    {"\x10", 1},
    {"\x20\x21", 2},
    {"\x30\x31", 2},
    {"\x40\x41\x42\x43", 4},
    {"\x50\x51\x52\x53\x54\x55\x56\x57", 8},
    {"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f", 16},
};
static const char *const roots[9] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

/* A tree of at most LEAVES leaves, kept as its nodes. */
struct nodes {
	struct digest at[8][LEAVES];
	size_t count;
};

static enum status
get(void *context, struct job *job, unsigned level, uint64_t index, struct digest *digest)
{
	struct nodes *nodes = context;

	(void)job;
	*digest = nodes->at[level][index];
	return STATUS_OK;
}

static enum status
add(void *context, struct job *job, unsigned level, uint64_t index, const struct digest *digest)
{
	struct nodes *nodes = context;

	(void)job;
	nodes->at[level][index] = *digest;
	nodes->count++;
	return STATUS_OK;
}

static struct log_tree
grow(struct job *job, struct nodes *nodes, const struct digest *leaves, size_t count)
{
	struct log_tree tree = {get, nodes};

	memset(nodes, 0, sizeof(*nodes));
	for (size_t i = 0; i < count; i++)
		assert_ok(job, log_append(job, &tree, i, &leaves[i], add));
	return tree;
}

static void
make_leaves(struct job *job, struct digest leaves[LEAVES])
{
	for (size_t i = 0; i < LEAVES; i++) {
		uint8_t byte = (uint8_t)i;

		assert_ok(job, log_leaf_hash(job, (struct span){&byte, 1}, &leaves[i]));
	}
}

/* MTH as RFC 6962 section 2.1 writes it. */
static struct digest
naive_root(struct job *job, const struct digest *leaves, size_t count)
{
	struct digest left, right, root;
	size_t half = 1;

	if (count == 1)
		return leaves[0];
	while (half * 2 < count)
		half *= 2;
	left = naive_root(job, leaves, half);
	right = naive_root(job, leaves + half, count - half);
	assert_ok(job, log_node_hash(job, &left, &right, &root));
	return root;
}

static void
roots_are_those_of_the_published_vectors(void **state)
{
	struct job *job = *state;
	struct digest leaves[8], root;
	struct nodes nodes;
	char hex[DIGEST_HEX_SIZE];

	for (size_t i = 0; i < 8; i++)
		assert_ok(
		    job, log_leaf_hash(job,
			     (struct span){(const uint8_t *)vectors[i].bytes, vectors[i].size},
			     &leaves[i]));
	for (size_t size = 0; size <= 8; size++) {
		struct log_tree tree = grow(job, &nodes, leaves, size);

		assert_ok(job, log_root(job, &tree, size, &root));
		digest_to_hex(&root, hex);
		assert_string_equal(hex, roots[size]);
	}
}

static void
every_leaf_of_every_size_is_proved(void **state)
{
	struct job *job = *state;
	struct digest leaves[LEAVES], root;
	struct nodes nodes;
	struct log_tree tree;
	struct log_proof proof;

	make_leaves(job, leaves);
	tree = grow(job, &nodes, leaves, LEAVES);
	for (size_t size = 1; size <= LEAVES; size++) {
		struct digest expected = naive_root(job, leaves, size);

		assert_ok(job, log_root(job, &tree, size, &root));
		assert_true(digest_equal(&root, &expected));
		for (size_t index = 0; index < size; index++) {
			assert_ok(job, log_prove_inclusion(job, &tree, index, size, &proof));
			assert_ok(job,
			    log_check_inclusion(job, &leaves[index], index, size, &proof, &root));
			for (size_t other = 0; other < size; other++)
				if (other != index)
					assert_int_equal(log_check_inclusion(job, &leaves[index],
							     other, size, &proof, &root),
					    STATUS_REFUSED);
		}
	}
}

static void
an_altered_proof_proves_nothing(void **state)
{
	struct job *job = *state;
	struct digest leaves[LEAVES], root;
	struct nodes nodes;
	struct log_tree tree;
	struct log_proof proof;

	make_leaves(job, leaves);
	tree = grow(job, &nodes, leaves, 37);
	assert_ok(job, log_root(job, &tree, 37, &root));
	assert_ok(job, log_prove_inclusion(job, &tree, 21, 37, &proof));
	for (size_t i = 0; i < proof.count; i++) {
		proof.path[i].bytes[7] ^= 1;
		assert_int_equal(
		    log_check_inclusion(job, &leaves[21], 21, 37, &proof, &root), STATUS_REFUSED);
		proof.path[i].bytes[7] ^= 1;
	}
	proof.count--;
	assert_int_equal(
	    log_check_inclusion(job, &leaves[21], 21, 37, &proof, &root), STATUS_REFUSED);
	proof.count += 2;
	assert_int_equal(
	    log_check_inclusion(job, &leaves[21], 21, 37, &proof, &root), STATUS_REFUSED);
	assert_int_equal(
	    log_check_inclusion(job, &leaves[21], 37, 37, &proof, &root), STATUS_REFUSED);
	assert_int_equal(
	    log_check_inclusion(job, &leaves[21], 0, 0, &proof, &root), STATUS_REFUSED);
}

static void
every_older_log_begins_every_newer_one(void **state)
{
	struct job *job = *state;
	struct digest leaves[LEAVES], root, old_root;
	struct nodes nodes;
	struct log_tree tree;
	struct log_proof proof;

	make_leaves(job, leaves);
	tree = grow(job, &nodes, leaves, LEAVES);
	for (size_t size = 1; size <= LEAVES; size++)
		for (size_t old = 1; old <= size; old++) {
			assert_ok(job, log_root(job, &tree, size, &root));
			assert_ok(job, log_root(job, &tree, old, &old_root));
			assert_ok(job, log_prove_consistency(job, &tree, old, size, &proof));
			assert_ok(
			    job, log_check_consistency(job, old, &old_root, size, &root, &proof));
			old_root.bytes[0] ^= 1;
			assert_int_equal(
			    log_check_consistency(job, old, &old_root, size, &root, &proof),
			    STATUS_REFUSED);
			old_root.bytes[0] ^= 1;
			root.bytes[0] ^= 1;
			assert_int_equal(
			    log_check_consistency(job, old, &old_root, size, &root, &proof),
			    STATUS_REFUSED);
		}
}

/* The proofs of RFC 6962 section 2.1.3's example tree of seven leaves, by shape. */
static void
proofs_have_the_lengths_of_the_standard_example(void **state)
{
	struct job *job = *state;
	struct digest leaves[LEAVES];
	struct nodes nodes;
	struct log_tree tree;
	struct log_proof proof;
	static const struct {
		uint64_t old_size;
		size_t count;
	} consistency[] = {{3, 4}, {4, 1}, {6, 3}};
	static const size_t inclusion[] = {3, 3, 3, 3, 3, 3, 2};

	make_leaves(job, leaves);
	tree = grow(job, &nodes, leaves, 7);
	for (size_t i = 0; i < ARRAY_SIZE(consistency); i++) {
		assert_ok(
		    job, log_prove_consistency(job, &tree, consistency[i].old_size, 7, &proof));
		assert_int_equal(proof.count, consistency[i].count);
	}
	for (size_t i = 0; i < ARRAY_SIZE(inclusion); i++) {
		assert_ok(job, log_prove_inclusion(job, &tree, i, 7, &proof));
		assert_int_equal(proof.count, inclusion[i]);
	}
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_job, teardown_job)
	const struct CMUnitTest tests[] = {
	    TEST(roots_are_those_of_the_published_vectors),
	    TEST(every_leaf_of_every_size_is_proved),
	    TEST(an_altered_proof_proves_nothing),
	    TEST(every_older_log_begins_every_newer_one),
	    TEST(proofs_have_the_lengths_of_the_standard_example),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
