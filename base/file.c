/* A file that is written appears whole, by rename, or not at all; what is no file stays what it is.
 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"

#define READ_STEP ((size_t)1 << 16)

static enum status
read_all(struct job *job, int descriptor, const char *path, size_t limit, struct span *bytes)
{
	uint8_t *at = NULL;
	size_t size = 0, room = 0;
	enum status status = STATUS_OK;

	for (;;) {
		ssize_t got;

		if (room - size < READ_STEP) {
			uint8_t *larger = block_resize(at, room = room * 2 + READ_STEP);

			if (larger == NULL) {
				status = fail(job, STATUS_LIMIT, "%s: no memory left", path);
				break;
			}
			at = larger;
		}
		got = read(descriptor, at + size, READ_STEP);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			status = fail(job, errno == EISDIR ? STATUS_MISSING : STATUS_IO, "%s: %s",
			    path, strerror(errno));
		if (got <= 0)
			break;
		size += (size_t)got;
		if (size > limit) {
			status = fail(job, STATUS_LIMIT, "%s: larger than %zu bytes", path, limit);
			break;
		}
	}
	if (status == STATUS_OK) {
		char *copy = arena_string(job, (const char *)at, size);

		if (copy == NULL)
			status = STATUS_LIMIT;
		else
			*bytes = (struct span){.at = (const uint8_t *)copy, .size = size};
	}
	block_free(at);
	return status;
}

enum status
file_read(struct job *job, const char *path, size_t limit, struct span *bytes)
{
	int descriptor;
	enum status status;

	if (strcmp(path, "-") == 0)
		return read_all(job, STDIN_FILENO, "standard input", limit, bytes);
	descriptor = open(path, O_RDONLY | O_CLOEXEC);
	if (descriptor < 0)
		return fail(job, STATUS_MISSING, "%s: %s", path, strerror(errno));
	status = read_all(job, descriptor, path, limit, bytes);
	close(descriptor);
	return status;
}

enum status
file_map(struct job *job, const char *path, struct span *bytes)
{
	int descriptor = open(path, O_RDONLY | O_CLOEXEC);
	struct stat facts;
	void *at = NULL;
	enum status status = STATUS_OK;

	if (descriptor < 0)
		return fail(job, STATUS_MISSING, "%s: %s", path, strerror(errno));
	if (fstat(descriptor, &facts) != 0 || !S_ISREG(facts.st_mode)) {
		status = fail(job, STATUS_MISSING, "%s: not a regular file", path);
		goto out;
	}
	if (facts.st_size > 0)
		at = mmap(NULL, (size_t)facts.st_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
	if (at == MAP_FAILED)
		status = fail(job, STATUS_IO, "%s: %s", path, strerror(errno));
	else
		*bytes = (struct span){.at = at, .size = (size_t)facts.st_size};
out:
	close(descriptor);
	return status;
}

void
file_unmap(struct span bytes)
{
	union {
		const uint8_t *from;
		void *to;
	} at = {.from = bytes.at};

	if (bytes.size != 0)
		munmap(at.to, bytes.size);
}

static bool
write_all(int descriptor, struct span bytes)
{
	while (bytes.size != 0) {
		ssize_t done = write(descriptor, bytes.at, bytes.size);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		bytes.at += done;
		bytes.size -= (size_t)done;
	}
	return true;
}

static enum status
replace_file(struct job *job, const char *path, struct span bytes, unsigned mode)
{
	char *temporary = arena_printf(job, "%s.XXXXXX", path);
	int descriptor;
	bool good;

	if (temporary == NULL)
		return STATUS_LIMIT;
	descriptor = mkostemp(temporary, O_CLOEXEC);
	if (descriptor < 0)
		return fail(job, STATUS_CANNOT_CREATE, "%s: %s", path, strerror(errno));
	good = write_all(descriptor, bytes) && fchmod(descriptor, (mode_t)mode) == 0 &&
	       fsync(descriptor) == 0;
	if (close(descriptor) != 0)
		good = false;
	if (good && rename(temporary, path) == 0)
		return STATUS_OK;
	fail(job, STATUS_IO, "%s: %s", path, strerror(errno));
	unlink(temporary);
	return STATUS_IO;
}

/* A case is written by its own commands alone: "-o" of any other would take it away whole. */
static bool
is_database(const char *path)
{
	static const char magic[] = "SQLite format 3"; /* with its zero */
	int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char head[sizeof magic] = "";
	bool is = false;

	if (descriptor >= 0) {
		is = read(descriptor, head, sizeof head) == (ssize_t)sizeof head &&
		     memcmp(head, magic, sizeof head) == 0;
		close(descriptor);
	}
	return is;
}

static enum status
check_spared(struct job *job, const char *path, const char *input)
{
	struct stat at, from;

	if (stat(path, &at) != 0 || !S_ISREG(at.st_mode))
		return STATUS_OK;
	if (is_database(path))
		return fail(job, STATUS_CANNOT_CREATE,
		    "%s: a database, perhaps a case: it is not written over; give another file",
		    path);
	if (input != NULL && stat(input, &from) == 0 && at.st_dev == from.st_dev &&
	    at.st_ino == from.st_ino)
		return fail(job, STATUS_CANNOT_CREATE,
		    "%s: what is read here is not written over; give another file", path);
	return STATUS_OK;
}

static enum status
write_output(struct job *job, struct span bytes)
{
	return write_all(STDOUT_FILENO, bytes)
		   ? STATUS_OK
		   : fail(job, STATUS_IO, "standard output: %s", strerror(errno));
}

/* A pipe or a device is written into: a name put in its place would take it away. */
static enum status
write_into(struct job *job, const char *path, struct span bytes)
{
	int descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	bool good;

	if (descriptor < 0)
		return fail(job, STATUS_CANNOT_CREATE, "%s: %s", path, strerror(errno));
	good = write_all(descriptor, bytes);
	if (!good)
		fail(job, STATUS_IO, "%s: %s", path, strerror(errno));
	if (close(descriptor) != 0 && good)
		return fail(job, STATUS_IO, "%s: %s", path, strerror(errno));
	return good ? STATUS_OK : STATUS_IO;
}

static enum status
follow_link(struct job *job, const char *path, const char **to)
{
	char *target = realpath(path, NULL);

	if (target == NULL)
		return fail(job, STATUS_CANNOT_CREATE, "%s: a link that leads nowhere: %s", path,
		    strerror(errno));
	*to = arena_copy_string(job, target);
	free(target);
	return *to == NULL ? STATUS_LIMIT : STATUS_OK;
}

/* /dev/stdout, whatever the shell made of it */
static bool
is_output(const struct stat *meant)
{
	struct stat output;

	return fstat(STDOUT_FILENO, &output) == 0 && meant->st_dev == output.st_dev &&
	       meant->st_ino == output.st_ino;
}

enum status
file_check_output(struct job *job, const char *path, const char *input)
{
	struct stat named, meant;
	char *temporary;
	int descriptor;

	if (strcmp(path, "-") == 0)
		return STATUS_OK;
	TRY(check_spared(job, path, input));
	if (lstat(path, &named) == 0 && stat(path, &meant) == 0 &&
	    (!S_ISREG(meant.st_mode) || (S_ISLNK(named.st_mode) && is_output(&meant))))
		return access(path, W_OK) == 0 && !S_ISDIR(meant.st_mode)
			   ? STATUS_OK
			   : fail(job, STATUS_CANNOT_CREATE, "%s: %s", path,
				 strerror(S_ISDIR(meant.st_mode) ? EISDIR : errno));
	if (lstat(path, &named) == 0 && S_ISLNK(named.st_mode))
		TRY(follow_link(job, path, &path));
	temporary = arena_printf(job, "%s.XXXXXX", path);
	if (temporary == NULL)
		return STATUS_LIMIT;
	descriptor = mkostemp(temporary, O_CLOEXEC);
	if (descriptor < 0)
		return fail(job, STATUS_CANNOT_CREATE, "%s: %s", path, strerror(errno));
	close(descriptor);
	unlink(temporary);
	return STATUS_OK;
}

enum status
file_write(struct job *job, const char *path, struct span bytes, unsigned mode)
{
	struct stat named, meant;

	if (strcmp(path, "-") == 0)
		return write_output(job, bytes);
	if (lstat(path, &named) != 0)
		return replace_file(job, path, bytes, mode);
	if (S_ISLNK(named.st_mode) && stat(path, &meant) == 0 && is_output(&meant))
		return write_output(job, bytes);
	TRY(check_spared(job, path, NULL));
	if (stat(path, &meant) == 0 && !S_ISREG(meant.st_mode))
		return S_ISDIR(meant.st_mode)
			   ? fail(job, STATUS_CANNOT_CREATE, "%s: %s", path, strerror(EISDIR))
			   : write_into(job, path, bytes);
	if (S_ISLNK(named.st_mode)) /* it is kept, and what it leads to is written */
		TRY(follow_link(job, path, &path));
	return replace_file(job, path, bytes, mode);
}

enum status
file_seal(struct job *job, struct span bytes, int *descriptor)
{
	int made = memfd_create("hopquy", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (made < 0)
		return fail(job, STATUS_IO, "memory file: %s", strerror(errno));
	if (!write_all(made, bytes) ||
	    fcntl(made, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) !=
		0) {
		close(made);
		return fail(job, STATUS_IO, "memory file: %s", strerror(errno));
	}
	*descriptor = made;
	return STATUS_OK;
}

char *
file_path_join(struct job *job, const char *folder, const char *name)
{
	if (name[0] == '/' || folder[0] == '\0')
		return arena_copy_string(job, name);
	return arena_printf(job, "%s/%s", folder, name);
}
