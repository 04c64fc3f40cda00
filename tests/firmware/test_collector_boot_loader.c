/* What a boot loader is told is found in its environment, and not in texts about it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "tests/support/collecting.h"

#include <cmocka.h>

extern const struct collector collector_boot_loader;

static const char environment[] =
    "\1\2\3\0bootdelay=3\0bootargs=console=ttyS0,115200 root=/dev/mtdblock2 console=tty1 "
    "console=ttyAMA1\0bootdelay=3\0bootdelay=-2\0bootdelay=%d\0console=ttyS\0";

static const struct setting_fact *
setting(const struct collecting *collecting, size_t n)
{
	const struct fact *fact = collecting_fact(collecting, FACT_setting, n);

	assert_non_null(fact);
	return &fact->as.setting;
}

static void
reads_an_environment_in_a_binary(void **state)
{
	struct collecting *collecting = collecting_new();

	(void)state;
	assert_true(collecting_bytes(
	    collecting, &collector_boot_loader, "/u-boot.bin", environment, sizeof environment));
	assert_int_equal(collecting_count(collecting, FACT_setting), 4);
	assert_string_equal(setting(collecting, 0)->name, "boot_loader.bootdelay");
	assert_string_equal(setting(collecting, 0)->value, "3");
	assert_string_equal(setting(collecting, 1)->name, "boot_loader.console");
	assert_string_equal(setting(collecting, 1)->value, "ttyS0,115200");
	assert_string_equal(setting(collecting, 2)->value, "ttyAMA1");
	assert_string_equal(setting(collecting, 3)->value, "-2");
	collecting_free(collecting);
}

static void
passes_over_texts_about_it(void **state)
{
	struct collecting *collecting = collecting_new();

	(void)state;
	assert_false(collecting_text(collecting, &collector_boot_loader, "/usr/share/doc/boot.txt",
	    "Set bootdelay=3 and console=ttyS0,115200 to see more.\n"));
	assert_true(collecting_text(collecting, &collector_boot_loader, "/boot/cmdline.txt",
	    "root=/dev/sda console=tty1\n"));
	assert_int_equal(collecting->list.count, 0);
	collecting_free(collecting);
}

static void
bears_any_bytes(void **state)
{
	(void)state;
	collecting_bear(
	    &collector_boot_loader, "/u-boot.bin", environment, sizeof environment - 1, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_an_environment_in_a_binary),
	    cmocka_unit_test(passes_over_texts_about_it),
	    cmocka_unit_test(bears_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
