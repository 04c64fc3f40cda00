/*
 * Acts of the authority: each is one transaction that ends in a new checkpoint.
 */
#include "cert/registry.h"

#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/text.h"
#include "base/xml.h"
#include "cert/day.h"
#include "cert/registry_file.h"

/* Clocks of bodies may be this far ahead of ours. */
#define CLOCK_SKEW ((int64_t)300)

/* Appends signed bytes to event and log, and indexes them. */
static enum status
append(struct job *job, struct registry *registry, struct span bytes, int64_t *sequence)
{
	struct log_tree tree = registry_tree(registry);
	sqlite3_stmt *statement;
	struct digest leaf;

	TRY(registry_integer(job, registry, "SELECT max(sequence) + 1 FROM event", 0, sequence));
	TRY(registry_prepare(job, registry, "INSERT INTO event VALUES (?, ?)", &statement));
	sqlite3_bind_int64(statement, 1, *sequence);
	sqlite3_bind_blob64(statement, 2, bytes.at, bytes.size, SQLITE_TRANSIENT);
	TRY(registry_finish(job, registry, statement));
	TRY(log_leaf_hash(job, bytes, &leaf));
	TRY(log_append(job, &tree, (uint64_t)*sequence, &leaf, registry_add_node));
	return registry_index(job, registry, *sequence, bytes);
}

static enum status
put_checkpoint(struct job *job, struct registry *registry, const struct checkpoint *checkpoint,
    const char *note)
{
	sqlite3_stmt *statement;

	TRY(registry_prepare(job, registry, "INSERT INTO checkpoint VALUES (?, ?)", &statement));
	sqlite3_bind_int64(statement, 1, (sqlite3_int64)checkpoint->size);
	sqlite3_bind_text(statement, 2, note, -1, SQLITE_TRANSIENT);
	return registry_finish(job, registry, statement);
}

/* Signs the log as it now is. */
static enum status
make_checkpoint(struct job *job, struct registry *registry, int64_t now,
    struct checkpoint *checkpoint, const char **note)
{
	struct log_tree tree = registry_tree(registry);
	int64_t size;

	TRY(registry_integer(job, registry, "SELECT max(sequence) + 1 FROM event", 0, &size));
	*checkpoint = (struct checkpoint){
	    .log = registry->office.trust.log, .size = (uint64_t)size, .time = now};
	TRY(log_root(job, &tree, checkpoint->size, &checkpoint->root));
	TRY(checkpoint_write(job, checkpoint, registry->office.log_key, note));
	return put_checkpoint(job, registry, checkpoint, *note);
}

/* The log's time does not run backwards. */
static enum status
check_time(struct job *job, struct registry *registry, int64_t now)
{
	const struct trust *trust = &registry->office.trust;
	struct checkpoint last;
	const char *note;

	TRY(registry_checkpoint(job, registry, &note));
	if (note == NULL)
		return STATUS_OK;
	TRY(checkpoint_read(job, span_of_string(note), trust->log, &trust->log_key, &last));
	if (now < last.time)
		return fail(job, STATUS_REFUSED, "registry: the clock is before the last entry");
	return STATUS_OK;
}

/* Enters the trust list by which we act, when it is newer than the log's. */
static enum status
log_trust(struct job *job, struct registry *registry)
{
	const struct trust *trust = &registry->office.trust;
	int64_t last, sequence;

	TRY(registry_integer(job, registry, "SELECT max(sequence) FROM trust", 0, &last));
	if (trust->sequence < last)
		return fail(job, STATUS_REFUSED,
		    "registry: trust list %lld is older than list %lld, which the log holds",
		    (long long)trust->sequence, (long long)last);
	if (trust->sequence == last)
		return STATUS_OK;
	return append(job, registry, trust->signed_list, &sequence);
}

static enum status
begin(struct job *job, struct registry *registry, int64_t now)
{
	if (!registry->acting)
		return fail(job, STATUS_FAULT, "registry: opened for reading");
	TRY(trust_check_date(job, &registry->office.trust, now));
	TRY(registry_run(job, registry, "BEGIN IMMEDIATE"));
	TRY(check_time(job, registry, now));
	return log_trust(job, registry);
}

/* Commits what went well, with its checkpoint also in a file; takes back what did not. */
static enum status
finish(struct job *job, struct registry *registry, enum status status, const char *note)
{
	const char *path = file_path_join(job, registry->folder, "checkpoint");

	if (status == STATUS_OK && path != NULL)
		status = registry_run(job, registry, "COMMIT");
	if (status == STATUS_OK && path != NULL)
		return file_write(job, path, span_of_string(note), 0644);
	if (sqlite3_get_autocommit(registry->database) == 0)
		sqlite3_exec(registry->database, "ROLLBACK", NULL, NULL, NULL);
	return path == NULL ? STATUS_LIMIT : status;
}

enum status
registry_begin_log(struct job *job, struct registry *registry, int64_t now)
{
	struct checkpoint checkpoint;
	const char *note = NULL;
	enum status status = begin(job, registry, now);

	if (status == STATUS_OK)
		status = make_checkpoint(job, registry, now, &checkpoint, &note);
	return finish(job, registry, status, note);
}

static enum status
check_schema(struct job *job, struct span xml)
{
	struct xml_document *document;
	enum status status;

	TRY(xml_parse(job, xml, "certificate", &document));
	status = xml_validate_relaxng(job, document, certificate_schema());
	xml_free(document);
	return status;
}

enum status
registry_read_submission(struct job *job, struct span submission, int64_t now,
    struct signature *signature, struct certificate *certificate)
{
	const struct identity *signer;
	char today[32];

	if (submission.size > CERTIFICATE_MAX_SIZE)
		return fail(job, STATUS_LIMIT, "submission: %zu bytes", submission.size);
	TRY(signature_read(job, submission, (struct span){0}, signature));
	TRY(signature_check(job, NULL, signature, &signer));
	TRY(certificate_read(job, signature->content, certificate));
	if (signature->receipt.size != 0)
		return fail(job, STATUS_REFUSED, "submission: it carries a receipt already");
	day_of(now, today);
	if (strcmp(certificate->issued, today) > 0 || signature->signed_at > now + CLOCK_SKEW)
		return fail(job, STATUS_REFUSED, "submission: dated after today");
	if (strcmp(certificate->expires, today) < 0)
		return fail(job, STATUS_REFUSED, "submission: expired on %s", certificate->expires);
	return STATUS_OK;
}

static enum status
check_new(struct job *job, struct registry *registry, const struct digest *digest)
{
	sqlite3_stmt *statement;
	enum status status = STATUS_OK;

	TRY(registry_prepare(
	    job, registry, "SELECT number FROM certificate WHERE digest = ?", &statement));
	sqlite3_bind_blob(statement, 1, digest->bytes, DIGEST_SIZE, SQLITE_TRANSIENT);
	if (sqlite3_step(statement) == SQLITE_ROW)
		status = fail(job, STATUS_REFUSED, "submission: it is registered already as %s",
		    (const char *)sqlite3_column_text(statement, 0));
	sqlite3_finalize(statement);
	return status;
}

enum status
registry_next_number(
    struct job *job, struct registry *registry, int64_t now, char number[NUMBER_SIZE])
{
	char today[32];
	sqlite3_stmt *statement;
	int64_t year = 0, serial = 0;

	day_of(now, today);
	today[4] = '\0';
	if (!text_parse_integer(today, 2000, 9999, &year))
		return fail(job, STATUS_REFUSED, "registry: the clock says year %s", today);
	TRY(registry_prepare(job, registry,
	    "SELECT max(number) FROM certificate WHERE number BETWEEN 'VN-' || ?1 || '-' "
	    "AND 'VN-' || ?1 || '.'",
	    &statement));
	sqlite3_bind_text(statement, 1, today, -1, SQLITE_TRANSIENT);
	if (sqlite3_step(statement) == SQLITE_ROW &&
	    sqlite3_column_type(statement, 0) == SQLITE_TEXT)
		(void)number_read((const char *)sqlite3_column_text(statement, 0), NULL, &serial);
	sqlite3_finalize(statement);
	if (serial >= NUMBER_LAST)
		return fail(job, STATUS_REFUSED, "registry: no number is left in %s", today);
	number_make(year, serial + 1, number);
	return STATUS_OK;
}

/* Signs the event and appends it. */
static enum status
append_event(struct job *job, struct registry *registry, const struct event *event,
    struct span *der, int64_t *sequence)
{
	TRY(event_sign(
	    job, event, registry->office.registrar_key, &registry->office.registrar, der));
	return append(job, registry, *der, sequence);
}

static enum status
make_receipt(struct job *job, struct registry *registry, struct span event, int64_t index,
    const struct checkpoint *checkpoint, const char *note, struct span *receipt)
{
	struct log_tree tree = registry_tree(registry);
	struct log_proof proof;

	TRY(log_prove_inclusion(job, &tree, (uint64_t)index, checkpoint->size, &proof));
	return receipt_write(job,
	    &(struct receipt){.index = index,
		.event = event,
		.proof = proof.path,
		.proof_count = proof.count,
		.checkpoint = span_of_string(note)},
	    receipt);
}

/* Inside the transaction: submission and acceptance, one after the other. */
static enum status
enter(struct job *job, struct registry *registry, struct span submission,
    const struct signature *signature, int64_t now, char number[NUMBER_SIZE], struct span *receipt,
    const char **note)
{
	struct event acceptance = {.type = event_type_name(EVENT_ACCEPTANCE),
	    .certificate = signature->content_digest,
	    .time = now,
	    .trust_sequence = registry->office.trust.sequence};
	struct checkpoint checkpoint;
	struct span event;
	int64_t sequence;

	TRY(check_new(job, registry, &signature->content_digest));
	TRY(registry_next_number(job, registry, now, number));
	acceptance.number = number;
	TRY(append(job, registry, submission, &sequence));
	TRY(append_event(job, registry, &acceptance, &event, &sequence));
	TRY(make_checkpoint(job, registry, now, &checkpoint, note));
	return make_receipt(job, registry, event, sequence, &checkpoint, *note, receipt);
}

enum status
registry_accept(struct job *job, struct registry *registry, struct span submission, int64_t now,
    char number[NUMBER_SIZE], struct span *with_receipt)
{
	struct signature signature;
	struct certificate certificate;
	struct span receipt = {0};
	struct digest signer;
	const char *note = NULL;
	enum status status;

	TRY(registry_read_submission(job, submission, now, &signature, &certificate));
	TRY(check_schema(job, signature.content));
	TRY(digest_of(job, signature.certificate, &signer));
	TRY(trust_check_rights(job, &registry->office.trust, &signer, &certificate, now));
	status = begin(job, registry, now);
	if (status == STATUS_OK)
		status = enter(job, registry, submission, &signature, now, number, &receipt, &note);
	TRY(finish(job, registry, status, note));
	return signature_attach(job, submission, receipt, with_receipt);
}

static enum status
enter_change(struct job *job, struct registry *registry, struct event *event, enum event_type type,
    const char **note)
{
	enum state before, after;
	bool was_reduced;
	struct checkpoint checkpoint;
	struct span der;
	int64_t sequence;

	TRY(registry_state(
	    job, registry, event->number, &before, &was_reduced, &event->certificate));
	if (!state_after(before, was_reduced, type, &after))
		return fail(job, STATUS_REFUSED, "%s is %s: %s is not possible", event->number,
		    state_name(before), event->type);
	TRY(append_event(job, registry, event, &der, &sequence));
	return make_checkpoint(job, registry, event->time, &checkpoint, note);
}

enum status
registry_change(struct job *job, struct registry *registry, const char *number,
    enum event_type type, const char *reason, const char *const *removed, size_t removed_count,
    int64_t now)
{
	struct event event = {.type = event_type_name(type),
	    .number = number,
	    .time = now,
	    .trust_sequence = registry->office.trust.sequence,
	    .reason = reason,
	    .removed = removed,
	    .removed_count = removed_count};
	const char *note = NULL;
	enum status status = begin(job, registry, now);

	if (status == STATUS_OK)
		status = enter_change(job, registry, &event, type, &note);
	return finish(job, registry, status, note);
}
