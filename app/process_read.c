/* A supplier's document is somebody else's XML: it is parsed where nothing can be opened, and comes
 * back as facts of the kinds that such a document has. */
#include "app/process_read.h"

#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sandbox.h"
#include "profiles/dossier.h"
#include "profiles/explanations.h"

#define READER_MEMORY ((size_t)1 << 30)
#define READER_CPU_SECONDS 20
#define READER_TIMEOUT_MS 30000

/* What a supplier hands in, and what it may say. */
struct document {
	struct span bytes;
	const char *name, *source;
	const enum fact_kind *kinds;
	size_t kind_count;
	enum status (*read)(
	    struct job *job, const struct document *document, struct evidence *sink);
};

struct member {
	const char *name;
	const char *value;
};

static enum status
add_member(struct job *job, struct evidence *sink, const char *name, const char *value)
{
	struct fact fact = fact_new(FACT_identity);

	if (value == NULL || value[0] == '\0')
		return STATUS_OK;
	fact.as.identity.name = name;
	fact.as.identity.value = value;
	return evidence_add(sink, job, &fact);
}

static enum status
add_identity(struct job *job, struct evidence *sink, const struct dossier *dossier)
{
	const struct member members[] = {
	    {"applicant", dossier->applicant},
	    {"applicant_address", dossier->applicant_address},
	    {"applicant_tax_code", dossier->applicant_tax_code},
	    {"manufacturer", dossier->manufacturer},
	    {"factory", dossier->factory},
	    {"factory_address", dossier->factory_address},
	    {"product", dossier->product},
	    {"brand", dossier->brand},
	    {"model", dossier->model},
	    {"origin_country", dossier->origin_country},
	    {"gtin", dossier->gtin},
	    {"hs_code", dossier->hs_code},
	    {"hardware", dossier->hardware},
	    {"firmware_version", dossier->firmware_version},
	    {"support_end", dossier->support_end},
	    {"contact", dossier->contact},
	};

	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		TRY(add_member(job, sink, members[i].name, members[i].value));
	for (size_t i = 0; i < dossier->model_alias_count; i++)
		TRY(add_member(job, sink, "alias", dossier->model_aliases[i]));
	for (size_t i = 0; i < dossier->firmware_count; i++)
		TRY(add_member(job, sink, "firmware_sha256", dossier->firmware_sha256[i]));
	return STATUS_OK;
}

static enum status
read_dossier(struct job *job, const struct document *document, struct evidence *sink)
{
	struct dossier dossier = {0};

	TRY(dossier_read(job, document->bytes, document->name, &dossier));
	for (size_t i = 0; i < dossier.facts.count; i++)
		TRY(evidence_add(sink, job, &dossier.facts.facts[i]));
	return add_identity(job, sink, &dossier);
}

static enum status
read_explanations(struct job *job, const struct document *document, struct evidence *sink)
{
	struct fact_list facts = {0};

	TRY(explanations_read(job, document->bytes, document->name, &facts));
	for (size_t i = 0; i < facts.count; i++)
		TRY(evidence_add(sink, job, &facts.facts[i]));
	return STATUS_OK;
}

static enum status
parse_and_send(struct job *job, const struct document *document, int descriptor)
{
	struct evidence sink = evidence_to_descriptor(&descriptor);
	struct sandbox_report report;

	sink.source = document->source;
	TRY(sandbox_limits(job, READER_MEMORY, READER_CPU_SECONDS));
	TRY(sandbox_enter(job, SANDBOX_COMPUTE, false, &report));
	return document->read(job, document, &sink);
}

static void
child(struct job *job, const struct document *document, int descriptor)
{
	bool alone = sandbox_keep_only((int *const[]){&descriptor}, 1);
	enum status status = alone ? parse_and_send(job, document, descriptor)
				   : fail(job, STATUS_FAULT, "the reader cannot be set apart");
	struct text done = text_new(job);

	put_u16(&done, (uint16_t)status);
	put_string(&done, status == STATUS_OK ? NULL : job->reason);
	if (!done.failed)
		frame_send(job, descriptor, FRAME_DONE,
		    (struct span){(const uint8_t *)done.at, done.size});
	_exit(0);
}

/* The reader is not believed about who says what: a dossier is no answer of a tester. */
static enum status
take_fact(
    struct job *job, const struct document *document, struct span payload, struct evidence *sink)
{
	struct fact fact;

	TRY(fact_decode(job, payload, &fact));
	fact.source = document->source;
	for (size_t i = 0; i < document->kind_count; i++)
		if (fact.kind == document->kinds[i])
			return evidence_add(sink, job, &fact);
	return fail(job, STATUS_FAULT, "the reader sent a fact that is not of its document");
}

static enum status
take_frame(struct job *job, const struct document *document, enum frame_kind kind,
    struct span payload, struct evidence *sink, bool *done)
{
	struct reader reader = {.rest = payload};
	const char *reason;
	uint16_t status;

	if (kind == FRAME_FACT)
		return take_fact(job, document, payload, sink);
	status = read_u16_le(&reader);
	if (kind != FRAME_DONE || !get_string(job, &reader, sizeof job->reason, &reason))
		return fail(job, STATUS_FAULT, "the reader sent what no reader sends");
	*done = true;
	return status == STATUS_OK
		   ? STATUS_OK
		   : fail(job, status == STATUS_MALFORMED ? STATUS_MALFORMED : STATUS_FAULT, "%s",
			 reason == NULL ? "the reader failed" : reason);
}

static enum status
receive(struct job *job, const struct document *document, int descriptor, struct fact_list *facts)
{
	struct evidence sink = evidence_to_list(facts);
	bool done = false;

	while (!done) {
		enum frame_kind kind;
		struct span payload;
		bool ended;

		TRY(frame_receive(job, descriptor, READER_TIMEOUT_MS, &kind, &payload, &ended));
		if (ended)
			return fail(job, STATUS_MALFORMED, "the document ended its reader");
		TRY(take_frame(job, document, kind, payload, &sink, &done));
	}
	return STATUS_OK;
}

static enum status
read_apart(struct job *job, const struct document *document, struct fact_list *facts)
{
	int pair[2], ended;
	enum status status;
	pid_t worker;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return fail(job, STATUS_FAULT, "the reader has no socket");
	worker = fork();
	if (worker == 0) {
		close(pair[0]);
		child(job, document, pair[1]);
	}
	close(pair[1]);
	status = worker < 0 ? fail(job, STATUS_FAULT, "the reader cannot be started")
			    : receive(job, document, pair[0], facts);
	close(pair[0]);
	if (worker > 0) {
		if (status != STATUS_OK)
			kill(worker, SIGKILL);
		waitpid(worker, &ended, 0);
	}
	return status;
}

enum status
process_read_dossier(struct job *job, struct span bytes, const char *name, struct fact_list *facts)
{
	static const enum fact_kind kinds[] = {
	    FACT_subject, FACT_looked, FACT_ics, FACT_ixit, FACT_identity};
	const struct document document = {.bytes = bytes,
	    .name = name,
	    .source = "dossier",
	    .kinds = kinds,
	    .kind_count = ARRAY_SIZE(kinds),
	    .read = read_dossier};

	return read_apart(job, &document, facts);
}

enum status
process_read_explanations(
    struct job *job, struct span bytes, const char *name, struct fact_list *facts)
{
	static const enum fact_kind kinds[] = {FACT_explanation};
	const struct document document = {.bytes = bytes,
	    .name = name,
	    .source = "supplier",
	    .kinds = kinds,
	    .kind_count = ARRAY_SIZE(kinds),
	    .read = read_explanations};

	return read_apart(job, &document, facts);
}

const char *
identity_value(const struct fact_list *facts, const char *name)
{
	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *fact = &facts->facts[i];

		if (fact->kind == FACT_identity && fact->as.identity.name != NULL &&
		    strcmp(fact->as.identity.name, name) == 0)
			return fact->as.identity.value;
	}
	return NULL;
}
