/*
 * What the parts of the collector endpoint_reference share.
 */
#ifndef FIRMWARE_COLLECTORS_ENDPOINT_REFERENCE_H
#define FIRMWARE_COLLECTORS_ENDPOINT_REFERENCE_H

#include "firmware/collector.h"

#define ENDPOINTS_MAX_FACTS 200 /* addresses of one file */

/* What was found in one file, to name each address once. */
struct endpoints {
	struct job *job;
	const struct offer *offer;
	struct evidence *evidence;
	bool text;   /* read it as lines */
	bool script; /* it names its interpreter */
	bool code;   /* of a language other than the shell's */
	struct {
		const char *scheme, *host, *purpose;
	} found[ENDPOINTS_MAX_FACTS];
	size_t count;
	bool cut; /* there were more */
};

/*
 * Adds a host.  scheme  NULL: not known.
 *               purpose NULL: as provider and `context` say.
 */
enum status endpoints_add(struct endpoints *endpoints, const char *scheme, struct span host,
    const char *purpose, struct span context, size_t offset);

/* Is what stands at `at` in a comment of its line? */
bool endpoints_in_comment(const struct endpoints *endpoints, size_t at);

/* For people to read, or for a parser to compare: no address the product talks to. `at` is where
 * its scheme begins, `host` stands in the content. */
bool endpoints_is_documentation(
    const struct endpoints *endpoints, size_t at, struct span host, struct span url);
bool endpoints_is_namespace(const struct endpoints *endpoints, size_t at, struct span url);

/* Hosts without a scheme: lines of configurations and scripts, strings of programs. */
enum status endpoints_read_lines(struct endpoints *endpoints);
enum status endpoints_read_string(struct endpoints *endpoints, size_t at);

#endif
