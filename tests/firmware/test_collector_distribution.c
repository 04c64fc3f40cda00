/* A distribution is what its release file says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/support/collecting.h"

#include <cmocka.h>

extern const struct collector collector_distribution;

static const struct component_fact *
component(const struct collecting *collecting, size_t n)
{
	const struct fact *fact = collecting_fact(collecting, FACT_component, n);

	assert_non_null(fact);
	return &fact->as.component;
}

static void
reads_release_files(void **state)
{
	struct collecting *collecting = collecting_new();

	(void)state;
	collecting_text(collecting, &collector_distribution, "/usr/lib/os-release",
	    "PRETTY_NAME=\"Debian GNU/Linux 12\"\nVERSION_ID=\"12\"\nID=debian\n");
	collecting_text(collecting, &collector_distribution, "/etc/openwrt_release",
	    "DISTRIB_ID='OpenWrt'\nDISTRIB_RELEASE='22.03.5'\n");
	collecting_text(collecting, &collector_distribution, "/etc/openwrt_release",
	    "DISTRIB_ID=\"OpenWrt\"\nDISTRIB_RELEASE=\"Bleeding Edge\"\n");
	collecting_text(collecting, &collector_distribution, "/etc/debian_version", "12.5\n");
	collecting_text(collecting, &collector_distribution, "/etc/alpine-release", "3.18.4\n");
	assert_int_equal(collecting_count(collecting, FACT_component), 5);
	assert_string_equal(component(collecting, 0)->name, "debian");
	assert_string_equal(component(collecting, 0)->version, "12");
	assert_string_equal(component(collecting, 1)->name, "openwrt");
	assert_string_equal(component(collecting, 1)->version, "22.03.5");
	assert_null(component(collecting, 2)->version);
	assert_string_equal(component(collecting, 3)->version, "12.5");
	assert_string_equal(component(collecting, 4)->name, "alpine");
	collecting_free(collecting);
}

static void
takes_nothing_for_a_release_that_is_none(void **state)
{
	struct collecting *collecting = collecting_new();

	(void)state;
	assert_false(collecting_text(
	    collecting, &collector_distribution, "/etc/release", "ID=debian\nVERSION_ID=12\n"));
	collecting_text(
	    collecting, &collector_distribution, "/etc/debian_version", "bookworm/sid\n");
	collecting_text(collecting, &collector_distribution, "/etc/os-release",
	    "ID=\"a b; rm\"\nVERSION_ID=1\n");
	assert_int_equal(collecting->list.count, 0);
	collecting_free(collecting);
}

static void
bears_any_bytes(void **state)
{
	static const char text[] = "VERSION_ID=\"12\"\nID=debian";

	(void)state;
	collecting_bear(&collector_distribution, "/etc/os-release", text, sizeof text - 1, 1);
	collecting_bear(&collector_distribution, "/etc/debian_version", text, sizeof text - 1, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_release_files),
	    cmocka_unit_test(takes_nothing_for_a_release_that_is_none),
	    cmocka_unit_test(bears_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
