/*
 * What a page of a web server holds that matters to a log-in: forms, links,
 * scripts, words.  Pure reading: nothing here asks the unit.
 */
#ifndef DEVICE_HTTP_PAGE_H
#define DEVICE_HTTP_PAGE_H

#include "device/http_client.h"

#define HTTP_SCRIPTS_MAX 6 /* of each kind, in one page */

struct http_form {
	bool asks_password; /* there is a password field, in a form or not */
	bool usable;        /* in a form, with named fields, and no script seen in between */
	const char *action; /* path it is sent to */
	bool post;
	const char *user_field;
	const char *password_field;
	size_t password_count; /* two or three: it asks for a new one */
	struct span rest;      /* of the page, behind it */
	size_t field_count;    /* hidden ones, sent back as they are */
	struct http_header fields[HTTP_FIELDS_MAX];
};

/* The log-in form of a page, if any. */
enum status http_read_form(struct job *job, struct span page, struct http_form *form);
/* Of an application whose form is sent as it is, whatever its scripts do besides: LuCI. */
bool http_form_is_known(const struct http_form *form);
/* Both ask for the same things at the same place. */
bool http_same_form(const struct http_form *a, const struct http_form *b);

/*
 * The addresses a page leads to as it writes them (href, src, action, refresh,
 * location in its scripts), pictures, styles and scripts left out, at most
 * `room` different ones.
 */
enum status http_read_links(
    struct job *job, struct span page, const char **links, size_t room, size_t *count);

/* It sounds like one that does something (reboot …) when it is asked for. */
bool http_is_deed(const char *link);

struct http_scripts {
	size_t own_count;
	struct span own[HTTP_SCRIPTS_MAX]; /* within the page */
	size_t address_count;
	const char *addresses[HTTP_SCRIPTS_MAX]; /* src, as written */
	bool more;                               /* than there is room for */
};

enum status http_read_scripts(struct job *job, struct span page, struct http_scripts *scripts);
/* A place where logins of known web interfaces are sent, named in a script; NULL. */
const char *http_script_login(struct span script);
/* A script that may send a form in its own way, or make something else of a password. */
bool http_script_meddles(struct span script);

/* The page's title as text; NULL. */
const char *http_title(struct job *job, struct span page);
/* What a person reads of a page: no tags, no scripts, single spaces, bounded.  NULL out of memory.
 */
const char *http_words(struct job *job, struct span page);
/*
 * The same of one answer as of another of its kind: words with digits in them
 * (dates, tokens, lengths) and `name`, which may come back, become "#".
 */
const char *http_settled(struct job *job, const char *words, const char *name);

bool http_mentions(struct span page, const char *word);
/* `link` of the page at `path`, where it leads to the same origin: a path; NULL. */
const char *http_resolve(struct job *job, const struct target *target, uint16_t port, bool tls,
    const char *path, const char *link);
/* The cookies an answer sets as one header line, after those of `before` ("" or a line). NULL out
 * of memory. */
const char *http_cookies(struct job *job, const struct http_response *response, const char *before);

#endif
