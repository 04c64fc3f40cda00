/* What arrives as a document or a frame: dossier, explanations, signed file, fact.  The first byte
 * chooses. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/xml.h"
#include "cert/certificate.h"
#include "cert/signature.h"
#include "cert/statement.h"
#include "profiles/dossier.h"
#include "profiles/explanations.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
read_fact(struct job *job, struct span bytes)
{
	struct fact fact;

	if (fact_decode(job, bytes, &fact) == STATUS_OK && fact_check(job, &fact) != STATUS_OK)
		abort();
}

static void
read_signed(struct job *job, struct span bytes)
{
	const struct identity *signer;
	struct signature signature;
	struct certificate certificate;
	struct statement statement;

	if (signature_read(job, bytes, (struct span){0}, &signature) != STATUS_OK)
		return;
	if (signature_check(job, NULL, &signature, &signer) == STATUS_OK) {
		(void)certificate_read(job, signature.content, &certificate);
		(void)statement_read(job, signature.content, &statement);
	}
}

static void
read_records(struct job *job, struct span bytes)
{
	struct certificate certificate;
	struct statement statement;
	struct span again;

	/* One spelling: what is read is written back the same. */
	if (certificate_read(job, bytes, &certificate) == STATUS_OK &&
	    (certificate_write(job, &certificate, &again) != STATUS_OK ||
		!span_equal(bytes, again)))
		abort();
	(void)statement_read(job, bytes, &statement);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct job *job;
	struct fact_list explanations = {0};
	struct dossier dossier = {0};
	struct arena_mark mark;
	struct span bytes;

	if (size == 0)
		return 0;
	if (job == NULL) {
		job = job_new((size_t)256 << 20);
		xml_start();
	}
	mark = arena_mark(job->arena);
	bytes = (struct span){data + 1, size - 1};
	if (data[0] % 5 == 0)
		read_fact(job, bytes);
	else if (data[0] % 5 == 1)
		read_signed(job, bytes);
	else if (data[0] % 5 == 2)
		read_records(job, bytes);
	else if (data[0] % 5 == 3)
		(void)dossier_read(job, bytes, "fuzz.xml", &dossier);
	else
		(void)explanations_read(job, bytes, "fuzz.xml", &explanations);
	arena_release(job->arena, mark);
	return 0;
}
