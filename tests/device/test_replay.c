/* Talks recorded with real daemons, and the facts each led to: the same ones now, without a
 * network. */
#include "tests/support/support.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "app/process_probe.h"
#include "base/file.h"
#include "base/text.h"
#include "device/probe.h"
#include "facts/fact.h"

#define FOLDER "fixtures/devices/transcripts"
#define TALKS_MAX 128

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static size_t
list_talks(struct job *job, const char *names[TALKS_MAX])
{
	DIR *folder = opendir(FOLDER);
	struct dirent *entry;
	size_t count = 0;

	assert_non_null(folder);
	while ((entry = readdir(folder)) != NULL && count < TALKS_MAX)
		if (text_ends_with(entry->d_name, ".jsonl"))
			names[count++] = arena_copy_string(job, entry->d_name);
	closedir(folder);
	qsort(names, count, sizeof *names, compare_names);
	return count;
}

/* A probe that was not run says so for each of its kinds: no talk of it, and a new probe would
 * change every file. */
static bool
is_of_no_talk(const struct fact *fact)
{
	return fact->kind == FACT_looked && fact->as.looked.reason != NULL &&
	       strcmp(fact->as.looked.reason, "not run") == 0;
}

static const char *
lines_of(struct job *job, const struct fact_list *facts)
{
	struct json json = json_new(job);
	const char *lines;

	for (size_t i = 0; i < facts->count; i++) {
		if (is_of_no_talk(&facts->facts[i]))
			continue;
		fact_to_json(&json, &facts->facts[i]);
		json_newline(&json);
	}
	assert_ok(job, json_finish(&json, &lines));
	return lines;
}

/* The first line that differs, for whoever has to find out why. */
static void
show_difference(const char *name, const char *wanted, const char *got)
{
	while (*wanted != '\0' && *got != '\0') {
		size_t a = strcspn(wanted, "\n"), b = strcspn(got, "\n");

		if (a != b || memcmp(wanted, got, a) != 0)
			break;
		wanted += a + (wanted[a] == '\n');
		got += b + (got[b] == '\n');
	}
	print_error("%s: wanted %.*s\n%s:    got %.*s\n", name, (int)strcspn(wanted, "\n"), wanted,
	    name, (int)strcspn(got, "\n"), got);
}

static bool
is_the_same(struct job *job, const char *name)
{
	const char *facts_name =
	    arena_printf(job, FOLDER "/%.*s.facts", (int)(strlen(name) - 6), name);
	struct probe_request request = {.level = "observe"};
	struct fact_list facts;
	struct span talk, wanted;
	const char *got;

	assert_ok(
	    job, file_read(job, arena_printf(job, FOLDER "/%s", name), (size_t)64 << 20, &talk));
	assert_ok(job, file_read(job, facts_name, (size_t)64 << 20, &wanted));
	if (process_replay(job, talk, &request, &facts) != STATUS_OK) {
		print_error("%s: %s\n", name, job->reason);
		return false;
	}
	got = lines_of(job, &facts);
	if (strlen(got) == wanted.size && memcmp(got, wanted.at, wanted.size) == 0)
		return true;
	show_difference(name, arena_string(job, (const char *)wanted.at, wanted.size), got);
	return false;
}

static void
every_recorded_talk_leads_to_its_facts_again(void **state)
{
	const char *names[TALKS_MAX];
	struct job *job = *state;
	size_t count = list_talks(job, names), different = 0;

	assert_true(count > 0);
	for (size_t i = 0; i < count; i++) {
		struct arena_mark mark = arena_mark(job->arena);

		different += !is_the_same(job, names[i]);
		arena_release(job->arena, mark);
	}
	assert_int_equal(different, 0);
}

/* A fact other than "looked" from that source, in a file of one fact a line. */
static bool
has_found(const char *lines, const char *source)
{
	static const char looked[] = "{\"kind\":\"looked\",";

	for (const char *at = lines; (at = strstr(at, source)) != NULL; at++) {
		const char *line = at;

		while (line > lines && line[-1] != '\n')
			line--;
		if (strncmp(line, looked, sizeof looked - 1) != 0)
			return true;
	}
	return false;
}

/* A new probe needs a talk in which it found something: scripts/record-transcripts. */
static void
every_probe_has_found_something_in_a_recorded_talk(void **state)
{
	const char *names[TALKS_MAX], *facts[TALKS_MAX];
	struct job *job = *state;
	size_t count = list_talks(job, names), missing = 0;

	for (size_t i = 0; i < count; i++) {
		const char *name =
		    arena_printf(job, FOLDER "/%.*s.facts", (int)(strlen(names[i]) - 6), names[i]);
		struct span lines;

		assert_ok(job, file_read(job, name, (size_t)64 << 20, &lines));
		facts[i] = arena_string(job, (const char *)lines.at, lines.size);
	}
	for (size_t i = 0; i < probe_catalogue_count; i++) {
		const char *source =
		    arena_printf(job, "\"source\":\"%s\",", probe_catalogue[i]->name);
		bool found = false;

		for (size_t j = 0; j < count && !found; j++)
			found = has_found(facts[j], source);
		if (!found)
			print_error(
			    "%s: no recorded talk has a fact of it\n", probe_catalogue[i]->name);
		missing += !found;
	}
	assert_int_equal(missing, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		every_recorded_talk_leads_to_its_facts_again, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		every_probe_has_found_something_in_a_recorded_talk, setup_job, teardown_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
