/*
 * The authority's folder: its keys, its certificates and the trust list they sign.
 *
 *     root.pem root.key            the national root; the key may be kept elsewhere between uses
 *     registrar.pem registrar.key  signs the registry's events and bundles
 *     log.key                      Ed25519, signs checkpoints
 *     trust.p7m                    the trust list, for everybody
 *     bodies/ people/              certificates issued here, PEM
 *
 * Every change signs a new list with the next sequence.  Times are Unix
 * seconds.  Each function reads and writes the folder `folder`.
 *
 * STATUS_USAGE  what is asked for does not fit the list: the reason says why
 */
#ifndef CERT_OFFICE_H
#define CERT_OFFICE_H

#include "cert/authority.h"

#define OFFICE_TRUST_DAYS 90 /* life of a trust list */
#define OFFICE_STATUS_DAYS 7 /* life of a bundle */

/* STATUS_CANNOT_CREATE when the folder already holds an authority. */
enum status office_create(struct job *job, const char *folder, const char *name, int64_t now);

/* Reads root.pem. */
enum status office_read_root(struct job *job, const char *folder, struct identity *root);
/* Reads trust.p7m, which must be signed by root.pem. */
enum status office_read_trust(struct job *job, const char *folder, struct trust *trust);

/* Signs the same list again, with a new date. */
enum status office_renew(struct job *job, const char *folder, int64_t now);

enum status office_approve(
    struct job *job, const char *folder, const struct approved_profile *profile, int64_t now);

struct designation {
	const char *name;
	const char *decision;                         /* number of the decision */
	const char *const *profiles, *const *methods; /* ids; methods also by bare number */
	size_t profile_count, method_count;
	int64_t from, until;
	struct span request;     /* PKCS #10: issue a certificate here; or */
	struct span certificate; /* PEM: list this one */
};
/* `path`: where the body's certificate was written. */
enum status office_designate(struct job *job, const char *folder,
    const struct designation *designation, int64_t now, const char **path);

/* body NULL: may act for any. */
enum status office_enrol(struct job *job, const char *folder, const char *person, enum role role,
    const char *body, struct span request, int64_t now, const char **path);

enum status office_restrict(struct job *job, const char *folder, const char *body,
    const struct restriction *restriction, int64_t now);

/* What the registry needs to act; office_close wipes the keys. */
struct office {
	struct trust trust;
	struct identity registrar;
	struct key *registrar_key, *log_key;
};
enum status office_open(struct job *job, const char *folder, struct office *office);
void office_close(struct office *office);

#endif
