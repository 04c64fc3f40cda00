/* Formats are tested where a debugger and the sanitizers see them: without the process around them.
 */
#include "tests/support/unpacking.h"

#include <locale.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/file.h"
#include "base/text.h"
#include "tests/support/support.h"

#define FIXTURES "build/fixtures/images"

struct unpacking *
unpacking_new(size_t memory, unsigned helpers)
{
	struct job *job = job_new(TEST_BUDGET);
	struct unpacking *unpacking = arena_allocate(job, sizeof *unpacking);
	struct unpack_options options = {.memory = memory, .helpers = helpers};

	assert_non_null(unpacking);
	setlocale(LC_CTYPE, "C.UTF-8"); /* as in the worker: libarchive reads names by it */
	unpacking->job = job;
	unpacking->evidence = evidence_to_list(&unpacking->list);
	options.evidence = &unpacking->evidence;
	unpacking->unpack = unpack_new(job, &options);
	if (unpacking->unpack == NULL)
		fail_msg("%s", job->reason);
	unpacking->start = arena_mark(job->arena);
	return unpacking;
}

void
unpacking_free(struct unpacking *unpacking)
{
	struct job *job = unpacking->job;

	unpack_free(unpacking->unpack);
	job_free(job);
}

/* Facts of the unpacker live no longer than the call: the list needs its own. */
static enum status
keep(struct evidence *self, struct job *job, const struct fact *fact)
{
	struct unpacking *unpacking = self->context;
	struct evidence list = evidence_to_list(&unpacking->list);
	struct text wire = text_new(unpacking->job);
	struct fact copy;
	const char *bytes;

	(void)job;
	fact_encode(&wire, fact);
	TRY(text_finish(&wire, &bytes));
	TRY(fact_decode(unpacking->job, (struct span){(const uint8_t *)bytes, wire.size}, &copy));
	return evidence_add(&list, unpacking->job, &copy);
}

enum status
unpacking_run(struct unpacking *unpacking, struct span image)
{
	uint8_t *exact = malloc(image.size == 0 ? 1 : image.size);

	assert_non_null(exact);
	if (image.size != 0)
		memcpy(exact, image.at, image.size);
	arena_release(unpacking->job->arena, unpacking->start);
	unpacking->list = (struct fact_list){0};
	unpacking->evidence = (struct evidence){.add = keep, .context = unpacking};
	unpacking->job->reason[0] = '\0';
	unpacking->status =
	    unpack_run(unpacking->unpack, (struct span){exact, image.size}, &unpacking->tree);
	fact_list_sort(&unpacking->list);
	free(exact);
	return unpacking->status;
}

static bool
is_file(const struct fact *fact)
{
	return fact->kind == FACT_file && fact->as.file.sha256 != NULL;
}

const char *
unpacking_digest(const struct unpacking *unpacking, const char *tail)
{
	for (size_t i = 0; i < unpacking->list.count; i++) {
		const struct fact *fact = &unpacking->list.facts[i];

		if (is_file(fact) && text_ends_with(fact->path, tail))
			return fact->as.file.sha256;
	}
	return NULL;
}

const struct fact *
unpacking_region(const struct unpacking *unpacking, const char *path)
{
	for (size_t i = 0; i < unpacking->list.count; i++) {
		const struct fact *fact = &unpacking->list.facts[i];

		if (fact->kind == FACT_region && fact->as.region.format[0] != '\0' &&
		    strcmp(fact->path, path) == 0)
			return fact;
	}
	return NULL;
}

/* Takes a line "SHA256  PATH" off a listing; false at its end. */
static bool
next_line(struct span *rest, char digest[65], char path[4096])
{
	size_t end = span_find(*rest, "\n", 1, 0);

	if (rest->size < 66 || end == SIZE_MAX)
		return false;
	snprintf(digest, 65, "%.64s", (const char *)rest->at);
	snprintf(path, 4096, "%.*s", (int)(end - 66), (const char *)rest->at + 66);
	*rest = span_from(*rest, end + 1);
	return true;
}

static bool
has_digest(const struct unpacking *unpacking, const char *digest)
{
	for (size_t i = 0; i < unpacking->list.count; i++) {
		const struct fact *fact = &unpacking->list.facts[i];

		if (is_file(fact) && strcmp(fact->as.file.sha256, digest) == 0)
			return true;
	}
	return false;
}

size_t
unpacking_missing(const struct unpacking *unpacking, struct span listing)
{
	char digest[65], path[4096];
	size_t missing = 0;

	while (next_line(&listing, digest, path)) {
		if (has_digest(unpacking, digest))
			continue;
		if (missing++ == 0)
			fail(unpacking->job, STATUS_MISSING, "%s  %s", digest, path);
	}
	return missing;
}

/* Does the path lie in the container and in none inside it?  Components with a dot after hex digits
 * are containers. */
static bool
lies_in(const char *path, const char *container, const char **local)
{
	size_t size = strlen(container);

	if (strncmp(path, container, size) != 0 || path[size] != '/')
		return false;
	*local = path + size + 1;
	for (const char *at = *local; at != NULL; at = strchr(at, '/')) {
		size_t hex;

		at += *at == '/';
		hex = strspn(at, "0123456789abcdef");
		if (hex != 0 && at[hex] == '.')
			for (size_t i = 0; i < firmware_format_count; i++) {
				const char *name = firmware_formats[i]->name;

				if (strncmp(at + hex + 1, name, strlen(name)) == 0 &&
				    at[hex + 1 + strlen(name)] == '/')
					return false;
			}
	}
	return true;
}

size_t
unpacking_count(const struct unpacking *unpacking, const char *container)
{
	const char *local;
	size_t count = 0;

	for (size_t i = 0; i < unpacking->list.count; i++)
		count += is_file(&unpacking->list.facts[i]) &&
			 lies_in(unpacking->list.facts[i].path, container, &local);
	return count;
}

static const char *
digest_at(const struct unpacking *unpacking, const char *path)
{
	for (size_t i = 0; i < unpacking->list.count; i++)
		if (is_file(&unpacking->list.facts[i]) &&
		    strcmp(unpacking->list.facts[i].path, path) == 0)
			return unpacking->list.facts[i].as.file.sha256;
	return NULL;
}

void
unpacking_assert_same(const struct unpacking *unpacking, const char *container, struct span listing)
{
	char digest[65], path[4096];
	size_t lines = 0;

	while (next_line(&listing, digest, path)) {
		const char *whole = arena_printf(unpacking->job, "%s/%s", container, path);
		const char *found = digest_at(unpacking, whole);

		if (found == NULL || strcmp(found, digest) != 0)
			fail_msg("%s is %s, should be %s", whole, found == NULL ? "missing" : found,
			    digest);
		lines++;
	}
	assert_int_not_equal(lines, 0);
	assert_int_equal(unpacking_count(unpacking, container), lines);
}

static void
build_fixtures(const char *script, const char *folder)
{
	char *const arguments[] = {
	    (char[]){"bash"}, (char *)(uintptr_t)script, (char *)(uintptr_t)folder, NULL};
	char *const environment[] = {
	    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", NULL};
	pid_t child;
	int ended = 1;

	assert_int_equal(posix_spawn(&child, "/bin/bash", NULL, NULL, arguments, environment), 0);
	waitpid(child, &ended, 0);
	if (ended != 0)
		fail_msg("%s ended with %d: is scripts/setup done?", script, ended);
}

void
fixture_hostile(void)
{
	build_fixtures("fixtures/hostile/build.sh", "build/fixtures/hostile");
}

void
fixture_signatures(void)
{
	build_fixtures("fixtures/signatures/build.sh", "build/fixtures/signatures");
}

/* Recipes that changed are run again, once in each test program. */
static void
make_fixtures(void)
{
	static bool made;

	if (!made)
		build_fixtures("fixtures/images/build.sh", FIXTURES);
	made = true;
}

struct span
fixture_bytes(struct job *job, const char *name)
{
	struct span bytes = {0};

	make_fixtures();
	assert_ok(
	    job, file_read(job, arena_printf(job, FIXTURES "/%s", name), TEST_BUDGET, &bytes));
	return bytes;
}

const char *
tsv_field(struct job *job, struct span *rest, char separator)
{
	size_t end = span_find(*rest, &separator, 1, 0);
	const char *field;

	assert_int_not_equal(end, SIZE_MAX);
	field = arena_string(job, (const char *)rest->at, end);
	assert_non_null(field);
	*rest = span_from(*rest, end + 1);
	return field;
}

size_t
fixture_samples(
    struct job *job, const char *folder, const char *only, struct sample samples[], size_t room)
{
	struct span rest = fixture_bytes(job, "samples.tsv");
	size_t count = 0;

	while (rest.size != 0) {
		struct sample sample = {.image = tsv_field(job, &rest, '\t')};

		sample.container = tsv_field(job, &rest, '\t');
		sample.listing = tsv_field(job, &rest, '\n');
		if (strncmp(sample.image, folder, strlen(folder)) != 0 ||
		    (folder[0] == '\0' && strchr(sample.image, '/') != NULL) ||
		    (only != NULL && strstr(sample.image, only) == NULL))
			continue;
		assert_in_range(count, 0, room - 1);
		samples[count++] = sample;
	}
	return count;
}

struct span
corpus_bytes(struct job *job, const char *name)
{
	const char *folder = getenv("HOPQUY_CORPUS");
	struct span bytes = {0};

	if (folder == NULL)
		return bytes;
	assert_ok(
	    job, file_read(job, arena_printf(job, "%s/%s", folder, name), TEST_BUDGET, &bytes));
	return bytes;
}
