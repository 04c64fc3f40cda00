/* Telnet servers write as they please: what they mean must not be taken for its opposite. */
#include "tests/support/support.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "device/login.h"
#include "device/telnet_client.h"
#include "tests/support/scripted_unit.h"

static void
questions_are_told_in_other_words_and_languages(void **state)
{
	static const char *const logins[] = {"Username:", "User Name :", "Enter username > ",
	    "account: ", "Login as: ", "cam login:", "User ID:", "Tên đăng nhập: ", "用户名：",
	    "\xd3\xc3\xbb\xa7\xc3\xfb:",
	    "Access denied to strangers, 3 failed log-ins are logged\nlogin: ",
	    "You will be locked out after too many failures\nlogin: "};
	static const char *const passwords[] = {"Password: ", "root's password:", "Mật khẩu: ",
	    "密码：", "Password for admin: ", "PIN:", "Enter password > ", "\xc3\xdc\xc2\xeb:"};
	static const char *const others[] = {"Main menu\n1 Status\n2 Reboot\nYour choice> ",
	    "Select [1-4]: ", "please wait", "Are you sure?"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(logins); i++)
		assert_int_equal(telnet_question_of(logins[i]), TELNET_LOGIN);
	for (size_t i = 0; i < ARRAY_SIZE(passwords); i++)
		assert_int_equal(telnet_question_of(passwords[i]), TELNET_PASSWORD);
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		assert_int_equal(telnet_question_of(others[i]), TELNET_OTHER);
	assert_int_equal(
	    telnet_question_of("Too many connections, try again later\n"), TELNET_LOCKED);
}

static void
answers_are_not_mistaken_for_others(void **state)
{
	(void)state;
	/* A shell that tells of failed log-ins, or advises another password, is a shell. */
	assert_int_equal(
	    telnet_prompt_of("Last failed login: Mon\n1 failed attempt\n~ # "), TELNET_SHELL);
	assert_int_equal(telnet_prompt_of("You should change your password\n$ "), TELNET_SHELL);
	assert_int_equal(telnet_prompt_of("Wrong password\nPassword: "), TELNET_REFUSED);
	assert_int_equal(telnet_prompt_of("Account locked for 300 s\nlogin: "), TELNET_LOCKED);
	assert_int_equal(telnet_prompt_of("Your password has expired.\n(current) UNIX password: "),
	    TELNET_NEW_PASSWORD);
	assert_int_equal(telnet_prompt_of("Sai mật khẩu\nMật khẩu: "), TELNET_REFUSED);
	assert_int_equal(telnet_prompt_of("Access by others is denied.\n1) Status\nYour choice: "),
	    TELNET_OTHER);
	assert_int_equal(telnet_prompt_of("Login incorrect\n"), TELNET_OTHER);
	assert_true(telnet_has_refusal("Login incorrect\n"));
}

/* Asks, and waits for a line. */
static void
ask(int socket, const char *question, char *line, size_t room)
{
	unit_say_text(socket, question);
	unit_hear(socket, line, room, "\r\n");
}

/* Each says what it does by the first letter of the context. */
static void
serve_odd(void *context, int socket, unsigned number)
{
	const char *manner = context;
	char line[200] = "", echo[210];

	(void)number;
	switch (manner[0]) {
	case 'e': /* echoes whatever comes, and asks nothing */
		ask(socket, "login: ", line, sizeof line);
		snprintf(echo, sizeof echo, "%sPassword: ", line);
		unit_say_text(socket, echo);
		unit_hear(socket, line, sizeof line, "\r\n");
		unit_say_text(socket, line);
		break;
	case 'p': /* a password alone, and it hangs up on a wrong one */
		ask(socket, "Password: ", line, sizeof line);
		unit_say_text(socket, strstr(line, "secret") != NULL ? "\r\n$ " : "\r\nWrong\r\n");
		if (strstr(line, "secret") == NULL)
			return;
		break;
	case 'w': /* a menu below what the law says; who is wrong is asked again, after a while */
		ask(socket, "login: ", line, sizeof line);
		ask(socket, "Password: ", line, sizeof line);
		if (strstr(line, "secret") != NULL) {
			ask(socket,
			    "\r\nAccess by others is denied.\r\n1) Shell\r\nYour choice: ", line,
			    sizeof line);
			unit_say_text(socket, "\r\nYour choice: ");
			break;
		}
		unit_say_text(socket, "\r\nLogin incorrect\r\n");
		usleep(1200000);
		unit_say_text(socket, "\r\ncam login: ");
		break;
	case 's': /* words of refusal, whatever is said */
		ask(socket, "login: ", line, sizeof line);
		ask(socket, "Password: ", line, sizeof line);
		while (unit_hear(socket, line, sizeof line, "\r\n") > 0)
			unit_say_text(socket, "\r\nAccess denied\r\n");
		return;
	case 'm': /* a menu behind the log-in */
	case 'k': /* a key first */
		if (manner[0] == 'k') {
			ask(socket, "Press any key to continue >", line, sizeof line);
		}
		ask(socket, "User Name: ", line, sizeof line);
		ask(socket, "Password: ", line, sizeof line);
		unit_say_text(socket, strstr(line, "secret") != NULL
					  ? "\r\n1 Status\r\n2 Reboot\r\nSelect: "
					  : "\r\nIncorrect\r\nUser Name: ");
		unit_hear(socket, line, sizeof line, "\r\n");
		unit_say_text(socket, strstr(line, "never") == NULL ? "\r\nSelect: " : "");
		break;
	case 'l':
		ask(socket, "login: ", line, sizeof line);
		unit_say_text(socket, "Account locked, try again later\r\n");
		break;
	case 'n': /* must be changed */
		ask(socket, "login: ", line, sizeof line);
		ask(socket, "Password: ", line, sizeof line);
		unit_say_text(socket, "You must change your password now.\r\nNew password: ");
		break;
	default: /* negotiates without end */
		for (unsigned i = 0; i < 100000; i++)
			unit_say(socket, "\xff\xfb\x63", 3);
		return;
	}
	unit_hear(socket, line, sizeof line, "never"); /* until the caller hangs up */
}

static enum status
try_after(struct job *job, char *manner, const char *password, const struct login_result *control,
    struct login_result *result)
{
	struct scripted_unit unit = {.serve = serve_odd, .context = manner};
	struct login login = {.port = 23, .recognised = true, .protocol = "telnet"};
	struct target target;
	enum status status;

	unit_start(&unit, &target);
	status = login_try(job, &target, &login, "root", password, control, result);
	unit_stop(&unit, &target);
	return status;
}

static enum status
try_odd(struct job *job, char *manner, const char *password, struct login_result *result)
{
	struct login_result control = {.answer = LOGIN_REFUSED};

	return try_after(job, manner, password, &control, result);
}

static void
odd_telnet_servers_are_not_taken_for_open_ones(void **state)
{
	static char echo[] = "echo", one[] = "password", menu[] = "menu", key[] = "key",
		    lock[] = "lock", new[] = "new", flood[] = "flood";
	struct job *job = *state;
	struct login_result result;

	assert_ok(job, try_odd(job, echo, "root#", &result));
	assert_int_not_equal(result.answer, LOGIN_ACCEPTED);
	assert_ok(job, try_odd(job, one, "secret", &result));
	assert_int_equal(result.answer, LOGIN_ACCEPTED);
	assert_ok(job, try_odd(job, one, "other", &result));
	assert_int_equal(result.answer, LOGIN_REFUSED);
	assert_ok(job, try_odd(job, menu, "secret", &result));
	assert_int_equal(result.answer, LOGIN_ACCEPTED);
	assert_ok(job, try_odd(job, key, "other", &result));
	assert_int_equal(result.answer, LOGIN_REFUSED);
	assert_int_equal(try_odd(job, lock, "secret", &result), STATUS_UNAVAILABLE);
	assert_ok(job, try_odd(job, new, "secret", &result));
	assert_int_equal(result.answer, LOGIN_ACCEPTED);
	assert_true(result.forced_change);
	assert_int_not_equal(try_odd(job, flood, "secret", &result), STATUS_OK);
	assert_int_equal(try_odd(job, one, "a\nb", &result), STATUS_UNDECIDED);
}

/* "Denied" above a menu is the law's; "incorrect" before another question is the unit's. */
static void
a_warning_above_a_menu_is_no_refusal(void **state)
{
	static char warned[] = "warned", stubborn[] = "stubborn";
	struct job *job = *state;
	struct login_result result;

	assert_ok(job, try_odd(job, warned, "secret", &result));
	assert_int_equal(result.answer, LOGIN_ACCEPTED);
	assert_ok(job, try_odd(job, warned, "other", &result));
	assert_int_equal(result.answer, LOGIN_REFUSED);
	/* The control pair is refused in the same words, and never let in by a knock. */
	assert_ok(job, try_after(job, warned, "other", NULL, &result));
	assert_int_equal(result.answer, LOGIN_REFUSED);
	assert_ok(job, try_after(job, warned, "secret", NULL, &result));
	assert_int_equal(result.answer, LOGIN_UNSURE);
	assert_ok(job, try_odd(job, stubborn, "other", &result));
	assert_int_equal(result.answer, LOGIN_UNSURE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		questions_are_told_in_other_words_and_languages, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		answers_are_not_mistaken_for_others, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		odd_telnet_servers_are_not_taken_for_open_ones, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_warning_above_a_menu_is_no_refusal, setup_job, teardown_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
