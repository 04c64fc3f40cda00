/* The views see what no process sees alone: unit beside image, unit beside unit. */
#include "tests/support/support.h"

#include <stdio.h>
#include <string.h>

#include "facts/query.h"

struct seen {
	char lines[2000];
};

static enum status
write_row(void *context, const struct query_cell *cells, size_t count)
{
	struct seen *seen = context;
	size_t used = strlen(seen->lines);
	const char *about = "?", *lacks = NULL;
	int64_t fact = 0, same = -1;

	for (size_t i = 0; i < count; i++) {
		if (strcmp(cells[i].name, "about") == 0)
			about = cells[i].text;
		if (strcmp(cells[i].name, "fact") == 0)
			fact = cells[i].integer;
		if (strcmp(cells[i].name, "same") == 0)
			same = cells[i].integer;
		if (strcmp(cells[i].name, "lacks") == 0)
			lacks = cells[i].text;
	}
	if (lacks != NULL)
		snprintf(seen->lines + used, sizeof seen->lines - used, "%s %lld: %s;", about,
		    (long long)fact, lacks);
	else
		snprintf(seen->lines + used, sizeof seen->lines - used, "%s %lld %lld;", about,
		    (long long)fact, (long long)same);
	return STATUS_OK;
}

static struct fact
subject(int64_t id, const char *type, const char *name)
{
	struct fact fact = fact_new(FACT_subject);

	fact.fact = id;
	fact.as.subject.type = type;
	fact.as.subject.name = name;
	return fact;
}

static struct fact
about(enum fact_kind kind, int64_t id, int64_t of, const char *source)
{
	struct fact fact = fact_new(kind);

	fact.fact = id;
	fact.subject = of;
	fact.source = source;
	fact.state = of < 3 ? "initialised" : NULL;
	return fact;
}

static void
see(struct job *job, struct fact *facts, size_t count, const char *view, struct seen *seen)
{
	struct fact_list list = {.facts = facts, .count = count};
	struct query_database *database;

	seen->lines[0] = '\0';
	assert_ok(job, query_open(job, &list, &database));
	assert_ok(job, query_see(job, database, view, write_row, seen));
	query_close(database);
}

static void
the_unit_is_held_against_the_firmware(void **state)
{
	struct fact facts[] = {subject(1, "unit", "A"), subject(3, "image", "bad.bin"),
	    about(FACT_key, 10, 1, "ssh"), about(FACT_key, 11, 3, "keys"),
	    about(FACT_key, 12, 1, "tls"), about(FACT_disclosure, 13, 1, "ssh"),
	    about(FACT_component, 14, 3, "packages"), about(FACT_disclosure, 15, 1, "http"),
	    about(FACT_login_attempt, 16, 1, "default_passwords"),
	    about(FACT_account, 17, 3, "accounts"), about(FACT_looked, 18, 1, "ports"),
	    about(FACT_open_port, 19, 1, "ports"), about(FACT_boot_service, 20, 3, "boot_services"),
	    about(FACT_boot_service, 21, 3, "boot_services")};
	struct seen seen;

	facts[2].as.key.fingerprint = facts[3].as.key.fingerprint = "aa";
	facts[3].as.key.private = 1;
	facts[4].as.key.fingerprint = "bb";
	facts[5].as.disclosure.type = facts[7].as.disclosure.type = "version";
	facts[5].as.disclosure.value = "SSH-2.0-dropbear_2019.78";
	facts[6].as.component.name = "dropbear";
	facts[6].as.component.version = "2022.83";
	facts[7].as.disclosure.value = "lighttpd/1.4.69";
	facts[8].as.login_attempt.user = facts[9].as.account.user = "root";
	facts[8].as.login_attempt.password = facts[9].as.account.password = "xmhdipc";
	facts[8].as.login_attempt.accepted = 1;
	facts[8].as.login_attempt.control = 0;
	facts[10].as.looked.kind = "open_port";
	facts[10].as.looked.from_source = "ports";
	facts[10].as.looked.complete = 1;
	facts[11].port = 23;
	facts[11].as.open_port.status = "open";
	facts[12].as.boot_service.enabled = facts[13].as.boot_service.enabled = 1;
	facts[12].as.boot_service.listen_port = 23;
	facts[13].as.boot_service.listen_port = 80;
	see(*state, facts, sizeof facts / sizeof *facts, "agreement", &seen);
	assert_string_equal(
	    seen.lines, "account 16 1;key 10 1;service 18 0;service 19 1;version 13 0;");
}

static void
two_units_are_held_against_each_other(void **state)
{
	struct fact facts[] = {subject(1, "unit", "A"), subject(2, "unit", "B"),
	    about(FACT_key, 10, 1, "ssh"), about(FACT_key, 11, 2, "ssh"),
	    about(FACT_key, 12, 1, "tls"), about(FACT_key, 13, 2, "tls"),
	    about(FACT_certificate, 14, 1, "tls"), about(FACT_certificate, 15, 2, "tls"),
	    about(FACT_login_attempt, 16, 1, "default_passwords"),
	    about(FACT_disclosure, 17, 1, "upnp")};
	struct seen seen;

	facts[2].as.key.fingerprint = facts[3].as.key.fingerprint = "aa";
	facts[2].as.key.format = facts[3].as.key.format = "ssh host key";
	/* an authority's key is rightly shared */
	facts[4].as.key.fingerprint = facts[5].as.key.fingerprint = "cc";
	facts[6].as.certificate.key_fingerprint = facts[7].as.certificate.key_fingerprint = "cc";
	facts[6].as.certificate.fingerprint = facts[7].as.certificate.fingerprint = "dd";
	facts[6].as.certificate.is_ca = facts[7].as.certificate.is_ca = 1;
	facts[6].as.certificate.self_signed = facts[7].as.certificate.self_signed = 1;
	facts[8].as.login_attempt.user = "admin";
	facts[8].as.login_attempt.password = "44CE7D";
	facts[8].as.login_attempt.accepted = 1;
	facts[8].as.login_attempt.control = 0;
	facts[9].as.disclosure.type = "mac";
	facts[9].as.disclosure.value = "00:12:34:44:ce:7d";
	see(*state, facts, sizeof facts / sizeof *facts, "uniqueness", &seen);
	assert_string_equal(seen.lines, "derived from mac 16 1;host key 10 1;host key 11 1;");
}

static void
a_check_may_read_a_view_and_still_nothing_it_does_not_need(void **state)
{
	struct fact facts[] = {subject(1, "unit", "A")};
	struct fact_list list = {.facts = facts, .count = 1};
	bool allowed[FACT_KIND_COUNT] = {false};
	struct query_database *database;
	struct job *job = *state;

	assert_ok(job, query_open(job, &list, &database));
	assert_ok(job, query_seal(job, database));
	assert_ok(job, query_check(job, database, "views",
			   "SELECT fact, 'inconclusive' AS verdict, about AS detail FROM agreement",
			   allowed, NULL, 0));
	assert_int_equal(query_check(job, database, "views",
			     "SELECT fact, 'inconclusive' AS verdict, algorithm AS detail FROM key",
			     allowed, NULL, 0),
	    STATUS_MALFORMED);
	query_close(database);
}

static struct fact
cookie(int64_t id, const char *name, int64_t secure, int64_t http_only)
{
	struct fact fact = about(FACT_session_cookie, id, 1, "http");

	fact.port = 443;
	fact.as.session_cookie.protocol = "https";
	fact.as.session_cookie.name = name;
	fact.as.session_cookie.secure = secure;
	fact.as.session_cookie.http_only = http_only;
	return fact;
}

static struct fact
header(int64_t id, const char *protocol, const char *name, int64_t present)
{
	struct fact fact = about(FACT_http_header, id, 1, "http");

	fact.port = 443;
	fact.as.http_header.protocol = protocol;
	fact.as.http_header.name = name;
	fact.as.http_header.present = present;
	return fact;
}

static void
what_protects_no_web_session_is_told_and_what_is_unknown_is_not(void **state)
{
	struct fact facts[] = {subject(1, "unit", "A"), cookie(10, "sid", 0, 0),
	    cookie(11, "sid", 0, 0), cookie(12, "good", 1, 1),
	    cookie(13, "unknown", UNKNOWN, UNKNOWN), cookie(14, "fixed", 1, 1),
	    header(20, "https", "Strict-Transport-Security", 0),
	    header(21, "https", "X-Frame-Options", 1),
	    header(22, "https", "Referrer-Policy", UNKNOWN),
	    header(23, "https", "Cache-Control", 0),
	    header(24, "http", "Strict-Transport-Security", 0)};
	struct seen seen;

	facts[5].as.session_cookie.predictable = 1;
	facts[5].as.session_cookie.renewed = 0;
	see(*state, facts, sizeof facts / sizeof *facts, "web_protection", &seen);
	assert_string_equal(seen.lines, "cookie 10: Secure, HttpOnly;"
					"cookie 14: a value nobody guesses, a new value at log-in;"
					"header 20: Strict-Transport-Security;");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		the_unit_is_held_against_the_firmware, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		two_units_are_held_against_each_other, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_check_may_read_a_view_and_still_nothing_it_does_not_need, setup_job,
		teardown_job),
	    cmocka_unit_test_setup_teardown(
		what_protects_no_web_session_is_told_and_what_is_unknown_is_not, setup_job,
		teardown_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
