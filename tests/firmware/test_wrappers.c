/* uImage and TRX: checksums are told as they are, and what is inside is found whatever the header
 * says. */
#include "tests/support/unpacking.h"

#include <string.h>

#include "base/text.h"
#include "tests/support/support.h"

static const char *
detail_of(const struct unpacking *unpacking, const char *path)
{
	const struct fact *region = unpacking_region(unpacking, path);

	if (region == NULL)
		fail_msg("there is no %s", path);
	return region->as.region.detail;
}

static void
assert_says(const struct unpacking *unpacking, const char *path, const char *words)
{
	const char *detail = detail_of(unpacking, path);

	if (strstr(detail, words) == NULL)
		fail_msg("%s: '%s' is not in '%s'", path, words, detail);
}

static void
a_good_uimage_has_two_good_sums(void **state)
{
	struct unpacking *unpacking = unpacking_new((size_t)64 << 20, 0);

	assert_ok(unpacking->job, unpacking_run(unpacking, fixture_bytes(*state, "uimage.img")));
	assert_says(
	    unpacking, "0.uimage", "header crc32 good, data crc32 good, kernel, gzip, \"kernel\"");
	assert_ok(
	    unpacking->job, unpacking_run(unpacking, fixture_bytes(*state, "uimage_lie.img")));
	assert_says(unpacking, "0.uimage", "gzip claimed but not there");
	unpacking_free(unpacking);
}

static void
a_changed_payload_has_a_bad_sum_and_is_read_all_the_same(void **state)
{
	struct unpacking *unpacking = unpacking_new((size_t)64 << 20, 0);
	struct span image = fixture_bytes(*state, "uimage_lie.img");
	uint8_t *copy = (uint8_t *)arena_string(*state, (const char *)image.at, image.size);

	copy[image.size - 1] ^= 1; /* padding of the cramfs */
	assert_ok(unpacking->job, unpacking_run(unpacking, (struct span){copy, image.size}));
	assert_says(unpacking, "0.uimage", "header crc32 good, data crc32 bad");
	assert_non_null(unpacking_digest(unpacking, "/etc/passwd"));
	unpacking_free(unpacking);
}

/* A TRX of two parts: a gzip stream and a cramfs. */
static struct span
make_trx(struct job *job, unsigned version, bool good)
{
	struct span first = fixture_bytes(job, "gzip.img");
	struct span second = fixture_bytes(job, "cramfs_little.img");
	struct text body = text_new(job), out = text_new(job);
	uint32_t header = version == 2 ? 32 : 28;
	const char *bytes;

	put_u16(&body, 0);
	put_u16(&body, (uint16_t)version);
	put_u32(&body, header);
	put_u32(&body, header + (uint32_t)first.size);
	for (unsigned i = 2; i < (version == 2 ? 4u : 3u); i++)
		put_u32(&body, 0);
	text_put_bytes(&body, first.at, first.size);
	text_put_bytes(&body, second.at, second.size);
	text_put(&out, "HDR0");
	put_u32(&out, (uint32_t)(12 + body.size));
	put_u32(&out, ~crc32_of(0, (struct span){(const uint8_t *)body.at, body.size}) ^ !good);
	text_put_bytes(&out, body.at, body.size);
	assert_ok(job, text_finish(&out, &bytes));
	return (struct span){(const uint8_t *)bytes, out.size};
}

static void
a_trx_of_either_version_opens_to_its_parts(void **state)
{
	struct job *job = *state;
	struct unpacking *unpacking = unpacking_new((size_t)64 << 20, 0);

	for (unsigned version = 1; version <= 2; version++) {
		struct span listing = fixture_bytes(job, "tree.files");
		size_t place = (version == 2 ? 32 : 28) + fixture_bytes(job, "gzip.img").size;

		assert_ok(unpacking->job, unpacking_run(unpacking, make_trx(job, version, true)));
		assert_true(unpacking->tree->complete);
		assert_says(unpacking, "0.trx",
		    version == 2 ? "version 2, crc32 good" : "version 1, crc32 good");
		unpacking_assert_same(
		    unpacking, arena_printf(job, "0.trx/%zx.cramfs", place), listing);
	}
	unpacking_free(unpacking);
}

static void
a_trx_with_a_bad_sum_says_so_and_is_read(void **state)
{
	struct unpacking *unpacking = unpacking_new((size_t)64 << 20, 0);

	assert_ok(unpacking->job, unpacking_run(unpacking, make_trx(*state, 1, false)));
	assert_says(unpacking, "0.trx", "version 1, crc32 bad");
	assert_non_null(unpacking_digest(unpacking, "/etc/passwd"));
	unpacking_free(unpacking);
}

static void
a_trx_survives_any_cut_and_any_flip_of_its_header(void **state)
{
	struct unpacking *unpacking = unpacking_new((size_t)64 << 20, 0);
	struct span image = make_trx(*state, 2, true);
	uint8_t *copy = (uint8_t *)arena_string(*state, (const char *)image.at, image.size);

	for (size_t bit = 0; bit < 32 * 8; bit += 3) {
		copy[bit / 8] ^= (uint8_t)(1u << (bit % 8));
		unpacking_run(unpacking, (struct span){copy, image.size});
		assert_true(unpacking->status == STATUS_OK);
		copy[bit / 8] ^= (uint8_t)(1u << (bit % 8));
	}
	for (unsigned part = 1; part < 64; part++) {
		unpacking_run(unpacking, span_part(image, 0, image.size * part / 64));
		assert_true(unpacking->status == STATUS_OK);
		assert_false(unpacking->tree->complete);
	}
	unpacking_free(unpacking);
}

static void
a_payload_of_nothing_known_is_a_file_and_is_offered(void **state)
{
	struct job *job = *state;
	struct unpacking *unpacking = unpacking_new((size_t)64 << 20, 0);
	struct span trx = make_trx(job, 1, true);
	uint8_t *copy = (uint8_t *)arena_string(job, (const char *)trx.at, trx.size);

	memset(copy + 28, 'k', trx.size - 28); /* the parts are gone, and the sum is bad */
	assert_ok(unpacking->job, unpacking_run(unpacking, (struct span){copy, trx.size}));
	assert_non_null(unpacking_digest(unpacking, "0.trx/data"));
	assert_int_equal(unpacking_count(unpacking, "0.trx"), 1);
	unpacking_free(unpacking);
}

/* A cpio archive of one file: a uImage around `payload`. */
static struct span
packed_uimage(struct job *job, const uint8_t *payload, size_t size)
{
	uint8_t header[64] = {0x27, 0x05, 0x19, 0x56};
	uint32_t sums[3] = {0, (uint32_t)size, crc32_of(0, (struct span){payload, size})};
	static const size_t places[] = {4, 12, 24};
	struct text out = text_new(job);
	const char *bytes;

	header[30] = 7;                /* a file system */
	for (size_t i = 3; i-- > 0;) { /* the header's own sum comes last, over zeros */
		if (i == 0)
			sums[0] = crc32_of(0, (struct span){header, sizeof header});
		for (size_t b = 0; b < 4; b++)
			header[places[i] + b] = (uint8_t)(sums[i] >> (24 - 8 * b));
	}
	text_printf(&out, "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x", 1, 0100644,
	    0, 0, 1, 0, (unsigned)(size + sizeof header), 0, 0, 0, 0, 2, 0);
	text_put_bytes(&out, "a\0", 2);
	text_put_bytes(&out, header, sizeof header);
	text_put_bytes(&out, payload, size);
	text_printf(&out, "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x", 0, 0, 0, 0,
	    1, 0, 0, 0, 0, 0, 0, 11, 0);
	text_put_bytes(&out, "TRAILER!!!\0\0\0\0", 14);
	assert_ok(job, text_finish(&out, &bytes));
	return (struct span){(const uint8_t *)bytes, out.size};
}

static void
a_foreign_file_system_in_an_archive_is_not_called_read(void **state)
{
	struct unpacking *unpacking = unpacking_new((size_t)64 << 20, 0);
	uint8_t payload[8192] = {0};
	const struct fact *region;

	memcpy(payload, "XFSB\0\0\x10", 7); /* blocks of 4 KiB */
	payload[15] = 2;                    /* so many */
	payload[101] = 4;                   /* version */
	assert_ok(unpacking->job,
	    unpacking_run(unpacking, packed_uimage(*state, payload, sizeof payload)));
	region = unpacking_region(unpacking, "0.cpio/a/0.uimage/40.foreign");
	assert_non_null(region);
	assert_string_equal(region->as.region.coverage, "unsupported");
	assert_int_equal(unpacking->tree->unread_bytes, sizeof payload);
	assert_false(unpacking->tree->complete);
	unpacking_free(unpacking);
}

static void
an_unknown_payload_of_low_entropy_is_a_gap(void **state)
{
	struct unpacking *unpacking = unpacking_new((size_t)64 << 20, 0);
	uint8_t payload[8192];

	for (size_t i = 0; i < sizeof payload; i++)
		payload[i] = (uint8_t)('a' + i % 3);
	assert_ok(unpacking->job,
	    unpacking_run(unpacking, packed_uimage(*state, payload, sizeof payload)));
	assert_non_null(unpacking_region(unpacking, "0.cpio/a/0.uimage"));
	assert_int_equal(unpacking->tree->unread_bytes, sizeof payload);
	unpacking_free(unpacking);
}

/* An entry of a cpio. */
struct member {
	const char *name;
	unsigned mode, inode, links;
	size_t size;
};

static void
put_newc(struct text *out, const struct member *member)
{
	size_t name = strlen(member->name) + 1;

	text_printf(out, "070701%08x%08x%08x%08x%08x%08x%08zx%08x%08x%08x%08x%08zx%08x",
	    member->inode, member->mode, 0u, 0u, member->links, 0u, member->size, 0u, 0u, 0u, 0u,
	    name, 0u);
	text_put_bytes(out, member->name, name);
	while (out->size % 4 != 0)
		text_put_bytes(out, "", 1);
	for (size_t i = 0; i < member->size; i++)
		text_put(out, i % 2 == 0 ? "a" : "b");
	while (out->size % 4 != 0)
		text_put_bytes(out, "", 1);
}

static void
run_newc(struct unpacking *unpacking, struct job *job, const struct member *members, size_t count)
{
	static const struct member trailer = {"TRAILER!!!", 0, 0, 1, 0};
	struct text out = text_new(job);
	const char *bytes;

	for (size_t i = 0; i < count; i++)
		put_newc(&out, &members[i]);
	put_newc(&out, &trailer);
	assert_ok(job, text_finish(&out, &bytes));
	assert_ok(unpacking->job,
	    unpacking_run(unpacking, (struct span){(const uint8_t *)bytes, out.size}));
}

static void
content_of_what_is_no_file_is_told(void **state)
{
	static const struct member odd[] = {
	    {"TRAILER!!!", 0, 0, 1, 100},
	    {"d", 0040755, 2, 1, 100},
	    {"dev", 0020600, 2, 1, 100},
	    {"fifo", 0010600, 2, 1, 100},
	    {"link", 0120777, 2, 1, 4096},
	    {".", 0100644, 2, 1, 100},
	    {"./", 0100644, 2, 1, 100},
	};
	static const struct member fine[] = {
	    {".", 0040755, 2, 1, 0},
	    {"d", 0040755, 3, 1, 0},
	    {"link", 0120777, 4, 1, 4095},
	};
	struct unpacking *unpacking = unpacking_new((size_t)64 << 20, 0);

	for (size_t i = 0; i < ARRAY_SIZE(odd); i++) {
		run_newc(unpacking, *state, &odd[i], 1);
		assert_false(unpacking->tree->complete);
		assert_int_equal(unpacking->tree->unread_bytes, odd[i].size);
	}
	run_newc(unpacking, *state, fine, ARRAY_SIZE(fine));
	assert_true(unpacking->tree->complete);
	unpacking_free(unpacking);
}

static void
hard_links_of_a_cpio_share_their_data_whichever_carries_it(void **state)
{
	static const struct member links[][3] = {
	    {{"a", 0100644, 9, 3, 7}, {"b", 0100644, 9, 3, 0}, {"c", 0100644, 9, 3, 0}},
	    {{"a", 0100644, 9, 3, 0}, {"b", 0100644, 9, 3, 7}, {"c", 0100644, 9, 3, 0}},
	    {{"a", 0100644, 9, 3, 0}, {"b", 0100644, 9, 3, 0}, {"c", 0100644, 9, 3, 7}},
	    {{"a", 0100644, 9, 3, 7}, {"b", 0100644, 9, 3, 7}, {"c", 0100644, 9, 3, 7}},
	};
	static const struct member unlike[] = {{"a", 0100644, 9, 2, 7}, {"b", 0100644, 9, 2, 8}};
	struct unpacking *unpacking = unpacking_new((size_t)64 << 20, 0);

	for (size_t i = 0; i < ARRAY_SIZE(links); i++) {
		run_newc(unpacking, *state, links[i], ARRAY_SIZE(links[i]));
		assert_true(unpacking->tree->complete);
		assert_int_equal(unpacking_count(unpacking, "0.cpio"), 3);
		for (size_t k = 0; k < 2; k++)
			assert_string_equal(unpacking_digest(unpacking, k == 0 ? "/a" : "/b"),
			    unpacking_digest(unpacking, "/c"));
		assert_string_not_equal(unpacking_digest(unpacking, "/a"),
		    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	}
	run_newc(unpacking, *state, unlike, ARRAY_SIZE(unlike));
	assert_false(unpacking->tree->complete);
	unpacking_free(unpacking);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		a_good_uimage_has_two_good_sums, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_changed_payload_has_a_bad_sum_and_is_read_all_the_same, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_trx_of_either_version_opens_to_its_parts, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_trx_with_a_bad_sum_says_so_and_is_read, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_trx_survives_any_cut_and_any_flip_of_its_header, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_payload_of_nothing_known_is_a_file_and_is_offered, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_foreign_file_system_in_an_archive_is_not_called_read, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		an_unknown_payload_of_low_entropy_is_a_gap, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		content_of_what_is_no_file_is_told, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		hard_links_of_a_cpio_share_their_data_whichever_carries_it, setup_job,
		teardown_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
