/*
 * The paths of one web server while they are asked for, beside names that nobody can have.
 */
#ifndef DEVICE_WEB_HUNT_H
#define DEVICE_WEB_HUNT_H

#include "device/http_paths.h"
#include "device/web.h"

#define SIBLINGS_MAX 128

/* What a name of the same folder and ending that nobody can have came to. */
struct sibling {
	const char *key;
	bool heard; /* both were answered */
	struct http_response answers[2];
	const char *settled[2];
};

struct hunt {
	struct web *web;
	size_t sibling_count;
	struct sibling *siblings;
	size_t refused_alike; /* paths refused as any name is */
	int64_t exchange;     /* of one of them */
	int refusal;          /* with which status */
	size_t granted;       /* paths to be tried */
	int front;            /* the status of the front page; 0: it was not answered */
	unsigned silent;
	unsigned faults;
	bool sent_to_login; /* the last answer came by way of a redirection that names one */
};

enum status hunt_ask_once(struct hunt *hunt, const char *path, struct http_response *response);
/* One redirection is followed, unless it carries what was `wanted` (NULL: nothing). */
enum status hunt_ask(struct hunt *hunt, const char *path, const struct http_path *wanted,
    struct http_response *response);

/* The words of an answer without what varies by itself, nor `name`; NULL out of memory. */
const char *hunt_settled(struct job *job, const struct http_response *response, const char *name);
/* The two names of this folder and ending; NULL: there are more than are kept. */
enum status hunt_find_sibling(struct hunt *hunt, const char *path, struct sibling **found);

#endif
