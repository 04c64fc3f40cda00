/* Real images give the files that independent tools found in them; without HOPQUY_CORPUS these
 * tests are skipped. */
#include "tests/support/unpacking.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/support.h"

/* A single file system: digests and paths are those of the truth, and nothing else is in it. */
struct exact {
	const char *image;
	const char *container;
};

static const struct exact exact[] = {
    {"xiongmai_gm8135s_romfs-x.cramfs.img", "0.uimage/40.cramfs"},
    {"xiongmai_gm8135s_user-web.cramfs.img", "0.uimage/40.cramfs"},
    {"xiongmai_gm8135s_web-x.cramfs.img", "0.uimage/40.cramfs"},
    {"xiongmai_gm8135s_custom.cramfs.img", "0.uimage/40.cramfs"},
    {"fact_cramfs.img", "0.cramfs"},
    {"built_anyka_cramfs-be.img", "0.cramfs"},
    {"fact_squashfs_gzip.sqfs", "0.squashfs"},
    {"fact_squashfs_lz4.sqfs", "0.squashfs"},
    {"fact_squashfs_lzma.sqfs", "0.squashfs"},
    {"fact_squashfs_lzo.sqfs", "0.squashfs"},
    {"fact_squashfs_xz.sqfs", "0.squashfs"},
    {"fact_squashfs_zstd.sqfs", "0.squashfs"},
    {"rauc_good-bundle_plain.raucb", "0.squashfs"},
    {"rauc_good-adaptive-meta_verity.raucb", "0.squashfs"},
    {"openwrt_r35817_tl-wr841n-v8-factory.bin", "dea80.squashfs"},
    {"openwrt_r35817_ubnt-bullet-m-factory.bin", "100184.squashfs"},
};

/* Several layers: every digest of the truth comes out. */
static const char *const layered[] = {
    "built_debian-armhf_signed-cms.swu",
    "built_debian-armhf_rauc-verity.raucb",
    "built_debian-armhf_fit-signed.itb",
    "fact_test.deb",
    "fact_squashfs_avm_le.sqfs4",
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

static void
single_file_systems_are_as_the_truth_says(void **state)
{
	struct unpacking *unpacking;

	if (corpus_is_absent())
		skip();
	unpacking = unpacking_new((size_t)128 << 20, 1);
	for (size_t i = 0; i < ARRAY_SIZE(exact); i++) {
		struct arena_mark mark = arena_mark(((struct job *)*state)->arena);

		assert_ok(
		    unpacking->job, unpacking_run(unpacking, corpus_bytes(*state, exact[i].image)));
		if (!unpacking->tree->complete)
			fail_msg("%s: %s", exact[i].image, unpacking->tree->incomplete_reason);
		unpacking_assert_same(
		    unpacking, exact[i].container, truth_of(*state, exact[i].image));
		arena_release(((struct job *)*state)->arena, mark);
	}
	unpacking_free(unpacking);
}

static void
layers_in_layers_give_every_digest_of_the_truth(void **state)
{
	struct unpacking *unpacking;

	if (corpus_is_absent())
		skip();
	unpacking = unpacking_new((size_t)128 << 20, 1);
	for (size_t i = 0; i < ARRAY_SIZE(layered); i++) {
		assert_ok(
		    unpacking->job, unpacking_run(unpacking, corpus_bytes(*state, layered[i])));
		if (unpacking_missing(unpacking, truth_of(*state, layered[i])) != 0)
			fail_msg("%s: missing %s", layered[i], unpacking->job->reason);
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

static void
squashfs_before_version_4_is_named_and_not_called_read(void **state)
{
	static const char *const images[] = {"fact_squashfs_zlib_le.sqfs3",
	    "fact_squashfs_zlib_be.sqfs3", "fact_squashfs_lzma1_le.sqfs3",
	    "fact_squashfs_lzma_be.sqfs2", "binwalk_squashfs2.0-be_router.bin"};
	struct unpacking *unpacking;

	if (corpus_is_absent())
		skip();
	unpacking = unpacking_new((size_t)128 << 20, 0);
	for (size_t i = 0; i < ARRAY_SIZE(images); i++) {
		const struct fact *region;

		assert_ok(
		    unpacking->job, unpacking_run(unpacking, corpus_bytes(*state, images[i])));
		region = unpacking_region(unpacking, "0.squashfs_legacy");
		assert_non_null(region);
		assert_string_equal(region->as.region.coverage, "unsupported");
		assert_false(unpacking->tree->complete);
	}
	unpacking_free(unpacking);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		single_file_systems_are_as_the_truth_says, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		layers_in_layers_give_every_digest_of_the_truth, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_header_that_says_gzip_does_not_hide_a_raw_cramfs, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_cut_image_is_reported_as_cut, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(an_old_trx_opens_to_its_zip, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		squashfs_before_version_4_is_named_and_not_called_read, setup_job, teardown_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
