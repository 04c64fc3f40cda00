/*
 * One web server while the probe "http" looks at it.
 */
#ifndef DEVICE_WEB_H
#define DEVICE_WEB_H

#include "device/http_page.h"
#include "facts/evidence.h"

#define WEB_LOGINS_MAX 12
#define WEB_COOKIES_MAX 16
#define WEB_INTERFACES_MAX 3

struct web {
	struct job *job;
	struct target *target;
	struct evidence *evidence;
	struct outcome links;     /* whether all that the front pages lead to were followed */
	struct outcome pages;     /* how its front pages were looked at */
	struct outcome resources; /* and the paths beyond them */
	const struct service *service;
	const char *protocol;
	const char *path;
	bool sent_on;          /* some server sends on to HTTPS */
	bool sent_back;        /* some server sends back to HTTP */
	bool bare;             /* some server shows no log-in */
	bool absent;           /* this one has no front page, nor anything in its place */
	const char *interface; /* that the log-in being added belongs to; NULL: the pages */
	const char *words;     /* of the page of a form sent to itself, while it is added; NULL */
	size_t interface_count;
	const char *interfaces[WEB_INTERFACES_MAX]; /* of this server: isapi, rpc2, ubus */
	size_t login_count;
	struct web_login {
		const char *name; /* scheme, realm or action */
		const struct login *login;
	} logins[WEB_LOGINS_MAX]; /* of this server */
	size_t cookie_count;
	const char *cookies[WEB_COOKIES_MAX]; /* names seen at this server */
	bool headers_seen;
};

enum status web_get(
    struct web *web, const char *path, size_t limit, struct http_response *response);

/* The interfaces behind its pages that it speaks, each a log-in: see interfaces.h. */
enum status web_find_interfaces(struct web *web);
/* A script that names this place logs in by one of them. */
bool web_asks_by_interface(const struct web *web, const char *place);
/* Every log-in that shows from the front page on; STATUS_UNAVAILABLE … when there is no page. */
enum status web_find_logins(struct web *web);
/* Each challenge of a 401, once; at most WEB_LOGINS_MAX log-ins a server. */
enum status web_add_challenges(struct web *web, const struct http_response *response);
/* The log-ins of the page at web->path, or of the one it sends on to. */
enum status web_follow(struct web *web, struct http_response *response);
/* The log-ins behind the links of a page at web->path, but for the `action` of its form; NULL. */
enum status web_follow_links(struct web *web, struct span page, const char *action);
enum status web_add_login(struct web *web, const char *scheme, const char *realm, bool recognised,
    bool encrypted, int64_t exchange);

/* What the pages say before a log-in: banners, protecting headers, cookies. */
enum status web_add_disclosures(struct web *web, const struct http_response *response);
enum status web_add_headers(struct web *web, const struct http_response *response);
/* Draws each cookie of a page some times more. */
enum status web_add_cookies(struct web *web, const struct http_response *response);
/*
 * 1: the values follow one another, follow the clock, or are equal for all
 * visitors; 0: they do not look so; UNKNOWN.  `dates` are the server's own, in
 * Unix seconds, 0 where it says none.
 */
int64_t web_cookie_is_predictable(
    const char *name, const char *const *values, const int64_t *dates, size_t count);

/* Which of http_paths.def answer a stranger. */
enum status web_find_resources(struct web *web);

#endif
