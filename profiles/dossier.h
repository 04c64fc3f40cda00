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
	struct {
		const char *user, *password, *purpose;
	} * credentials; /* known credentials */
	size_t credential_count;
	/*
	 * subject (type dossier), ics, ixit; looked rows for ics and ixit; one
	 * identity fact "ixit_table" for each table that is there, also an empty
	 * one.  Source "dossier".
	 */
	struct fact_list facts;
};

/*
 * Validates against the RelaxNG schema that is part of the program and reads.
 * `name` stands in messages; its last component is the subject's name.
 *
 * The row `looked` for ixit is incomplete, with the names of the tables, when
 * one of the six tables of coded values is left out (an empty one is not: it
 * says "we have none").  Fields, codes and their meaning: docs/dossier.md.
 *
 * STATUS_MALFORMED  file:line: what the schema asked for, what stands twice,
 *                   or a reference to an entry that is not there
 *
 * Source: ETSI TS 103 701 V1.1.1, annex B.
 */
enum status dossier_read(
    struct job *job, struct span bytes, const char *name, struct dossier *dossier);

/*
 * An answers file: answer, publication and correction facts (source = the
 * person's role).  Attachments are named by path relative to `folder`, the
 * folder of the answers file, never outside it and never through a link; they
 * are returned as paths that can be opened ("FOLDER/label.jpg"), each once,
 * their digests standing in the facts.
 *
 * STATUS_MALFORMED  file:line: what; a digest that is not the attachment's
 * STATUS_MISSING    an attachment cannot be opened
 */
struct answers {
	struct fact_list facts;
	const char *const *attachments;
	size_t attachment_count;
};
enum status answers_read(struct job *job, struct span bytes, const char *name, const char *folder,
    struct answers *answers);

#endif
