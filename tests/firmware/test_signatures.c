/* What other tools signed verifies, whatever is changed in it does not, and nothing in it does
 * harm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "firmware/reading.h"
#include "firmware/signature.h"
#include "tests/support/collecting.h"
#include "tests/support/unpacking.h"

#include <cmocka.h>

#define SAMPLES "build/fixtures/signatures"

extern const struct collector collector_update_signature;

/* Every kind of signature, and what of it stands in the truth. */
static const struct {
	const char *kind, *format, *image, *key;
	bool strict; /* no byte of its middle half is left out */
} samples[] = {
    {"fit", "fit", "fit-rsa2048.itb", "right-rsa2048.crt", true},
    {"fit", "fit", "fit-rsa4096-pss.itb", "right-rsa4096.crt", true},
    {"fit", "fit", "fit-ecdsa.itb", "right-p256.crt", true},
    {"mcuboot", "mcuboot", "mcuboot-p384.bin", "right-p384.pub.pem", true},
    {"mcuboot", "mcuboot", "mcuboot-rsa3072.bin", "right-rsa3072.pub.pem", true},
    {"mcuboot", "mcuboot", "mcuboot-ed25519-pure.bin", "right-ed25519.pub.pem", true},
    {"esp", "esp_image", "esp-v1.bin", "right-p256.pub.pem", true},
    {"esp", "esp_image", "esp-v2-rsa.bin", "right-rsa3072.pub.pem", false},
    {"esp", "esp_image", "esp-v2-ecdsa.bin", "right-p256.pub.pem", false},
    {"avb", "avb", "avb-rsa2048.img", "right-rsa2048.pub.pem", false},
    {"rauc", "rauc", "rauc-plain.raucb", "right-rsa4096.crt", true},
    {"rauc", "rauc", "rauc-verity.raucb", "right-rsa4096.crt", true},
    {"swupdate", "swu", "swu-cms-rsa.swu", "right-rsa2048.crt", true},
    {"swupdate", "swu", "swu-pss.swu", "right-rsa4096.crt", true},
    {"mender", "mender", "mender-p256.mender", "right-p256.pub.pem", false},
    {"uefi", "uefi_capsule", "uefi-rsa2048.cap", "right-rsa2048.crt", true},
    {"usign", "fwtool", "usign.img", "right-usign.pub", true},
    {"usign", "fwtool", "ucert.img", "right-usign.pub", true},
    {"zigbee", "zigbee_ota", NULL, NULL, false},
    {"matter", "matter_ota", NULL, NULL, false},
};

static struct span
read_sample(struct job *job, const char *folder, const char *name)
{
	struct span bytes;

	assert_int_equal(
	    file_read(job, arena_printf(job, "%s/%s", folder, name), (size_t)4 << 20, &bytes),
	    STATUS_OK);
	return bytes;
}

/* What one container, which is the image, says of itself; with a key or without. */
struct look {
	struct collecting *collecting;
	struct key_ring *keys;
	const char *format;
};

static const struct update_signature_fact *
look_at(struct look *look, struct span image)
{
	struct evidence evidence = evidence_to_list(&look->collecting->list);
	/* fwtool's block is the end of the image, the rest stands before it */
	size_t tail = strcmp(look->format, "fwtool") == 0 && image.size > 16
			  ? ((size_t)image.at[image.size - 2] << 8 | image.at[image.size - 1])
			  : image.size;
	struct region region = {.path = "0.x", .parent = "", .format = look->format, .detail = ""};
	struct tree tree = {.regions = &region, .region_count = 1, .image_bytes = image.size};

	tail = tail > image.size ? image.size : tail;
	region.content = span_from(image, image.size - tail);
	region.bytes = tail;
	region.offset = image.size - tail;
	look->collecting->list.count = 0;
	look->collecting->collection.tree = &tree;
	look->collecting->collection.image = image;
	look->collecting->collection.keys = look->keys;
	look->keys->seen_count = 0;
	assert_int_equal(collector_update_signature.conclude(
			     look->collecting->job, &look->collecting->collection, &evidence),
	    STATUS_OK);
	assert_int_equal(look->collecting->list.count, 1);
	return &look->collecting->list.facts[0].as.update_signature;
}

static struct look
look_new(const char *format, const char *key)
{
	struct look look = {.collecting = collecting_new(), .format = format};
	size_t added = 0;

	look.keys = key_ring_new(look.collecting->job);
	assert_non_null(look.keys);
	if (key != NULL) {
		assert_int_equal(
		    key_ring_read(look.keys, key,
			read_sample(look.collecting->job, SAMPLES "/keys", key), true, &added),
		    STATUS_OK);
		assert_true(added > 0);
	}
	return look;
}

static void
look_free(struct look *look)
{
	key_ring_free(look->keys);
	collecting_free(look->collecting);
}

static void
every_kind_has_a_sample(void **state)
{
	(void)state;
	for (size_t i = 0; i < firmware_signature_count; i++) {
		bool found = false;

		for (size_t k = 0; k < ARRAY_SIZE(samples); k++)
			found |= strcmp(samples[k].kind, firmware_signatures[i]->name) == 0;
		if (!found)
			fail_msg("%s has no sample", firmware_signatures[i]->name);
	}
}

static void
what_was_signed_verifies_with_its_key_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		struct look look;
		const struct update_signature_fact *signature;

		if (samples[i].image == NULL)
			continue;
		look = look_new(samples[i].format, samples[i].key);
		signature =
		    look_at(&look, read_sample(look.collecting->job, SAMPLES, samples[i].image));
		assert_int_equal(signature->present, 1);
		if (signature->verified != 1)
			fail_msg("%s: %s", samples[i].image, signature->detail);
		assert_string_equal(signature->verified_with, samples[i].key);
		assert_non_null(signature->key_fingerprint);
		look_free(&look);
		look = look_new(samples[i].format, "wrong-usign.pub");
		signature =
		    look_at(&look, read_sample(look.collecting->job, SAMPLES, samples[i].image));
		assert_int_equal(signature->verified, 0);
		look_free(&look);
	}
}

/* Bytes from a quarter to three quarters are what every one of these signatures covers. */
static void
whatever_is_changed_does_not_verify(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		struct look look;
		struct span image;
		uint8_t *changed;

		if (!samples[i].strict)
			continue;
		look = look_new(samples[i].format, samples[i].key);
		image = read_sample(look.collecting->job, SAMPLES, samples[i].image);
		changed = block_resize(NULL, image.size);
		assert_non_null(changed);
		memcpy(changed, image.at, image.size);
		for (size_t at = image.size / 4; at < image.size / 4 * 3; at += image.size / 40) {
			struct arena_mark mark = arena_mark(look.collecting->job->arena);

			changed[at] ^= (uint8_t)(1u << at % 8);
			if (look_at(&look, (struct span){changed, image.size})->verified == 1)
				fail_msg("%s: byte %zu may be changed", samples[i].image, at);
			changed[at] = image.at[at];
			arena_release(look.collecting->job->arena, mark);
			look.collecting->list = (struct fact_list){0};
		}
		block_free(changed);
		look_free(&look);
	}
}

static void
bear(const char *format, const char *key, struct span image, size_t step)
{
	struct look look = look_new(format, key);
	uint8_t *changed = block_resize(NULL, image.size);

	assert_non_null(changed);
	memcpy(changed, image.at, image.size);
	for (size_t at = 0; at < image.size; at += step) {
		struct arena_mark mark = arena_mark(look.collecting->job->arena);
		uint8_t *cut = block_resize(NULL, at + 1);

		changed[at] ^= (uint8_t)(1u << at / step % 8);
		look_at(&look, (struct span){changed, image.size});
		changed[at] = (uint8_t)(at / step % 2 ? 0xff : 0x80);
		look_at(&look, (struct span){changed, image.size});
		changed[at] = image.at[at];
		assert_non_null(cut); /* of its own, so that reading beyond is seen */
		memcpy(cut, image.at, at);
		look_at(&look, (struct span){cut, at});
		block_free(cut);
		arena_release(look.collecting->job->arena, mark);
		look.collecting->list = (struct fact_list){0};
	}
	block_free(changed);
	look_free(&look);
}

/* The first kilobyte byte by byte, where headers are; then here and there. */
static void
any_bytes_are_borne(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		struct job *job = job_new((size_t)16 << 20);
		struct span image;

		if (samples[i].image != NULL) {
			image = read_sample(job, SAMPLES, samples[i].image);
			bear(samples[i].format, samples[i].key, image, image.size / 150 + 1);
			if (image.size > 512)
				bear(samples[i].format, NULL, span_part(image, 0, 512), 3);
		}
		job_free(job);
	}
}

static void
keys_are_read_in_all_their_forms(void **state)
{
	struct collecting *collecting = collecting_new();
	struct key_ring *keys = key_ring_new(collecting->job);
	struct span pem = read_sample(collecting->job, SAMPLES "/keys", "right-rsa2048.crt");
	struct span usign = read_sample(collecting->job, SAMPLES "/keys", "right-usign.pub");
	struct span private = read_sample(collecting->job, SAMPLES "/keys", "right-p256.key");
	struct text both = text_new(collecting->job);
	size_t added;

	(void)state;
	assert_int_equal(key_ring_read(keys, "a", pem, true, &added), STATUS_OK);
	assert_int_equal(added, 1);
	assert_int_equal(key_ring_read(keys, "b", usign, true, &added), STATUS_OK);
	assert_int_equal(added, 1);
	assert_true(keys->keys[1].has_number);
	assert_int_equal(keys->given, 2);
	text_put_bytes(&both, pem.at, pem.size);
	text_put_bytes(&both, pem.at, pem.size);
	assert_int_equal(
	    key_ring_read(keys, "c", (struct span){(uint8_t *)both.at, both.size}, true, &added),
	    STATUS_OK);
	assert_int_equal(added, 2); /* there already */
	assert_int_equal(keys->count, 2);
	/* a private key is not taken for a public one, nor is anything else */
	assert_int_equal(key_ring_read(keys, "d", private, true, &added), STATUS_OK);
	assert_int_equal(added, 0);
	for (size_t size = 0; size < pem.size; size += 7) {
		assert_int_equal(
		    key_ring_read(keys, "e", span_part(pem, 0, size), false, &added), STATUS_OK);
		assert_int_equal(
		    key_ring_read(keys, "e", span_from(pem, size), false, &added), STATUS_OK);
		assert_int_equal(
		    key_ring_read(keys, "e", span_part(usign, 0, size), false, &added), STATUS_OK);
	}
	key_ring_free(keys);
	collecting_free(collecting);
}

/* U-Boot's own device tree holds the key: it verifies the image, and proves no maker. */
static void
a_key_in_a_device_tree_is_an_embedded_one(void **state)
{
	struct look look = look_new("fit", NULL);
	struct job *job = look.collecting->job;
	const struct update_signature_fact *signature;

	(void)state;
	assert_int_equal(
	    key_ring_read_tree(look.keys, read_sample(job, SAMPLES, "fit-rsa2048.itb.control.dtb")),
	    STATUS_OK);
	assert_int_equal(look.keys->count, 1);
	assert_string_equal(look.keys->keys[0].name, "key-dev");
	signature = look_at(&look, read_sample(job, SAMPLES, "fit-rsa2048.itb"));
	assert_int_equal(signature->verified, 1);
	assert_string_equal(signature->verified_with, "embedded");
	/* of that name and another key: it should verify, and does not */
	signature = look_at(&look, read_sample(job, SAMPLES, "fit-rsa3072.itb"));
	assert_int_equal(signature->verified, 0);
	look_free(&look);
}

/* zigbee and matter have no tool that signs them: headers by hand. */
static void
zigbee_is_named_and_matter_is_a_checksum(void **state)
{
	static const uint8_t matter[] = {0x1e, 0xf1, 0xee, 0x1b, 0, 0, 0, 0};
	uint8_t zigbee[56 + 6 + 8 + 6 + 50] = {0x1e, 0xf1, 0xee, 0x0b, 0, 1, 56};
	struct look look = look_new("zigbee_ota", NULL);
	const struct update_signature_fact *signature;

	(void)state;
	zigbee[56 + 2] = 8;
	zigbee[56 + 6 + 8] = 1;
	zigbee[56 + 6 + 8 + 2] = 50;
	signature = look_at(&look, (struct span){zigbee, sizeof zigbee});
	assert_int_equal(signature->present, 1);
	assert_int_equal(signature->verified, UNKNOWN);
	assert_string_equal(signature->algorithm, "ecdsa-sect163k1");
	zigbee[56 + 6 + 8] = 9;
	signature = look_at(&look, (struct span){zigbee, sizeof zigbee});
	assert_int_equal(signature->present, 0);
	assert_string_equal(signature->scheme, "none");
	look.format = "matter_ota";
	signature = look_at(&look, (struct span){matter, sizeof matter});
	assert_int_equal(signature->present, 0);
	assert_string_equal(signature->scheme, "checksum");
	look_free(&look);
}

static int
make_samples(void **state)
{
	(void)state;
	fixture_signatures();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_kind_has_a_sample),
	    cmocka_unit_test(what_was_signed_verifies_with_its_key_alone),
	    cmocka_unit_test(whatever_is_changed_does_not_verify),
	    cmocka_unit_test(any_bytes_are_borne),
	    cmocka_unit_test(keys_are_read_in_all_their_forms),
	    cmocka_unit_test(a_key_in_a_device_tree_is_an_embedded_one),
	    cmocka_unit_test(zigbee_is_named_and_matter_is_a_checksum),
	};

	return cmocka_run_group_tests(tests, make_samples, NULL);
}
