/* File systems of raw flash made to trap a reader end as findings, in seconds; what is old stays
 * old.
 */
#include "tests/support/unpacking.h"

#include <string.h>
#include <time.h>

#include "firmware/formats/ubi.h"
#include "tests/support/support.h"

#define MEMORY ((size_t)64 << 20)
#define SECONDS_ALLOWED 20 /* under the sanitizers, on a busy machine */
#define UPPER 0x8000u

static struct unpacking *
unpack_bytes(struct span image)
{
	struct unpacking *unpacking = unpacking_new(MEMORY, 1);
	time_t start = time(NULL);

	unpacking_run(unpacking, image);
	assert_in_range(time(NULL) - start, 0, SECONDS_ALLOWED);
	assert_int_equal(unpacking->status, STATUS_OK);
	return unpacking;
}

static struct unpacking *
unpack_fixture(struct job *job, const char *name)
{
	return unpack_bytes(fixture_bytes(job, arena_printf(job, "little/%s.img", name)));
}

/* Something is said to be missing, in these words. */
static void
assert_tells(const struct unpacking *unpacking, const char *coverage, const char *words)
{
	bool told = false;

	assert_false(unpacking->tree->complete);
	for (size_t i = 0; i < unpacking->list.count; i++) {
		const struct fact *fact = &unpacking->list.facts[i];

		told = told || (fact->kind == FACT_region && fact->as.region.detail != NULL &&
				   strcmp(fact->as.region.coverage, coverage) == 0 &&
				   strstr(fact->as.region.detail, words) != NULL);
	}
	if (!told)
		fail_msg("nothing is %s: %s", coverage, words);
}

static void
assert_told(struct job *job, const char *name, const char *coverage, const char *words)
{
	struct unpacking *unpacking = unpack_fixture(job, name);

	assert_tells(unpacking, coverage, words);
	unpacking_free(unpacking);
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
put_big(uint8_t *at, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> (24 - 8 * i));
}

static void
an_index_that_leads_to_itself_or_nowhere_is_not_needed(void **state)
{
	static const char *const images[] = {"ubifs_loop", "ubifs_half"};
	struct span listing = fixture_bytes(*state, "little.files");

	for (size_t i = 0; i < ARRAY_SIZE(images); i++) {
		struct unpacking *unpacking = unpack_fixture(*state, images[i]);

		unpacking_assert_same(unpacking, "0.ubifs", listing);
		unpacking_free(unpacking);
		assert_told(*state, images[i], "damaged", "the index is damaged");
	}
}

static void
what_is_encrypted_is_said_to_be(void **state)
{
	struct unpacking *unpacking = unpack_fixture(*state, "ubifs_encrypted");

	assert_int_equal(unpacking_count(unpacking, "0.ubifs"), 0);
	unpacking_free(unpacking);
	assert_told(*state, "ubifs_encrypted", "encrypted", "fscrypt");
}

/* Takes their links from the inodes of all regular files. */
static unsigned
unlink_files(uint8_t *image, size_t size)
{
	unsigned count = 0;

	for (size_t at = 0; at + 160 <= size; at += 8) {
		uint8_t *node = image + at;
		size_t bytes = (size_t)(node[16] | node[17] << 8);
		uint32_t crc;

		if (memcmp(node, "\x31\x18\x10\x06", 4) != 0 || node[20] != 0 ||
		    (node[105] & 0xf0) != 0x80 || bytes > size - at)
			continue;
		memset(node + 92, 0, 4);
		crc = ubi_crc((struct span){node + 8, bytes - 8});
		for (unsigned i = 0; i < 4; i++)
			node[4 + i] = (uint8_t)(crc >> 8 * i);
		count++;
	}
	return count;
}

static void
a_name_keeps_its_file_when_the_inode_denies_it(void **state)
{
	struct span listing = fixture_bytes(*state, "little.files");
	size_t size;
	uint8_t *image = copy_of(*state, "little/ubifs_zlib.img", &size);
	struct unpacking *unpacking;

	assert_true(unlink_files(image, size) >= 4);
	unpacking = unpack_bytes((struct span){image, size});
	unpacking_assert_same(unpacking, "0.ubifs", listing);
	assert_tells(unpacking, "damaged", "says that it has none");
	unpacking_free(unpacking);
}

/* The last eraseblock that holds something becomes one of a volume of UBI's own. */
static void
eraseblocks_of_no_known_volume_are_gaps(void **state)
{
	static const uint32_t places[][2] = {{0x7fffefff, 2}, {0x7ffff002, 0}, {UINT32_MAX, 0}};

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		struct unpacking *unpacking;
		size_t size, at = 0;
		uint8_t *image = copy_of(*state, "little/ubi_dynamic.img", &size);

		for (size_t place = 0; place + 64 <= size; place += 256)
			if (memcmp(image + place, "UBI!", 4) == 0)
				at = place;
		assert_int_not_equal(at, 0);
		put_big(image + at + 8, places[i][0]);
		put_big(image + at + 12, places[i][1]);
		put_big(image + at + 60, ubi_crc((struct span){image + at, 60}));
		unpacking = unpack_bytes((struct span){image, size});
		assert_tells(unpacking, "gap", "1 eraseblocks are of no volume");
		unpacking_free(unpacking);
	}
}

static void
an_update_half_done_is_told(void **state)
{
	assert_told(*state, "ubi_updating", "damaged", "its update was not finished");
}

static void
pieces_over_pieces_reach_a_limit(void **state)
{
	assert_told(*state, "jffs2_bomb", "damaged", "limit");
}

static void
folders_in_one_another_are_entered_once(void **state)
{
	assert_told(*state, "jffs2_loop", "damaged", "seen before");
	assert_told(*state, "yaffs2_loop", "damaged", "3 objects are in no folder");
	assert_told(*state, "yaffs2_loop", "damaged", "larger than the memory allowed");
	assert_told(*state, "yaffs2_loop", "damaged", "a link to nothing");
}

static void
attributes_that_were_taken_back_are_gone(void **state)
{
	struct unpacking *unpacking = unpack_fixture(*state, "jffs2_worn");
	unsigned found = 0;

	for (size_t i = 0; i < unpacking->list.count; i++) {
		const struct fact *fact = &unpacking->list.facts[i];

		if (fact->kind != FACT_attribute)
			continue;
		assert_string_equal(fact->as.attribute.name, "user.colour");
		found++;
	}
	assert_int_equal(found, 4);
	unpacking_free(unpacking);
}

/* The coder of rubin, to have something to decode. */
struct encoder {
	uint8_t *out;
	size_t bits;
	uint32_t width, low;
};

static void
push(struct encoder *encoder, bool bit)
{
	if (bit)
		encoder->out[encoder->bits / 8] |= (uint8_t)(0x80u >> encoder->bits % 8);
	encoder->bits++;
}

static void
encode_bit(struct encoder *encoder, uint32_t divider, uint32_t ones, bool bit)
{
	uint32_t zero_part;

	while (encoder->low >= UPPER || encoder->width + encoder->low <= UPPER) {
		push(encoder, (encoder->low & UPPER) != 0);
		encoder->low = (encoder->low & (UPPER - 1)) << 1;
		encoder->width <<= 1;
	}
	zero_part = (divider - ones) * encoder->width / divider;
	if (zero_part == 0)
		zero_part = 1;
	if (zero_part >= encoder->width)
		zero_part = encoder->width - 1;
	encoder->low += bit ? zero_part : 0;
	encoder->width = bit ? encoder->width - zero_part : zero_part;
}

static size_t
encode(struct span in, uint32_t divider, const uint32_t ones[8], uint8_t *out)
{
	struct encoder encoder = {.out = out, .width = 2 * UPPER};

	for (size_t i = 0; i < in.size; i++)
		for (unsigned bit = 0; bit < 8; bit++)
			encode_bit(&encoder, divider, ones[bit], in.at[i] >> bit & 1);
	for (unsigned i = 0; i < 16; i++) {
		push(&encoder, (encoder.low & UPPER) != 0);
		encoder.low = (encoder.low & (UPPER - 1)) << 1;
	}
	return (encoder.bits + 7) / 8;
}

static void
rubin_is_decoded_with_fixed_and_given_probabilities(void **state)
{
	static const uint32_t fixed[8] = {277, 249, 290, 267, 229, 341, 212, 241};
	static const uint32_t given[8] = {100, 20, 128, 90, 60, 200, 220, 1};
	struct span text = span_part(fixture_bytes(*state, "tree/etc/numbers"), 0, 4096);
	struct codec_states states = {0};
	uint8_t packed[8192] = {0}, out[4096];
	size_t size, used = encode(text, 1043, fixed, packed);

	assert_true(codec_decode(
	    &states, &codec_rubin, (struct span){packed, used}, out, sizeof out, &size));
	assert_memory_equal(out, text.at, sizeof out);
	memset(packed, 0, sizeof packed);
	for (size_t i = 0; i < 8; i++)
		packed[i] = (uint8_t)given[i];
	used = 8 + encode(text, 256, given, packed + 8);
	assert_true(codec_decode(
	    &states, &codec_rubin, (struct span){packed, used}, out, sizeof out, &size));
	assert_memory_equal(out, text.at, sizeof out);
	/* one byte less, and it is told */
	assert_false(codec_decode(
	    &states, &codec_rubin, (struct span){packed, used - 1}, out, sizeof out, &size));
	codec_states_close(&states);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		an_index_that_leads_to_itself_or_nowhere_is_not_needed, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		what_is_encrypted_is_said_to_be, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_name_keeps_its_file_when_the_inode_denies_it, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		eraseblocks_of_no_known_volume_are_gaps, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(an_update_half_done_is_told, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		pieces_over_pieces_reach_a_limit, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		folders_in_one_another_are_entered_once, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		attributes_that_were_taken_back_are_gone, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		rubin_is_decoded_with_fixed_and_given_probabilities, setup_job, teardown_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
