/*
 * The trust list: what the national authority has decided about who may
 * certify what, signed by its root and renewed before it runs out.
 *
 * Signers are known by the SHA-256 of their certificate, so a body's existing
 * certificate serves as well as one issued here.  Rights are those of the
 * moment the registry accepted a certificate, never of the signer's clock.
 *
 * Source: ISO/IEC 17065; Circular 14/2026/TT-BKHCN (methods, validity).
 */
#ifndef CERT_AUTHORITY_H
#define CERT_AUTHORITY_H

#include "cert/certificate.h"
#include "cert/statement.h"

#define TRUST_MAX_SIZE ((size_t)8 << 20)
#define DEFAULT_CIRCULAR "14/2026/TT-BKHCN"

/* A profile, a catalogue of checks and the reference data they use, that may be certified against.
 */
struct approved_profile {
	const char *profile, *regulation;
	const char *state; /* in_force, or reading: trial certificates only */
	struct digest profile_digest, catalogue_digest, reference_digest;
	int64_t from, until; /* Unix seconds, both included */
};

/* An assessment method: "14/2026/TT-BKHCN:5". */
struct method {
	const char *method;
	int64_t months; /* longest validity of a certificate */
	bool lot;       /* the certificate must name its lot or declaration */
};

/* A limit put on a body: what follows from it for its certificates. */
struct restriction {
	const char *measure; /* suspend or withdraw */
	const char *effect;  /* future: no new ones; review: old ones in doubt; all: all invalid */
	int64_t from;        /* time of the log from which it holds */
	const char *reason;
};

struct designated_body {
	const char *body, *name;   /* id and name */
	const char *designation;   /* number of the decision */
	struct digest fingerprint; /* of its certificate */
	int64_t from, until;
	const char *const *profiles; /* ids of approved profiles */
	size_t profiles_count;
	const char *const *methods;
	size_t methods_count;
	const struct restriction *restrictions;
	size_t restrictions_count;
};

struct enrolled_person {
	const char *name, *role;
	const char *body; /* id of the one body they act for; NULL: any */
	struct digest fingerprint;
	int64_t from, until;
};

struct trust {
	const char *authority;
	int64_t sequence;            /* each list is one higher */
	int64_t issued, next_update; /* Unix seconds; no use outside */
	int64_t status_days;         /* a status list older than this is too old */
	const char *log;             /* name of the registry's log in checkpoints */
	struct digest log_key;       /* its Ed25519 public key, raw */
	struct digest registrar;     /* fingerprint of the signer of registry events */
	const struct approved_profile *profiles;
	size_t profiles_count;
	const struct method *methods;
	size_t methods_count;
	const struct designated_body *bodies;
	size_t bodies_count;
	const struct enrolled_person *people;
	size_t people_count;
	/* not part of the signed list */
	struct identity root;    /* who signed it */
	struct span signed_list; /* the file it was read from */
};

enum status trust_write(struct job *job, const struct trust *trust, struct span *xml);

/* Signs the list with the root's key at `trust->issued`; result: CMS. */
enum status trust_sign(struct job *job, const struct trust *trust, const struct key *root_key,
    const struct identity *root, struct span *der);

/*
 * Reads a signed trust list.
 *
 * root  fingerprint its signer must have; NULL: the file was named by whoever
 *       relies on it, and its self-signed signer is the root
 *
 * Whether it is of use at some moment is for trust_check_date.
 *
 * STATUS_REFUSED    signed by another, or the signer is not a self-signed root
 * STATUS_MALFORMED  not a signed trust list
 */
enum status trust_read(
    struct job *job, struct span der, const struct digest *root, struct trust *trust);

/* The bytes are meant to be a trust list. */
bool trust_is(struct span xml);

/* STATUS_UNDECIDED outside [issued, next_update]. */
enum status trust_check_date(struct job *job, const struct trust *trust, int64_t now);

/*
 * A designation is never rewritten: a new one of the same body is a new entry,
 * and ends the one before.  This is the entry in force at `when`; NULL: none.
 */
const struct designated_body *trust_body_of(
    const struct trust *trust, const struct digest *fingerprint, int64_t when);
/* The newest entry; NULL when there is none. */
const struct designated_body *trust_body_named(const struct trust *trust, const char *id_or_name);
const struct enrolled_person *trust_person_of(
    const struct trust *trust, const struct digest *fingerprint);
/* The method, also by its bare number in DEFAULT_CIRCULAR. */
const struct method *trust_method(const struct trust *trust, const char *name);

/*
 * Whether the body whose certificate has this fingerprint might certify this
 * at `when`, the time of acceptance: body, dates, restrictions, approved digests,
 * trial, method, validity, lot.
 *
 * STATUS_REFUSED  no: the reason says which right is lacking
 */
enum status trust_check_rights(struct job *job, const struct trust *trust,
    const struct digest *signer, const struct certificate *certificate, int64_t when);

/*
 * The restriction of effect "review" or "all" that weighs at `now` on a
 * certificate accepted at `accepted`; "all" before "review"; NULL: none.
 */
const struct restriction *trust_restriction(
    const struct trust *trust, const struct digest *signer, int64_t accepted, int64_t now);

#endif
