/*
 * The supplier's dossier: identity, applicant, ICS, IXIT, known credentials; and
 * the answers of the people who test.
 */
#ifndef PROFILES_DOSSIER_H
#define PROFILES_DOSSIER_H

#include "facts/evidence.h"

struct dossier {
	const char *applicant, *applicant_address, *applicant_tax_code;
	const char *manufacturer, *factory, *factory_address;
	const char *product, *brand, *model, *origin_country, *gtin, *hs_code;
	const char *hardware, *firmware_version;
	const char *support_end; /* date */
	const char *contact;
	const char *const *model_aliases;
	size_t model_alias_count;
	const char *const *firmware_sha256; /* declared digests of images, may be empty */
	size_t firmware_count;
	struct { const char *user, *password, *purpose; } *credentials; /* known credentials */
	size_t credential_count;
	struct fact_list facts; /* subject (type dossier), ics, ixit; looked rows for each; source "dossier" */
};

/*
 * Validates against the RelaxNG schema and reads.
 * STATUS_MALFORMED  file:line: what the schema asked for
 */
enum status dossier_read(struct job *job, struct span bytes, const char *name, struct dossier *dossier);

/*
 * An answers file: answer, publication and correction facts (source = the
 * person's role).  Attachments are named by path relative to the file and
 * returned in `attachments` (paths), their digests standing in the facts.
 */
struct answers {
	struct fact_list facts;
	const char *const *attachments;
	size_t attachment_count;
};
enum status answers_read(struct job *job, struct span bytes, const char *name, const char *folder, struct answers *answers);

#endif
