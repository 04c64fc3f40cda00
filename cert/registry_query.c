/*
 * Reading the registry: by number, by words, and all of it for a bundle.
 */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "cert/registry_file.h"

#define MAX_CHANGES 256

/* One change with what the signed event says about it. */
static enum status
read_change(struct job *job, struct registry *registry, sqlite3_stmt *row, struct change *change)
{
	struct signature signature;
	struct event event;
	struct span bytes;

	TRY(registry_read_event(job, registry, sqlite3_column_int64(row, 0), &bytes));
	TRY(signature_read(job, bytes, (struct span){0}, &signature));
	TRY(event_read(job, signature.content, &event));
	change->state = state_name(state_named((const char *)sqlite3_column_text(row, 1)));
	change->since = event.time;
	change->reason = event.reason;
	change->removed = event.removed;
	change->removed_count = event.removed_count;
	return STATUS_OK;
}

static enum status
read_changes(struct job *job, struct registry *registry, const char *number,
    struct change **changes, size_t *count)
{
	struct change *read = arena_array(job, MAX_CHANGES, sizeof(*read));
	enum status status = STATUS_OK;
	sqlite3_stmt *statement;
	int step = SQLITE_DONE;

	if (read == NULL)
		return STATUS_LIMIT;
	TRY(registry_prepare(job, registry,
	    "SELECT sequence, state FROM change WHERE number = ? ORDER BY sequence", &statement));
	sqlite3_bind_text(statement, 1, number, -1, SQLITE_TRANSIENT);
	for (*count = 0; status == STATUS_OK; ++*count) {
		step = sqlite3_step(statement);
		if (step != SQLITE_ROW)
			break;
		status =
		    *count == MAX_CHANGES
			? fail(job, STATUS_LIMIT, "%s: more than %d changes", number, MAX_CHANGES)
			: read_change(job, registry, statement, &read[*count]);
	}
	sqlite3_finalize(statement);
	if (status == STATUS_OK && step != SQLITE_DONE)
		return registry_fault(job, registry);
	*changes = *count == 0 ? NULL : read;
	return status;
}

#define ENTRY_COLUMNS                                                                              \
	"number, body, holder, product, model, issued, expires, trial, accepted, "                 \
	"(SELECT state FROM change WHERE number = c.number ORDER BY sequence DESC LIMIT 1), "      \
	"submission, acceptance"

static enum status
read_entry(struct job *job, sqlite3_stmt *row, struct registry_entry *entry)
{
	const char **const texts[] = {&entry->number, &entry->body, &entry->holder, &entry->product,
	    &entry->model, &entry->issued, &entry->expires};

	*entry = (struct registry_entry){0};
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		TRY(column_text(job, row, (int)i, texts[i]));
	entry->trial = sqlite3_column_int(row, 7) != 0;
	entry->accepted = sqlite3_column_int64(row, 8);
	entry->state = state_named((const char *)sqlite3_column_text(row, 9));
	if (entry->state == STATE_COUNT)
		entry->state = STATE_GRANTED;
	return STATUS_OK;
}

/* The receipt as of the newest checkpoint: an old certificate gets a proof that is new. */
static enum status
renew_receipt(struct job *job, struct registry *registry, int64_t acceptance, struct span *receipt)
{
	const struct trust *trust = &registry->office.trust;
	struct log_tree tree = registry_tree(registry);
	struct checkpoint checkpoint;
	struct log_proof proof;
	struct span event;
	const char *note;

	TRY(registry_checkpoint(job, registry, &note));
	if (note == NULL)
		return fail(job, STATUS_MALFORMED, "registry: it has no checkpoint");
	TRY(checkpoint_read(job, span_of_string(note), trust->log, &trust->log_key, &checkpoint));
	TRY(registry_read_event(job, registry, acceptance, &event));
	TRY(log_prove_inclusion(job, &tree, (uint64_t)acceptance, checkpoint.size, &proof));
	return receipt_write(job,
	    &(struct receipt){.index = acceptance,
		.event = event,
		.proof = proof.path,
		.proof_count = proof.count,
		.checkpoint = span_of_string(note)},
	    receipt);
}

static enum status
read_file(struct job *job, struct registry *registry, int64_t submission, int64_t acceptance,
    struct registry_entry *entry)
{
	struct signature signature;
	struct span der, receipt;

	TRY(registry_read_event(job, registry, submission, &der));
	TRY(signature_read(job, der, (struct span){0}, &signature));
	TRY(certificate_read(job, signature.content, &entry->certificate));
	TRY(renew_receipt(job, registry, acceptance, &receipt));
	return signature_attach(job, der, receipt, &entry->file);
}

enum status
registry_find(
    struct job *job, struct registry *registry, const char *number, struct registry_entry *entry)
{
	int64_t submission = 0, acceptance = 0;
	sqlite3_stmt *statement;
	enum status status;

	TRY(registry_prepare(job, registry,
	    "SELECT " ENTRY_COLUMNS " FROM certificate c WHERE number = ?", &statement));
	sqlite3_bind_text(statement, 1, number, -1, SQLITE_TRANSIENT);
	if (sqlite3_step(statement) == SQLITE_ROW) {
		status = read_entry(job, statement, entry);
		submission = sqlite3_column_int64(statement, 10);
		acceptance = sqlite3_column_int64(statement, 11);
	} else {
		status = fail(job, STATUS_NO, "%s: no certificate has this number", number);
	}
	sqlite3_finalize(statement);
	TRY(status);
	TRY(read_changes(job, registry, number, &entry->changes, &entry->change_count));
	return read_file(job, registry, submission, acceptance, entry);
}

/* Every word a quoted prefix of the full-text query, folded as the index is. */
static enum status
make_query(struct job *job, const char *words, const char **query)
{
	struct text out = text_new(job);
	bool inside = false;

	for (const char *at = words; *at != '\0'; at++) {
		const uint8_t *c = (const uint8_t *)at;

		if ((*at == ' ' || *at == '"') && inside)
			text_put(&out, "\"* ");
		if (*at == ' ' || *at == '"') {
			inside = false;
			continue;
		}
		if (!inside)
			text_put(&out, "\"");
		inside = true;
		if (c[0] == 0xc4 && (c[1] == 0x90 || c[1] == 0x91)) {
			text_put(&out, "d");
			at++;
		} else {
			text_put_bytes(&out, at, 1);
		}
	}
	if (inside)
		text_put(&out, "\"*");
	return text_finish(&out, query);
}

enum status
registry_search(struct job *job, struct registry *registry, const char *words, size_t limit,
    struct registry_entry **entries, size_t *count)
{
	struct registry_entry *found = arena_array(job, limit, sizeof(*found));
	enum status status = STATUS_OK;
	sqlite3_stmt *statement;
	const char *query;
	int step = SQLITE_DONE;

	*count = 0;
	if (found == NULL)
		return STATUS_LIMIT;
	TRY(make_query(job, words, &query));
	if (query[0] == '\0')
		return fail(job, STATUS_USAGE, "search: no word to look for");
	TRY(registry_prepare(job, registry,
	    "SELECT " ENTRY_COLUMNS " FROM certificate c WHERE number IN "
	    "(SELECT number FROM words WHERE words MATCH ?) ORDER BY number LIMIT ?",
	    &statement));
	sqlite3_bind_text(statement, 1, query, -1, SQLITE_TRANSIENT);
	sqlite3_bind_int64(statement, 2, (sqlite3_int64)limit);
	while (status == STATUS_OK && *count < limit) {
		step = sqlite3_step(statement);
		if (step != SQLITE_ROW)
			break;
		status = read_entry(job, statement, &found[(*count)++]);
	}
	sqlite3_finalize(statement);
	if (status == STATUS_OK && step != SQLITE_DONE && step != SQLITE_ROW)
		return registry_fault(job, registry);
	*entries = found;
	return status;
}

enum status
registry_checkpoint(struct job *job, struct registry *registry, const char **note)
{
	sqlite3_stmt *statement;
	enum status status = STATUS_OK;

	*note = NULL;
	TRY(registry_prepare(
	    job, registry, "SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1", &statement));
	if (sqlite3_step(statement) == SQLITE_ROW)
		status = column_text(job, statement, 0, note);
	sqlite3_finalize(statement);
	return status;
}

static enum status
read_bundle_entry(
    struct job *job, struct registry *registry, sqlite3_stmt *row, struct bundle_entry *entry)
{
	struct change *changes;

	TRY(column_text(job, row, 0, &entry->number));
	if (sqlite3_column_bytes(row, 1) != DIGEST_SIZE)
		return fail(job, STATUS_MALFORMED, "registry: digest of %s", entry->number);
	memcpy(entry->certificate.bytes, sqlite3_column_blob(row, 1), DIGEST_SIZE);
	entry->accepted = sqlite3_column_int64(row, 2);
	entry->changes = NULL;
	entry->changes_count = 0;
	if (sqlite3_column_int(row, 3) == 0)
		return STATUS_OK;
	TRY(read_changes(job, registry, entry->number, &changes, &entry->changes_count));
	entry->changes = changes;
	return STATUS_OK;
}

static enum status
read_entries(struct job *job, struct registry *registry, struct bundle *bundle)
{
	struct bundle_entry *entries;
	enum status status = STATUS_OK;
	sqlite3_stmt *statement;
	int64_t count;

	TRY(registry_integer(job, registry, "SELECT count(*) FROM certificate", 0, &count));
	if (count > (int64_t)BUNDLE_MAX_ENTRIES)
		return fail(job, STATUS_LIMIT, "bundle: %lld certificates", (long long)count);
	entries = arena_array(job, (size_t)count + 1, sizeof(*entries));
	if (entries == NULL)
		return STATUS_LIMIT;
	TRY(registry_prepare(job, registry,
	    "SELECT number, digest, accepted, EXISTS (SELECT 1 FROM change "
	    "WHERE number = c.number) FROM certificate c ORDER BY number",
	    &statement));
	while (status == STATUS_OK && (int64_t)bundle->entries_count < count &&
	       sqlite3_step(statement) == SQLITE_ROW)
		status =
		    read_bundle_entry(job, registry, statement, &entries[bundle->entries_count++]);
	sqlite3_finalize(statement);
	bundle->entries = entries;
	if (status == STATUS_OK && (int64_t)bundle->entries_count != count)
		return registry_fault(job, registry);
	return status;
}

/* One consistent view: list, checkpoint and standings of the same moment. */
static enum status
read_bundle(struct job *job, struct registry *registry, struct bundle *bundle)
{
	const char *note;

	TRY(registry_checkpoint(job, registry, &note));
	if (note == NULL)
		return fail(job, STATUS_MALFORMED, "registry: it has no checkpoint");
	bundle->checkpoint_note = span_of_string(note);
	return read_entries(job, registry, bundle);
}

enum status
registry_bundle(struct job *job, struct registry *registry, int64_t now, struct span *der)
{
	const struct trust *trust = &registry->office.trust;
	struct bundle bundle = {.made = now,
	    .trust_list = trust->signed_list,
	    .next_update = now + trust->status_days * 86400};
	enum status status;

	if (!registry->acting)
		return fail(job, STATUS_FAULT, "registry: opened for reading");
	TRY(trust_check_date(job, trust, now));
	TRY(registry_run(job, registry, "BEGIN"));
	status = read_bundle(job, registry, &bundle);
	TRY(registry_run(job, registry, "ROLLBACK"));
	TRY(status);
	return bundle_sign(
	    job, &bundle, registry->office.registrar_key, &registry->office.registrar, der);
}
