/* Where a server takes input: the folders its pages are in, and what stands before "=". */
#include <string.h>

#include "base/arena.h"
#include "device/http_tags.h"
#include "device/inputs.h"

#define LINKS_MAX 24
#define PAGES_MAX 4 /* the front page, and some it leads to */

static bool
has(const char *const *list, size_t count, const char *one)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i], one) == 0)
			return true;
	return false;
}

/* The first folder of a path on this server: "/js/" of "/js/a.js". */
static enum status
add_folder(struct inputs *inputs, const char *path)
{
	size_t size = path[0] == '/' ? strcspn(path + 1, "/?#") : 0;
	const char *folder;

	if (size == 0 || path[1 + size] != '/' || inputs->folder_count == INPUTS_FOLDERS_MAX)
		return STATUS_OK;
	folder = arena_string(inputs->job, path, size + 2);
	if (folder == NULL)
		return STATUS_LIMIT;
	if (!has(inputs->folders, inputs->folder_count, folder))
		inputs->folders[inputs->folder_count++] = folder;
	return STATUS_OK;
}

/* Each name of its query, with the other names as they stand before it. */
static enum status
add_parameters(struct inputs *inputs, const char *path)
{
	const char *at = strchr(path, '?');

	while (at != NULL && inputs->parameter_count < INPUTS_PARAMETERS_MAX) {
		size_t name = strcspn(at + 1, "=&#");
		const char *parameter;

		if (at[1 + name] != '=')
			break;
		parameter = arena_string(inputs->job, path, (size_t)(at - path) + name + 2);
		if (parameter == NULL)
			return STATUS_LIMIT;
		if (!has(inputs->parameters, inputs->parameter_count, parameter))
			inputs->parameters[inputs->parameter_count++] = parameter;
		at = strchr(at + 1 + name, '&');
	}
	return STATUS_OK;
}

static enum status
add_link(struct inputs *inputs, const char *page, const char *link)
{
	const char *path = http_resolve(
	    inputs->job, inputs->target, inputs->service->port, inputs->service->tls, page, link);

	if (path == NULL)
		return STATUS_OK;
	TRY(add_folder(inputs, path));
	return add_parameters(inputs, path);
}

enum status
inputs_read_page(struct inputs *inputs, const char *path, struct span page)
{
	static const char *const names[] = {"href", "src"};
	struct tag *tag = arena_allocate(inputs->job, sizeof *tag);
	const char *links[LINKS_MAX];
	struct span rest = page;
	size_t count;

	if (tag == NULL)
		return STATUS_LIMIT;
	/* folders: those of pictures and styles above all */
	for (unsigned i = 0; i < TAGS_MAX && tag_next(&rest, tag); i++)
		for (size_t j = 0; j < ARRAY_SIZE(names); j++) {
			const char *link =
			    tag_attribute(tag, names[j]).size == 0
				? NULL
				: tag_text(inputs->job, tag_attribute(tag, names[j]));

			link = link == NULL
				   ? NULL
				   : http_resolve(inputs->job, inputs->target,
					 inputs->service->port, inputs->service->tls, path, link);
			if (link != NULL)
				TRY(add_folder(inputs, link));
		}
	/* parameters: of links alone that do not sound like a deed */
	TRY(http_read_links(inputs->job, page, links, LINKS_MAX, &count));
	for (size_t i = 0; i < count; i++)
		if (!http_is_deed(links[i]))
			TRY(add_link(inputs, path, links[i]));
	return STATUS_OK;
}

static enum status
read_at(struct inputs *inputs, const char *path, struct http_response *response)
{
	enum status status = http_get_as(
	    inputs->job, inputs->target, &inputs->session, path, HTTP_BODY_MAX_SIZE, response);

	if (fault_is_ours(status))
		return status;
	if (status != STATUS_OK)
		outcome_lack(inputs->job, &inputs->outcome, "%s", inputs->job->reason);
	return status == STATUS_OK ? inputs_read_page(inputs, path, response->body) : STATUS_OK;
}

enum status
inputs_learn(struct inputs *inputs)
{
	struct http_response *response = arena_allocate(inputs->job, sizeof *response);
	const char *links[LINKS_MAX];
	size_t count, pages = 1;

	if (response == NULL)
		return STATUS_LIMIT;
	inputs->folders[0] = "/";
	inputs->folder_count = 1;
	inputs->parameter_count = 0;
	TRY(read_at(inputs, "/", response));
	/* the owner's links may be buttons: below stress the unit is to be afterwards as before */
	if (strcmp(inputs->role, "none") != 0 && inputs->target->granted < INTRUSION_STRESS)
		return STATUS_OK;
	TRY(http_read_links(inputs->job, response->body, links, LINKS_MAX, &count));
	for (size_t i = 0; i < count && pages < PAGES_MAX; i++) {
		const char *path = http_resolve(inputs->job, inputs->target, inputs->service->port,
		    inputs->service->tls, "/", links[i]);

		if (path == NULL || strcmp(path, "/") == 0 || http_is_deed(path))
			continue;
		pages++;
		TRY(read_at(inputs, path, response));
	}
	return STATUS_OK;
}
