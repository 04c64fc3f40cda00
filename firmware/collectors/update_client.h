/*
 * What the parts of the collector update_client share.
 */
#ifndef FIRMWARE_COLLECTORS_UPDATE_CLIENT_H
#define FIRMWARE_COLLECTORS_UPDATE_CLIENT_H

#include "firmware/collector.h"
#include "firmware/endpoint_words.h"

#define UPDATE_CLIENT_MAX_FACTS 64 /* of one file */

struct update_client {
	struct job *job;
	const struct offer *offer;
	struct evidence *evidence;
	struct endpoint_place place;
	bool installs; /* the file writes what it fetches to where programs stand */
	struct {
		const char *name, *value;
	} found[UPDATE_CLIENT_MAX_FACTS];
	size_t count;
	bool cut;     /* there were more */
	size_t looks; /* for values of variables */
};

/* What a setting is told as: of the client that updates, or of another of this product. */
#define UPDATE_URL "update_client.url"
#define UPDATE_HOST "update_client.host"           /* a host of which no scheme is told */
#define UPDATE_VERIFY "update_client.verify"       /* off, pinned or on, then how */
#define UPDATE_SIGNATURE "update_client.signature" /* off or on, then how */
#define UPDATE_SCHEDULE "update_client.schedule"   /* what asks, and when */
#define UPDATE_PROGRAM "update_client.program"     /* a program made to fetch and install updates */
#define CLIENT_VERIFY "client.verify"

/* "WORDS VALUE" as the setting `name` at `offset`; each value once a file. */
enum status update_client_add(struct update_client *client, const char *name,
    const char *confidence, const char *words, struct span value, size_t offset);

/* How sure words make it that what stands at `at` is about updates: certain, likely, possible, or
 * NULL for not at all. */
const char *update_client_confidence(const struct update_client *client, size_t at);

/* Says that certificates are (not) verified by what stands at `at`. */
enum status update_client_verify(struct update_client *client, const char *words, size_t at);

/* The command that begins at `at`: wget, curl … and its options. */
enum status update_client_read_command(struct update_client *client, size_t at);

/* A host without a scheme: the value of a name at `at`, a string at `at`, or the whole file. */
enum status update_client_read_named_host(struct update_client *client, size_t at);
enum status update_client_read_string(struct update_client *client, size_t at);
enum status update_client_read_whole(struct update_client *client);

/* Configurations of programs known to update; nothing in other files. */
bool update_client_is_configuration(const struct node *node);
enum status update_client_read_configuration(struct update_client *client);

/* Times at which a program that updates is started. */
bool update_client_is_schedule(const struct node *node);
enum status update_client_read_schedule(struct update_client *client);

#endif
