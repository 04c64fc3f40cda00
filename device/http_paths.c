/* A status of 200 proves nothing on a camera: the answer has to hold what only the real one holds.
 */
#include "device/http_paths.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/http_page.h"

const struct http_path http_paths[] = {
#define PATH(path, access, sign) {path, access, sign, false},
#define GUESS(path, access, sign) {path, access, sign, true},
#include "device/http_paths.def"
#undef PATH
#undef GUESS
};
const size_t http_path_count = ARRAY_SIZE(http_paths);

static bool
has_type(const struct http_response *response, const char *type)
{
	size_t from = 0;
	const char *value = http_header(response, "Content-Type", &from);

	return value != NULL && strncasecmp(value, type, strlen(type)) == 0;
}

bool
http_path_shows(const struct http_path *path, const struct http_response *response)
{
	bool good = response->status >= 200 && response->status < 300;

	if (strcmp(path->sign, "jpeg") == 0)
		return span_starts_with(response->body, "\xff\xd8\xff", 3);
	if (strcmp(path->sign, "multipart") == 0)
		return good && has_type(response, "multipart/x-mixed-replace");
	if (strcmp(path->sign, "binary") == 0) {
		size_t zeros = 0;

		for (size_t i = 0; i < response->body.size; i++)
			zeros += response->body.at[i] == 0;
		return good && response->body.size >= 64 && zeros > 0 &&
		       !has_type(response, "text/html");
	}
	return http_mentions(response->body, path->sign);
}

bool
http_path_answers(const struct http_path *path, const struct http_response *response)
{
	return response->status >= 200 && response->status < 300 && http_path_shows(path, response);
}

const char *
http_path_sibling(struct job *job, const char *path, const char *random)
{
	size_t end = strcspn(path, "?"), folder = end, ending;

	if (folder > 1 && path[folder - 1] == '/')
		folder--; /* a folder's sibling is a folder */
	ending = folder;
	while (folder > 0 && path[folder - 1] != '/')
		folder--;
	for (size_t i = folder; i < end; i++)
		if (path[i] == '.')
			ending = i;
	return arena_printf(job, "%.*s%s%s", (int)folder, path, random, path + ending);
}

bool
http_is_absence(int status)
{
	return status == 404 || status == 405 || status == 410 || status == 501;
}
