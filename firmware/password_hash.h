/*
 * Password hashes as systems and services store them: which scheme, how many
 * guesses are worth its price, and whether a password opens one.
 *
 * Source: crypt(5) of libxcrypt; Apache httpd, Password Formats; RFC 7616.
 */
#ifndef FIRMWARE_PASSWORD_HASH_H
#define FIRMWARE_PASSWORD_HASH_H

#include "base/job.h"
#include "base/span.h"

#define PASSWORD_HASH_MAX 512 /* bytes; crypt(3) makes none longer than 384 */

/* Who reads it: what the same bytes mean depends on that. */
enum password_store {
	PASSWORD_OF_SYSTEM,  /* passwd and shadow: crypt(3) alone */
	PASSWORD_OF_SERVICE, /* htpasswd and vendors' files: also $apr1$, {SHA}, bare digests */
	PASSWORD_OF_REALM,   /* htdigest: a digest over user, realm and password */
	PASSWORD_OF_SOFIA,   /* Xiongmai's Account files: eight letters made of an MD5 */
};

struct password_hash {
	const char *scheme; /* as facts name it; NULL: none that is known */
	unsigned budget;    /* candidates worth trying; depends on the hash, never on the clock */
	const char *stored; /* the whole text, in the job's arena; NULL without a scheme */
	struct span user, realm; /* borrowed; of PASSWORD_OF_REALM */
	unsigned form;           /* password_hash.c's own */
};

/* STATUS_LIMIT when out of budget; a hash of no known scheme is no failure. */
enum status password_hash_read(
    struct job *job, enum password_store store, struct span stored, struct password_hash *hash);

/* What one thread needs to try passwords; NULL when out of budget. */
struct password_hasher;
struct password_hasher *password_hasher_new(struct job *job);

bool password_hash_opens(
    struct password_hasher *hasher, const struct password_hash *hash, const char *password);

#endif
