/* Images of microcontrollers: what they say of themselves is checked, and what they hide is told.
 */
#include "tests/support/unpacking.h"

#include <string.h>

#include "base/digest.h"
#include "tests/support/support.h"

#define MEMORY ((size_t)64 << 20)

/* A fixture that may be changed. */
static struct span
copy_of(struct job *job, const char *name, uint8_t **bytes)
{
	struct span image = fixture_bytes(job, name);

	*bytes = (uint8_t *)arena_string(job, (const char *)image.at, image.size);
	assert_non_null(*bytes);
	return (struct span){*bytes, image.size};
}

static void
assert_region(
    const struct unpacking *unpacking, const char *path, const char *coverage, const char *words)
{
	const struct fact *region = unpacking_region(unpacking, path);

	if (region == NULL)
		fail_msg("there is no %s", path);
	assert_string_equal(region->as.region.coverage, coverage);
	if (strstr(region->as.region.detail, words) == NULL)
		fail_msg("%s: '%s' is not in '%s'", path, words, region->as.region.detail);
}

/* Is there a finding below `path` that says so? */
static void
assert_finding(const struct unpacking *unpacking, const char *coverage, const char *words)
{
	for (size_t i = 0; i < unpacking->list.count; i++) {
		const struct fact *fact = &unpacking->list.facts[i];

		if (fact->kind == FACT_region && fact->as.region.detail != NULL &&
		    strcmp(fact->as.region.coverage, coverage) == 0 &&
		    strstr(fact->as.region.detail, words) != NULL)
			return;
	}
	fail_msg("nothing %s says '%s'", coverage, words);
}

static void
assert_file(const struct unpacking *unpacking, struct job *job, const char *tail, const char *text)
{
	char hex[DIGEST_HEX_SIZE];
	struct digest digest;

	assert_ok(job, digest_of(job, span_of_string(text), &digest));
	digest_to_hex(&digest, hex);
	assert_non_null(unpacking_digest(unpacking, tail));
	assert_string_equal(unpacking_digest(unpacking, tail), hex);
}

struct change {
	const char *name;
	int64_t at; /* from the end when negative */
	const char *path, *words;
};

/* One bit changed where a sum looks. */
static void
a_changed_bit_is_told_by_the_sum_that_covers_it(void **state)
{
	static const struct change changes[] = {
	    {"little/esp_image.img", 200, "0.esp_image", "checksum bad, sha256 bad"},
	    {"little/esp_image.img", -1, "0.esp_image", "checksum good, sha256 bad"},
	    {"little/esp_image.img", 9, "0.esp_image", "checksum good, sha256 bad"},
	    {"little/esp8266.img", 40, "0.esp8266_image", "checksum bad"},
	    {"little/mcuboot.img", 200, "0.mcuboot", "sha256 bad"},
	    {"little/mcuboot_protected.img", 200, "0.mcuboot", "sha384 bad"},
	    {"little/ihex.img", 400, "0.ihex", "checksums bad"},
	    {"little/srec_1.img", 400, "0.srec", "checksums bad"},
	    {"little/dfu_plain.img", 100, "0.dfu", "crc32 bad"},
	    {"little/dfuse.img", 900, "0.dfu", "crc32 bad"},
	    {"little/matter_ota.img", -1, "0.matter_ota", "sha256 bad"},
	    {"little/gbl.img", 900, "0.gbl", "crc32 bad"},
	};
	struct unpacking *unpacking = unpacking_new(MEMORY, 0);

	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		const struct change *change = &changes[i];
		uint8_t *bytes;
		struct span image = copy_of(*state, change->name, &bytes);
		size_t at = change->at < 0 ? image.size - (size_t)-change->at : (size_t)change->at;

		/* a digit of a text stays one */
		bytes[at] ^= strstr(change->words, "checksums") != NULL
				 ? bytes[at] ^ '0' ^ (bytes[at] == '0')
				 : 1;
		assert_ok(unpacking->job, unpacking_run(unpacking, image));
		assert_region(unpacking, change->path, "damaged", change->words);
		assert_false(unpacking->tree->complete);
	}
	unpacking_free(unpacking);
}

static void
a_signature_over_other_bytes_is_said_to_be_bad(void **state)
{
	struct unpacking *unpacking = unpacking_new(MEMORY, 0);
	uint8_t *bytes;
	struct span image = copy_of(*state, "little/esp_signed_v2.img", &bytes);

	assert_ok(unpacking->job, unpacking_run(unpacking, image));
	assert_region(unpacking, "0.esp_image", "read", "1 RSA-3072 signature, its digest good");
	bytes[image.size - 4096 - 1] ^= 1; /* fill between the image and its signature */
	assert_ok(unpacking->job, unpacking_run(unpacking, image));
	assert_region(unpacking, "0.esp_image", "read", "1 RSA-3072 signature, its digest bad");
	assert_non_null(unpacking_digest(unpacking, "0.esp_image/before_signature.bin"));
	unpacking_free(unpacking);
}

static void
values_of_nvs_are_files_and_the_newest_counts(void **state)
{
	struct unpacking *unpacking = unpacking_new(MEMORY, 0);
	uint8_t *bytes;
	struct span image = copy_of(*state, "little/esp_nvs.img", &bytes);

	assert_ok(unpacking->job, unpacking_run(unpacking, image));
	assert_true(unpacking->tree->complete);
	assert_file(unpacking, *state, "0.esp_nvs/wifi/ssid", "sample network");
	assert_file(unpacking, *state, "0.esp_nvs/wifi/channel", "6\n");
	assert_file(unpacking, *state, "0.esp_nvs/wifi/offset", "-42\n");
	bytes[64 + 32 + 1] ^= 1; /* the kind of the second entry */
	assert_ok(unpacking->job, unpacking_run(unpacking, image));
	assert_false(unpacking->tree->complete);
	assert_finding(unpacking, "damaged", "bad crc32");
	unpacking_free(unpacking);
}

/* The table of a flash, whose digest is made good again. */
#define TABLE 0x8000u
#define FIRST_OFFSET (TABLE + 4)
#define FIRST_LABEL (TABLE + 12)

static void
drop_digest(uint8_t *bytes)
{
	memset(bytes + TABLE + 4 * 32, 0xff, 32);
}

static void
a_partition_table_that_lies_is_none_or_a_finding(void **state)
{
	struct unpacking *unpacking = unpacking_new(MEMORY, 0);
	uint8_t *bytes;
	struct span image = copy_of(*state, "little/esp_flash.img", &bytes);

	assert_ok(unpacking->job, unpacking_run(unpacking, image));
	assert_true(unpacking->tree->complete);
	assert_file(
	    unpacking, *state, "0.esp_flash/nvs/0.esp_nvs/wifi/password", "sample password");
	bytes[FIRST_LABEL] = '.';
	assert_ok(unpacking->job, unpacking_run(unpacking, image));
	assert_region(unpacking, "0.esp_flash", "damaged", "md5 bad");
	drop_digest(bytes);
	memcpy(bytes + FIRST_LABEL, "..", 3);
	assert_ok(unpacking->job, unpacking_run(unpacking, image));
	assert_false(unpacking->tree->complete);
	assert_finding(unpacking, "damaged", "a name no file may have");
	memcpy(bytes + FIRST_LABEL, "nvs", 4);
	bytes[FIRST_OFFSET + 1] = 0xc0; /* over the next one */
	unpacking_run(unpacking, image);
	assert_null(unpacking_region(unpacking, "0.esp_flash"));
	unpacking_free(unpacking);
}

static void
partitions_nobody_reads_are_told(void **state)
{
	struct unpacking *unpacking = unpacking_new(MEMORY, 0);
	uint8_t *bytes;
	struct span image = copy_of(*state, "little/esp_flash.img", &bytes);

	drop_digest(bytes);
	bytes[TABLE + 3] = 0x82; /* NVS becomes SPIFFS */
	assert_ok(unpacking->job, unpacking_run(unpacking, image));
	assert_finding(unpacking, "unsupported", "the SPIFFS at 0x9000 is not read");
	bytes[TABLE + 3] = 2;
	memset(bytes, 0xff, 0x2000);
	bytes[0x1000] = 0xe9;            /* something like a loader */
	bytes[0x10000] = 0x42;           /* … and no application */
	bytes[TABLE + 2 * 32 + 28] |= 1; /* its partition is encrypted */
	assert_ok(unpacking->job, unpacking_run(unpacking, image));
	assert_finding(unpacking, "encrypted", "the application at 0x10000 is encrypted");
	bytes[TABLE + 2 * 32 + 28] = 0;
	assert_ok(unpacking->job, unpacking_run(unpacking, image));
	assert_finding(unpacking, "damaged", "there is no application at 0x10000");
	unpacking_free(unpacking);
}

static void
an_encrypted_payload_is_one_until_its_digest_is_good(void **state)
{
	struct unpacking *unpacking = unpacking_new(MEMORY, 0);
	uint8_t *bytes;
	struct span image = copy_of(*state, "little/mcuboot_encrypted.img", &bytes);

	assert_ok(unpacking->job, unpacking_run(unpacking, image));
	assert_region(unpacking, "0.mcuboot", "encrypted", "AES-256, key by ECIES X25519");
	assert_null(unpacking_digest(unpacking, "0.mcuboot/payload.bin"));
	assert_int_equal(unpacking->tree->unread_bytes, image.size);
	for (size_t i = 0; i < 4096; i++) /* as in the slot it runs from */
		bytes[0x80 + i] ^= 0x5a;
	assert_ok(unpacking->job, unpacking_run(unpacking, image));
	assert_region(unpacking, "0.mcuboot", "read", "sha256 good, Ed25519 signature");
	assert_non_null(unpacking_digest(unpacking, "0.mcuboot/payload.bin"));
	assert_ok(unpacking->job,
	    unpacking_run(unpacking, fixture_bytes(*state, "little/gbl_encrypted.img")));
	assert_region(unpacking, "0.gbl", "encrypted", "AES-CCM encrypted, ECDSA P-256 signature");
	unpacking_free(unpacking);
}

static void
the_end_of_a_slot_is_read(void **state)
{
	struct unpacking *unpacking = unpacking_new(MEMORY, 0);

	assert_ok(unpacking->job,
	    unpacking_run(unpacking, fixture_bytes(*state, "little/mcuboot_slot.img")));
	assert_region(
	    unpacking, "20000.mcuboot_trailer", "read", "copy done not set, image ok set");
	unpacking_free(unpacking);
}

static void
lines_of_records_are_joined_by_address(void **state)
{
	static const char image[] = ":020000021000EC\r\n:0400000041424344F2\r\n"
				    ":02000004080FE3\n:02000600494A65\n:0400000045464748E2\n\n"
				    ":00000001FF\nand something else";
	struct unpacking *unpacking = unpacking_new(MEMORY, 0);

	assert_ok(unpacking->job, unpacking_run(unpacking, span_of_string(image)));
	assert_region(unpacking, "0.ihex", "read", "6 records, checksums good, 10 bytes");
	assert_file(unpacking, *state, "0.ihex/0x00010000.bin", "ABCD");
	assert_file(unpacking, *state, "0.ihex/0x080f0000.bin", "EFGH\xff\xffIJ");
	assert_int_equal(unpacking_count(unpacking, "0.ihex"), 2);
	assert_ok(unpacking->job,
	    unpacking_run(unpacking, fixture_bytes(*state, "little/ihex_overlap.img")));
	assert_finding(unpacking, "damaged", "given twice");
	unpacking_free(unpacking);
}

static void
a_count_of_records_that_is_wrong_is_told(void **state)
{
	struct unpacking *unpacking = unpacking_new(MEMORY, 0);

	(void)state;
	assert_ok(unpacking->job, unpacking_run(unpacking, span_of_string("S1061000414243"
									  "23\nS5030001FB\n")));
	assert_region(unpacking, "0.srec", "read", "checksums good, 3 bytes");
	assert_ok(unpacking->job, unpacking_run(unpacking, span_of_string("S1061000414243"
									  "23\nS5030002FA\n")));
	assert_region(unpacking, "0.srec", "damaged", "checksums bad");
	unpacking_free(unpacking);
}

static void
a_missing_block_of_uf2_is_told(void **state)
{
	struct unpacking *unpacking = unpacking_new(MEMORY, 0);
	struct span image = fixture_bytes(*state, "little/uf2.img");

	assert_ok(unpacking->job, unpacking_run(unpacking, image));
	assert_region(unpacking, "0.uf2", "read", "RP2040");
	assert_ok(unpacking->job, unpacking_run(unpacking, span_from(image, 512)));
	assert_region(unpacking, "0.uf2", "damaged", "blocks are missing");
	unpacking_free(unpacking);
}

static void
an_element_larger_than_its_file_is_told(void **state)
{
	struct unpacking *unpacking = unpacking_new(MEMORY, 0);
	uint8_t *bytes;
	struct span image = copy_of(*state, "little/zigbee_ota.img", &bytes);

	bytes[69 + 5] = 0xff; /* the length of the first element */
	assert_ok(unpacking->job, unpacking_run(unpacking, image));
	assert_region(unpacking, "0.zigbee_ota", "damaged", "its elements do not fill it");
	assert_false(unpacking->tree->complete);
	unpacking_free(unpacking);
}

/* What begins like each of them, over and over. */
static void
weak_magics_claim_nothing(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
	} magics[] = {
	    {"\xe9\x01\x02\x20\0\0\0\x40\0\0\0\0\0\0\0\0", 16},
	    {"\xe9\x03\x00\x00\x94\x02\x10\x40\x00\x00\x10\x40\x74\x05\x00\x00", 16},
	    {"\x32\x54\xcd\xab", 4},
	    {"\xaa\x50\x00\x10\x00\x00\x01\x00\x00\x00\x10\x00", 12},
	    {"\x3d\xb8\xf3\x96\0\0\0\0\x20\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 32},
	    {"\x1e\xf1\xee\x0b\x00\x01\x38\x00", 8},
	    {"\xeb\x17\xa6\x03\x08\x00\x00\x00", 8},
	    {"UF2\x0a\x57\x51\x5d\x9e", 8},
	};
	struct unpacking *unpacking = unpacking_new(MEMORY, 0);
	struct job *job = *state;

	for (size_t i = 0; i < ARRAY_SIZE(magics); i++) {
		size_t size = (size_t)1 << 20;
		uint8_t *bytes = arena_allocate(job, size);

		assert_non_null(bytes);
		for (size_t at = 7; at + magics[i].size <= size; at += magics[i].size)
			memcpy(bytes + at, magics[i].bytes, magics[i].size);
		unpacking_run(unpacking, (struct span){bytes, size});
		for (size_t r = 0; r < unpacking->list.count; r++)
			if (unpacking->list.facts[r].kind == FACT_region &&
			    unpacking->list.facts[r].as.region.format[0] != '\0')
				fail_msg("magic %zu is said to be %s", i,
				    unpacking->list.facts[r].as.region.format);
	}
	unpacking_free(unpacking);
}

/* Each header vouches for the same payload, and hashes it once if at all. */
static void
many_headers_over_one_payload_cost_little(void **state)
{
	const size_t headers = 2000, total = (size_t)2 << 20, record = 36, records = 60;
	const size_t list = 4 + records * record + 4, size = total + list;
	uint8_t *image = arena_allocate(*state, size + 64), *at = image + 64;
	struct unpacking *unpacking = unpacking_new(MEMORY, 0);

	assert_non_null(image);
	memset(image, 0x22, size + 64);
	for (size_t i = 0; i < headers; i++, at += 32) {
		size_t left = total - 32 - i * 32;

		memcpy(at, "\x3d\xb8\xf3\x96\0\0\0\0\x20\0\0\0", 12);
		for (unsigned b = 0; b < 4; b++)
			at[12 + b] = (uint8_t)(left >> (8 * b));
		memset(at + 16, 0, 16);
	}
	at = image + 64 + total;
	memcpy(at, "\x07\x69", 2);
	at[2] = (uint8_t)list;
	at[3] = (uint8_t)(list >> 8);
	for (size_t i = 0; i < records; i++)
		memcpy(at + 4 + i * record, "\x10\x00\x20\x00", 4);
	memcpy(at + 4 + records * record, "\x10\x00\x60\xea", 4); /* this one is cut */
	unpacking_run(unpacking, (struct span){image, size + 64});
	assert_null(unpacking_region(unpacking, "40.mcuboot"));
	unpacking_free(unpacking);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_job, teardown_job)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_changed_bit_is_told_by_the_sum_that_covers_it),
	    TEST(a_signature_over_other_bytes_is_said_to_be_bad),
	    TEST(values_of_nvs_are_files_and_the_newest_counts),
	    TEST(a_partition_table_that_lies_is_none_or_a_finding),
	    TEST(partitions_nobody_reads_are_told),
	    TEST(an_encrypted_payload_is_one_until_its_digest_is_good),
	    TEST(the_end_of_a_slot_is_read),
	    TEST(lines_of_records_are_joined_by_address),
	    TEST(a_count_of_records_that_is_wrong_is_told),
	    TEST(a_missing_block_of_uf2_is_told),
	    TEST(an_element_larger_than_its_file_is_told),
	    TEST(weak_magics_claim_nothing),
	    TEST(many_headers_over_one_payload_cost_little),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
