/* File systems of disks: what is odd in them comes out as it is, and what leads in circles ends. */
#include "tests/support/unpacking.h"

#include <string.h>

#include "tests/support/support.h"

static struct unpacking *unpacking;

static int
set_up(void **state)
{
	unpacking = unpacking_new((size_t)64 << 20, 0);
	return setup_job(state);
}

static int
tear_down(void **state)
{
	unpacking_free(unpacking);
	return teardown_job(state);
}

/* A sample that may be changed. */
static uint8_t *
copy_of(struct job *job, const char *name, size_t *size)
{
	struct span image = fixture_bytes(job, name);
	uint8_t *copy = (uint8_t *)arena_string(job, (const char *)image.at, image.size);

	assert_non_null(copy);
	*size = image.size;
	return copy;
}

static void
run_bytes(const uint8_t *bytes, size_t size)
{
	assert_ok(unpacking->job, unpacking_run(unpacking, (struct span){bytes, size}));
}

static void
run(struct job *job, const char *name)
{
	assert_ok(unpacking->job, unpacking_run(unpacking, fixture_bytes(job, name)));
}

static const struct fact *
file_at(const char *path)
{
	for (size_t i = 0; i < unpacking->list.count; i++) {
		const struct fact *fact = &unpacking->list.facts[i];

		if (fact->kind == FACT_file && strcmp(fact->path, path) == 0)
			return fact;
	}
	fail_msg("%s is missing", path);
	return NULL;
}

static const char *
attribute_of(const char *path, const char *name)
{
	for (size_t i = 0; i < unpacking->list.count; i++) {
		const struct fact *fact = &unpacking->list.facts[i];

		if (fact->kind == FACT_attribute && strcmp(fact->path, path) == 0 &&
		    strcmp(fact->as.attribute.name, name) == 0)
			return fact->as.attribute.value;
	}
	fail_msg("%s has no attribute %s", path, name);
	return NULL;
}

static void
assert_incomplete(const char *words)
{
	assert_false(unpacking->tree->complete);
	if (strstr(unpacking->tree->incomplete_reason, words) == NULL)
		fail_msg("'%s' is not in '%s'", words, unpacking->tree->incomplete_reason);
}

static void
assert_says(const char *path, const char *words)
{
	const struct fact *region = unpacking_region(unpacking, path);

	assert_non_null(region);
	if (strstr(region->as.region.detail, words) == NULL)
		fail_msg("'%s' is not in '%s'", words, region->as.region.detail);
}

/* A region somewhere. */
static void
assert_told(const char *words)
{
	for (size_t i = 0; i < unpacking->list.count; i++) {
		const struct fact *fact = &unpacking->list.facts[i];

		if (fact->kind == FACT_region && fact->as.region.detail != NULL &&
		    strstr(fact->as.region.detail, words) != NULL)
			return;
	}
	fail_msg("'%s' is told nowhere", words);
}

/* Writes a little-endian number of `count` bytes. */
static void
put(uint8_t *at, uint64_t value, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		at[i] = (uint8_t)(value >> (8 * i));
}

static void
ext_tells_devices_owners_long_links_and_attributes(void **state)
{
	const struct fact *file;

	run(*state, "little/ext4_mixed.img");
	assert_true(unpacking->tree->complete);
	file = file_at("0.ext/console");
	assert_string_equal(file->as.file.type, "device");
	assert_int_equal(file->as.file.major, 5);
	assert_int_equal(file->as.file.minor, 1);
	assert_string_equal(file_at("0.ext/pipe")->as.file.type, "fifo");
	file = file_at("0.ext/etc/passwd");
	assert_int_equal(file->as.file.uid, 100000);
	assert_int_equal(file->as.file.gid, 0x12345);
	assert_int_equal(strlen(file_at("0.ext/slow")->as.file.link_target), 240);
	assert_string_equal(
	    file_at("0.ext/also")->as.file.sha256, file_at("0.ext/bin/random")->as.file.sha256);
	assert_string_equal(attribute_of("0.ext/bin/random", "security.capability"), "78797a");
	assert_int_equal(strlen(attribute_of("0.ext/etc/empty", "user.comment")), 480);
}

static void
what_ext_encrypts_is_told_as_encrypted(void **state)
{
	size_t encrypted = 0;

	run(*state, "little/ext4_encrypted.img");
	assert_incomplete("encrypted");
	for (size_t i = 0; i < unpacking->list.count; i++)
		encrypted += unpacking->list.facts[i].kind == FACT_region &&
			     strcmp(unpacking->list.facts[i].as.region.coverage, "encrypted") == 0;
	assert_int_equal(encrypted, 2);
	assert_null(unpacking_digest(unpacking, "/etc/numbers"));
	assert_non_null(unpacking_digest(unpacking, "/etc/passwd"));
}

static void
a_journal_nobody_replayed_leaves_doubt(void **state)
{
	run(*state, "little/ext4_recover.img");
	assert_says("0.ext", "journal not replayed");
	assert_incomplete("the journal is not replayed");
	assert_non_null(unpacking_digest(unpacking, "/etc/passwd"));
}

static void
folders_of_ext_in_a_circle_end(void **state)
{
	run(*state, "little/ext4_circle.img");
	assert_incomplete("seen before");
	assert_non_null(unpacking_digest(unpacking, "/etc/passwd"));
}

/* Any number of a superblock may be anything. */
static void
superblocks_of_ext_that_lie_end_in_findings(void **state)
{
	static const uint32_t lies[] = {0, 1, 0x7f, 0xffff, 0x80000000, UINT32_MAX};
	static const char *const samples[] = {"little/ext2.img", "little/ext4_inline.img"};

	for (size_t s = 0; s < ARRAY_SIZE(samples); s++) {
		size_t size;
		uint8_t *image = copy_of(*state, samples[s], &size), saved[4];

		for (size_t at = 1024; at < 1024 + 0x280; at += 4)
			for (size_t i = 0; i < ARRAY_SIZE(lies); i++) {
				memcpy(saved, image + at, 4);
				put(image + at, lies[i], 4);
				unpacking_run(unpacking, (struct span){image, size});
				assert_true(unpacking->status == STATUS_OK ||
					    unpacking->status == STATUS_MALFORMED);
				memcpy(image + at, saved, 4);
			}
	}
}

/* Blocks that lead to themselves: a file without end, or the same folder for ever. */
static void
blocks_of_ext_that_lead_to_themselves_end(void **state)
{
	size_t size, inode_table, damaged = 0;
	uint8_t *image = copy_of(*state, "little/ext2.img", &size), saved[60];

	inode_table = (size_t)(image[2048 + 8] | image[2048 + 9] << 8) * 1024;
	for (size_t inode = 1; inode < 20; inode++) {
		uint8_t *blocks = image + inode_table + inode * 128 + 40;

		memcpy(saved, blocks, sizeof saved);
		put(blocks - 36, 64 << 20, 4); /* its size */
		for (size_t i = 0; i < 15; i++)
			put(blocks + 4 * i, 30, 4);
		put(image + 30 * 1024, 30, 4);
		unpacking_run(unpacking, (struct span){image, size});
		assert_true(
		    unpacking->status == STATUS_OK || unpacking->status == STATUS_MALFORMED);
		damaged += unpacking->status == STATUS_OK && !unpacking->tree->complete;
		memcpy(blocks, saved, sizeof saved);
	}
	assert_true(damaged > 0);
}

static void
fat_compares_its_tables_and_tells_its_label(void **state)
{
	size_t size, table;
	uint8_t *image = copy_of(*state, "little/fat12.img", &size);

	run_bytes(image, size);
	assert_says("0.fat", "FAT12, ");
	assert_says("0.fat", "label \"HOPQUY\"");
	table = (size_t)(image[22] | image[23] << 8) * 512;
	image[512 * (size_t)(image[14] | image[15] << 8) + table + 12] ^= 1; /* of the second */
	run_bytes(image, size);
	assert_says("0.fat", "its two tables differ");
}

static void
clusters_of_fat_in_a_circle_are_findings(void **state)
{
	size_t size, damaged = 0;
	uint8_t *image = copy_of(*state, "little/fat12.img", &size), saved[2];
	size_t table = 512 * (size_t)(image[14] | image[15] << 8);

	for (size_t cluster = 2; cluster < 12; cluster++) {
		uint8_t *entry = image + table + cluster * 3 / 2;

		memcpy(saved, entry, 2);
		entry[cluster & 1] = (uint8_t)(cluster & 1 ? cluster >> 4 : cluster);
		if (cluster & 1)
			entry[0] = (uint8_t)((entry[0] & 0xf) | cluster << 4);
		else
			entry[1] &= 0xf0;
		run_bytes(image, size);
		damaged += !unpacking->tree->complete;
		memcpy(entry, saved, 2);
	}
	assert_true(damaged >= 3);
}

static size_t
find(const uint8_t *image, size_t size, const char *words, size_t length)
{
	size_t place = span_find((struct span){image, size}, words, length, 0);

	assert_int_not_equal(place, SIZE_MAX);
	return place;
}

static void
what_fat_deleted_is_gone(void **state)
{
	size_t size;
	uint8_t *image = copy_of(*state, "little/fat12.img", &size);

	image[find(image, size, "PASSWD     ", 11)] = 0xe5;
	run_bytes(image, size);
	assert_true(unpacking->tree->complete);
	assert_null(unpacking_digest(unpacking, "/etc/passwd"));
	assert_non_null(unpacking_digest(unpacking, "/etc/numbers"));
}

/* Linux skips a free entry and goes on; other readers take it for the end. */
static void
what_stands_behind_the_end_of_a_folder_of_fat_is_given_and_told(void **state)
{
	size_t size, place;
	uint8_t *image = copy_of(*state, "little/fat12.img", &size);

	place = find(image, size, "NUMBERS    ", 11);
	memcpy(image + place + 128, image + place, 32); /* four entries on, where all are free */
	memset(image + place, 0, 32);
	run_bytes(image, size);
	assert_incomplete("behind the end of their folder");
	assert_non_null(unpacking_digest(unpacking, "/etc/passwd"));
	assert_non_null(unpacking_digest(unpacking, "/etc/numbers"));
}

static void
a_name_of_fat_that_begins_with_a_dot_is_a_name(void **state)
{
	size_t size, place;
	uint8_t *image = copy_of(*state, "little/fat12.img", &size);

	place = find(image, size, "PASSWD     ", 11);
	image[place] = '.';
	run_bytes(image, size);
	assert_true(unpacking->tree->complete);
	assert_non_null(unpacking_digest(unpacking, "/.asswd"));
	/* nor is a file the folder it is in */
	memcpy(image + place, ".          ", 11);
	run_bytes(image, size);
	assert_false(unpacking->tree->complete);
}

static void
entries_of_exfat_answer_to_their_checksum(void **state)
{
	size_t size;
	uint8_t *image = copy_of(*state, "little/exfat.img", &size);

	run_bytes(image, size);
	assert_true(unpacking->tree->complete);
	image[find(image, size, "p\0a\0s\0s\0w\0d", 11)] = 'P';
	run_bytes(image, size);
	assert_incomplete("checksum of a file's entries");
	assert_non_null(unpacking_digest(unpacking, "/etc/numbers"));
	image[100] ^= 1; /* the serial number */
	run_bytes(image, size);
	assert_says("0.exfat", "boot checksum bad");
}

static void
headers_of_romfs_that_lead_to_themselves_end(void **state)
{
	size_t size, place;
	uint8_t *image = copy_of(*state, "little/romfs.img", &size);

	place = find(image, size, "numbers", 7) - 16;
	image[place] = (uint8_t)(place >> 24);
	image[place + 1] = (uint8_t)(place >> 16);
	image[place + 2] = (uint8_t)(place >> 8);
	image[place + 3] = (uint8_t)((place & 0xf0) | (image[place + 3] & 0xf));
	run_bytes(image, size);
	assert_false(unpacking->tree->complete);
	assert_told("checksum of its header is bad");
	assert_told("seen before");
	assert_non_null(unpacking_digest(unpacking, "/etc/numbers"));
}

static void
put_big(uint8_t *at, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> (24 - 8 * i));
}

static uint32_t
get_big(const uint8_t *at)
{
	struct reader reader = {.rest = {at, 4}};

	return read_u32_be(&reader);
}

static void
what_hides_in_romfs_behind_its_files_is_told(void **state)
{
	static const char hidden[] = "root:$1$salt$hash:0:0::/:/bin/sh";
	size_t size;
	uint8_t *image = copy_of(*state, "little/romfs.img", &size);
	uint32_t more = (uint32_t)size - get_big(image + 8);

	assert_in_range(more, sizeof hidden, 1023);
	memcpy(image + size - sizeof hidden, hidden, sizeof hidden);
	put_big(image + 8, (uint32_t)size);
	put_big(image + 12, get_big(image + 12) - more);
	run_bytes(image, size);
	assert_says("0.romfs", "checksum good");
	assert_in_range(unpacking->tree->unread_bytes, sizeof hidden - 1, 64);
}

static void
iso_tells_moved_folders_where_they_belong_and_hidden_loaders(void **state)
{
	run(*state, "little/iso_deep.img");
	assert_true(unpacking->tree->complete);
	file_at("0.iso9660/1/2/3/4/5/6/7/8/9/10/file");
	run(*state, "little/iso_boot.img");
	assert_true(unpacking->tree->complete);
	assert_says("0.iso9660", "for BIOS");
	assert_int_equal(file_at("0.iso9660/[boot image 1]")->as.file.bytes, 2048);
}

static void
folders_of_iso_in_a_circle_end(void **state)
{
	size_t size, root;
	uint8_t *image = copy_of(*state, "little/iso_genisoimage.img", &size);

	root = 2048 * (size_t)(image[0x8000 + 158] | image[0x8000 + 159] << 8);
	/* BIN is the first record after the two of the root itself */
	root += image[root];
	root += image[root];
	memcpy(image + root + 2, image + 0x8000 + 158, 8);
	run_bytes(image, size);
	assert_incomplete("seen before");
	assert_non_null(unpacking_digest(unpacking, "/etc/passwd"));
}

static void
folders_of_minix_in_a_circle_end(void **state)
{
	size_t size;
	uint8_t *image = copy_of(*state, "little/minix114_little.img", &size);

	put(image + find(image, size, "\0passwd\0", 8) - 1, 1, 2); /* the root */
	run_bytes(image, size);
	assert_says("0.minix", "version 1, little-endian");
	assert_incomplete("seen before");
	assert_non_null(unpacking_digest(unpacking, "/etc/numbers"));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(ext_tells_devices_owners_long_links_and_attributes),
	    TEST(what_ext_encrypts_is_told_as_encrypted),
	    TEST(a_journal_nobody_replayed_leaves_doubt),
	    TEST(folders_of_ext_in_a_circle_end),
	    TEST(superblocks_of_ext_that_lie_end_in_findings),
	    TEST(blocks_of_ext_that_lead_to_themselves_end),
	    TEST(fat_compares_its_tables_and_tells_its_label),
	    TEST(clusters_of_fat_in_a_circle_are_findings),
	    TEST(what_fat_deleted_is_gone),
	    TEST(what_stands_behind_the_end_of_a_folder_of_fat_is_given_and_told),
	    TEST(a_name_of_fat_that_begins_with_a_dot_is_a_name),
	    TEST(entries_of_exfat_answer_to_their_checksum),
	    TEST(headers_of_romfs_that_lead_to_themselves_end),
	    TEST(what_hides_in_romfs_behind_its_files_is_told),
	    TEST(iso_tells_moved_folders_where_they_belong_and_hidden_loaders),
	    TEST(folders_of_iso_in_a_circle_end),
	    TEST(folders_of_minix_in_a_circle_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
