/* Where account files lie, and what links make of them and of log-in shells. */
#include <string.h>

#include "base/text.h"
#include "firmware/collectors/accounts.h"
#include "firmware/reading.h"

/* The files that the C library reads; the others are copies, or somebody else's. */
bool
accounts_is_exact(const char *name)
{
	return strcmp(name, "passwd") == 0 || strcmp(name, "shadow") == 0;
}

/* Programs, their pages and their settings have those names as well. */
bool
accounts_among_programs(const struct node *node)
{
	static const char *const folders[] = {
	    "/bin/", "/sbin/", "/pam.d/", "/completions/", "/init.d/"};

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		size_t size = strlen(folders[i]) + strlen(node->name), whole = strlen(node->local);

		if (whole + 1 == size &&
		    strncmp(node->local, folders[i] + 1, size - strlen(node->name) - 1) == 0)
			return true;
		if (whole >= size &&
		    strncmp(node->local + whole - size, folders[i], strlen(folders[i])) == 0)
			return true;
	}
	return false;
}

/* Accounts of a jail, an example or a package's template are not the product's. */
bool
accounts_beside(const struct node *node)
{
	static const char *const folders[] = {
	    "chroot", "jail", "/doc/", "/example", "/share/", "/templates/"};

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
		if (strstr(node->local, folders[i]) != NULL)
			return true;
	return false;
}

/* The file system or archive a node lies in. */
static const struct node *
top_of(const struct node *node)
{
	while (node->parent != NULL && node->type != NODE_CONTAINER)
		node = node->parent;
	return node;
}

static const struct node *
child_named(const struct node *folder, struct span name)
{
	const struct node *child = folder->child;

	while (child != NULL && (child->type == NODE_CONTAINER || !span_is(name, child->name)))
		child = child->next;
	return child;
}

/* What a link names, where no folder on the way is a link itself; NULL when that is nothing. */
static const struct node *
target_of(const struct node *from, const char *target)
{
	struct span rest = span_of_string(target);
	const struct node *at = target[0] == '/' ? top_of(from) : from;

	while (at != NULL && rest.size != 0) {
		struct span name = field_next(&rest, '/');

		if (span_is(name, "..")) {
			if (at->type != NODE_CONTAINER && at->parent != NULL)
				at = at->parent;
		} else if (name.size != 0 && !span_is(name, ".")) {
			at = child_named(at, name);
		}
	}
	return at;
}

/* What a link leads to in the end; NULL when that is nothing. */
static const struct node *
end_of(const struct node *node)
{
	for (int links = 0; links < 8 && node != NULL && node->type == NODE_LINK; links++) {
		const struct node *target = NULL;

		if (node->link_target != NULL && node->parent != NULL)
			target = target_of(node->parent, node->link_target);
		if (target == NULL && node->link_target != NULL) /* a hard link of an archive */
			target = target_of(top_of(node), node->link_target);
		node = target;
	}
	return node;
}

/* An account file that is a link was read only if what it names was, and as the live one. */
static enum status
judge_link(struct job *job, const struct node *node)
{
	const struct node *target = end_of(node);

	if (!accounts_is_exact(node->name) || accounts_among_programs(node))
		return STATUS_OK;
	if (target == NULL || target->type != NODE_FILE || strcmp(target->name, node->name) != 0 ||
	    (accounts_beside(target) && !accounts_beside(node)))
		return fail(job, STATUS_MALFORMED,
		    "%.200s is a link to %.200s, which was not read as such", node->path,
		    node->link_target);
	return STATUS_OK;
}

/* /etc itself may be a link, to where account files are taken for something else. */
static enum status
judge_folder(struct job *job, const struct node *node)
{
	const struct node *folder = end_of(node);

	if (strcmp(node->name, "etc") != 0 || folder == NULL || folder->type != NODE_FOLDER ||
	    accounts_beside(node))
		return STATUS_OK;
	for (const struct node *child = folder->child; child != NULL; child = child->next)
		if (accounts_is_exact(child->name) &&
		    (accounts_among_programs(child) || accounts_beside(child)))
			return fail(job, STATUS_MALFORMED,
			    "%.200s is a link to %.200s, whose %s was not read as such", node->path,
			    node->link_target, child->name);
	return STATUS_OK;
}

static bool
is_one_of(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* Log-in shells nobody logs in by are known by their names: such a link makes one a shell. */
static enum status
judge_shell(struct job *job, const struct node *node)
{
	static const char *const closed[] = {
	    "nologin", "false", "true", "sync", "halt", "shutdown"};
	static const char *const shells[] = {"sh", "ash", "bash", "dash", "hush", "ksh", "mksh",
	    "zsh", "csh", "tcsh", "fish", "rbash", "lash", "msh", "login"};
	const struct node *at = node;

	if (!is_one_of(node->name, closed, sizeof closed / sizeof *closed))
		return STATUS_OK;
	for (int links = 0; links < 8 && at != NULL && at->type == NODE_LINK; links++) {
		const char *slash = at->link_target == NULL ? NULL : strrchr(at->link_target, '/');
		const char *name = slash == NULL ? at->link_target : slash + 1;
		const struct node *next = NULL;

		if (name != NULL && is_one_of(name, shells, sizeof shells / sizeof *shells))
			return fail(job, STATUS_MALFORMED,
			    "%.200s is a link to %.200s, a shell by which one may log in",
			    node->path, at->link_target);
		if (name != NULL && at->parent != NULL)
			next = target_of(at->parent, at->link_target);
		at = next;
	}
	return STATUS_OK;
}

/* Accounts of systemd and of BSD, which are not read. */
static enum status
judge_file(struct job *job, const struct node *node)
{
	bool user = strstr(node->local, "/userdb/") != NULL && text_ends_with(node->name, ".user");
	bool credential = strstr(node->local, "/credstore") != NULL &&
			  (text_starts_with(node->name, "passwd.hashed-password.") ||
			      text_starts_with(node->name, "passwd.plaintext-password."));

	if (user || credential || strcmp(node->name, "master.passwd") == 0)
		return fail(
		    job, STATUS_MALFORMED, "%.200s holds an account and is not read", node->path);
	return STATUS_OK;
}

enum status
accounts_conclude(struct job *job, const struct collection *collection, struct evidence *evidence)
{
	const struct node *node = collection->tree->root;

	(void)evidence;
	for (; node != NULL; node = node_after(node)) {
		if (node->type == NODE_FILE)
			TRY(judge_file(job, node));
		if (node->type != NODE_LINK || node->link_target == NULL || node->parent == NULL)
			continue;
		TRY(judge_link(job, node));
		TRY(judge_folder(job, node));
		TRY(judge_shell(job, node));
	}
	return STATUS_OK;
}
