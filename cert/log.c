/*
 * Both proofs are walks down one tree, and both checks the walk back up.
 */
#include "cert/log.h"

#include <string.h>

enum status
log_leaf_hash(struct job *job, struct span leaf, struct digest *digest)
{
	static const uint8_t prefix = 0x00;
	struct digest_stream *stream = digest_stream_new();

	if (stream == NULL)
		return fail(job, STATUS_LIMIT, "log: no digest");
	digest_stream_add(stream, &prefix, 1);
	digest_stream_add(stream, leaf.at, leaf.size);
	return digest_stream_finish(job, stream, digest);
}

enum status
log_node_hash(
    struct job *job, const struct digest *left, const struct digest *right, struct digest *digest)
{
	uint8_t bytes[1 + 2 * DIGEST_SIZE] = {0x01};

	memcpy(bytes + 1, left->bytes, DIGEST_SIZE);
	memcpy(bytes + 1 + DIGEST_SIZE, right->bytes, DIGEST_SIZE);
	return digest_of(job, (struct span){bytes, sizeof(bytes)}, digest);
}

/* The largest power of two smaller than `size` (size > 1), as its exponent. */
static unsigned
split_level(uint64_t size)
{
	return 63U - (unsigned)__builtin_clzll(size - 1);
}

/* MTH of `size` leaves from `start`, a multiple of the power of two at or above `size`. */
static enum status
subtree(struct job *job, const struct log_tree *tree, uint64_t start, uint64_t size,
    struct digest *digest)
{
	struct digest left, right;
	unsigned level;

	if ((size & (size - 1)) == 0) {
		level = (unsigned)__builtin_ctzll(size);
		return tree->node(tree->context, job, level, start >> level, digest);
	}
	level = split_level(size);
	TRY(tree->node(tree->context, job, level, start >> level, &left));
	TRY(subtree(
	    job, tree, start + ((uint64_t)1 << level), size - ((uint64_t)1 << level), &right));
	return log_node_hash(job, &left, &right, digest);
}

enum status
log_root(struct job *job, const struct log_tree *tree, uint64_t size, struct digest *root)
{
	if (size > LOG_MAX_SIZE)
		return fail(job, STATUS_LIMIT, "log: too large");
	if (size == 0)
		return digest_of(job, (struct span){0}, root);
	return subtree(job, tree, 0, size, root);
}

/* Siblings on the way down, which the proof lists from the bottom up. */
static void
reverse(struct log_proof *proof)
{
	for (size_t i = 0; i < proof->count / 2; i++) {
		struct digest kept = proof->path[i];

		proof->path[i] = proof->path[proof->count - 1 - i];
		proof->path[proof->count - 1 - i] = kept;
	}
}

enum status
log_prove_inclusion(struct job *job, const struct log_tree *tree, uint64_t index, uint64_t size,
    struct log_proof *proof)
{
	uint64_t start = 0;

	proof->count = 0;
	if (index >= size || size > LOG_MAX_SIZE)
		return fail(job, STATUS_FAULT, "log: no leaf %llu", (unsigned long long)index);
	while (size > 1) {
		uint64_t half = (uint64_t)1 << split_level(size);
		struct digest *sibling = &proof->path[proof->count++];

		if (index - start < half) {
			TRY(subtree(job, tree, start + half, size - half, sibling));
			size = half;
		} else {
			TRY(subtree(job, tree, start, half, sibling));
			start += half;
			size -= half;
		}
	}
	reverse(proof);
	return STATUS_OK;
}

/* RFC 6962 section 2.1.2, SUBPROOF(m, D[n], b), as a loop. */
enum status
log_prove_consistency(struct job *job, const struct log_tree *tree, uint64_t old_size,
    uint64_t size, struct log_proof *proof)
{
	uint64_t start = 0, old = old_size;
	bool known = true; /* the verifier has the hash of this subtree: it is the old root */

	proof->count = 0;
	if (old_size == 0 || old_size > size || size > LOG_MAX_SIZE)
		return fail(job, STATUS_FAULT, "log: no proof from %llu to %llu",
		    (unsigned long long)old_size, (unsigned long long)size);
	while (old != size) {
		uint64_t half = (uint64_t)1 << split_level(size);
		struct digest *sibling = &proof->path[proof->count++];

		if (old <= half) {
			TRY(subtree(job, tree, start + half, size - half, sibling));
			size = half;
		} else {
			TRY(subtree(job, tree, start, half, sibling));
			start += half;
			size -= half;
			old -= half;
			known = false;
		}
	}
	if (!known)
		TRY(subtree(job, tree, start, size, &proof->path[proof->count++]));
	reverse(proof);
	return STATUS_OK;
}

static enum status
refused(struct job *job)
{
	return fail(job, STATUS_REFUSED, "log: the proof does not lead to the root");
}

enum status
log_check_inclusion(struct job *job, const struct digest *leaf, uint64_t index, uint64_t size,
    const struct log_proof *proof, const struct digest *root)
{
	uint64_t node = index, last = size - 1;
	struct digest hash = *leaf;

	if (index >= size || proof->count > LOG_PROOF_MAX)
		return refused(job);
	for (size_t i = 0; i < proof->count; i++) {
		if (last == 0)
			return refused(job);
		if ((node & 1) != 0 || node == last) {
			TRY(log_node_hash(job, &proof->path[i], &hash, &hash));
			while ((node & 1) == 0 && node != 0) {
				node >>= 1;
				last >>= 1;
			}
		} else {
			TRY(log_node_hash(job, &hash, &proof->path[i], &hash));
		}
		node >>= 1;
		last >>= 1;
	}
	return last == 0 && digest_equal(&hash, root) ? STATUS_OK : refused(job);
}

enum status
log_check_consistency(struct job *job, uint64_t old_size, const struct digest *old_root,
    uint64_t size, const struct digest *root, const struct log_proof *proof)
{
	uint64_t node = old_size - 1, last = size - 1;
	struct digest old_hash, hash;
	size_t next = 0;

	if (old_size == 0 || old_size > size || proof->count > LOG_PROOF_MAX)
		return refused(job);
	if (old_size == size)
		return proof->count == 0 && digest_equal(old_root, root) ? STATUS_OK : refused(job);
	for (; (node & 1) != 0; node >>= 1)
		last >>= 1;
	if (node != 0 && proof->count == 0)
		return refused(job);
	old_hash = hash = node == 0 ? *old_root : proof->path[next++];
	for (; next < proof->count; next++) {
		if (last == 0)
			return refused(job);
		if ((node & 1) != 0 || node == last) {
			TRY(log_node_hash(job, &proof->path[next], &old_hash, &old_hash));
			TRY(log_node_hash(job, &proof->path[next], &hash, &hash));
			while ((node & 1) == 0 && node != 0) {
				node >>= 1;
				last >>= 1;
			}
		} else {
			TRY(log_node_hash(job, &hash, &proof->path[next], &hash));
		}
		node >>= 1;
		last >>= 1;
	}
	return last == 0 && digest_equal(&old_hash, old_root) && digest_equal(&hash, root)
		   ? STATUS_OK
		   : refused(job);
}

enum status
log_append(struct job *job, const struct log_tree *tree, uint64_t index, const struct digest *leaf,
    enum status (*add)(void *context, struct job *job, unsigned level, uint64_t index,
	const struct digest *digest))
{
	struct digest hash = *leaf, left;

	TRY(add(tree->context, job, 0, index, &hash));
	for (unsigned level = 0; (index & 1) != 0; level++) {
		TRY(tree->node(tree->context, job, level, index - 1, &left));
		TRY(log_node_hash(job, &left, &hash, &hash));
		index >>= 1;
		TRY(add(tree->context, job, level + 1, index, &hash));
	}
	return STATUS_OK;
}
