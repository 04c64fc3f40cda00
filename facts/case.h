/*
 * The case: one product under assessment, one SQLite file, which cannot be edited unseen.
 *
 * Every write is an entry of a hash-chained journal that covers the digest of
 * all the entry wrote.  A run (of the unpacker over one image, of the probes
 * over one unit in one state, of the dossier) supersedes the earlier run of
 * the same key; superseded facts stay and no verdict reads them.
 *
 * A case that arrives by mail is hostile: it is opened defensively, its schema
 * must equal ours to the letter, and the whole journal is recomputed.
 */
#ifndef FACTS_CASE_H
#define FACTS_CASE_H

#include "base/digest.h"
#include "facts/evidence.h"

struct case_file;

/* STATUS_CANNOT_CREATE when the file exists already. */
enum status case_create(struct job *job, const char *path, struct case_file **file);
/* STATUS_MISSING; STATUS_MALFORMED: not a case, altered, or its journal does not add up (with the
 * entry). */
enum status case_open(struct job *job, const char *path, bool writable, struct case_file **file);
void case_close(struct case_file *file);

/* What a writer says of itself in the journal. */
struct case_author {
	int64_t now;         /* Unix seconds */
	const char *actor;   /* person or account */
	const char *command; /* "add-firmware", "sign" … */
	const char *detail;
};

/* Everything between begin and commit is one entry, or nothing. */
enum status case_begin(struct job *job, struct case_file *file, const struct case_author *author);
enum status case_commit(struct job *job, struct case_file *file);
void case_abandon(struct case_file *file);
/* Whether an entry could be written now, for work that is not to be done in vain.
 * STATUS_IO, STATUS_BUSY. */
enum status case_check_writable(struct job *job, struct case_file *file);

/* Stores a fact and sets its id; fact->subject must be set (0 only for a subject itself). */
enum status case_add_fact(struct job *job, struct case_file *file, struct fact *fact);
/* Declares the entry to be the newest run of `key` ("dossier", "image:NAME", "unit:NAME:STATE")
 * about a subject. */
enum status case_add_run(struct job *job, struct case_file *file, const char *key, int64_t subject);
/* Is there a run of that key already? */
enum status case_has_run(struct job *job, struct case_file *file, const char *key, bool *found);
enum status case_set(struct job *job, struct case_file *file, const char *name, const char *value);
enum status case_attach(struct job *job, struct case_file *file, const char *name,
    struct span bytes, char hex[DIGEST_HEX_SIZE]);
enum status case_put_assessment(
    struct job *job, struct case_file *file, const char *profile, const char *json);

struct case_signature {
	int64_t entry;
	const char *role, *person;
	struct span statement;   /* the signed bytes, inside the signature too */
	struct span signature;   /* CMS, DER */
	struct span certificate; /* the person's, PEM */
};
enum status case_put_signature(
    struct job *job, struct case_file *file, const struct case_signature *signature);

/* NULL in *value when never set. */
enum status case_get(struct job *job, struct case_file *file, const char *name, const char **value);
enum status case_attachment(
    struct job *job, struct case_file *file, const char *hex, struct span *bytes);
/* What was said with a unit, as it was attached by the run that stands. */
struct case_transcript {
	int64_t subject;
	struct span bytes;
};
/* Those of all current runs, in order of entry. */
enum status case_transcripts(
    struct job *job, struct case_file *file, struct case_transcript **transcripts, size_t *count);
/* Current facts of the configuration under test, by kind and id; subjects included. */
enum status case_facts(struct job *job, struct case_file *file, struct fact_list *list);
/* The subject of that type and name under test now; 0 when there is none. */
enum status case_subject(
    struct job *job, struct case_file *file, const char *type, const char *name, int64_t *subject);
/* The newest stored assessment and the profile it was asked for ("" = the case's own); *json NULL
 * when there is none. */
enum status case_assessment(
    struct job *job, struct case_file *file, const char **json, const char **profile);
/* Signatures in order.  One is stale when its statement's head is not case_head(). */
enum status case_signatures(
    struct job *job, struct case_file *file, struct case_signature **signatures, size_t *count);
/* Digest of the newest entry that is not a signature: what signatures cover. */
enum status case_head(struct job *job, struct case_file *file, struct digest *head);
/* Random identity given at creation, 32 hexadecimal digits. */
enum status case_identity(struct job *job, struct case_file *file, const char **identity);

#endif
