/* What SquashFS alone has: four versions, vendors who say one thing and pack another, shared
 * attributes. */
#include "tests/support/unpacking.h"

#include <string.h>

#include "tests/support/support.h"

#define MEMORY ((size_t)64 << 20)
#define COMPRESSION_AT 20
#define LZ4 5

static const struct fact *
region_of(const struct unpacking *unpacking, const char *path)
{
	const struct fact *region = unpacking_region(unpacking, path);

	if (region == NULL)
		fail_msg("there is no %s", path);
	return region;
}

static uint8_t *
copy_of(struct job *job, struct span image)
{
	uint8_t *copy = (uint8_t *)arena_string(job, (const char *)image.at, image.size);

	assert_non_null(copy);
	return copy;
}

static void
the_detail_tells_version_order_and_packing(void **state)
{
	static const char *const details[][2] = {
	    {"squashfs_1_little", "version 1.0, zlib, blocks of 16 KiB"},
	    {"squashfs_2_big", "version 2.0, big-endian, zlib"},
	    {"squashfs_3_marked", "version 3.1, zlib"},
	    {"vendor_squashfs_1_lzma", "big-endian, lzma with headers of a vendor"},
	    {"vendor_squashfs_3_openwrt", "version 3.0, lzma without headers, "},
	    {"vendor_squashfs_3_linksys", "version 3.0, lzma without sizes and end marks, "},
	    {"vendor_squashfs_3_ddwrt", "lzma as DD-WRT writes it"},
	    {"vendor_squashfs_3_7z", "big-endian, lzma with sizes first"},
	    {"vendor_squashfs_4_broadcom", "version 4.0, lzma without headers"},
	    {"vendor_squashfs_4_avm", "version 4.0, big-endian, xz"},
	};
	struct unpacking *unpacking = unpacking_new(MEMORY, 0);

	for (size_t i = 0; i < ARRAY_SIZE(details); i++) {
		const char *detail;

		assert_ok(unpacking->job,
		    unpacking_run(unpacking,
			fixture_bytes(*state, arena_printf(*state, "%s.img", details[i][0]))));
		detail = region_of(unpacking, "0.squashfs")->as.region.detail;
		if (strstr(detail, details[i][1]) == NULL)
			fail_msg("%s: %s", details[i][0], detail);
	}
	unpacking_free(unpacking);
}

static const struct fact *
attribute_of(const struct unpacking *unpacking, const char *path, const char *name)
{
	for (size_t i = 0; i < unpacking->list.count; i++) {
		const struct fact *fact = &unpacking->list.facts[i];

		if (fact->kind == FACT_attribute && strcmp(fact->path, path) == 0 &&
		    strcmp(fact->as.attribute.name, name) == 0)
			return fact;
	}
	fail_msg("%s has no %s", path, name);
	return NULL;
}

static void
extended_attributes_are_facts_of_files_and_folders(void **state)
{
	static const char *const images[] = {
	    "squashfs_attributes.img", "squashfs_attributes_stored.img"};
	struct unpacking *unpacking = unpacking_new(MEMORY, 2);

	for (size_t i = 0; i < ARRAY_SIZE(images); i++) {
		assert_ok(
		    unpacking->job, unpacking_run(unpacking, fixture_bytes(*state, images[i])));
		assert_true(unpacking->tree->complete);
		assert_string_equal(
		    attribute_of(unpacking, "0.squashfs/bin/random", "security.capability")
			->as.attribute.value,
		    "0100000200200000000000000000000000000000");
		assert_int_equal(
		    attribute_of(unpacking, "0.squashfs/etc/passwd", "security.selinux")
			->as.attribute.bytes,
		    27);
		/* the same value in three sets, which stores it once */
		assert_int_equal(attribute_of(unpacking, "0.squashfs/etc/passwd", "user.long")
				     ->as.attribute.bytes,
		    1000);
		assert_int_equal(attribute_of(unpacking, "0.squashfs/etc/empty", "user.long")
				     ->as.attribute.bytes,
		    1000);
		assert_string_equal(
		    attribute_of(unpacking, "0.squashfs/bin", "trusted.overlay.opaque")
			->as.attribute.value,
		    "79");
	}
	unpacking_free(unpacking);
}

static void
a_wrong_number_of_the_compression_is_put_right_by_the_blocks(void **state)
{
	static const uint8_t wrong[] = {0, 2, 3, 6, 99};
	struct unpacking *unpacking = unpacking_new(MEMORY, 0);
	struct span image = fixture_bytes(*state, "squashfs_gzip.img");
	uint8_t *copy = copy_of(*state, image);

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		copy[COMPRESSION_AT] = wrong[i];
		assert_ok(
		    unpacking->job, unpacking_run(unpacking, (struct span){copy, image.size}));
		assert_true(unpacking->tree->complete);
		unpacking_assert_same(unpacking, "0.squashfs", fixture_bytes(*state, "tree.files"));
	}
	unpacking_free(unpacking);
}

static void
blocks_that_no_codec_unpacks_are_unsupported(void **state)
{
	struct unpacking *unpacking = unpacking_new(MEMORY, 0);
	struct span image = fixture_bytes(*state, "squashfs_lz4.img");
	uint8_t *copy = copy_of(*state, image);

	assert_int_equal(copy[COMPRESSION_AT], LZ4);
	copy[COMPRESSION_AT] = 99;
	assert_ok(unpacking->job, unpacking_run(unpacking, (struct span){copy, image.size}));
	assert_false(unpacking->tree->complete);
	assert_string_equal(region_of(unpacking, "0.squashfs")->as.region.coverage, "unsupported");
	assert_non_null(
	    strstr(region_of(unpacking, "0.squashfs")->as.region.detail, "unknown compression"));
	unpacking_free(unpacking);
}

static void
a_folder_in_itself_is_entered_once(void **state)
{
	struct unpacking *unpacking = unpacking_new(MEMORY, 0);

	for (unsigned version = 1; version <= 4; version++) {
		assert_ok(unpacking->job,
		    unpacking_run(unpacking,
			fixture_bytes(
			    *state, arena_printf(*state, "little/squashfs_loop_%u.img", version))));
		assert_false(unpacking->tree->complete);
		assert_non_null(strstr(unpacking->tree->incomplete_reason, "seen before"));
		assert_non_null(unpacking_digest(unpacking, "/etc/passwd"));
	}
	unpacking_free(unpacking);
}

static void
an_inode_in_no_folder_is_missed(void **state)
{
	struct unpacking *unpacking = unpacking_new(MEMORY, 0);

	for (unsigned version = 1; version <= 4; version++) {
		assert_ok(unpacking->job,
		    unpacking_run(unpacking,
			fixture_bytes(
			    *state, arena_printf(*state, "little/squashfs_lost_%u.img", version))));
		assert_false(unpacking->tree->complete);
		assert_non_null(
		    strstr(unpacking->tree->incomplete_reason, "1 of 9 inodes are in no folder"));
	}
	unpacking_free(unpacking);
}

/* Owners beyond the fifteenth go into the type of a version 1 inode. */
static void
owners_and_groups_are_those_of_the_tables(void **state)
{
	static const char *const images[] = {"squashfs_1_little.img", "squashfs_1_big.img",
	    "squashfs_3_little.img", "squashfs_3_big.img"};
	struct unpacking *unpacking = unpacking_new(MEMORY, 0);
	size_t files = 0;

	for (size_t i = 0; i < ARRAY_SIZE(images); i++) {
		assert_ok(
		    unpacking->job, unpacking_run(unpacking, fixture_bytes(*state, images[i])));
		for (size_t f = 0; f < unpacking->list.count; f++) {
			const struct fact *fact = &unpacking->list.facts[f];

			if (fact->kind != FACT_file)
				continue;
			files++;
			assert_int_equal(fact->as.file.uid, 0);
			assert_int_equal(fact->as.file.gid, 0);
		}
	}
	assert_true(files > 1000);
	unpacking_free(unpacking);
}

static void
modes_links_and_pipes_come_in_every_version(void **state)
{
	static const char *const images[] = {"squashfs_1_little.img", "squashfs_1_big.img",
	    "squashfs_2_little.img", "squashfs_2_big.img", "squashfs_3_little.img",
	    "squashfs_3_big.img", "vendor_squashfs_4_big.img", "vendor_squashfs_4_avm.img"};
	struct unpacking *unpacking = unpacking_new(MEMORY, 0);

	for (size_t i = 0; i < ARRAY_SIZE(images); i++) {
		unsigned seen = 0;

		assert_ok(
		    unpacking->job, unpacking_run(unpacking, fixture_bytes(*state, images[i])));
		for (size_t f = 0; f < unpacking->list.count; f++) {
			const struct fact *fact = &unpacking->list.facts[f];

			if (fact->kind != FACT_file)
				continue;
			if (strcmp(fact->path, "0.squashfs/bin/copy") == 0)
				seen += fact->as.file.mode == 04755;
			if (strcmp(fact->path, "0.squashfs/var/empty") == 0)
				seen += fact->as.file.mode == 0700;
			if (strcmp(fact->path, "0.squashfs/fifo") == 0)
				seen += strcmp(fact->as.file.type, "fifo") == 0;
			if (strcmp(fact->path, "0.squashfs/bin/link") == 0)
				seen += strcmp(fact->as.file.link_target, "../etc/passwd") == 0;
		}
		if (seen != 4)
			fail_msg("%s: %u of 4", images[i], seen);
	}
	unpacking_free(unpacking);
}

/* The owners stand at the very end; what comes before them is worth having. */
static void
without_its_last_bytes_an_image_gives_its_files_and_says_so(void **state)
{
	static const char *const images[] = {"squashfs_1_big.img", "squashfs_2_little.img",
	    "squashfs_3_big.img", "vendor_squashfs_3_linksys.img", "vendor_squashfs_4_big.img"};
	struct unpacking *unpacking = unpacking_new(MEMORY, 0);

	for (size_t i = 0; i < ARRAY_SIZE(images); i++) {
		struct span image = fixture_bytes(*state, images[i]);

		assert_ok(
		    unpacking->job, unpacking_run(unpacking, span_part(image, 0, image.size - 3)));
		assert_false(unpacking->tree->complete);
		assert_string_equal(
		    region_of(unpacking, "0.squashfs")->as.region.coverage, "damaged");
		unpacking_assert_same(unpacking, "0.squashfs", fixture_bytes(*state, "tree.files"));
	}
	unpacking_free(unpacking);
}

static void
a_second_one_within_the_size_of_the_first_is_found(void **state)
{
	struct unpacking *unpacking = unpacking_new(MEMORY, 0);
	struct span first = fixture_bytes(*state, "little/squashfs_gzip.img");
	struct span second = fixture_bytes(*state, "little/squashfs_xz.img");
	size_t size = first.size + second.size;
	uint8_t *image = arena_allocate(*state, size);

	assert_non_null(image);
	memcpy(image, first.at, first.size);
	memcpy(image + first.size, second.at, second.size);
	for (unsigned i = 0; i < 8; i++)
		image[40 + i] = (uint8_t)((uint64_t)size >> (8 * i));
	assert_ok(unpacking->job, unpacking_run(unpacking, (struct span){image, size}));
	region_of(unpacking, arena_printf(*state, "0.squashfs/%zx.squashfs", first.size));
	unpacking_free(unpacking);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_job, teardown_job)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_detail_tells_version_order_and_packing),
	    TEST(extended_attributes_are_facts_of_files_and_folders),
	    TEST(a_wrong_number_of_the_compression_is_put_right_by_the_blocks),
	    TEST(blocks_that_no_codec_unpacks_are_unsupported),
	    TEST(a_folder_in_itself_is_entered_once),
	    TEST(an_inode_in_no_folder_is_missed),
	    TEST(owners_and_groups_are_those_of_the_tables),
	    TEST(modes_links_and_pipes_come_in_every_version),
	    TEST(without_its_last_bytes_an_image_gives_its_files_and_says_so),
	    TEST(a_second_one_within_the_size_of_the_first_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
