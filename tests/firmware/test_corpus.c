/* Real images give the files that independent tools found in them; without HOPQUY_CORPUS these
 * tests are skipped. */
#include "tests/support/unpacking.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/support/support.h"

static const char *only; /* the argument: images whose name contains it */

/* Truth listings of several file systems, or of what lies in a package: compared by digest alone.
 */
static const char *const several[] = {
    "built_debian-armhf_fit-signed.itb",
    "built_debian-armhf_gpt-ext4.img.xz",
    "built_debian-armhf_signed-cms.swu",
    "built_debian-armhf_rauc-verity.raucb",
    "built_debian-armhf_ubi-p128k_ubifs-lzo.ubi",
    "fact_test.deb",
};

static struct span
truth_of(struct job *job, const char *image)
{
	return corpus_bytes(job, arena_printf(job, "truth/%s.files", image));
}

static bool
corpus_is_absent(void)
{
	if (getenv("HOPQUY_CORPUS") != NULL)
		return false;
	print_message("HOPQUY_CORPUS is not set: real images are NOT tested\n");
	return true;
}

static bool
is_several(const char *image)
{
	for (size_t i = 0; i < ARRAY_SIZE(several); i++)
		if (strcmp(image, several[i]) == 0)
			return true;
	return false;
}

/* The container in which the first file of the listing lies under its path; NULL when in none. */
static const char *
container_of(const struct unpacking *unpacking, struct span listing)
{
	const char *digest = arena_string(unpacking->job, (const char *)listing.at, 64);
	struct span rest = span_from(listing, 66);
	const char *path = tsv_field(unpacking->job, &rest, '\n');

	for (size_t i = 0; i < unpacking->list.count; i++) {
		const struct fact *fact = &unpacking->list.facts[i];
		size_t size = fact->path == NULL ? 0 : strlen(fact->path), tail = strlen(path);

		if (fact->kind == FACT_file && fact->as.file.sha256 != NULL && size > tail + 1 &&
		    strcmp(fact->as.file.sha256, digest) == 0 &&
		    fact->path[size - tail - 1] == '/' &&
		    strcmp(fact->path + size - tail, path) == 0)
			return arena_string(unpacking->job, fact->path, size - tail - 1);
	}
	return NULL;
}

static void
check_truth(struct job *job, struct unpacking *unpacking, const char *image)
{
	struct span listing = truth_of(job, image);
	const char *container;

	assert_ok(unpacking->job, unpacking_run(unpacking, corpus_bytes(job, image)));
	if (unpacking_missing(unpacking, listing) != 0)
		fail_msg("%s: missing %s", image, unpacking->job->reason);
	if (is_several(image))
		return;
	container = container_of(unpacking, listing);
	if (container == NULL)
		fail_msg("%s: no container holds its first file", image);
	unpacking_assert_same(unpacking, container, listing);
	if (!unpacking->tree->complete)
		print_message("%s: %s\n", image, unpacking->tree->incomplete_reason);
}

/* Whatever the manifest names, as far as an independent tool could list it. */
static void
every_image_gives_what_the_truth_says(void **state)
{
	struct job *job = *state;
	struct unpacking *unpacking;
	struct span manifest;
	size_t checked = 0;

	if (corpus_is_absent())
		skip();
	unpacking = unpacking_new((size_t)128 << 20, 1);
	manifest = corpus_bytes(job, "MANIFEST.tsv");
	while (manifest.size != 0) {
		struct arena_mark mark = arena_mark(job->arena);
		struct span line = manifest;
		const char *image = tsv_field(job, &line, '\t');
		const char *truth =
		    arena_printf(job, "%s/truth/%s.files", getenv("HOPQUY_CORPUS"), image);

		if (access(truth, R_OK) == 0 && (only == NULL || strstr(image, only) != NULL)) {
			check_truth(job, unpacking, image);
			checked++;
		}
		tsv_field(job, &manifest, '\n');
		arena_release(job->arena, mark);
	}
	assert_true(only != NULL || checked >= 38);
	unpacking_free(unpacking);
}

/* corpus.tsv: IMAGE PATH FORMAT COVERAGE WORDS, where a region must say WORDS. */
static void
regions_are_what_they_are_known_to_be(void **state)
{
	struct job *job = *state;
	struct unpacking *unpacking;
	const char *before = "";
	struct span rest;

	if (corpus_is_absent())
		skip();
	unpacking = unpacking_new((size_t)128 << 20, 1);
	assert_ok(job, file_read(job, "tests/firmware/corpus.tsv", TEST_BUDGET, &rest));
	while (rest.size != 0) {
		const char *image = tsv_field(job, &rest, '\t'),
			   *path = tsv_field(job, &rest, '\t');
		const char *format = tsv_field(job, &rest, '\t');
		const char *coverage = tsv_field(job, &rest, '\t');
		const char *words = tsv_field(job, &rest, '\n');
		const struct fact *region;

		if (only != NULL && strstr(image, only) == NULL)
			continue;
		if (strcmp(image, before) != 0)
			unpacking_run(unpacking, corpus_bytes(job, image));
		before = image;
		region = unpacking_region(unpacking, path);
		if (region == NULL)
			fail_msg("%s: nothing at %s", image, path);
		if (strcmp(region->as.region.format, format) != 0 ||
		    strcmp(region->as.region.coverage, coverage) != 0 ||
		    strstr(region->as.region.detail, words) == NULL)
			fail_msg("%s: %s is %s, %s: %s", image, path, region->as.region.format,
			    region->as.region.coverage, region->as.region.detail);
	}
	unpacking_free(unpacking);
}

static void
a_header_that_says_gzip_does_not_hide_a_raw_cramfs(void **state)
{
	struct unpacking *unpacking;
	const struct fact *region;

	if (corpus_is_absent())
		skip();
	unpacking = unpacking_new((size_t)128 << 20, 0);
	assert_ok(unpacking->job,
	    unpacking_run(unpacking, corpus_bytes(*state, "xiongmai_gm8135s_custom.cramfs.img")));
	region = unpacking_region(unpacking, "0.uimage");
	assert_non_null(region);
	assert_non_null(strstr(region->as.region.detail, "gzip claimed but not there"));
	assert_non_null(strstr(region->as.region.detail, "header crc32 good, data crc32 good"));
	assert_non_null(unpacking_region(unpacking, "0.uimage/40.cramfs"));
	assert_int_equal(unpacking->tree->unread_bytes, 0);
	unpacking_free(unpacking);
}

static void
a_cut_image_is_reported_as_cut(void **state)
{
	struct unpacking *unpacking;
	const struct fact *region;

	if (corpus_is_absent())
		skip();
	unpacking = unpacking_new((size_t)128 << 20, 0);
	assert_ok(unpacking->job,
	    unpacking_run(unpacking, corpus_bytes(*state, "fact_uimage_truncated.dtb")));
	region = unpacking_region(unpacking, "0.uimage");
	assert_non_null(region);
	assert_string_equal(region->as.region.coverage, "damaged");
	assert_false(unpacking->tree->complete);
	assert_non_null(strstr(unpacking->tree->incomplete_reason, "cut short"));
	unpacking_free(unpacking);
}

static void
an_old_trx_opens_to_its_zip(void **state)
{
	struct unpacking *unpacking;
	const struct fact *region;

	if (corpus_is_absent())
		skip();
	unpacking = unpacking_new((size_t)128 << 20, 0);
	assert_ok(unpacking->job, unpacking_run(unpacking, corpus_bytes(*state, "fact_trx.img")));
	region = unpacking_region(unpacking, "0.trx");
	assert_non_null(region);
	assert_non_null(strstr(region->as.region.detail, "crc32 good"));
	assert_int_equal(unpacking_count(unpacking, "0.trx/1c.zip"), 3);
	unpacking_free(unpacking);
}

int
main(int count, char **arguments)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		every_image_gives_what_the_truth_says, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		regions_are_what_they_are_known_to_be, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_header_that_says_gzip_does_not_hide_a_raw_cramfs, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_cut_image_is_reported_as_cut, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(an_old_trx_opens_to_its_zip, setup_job, teardown_job),
	};

	only = count > 1 ? arguments[1] : NULL;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
