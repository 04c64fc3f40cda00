/*
 * Is this certificate genuine, was its issuer entitled, and does it hold on
 * that date for these goods?  Answered offline, with every reason.
 *
 * A reason's text is an English message key in which each {} stands for the
 * next of its data; no and undecided weigh more than valid, in that order.
 */
#ifndef CERT_VERIFICATION_H
#define CERT_VERIFICATION_H

#include "cert/bundle.h"

#define VERIFICATION_REASONS 16

enum outcome { OUTCOME_VALID, OUTCOME_UNDECIDED, OUTCOME_NOT_VALID };

struct reason {
	enum outcome outcome; /* what it makes of the whole */
	const char *text;
	const char *data[3];
};

/* What the goods are, to hold against the certificate. */
struct expectation {
	const char *name; /* one of expectation_names */
	const char *value;
};
extern const char *const expectation_names[];
extern const size_t expectation_name_count;

struct verification_request {
	const struct trust *trust;
	bool root_known; /* whoever asks named the root; else nothing that it signed is believed */
	const struct bundle *bundle; /* NULL: no status is known */
	int64_t at;                  /* Unix seconds: the moment asked about */
	bool accept_trial;
	const struct expectation *expectations;
	size_t expectation_count;
};

struct verification {
	enum outcome outcome;
	struct reason reasons[VERIFICATION_REASONS]; /* gravest first */
	size_t reason_count;
	bool genuine; /* signed, unaltered, by a designated body: the rest may be shown */
	struct certificate certificate;
	struct digest digest; /* SHA-256 of its XML */
	const struct identity *signer;
	int64_t signed_at;
	const char *number; /* NULL: not known to be registered */
	int64_t accepted;   /* time of the log; 0 when number is NULL */
	bool status_known;  /* there was a bundle that could know */
	enum state state;   /* at the moment asked about, when status_known */
};

/*
 * cache  may be NULL
 *
 * STATUS_MALFORMED  the file is not CMS in our form, or its content no certificate
 * STATUS_LIMIT      larger than CERTIFICATE_MAX_SIZE
 * STATUS_USAGE      an expectation of an unknown name
 */
enum status certificate_verify(struct job *job, struct identity_cache *cache, struct span file,
    const struct verification_request *request, struct verification *verification);

/* The same question for a number alone (paper without a file): only the bundle can answer. */
enum status number_verify(struct job *job, const char *number,
    const struct verification_request *request, struct verification *verification);

#endif
