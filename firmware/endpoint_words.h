/*
 * What stands around an address: whether it is for people or parsers, and not
 * to be talked to.
 */
#ifndef FIRMWARE_ENDPOINT_WORDS_H
#define FIRMWARE_ENDPOINT_WORDS_H

#include "base/span.h"

/* A file as far as that matters. */
struct endpoint_place {
	struct span content;
	const char *name; /* of the file */
	bool text;        /* read it as lines, not as strings between other bytes */
	bool script;      /* it names its interpreter */
	bool code;        /* of a language other than the shell's */
	bool page;        /* a browser shows or runs it */
};

/* A page or script of a web interface, by its name's end. */
bool endpoint_is_page(const char *name);

struct endpoint_place endpoint_place_of(struct span content, const char *name);

/* What stands before `at` in its line, or in its string, at most 256 bytes. */
struct span endpoint_before(const struct endpoint_place *place, size_t at);
/* That and what follows, at most 128 bytes of it. */
struct span endpoint_around(const struct endpoint_place *place, size_t at);

/* Is what stands at `at` in a comment of its line? */
bool endpoint_in_comment(const struct endpoint_place *place, size_t at);

/* For people to read.  `at` is where its scheme begins, `host` and `url` stand in the content. */
bool endpoint_is_documentation(
    const struct endpoint_place *place, size_t at, struct span host, struct span url);
/* An identifier that only looks like an address: of an XML namespace, a schema, an action, a
 * certificate. */
bool endpoint_is_namespace(const struct endpoint_place *place, size_t at, struct span url);

#endif
