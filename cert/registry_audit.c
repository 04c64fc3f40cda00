/*
 * The audit believes nothing but the signed rows: it makes every hash and every
 * index again, inside a transaction that is then taken back.
 */
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/text.h"
#include "cert/registry_file.h"

#define LEVELS 63

struct walk {
	struct job *job;
	struct registry *registry;
	struct identity_cache *cache;
	struct audit *audit;
	struct digest subtrees[LEVELS]; /* the complete ones at the right edge, by level */
	uint64_t nodes;
	struct trust trust; /* in force at this point of the log */
	bool has_trust;
	struct digest pending; /* certificate that waits for its acceptance */
	bool has_pending;
	struct signature submission;
	int64_t time;
};

/* Anything the audit cannot read or believe is its finding, not its failure. */
static enum status
found(struct job *job, enum status status)
{
	if (status == STATUS_OK || status == STATUS_BUSY || status == STATUS_IO ||
	    status == STATUS_LIMIT || status == STATUS_FAULT)
		return status;
	return fail_in(job, STATUS_NO, "the registry was altered");
}

/* The stored hash of a subtree must be the one computed. */
static enum status
check_node(struct walk *walk, unsigned level, uint64_t index, const struct digest *computed)
{
	struct log_tree tree = registry_tree(walk->registry);
	struct digest stored;

	TRY(tree.node(tree.context, walk->job, level, index, &stored));
	walk->nodes++;
	if (!digest_equal(&stored, computed))
		return fail(walk->job, STATUS_NO, "event %llu: it is not what the log says it was",
		    (unsigned long long)(((index + 1) << level) - 1));
	return STATUS_OK;
}

static enum status
check_leaf(struct walk *walk, uint64_t index, struct span bytes)
{
	struct digest hash;
	unsigned level = 0;

	TRY(log_leaf_hash(walk->job, bytes, &hash));
	TRY(check_node(walk, 0, index, &hash));
	for (; (index & 1) != 0; level++, index >>= 1) {
		TRY(log_node_hash(walk->job, &walk->subtrees[level], &hash, &hash));
		TRY(check_node(walk, level + 1, index >> 1, &hash));
	}
	walk->subtrees[level] = hash;
	return STATUS_OK;
}

/* Root of the first `size` leaves from the complete subtrees at the right edge. */
static enum status
root_of(struct walk *walk, uint64_t size, struct digest *root)
{
	bool any = false;

	for (unsigned level = 0; level < LEVELS; level++) {
		if ((size >> level & 1) == 0)
			continue;
		if (!any)
			*root = walk->subtrees[level];
		else
			TRY(log_node_hash(walk->job, &walk->subtrees[level], root, root));
		any = true;
	}
	return STATUS_OK;
}

static enum status
check_trust(struct walk *walk, struct span bytes)
{
	struct trust trust;

	TRY(trust_read(
	    walk->job, bytes, walk->has_trust ? &walk->trust.root.fingerprint : NULL, &trust));
	if (walk->has_trust &&
	    (trust.sequence <= walk->trust.sequence || trust.issued < walk->trust.issued))
		return fail(walk->job, STATUS_NO, "trust list %lld: out of order",
		    (long long)trust.sequence);
	if (!digest_equal(&trust.root.fingerprint, &walk->registry->office.trust.root.fingerprint))
		return fail(walk->job, STATUS_NO, "trust list: of another authority");
	walk->trust = trust;
	walk->has_trust = true;
	return STATUS_OK;
}

static enum status
check_submission(struct walk *walk, const struct signature *signature)
{
	const struct identity *signer;

	TRY(signature_check(walk->job, walk->cache, signature, &signer));
	walk->pending = signature->content_digest;
	walk->submission = *signature;
	walk->has_pending = true;
	return STATUS_OK;
}

/* The authority accepted what stood before it, by right, under the next number. */
static enum status
check_acceptance(struct walk *walk, const struct event *event)
{
	struct certificate certificate;
	struct digest signer;
	char number[NUMBER_SIZE];

	if (!walk->has_pending || !digest_equal(&walk->pending, &event->certificate))
		return fail(
		    walk->job, STATUS_NO, "%s: accepts what was not submitted", event->number);
	walk->has_pending = false;
	TRY(certificate_read(walk->job, walk->submission.content, &certificate));
	TRY(digest_of(walk->job, walk->submission.certificate, &signer));
	TRY(trust_check_rights(walk->job, &walk->trust, &signer, &certificate, event->time));
	TRY(registry_next_number(walk->job, walk->registry, event->time, number));
	if (strcmp(number, event->number) != 0)
		return fail(
		    walk->job, STATUS_NO, "%s: %s was the next number", event->number, number);
	walk->audit->certificates++;
	return STATUS_OK;
}

static enum status
check_event(struct walk *walk, struct span bytes)
{
	struct event event;

	TRY(event_verify(walk->job, walk->cache, bytes, &walk->trust.registrar, &event));
	if (event.time < walk->time || event.trust_sequence != walk->trust.sequence)
		return fail(walk->job, STATUS_NO, "event of %s: out of order", event.number);
	walk->time = event.time;
	return event_type_named(event.type) == EVENT_ACCEPTANCE ? check_acceptance(walk, &event)
								: STATUS_OK;
}

/* A checkpoint made at this size, if there is one, must be of this log. */
static enum status
check_checkpoint(struct walk *walk, uint64_t size)
{
	struct checkpoint checkpoint;
	sqlite3_stmt *statement;
	const char *note = NULL;
	struct digest root;
	enum status status = STATUS_OK;

	TRY(registry_prepare(
	    walk->job, walk->registry, "SELECT note FROM checkpoint WHERE size = ?", &statement));
	sqlite3_bind_int64(statement, 1, (sqlite3_int64)size);
	if (sqlite3_step(statement) == SQLITE_ROW)
		status = column_text(walk->job, statement, 0, &note);
	sqlite3_finalize(statement);
	TRY(status);
	TRY(root_of(walk, size, &root));
	walk->audit->root = root;
	if (note == NULL)
		return STATUS_OK;
	TRY(checkpoint_read(
	    walk->job, span_of_string(note), walk->trust.log, &walk->trust.log_key, &checkpoint));
	if (checkpoint.size != size || !digest_equal(&checkpoint.root, &root))
		return fail(walk->job, STATUS_NO, "checkpoint %llu: not of this log",
		    (unsigned long long)size);
	walk->audit->checkpoints++;
	return STATUS_OK;
}

/* One row: its hash, its meaning, and its place in the indexes made anew. */
static enum status
check_row(struct walk *walk, uint64_t index, struct span bytes)
{
	struct signature signature;

	TRY(check_leaf(walk, index, bytes));
	TRY(signature_read(walk->job, bytes, (struct span){0}, &signature));
	if (trust_is(signature.content))
		TRY(check_trust(walk, bytes));
	else if (!walk->has_trust)
		return fail(walk->job, STATUS_NO, "the log does not start with a trust list");
	else if (certificate_is(signature.content))
		TRY(check_submission(walk, &signature));
	else
		TRY(check_event(walk, bytes));
	TRY(registry_index(walk->job, walk->registry, (int64_t)index, bytes));
	return check_checkpoint(walk, index + 1);
}

static enum status
walk_row(struct walk *walk, uint64_t index, bool *has_new_trust)
{
	int64_t before = walk->trust.sequence;
	struct span bytes;

	TRY(registry_read_event(walk->job, walk->registry, (int64_t)index, &bytes));
	TRY(check_row(walk, index, bytes));
	*has_new_trust = walk->trust.sequence != before;
	return STATUS_OK;
}

/* Memory is let go after each row but for a trust list and a submission not yet accepted. */
static enum status
walk_log(struct walk *walk)
{
	struct job *job = walk->job;
	struct arena_mark mark = arena_mark(job->arena);
	bool has_new_trust;
	int64_t size, nodes;

	TRY(registry_integer(job, walk->registry, "SELECT max(sequence) + 1 FROM event", 0, &size));
	for (uint64_t index = 0; index < (uint64_t)size; index++) {
		enum status status;

		if (!walk->has_pending)
			mark = arena_mark(job->arena);
		status = walk_row(walk, index, &has_new_trust);
		if (status != STATUS_OK)
			return fail_in(
			    job, found(job, status), "event %llu", (unsigned long long)index);
		if (!walk->has_pending && !has_new_trust)
			arena_release(job->arena, mark);
	}
	walk->audit->events = (uint64_t)size;
	TRY(registry_integer(job, walk->registry, "SELECT count(*) FROM node", 0, &nodes));
	if ((uint64_t)nodes != walk->nodes)
		return fail(job, STATUS_NO, "the log has %lld hashes, not %llu", (long long)nodes,
		    (unsigned long long)walk->nodes);
	if (walk->has_pending)
		return fail(job, STATUS_NO, "the last submission has no acceptance");
	return STATUS_OK;
}

/* The checkpoint in the file is one of the log's: it may be behind by a crash, never ahead. */
static enum status
check_file(struct walk *walk)
{
	const char *path = file_path_join(walk->job, walk->registry->folder, "checkpoint");
	sqlite3_stmt *statement;
	struct span file;
	bool known;

	if (path == NULL)
		return STATUS_LIMIT;
	if (file_read(walk->job, path, CHECKPOINT_MAX_SIZE, &file) != STATUS_OK)
		return fail_in(walk->job, STATUS_NO, "the file of the newest checkpoint");
	TRY(registry_prepare(walk->job, walk->registry,
	    "SELECT 1 FROM checkpoint WHERE note = CAST(? AS TEXT)", &statement));
	sqlite3_bind_blob64(statement, 1, file.at, file.size, SQLITE_TRANSIENT);
	known = sqlite3_step(statement) == SQLITE_ROW;
	sqlite3_finalize(statement);
	if (!known)
		return fail(walk->job, STATUS_NO, "the file checkpoint is of another log");
	return STATUS_OK;
}

/* The newest checkpoint is of the whole log, and no stored one is left unchecked. */
static enum status
check_newest(struct walk *walk)
{
	int64_t newest, count;

	TRY(registry_integer(
	    walk->job, walk->registry, "SELECT max(size) FROM checkpoint", 0, &newest));
	TRY(registry_integer(
	    walk->job, walk->registry, "SELECT count(*) FROM checkpoint", 0, &count));
	if ((uint64_t)newest != walk->audit->events || newest == 0)
		return fail(walk->job, STATUS_NO, "the log has %llu events, its checkpoint %lld",
		    (unsigned long long)walk->audit->events, (long long)newest);
	if ((uint64_t)count != walk->audit->checkpoints)
		return fail(walk->job, STATUS_NO, "a checkpoint is not of this log");
	return check_file(walk);
}

/* The indexes as they stood hold exactly what the log says. */
static enum status
check_indexes(struct walk *walk)
{
	static const char *const names[] = {"certificate", "change", "trust", "words"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *sql = arena_printf(walk->job,
		    "SELECT (SELECT count(*) FROM (SELECT * FROM %s EXCEPT SELECT * FROM "
		    "temp.was_%s))"
		    " + (SELECT count(*) FROM (SELECT * FROM temp.was_%s EXCEPT SELECT * FROM %s))"
		    " + abs((SELECT count(*) FROM %s) - (SELECT count(*) FROM temp.was_%s))",
		    names[i], names[i], names[i], names[i], names[i], names[i]);
		int64_t differences;

		if (sql == NULL)
			return STATUS_LIMIT;
		TRY(registry_integer(walk->job, walk->registry, sql, -1, &differences));
		if (differences != 0)
			return fail(walk->job, STATUS_NO,
			    "the index %s does not say what the log says; registry rebuild makes "
			    "it again",
			    names[i]);
	}
	return STATUS_OK;
}

/* A checkpoint seen earlier, or the one in a bundle, must begin this log. */
static enum status
check_against(struct walk *walk, struct span against)
{
	const struct trust *trust = &walk->trust;
	struct log_tree tree = registry_tree(walk->registry);
	struct checkpoint seen;
	struct digest root;
	char time[32];

	if (against.size == 0)
		return STATUS_OK;
	if (against.at[0] == 0x30) {
		struct bundle bundle;

		TRY(bundle_read(walk->job, against, &trust->root.fingerprint, &bundle));
		seen = bundle.checkpoint;
	} else {
		TRY(checkpoint_read(walk->job, against, trust->log, &trust->log_key, &seen));
	}
	text_format_time(seen.time, time);
	if (seen.size > walk->audit->events)
		return fail(walk->job, STATUS_NO, "the log had %llu events at %s, it has %llu now",
		    (unsigned long long)seen.size, time, (unsigned long long)walk->audit->events);
	TRY(log_root(walk->job, &tree, seen.size, &root));
	if (!digest_equal(&root, &seen.root))
		return fail(walk->job, STATUS_NO, "the log was rewritten since %s", time);
	return STATUS_OK;
}

static enum status
audit_inside(struct walk *walk, struct span against)
{
	TRY(registry_run(walk->job, walk->registry,
	    "CREATE TEMP TABLE was_certificate AS SELECT * FROM certificate;"
	    "CREATE TEMP TABLE was_change AS SELECT * FROM change;"
	    "CREATE TEMP TABLE was_trust AS SELECT * FROM trust;"
	    "CREATE TEMP TABLE was_words AS SELECT * FROM words;"
	    "DELETE FROM certificate; DELETE FROM change; DELETE FROM trust; DELETE FROM words"));
	TRY(walk_log(walk));
	TRY(check_newest(walk));
	TRY(check_indexes(walk));
	return check_against(walk, against);
}

enum status
registry_audit(struct job *job, struct registry *registry, struct span against, struct audit *audit)
{
	struct walk walk = {.job = job, .registry = registry, .audit = audit};
	enum status status;

	*audit = (struct audit){0};
	walk.cache = identity_cache_new();
	TRY(registry_run(job, registry, "BEGIN IMMEDIATE"));
	status = found(job, audit_inside(&walk, against));
	identity_cache_free(walk.cache);
	sqlite3_exec(registry->database, "ROLLBACK", NULL, NULL, NULL);
	return status;
}
