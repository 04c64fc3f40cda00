/* Each folder on the way is opened without following links, so no path of an image can leave the
 * chosen one. */
#include "app/unpack_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"

#define PERMISSIONS 0777
#define MAX_NAME ((size_t)255)
#define CONTAINER_SUFFIX ".unpacked"

struct unpack_folder
unpack_folder_new(int folder)
{
	return (struct unpack_folder){.folder = folder, .file = -1};
}

void
unpack_folder_close(struct unpack_folder *out)
{
	if (out->file >= 0)
		close(out->file);
	out->file = -1;
	out->path[0] = '\0';
}

static enum status
fail_on_disk(struct job *job, const char *path)
{
	return fail(job, STATUS_IO, "%.300s: %s", path, strerror(errno));
}

/* Opens, or makes, the folder `name` below `parent`; where a file has the name its contents get
 * another. */
static int
open_folder(int parent, const char *name)
{
	static const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	char other[MAX_NAME + sizeof CONTAINER_SUFFIX];
	size_t size = strlen(name);
	int folder;

	if (mkdirat(parent, name, 0755) != 0 && errno != EEXIST)
		return -1;
	folder = openat(parent, name, flags);
	if (folder >= 0 || (errno != ENOTDIR && errno != ELOOP))
		return folder;
	memcpy(other, name, size);
	memcpy(other + size, CONTAINER_SUFFIX, sizeof CONTAINER_SUFFIX);
	if (mkdirat(parent, other, 0755) != 0 && errno != EEXIST)
		return -1;
	return openat(parent, other, flags);
}

static bool
is_name(const char *name)
{
	return name[0] != '\0' && strcmp(name, ".") != 0 && strcmp(name, "..") != 0 &&
	       strlen(name) <= MAX_NAME;
}

/*
 * Opens the folder that holds `path`; `*name` is the last component, inside a
 * copy in the arena.  −1 with errno ENAMETOOLONG for a name no file may have.
 */
static int
open_parent(struct job *job, const struct unpack_folder *out, const char *path, char **name)
{
	char *rest = arena_copy_string(job, path);
	int folder = dup(out->folder);

	*name = rest;
	while (rest != NULL && folder >= 0) {
		char *slash = strchr(rest, '/');
		int next;

		if (slash != NULL)
			*slash = '\0';
		if (!is_name(rest)) {
			close(folder);
			errno = ENAMETOOLONG;
			return -1;
		}
		*name = rest;
		if (slash == NULL)
			return folder;
		next = open_folder(folder, rest);
		if (next < 0) {
			int reason = errno;

			close(folder);
			errno = reason;
			return -1;
		}
		close(folder);
		folder = next;
		rest = slash + 1;
	}
	if (folder >= 0)
		close(folder);
	errno = ENOMEM;
	return -1;
}

/* Such an entry is left out and counted: the image names what a disk cannot. */
static bool
cannot_be(int reason)
{
	return reason == ENAMETOOLONG || reason == EEXIST || reason == ENOTDIR || reason == ELOOP;
}

/* Begins a file; out->file stays −1 when it is left out. */
static enum status
begin(struct job *job, struct unpack_folder *out, const char *path)
{
	char *name;
	int folder;

	unpack_folder_close(out);
	if (path[0] == '\0' || strlen(path) >= sizeof out->path)
		return fail(job, STATUS_MALFORMED, "a path no file may have");
	memcpy(out->path, path, strlen(path) + 1);
	folder = open_parent(job, out, path, &name);
	if (folder >= 0) {
		int reason;

		out->file = openat(
		    folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		reason = errno;
		close(folder);
		errno = reason;
	}
	if (out->file < 0 && !cannot_be(errno))
		return fail_on_disk(job, path);
	out->left_out += out->file < 0;
	return STATUS_OK;
}

enum status
unpack_folder_content(
    struct job *job, struct unpack_folder *out, const char *path, struct span bytes)
{
	if (strcmp(out->path, path) != 0)
		TRY(begin(job, out, path));
	while (out->file >= 0 && bytes.size > 0) {
		ssize_t done = write(out->file, bytes.at, bytes.size);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return fail_on_disk(job, path);
		bytes = span_from(bytes, (uint64_t)done);
	}
	return STATUS_OK;
}

enum status
unpack_folder_file(struct job *job, struct unpack_folder *out, const struct fact *fact)
{
	enum status status = STATUS_OK;

	if (strcmp(out->path, fact->path) != 0)
		TRY(begin(job, out, fact->path));
	if (out->file >= 0 && fchmod(out->file, (mode_t)fact->as.file.mode & PERMISSIONS) != 0)
		status = fail_on_disk(job, fact->path);
	unpack_folder_close(out);
	return status;
}

/* A folder, a link, or an empty file in the place of a device. */
static int
make(int folder, const char *name, const struct fact *fact)
{
	int made;

	if (strcmp(fact->as.file.type, "folder") == 0) {
		made = open_folder(folder, name);
	} else if (strcmp(fact->as.file.type, "link") == 0) {
		const char *target = fact->as.file.link_target;

		return symlinkat(
		    target == NULL || target[0] == '\0' ? "(empty)" : target, folder, name);
	} else {
		made = openat(
		    folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	}
	if (made < 0)
		return -1;
	close(made);
	return 0;
}

static enum status
finish_one(struct job *job, struct unpack_folder *out, const struct fact *fact, bool modes)
{
	struct arena_mark mark = arena_mark(job->arena);
	char *name;
	int folder = open_parent(job, out, fact->path, &name);
	int result = -1;

	if (folder >= 0) {
		int reason;

		result = modes ? fchmodat(folder, name, (mode_t)fact->as.file.mode & PERMISSIONS, 0)
			       : make(folder, name, fact);
		reason = errno;
		close(folder);
		errno = reason;
	}
	arena_release(job->arena, mark);
	if (result == 0)
		return STATUS_OK;
	if (!cannot_be(errno))
		return fail_on_disk(job, fact->path);
	out->left_out += !modes;
	return STATUS_OK;
}

static bool
is_of_type(const struct fact *fact, const char *type)
{
	return fact->kind == FACT_file && strcmp(fact->as.file.type, type) == 0;
}

enum status
unpack_folder_finish(struct job *job, struct unpack_folder *out, const struct fact_list *facts)
{
	for (size_t i = 0; i < facts->count; i++)
		if (facts->facts[i].kind == FACT_file && !is_of_type(&facts->facts[i], "file"))
			TRY(finish_one(job, out, &facts->facts[i], false));
	/* modes last, the deepest first: a folder may forbid its owner to write */
	for (size_t i = facts->count; i > 0; i--)
		if (is_of_type(&facts->facts[i - 1], "folder"))
			TRY(finish_one(job, out, &facts->facts[i - 1], true));
	return STATUS_OK;
}
