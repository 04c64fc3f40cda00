/* What a microcontroller's image is made of stands in its descriptors and banners. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include "tests/support/collecting.h"

#include <cmocka.h>

extern const struct collector collector_embedded;

static const struct component_fact *
component(const struct collecting *collecting, size_t n)
{
	const struct fact *fact = collecting_fact(collecting, FACT_component, n);

	assert_non_null(fact);
	return &fact->as.component;
}

/* An application descriptor of Espressif's at 32. */
static void
make_descriptor(char image[320])
{
	memset(image, 0, 320);
	memcpy(image + 32, "\x32\x54\xcd\xab", 4);
	memcpy(image + 48, "1.4.2", 5);
	memcpy(image + 80, "blink", 5);
	memcpy(image + 144, "v5.0-beta1-427-g4532e6e0b2-dirt", 31);
}

static void
reads_the_descriptor_of_an_application(void **state)
{
	struct collecting *collecting = collecting_new();
	char image[320];

	(void)state;
	make_descriptor(image);
	collecting_bytes(collecting, &collector_embedded, "/0x3f000020.bin", image, sizeof image);
	assert_int_equal(collecting_count(collecting, FACT_component), 2);
	assert_string_equal(component(collecting, 0)->name, "esp-idf");
	assert_string_equal(component(collecting, 0)->version, "5.0-beta1");
	assert_string_equal(component(collecting, 1)->name, "blink");
	assert_string_equal(component(collecting, 1)->version, "1.4.2");
	memcpy(image + 144, "no version is here at all       ", 32);
	collecting_bytes(collecting, &collector_embedded, "/x.bin", image, sizeof image);
	assert_int_equal(collecting_count(collecting, FACT_component), 2);
	collecting_free(collecting);
}

#define ZEROS "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

static void
reads_boot_banners(void **state)
{
	static const char image[] = ZEROS
	    "*** Booting nRF Connect SDK v2.5.0 ***\n\0*** Using Zephyr OS v3.4.99-ncs1 ***\n\0"
	    "< TUYA IOT SDK V:2.0.1 BS:40.00\0sdk/nRF5_SDK_17.1.0_ddde560/x.c\0nRF5_SDK_path";
	static const char commit[] = ZEROS "*** Booting Zephyr OS build f33aa2bc4a43 ***\n\0"
					   "*** Booting nRF Connect SDK %s ***\n";
	static const char *const rows[][2] = {{"nrf-connect-sdk", "2.5.0"},
	    {"zephyr", "3.4.99-ncs1"}, {"tuya-iot-sdk", "2.0.1"}, {"nrf5-sdk", "17.1.0"}};
	struct collecting *collecting = collecting_new();

	(void)state;
	collecting_bytes(collecting, &collector_embedded, "/payload.bin", image, sizeof image);
	assert_int_equal(collecting_count(collecting, FACT_component), ARRAY_SIZE(rows));
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_string_equal(component(collecting, i)->name, rows[i][0]);
		assert_string_equal(component(collecting, i)->version, rows[i][1]);
	}
	collecting_bytes(collecting, &collector_embedded, "/payload.bin", commit, sizeof commit);
	assert_int_equal(collecting_count(collecting, FACT_component), ARRAY_SIZE(rows) + 1);
	assert_string_equal(component(collecting, 4)->name, "zephyr");
	assert_null(component(collecting, 4)->version);
	collecting_free(collecting);
}

static void
concludes_from_headers(void **state)
{
	struct region regions[] = {
	    {.path = "0.mcuboot", .format = "mcuboot", .detail = "version 1.2.3+4, sha256 good"},
	    {.path = "1.mcuboot", .format = "mcuboot", .detail = "version 0.0.0+0, sha256 good"},
	    {.path = "2.esp_image",
		.format = "esp_image",
		.detail = "ESP32, boot loader, IDF v5.2-dev-254-g1950b15, built"},
	    {.path = "3.gap", .format = "", .detail = NULL},
	};
	struct tree tree = {.regions = regions, .region_count = ARRAY_SIZE(regions)};
	struct collecting *collecting = collecting_new();
	struct evidence evidence = evidence_to_list(&collecting->list);

	(void)state;
	collecting->collection.tree = &tree;
	assert_int_equal(
	    collector_embedded.conclude(collecting->job, &collecting->collection, &evidence),
	    STATUS_OK);
	assert_int_equal(collecting_count(collecting, FACT_component), 2);
	assert_string_equal(component(collecting, 0)->version, "1.2.3+4");
	assert_string_equal(component(collecting, 1)->version, "5.2-dev");
	collecting_free(collecting);
}

static void
bears_any_bytes(void **state)
{
	static const char image[] = ZEROS ZEROS "*** Booting Zephyr OS build v3.4.0 ***";
	char descriptor[320];

	(void)state;
	make_descriptor(descriptor);
	collecting_bear(&collector_embedded, "/x", descriptor, sizeof descriptor, 3);
	collecting_bear(&collector_embedded, "/x", image, sizeof image - 1, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_the_descriptor_of_an_application),
	    cmocka_unit_test(reads_boot_banners),
	    cmocka_unit_test(concludes_from_headers),
	    cmocka_unit_test(bears_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
