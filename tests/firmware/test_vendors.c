/* Headers of vendors: sums are told as they are, what is under a key that is not known is named,
 * and what a hostile author writes into them ends as a finding. */
#include "tests/support/unpacking.h"

#include <string.h>
#include <time.h>

#include "base/text.h"
#include "tests/support/support.h"

#define MEMORY ((size_t)32 << 20)
#define SECONDS_ALLOWED 20 /* under the sanitizers, on a busy machine */

static const struct fact *
region_of(const struct unpacking *unpacking, const char *path)
{
	const struct fact *region = unpacking_region(unpacking, path);

	if (region == NULL)
		fail_msg("there is no %s", path);
	return region;
}

static void
assert_says(
    const struct unpacking *unpacking, const char *path, const char *coverage, const char *words)
{
	const struct fact *region = region_of(unpacking, path);

	assert_string_equal(region->as.region.coverage, coverage);
	if (strstr(region->as.region.detail, words) == NULL)
		fail_msg("%s: '%s' is not in '%s'", path, words, region->as.region.detail);
}

/* A fixture that may be written to, with the byte at `place` (from the end when negative) changed.
 */
static struct span
changed(struct job *job, const char *name, long place)
{
	struct span image = fixture_bytes(job, arena_printf(job, "little/%s.img", name));
	uint8_t *copy = (uint8_t *)arena_string(job, (const char *)image.at, image.size);

	assert_non_null(copy);
	if (place != 0)
		copy[place < 0 ? image.size - (size_t)-place : (size_t)place] ^= 0x20;
	return (struct span){copy, image.size};
}

struct told {
	const char *name, *region, *words;
};

static const struct told good[] = {
    {"tplink_v1", "0.tplink",
	"version 1, TP-LINK Technologies \"ver. 1.0\", hardware "
	"08410008 revision 1, md5 good"},
    {"tplink_v3", "0.tplink", "version 3, \"ver. 2.0\", hardware c2000001 revision 50, md5 good"},
    {"tplink_safeloader", "0.tplink_safeloader",
	"5 partitions, version 1.2.3 of 2023-11-14, for CPE210(TP-LINK|UN|N300-2):1.0, md5 "
	"good"},
    {"ubiquiti", "0.ubiquiti", "header crc32 good, 2 parts, crc32 good"},
    {"ubiquiti_signed", "0.ubiquiti", "2 parts, with an RSA signature"},
    {"npk", "0.npk", "routeros 6.45.6 for mipsbe, stable, 9 parts, with a signature"},
    {"xiaomi_hdr1", "0.xiaomi", "HDR1, device 0025, 2 blobs, crc32 good"},
    {"xiaomi_hdr2", "0.xiaomi", "HDR2, RA70 EU, 2 blobs, crc32 good"},
    {"netgear_chk", "0.netgear_chk",
	"board U12H072T00_NETGEAR, region 1, version 1.0.0.68_1.0.19, header sum good, "
	"image "
	"sum good"},
    {"netgear_dni", "0.netgear_dni",
	"device WNDR4300, version V1.0.2.104, hardware "
	"29763948+0+128+128, sum good"},
    {"seama", "0.seama",
	"big-endian, 1 payloads, md5 good, "
	"signature=wrgac05_dlob.hans_dir850l, dev=/dev/mtdblock/1"},
    {"seama_little", "0.seama", "little-endian, 1 payloads, md5 good"},
    {"realtek", "0.realtek", "cs6c, kernel, start 80500000, flash 030000, sum good"},
    {"senao", "0.senao", "header sum good, md5 good"},
    {"senao_combined", "0.senao", "model ENS620EXT, version \"1.0.5\", type 0"},
    {"hikvision", "0.hikvision", "header sum good, 0 of their sums bad"},
    {"reolink", "0.reolink", "type 2302, 4 sections, version v1.0.0.1, crc32 good"},
    {"wrgg", "0.wrgg", "wapac02_dkbs_dap2695, model dap2695, version v1.15, build r42, md5 good"},
    {"wrgg_big", "0.wrgg", "md5 good"},
    {"sercomm", "0.sercomm", "hardware A001 revision 1, version 00000100, sum good"},
    {"hikvision_outer", "0.hikvision", "packages, 1 packed, language 1, device class 2"},
    {"buffalo", "0.buffalo", "product WZR-HP-G300NH, version 1.99, under the known key, sum good"},
    {"avm_kernel", "0.avm_kernel", "crc32 good"},
    {"dlink_shrs", "0.dlink_shrs", "AES-128 under the known key, sha512 good"},
    {"qnap", "0.qnap", "TS-X53D, version 4.5.4 of 20210825"},
    {"zynos", "0.zynos", "version \"V3.40(AAB.0)b1\", sum good"},
    {"edimax_big", "0.edimax", "model RN54, big-endian"},
    {"asus", "2000.asus_trailer", "build 388, extended 51234, sums good"},
};

static void
good_sums_are_told_as_good(void **state)
{
	struct unpacking *unpacking = unpacking_new(MEMORY, 0);

	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		assert_ok(
		    unpacking->job, unpacking_run(unpacking, changed(*state, good[i].name, 0)));
		assert_says(unpacking, good[i].region, "read", good[i].words);
	}
	unpacking_free(unpacking);
}

static void
a_byte_changed_at_the_end_is_told_and_the_rest_is_read(void **state)
{
	/* the last bytes of the file systems are fill */
	static const struct told bad[] = {
	    {"tplink_v1", "0.tplink", "md5 bad"},
	    {"tplink_v3", "0.tplink", "md5 bad"},
	    {"tplink_safeloader", "0.tplink_safeloader", "md5 bad"},
	    {"netgear_chk", "0.netgear_chk", "header sum good, image sum bad"},
	    {"seama", "0.seama", "md5 bad"},
	    {"hikvision", "0.hikvision", "header sum good, 1 of their sums bad"},
	};
	struct unpacking *unpacking = unpacking_new(MEMORY, 0);

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct span image = changed(*state, bad[i].name, -8);

		assert_ok(unpacking->job, unpacking_run(unpacking, image));
		assert_says(unpacking, bad[i].region, "read", bad[i].words);
		assert_non_null(unpacking_digest(unpacking, "/etc/passwd"));
	}
	assert_ok(unpacking->job, unpacking_run(unpacking, changed(*state, "ubiquiti", -30)));
	assert_says(unpacking, "0.ubiquiti", "read", "crc32 of a part bad, crc32 bad");
	/* where the sum is all that tells the end */
	assert_ok(unpacking->job, unpacking_run(unpacking, changed(*state, "netgear_dni", -8)));
	assert_says(unpacking, "0.netgear_dni", "damaged", "sum bad");
	assert_non_null(unpacking_digest(unpacking, "/etc/passwd"));
	unpacking_free(unpacking);
}

static void
what_is_under_an_unknown_key_is_encrypted_and_unread(void **state)
{
	static const struct told sealed[] = {
	    {"dlink_shrs_other", "0.dlink_shrs", "encrypted under another key"},
	    {"hikvision_sealed", "0.hikvision", "encrypted under a key of the model"},
	    {"dlink_mh01", "0.dlink_mh01", "encrypted, image of 8192 bytes"},
	};
	struct unpacking *unpacking = unpacking_new(MEMORY, 0);

	for (size_t i = 0; i < ARRAY_SIZE(sealed); i++) {
		struct span image = changed(*state, sealed[i].name, 0);

		assert_ok(unpacking->job, unpacking_run(unpacking, image));
		assert_says(unpacking, sealed[i].region, "encrypted", sealed[i].words);
		assert_int_equal(unpacking->tree->unread_bytes, image.size);
		assert_false(unpacking->tree->complete);
	}
	assert_ok(unpacking->job, unpacking_run(unpacking, changed(*state, "dlink_encrpted", 0)));
	assert_says(unpacking, "0.dlink_encrpted", "read", "UBI inside");
	assert_ok(unpacking->job, unpacking_run(unpacking, changed(*state, "dlink_encrpted", 17)));
	assert_ok(unpacking->job, unpacking_run(unpacking, changed(*state, "dlink_encrpted", 50)));
	assert_says(unpacking, "0.dlink_encrpted", "encrypted", "under another key");
	unpacking_free(unpacking);
}

/* A SafeLoader image whose table names the whole image over and over. */
static struct span
hall_of_mirrors(struct job *job)
{
	struct text out = text_new(job);
	struct span inner = fixture_bytes(job, "squashfs_gzip.img");
	size_t table;
	const char *bytes;

	put_u32(&out, 0);
	for (size_t i = 4; i < 0x1014; i++)
		put_u8(&out, 0xff);
	table = out.size;
	for (unsigned i = 0; i < 36; i++)
		text_printf(&out, "fwup-ptn part%02u base 0x00800 size 0x%05x\t\r\n", i,
		    (unsigned)inner.size);
	while (out.size < table + 0x800)
		put_u8(&out, 0);
	text_put_bytes(&out, inner.at, inner.size);
	assert_ok(job, text_finish(&out, &bytes));
	return (struct span){(const uint8_t *)bytes, out.size};
}

static void
a_table_that_names_one_place_many_times_ends(void **state)
{
	struct unpacking *unpacking = unpacking_new(MEMORY, 0);
	time_t start = time(NULL);

	assert_ok(unpacking->job, unpacking_run(unpacking, hall_of_mirrors(*state)));
	assert_in_range(time(NULL) - start, 0, SECONDS_ALLOWED);
	assert_says(unpacking, "0.tplink_safeloader", "read", "36 partitions");
	unpacking_free(unpacking);
}

static void
a_partition_that_leaves_the_image_is_a_finding(void **state)
{
	struct unpacking *unpacking = unpacking_new(MEMORY, 0);
	struct span image = changed(*state, "tplink_safeloader", 0);
	size_t place = span_find(image, "file-system base 0x", 19, 0);

	assert_int_not_equal(place, SIZE_MAX);
	((uint8_t *)(uintptr_t)image.at)[place + 19] = 'f'; /* far away */
	assert_ok(unpacking->job, unpacking_run(unpacking, image));
	assert_false(unpacking->tree->complete);
	assert_says(unpacking, "0.tplink_safeloader", "damaged", "cut short");
	unpacking_free(unpacking);
}

static void
a_header_in_the_middle_whose_image_is_cut_is_damaged(void **state)
{
	struct unpacking *unpacking = unpacking_new(MEMORY, 0);
	struct span image = changed(*state, "tplink_v1", 0);
	uint8_t *shifted = arena_allocate(*state, image.size + 1000);

	assert_non_null(shifted);
	memcpy(shifted + 1000, image.at, image.size - 100);
	assert_ok(unpacking->job,
	    unpacking_run(unpacking, (struct span){shifted, image.size + 1000 - 100}));
	assert_says(unpacking, "3e8.tplink", "damaged", "cut short");
	assert_false(unpacking->tree->complete);
	unpacking_free(unpacking);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(good_sums_are_told_as_good, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_byte_changed_at_the_end_is_told_and_the_rest_is_read, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		what_is_under_an_unknown_key_is_encrypted_and_unread, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_table_that_names_one_place_many_times_ends, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_partition_that_leaves_the_image_is_a_finding, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_header_in_the_middle_whose_image_is_cut_is_damaged, setup_job, teardown_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
