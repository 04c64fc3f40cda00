/* Cut anywhere, or with any bit flipped, an image still ends in findings: never a crash, never
 * "complete" without its files. */
#include "tests/support/unpacking.h"

#include <string.h>

#include "tests/support/support.h"

static const char *only; /* the argument: samples whose name contains it */

#define CUTS 64u
#define FLIPS 24u
#define INSERTIONS 12u
#define INSERTED 64u /* bytes at most */

/* Calls `damage` with each little sample and a copy of its bytes, with room for an insertion. */
static void
for_each_sample(struct job *job,
    void (*damage)(struct job *job, struct span image, const struct sample *sample, uint8_t *copy))
{
	struct sample *samples = arena_array(job, MAX_SAMPLES, sizeof *samples);
	size_t count = fixture_samples(job, "little/", only, samples, MAX_SAMPLES);

	assert_int_not_equal(count, 0);
	for (size_t i = 0; i < count; i++) {
		struct arena_mark mark = arena_mark(job->arena);
		struct span image = fixture_bytes(job, samples[i].image);
		uint8_t *copy = arena_allocate(job, image.size + INSERTED);

		assert_non_null(copy);
		memcpy(copy, image.at, image.size);
		damage(job, image, &samples[i], copy);
		arena_release(job->arena, mark);
	}
}

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

static struct unpacking *whole, *damaged;

static int
set_up(void **state)
{
	whole = unpacking_new((size_t)32 << 20, 0);
	damaged = unpacking_new((size_t)32 << 20, 1);
	return setup_job(state);
}

static int
tear_down(void **state)
{
	unpacking_free(whole);
	unpacking_free(damaged);
	return teardown_job(state);
}

static void
cut(struct job *job, struct span image, const struct sample *sample, uint8_t *copy)
{
	(void)job;
	(void)copy;
	if (sample->container[0] == '~')
		return;
	unpacking_run(whole, image);
	for (unsigned part = 0; part < CUTS; part++) {
		unpacking_run(damaged, span_part(image, 0, image.size * part / CUTS));
		assert_honest(damaged, whole, sample->image);
	}
	unpacking_run(damaged, span_part(image, 0, image.size - 1));
	assert_honest(damaged, whole, sample->image);
}

static void
an_image_cut_anywhere_is_never_called_complete(void **state)
{
	for_each_sample(*state, cut);
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
assert_ended(const struct sample *sample, const char *what, size_t at)
{
	if (damaged->status != STATUS_OK && damaged->status != STATUS_MALFORMED)
		fail_msg("%s with %s at byte %zu: status %d: %s", sample->image, what, at,
		    (int)damaged->status, damaged->job->reason);
}

static void
flip(struct job *job, struct span image, const struct sample *sample, uint8_t *copy)
{
	(void)job;
	for (unsigned i = 0; i < FLIPS; i++) {
		size_t at = place_of_flip(i, image.size);
		uint8_t bit = (uint8_t)(1u << (i % 8));

		copy[at] ^= bit;
		unpacking_run(damaged, (struct span){copy, image.size});
		assert_ended(sample, "a bit flipped", at);
		copy[at] ^= bit;
	}
}

static void
a_flipped_bit_never_ends_the_unpacker(void **state)
{
	for_each_sample(*state, flip);
}

/* Bytes that come from nowhere, the same ones on every run. */
static void
insert(struct job *job, struct span image, const struct sample *sample, uint8_t *copy)
{
	uint32_t random = 1;

	(void)job;
	for (unsigned i = 0; i < INSERTIONS; i++) {
		size_t at = place_of_flip(2 * i + 1 - i % 2, image.size);
		size_t count = 1 + i * (INSERTED - 1) / INSERTIONS;

		for (size_t b = 0; b < count; b++) {
			random = random * 1664525 + 1013904223;
			copy[at + b] = (uint8_t)(random >> 24);
		}
		memcpy(copy + at + count, image.at + at, image.size - at);
		unpacking_run(damaged, (struct span){copy, image.size + count});
		assert_ended(sample, "bytes inserted", at);
		memcpy(copy, image.at, image.size);
	}
}

static void
inserted_bytes_never_end_the_unpacker(void **state)
{
	for_each_sample(*state, insert);
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

/* The n-th allocation fails: the run ends with a reason, not with a crash, and what is called
 * complete has all its files. */
static void
memory_may_end_anywhere(void **state)
{
	static const char *const some[] = {"squashfs_gzip", "cramfs_little", "cpio_newc", "zip",
	    "uimage_lzma", "jffs2_big", "ext4", "fit", "hikvision", "gpt", "cab"};

	for (size_t i = 0; i < ARRAY_SIZE(some); i++) {
		struct span image =
		    fixture_bytes(*state, arena_printf(*state, "little/%s.img", some[i]));
		struct unpacking *all = unpacking_new((size_t)32 << 20, 0);
		struct unpacking *unpacking = unpacking_new((size_t)32 << 20, 0);

		assert_ok(all->job, unpacking_run(all, image));
		for (size_t n = 1; n < 3000; n += n < 40 ? 1 : 97) {
			arena_fail_after(unpacking->job->arena, n);
			unpacking_run(unpacking, image);
			arena_fail_after(unpacking->job->arena, 0);
			if (unpacking->status == STATUS_OK) {
				assert_non_null(unpacking->tree);
				assert_honest(unpacking, all, some[i]);
			}
		}
		unpacking_free(all);
		unpacking_free(unpacking);
	}
}

int
main(int count, char **arguments)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		an_image_cut_anywhere_is_never_called_complete, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_flipped_bit_never_ends_the_unpacker, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		inserted_bytes_never_end_the_unpacker, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_flipped_bit_in_tables_never_ends_the_unpacker, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(memory_may_end_anywhere, setup_job, teardown_job),
	};

	only = count > 1 ? arguments[1] : NULL;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
