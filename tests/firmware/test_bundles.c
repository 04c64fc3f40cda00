/* Bundles that updates come in: what they say of themselves is told, what they lie about is
 * noticed. */
#include "tests/support/unpacking.h"

#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/text.h"
#include "tests/support/support.h"

#define MEMORY ((size_t)64 << 20)
#define SECONDS_ALLOWED 30 /* of the processor, under the sanitizers */

struct saying {
	const char *image, *path, *coverage, *words;
	bool complete;
};

static const struct saying sayings[] = {
    {"little/fit.img", "0.fit", "read", "6 hashes good: crc32 md5 sha512 sha1", true},
    {"little/fit.img", "0.fit", "read", "default conf-1, not signed", true},
    {"little/fit.img", "0.fit/fdt-1/0.dtb", "read",
	"version 17, \"hopquy board\", compatible hopquy,board", true},
    {"little/fit_signed.img", "0.fit", "read",
	"1 signatures: conf-1 by key \"dev\" (sha256,rsa2048)", true},
    {"little/fit_bad_hash.img", "0.fit", "damaged", "of kernel-1 is bad", false},
    {"little/fit_encrypted.img", "0.fit", "read", "1 encrypted", false},
    {"little/uimage_script.img", "0.uimage_multi", "read", "script, none, \"boot.scr\"", true},
    {"little/rauc_plain.img", "0.rauc", "read", "plain, signed by \"CN=sample signer,O=hopquy\"",
	true},
    {"little/rauc_verity.img", "0.rauc", "read",
	"verity, for \"hopquy board\", version \"2.1\", signed by \"CN=sample signer,O=hopquy\", "
	"hash tree good",
	true},
    {"little/rauc_crypt.img", "0.rauc", "read", "crypt, for \"hopquy board\", version \"2.1\"",
	false},
    {"little/rauc_crypt_encrypted.img", "0.rauc", "read",
	"crypt, manifest encrypted for 1 recipients", false},
    {"little/swu.img", "0.swu", "read",
	"version \"3.4.5\", for hardware \"1.0\", not signed, 1 hashes good", true},
    {"little/swu_signed.img", "0.swu", "read", "signed by \"CN=sample signer,O=hopquy\"", true},
    {"little/swu_encrypted.img", "0.swu", "read", "1 encrypted", false},
    {"little/swu_json.img", "0.swu", "read", "version \"3.4.5\", for hardware \"1.0\"", false},
    {"little/swu_bad_hash.img", "0.swu", "damaged", "the sha256 of rootfs.img is bad", false},
    {"little/swu_opaque.img", "0.swu", "read", "its description cannot be read", false},
    {"little/mender_signed.img", "0.mender", "read",
	"artifact version 3, \"release-7\", for \"hopquy-board\", signed", true},
    {"little/mender.img", "0.mender", "read", "not signed", true},
    {"little/uefi_raw.img", "0.uefi_volume", "read", "FFS2, header checksum good", true},
    {"little/uefi_variables.img", "0.uefi_volume", "read", "variables, header checksum good",
	true},
    {"little/uefi_bad_sum.img", "0.uefi_volume", "read", "FFS2", false},
    {"little/uefi_managed.img", "0.uefi_capsule", "read",
	"image for aabbccdd-0011-2233-4455-66778899aabb signed by \"CN=sample signer,O=hopquy\"",
	true},
    {"little/intel_flash.img", "0.intel_flash", "read", "regions: descriptor BIOS ME", true},
};

static void
what_a_bundle_says_of_itself_is_told(void **state)
{
	struct unpacking *unpacking = unpacking_new(MEMORY, 0);

	for (size_t i = 0; i < ARRAY_SIZE(sayings); i++) {
		const struct saying *saying = &sayings[i];
		const struct fact *region;

		assert_ok(
		    unpacking->job, unpacking_run(unpacking, fixture_bytes(*state, saying->image)));
		region = unpacking_region(unpacking, saying->path);
		if (region == NULL)
			fail_msg("%s: no %s", saying->image, saying->path);
		assert_string_equal(region->as.region.coverage, saying->coverage);
		if (strstr(region->as.region.detail, saying->words) == NULL)
			fail_msg("%s: '%s' is not in '%s'", saying->image, saying->words,
			    region->as.region.detail);
		if (unpacking->tree->complete != saying->complete)
			fail_msg("%s: complete is %d", saying->image, unpacking->tree->complete);
	}
	unpacking_free(unpacking);
}

/* The first region of this coverage. */
static const struct fact *
region_with(const struct unpacking *unpacking, const char *coverage)
{
	for (size_t i = 0; i < unpacking->list.count; i++) {
		const struct fact *fact = &unpacking->list.facts[i];

		if (fact->kind == FACT_region && strcmp(fact->as.region.coverage, coverage) == 0)
			return fact;
	}
	fail_msg("nothing is told to be %s", coverage);
	return NULL;
}

static void
what_is_encrypted_is_named_and_is_no_file(void **state)
{
	static const char *const images[][2] = {
	    {"little/fit_encrypted.img",
		"fit: image kernel-1 is encrypted (aes256, key \"secret\")"},
	    {"little/swu_encrypted.img", "swu: boot.bin is encrypted"},
	    {"little/swu_json.img", "swu: boot.bin is encrypted"},
	    {"little/rauc_crypt.img", "rauc: the payload is encrypted"},
	    {"little/rauc_crypt_encrypted.img", "rauc: the payload is encrypted"},
	};
	struct unpacking *unpacking = unpacking_new(MEMORY, 0);

	for (size_t i = 0; i < ARRAY_SIZE(images); i++) {
		assert_ok(
		    unpacking->job, unpacking_run(unpacking, fixture_bytes(*state, images[i][0])));
		assert_non_null(
		    strstr(region_with(unpacking, "encrypted")->as.region.detail, images[i][1]));
		assert_false(unpacking->tree->complete);
		assert_null(unpacking_digest(unpacking, "/kernel-1"));
		assert_null(unpacking_digest(unpacking, "/boot.bin"));
	}
	unpacking_free(unpacking);
}

static void
branches_of_a_program_are_turned_back(void **state)
{
	struct unpacking *unpacking = unpacking_new(MEMORY, 0);
	struct span program;
	struct digest digest;
	char hex[DIGEST_HEX_SIZE];

	assert_ok(unpacking->job, file_read(unpacking->job, "/usr/bin/env", MEMORY, &program));
	assert_ok(unpacking->job, digest_of(unpacking->job, program, &digest));
	digest_to_hex(&digest, hex);
	assert_ok(unpacking->job,
	    unpacking_run(unpacking, fixture_bytes(*state, "little/uefi_lzma86_program.img")));
	assert_string_equal(unpacking_digest(unpacking, "/raw"), hex);
	unpacking_free(unpacking);
}

static struct unpacking *
unpack_quickly(struct span image)
{
	struct unpacking *unpacking = unpacking_new(MEMORY, 0);
	clock_t start = clock();

	unpacking_run(unpacking, image);
	assert_in_range((clock() - start) / CLOCKS_PER_SEC, 0, SECONDS_ALLOWED);
	return unpacking;
}

/* A device tree in the making. */
struct maker {
	struct text structure, strings;
};

static void
put_big(struct text *out, uint64_t value)
{
	const uint8_t bytes[4] = {
	    (uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8), (uint8_t)value};

	text_put_bytes(out, bytes, sizeof bytes);
}

static void
begin(struct maker *maker, const char *name)
{
	put_big(&maker->structure, 1);
	text_put(&maker->structure, name);
	text_put_bytes(&maker->structure, "\0\0\0", 4 - strlen(name) % 4);
}

static void
end(struct maker *maker)
{
	put_big(&maker->structure, 2);
}

static void
put_cell(struct maker *maker, const char *name, uint64_t value)
{
	put_big(&maker->structure, 3);
	put_big(&maker->structure, 4);
	put_big(&maker->structure, maker->strings.size);
	put_big(&maker->structure, value);
	text_put_bytes(&maker->strings, name, strlen(name) + 1);
}

static struct maker
maker_new(struct job *job)
{
	struct maker maker = {text_new(job), text_new(job)};

	begin(&maker, "");
	return maker;
}

/* The tree, with `behind` after it. */
static struct span
finish(struct job *job, struct maker *maker, struct span behind)
{
	struct text out = text_new(job);
	size_t structure, total;
	const char *bytes;

	end(maker);
	put_big(&maker->structure, 9);
	structure = maker->structure.size;
	total = 56 + structure + maker->strings.size;
	total = (total + 3) & ~(size_t)3;
	put_big(&out, 0xd00dfeed);
	put_big(&out, total);
	put_big(&out, 56);
	put_big(&out, 56 + structure);
	put_big(&out, 40);
	put_big(&out, 17);
	put_big(&out, 16);
	put_big(&out, 0);
	put_big(&out, maker->strings.size);
	put_big(&out, structure);
	text_put_bytes(&out, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	text_put_bytes(&out, maker->structure.at, structure);
	text_put_bytes(&out, maker->strings.at, maker->strings.size);
	while (out.size < total)
		text_put_bytes(&out, "", 1);
	text_put_bytes(&out, behind.at, behind.size);
	assert_ok(job, text_finish(&out, &bytes));
	return (struct span){(const uint8_t *)bytes, out.size};
}

/* `count` images, all at this place. */
static struct span
fit_with_images(struct job *job, size_t count, const char *where, uint64_t place, uint64_t size,
    struct span behind)
{
	struct maker maker = maker_new(job);

	begin(&maker, "images");
	for (size_t i = 0; i < count; i++) {
		begin(&maker, "kernel");
		put_cell(&maker, where, place);
		put_cell(&maker, "data-size", size);
		end(&maker);
	}
	end(&maker);
	return finish(job, &maker, behind);
}

static void
an_image_that_lies_outside_or_in_its_own_description_is_damage(void **state)
{
	static const struct {
		const char *where;
		uint64_t place, size;
	} lies[] = {
	    {"data-position", 0, 100},
	    {"data-position", 0, 0xffffffff},
	    {"data-offset", 0, 0xffffffff},
	    {"data-offset", 0xfffffffc, 0xfffffffc},
	    {"data-offset", 0, 101},
	};
	uint8_t behind[100] = {1};

	for (size_t i = 0; i < ARRAY_SIZE(lies); i++) {
		struct span image = fit_with_images(*state, 1, lies[i].where, lies[i].place,
		    lies[i].size, (struct span){behind, sizeof behind});
		struct unpacking *unpacking = unpack_quickly(image);

		assert_int_equal(unpacking->status, STATUS_OK);
		assert_string_equal(
		    unpacking_region(unpacking, "0.fit")->as.region.coverage, "damaged");
		assert_false(unpacking->tree->complete);
		unpacking_free(unpacking);
	}
}

static void
many_images_over_the_same_bytes_end_in_time(void **state)
{
	uint8_t *zeros = (uint8_t *)arena_allocate(*state, (size_t)1 << 20);
	struct span image;
	struct unpacking *unpacking;

	image = fit_with_images(
	    *state, 2000, "data-offset", 0, (size_t)1 << 20, (struct span){zeros, 1 << 20});
	unpacking = unpack_quickly(image);
	assert_false(unpacking->tree->complete); /* more than an image may hold */
	unpacking_free(unpacking);
}

static void
a_name_without_end_is_not_measured_for_every_property(void **state)
{
	struct maker maker = maker_new(*state);
	struct unpacking *unpacking;

	for (size_t i = 0; i < 60000; i++)
		put_cell(&maker, "", 0);
	memset(maker.strings.at, 'x', maker.strings.size);
	for (size_t i = 0; i < 64; i++)
		text_put_bytes(&maker.strings, maker.strings.at, 60000);
	unpacking = unpack_quickly(finish(*state, &maker, (struct span){0}));
	assert_false(unpacking->tree->complete);
	unpacking_free(unpacking);
}

static void
nodes_nested_without_end_are_damage(void **state)
{
	struct maker maker = maker_new(*state);
	struct unpacking *unpacking;

	begin(&maker, "images");
	for (size_t i = 0; i < 5000; i++)
		begin(&maker, "deeper");
	for (size_t i = 0; i < 5001; i++)
		end(&maker);
	unpacking = unpack_quickly(finish(*state, &maker, (struct span){0}));
	assert_non_null(unpacking_region(unpacking, "0.fit"));
	assert_false(unpacking->tree->complete);
	unpacking_free(unpacking);
}

/* The file system of a RAUC bundle whose root hash is another one's is read, and doubted. */
static void
a_bundle_whose_tree_of_hashes_is_wrong_says_so(void **state)
{
	struct span image = fixture_bytes(*state, "little/rauc_verity.img");
	uint8_t *copy = (uint8_t *)arena_string(*state, (const char *)image.at, image.size);
	struct unpacking *unpacking;
	size_t place = span_find(image, "verity-hash=", 12, 0);

	assert_int_not_equal(place, SIZE_MAX);
	copy[place + 12] = copy[place + 12] == '0' ? '1' : '0';
	unpacking = unpack_quickly((struct span){copy, image.size});
	assert_string_equal(unpacking_region(unpacking, "0.rauc")->as.region.coverage, "damaged");
	assert_non_null(
	    strstr(unpacking_region(unpacking, "0.rauc")->as.region.detail, "hash tree bad"));
	assert_false(unpacking->tree->complete);
	assert_non_null(unpacking_digest(unpacking, "/rootfs.img"));
	unpacking_free(unpacking);
}

static void
a_deleted_file_is_searched_and_is_no_file(void **state)
{
	struct unpacking *unpacking = unpacking_new(MEMORY, 0);

	assert_ok(unpacking->job,
	    unpacking_run(unpacking, fixture_bytes(*state, "little/uefi_deleted.img")));
	assert_int_equal(unpacking_count(unpacking, "0.uefi_volume"), 1);
	assert_non_null(unpacking_region(unpacking, "0.uefi_volume/60.squashfs"));
	unpacking_free(unpacking);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		what_a_bundle_says_of_itself_is_told, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		what_is_encrypted_is_named_and_is_no_file, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		branches_of_a_program_are_turned_back, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		an_image_that_lies_outside_or_in_its_own_description_is_damage, setup_job,
		teardown_job),
	    cmocka_unit_test_setup_teardown(
		many_images_over_the_same_bytes_end_in_time, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_name_without_end_is_not_measured_for_every_property, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		nodes_nested_without_end_are_damage, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_bundle_whose_tree_of_hashes_is_wrong_says_so, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_deleted_file_is_searched_and_is_no_file, setup_job, teardown_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
