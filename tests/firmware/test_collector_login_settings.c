/* Settings of the log-in become facts; what is a remark, or of no matter, does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "tests/support/collecting.h"

#include <cmocka.h>

extern const struct collector collector_login_settings;

static void
expect(const struct collecting *collecting, size_t n, const char *name, const char *value)
{
	const struct fact *fact = collecting_fact(collecting, FACT_setting, n);

	assert_non_null(fact);
	assert_string_equal(fact->as.setting.name, name);
	assert_string_equal(fact->as.setting.value, value);
}

static void
reads_pam_stacks(void **state)
{
	struct collecting *collecting = collecting_new();

	(void)state;
	assert_true(collecting_text(collecting, &collector_login_settings, "/etc/pam.d/login",
	    "# auth required pam_permit.so\nauth [success=1 default=ignore] pam_unix.so nullok # "
	    "all\n"
	    "-auth sufficient /lib/security/pam_permit.so\nsession optional pam_motd.so\n"
	    "@include common-auth\nauth\n"));
	assert_true(collecting_text(collecting, &collector_login_settings, "/etc/pam.conf",
	    "sshd auth required pam_unix.so try_first_pass\n"));
	expect(collecting, 0, "pam.login.auth", "pam_unix.so nullok");
	expect(collecting, 1, "pam.login.auth", "/lib/security/pam_permit.so");
	expect(collecting, 2, "pam.sshd.auth", "pam_unix.so try_first_pass");
	assert_int_equal(collecting_count(collecting, FACT_setting), 3);
	collecting_free(collecting);
}

static void
reads_login_defs_terminals_and_lock_out(void **state)
{
	struct collecting *collecting = collecting_new();

	(void)state;
	collecting_text(collecting, &collector_login_settings, "/etc/login.defs",
	    "#PASS_MIN_LEN 5\nENCRYPT_METHOD\tSHA512\nMAIL_DIR /var/mail\nLOGIN_RETRIES 5\n");
	collecting_text(collecting, &collector_login_settings, "/etc/securetty",
	    "# serial\nttyS0\n\nconsole\n");
	collecting_text(collecting, &collector_login_settings, "/etc/security/faillock.conf",
	    "# deny = 3\ndeny = 5\naudit\n");
	expect(collecting, 0, "login.defs.ENCRYPT_METHOD", "SHA512");
	expect(collecting, 1, "login.defs.LOGIN_RETRIES", "5");
	expect(collecting, 2, "securetty.terminal", "ttyS0");
	expect(collecting, 3, "securetty.terminal", "console");
	expect(collecting, 4, "faillock.deny", "5");
	assert_int_equal(collecting_count(collecting, FACT_setting), 5);
	collecting_free(collecting);
}

static void
a_file_of_more_settings_than_are_read_is_not_called_read(void **state)
{
	struct collecting *collecting = collecting_new();
	struct text lines = text_new(collecting->job);
	const char *bytes;
	bool wanted;

	(void)state;
	for (int i = 0; i < 300; i++)
		text_printf(&lines, "tty%d\n", i);
	assert_int_equal(text_finish(&lines, &bytes), STATUS_OK);
	assert_int_equal(collecting_status(collecting, &collector_login_settings, "/etc/securetty",
			     bytes, strlen(bytes), &wanted),
	    STATUS_LIMIT);
	collecting_free(collecting);
}

static void
does_not_read_other_files(void **state)
{
	struct collecting *collecting = collecting_new();

	(void)state;
	assert_false(collecting_text(collecting, &collector_login_settings,
	    "/usr/share/pam/common-auth", "auth required x\n"));
	assert_false(
	    collecting_text(collecting, &collector_login_settings, "/etc/hosts", "127.0.0.1 a\n"));
	collecting_free(collecting);
}

static void
bears_any_bytes(void **state)
{
	static const char lines[] =
	    "auth [success=1 default=ignore] pam_unix.so nullok\nENCRYPT_METHOD DES\ndeny = 3 # x";

	(void)state;
	collecting_bear(&collector_login_settings, "/etc/pam.d/login", lines, sizeof lines - 1, 1);
	collecting_bear(&collector_login_settings, "/etc/pam.conf", lines, sizeof lines - 1, 1);
	collecting_bear(&collector_login_settings, "/etc/login.defs", lines, sizeof lines - 1, 1);
	collecting_bear(
	    &collector_login_settings, "/etc/security/faillock.conf", lines, sizeof lines - 1, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_pam_stacks),
	    cmocka_unit_test(reads_login_defs_terminals_and_lock_out),
	    cmocka_unit_test(a_file_of_more_settings_than_are_read_is_not_called_read),
	    cmocka_unit_test(does_not_read_other_files),
	    cmocka_unit_test(bears_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
