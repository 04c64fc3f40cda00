/* The block decoders agree with the libraries that wrote the blocks; the LZO decoder, our own, with
 * liblzo2. */
#include "firmware/codecs/codec.h"

#include <lzo/lzo1x.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/support.h"

#define SIZE ((size_t)70000)

/* Bytes of several natures: text, noise, runs, near and far repetitions. */
static uint8_t *
sample(struct job *job, unsigned nature)
{
	uint8_t *bytes = arena_allocate(job, SIZE);
	uint32_t random = 12345 + nature;

	assert_non_null(bytes);
	for (size_t i = 0; i < SIZE; i++) {
		random = random * 1664525 + 1013904223;
		switch (nature) {
		case 0:
			bytes[i] = (uint8_t)(random >> 24);
			break;
		case 1:
			bytes[i] = (uint8_t)('a' + (random >> 24) % 4);
			break;
		case 2:
			bytes[i] = 0;
			break;
		case 3: /* repeats at growing distances */
			bytes[i] = i > 50000  ? bytes[i - 49000]
				   : i > 3000 ? bytes[i - 1 - (i / 16) % 3000]
					      : (uint8_t)(random >> 24);
			break;
		default: /* noise with short repeats */
			bytes[i] = i > 20 && i % 37 < 5 ? bytes[i - 17] : (uint8_t)(random >> 24);
		}
	}
	return bytes;
}

static size_t
pack(struct job *job, const uint8_t *in, size_t size, bool best, uint8_t *out)
{
	lzo_uint packed = 0;
	void *memory = arena_allocate(job, best ? LZO1X_999_MEM_COMPRESS : LZO1X_1_MEM_COMPRESS);

	assert_non_null(memory);
	if (best)
		assert_int_equal(lzo1x_999_compress(in, size, out, &packed, memory), LZO_E_OK);
	else
		assert_int_equal(lzo1x_1_compress(in, size, out, &packed, memory), LZO_E_OK);
	return packed;
}

static void
lzo_gives_back_what_liblzo2_packed(void **state)
{
	struct job *job = *state;
	uint8_t *packed = arena_allocate(job, SIZE * 2), *out = arena_allocate(job, SIZE);

	assert_int_equal(lzo_init(), LZO_E_OK);
	for (unsigned nature = 0; nature < 5; nature++) {
		const uint8_t *bytes = sample(job, nature);

		for (size_t size = 1; size <= SIZE; size += size < 300 ? 1 : 9973) {
			struct arena_mark mark = arena_mark(job->arena);
			size_t in = pack(job, bytes, size, size % 2 == 0 || size > 300, packed);
			size_t got = 0;

			arena_release(job->arena, mark);

			assert_true(
			    codec_lzo.block(NULL, (struct span){packed, in}, out, size, &got));
			assert_int_equal(got, size);
			assert_memory_equal(out, bytes, size);
		}
	}
}

/* On damaged blocks both refuse, or both give the same. */
static void
lzo_agrees_with_liblzo2_on_damage(void **state)
{
	struct job *job = *state;
	uint8_t *packed = arena_allocate(job, SIZE * 2), *out = arena_allocate(job, SIZE);
	uint8_t *theirs = arena_allocate(job, SIZE);
	const size_t size = 5000;

	assert_int_equal(lzo_init(), LZO_E_OK);
	for (unsigned nature = 0; nature < 5; nature++) {
		size_t in = pack(job, sample(job, nature), size, true, packed);

		for (size_t at = 0; at < in; at += 1 + in / 500) {
			uint8_t *exact = malloc(in);
			lzo_uint their_size = SIZE;
			size_t got = 0;
			bool good;
			int result;

			assert_non_null(exact);
			memcpy(exact, packed, in);
			exact[at] ^= (uint8_t)(1u << (at % 8));
			good = codec_lzo.block(NULL, (struct span){exact, in}, out, SIZE, &got);
			result = lzo1x_decompress_safe(exact, in, theirs, &their_size, NULL);
			if (result == LZO_E_OK) {
				assert_true(good);
				assert_int_equal(got, their_size);
				assert_memory_equal(out, theirs, got);
			} else {
				assert_false(good);
			}
			free(exact);
		}
	}
}

static void
lzo_refuses_what_is_cut_or_too_large(void **state)
{
	struct job *job = *state;
	uint8_t *packed = arena_allocate(job, SIZE * 2), *out = arena_allocate(job, SIZE);
	size_t in, got = 0;

	assert_int_equal(lzo_init(), LZO_E_OK);
	in = pack(job, sample(job, 3), 5000, true, packed);
	for (size_t cut = 0; cut < in; cut++)
		assert_false(codec_lzo.block(NULL, (struct span){packed, cut}, out, SIZE, &got));
	for (size_t room = 0; room < 5000; room += 7)
		assert_false(codec_lzo.block(NULL, (struct span){packed, in}, out, room, &got));
}

static void
a_buffer_never_passes_its_limit(void **state)
{
	struct buffer buffer = {.limit = 100000};

	(void)state;
	assert_true(buffer_reserve(&buffer, 1));
	assert_in_range(buffer.room, 1, 100000);
	buffer.size = 99999;
	assert_true(buffer_reserve(&buffer, 1 << 20));
	assert_int_equal(buffer.room, 100000);
	buffer.size = 100000;
	assert_false(buffer_reserve(&buffer, 1));
	buffer_free(&buffer);
	assert_null(buffer.at);
}

static void
crc32_is_that_of_the_standard(void **state)
{
	static const uint8_t check[] = "123456789";

	(void)state;
	assert_int_equal(crc32_of(0, (struct span){check, 9}), 0xcbf43926);
	assert_int_equal(
	    crc32_of(crc32_of(0, (struct span){check, 4}), (struct span){check + 4, 5}),
	    0xcbf43926);
	assert_int_equal(crc32_of(0, (struct span){0}), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		lzo_gives_back_what_liblzo2_packed, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		lzo_agrees_with_liblzo2_on_damage, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		lzo_refuses_what_is_cut_or_too_large, setup_job, teardown_job),
	    cmocka_unit_test(a_buffer_never_passes_its_limit),
	    cmocka_unit_test(crc32_is_that_of_the_standard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
