/* Packages and archives say what they are, both their views must agree, and what is only mentioned
 * is not there. */
#include "tests/support/unpacking.h"

#include <string.h>

#include "base/text.h"
#include "tests/support/support.h"

#define MEMORY ((size_t)64 << 20)

static struct unpacking *unpacking;

static int
set_up(void **state)
{
	unpacking = unpacking_new(MEMORY, 0);
	return setup_job(state);
}

static int
tear_down(void **state)
{
	unpacking_free(unpacking);
	return teardown_job(state);
}

static void
assert_says(const char *path, const char *words)
{
	const struct fact *region = unpacking_region(unpacking, path);

	if (region == NULL)
		fail_msg("there is no %s", path);
	if (strstr(region->as.region.detail, words) == NULL)
		fail_msg("%s: '%s' is not in '%s'", path, words, region->as.region.detail);
}

/* Some region of that coverage says these words. */
static void
assert_told(const char *coverage, const char *words)
{
	for (size_t i = 0; i < unpacking->list.count; i++) {
		const struct fact *fact = &unpacking->list.facts[i];

		if (fact->kind == FACT_region && strcmp(fact->as.region.coverage, coverage) == 0 &&
		    fact->as.region.detail != NULL && strstr(fact->as.region.detail, words) != NULL)
			return;
	}
	fail_msg("nothing %s says '%s'", coverage, words);
}

static void
packages_tell_name_version_and_machine(void **state)
{
	static const char *const packages[][3] = {
	    {"deb_xz.img", "0.deb", "package sample 1.2-3 for mips_24kc"},
	    {"deb_zstd.img", "0.deb", "package sample 1.2-3 for mips_24kc"},
	    {"opkg.img", "0.gzip/data/0.tar", "OPKG package sample 1.2-3 for mips_24kc"},
	    {"alpine.img", "0.gzip/data/0.tar", "Alpine package sample 1.2-r3 for armv7"},
	    {"rpm_xz.img", "0.rpm",
		"package sample 1.2-3 for armv7hl, xz, header sha256 good, payload sha256 good, "
		"not "
		"signed"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(packages); i++) {
		assert_ok(unpacking->job,
		    unpacking_run(unpacking, fixture_bytes(*state, packages[i][0])));
		assert_says(packages[i][1], packages[i][2]);
	}
}

static void
a_changed_payload_of_an_rpm_has_a_bad_sum(void **state)
{
	struct span image = fixture_bytes(*state, "rpm_gzip.img");
	uint8_t *copy = (uint8_t *)arena_string(*state, (const char *)image.at, image.size);

	copy[image.size - 100] ^= 1;
	unpacking_run(unpacking, (struct span){copy, image.size});
	assert_says("0.rpm", "header sha256 good, payload sha256 bad");
	assert_false(unpacking->tree->complete);
}

static void
a_debian_package_without_its_data_is_not_whole(void **state)
{
	struct span image = fixture_bytes(*state, "deb_gzip.img");
	size_t data = span_find(image, "data.tar.gz", 11, 0);

	assert_ok(unpacking->job, unpacking_run(unpacking, span_part(image, 0, data)));
	assert_false(unpacking->tree->complete);
	assert_says("0.deb", "package sample");
}

static void
two_views_of_a_zip_must_agree(void **state)
{
	static const char *const odd[][3] = {
	    {"other_name", "damaged", "its two headers differ in the name"},
	    {"other_size", "damaged", "its two headers differ in size or crc32"},
	    {"hidden", "gap", "an entry the directory does not name"},
	    {"overlapping", "damaged", "two entries overlap"},
	    {"between", "gap", "bytes that belong to no entry"},
	    {"forged_seal", "gap", "bytes that belong to no entry"},
	    {"forged_pair", "gap", "bytes that belong to no entry"},
	    {"locator", "gap", "bytes between the end record and its locator"},
	    {"large_comment", "gap", "a comment nobody knows"},
	    {"large_extra", "gap", "etc/first: extra fields or a comment nobody knows"},
	    {"folder_content", "damaged", "d/: content of what is no file"},
	    {"encrypted", "encrypted", "etc/passwd: encrypted"},
	    {"aes", "encrypted", "etc/passwd: encrypted with AES"},
	    {"deflate64", "unsupported", "compression method 9 is not read"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(odd); i++) {
		const char *name = arena_printf(*state, "little/zip_%s.img", odd[i][0]);

		assert_ok(unpacking->job, unpacking_run(unpacking, fixture_bytes(*state, name)));
		assert_told(odd[i][1], odd[i][2]);
		assert_false(unpacking->tree->complete);
	}
	assert_ok(unpacking->job,
	    unpacking_run(unpacking, fixture_bytes(*state, "little/zip_signed.img")));
	assert_true(unpacking->tree->complete);
	assert_ok(unpacking->job,
	    unpacking_run(unpacking, fixture_bytes(*state, "little/zip_comment.img")));
	assert_true(unpacking->tree->complete);
	assert_says("0.zip", "2 entries, with a comment");
}

static void
an_encrypted_7z_is_told_as_encrypted(void **state)
{
	static const char *const images[] = {
	    "little/sevenzip_encrypted.img", "little/sevenzip_names_encrypted.img"};

	for (size_t i = 0; i < ARRAY_SIZE(images); i++) {
		assert_ok(
		    unpacking->job, unpacking_run(unpacking, fixture_bytes(*state, images[i])));
		assert_told("encrypted", "encrypted");
		assert_false(unpacking->tree->complete);
	}
}

static void
a_zip_without_its_directory_gives_what_is_there(void **state)
{
	struct span image = fixture_bytes(*state, "zip_file.img");

	assert_ok(unpacking->job, unpacking_run(unpacking, span_part(image, 0, image.size / 2)));
	assert_false(unpacking->tree->complete);
	assert_says("0.zip", "without its directory");
	assert_in_range(unpacking_count(unpacking, "0.zip"), 1, 268);
}

/* A header of a tar: an empty file, or a hard link to `target`. */
static void
put_tar_header(struct text *out, const char *name, char type, const char *target)
{
	uint8_t header[512] = {0};
	unsigned sum = 0;

	memcpy(header, name, strlen(name));
	memcpy(header + 100,
	    "0000644\0"
	    "0000000\0"
	    "0000000\0"
	    "00000000000\0"
	    "00000000000\0",
	    48);
	memset(header + 148, ' ', 8);
	header[156] = (uint8_t)type;
	memcpy(header + 157, target, strlen(target));
	memcpy(header + 257,
	    "ustar\0"
	    "00",
	    8);
	for (size_t i = 0; i < sizeof header; i++)
		sum += header[i];
	for (size_t i = 0; i < 6; i++)
		header[148 + i] = (uint8_t)('0' + (sum >> (15 - 3 * i) & 7));
	header[154] = 0;
	text_put_bytes(out, header, sizeof header);
}

static void
a_hard_link_to_nothing_is_damage(void **state)
{
	struct job *job = *state;
	struct text out = text_new(job);
	uint8_t zeros[1024] = {0};
	const char *bytes;

	put_tar_header(&out, "a", '0', "");
	put_tar_header(&out, "b", '1', "./a");
	put_tar_header(&out, "c", '1', "b");
	put_tar_header(&out, "d", '1', "later");
	put_tar_header(&out, "e", '1', "e");
	put_tar_header(&out, "later", '0', "");
	text_put_bytes(&out, zeros, sizeof zeros);
	assert_ok(job, text_finish(&out, &bytes));
	assert_ok(unpacking->job,
	    unpacking_run(unpacking, (struct span){(const uint8_t *)bytes, out.size}));
	assert_int_equal(unpacking_count(unpacking, "0.tar"), 4);
	assert_told("damaged", "a hard link to what is not there");
	assert_false(unpacking->tree->complete);
}

static void
put_big(uint8_t *at, uint64_t value, size_t size)
{
	for (size_t i = size; i-- > 0; value >>= 8)
		at[i] = (uint8_t)value;
}

static void
put_little(uint8_t *at, uint64_t value, size_t size)
{
	for (size_t i = 0; i < size; i++, value >>= 8)
		at[i] = (uint8_t)value;
}

/* The bytes of `image` from `place` on are claimed by a foreign thing of that size. */
static void
assert_foreign(struct span image, const char *path, const char *words, uint64_t size)
{
	unpacking_run(unpacking, image);
	assert_says(path, words);
	assert_int_equal(unpacking_region(unpacking, path)->as.region.bytes, size);
	assert_false(unpacking->tree->complete);
}

static void
what_is_not_read_is_recognised_and_measured(void **state)
{
	enum { SIZE = 160 << 10, AT = 4096 };
	uint8_t *image = arena_allocate(*state, SIZE), *at = image + AT;
	struct span whole = {image, SIZE};

	memcpy(at + 0x10040, "_BHRfS_M", 8);
	put_little(at + 0x10030, 0x10000, 8);
	put_little(at + 0x10070, 100000, 8);
	put_little(at + 0x10090, 4096, 4);
	assert_foreign(whole, "1000.foreign", "btrfs", 100000);
	put_little(at + 0x10030, 0x20000, 8); /* a program that knows its magic */
	assert_int_equal(unpacking_run(unpacking, whole), STATUS_MALFORMED);
	memset(image, 0, SIZE);
	memcpy(at, "LUKS\xba\xbe\0\1", 8);
	assert_int_equal(unpacking_run(unpacking, whole), STATUS_MALFORMED);
	memcpy(at + 8, "aes", 3);
	memcpy(at + 40, "xts-plain64", 11);
	put_big(at + 104, 4096, 4);
	put_big(at + 208, 0xac71f3, 4);
	assert_foreign(whole, "1000.foreign", "LUKS1", SIZE - AT);
	assert_string_equal(
	    unpacking_region(unpacking, "1000.foreign")->as.region.coverage, "encrypted");
	memset(image, 0, SIZE);
	memcpy(at + 8, "littlefs", 8);
	put_little(at + 20, 0x20001, 4);
	put_little(at + 24, 4096, 4);
	put_little(at + 28, 16, 4);
	assert_foreign(whole, "1000.foreign", "littlefs", 16 * 4096);
	memset(image, 0, SIZE);
	memcpy(
	    at + 512, "LABELONE", 8); /* of a volume only the head: what is in it is looked for */
	put_little(at + 520, 1, 8);
	put_little(at + 532, 32, 4);
	memcpy(at + 536, "LVM2 001", 8);
	put_little(at + 584, 65536, 8);
	assert_foreign(whole, "1000.foreign", "LVM2", 65536);
}

static void
a_bare_program_is_a_file(void **state)
{
	struct span program = fixture_bytes(*state, "bare.o");

	assert_ok(
	    unpacking->job, unpacking_run(unpacking, fixture_bytes(*state, "little/elf.img")));
	assert_says("7d0.elf", "object for");
	assert_int_equal(unpacking_region(unpacking, "7d0.elf")->as.region.bytes, program.size);
	assert_non_null(unpacking_digest(unpacking, "7d0.elf/data"));
	/* cut, and nothing says that one was expected */
	unpacking_run(unpacking,
	    span_part(fixture_bytes(*state, "little/elf.img"), 0, 2000 + program.size - 1));
	assert_null(unpacking_region(unpacking, "7d0.elf"));
}

static void
small_zlib_streams_among_bytes_nobody_knows_are_not_called_read(void **state)
{
	/* "hello" four times over, as zlib.compress makes it */
	static const uint8_t small[] = {0x78, 0x9c, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0xcf, 0x40, 0x27,
	    0x00, 0x55, 0x70, 0x08, 0x51};
	size_t size = (size_t)1 << 20;
	uint8_t *image = arena_allocate(*state, size);

	for (size_t i = 0; i + sizeof small < size; i += 64)
		memcpy(image + i + 16, small, sizeof small);
	assert_int_equal(unpacking_run(unpacking, (struct span){image, size}), STATUS_MALFORMED);
	assert_in_range(unpacking->tree->unread_bytes, size - 64, size); /* zeros are padding */
}

static void
a_file_of_a_tar_named_as_a_folder_is_damage(void **state)
{
	struct job *job = *state;
	struct text out = text_new(job);
	uint8_t noise[1536];
	const char *bytes;
	uint8_t *header;

	memset(noise, 'n', 512);
	memset(noise + 512, 0, 1024);
	put_tar_header(&out, "a", '0', "");
	put_tar_header(&out, "d/", '0', "");
	text_put_bytes(&out, noise, sizeof noise);
	assert_ok(job, text_finish(&out, &bytes));
	header = (uint8_t *)arena_string(job, bytes, out.size) + 512;
	header[132] = '1'; /* 512 bytes */
	header[153]++;
	unpacking_run(unpacking, (struct span){header - 512, out.size});
	assert_false(unpacking->tree->complete);
	for (size_t i = 0; i < unpacking->list.count; i++) {
		const struct fact *fact = &unpacking->list.facts[i];

		if (fact->kind == FACT_region && fact->as.region.detail != NULL)
			assert_null(strstr(fact->as.region.detail, "INTERNAL"));
	}
}

static void
headers_of_zips_before_many_ends_cost_little(void **state)
{
	enum { HEADERS = 300, HEADER = 31, ENDS = 3000, END = 22 };
	static const char header[HEADER + 1] = "PK\3\4\x14\0\0\0\0\0\0\0\0\0\0\0\0\0"
					       "\xff\xff\xff\x7f\xff\xff\xff\x7f\1\0\0\0a";
	size_t size = 64 + HEADERS * HEADER + ENDS * END;
	uint8_t *image = arena_allocate(*state, size), *at = image + 64;

	memset(image, 0x22, 64);
	for (size_t i = 0; i < HEADERS; i++, at += HEADER)
		memcpy(at, header, HEADER);
	for (size_t i = 0; i < ENDS; i++, at += END)
		memcpy(at, "PK\5\6", 4);
	unpacking_run(unpacking, (struct span){image, size}); /* within the test's time */
	assert_true(unpacking->tree->unread_bytes != 0 || !unpacking->tree->complete);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		packages_tell_name_version_and_machine, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_changed_payload_of_an_rpm_has_a_bad_sum, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_debian_package_without_its_data_is_not_whole, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(two_views_of_a_zip_must_agree, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		an_encrypted_7z_is_told_as_encrypted, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_zip_without_its_directory_gives_what_is_there, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_hard_link_to_nothing_is_damage, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		what_is_not_read_is_recognised_and_measured, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_bare_program_is_a_file, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		small_zlib_streams_among_bytes_nobody_knows_are_not_called_read, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_file_of_a_tar_named_as_a_folder_is_damage, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		headers_of_zips_before_many_ends_cost_little, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
