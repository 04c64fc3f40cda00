/*
 * Host names and addresses in bytes: where one stands, whose it is, and
 * whether it is anybody's to talk to.
 *
 * Source: RFC 3986 (URI), RFC 1123 section 2.1 (host names), RFC 6890
 * (special addresses); providers.def, names_only.def, top_labels.def.
 */
#ifndef FIRMWARE_ENDPOINT_H
#define FIRMWARE_ENDPOINT_H

#include "base/job.h"
#include "base/span.h"

#define ENDPOINT_MAX_HOST 253

struct provider {
	const char *suffix, *name, *country, *purpose;
};

/* The scheme that ends where "://" begins; NULL when it is none we know. */
const char *endpoint_scheme_before(struct span content, size_t at);

/* The host behind "user:password@" at the start of `rest`, or nothing: "%s",
 * "$host" and single words are no addresses. */
struct span endpoint_host(struct span rest);

/* The whole URL at the start of `bytes`, up to a blank, quote or bracket, at most 512 bytes. */
struct span endpoint_url(struct span bytes);

/* Four numbers up to 255 between dots, and nothing else. */
bool endpoint_is_address(struct span host);
/* An address of the Internet, not of a local network, a group, a mask or an example. */
bool endpoint_is_public(struct span address);
/* This machine: localhost, 127.0.0.0/8, ::1, 0.0.0.0. */
bool endpoint_is_loopback(struct span host);

/*
 * May this word be a host name though no scheme says so?  With a word beside
 * it that says it is a host (`told`), less is asked of it.
 */
bool endpoint_is_bare_host(struct span host, bool told);

/* It stands in firmware as a name of something else, as an example, or to be filled in. */
bool endpoint_is_name_only(struct span host);

/* Whose host it is; NULL when the table does not know. */
const struct provider *endpoint_provider(struct span host);

/* Country of its last label; NULL when that says none. */
const char *endpoint_country(struct span host);

/* Do the bytes hold `word`, in lower case, whatever the case of their letters? */
bool endpoint_has_word(struct span bytes, const char *word);

#endif
