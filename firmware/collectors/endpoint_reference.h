/*
 * What the parts of the collector endpoint_reference share.
 */
#ifndef FIRMWARE_COLLECTORS_ENDPOINT_REFERENCE_H
#define FIRMWARE_COLLECTORS_ENDPOINT_REFERENCE_H

#include "firmware/collector.h"
#include "firmware/endpoint_words.h"

#define ENDPOINTS_MAX_FACTS 512 /* addresses of one file */

/* What was found in one file, to name each address once. */
struct endpoints {
	struct job *job;
	const struct offer *offer;
	struct evidence *evidence;
	struct endpoint_place place;
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

/* Hosts without a scheme: lines of configurations and scripts, strings of programs. */
enum status endpoints_read_lines(struct endpoints *endpoints);
enum status endpoints_read_string(struct endpoints *endpoints, size_t at);

#endif
