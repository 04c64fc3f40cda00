/* An output appears whole, by rename, or not at all. */
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
			status = fail(job, STATUS_IO, "%s: %s", path, strerror(errno));
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

enum status
file_write(struct job *job, const char *path, struct span bytes, unsigned mode)
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
