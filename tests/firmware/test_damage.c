/* Cut anywhere, or with any bit flipped, an image still ends in findings: never a crash, never
 * "complete" without its files. */
#include "tests/support/unpacking.h"

#include <string.h>

#include "tests/support/support.h"

static const char *const images[] = {"squashfs_gzip", "squashfs_xz", "squashfs_lzma",
    "squashfs_lzo", "squashfs_lz4", "squashfs_zstd", "squashfs_stored", "cramfs_little",
    "cramfs_big", "cpio_newc", "cpio_crc", "tar_ustar", "zip", "gzip", "bzip2", "xz", "lzma",
    "zstd", "lz4", "lz4_legacy", "uimage", "uimage_lie", "uimage_lzma",
    "flash" /* the last: two things in a row, of which the first alone is complete too */};

#define CUTS 64u
#define FLIPS 24u

/* Every digest told without damage must be one of the whole image. */
static void
assert_honest(const struct unpacking *cut, const struct unpacking *whole, const char *image)
{
	const char *digest = NULL;

	if (cut->status == STATUS_MALFORMED)
		return; /* nothing recognised: nothing claimed */
	if (cut->status != STATUS_OK)
		fail_msg("%s: status %d: %s", image, (int)cut->status, cut->job->reason);
	for (size_t i = 0; cut->tree->complete && i < whole->list.count; i++) {
		const struct fact *fact = &whole->list.facts[i];

		digest = fact->kind == FACT_file ? fact->as.file.sha256 : NULL;
		if (digest != NULL && unpacking_digest(cut, fact->path) == NULL)
			fail_msg("%s is said to be complete without %s", image, fact->path);
	}
}

static void
an_image_cut_anywhere_is_never_called_complete(void **state)
{
	struct unpacking *whole = unpacking_new((size_t)32 << 20, 0);
	struct unpacking *cut = unpacking_new((size_t)32 << 20, 1);

	for (size_t i = 0; i + 1 < ARRAY_SIZE(images); i++) {
		struct span image =
		    fixture_bytes(*state, arena_printf(*state, "%s.img", images[i]));

		assert_ok(whole->job, unpacking_run(whole, image));
		for (unsigned part = 0; part < CUTS; part++) {
			unpacking_run(cut, span_part(image, 0, image.size * part / CUTS));
			assert_honest(cut, whole, images[i]);
		}
		unpacking_run(cut, span_part(image, 0, image.size - 1));
		assert_honest(cut, whole, images[i]);
	}
	unpacking_free(whole);
	unpacking_free(cut);
}

/* The first bytes carry the headers, so half of the flips go there. */
static size_t
place_of_flip(unsigned flip, size_t size)
{
	if (flip % 2 == 0)
		return (flip / 2 * 5) % (size < 128 ? size : 128);
	return (size_t)((uint64_t)size * flip / FLIPS);
}

static void
a_flipped_bit_never_ends_the_unpacker(void **state)
{
	struct unpacking *unpacking = unpacking_new((size_t)32 << 20, 1);

	for (size_t i = 0; i < ARRAY_SIZE(images); i++) {
		struct span image =
		    fixture_bytes(*state, arena_printf(*state, "%s.img", images[i]));
		uint8_t *copy = (uint8_t *)arena_string(*state, (const char *)image.at, image.size);

		assert_non_null(copy);
		for (unsigned flip = 0; flip < FLIPS; flip++) {
			size_t at = place_of_flip(flip, image.size);
			uint8_t bit = (uint8_t)(1u << (flip % 8));

			copy[at] ^= bit;
			unpacking_run(unpacking, (struct span){copy, image.size});
			if (unpacking->status != STATUS_OK && unpacking->status != STATUS_MALFORMED)
				fail_msg("%s with bit %u of byte %zu: status %d: %s", images[i],
				    flip % 8, at, (int)unpacking->status, unpacking->job->reason);
			copy[at] ^= bit;
		}
	}
	unpacking_free(unpacking);
}

/* Tables lie at the end of a SquashFS, so flips go there as well, thickly. */
static void
a_flipped_bit_in_tables_never_ends_the_unpacker(void **state)
{
	struct unpacking *unpacking = unpacking_new((size_t)32 << 20, 0);
	struct span image = fixture_bytes(*state, "squashfs_stored.img");
	uint8_t *copy = (uint8_t *)arena_string(*state, (const char *)image.at, image.size);
	size_t from = image.size - 24000;

	assert_non_null(copy);
	for (size_t at = from; at < image.size; at += 61) {
		copy[at] ^= (uint8_t)(1u << (at % 8));
		unpacking_run(unpacking, (struct span){copy, image.size});
		assert_true(
		    unpacking->status == STATUS_OK || unpacking->status == STATUS_MALFORMED);
		copy[at] ^= (uint8_t)(1u << (at % 8));
	}
	unpacking_free(unpacking);
}

/* The n-th allocation fails: the run ends with a reason, not with a crash. */
static void
memory_may_end_anywhere(void **state)
{
	static const char *const some[] = {
	    "squashfs_gzip", "cramfs_little", "cpio_newc", "zip", "uimage_lzma"};

	for (size_t i = 0; i < ARRAY_SIZE(some); i++) {
		struct span image = fixture_bytes(*state, arena_printf(*state, "%s.img", some[i]));
		struct unpacking *unpacking = unpacking_new((size_t)32 << 20, 0);

		for (size_t n = 1; n < 3000; n += n < 40 ? 1 : 97) {
			enum status status;

			arena_fail_after(unpacking->job->arena, n);
			status = unpacking_run(unpacking, image);
			arena_fail_after(unpacking->job->arena, 0);
			if (status == STATUS_OK)
				assert_non_null(unpacking->tree);
		}
		unpacking_free(unpacking);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		an_image_cut_anywhere_is_never_called_complete, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_flipped_bit_never_ends_the_unpacker, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_flipped_bit_in_tables_never_ends_the_unpacker, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(memory_may_end_anywhere, setup_job, teardown_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
