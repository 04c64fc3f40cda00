/*
 * The Merkle tree of the registry's log: proves that an event is in the log,
 * and that an older log is the beginning of a newer one.
 *
 * A node (level, index) is the hash of the complete subtree over leaves
 * index × 2^level to (index + 1) × 2^level − 1; nothing else need be stored.
 *
 * Source: RFC 6962 section 2.1; verification as in RFC 9162 section 2.1.
 */
#ifndef CERT_LOG_H
#define CERT_LOG_H

#include "base/digest.h"

#define LOG_PROOF_MAX 63
#define LOG_MAX_SIZE ((uint64_t)1 << 62)

struct log_proof {
	struct digest path[LOG_PROOF_MAX];
	size_t count;
};

/* Where the hashes of complete subtrees come from. */
struct log_tree {
	enum status (*node)(
	    void *context, struct job *job, unsigned level, uint64_t index, struct digest *digest);
	void *context;
};

enum status log_leaf_hash(struct job *job, struct span leaf, struct digest *digest);
enum status log_node_hash(
    struct job *job, const struct digest *left, const struct digest *right, struct digest *digest);

/* Root of the first `size` leaves. */
enum status log_root(
    struct job *job, const struct log_tree *tree, uint64_t size, struct digest *root);
/* Proof that leaf `index` is among the first `size`; index < size. */
enum status log_prove_inclusion(struct job *job, const struct log_tree *tree, uint64_t index,
    uint64_t size, struct log_proof *proof);
/* Proof that the first `old_size` leaves begin the first `size`; 0 < old_size ≤ size. */
enum status log_prove_consistency(struct job *job, const struct log_tree *tree, uint64_t old_size,
    uint64_t size, struct log_proof *proof);

/* STATUS_REFUSED: the proof does not lead to the root. */
enum status log_check_inclusion(struct job *job, const struct digest *leaf, uint64_t index,
    uint64_t size, const struct log_proof *proof, const struct digest *root);
enum status log_check_consistency(struct job *job, uint64_t old_size, const struct digest *old_root,
    uint64_t size, const struct digest *root, const struct log_proof *proof);

/*
 * What completing leaf `index` adds: calls `add` for the leaf and for each
 * subtree it completes, lowest first.
 */
enum status log_append(struct job *job, const struct log_tree *tree, uint64_t index,
    const struct digest *leaf,
    enum status (*add)(void *context, struct job *job, unsigned level, uint64_t index,
	const struct digest *digest));

#endif
