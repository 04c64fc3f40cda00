/* What a Go program was built from stands in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/support/collecting.h"

#include <cmocka.h>

extern const struct collector collector_go_modules;

/* At 16: magic, pointer size, flags (strings follow), rest of the header, two strings. */
static const char program[] =
    "\177ELF\1\1\1\0\0\0\0\0\0\0\0\0\xff Go buildinf:\x08\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
    "\x08go1.20.5\x95\x01"
    "0123456789abcdef"
    "path\tcamera\nmod\tcamera\t(devel)\t\ndep\tgithub.com/a/b\tv1.2.3\th1:x=\n"
    "dep\tgolang.org/x/net\tv0.1.0\n=>\tgithub.com/c/d\tv0.2.0\n"
    "0123456789abcdef"
    "padding";

static const struct component_fact *
component(const struct collecting *collecting, size_t n)
{
	const struct fact *fact = collecting_fact(collecting, FACT_component, n);

	assert_non_null(fact);
	return &fact->as.component;
}

static void
reads_the_runtime_and_the_modules(void **state)
{
	struct collecting *collecting = collecting_new();

	(void)state;
	collecting_bytes(collecting, &collector_go_modules, "/bin/x", program, sizeof program);
	assert_int_equal(collecting_count(collecting, FACT_component), 3);
	assert_string_equal(component(collecting, 0)->name, "go");
	assert_string_equal(component(collecting, 0)->version, "1.20.5");
	assert_string_equal(component(collecting, 1)->purl, "pkg:golang/github.com/a/b@v1.2.3");
	assert_string_equal(component(collecting, 2)->name, "github.com/c/d");
	collecting_free(collecting);
}

static void
wants_programs_only(void **state)
{
	struct collecting *collecting = collecting_new();

	(void)state;
	assert_false(collecting_bytes(
	    collecting, &collector_go_modules, "/bin/x", program + 16, sizeof program - 16));
	collecting_free(collecting);
}

static void
bears_any_bytes(void **state)
{
	(void)state;
	collecting_bear(&collector_go_modules, "/bin/x", program, sizeof program - 1, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_the_runtime_and_the_modules),
	    cmocka_unit_test(wants_programs_only),
	    cmocka_unit_test(bears_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
