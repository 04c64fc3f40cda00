/*
 * Paths of cameras, recorders and routers that would let a stranger do
 * something, and what tells a genuine answer from a page that greets any name.
 */
#ifndef DEVICE_HTTP_PATHS_H
#define DEVICE_HTTP_PATHS_H

#include "device/http_client.h"

#define HTTP_PATH_BODY_MAX 8192 /* so much of an answer is looked at */

struct http_path {
	const char *path;
	const char *access; /* read, write, configure, stream or debug */
	/*
	 * What is in a genuine answer: a word; "jpeg", "multipart" or "binary"
	 * for what its head and first bytes say.
	 */
	const char *sign;
	bool guess; /* it carries a name and a password */
};

extern const struct http_path http_paths[];
extern const size_t http_path_count;

/*
 * The sign is there, whatever the status: a refusal that carries it has given it, unless any name
 * is refused so.  Of what only a head or any zero bytes tell, a status of 2xx is wanted as well.
 */
bool http_path_shows(const struct http_path *path, const struct http_response *response);
/* A status of 2xx and the sign is there. */
bool http_path_answers(const struct http_path *path, const struct http_response *response);
/* There is nothing of that name. */
bool http_is_absence(int status);
/* A name of the same folder and ending that nobody can have: `random` in its place. */
const char *http_path_sibling(struct job *job, const char *path, const char *random);

#endif
