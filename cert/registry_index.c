/*
 * What an entry of the log says goes into tables that only make it quick to find.
 */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "cert/registry_file.h"

/* Letters whose stroke is no accent to the tokenizer: đ and Đ become d. */
static void
put_folded(struct text *out, const char *string)
{
	if (string == NULL)
		return;
	for (; *string != '\0'; string++) {
		const uint8_t *c = (const uint8_t *)string;

		if (c[0] == 0xc4 && (c[1] == 0x90 || c[1] == 0x91)) {
			text_put(out, "d");
			string++;
		} else {
			text_put_bytes(out, string, 1);
		}
	}
	text_put(out, " ");
}

static enum status
index_words(struct job *job, struct registry *registry, const char *number,
    const struct certificate *certificate)
{
	const char *const parts[] = {number, certificate->applicant,
	    certificate->applicant_tax_code, certificate->manufacturer, certificate->factory,
	    certificate->product, certificate->brand, certificate->model, certificate->gtin,
	    certificate->hs_code, certificate->body_name, certificate->regulation,
	    certificate->reference, certificate->report_number};
	struct text out = text_new(job);
	sqlite3_stmt *statement;
	const char *words;

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		put_folded(&out, parts[i]);
	for (size_t i = 0; i < certificate->aliases_count; i++)
		put_folded(&out, certificate->aliases[i]);
	for (size_t i = 0; i < certificate->importers_count; i++)
		put_folded(&out, certificate->importers[i]);
	TRY(text_finish(&out, &words));
	TRY(registry_prepare(job, registry, "INSERT INTO words VALUES (?, ?)", &statement));
	sqlite3_bind_text(statement, 1, number, -1, SQLITE_TRANSIENT);
	sqlite3_bind_text(statement, 2, words, -1, SQLITE_TRANSIENT);
	return registry_finish(job, registry, statement);
}

static enum status
insert_certificate(struct job *job, struct registry *registry, int64_t sequence,
    const struct event *acceptance, const struct certificate *certificate)
{
	const char *const texts[] = {certificate->body, certificate->applicant,
	    certificate->product, certificate->model, certificate->issued, certificate->expires};
	sqlite3_stmt *statement;

	TRY(registry_prepare(job, registry,
	    "INSERT INTO certificate VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", &statement));
	sqlite3_bind_text(statement, 1, acceptance->number, -1, SQLITE_TRANSIENT);
	sqlite3_bind_blob(
	    statement, 2, acceptance->certificate.bytes, DIGEST_SIZE, SQLITE_TRANSIENT);
	sqlite3_bind_int64(statement, 3, sequence - 1);
	sqlite3_bind_int64(statement, 4, sequence);
	sqlite3_bind_int64(statement, 5, acceptance->time);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		sqlite3_bind_text(statement, 6 + (int)i, texts[i], -1, SQLITE_TRANSIENT);
	sqlite3_bind_int(statement, 12, certificate->trial);
	return registry_finish(job, registry, statement);
}

/* The certificate an acceptance is of stands just before it. */
static enum status
index_acceptance(
    struct job *job, struct registry *registry, int64_t sequence, const struct event *acceptance)
{
	struct signature signature;
	struct certificate certificate;
	struct span submission;

	TRY(registry_read_event(job, registry, sequence - 1, &submission));
	TRY(signature_read(job, submission, (struct span){0}, &signature));
	if (!digest_equal(&signature.content_digest, &acceptance->certificate))
		return fail(job, STATUS_MALFORMED,
		    "event %lld accepts another certificate than the one before it",
		    (long long)sequence);
	TRY(certificate_read(job, signature.content, &certificate));
	TRY(insert_certificate(job, registry, sequence, acceptance, &certificate));
	return index_words(job, registry, acceptance->number, &certificate);
}

static enum status
index_change(
    struct job *job, struct registry *registry, int64_t sequence, const struct event *event)
{
	enum state before, after;
	bool was_reduced;
	struct digest certificate;
	sqlite3_stmt *statement;

	TRY(registry_state(job, registry, event->number, &before, &was_reduced, &certificate));
	if (!digest_equal(&certificate, &event->certificate) ||
	    !state_after(before, was_reduced, event_type_named(event->type), &after))
		return fail(job, STATUS_MALFORMED, "event %lld: %s of a certificate that is %s",
		    (long long)sequence, event->type, state_name(before));
	TRY(registry_prepare(job, registry, "INSERT INTO change VALUES (?, ?, ?, ?)", &statement));
	sqlite3_bind_int64(statement, 1, sequence);
	sqlite3_bind_text(statement, 2, event->number, -1, SQLITE_TRANSIENT);
	sqlite3_bind_text(statement, 3, state_name(after), -1, SQLITE_STATIC);
	sqlite3_bind_int64(statement, 4, event->time);
	return registry_finish(job, registry, statement);
}

static enum status
index_trust(struct job *job, struct registry *registry, int64_t sequence, struct span der)
{
	sqlite3_stmt *statement;
	struct trust trust;

	TRY(trust_read(job, der, NULL, &trust));
	TRY(registry_prepare(job, registry, "INSERT INTO trust VALUES (?, ?)", &statement));
	sqlite3_bind_int64(statement, 1, trust.sequence);
	sqlite3_bind_int64(statement, 2, sequence);
	return registry_finish(job, registry, statement);
}

enum status
registry_index(struct job *job, struct registry *registry, int64_t sequence, struct span bytes)
{
	struct signature signature;
	struct event event;

	TRY(signature_read(job, bytes, (struct span){0}, &signature));
	if (certificate_is(signature.content))
		return STATUS_OK;
	if (trust_is(signature.content))
		return index_trust(job, registry, sequence, bytes);
	TRY(event_read(job, signature.content, &event));
	if (event_type_named(event.type) == EVENT_ACCEPTANCE)
		return index_acceptance(job, registry, sequence, &event);
	return index_change(job, registry, sequence, &event);
}

enum status
registry_state(struct job *job, struct registry *registry, const char *number, enum state *state,
    bool *was_reduced, struct digest *certificate)
{
	sqlite3_stmt *statement;
	bool found;

	TRY(registry_prepare(job, registry,
	    "SELECT digest, (SELECT state FROM change WHERE number = c.number "
	    "ORDER BY sequence DESC LIMIT 1), EXISTS (SELECT 1 FROM change "
	    "WHERE number = c.number AND state = 'reduced') FROM certificate c WHERE number = ?",
	    &statement));
	sqlite3_bind_text(statement, 1, number, -1, SQLITE_TRANSIENT);
	found = sqlite3_step(statement) == SQLITE_ROW &&
		sqlite3_column_bytes(statement, 0) == DIGEST_SIZE;
	if (found) {
		memcpy(certificate->bytes, sqlite3_column_blob(statement, 0), DIGEST_SIZE);
		*state = state_named((const char *)sqlite3_column_text(statement, 1));
		if (*state == STATE_COUNT)
			*state = STATE_GRANTED;
		*was_reduced = sqlite3_column_int(statement, 2) != 0;
	}
	sqlite3_finalize(statement);
	return found ? STATUS_OK
		     : fail(job, STATUS_NO, "%s: no certificate has this number", number);
}

enum status
registry_rebuild(struct job *job, struct registry *registry)
{
	int64_t size, sequence = 0;
	enum status status;

	TRY(registry_run(job, registry, "BEGIN IMMEDIATE"));
	status = registry_run(job, registry,
	    "DELETE FROM certificate; DELETE FROM change; DELETE FROM trust; DELETE FROM words");
	if (status == STATUS_OK)
		status = registry_integer(
		    job, registry, "SELECT max(sequence) + 1 FROM event", 0, &size);
	while (status == STATUS_OK && sequence < size) {
		struct arena_mark mark = arena_mark(job->arena);
		struct span bytes;

		status = registry_read_event(job, registry, sequence, &bytes);
		if (status == STATUS_OK)
			status = registry_index(job, registry, sequence++, bytes);
		arena_release(job->arena, mark);
	}
	if (status == STATUS_OK)
		return registry_run(job, registry, "COMMIT");
	sqlite3_exec(registry->database, "ROLLBACK", NULL, NULL, NULL);
	return status;
}
