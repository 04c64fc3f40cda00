/* Every image the standard tools made of one tree gives that tree back, whatever the number of
 * threads. */
#include "tests/support/unpacking.h"

#include <string.h>

#include "base/text.h"
#include "tests/support/support.h"

struct sample {
	const char *image;
	const char *container;
	bool hard_links; /* told as links: by tar */
};

static const struct sample samples[] = {
    {"squashfs_gzip", "0.squashfs", false},
    {"squashfs_xz", "0.squashfs", false},
    {"squashfs_lzma", "0.squashfs", false},
    {"squashfs_lzo", "0.squashfs", false},
    {"squashfs_lz4", "0.squashfs", false},
    {"squashfs_zstd", "0.squashfs", false},
    {"squashfs_stored", "0.squashfs", false},
    {"squashfs_no_fragments", "0.squashfs", false},
    {"squashfs_all_fragments", "0.squashfs", false},
    {"cramfs_little", "0.cramfs", false},
    {"cramfs_big", "0.cramfs", false},
    {"cpio_newc", "0.cpio", false},
    {"cpio_crc", "0.cpio", false},
    {"zip", "0.zip", false},
    {"tar_gnu", "0.tar", true},
    {"tar_ustar", "0.tar", true},
    {"tar_pax", "0.tar", true},
    {"gzip", "0.gzip/data/0.tar", true},
    {"bzip2", "0.bzip2/data/0.tar", true},
    {"xz", "0.xz/data/0.tar", true},
    {"lzma", "0.lzma/data/0.tar", true},
    {"zstd", "0.zstd/data/0.tar", true},
    {"lz4", "0.lz4/data/0.tar", true},
    {"lz4_legacy", "0.lz4_legacy/data/0.tar", true},
    {"uimage", "0.uimage/40.gzip/data/0.tar", true},
    {"uimage_lie", "0.uimage/40.cramfs", false},
    {"uimage_lzma", "0.uimage/40.lzma/data/0.tar", true},
    {"flash", "1000.uimage/40.lzma/data/0.tar", true},
    {"flash", "7425.squashfs", false},
};

/* The listing without the second name of the linked file. */
static struct span
without_hard_link(struct job *job, struct span listing)
{
	struct text out = text_new(job);
	const char *bytes;

	while (listing.size != 0) {
		size_t end = span_find(listing, "\n", 1, 0) + 1;
		struct span line = span_part(listing, 0, end);

		if (span_find(line, "  bin/hard_link\n", 16, 0) == SIZE_MAX)
			text_put_bytes(&out, line.at, line.size);
		listing = span_from(listing, end);
	}
	assert_ok(job, text_finish(&out, &bytes));
	return (struct span){(const uint8_t *)bytes, out.size};
}

static void
check_sample(struct job *job, struct unpacking *unpacking, const struct sample *sample)
{
	struct span listing = fixture_bytes(job, "tree.files");
	struct span image = fixture_bytes(job, arena_printf(job, "%s.img", sample->image));

	assert_ok(unpacking->job, unpacking_run(unpacking, image));
	if (!unpacking->tree->complete)
		fail_msg("%s: %s", sample->image, unpacking->tree->incomplete_reason);
	unpacking_assert_same(unpacking, sample->container,
	    sample->hard_links ? without_hard_link(job, listing) : listing);
}

static void
every_image_gives_its_tree_back(void **state)
{
	struct unpacking *unpacking = unpacking_new((size_t)64 << 20, 0);

	for (size_t i = 0; i < ARRAY_SIZE(samples); i++)
		check_sample(*state, unpacking, &samples[i]);
	unpacking_free(unpacking);
}

static void
threads_change_nothing(void **state)
{
	struct job *job = *state;
	struct unpacking *alone = unpacking_new((size_t)64 << 20, 0);
	struct unpacking *helped = unpacking_new((size_t)64 << 20, 3);

	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		struct span image =
		    fixture_bytes(job, arena_printf(job, "%s.img", samples[i].image));

		assert_ok(alone->job, unpacking_run(alone, image));
		assert_ok(helped->job, unpacking_run(helped, image));
		assert_int_equal(alone->list.count, helped->list.count);
		for (size_t f = 0; f < alone->list.count; f++)
			assert_int_equal(
			    fact_compare(&alone->list.facts[f], &helped->list.facts[f]), 0);
	}
	unpacking_free(alone);
	unpacking_free(helped);
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
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		every_image_gives_its_tree_back, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(threads_change_nothing, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		modes_links_and_pipes_come_with_their_file_system, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		what_lies_between_things_is_gap_or_padding, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		an_image_of_nothing_known_is_malformed_and_all_gap, setup_job, teardown_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
