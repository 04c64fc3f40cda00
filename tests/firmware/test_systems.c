/* Partition tables, sparse images, signed trees, kernels and the file systems of phones: what is
 * special to each, and what a hostile author would write. */
#include "tests/support/unpacking.h"

#include <string.h>

#include "base/digest.h"
#include "base/text.h"
#include "tests/support/support.h"

#define SECTOR ((size_t)512)

/* Is there a region of this coverage in whose detail the words are? */
static bool
says(const struct unpacking *unpacking, const char *coverage, const char *words)
{
	for (size_t i = 0; i < unpacking->list.count; i++) {
		const struct fact *fact = &unpacking->list.facts[i];
		const char *detail;

		if (fact->kind != FACT_region)
			continue;
		detail = fact->as.region.detail == NULL ? "" : fact->as.region.detail;
		if (strcmp(fact->as.region.coverage, coverage) == 0 &&
		    strstr(detail, words) != NULL)
			return true;
	}
	return false;
}

static void
assert_says(const struct unpacking *unpacking, const char *coverage, const char *words)
{
	if (!says(unpacking, coverage, words))
		fail_msg("nothing %s says '%s'", coverage, words);
}

/* A copy that may be changed. */
static uint8_t *
copy_of(struct job *job, struct span image)
{
	uint8_t *copy = (uint8_t *)arena_string(job, (const char *)image.at, image.size);

	assert_non_null(copy);
	return copy;
}

static void
put(uint8_t *at, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> (8 * i));
}

static void
put_record(uint8_t *sector, unsigned index, uint8_t type, uint32_t first, uint32_t sectors)
{
	uint8_t *record = sector + 446 + 16 * index;

	memset(record, 0, 16);
	record[4] = type;
	put(record + 8, first);
	put(record + 12, sectors);
	sector[510] = 0x55;
	sector[511] = 0xaa;
}

static void
a_boot_sector_is_no_partition_table(void **state)
{
	struct unpacking *unpacking = unpacking_new((size_t)32 << 20, 0);
	uint8_t *disk = arena_allocate(*state, 64 * SECTOR);

	assert_non_null(disk);
	put_record(disk, 0, 0x83, 8, 16);
	assert_ok(unpacking->job, unpacking_run(unpacking, (struct span){disk, 64 * SECTOR}));
	assert_non_null(unpacking_region(unpacking, "0.mbr"));
	memcpy(disk, "\xeb\x3c\x90mkfs.fat", 11);
	memcpy(disk + 11, "\x00\x02\x04\x01\x00\x02\x00\x02\x00\x02\xf8", 11);
	unpacking_run(unpacking, (struct span){disk, 64 * SECTOR});
	assert_null(unpacking_region(unpacking, "0.mbr"));
	memset(disk, 0, 32); /* nothing in the table, or what no disk has */
	put_record(disk, 0, 0x83, 0, 16);
	unpacking_run(unpacking, (struct span){disk, 64 * SECTOR});
	assert_null(unpacking_region(unpacking, "0.mbr"));
	put_record(disk, 0, 0, 0, 0);
	unpacking_run(unpacking, (struct span){disk, 64 * SECTOR});
	assert_null(unpacking_region(unpacking, "0.mbr"));
	unpacking_free(unpacking);
}

static void
a_chain_of_partitions_that_turns_back_ends(void **state)
{
	struct unpacking *unpacking = unpacking_new((size_t)32 << 20, 0);
	uint8_t *disk = arena_allocate(*state, 64 * SECTOR);

	assert_non_null(disk);
	put_record(disk, 0, 0x05, 8, 32);
	put_record(disk + 8 * SECTOR, 0, 0x83, 2, 2);
	put_record(disk + 8 * SECTOR, 1, 0x05, 8, 4);
	put_record(disk + 16 * SECTOR, 0, 0x83, 2, 2);
	put_record(disk + 16 * SECTOR, 1, 0x05, 0, 4); /* back to the first */
	assert_ok(unpacking->job, unpacking_run(unpacking, (struct span){disk, 64 * SECTOR}));
	assert_says(unpacking, "damaged", "5 Linux (83) 1 KiB; 6 Linux (83) 1 KiB");
	assert_false(unpacking->tree->complete);
	unpacking_free(unpacking);
}

static void
partitions_that_overlap_are_a_finding(void **state)
{
	struct unpacking *unpacking = unpacking_new((size_t)32 << 20, 0);
	uint8_t *disk = copy_of(*state, fixture_bytes(*state, "mbr.img"));
	size_t size = fixture_bytes(*state, "mbr.img").size;

	put_record(disk, 1, 0x83, 9, 4); /* inside the first */
	assert_ok(unpacking->job, unpacking_run(unpacking, (struct span){disk, size}));
	assert_says(unpacking, "damaged", "overlaps");
	assert_non_null(unpacking_digest(unpacking, "/etc/passwd"));
	assert_false(unpacking->tree->complete);
	unpacking_free(unpacking);
}

static void
an_image_shorter_than_its_last_partition_may_be_whole(void **state)
{
	struct unpacking *unpacking = unpacking_new((size_t)32 << 20, 0);
	uint8_t *disk = copy_of(*state, fixture_bytes(*state, "mbr.img"));
	size_t size = fixture_bytes(*state, "mbr.img").size;

	put_record(disk, 0, 0x83, 8, 1 << 20);
	assert_ok(unpacking->job, unpacking_run(unpacking, (struct span){disk, size}));
	assert_says(unpacking, "read", "shorter than its partitions");
	assert_true(unpacking->tree->complete);
	put_record(disk, 1, 0x83, 1 << 21, 16); /* of this one nothing is there */
	assert_ok(unpacking->job, unpacking_run(unpacking, (struct span){disk, size}));
	assert_false(unpacking->tree->complete);
	unpacking_free(unpacking);
}

static void
partitions_do_not_reach_into_each_other(void **state)
{
	struct unpacking *unpacking = unpacking_new((size_t)32 << 20, 0);
	struct span first = fixture_bytes(*state, "mbr.img");
	uint8_t *disk = copy_of(*state, first);

	put_record(disk, 0, 0x83, 8, 16); /* the file system in it is larger */
	assert_ok(unpacking->job, unpacking_run(unpacking, (struct span){disk, first.size}));
	assert_says(unpacking, "damaged", "cut short");
	assert_false(unpacking->tree->complete);
	unpacking_free(unpacking);
}

static void
either_table_of_a_gpt_will_do(void **state)
{
	struct unpacking *unpacking = unpacking_new((size_t)32 << 20, 0);
	struct span image = fixture_bytes(*state, "gpt.img");
	uint8_t *disk = copy_of(*state, image);

	assert_ok(unpacking->job, unpacking_run(unpacking, image));
	assert_says(unpacking, "read", "header crc32 good, backup good, entries crc32 good");
	assert_says(unpacking, "read", "1 \"rootfs-ñ\" Linux data");
	disk[SECTOR + 40] ^= 1;
	assert_ok(unpacking->job, unpacking_run(unpacking, (struct span){disk, image.size}));
	assert_says(unpacking, "read", "header crc32 bad, backup good, entries crc32 good");
	assert_non_null(unpacking_digest(unpacking, "/etc/passwd"));
	disk[SECTOR + 40] ^= 1;
	disk[image.size - SECTOR] ^= 1;
	assert_ok(unpacking->job, unpacking_run(unpacking, (struct span){disk, image.size}));
	assert_says(unpacking, "read", "header crc32 good, backup bad or missing");
	disk[SECTOR + 40] ^= 1;
	assert_ok(unpacking->job, unpacking_run(unpacking, (struct span){disk, image.size}));
	assert_says(unpacking, "damaged", "both partition tables");
	assert_false(unpacking->tree->complete);
	unpacking_free(unpacking);
}

static void
four_gigabytes_of_one_pattern_are_a_limit(void **state)
{
	struct unpacking *unpacking = unpacking_new((size_t)32 << 20, 0);

	assert_ok(unpacking->job,
	    unpacking_run(unpacking, fixture_bytes(*state, "little/sparse_bomb.img")));
	assert_says(unpacking, "damaged", "limit reached");
	assert_false(unpacking->tree->complete);
	unpacking_free(unpacking);
}

static void
a_changed_sum_of_a_sparse_image_is_told(void **state)
{
	struct unpacking *unpacking = unpacking_new((size_t)32 << 20, 0);
	struct span image = fixture_bytes(*state, "little/sparse_sums.img");
	uint8_t *copy = copy_of(*state, image);

	copy[24] ^= 1;
	assert_ok(unpacking->job, unpacking_run(unpacking, (struct span){copy, image.size}));
	assert_says(unpacking, "damaged", "crc32 bad");
	assert_false(unpacking->tree->complete);
	unpacking_free(unpacking);
}

static void
data_that_do_not_agree_with_their_tree_are_told(void **state)
{
	struct unpacking *unpacking = unpacking_new((size_t)32 << 20, 0);
	struct span image = fixture_bytes(*state, "little/verity.img");
	uint8_t *copy = copy_of(*state, image);

	assert_ok(unpacking->job, unpacking_run(unpacking, image));
	assert_says(unpacking, "read", "all 8 blocks of data agree");
	copy[8191] ^= 1; /* padding behind the file system */
	assert_ok(unpacking->job, unpacking_run(unpacking, (struct span){copy, image.size}));
	assert_says(unpacking, "damaged", "1 of 8 blocks of data do not agree");
	assert_false(unpacking->tree->complete);
	image = fixture_bytes(*state, "little/avb.img");
	assert_ok(unpacking->job, unpacking_run(unpacking, image));
	assert_says(unpacking, "read",
	    "digest good, rollback index 5; hash tree of system, with "
	    "which all its blocks agree");
	copy = copy_of(*state, image);
	copy[8191] ^= 1;
	assert_ok(unpacking->job, unpacking_run(unpacking, (struct span){copy, image.size}));
	assert_says(unpacking, "damaged", "with which its blocks do not agree");
	unpacking_free(unpacking);
}

static void
a_tree_that_was_not_compared_is_not_read(void **state)
{
	struct unpacking *unpacking = unpacking_new((size_t)32 << 20, 0);
	struct span image = fixture_bytes(*state, "little/verity.img");
	uint8_t *copy = copy_of(*state, image);
	uint8_t *super = copy + span_find(image, "verity\0\0", 8, 0);

	memcpy(super + 32, "sha999", 6);
	assert_ok(unpacking->job, unpacking_run(unpacking, (struct span){copy, image.size}));
	assert_says(unpacking, "unsupported", "its hashes are not compared");
	assert_false(unpacking->tree->complete);
	memcpy(super + 32, "sha256", 6);
	assert_ok(unpacking->job,
	    unpacking_run(unpacking, (struct span){super, image.size - (size_t)(super - copy)}));
	assert_says(unpacking, "unsupported", "the data of the hash tree are elsewhere");
	assert_false(unpacking->tree->complete);
	memset(super + 300, 'x', 40); /* behind the salt */
	memset(super + 345, 'y', 40);
	assert_ok(unpacking->job, unpacking_run(unpacking, (struct span){copy, image.size}));
	assert_says(unpacking, "gap", "");
	unpacking_free(unpacking);
}

static void
many_trees_over_the_same_data_are_a_limit(void **state)
{
	static const uint8_t fields[] = {1, 0, 0, 0, 1, 0, 0, 0};
	struct unpacking *unpacking = unpacking_new((size_t)32 << 20, 0);
	const size_t data = (size_t)1 << 20, trees = 1000, size = data + trees * 1024;
	uint8_t *image = arena_allocate(*state, size);
	struct digest digest;

	assert_non_null(image);
	memset(image, 0x55, data);
	assert_ok(unpacking->job, digest_of(*state, (struct span){image, data / 2}, &digest));
	for (size_t i = 0; i < trees; i++) {
		uint8_t *super = image + data + i * 1024;

		memcpy(super, "verity\0\0", 8);
		memcpy(super + 8, fields, sizeof fields);
		memcpy(super + 32, "sha256", 6);
		put(super + 64, 1 << 19);
		put(super + 68, 512);
		put(super + 72, 2);
		memcpy(super + 512, digest.bytes, DIGEST_SIZE);
		memcpy(super + 512 + DIGEST_SIZE, digest.bytes, DIGEST_SIZE);
	}
	assert_ok(unpacking->job, unpacking_run(unpacking, (struct span){image, size}));
	assert_says(unpacking, "read", "all 2 blocks of data agree");
	assert_says(unpacking, "unsupported", "hash tree");
	assert_false(unpacking->tree->complete);
	unpacking_free(unpacking);
}

static void
what_no_descriptor_of_a_vbmeta_speaks_of_is_a_gap(void **state)
{
	struct unpacking *unpacking = unpacking_new((size_t)32 << 20, 0);
	struct span image = fixture_bytes(*state, "little/avb.img");
	uint8_t *copy = copy_of(*state, image);
	uint8_t *reserved = copy + span_find(image, "AVB0", 4, 0) + 180;

	for (uint8_t i = 0; i < 60; i++)
		reserved[i] = i;
	assert_ok(unpacking->job, unpacking_run(unpacking, (struct span){copy, image.size}));
	assert_says(unpacking, "gap", "");
	unpacking_free(unpacking);
}

static void
kernels_say_which_they_are(void **state)
{
	static const struct {
		const char *image, *words;
	} kernels[] = {
	    {"bzimage.img", "Linux 6.1.0-test (builder@host) #1 SMP, boot protocol 2.13, xz"},
	    {"zimage.img", "Linux, little-endian ARM"},
	    {"kernel_image.img", "arm64 little-endian, Linux version 6.1.0-test"},
	    {"kernel_zboot.img", "Linux in an EFI program, gzip"},
	    {"vmlinux.img", "MIPS big-endian, Linux version 6.1.0-test"},
	    {"bootimg_0.img", "version 0, Android 13.0.0, patches of 2023-11, \"lab\", command "
			      "line \"console=ttyS0 quiet\""},
	    {"bootimg_vendor_4.img", "version 4, vendor's part"},
	};
	struct unpacking *unpacking = unpacking_new((size_t)32 << 20, 0);

	for (size_t i = 0; i < ARRAY_SIZE(kernels); i++) {
		assert_ok(unpacking->job,
		    unpacking_run(unpacking, fixture_bytes(*state, kernels[i].image)));
		assert_says(unpacking, "read", kernels[i].words);
	}
	unpacking_free(unpacking);
}

static void
an_ordinary_program_is_no_kernel(void **state)
{
	struct unpacking *unpacking = unpacking_new((size_t)32 << 20, 0);
	struct span image = fixture_bytes(*state, "vmlinux.img");
	uint8_t *copy = copy_of(*state, image);
	size_t banner = span_find(image, "Linux version ", 14, 0);

	assert_true(banner != SIZE_MAX);
	copy[banner] = 'l';
	unpacking_run(unpacking, (struct span){copy, image.size});
	assert_null(unpacking_region(unpacking, "0.vmlinux"));
	unpacking_free(unpacking);
}

/* The inode of a file of that name in an F2FS, by the name it keeps itself. */
static uint8_t *
find_inode(uint8_t *image, size_t size, const char *name)
{
	size_t length = strlen(name);

	for (size_t at = 0; at + 4096 <= size; at += 4096)
		if (image[at + 88] == length && memcmp(image + at + 92, name, length) == 0 &&
		    image[at + 89] == 0)
			return image + at;
	fail_msg("%s has no inode", name);
	return NULL;
}

static void
an_encrypted_file_of_f2fs_is_named(void **state)
{
	struct unpacking *unpacking = unpacking_new((size_t)96 << 20, 0);
	struct span image = fixture_bytes(*state, "little/f2fs.img");
	uint8_t *copy = copy_of(*state, image);
	uint8_t *inode = find_inode(copy, image.size, "random");

	inode[2] |= 4;
	assert_ok(unpacking->job, unpacking_run(unpacking, (struct span){copy, image.size}));
	assert_says(unpacking, "encrypted", "random: encrypted");
	assert_false(unpacking->tree->complete);
	inode[2] &= (uint8_t)~4u;
	find_inode(copy, image.size, "numbers")[80] |= 4;
	assert_ok(unpacking->job, unpacking_run(unpacking, (struct span){copy, image.size}));
	assert_says(unpacking, "unsupported", "numbers: compressed, and not read");
	assert_false(unpacking->tree->complete);
	unpacking_free(unpacking);
}

static void
an_older_state_of_f2fs_is_told_to_be_one(void **state)
{
	struct unpacking *unpacking = unpacking_new((size_t)96 << 20, 0);
	struct span image = fixture_bytes(*state, "little/f2fs.img");
	uint8_t *copy = copy_of(*state, image);
	size_t first = 512 * 4096, second = 1024 * 4096;

	copy[first] ^= 1; /* its version: the sum does not agree any more */
	assert_ok(unpacking->job, unpacking_run(unpacking, (struct span){copy, image.size}));
	assert_says(unpacking, "damaged", "may be an older state");
	assert_false(unpacking->tree->complete);
	copy[second] ^= 1;
	assert_ok(unpacking->job, unpacking_run(unpacking, (struct span){copy, image.size}));
	assert_says(unpacking, "damaged", "no checkpoint is good");
	assert_false(unpacking->tree->complete);
	unpacking_free(unpacking);
}

/* A folder of EROFS whose entry leads to the root again. */
static void
a_folder_of_erofs_in_itself_is_a_trap(void **state)
{
	struct unpacking *unpacking = unpacking_new((size_t)32 << 20, 0);
	struct span image = fixture_bytes(*state, "little/erofs.img");
	uint8_t *copy = copy_of(*state, image);
	uint8_t root = copy[1024 + 14];
	size_t names = span_find(image, "...binetc", 9, 0), entries = names - 4 * 12;

	assert_true(names != SIZE_MAX);
	for (size_t i = 2; i < 4; i++) /* behind "." and ".." */
		copy[entries + 12 * i] = root;
	assert_ok(unpacking->job, unpacking_run(unpacking, (struct span){copy, image.size}));
	assert_says(unpacking, "damaged", "is too deep or seen before");
	assert_false(unpacking->tree->complete);
	unpacking_free(unpacking);
}

/* Is there this attribute of the file whose path ends so? */
static bool
has_attribute(
    const struct unpacking *unpacking, const char *tail, const char *name, const char *value)
{
	for (size_t i = 0; i < unpacking->list.count; i++) {
		const struct fact *fact = &unpacking->list.facts[i];

		if (fact->kind == FACT_attribute && text_ends_with(fact->path, tail) &&
		    strcmp(fact->as.attribute.name, name) == 0 &&
		    strcmp(fact->as.attribute.value, value) == 0)
			return true;
	}
	return false;
}

static void
attributes_come_with_their_files(void **state)
{
	/* "u:object_r:rootfs:s0", "u:object_r:own:s0" */
	static const char many[] = "753a6f626a6563745f723a726f6f7466733a7330";
	static const char one[] = "753a6f626a6563745f723a6f776e3a7330";
	struct unpacking *unpacking = unpacking_new((size_t)96 << 20, 0);

	assert_ok(
	    unpacking->job, unpacking_run(unpacking, fixture_bytes(*state, "erofs_labels.img")));
	assert_true(has_attribute(unpacking, "/etc/numbers", "security.selinux", many));
	assert_true(has_attribute(unpacking, "/many", "security.selinux", many));
	assert_true(has_attribute(unpacking, "/etc/passwd", "security.selinux", one));
	assert_ok(
	    unpacking->job, unpacking_run(unpacking, fixture_bytes(*state, "little/f2fs.img")));
	assert_true(has_attribute(unpacking, "/etc/numbers", "security.selinux", many));
	unpacking_free(unpacking);
}

static void
ramdisks_over_the_same_bytes_hide_nothing(void **state)
{
	struct unpacking *unpacking = unpacking_new((size_t)32 << 20, 0);
	struct span image = fixture_bytes(*state, "bootimg_vendor_4.img");
	uint8_t *copy = (uint8_t *)arena_string(*state, (const char *)image.at, image.size);
	size_t second = span_find(image, "dlkm", 4, 0) - 12;
	uint64_t gaps;

	assert_ok(unpacking->job, unpacking_run(unpacking, image));
	gaps = unpacking->tree->unread_bytes;
	memset(copy + second + 4, 0, 4); /* where it begins: over the first */
	assert_ok(unpacking->job, unpacking_run(unpacking, (struct span){copy, image.size}));
	assert_true(unpacking->tree->unread_bytes > gaps || !unpacking->tree->complete);
	unpacking_free(unpacking);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		a_boot_sector_is_no_partition_table, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_chain_of_partitions_that_turns_back_ends, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		partitions_that_overlap_are_a_finding, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		an_image_shorter_than_its_last_partition_may_be_whole, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		partitions_do_not_reach_into_each_other, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(either_table_of_a_gpt_will_do, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		four_gigabytes_of_one_pattern_are_a_limit, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_changed_sum_of_a_sparse_image_is_told, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		data_that_do_not_agree_with_their_tree_are_told, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(kernels_say_which_they_are, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		an_ordinary_program_is_no_kernel, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		an_encrypted_file_of_f2fs_is_named, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		an_older_state_of_f2fs_is_told_to_be_one, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_folder_of_erofs_in_itself_is_a_trap, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		attributes_come_with_their_files, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_tree_that_was_not_compared_is_not_read, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		many_trees_over_the_same_data_are_a_limit, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		what_no_descriptor_of_a_vbmeta_speaks_of_is_a_gap, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		ramdisks_over_the_same_bytes_hide_nothing, setup_job, teardown_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
