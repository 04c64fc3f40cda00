/* Patterns match as a shell's do, and none takes long. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "firmware/glob.h"

#include <cmocka.h>

static void
matches_as_a_shell_does(void **state)
{
	(void)state;
	assert_true(glob_matches("S??*", "S50web"));
	assert_false(glob_matches("S??*", "S5"));
	assert_true(glob_matches("*.sh", "a.sh"));
	assert_false(glob_matches("*.sh", "a.shx"));
	assert_true(glob_matches("[yY]*", "Yes"));
	assert_true(glob_matches("[!0-9]", "a"));
	assert_false(glob_matches("[!0-9]", "5"));
	assert_true(glob_matches("[a-c]x", "bx"));
	assert_true(glob_matches("\\*", "*"));
	assert_false(glob_matches("\\*", "a"));
	assert_true(glob_matches("[", "["));
	assert_true(glob_matches("", ""));
	assert_false(glob_matches("", "a"));
	assert_true(glob_matches("*a*b", "xxaxxbxb"));
}

static void
bears_a_pattern_of_stars(void **state)
{
	char pattern[2001], string[2001];

	(void)state;
	for (size_t i = 0; i < 2000; i++)
		pattern[i] = i % 2 == 0 ? '*' : 'a';
	memset(string, 'a', 2000);
	pattern[2000] = string[2000] = '\0';
	string[1999] = 'b';
	assert_false(glob_matches(pattern, string));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(matches_as_a_shell_does),
	    cmocka_unit_test(bears_a_pattern_of_stars),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
