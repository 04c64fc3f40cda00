/* Every image the standard tools made of one tree gives that tree back, whatever the number of
 * threads. */
#include "tests/support/unpacking.h"

#include <string.h>

#include "base/text.h"
#include "tests/support/support.h"

static const char *only; /* the argument: samples whose name contains it */

static void
check_sample(struct job *job, struct unpacking *unpacking, const struct sample *sample)
{
	struct span listing = fixture_bytes(job, sample->listing);

	assert_ok(unpacking->job, unpacking_run(unpacking, fixture_bytes(job, sample->image)));
	if (!unpacking->tree->complete)
		fail_msg("%s: %s", sample->image, unpacking->tree->incomplete_reason);
	if (sample->container[1] != '\0')
		unpacking_assert_same(unpacking, sample->container, listing);
	else if (unpacking_missing(unpacking, listing) != 0)
		fail_msg("%s: missing %s", sample->image, unpacking->job->reason);
}

static size_t
check_samples(struct job *job, struct unpacking *unpacking, const char *folder)
{
	struct sample *samples = arena_array(job, MAX_SAMPLES, sizeof *samples);
	size_t count = fixture_samples(job, folder, only, samples, MAX_SAMPLES);

	for (size_t i = 0; i < count; i++) {
		struct arena_mark mark = arena_mark(job->arena);

		if (strcmp(samples[i].listing, "-") != 0)
			check_sample(job, unpacking, &samples[i]);
		arena_release(job->arena, mark);
	}
	return count;
}

static void
every_sample_gives_its_tree_back(void **state)
{
	struct unpacking *unpacking = unpacking_new((size_t)64 << 20, 0);
	size_t count = check_samples(*state, unpacking, "");

	check_samples(*state, unpacking, "little/");
	if (only == NULL)
		assert_true(count > 100);
	unpacking_free(unpacking);
}

static void
threads_change_nothing(void **state)
{
	struct sample *samples = arena_array(*state, MAX_SAMPLES, sizeof *samples);
	struct unpacking *alone = unpacking_new((size_t)64 << 20, 0);
	struct unpacking *helped = unpacking_new((size_t)64 << 20, 3);
	size_t count = fixture_samples(*state, "", only, samples, MAX_SAMPLES);

	for (size_t i = 0; i < count; i++) {
		struct arena_mark mark = arena_mark(((struct job *)*state)->arena);
		struct span image = fixture_bytes(*state, samples[i].image);

		assert_ok(alone->job, unpacking_run(alone, image));
		assert_ok(helped->job, unpacking_run(helped, image));
		assert_int_equal(alone->list.count, helped->list.count);
		for (size_t f = 0; f < alone->list.count; f++)
			assert_int_equal(
			    fact_compare(&alone->list.facts[f], &helped->list.facts[f]), 0);
		arena_release(((struct job *)*state)->arena, mark);
	}
	unpacking_free(alone);
	unpacking_free(helped);
}

/* A format that no sample shows to be read is one nobody knows to work. */
static void
every_format_has_a_sample(void **state)
{
	struct span lines = fixture_bytes(*state, "samples.tsv");
	const char *samples = arena_string(*state, (const char *)lines.at, lines.size);
	struct unpacking *unpacking = unpacking_new((size_t)64 << 20, 0);
	bool *seen = arena_array(*state, firmware_format_count, sizeof *seen);

	assert_non_null(samples);
	while (lines.size != 0) {
		struct arena_mark mark = arena_mark(((struct job *)*state)->arena);
		const char *image = tsv_field(*state, &lines, '\t');

		tsv_field(*state, &lines, '\n');
		if (strncmp(image, "little/", 7) == 0)
			unpacking_run(unpacking, fixture_bytes(*state, image));
		for (size_t i = 0; i < unpacking->list.count; i++) {
			const struct fact *fact = &unpacking->list.facts[i];

			for (size_t f = 0; f < firmware_format_count; f++)
				if (fact->kind == FACT_region &&
				    strcmp(fact->as.region.format, firmware_formats[f]->name) == 0)
					seen[f] = true;
		}
		arena_release(((struct job *)*state)->arena, mark);
	}
	for (size_t f = 0; f < firmware_format_count; f++)
		if (!seen[f])
			fail_msg("no sample holds %s", firmware_formats[f]->name);
	unpacking_free(unpacking);
}

static const struct fact *
entry_at(const struct unpacking *unpacking, const char *path)
{
	for (size_t i = 0; i < unpacking->list.count; i++) {
		const struct fact *fact = &unpacking->list.facts[i];

		if (fact->kind == FACT_file && strcmp(fact->path, path) == 0)
			return fact;
	}
	fail_msg("%s is missing", path);
	return NULL;
}

static void
modes_links_and_pipes_come_with_their_file_system(void **state)
{
	static const char *const file_systems[][2] = {{"squashfs_gzip.img", "0.squashfs"},
	    {"cramfs_big.img", "0.cramfs"}, {"cramfs_little.img", "0.cramfs"},
	    {"cpio_newc.img", "0.cpio"}, {"tar_gnu.img", "0.tar"}};
	struct job *job = *state;
	struct unpacking *unpacking = unpacking_new((size_t)64 << 20, 0);

	for (size_t i = 0; i < ARRAY_SIZE(file_systems); i++) {
		const char *top = file_systems[i][1];

		assert_ok(unpacking->job,
		    unpacking_run(unpacking, fixture_bytes(job, file_systems[i][0])));
		assert_int_equal(
		    entry_at(unpacking, arena_printf(job, "%s/bin/copy", top))->as.file.mode,
		    04755);
		assert_int_equal(
		    entry_at(unpacking, arena_printf(job, "%s/var/empty", top))->as.file.mode,
		    0700);
		assert_string_equal(
		    entry_at(unpacking, arena_printf(job, "%s/fifo", top))->as.file.type, "fifo");
		assert_string_equal(
		    entry_at(unpacking, arena_printf(job, "%s/bin/link", top))->as.file.link_target,
		    "../etc/passwd");
		assert_int_equal(
		    entry_at(unpacking, arena_printf(job, "%s/etc", top))->as.file.uid, 0);
	}
	unpacking_free(unpacking);
}

static void
what_lies_between_things_is_gap_or_padding(void **state)
{
	struct unpacking *unpacking = unpacking_new((size_t)64 << 20, 0);
	int64_t gaps = 0, padding = 0;

	assert_ok(unpacking->job, unpacking_run(unpacking, fixture_bytes(*state, "flash.img")));
	for (size_t i = 0; i < unpacking->list.count; i++) {
		const struct fact *fact = &unpacking->list.facts[i];

		if (fact->kind != FACT_region || fact->path[0] != '\0')
			continue;
		if (strcmp(fact->as.region.coverage, "gap") == 0) {
			gaps += fact->as.region.bytes;
			assert_in_range(fact->as.region.entropy, 7700, 8000);
		} else if (strcmp(fact->as.region.coverage, "padding") == 0) {
			padding += fact->as.region.bytes;
		}
	}
	assert_int_equal(gaps, 1000);
	assert_in_range(padding, 4096 + 8192 + 8192, 4096 + 8192 + 8192 + 4096);
	/* and the random file in the tar, which nobody can name */
	assert_int_equal(unpacking->tree->unread_bytes, 1000 + 12000);
	unpacking_free(unpacking);
}

static void
an_image_of_nothing_known_is_malformed_and_all_gap(void **state)
{
	static const uint8_t noise[] = "no format begins like this, nor ends like that";
	struct unpacking *unpacking = unpacking_new((size_t)64 << 20, 0);

	(void)state;
	assert_int_equal(
	    unpacking_run(unpacking, (struct span){noise, sizeof noise - 1}), STATUS_MALFORMED);
	assert_int_equal(unpacking->tree->unread_bytes, sizeof noise - 1);
	assert_int_equal(unpacking_run(unpacking, (struct span){0}), STATUS_MALFORMED);
	unpacking_free(unpacking);
}

int
main(int count, char **arguments)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		every_sample_gives_its_tree_back, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(threads_change_nothing, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(every_format_has_a_sample, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		modes_links_and_pipes_come_with_their_file_system, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		what_lies_between_things_is_gap_or_padding, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		an_image_of_nothing_known_is_malformed_and_all_gap, setup_job, teardown_job),
	};

	only = count > 1 ? arguments[1] : NULL;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
