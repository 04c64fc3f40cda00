/* A kernel is known by its banner, its modules and their folder, its options by its configuration.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include "tests/support/collecting.h"

#include <cmocka.h>

extern const struct collector collector_kernel;

#define ZEROS "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

static const struct kernel_fact *
kernel(const struct collecting *collecting, size_t n)
{
	const struct fact *fact = collecting_fact(collecting, FACT_kernel, n);

	assert_non_null(fact);
	return &fact->as.kernel;
}

static const struct component_fact *
component(const struct collecting *collecting, size_t n)
{
	const struct fact *fact = collecting_fact(collecting, FACT_component, n);

	assert_non_null(fact);
	return &fact->as.component;
}

static void
tells_a_kernel_with_and_without_what_its_builder_added(void **state)
{
	static const char image[] =
	    ZEROS "Linux version 3.0.8-gm+ (u@h) #1\n\0Linux version 3.0.8-gm+ (u@h)";
	static const char mentions[] =
	    ZEROS "Linux version 2.6.32 or later\0Linux version %s (%s)\0Linux version 3 (x)";
	struct collecting *collecting = collecting_new();

	(void)state;
	collecting_bytes(collecting, &collector_kernel, "/mention", mentions, sizeof mentions);
	assert_int_equal(collecting->list.count, 0);
	assert_true(collecting_bytes(collecting, &collector_kernel, "/data", image, sizeof image));
	assert_int_equal(collecting_count(collecting, FACT_kernel), 1);
	assert_string_equal(kernel(collecting, 0)->version, "3.0.8-gm+");
	assert_string_equal(component(collecting, 0)->version, "3.0.8");
	assert_string_equal(component(collecting, 0)->origin, "kernel");
	assert_string_equal(
	    component(collecting, 0)->cpe, "cpe:2.3:o:linux:linux_kernel:3.0.8:*:*:*:*:*:*:*");
	collecting_free(collecting);
}

static void
tells_a_module_that_stands_outside_its_folder(void **state)
{
	static const char module[] = "\177ELF" ZEROS "vermagic=4.9.84 SMP mod_unload ARMv7\0";
	struct collecting *collecting = collecting_new();

	(void)state;
	collecting_bytes(collecting, &collector_kernel, "/lib/modules/4.9.84/kernel/x.ko", module,
	    sizeof module);
	assert_int_equal(collecting->list.count, 0);
	collecting_bytes(collecting, &collector_kernel, "/usr/ko/x.ko", module, sizeof module);
	assert_string_equal(kernel(collecting, 0)->version, "4.9.84");
	assert_string_equal(component(collecting, 0)->confidence, "likely");
	collecting_free(collecting);
}

static const char configuration[] =
    "#\n# Automatically generated file; DO NOT EDIT.\n# Linux/arm 4.9.84 Kernel Configuration\n#\n"
    "CONFIG_MODULES=y\n# CONFIG_MODULE_SIG is not set\nCONFIG_DEFAULT_MMAP_MIN_ADDR=4096\n"
    "CONFIG_SOMETHING_ELSE=y\n";

static void
reads_the_options_that_matter(void **state)
{
	struct collecting *collecting = collecting_new();

	(void)state;
	collecting_text(collecting, &collector_kernel, "/boot/config-4.9.84", configuration);
	assert_int_equal(collecting_count(collecting, FACT_kernel), 3);
	assert_string_equal(kernel(collecting, 0)->version, "4.9.84");
	assert_string_equal(kernel(collecting, 0)->option, "CONFIG_MODULES");
	assert_string_equal(kernel(collecting, 0)->value, "y");
	assert_string_equal(kernel(collecting, 1)->option, "CONFIG_MODULE_SIG");
	assert_string_equal(kernel(collecting, 1)->value, "n");
	assert_string_equal(kernel(collecting, 2)->value, "4096");
	collecting_text(collecting, &collector_kernel, "/etc/config",
	    "CONFIG_MODULES=y\nof another program, which has such words as well\n");
	assert_int_equal(collecting_count(collecting, FACT_kernel), 3);
	collecting_free(collecting);
}

/* gzip -9 of the configuration of 2.6.30: "# Linux kernel version: 2.6.30\nCONFIG_MODULES=y\n" */
static const char packed[] =
    ZEROS "IKCFG_ST"
	  "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x53\x56\xf0\xc9\xcc\x2b\xad\x50\xc8\x4e\x2d\xca"
	  "\x4b\xcd\x51\x28\x4b\x2d\x2a\xce\xcc\xcf\xb3\x52\x30\xd2\x33\xd3\x33\x36\xe0\x72\xf6\xf7"
	  "\x73\xf3\x74\x8f\xf7\xf5\x77\x09\xf5\x71\x0d\xb6\xad\xe4\x02\x00\xf4\xba\xdb\x4c\x30\x00"
	  "\x00\x00"
	  "IKCFG_ED";

static void
bears_any_bytes(void **state)
{
	static const char image[] = ZEROS "Linux version 3.0.8-gm+ (u@h) #1\n\0vermagic=4.9 x";

	(void)state;
	collecting_bear(&collector_kernel, "/data", image, sizeof image - 1, 1);
	collecting_bear(&collector_kernel, "/data", packed, sizeof packed - 1, 1);
	collecting_bear(
	    &collector_kernel, "/boot/config-4", configuration, sizeof configuration - 1, 3);
}

static void
concludes_the_kernel_from_its_modules_folder(void **state)
{
	struct collecting *collecting = collecting_new();
	struct evidence evidence = evidence_to_list(&collecting->list);
	struct node modules = {.name = "modules",
	    .path = "0.x/lib/modules",
	    .local = "/lib/modules",
	    .type = NODE_FOLDER};
	struct node release = {.name = "3.3.8",
	    .path = "0.x/lib/modules/3.3.8",
	    .local = "/lib/modules/3.3.8",
	    .type = NODE_FOLDER,
	    .parent = &modules};
	struct tree tree = {.root = &modules};

	(void)state;
	modules.child = &release;
	collecting->collection.tree = &tree;
	assert_int_equal(
	    collector_kernel.conclude(collecting->job, &collecting->collection, &evidence),
	    STATUS_OK);
	assert_string_equal(kernel(collecting, 0)->version, "3.3.8");
	assert_string_equal(component(collecting, 0)->name, "linux");
	collecting_free(collecting);
}

static void
unpacks_a_configuration_that_the_kernel_holds(void **state)
{
	struct collecting *collecting = collecting_new();

	(void)state;
	collecting_bytes(collecting, &collector_kernel, "/data", packed, sizeof packed);
	assert_int_equal(collecting_count(collecting, FACT_kernel), 1);
	assert_string_equal(kernel(collecting, 0)->version, "2.6.30");
	assert_string_equal(kernel(collecting, 0)->option, "CONFIG_MODULES");
	assert_int_equal(collecting_fact(collecting, FACT_kernel, 0)->offset, sizeof ZEROS - 1);
	collecting_free(collecting);
	collecting = collecting_new();
	collecting_bytes(collecting, &collector_kernel, "/data", packed, sizeof packed - 40);
	assert_int_equal(collecting_fact(collecting, FACT_looked, 0)->as.looked.complete, 0);
	collecting_free(collecting);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tells_a_kernel_with_and_without_what_its_builder_added),
	    cmocka_unit_test(tells_a_module_that_stands_outside_its_folder),
	    cmocka_unit_test(reads_the_options_that_matter),
	    cmocka_unit_test(unpacks_a_configuration_that_the_kernel_holds),
	    cmocka_unit_test(concludes_the_kernel_from_its_modules_folder),
	    cmocka_unit_test(bears_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
