/*
 * How a container is protected as an update: what its kinds share.
 *
 * A kind (signatures/NAME.c) reads where a container keeps its signature, what
 * that covers and which version it binds; the trying of keys is here.  A key
 * that comes with the image shows that the image is whole, never who made it.
 */
#ifndef FIRMWARE_SIGNATURE_H
#define FIRMWARE_SIGNATURE_H

#include "base/text.h"
#include "facts/fact.h"
#include "firmware/key_ring.h"
#include "firmware/node.h"

enum outcome {
	OUTCOME_GOOD,      /* a key verifies it: `key` */
	OUTCOME_NO_KEY,    /* nobody gave one, none is known */
	OUTCOME_OTHER_KEY, /* none of the given keys made it */
	OUTCOME_BAD,       /* its own key does not verify it, or the bytes are not those signed */
};

/* What became of one signature. */
struct trial {
	enum outcome outcome;
	const struct key *key; /* that verifies it, or would have to; NULL: not known */
	bool embedded_good;    /* a key that comes with the image verifies it */
};

/* One container; `fact` is filled in by its kind. */
struct signing {
	struct job *job;
	struct span content;
	struct span before; /* what stands before it in its layer; empty when that was not held */
	const char *format; /* of its region; NULL: a file that only begins as one */
	struct key_ring *keys; /* may be NULL */
	struct update_signature_fact fact;
	struct text detail;
	/* a part that is covered and whose bytes could not be compared: nothing is verified then */
	const char *uncompared;
	bool found;           /* it is such a container: else nothing above is to be believed */
	enum outcome outcome; /* once present */
	struct key own; /* a key the container carries, borrowed by trials; freed by the core */
};

struct signature_kind {
	const char *name;   /* file name */
	const char *title;  /* for the documentation */
	const char *source; /* the specification it reads by */
	const char *gaps;   /* what of it is not read */
	const char *formats[4];
	/* Does a file that passes by begin as such a container? NULL: never asked. */
	bool (*begins)(struct span head);
	/*
	 * Reads the signature and tries the keys.  What is damaged or strange is
	 * said in `fact` and `detail`, no failure; `found` stays false for what is
	 * another thing.
	 */
	enum status (*read)(struct signing *signing);
};

/* catalogue.def holds one SIGNATURE(name) a line; each file defines `const struct signature_kind
 * signature_kind_NAME`. */
extern const struct signature_kind *const firmware_signatures[];
extern const size_t firmware_signature_count;

/* A signature over a digest (of a message: Ed25519), outside any CMS. */
struct raw_signature {
	enum { SIGN_RSA, SIGN_RSA_PSS, SIGN_ECDSA, SIGN_ECDSA_RAW, SIGN_ED25519 } scheme;
	enum digest_kind digest;
	struct span signed_bytes; /* the digest itself; the message of Ed25519 */
	struct span value;
	/* Is this the key it names?  NULL: it names none. */
	bool (*names)(const struct raw_signature *signature, const struct key *key);
	struct span named; /* for `names`: a digest, a number, a hint */
};

/* Adds a sentence to the detail. */
void signing_say(struct signing *signing, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Scheme and algorithm, "rsa2048-sha256"; `bits` 0: not known. */
enum status signing_name(
    struct signing *signing, const struct raw_signature *signature, size_t bits);

/* Tries the key the container carries (`signing->own`), the given ones and those in the image. */
struct trial signing_try(struct signing *signing, const struct raw_signature *signature);

/* The worse of two: a container is as good as its worst signature. */
struct trial trial_worse(struct trial a, struct trial b);

/* Takes a trial over into the fact, with its words. */
enum status signing_conclude(struct signing *signing, const struct trial *trial);

/* Does `key` verify it? */
bool key_verifies(const struct key *key, const struct raw_signature *signature);

/* The digest of parts, one behind the other; its size, or 0 when OpenSSL has it not. */
size_t signing_digest(
    enum digest_kind kind, const struct span *parts, size_t count, uint8_t out[DIGEST_LARGEST]);

/*
 * Tries a CMS message that is `der` to the last byte.  `parts` are what it is
 * detached from; count 0: what is attached.  `*found` tells whether somebody signed it at all.
 */
enum status signing_try_cms(struct signing *signing, struct span der, const struct span *parts,
    size_t count, struct trial *trial, bool *found);

#endif
