/*
 * Two tests keep the demonstration honest: the bad camera fails in exactly the
 * places written down in bad-camera.tsv, and the good one stops passing as
 * soon as any one fact about it is another.
 *
 * Needs the cases of scripts/demo (build/demo/cases).
 */
#include "tests/support/support.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assess/evaluate.h"
#include "base/file.h"
#include "base/text.h"
#include "facts/case.h"

#define CASES "build/demo/cases/"

struct camera {
	struct fact_list facts;
	const struct profile *profile;
	const struct catalogue *catalogue;
	int64_t now;
};

static void
read_camera(struct job *job, const char *name, struct camera *camera)
{
	const char *path = arena_printf(job, CASES "%s.hopquy", name), *when;
	struct case_file *file;

	memset(camera, 0, sizeof *camera);
	if (case_open(job, path, false, &file) != STATUS_OK)
		fail_msg("%s: run scripts/demo first (%s)", path, job->reason);
	assert_ok(job, case_facts(job, file, &camera->facts));
	assert_ok(job, case_get(job, file, "assessed_at", &when));
	assert_true(text_parse_integer(when, 0, INT64_MAX, &camera->now));
	case_close(file);
	assert_ok(job, profile_load(job, "profiles/qcvn-11-2026.xml", &camera->profile));
	assert_ok(job, catalogue_load(job, "checks", &camera->catalogue));
}

static void
assess(struct job *job, const struct camera *camera, struct assessment *assessment)
{
	struct evaluation evaluation = {.profile = camera->profile,
	    .catalogue = camera->catalogue,
	    .reference_folder = "data",
	    .facts = &camera->facts,
	    .now = camera->now,
	    .program_version = HOPQUY_VERSION};

	assert_ok(job, evaluate(job, &evaluation, assessment));
}

static int
compare_strings(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "clause TAB check TAB place" of every finding that fails, sorted, each once. */
static size_t
failures(struct job *job, const struct assessment *assessment, const char *lines[], size_t room)
{
	size_t count = 0, kept = 0;

	for (size_t i = 0; i < assessment->requirement_count; i++)
		for (size_t j = 0; j < assessment->requirements[i].rule_count; j++) {
			const struct rule_result *rule = &assessment->requirements[i].rules[j];

			for (size_t k = 0; k < rule->finding_count; k++) {
				if (rule->findings[k].verdict != VERDICT_FAIL)
					continue;
				assert_true(count < room);
				lines[count++] = arena_printf(job, "%s\t%s\t%s",
				    assessment->requirements[i].requirement->id,
				    rule->findings[k].check == NULL ? rule->findings[k].procedure
								    : rule->findings[k].check,
				    rule->findings[k].place);
			}
		}
	qsort(lines, count, sizeof *lines, compare_strings);
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || strcmp(lines[kept - 1], lines[i]) != 0)
			lines[kept++] = lines[i];
	return kept;
}

static bool
holds(const char *const *lines, size_t count, const char *line)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(lines[i], line) == 0)
			return true;
	return false;
}

static size_t
read_expected(struct job *job, const char *lines[], size_t room)
{
	struct span bytes;
	char *rest;
	size_t count = 0;

	assert_ok(job, file_read(job, "tests/end_to_end/bad-camera.tsv", 1 << 20, &bytes));
	rest = arena_string(job, (const char *)bytes.at, bytes.size);
	for (char *line; (line = strsep(&rest, "\n")) != NULL;)
		if (line[0] != '\0' && line[0] != '#') {
			assert_true(count < room);
			lines[count++] = line;
		}
	return count;
}

static void
the_bad_camera_fails_in_exactly_these_places(void **state)
{
	static const char *const families[] = {"crypto/", "passwords/", "ports/", "updates/"};
	static const char *found[1000], *expected[1000];
	struct job *job = *state;
	struct assessment assessment;
	struct camera camera;
	size_t found_count, expected_count, wrong = 0;

	read_camera(job, "bad", &camera);
	assess(job, &camera, &assessment);
	assert_int_equal(assessment.overall, VERDICT_FAIL);
	found_count = failures(job, &assessment, found, ARRAY_SIZE(found));
	expected_count = read_expected(job, expected, ARRAY_SIZE(expected));
	for (size_t i = 0; i < found_count; i++)
		if (!holds(expected, expected_count, found[i])) {
			print_error("unexpected: %s\n", found[i]);
			wrong++;
		}
	for (size_t i = 0; i < expected_count; i++)
		if (!holds(found, found_count, expected[i])) {
			print_error("missing: %s\n", expected[i]);
			wrong++;
		}
	assert_int_equal(wrong, 0);
	assert_true(found_count >= 12);
	for (size_t i = 0; i < ARRAY_SIZE(families); i++) {
		size_t of_family = 0;

		for (size_t j = 0; j < found_count; j++)
			of_family += strstr(found[j], families[i]) != NULL;
		assert_true(of_family > 0);
	}
}

struct setting {
	const char *field, *value; /* value NULL: unknown */
};

/* One fact that is another: the first of `kind` that fits `where` (all of it), with `set`. */
struct flip {
	enum fact_kind kind;
	struct setting where[3], set[4];
	const char *clause;
};

static const struct flip flips[] = {
    {FACT_account, {{"user", "root"}, {"scheme", "locked"}, {0}},
	{{"enabled", "1"}, {"scheme", "md5crypt"}, {"hash", "$1$ab$cd"}, {0}}, "VN135-04.3"},
    {FACT_account, {{"user", "www"}, {"scheme", "locked"}, {0}},
	{{"enabled", "1"}, {"scheme", "none"}, {"empty_password", "1"}, {0}}, "VN135-01.1"},
    {FACT_boot_service, {{"name", "lighttpd"}, {0}, {0}},
	{{"name", "telnetd"}, {"protocol", "telnet"}, {"listen_port", "23"}, {0}}, "VN135-06.1"},
    {FACT_certificate, {{"is_ca", "0"}, {0}, {0}}, {{"not_after", "1000"}, {0}, {0}, {0}},
	"VN135-05.1"},
    {FACT_certificate, {{"is_ca", "0"}, {0}, {0}}, {{"signature_hash", "MD5"}, {0}, {0}, {0}},
	"VN135-05.3"},
    {FACT_component, {{"name", "openssl"}, {"source", "components"}, {0}},
	{{"version", "1.0.2k"}, {0}, {0}, {0}}, "VN135-03.4"},
    {FACT_component, {{"name", "busybox"}, {"source", "components"}, {0}},
	{{"name", "something_else"}, {0}, {0}, {0}}, "VN135-03.2"},
    {FACT_file, {{"path", "0.swu/rootfs.uimage/0.uimage/40.squashfs/etc/shadow"}, {0}, {0}},
	{{"mode", "420"}, {0}, {0}, {0}}, "VN135-04.1"},
    {FACT_disclosure, {{"type", "realm"}, {"state", "initialised"}, {0}},
	{{"type", "serial"}, {"value", "0001"}, {0}, {0}}, "VN135-06.2"},
    {FACT_identity, {{"name", "ixit_table"}, {"value", "6-SoftComp"}, {0}},
	{{"value", "another"}, {0}, {0}, {0}}, "VN135-03.2"},
    {FACT_ixit, {{"ixit_table", "15-Intf"}, {"field", "port"}, {"code", "22"}},
	{{"code", "2222"}, {0}, {0}, {0}}, "VN135-06.1"},
    {FACT_ixit, {{"ixit_table", "7-UpdMech"}, {"field", "cryptographic_details"}, {0}},
	{{"code", "none"}, {0}, {0}, {0}}, "VN135-03.5"},
    {FACT_kernel, {{"version", "6.12.30"}, {0}, {0}}, {{"version", "3.0.8"}, {0}, {0}, {0}},
	"VN135-03.4"},
    {FACT_key, {{"source", "ssh"}, {0}, {0}}, {{"algorithm", "RSA"}, {"bits", "1024"}, {0}, {0}},
	"VN135-05.1"},
    {FACT_key, {{"source", "keys"}, {0}, {0}}, {{"private", "1"}, {0}, {0}, {0}}, "VN135-04.3"},
    {FACT_login_attempt, {{"control", "0"}, {"state", "initialised"}, {0}},
	{{"accepted", "1"}, {0}, {0}, {0}}, "VN135-01.1"},
    {FACT_login_attempt, {{"control", "1"}, {"state", "initialised"}, {0}},
	{{"accepted", "1"}, {0}, {0}, {0}}, "VN135-01.1"},
    {FACT_login_service, {{"protocol", "https"}, {"state", "initialised"}, {0}},
	{{"encrypted", "0"}, {"protocol", "http"}, {"scheme", "basic"}, {0}}, "VN135-01.3"},
    {FACT_looked, {{"kind", "open_port"}, {"state", "initialised"}, {"from_source", "ports"}},
	{{"complete", "0"}, {"reason", "the network went away"}, {0}, {0}}, "VN135-06.1"},
    {FACT_looked, {{"kind", "login_attempt"}, {"state", "initialised"}, {0}},
	{{"complete", "0"}, {"reason", "the network went away"}, {0}, {0}}, "VN135-01.1"},
    {FACT_looked, {{"kind", "key"}, {"from_source", "keys"}, {0}},
	{{"complete", "0"}, {0}, {0}, {0}}, "VN135-04.3"},
    {FACT_looked, {{"kind", "secret"}, {"from_source", "hard_coded_login"}, {0}},
	{{"complete", "0"}, {0}, {0}, {0}}, "VN135-04.3"},
    {FACT_looked, {{"kind", "account"}, {"from_source", "service_accounts"}, {0}},
	{{"complete", "0"}, {0}, {0}, {0}}, "VN135-01.1"},
    {FACT_open_port, {{"port", "22"}, {"state", "factory_default"}, {0}},
	{{"port", "23"}, {"service", "telnet"}, {0}, {0}}, "VN135-06.1"},
    {FACT_setting, {{"name", "lighttpd.server.port"}, {0}, {0}},
	{{"name", "snmpd.rwcommunity"}, {"value", "private"}, {0}, {0}}, "VN135-01.1"},
    {FACT_file, {{"type", "file"}, {0}, {0}},
	{{"path", "0.squashfs/lib/modules/4.9/btusb.ko"}, {0}, {0}, {0}}, "VN135-06.1"},
    {FACT_setting, {{"name", "sshd.Port"}, {0}, {0}},
	{{"name", "dnsmasq.enable-tftp"}, {0}, {0}, {0}}, "VN135-05.1"},
    {FACT_setting, {{"name", "sshd.Port"}, {0}, {0}},
	{{"name", "boot_loader.bootdelay"}, {"value", "3"}, {0}, {0}}, "VN135-06.3"},
    {FACT_ssh_offer, {{"class", "cipher"}, {"state", "initialised"}, {0}},
	{{"name", "3des-cbc"}, {0}, {0}, {0}}, "VN135-05.1"},
    {FACT_tls_offer, {{"accepted", "1"}, {"state", "initialised"}, {0}},
	{{"version", "TLSv1.0"}, {0}, {0}, {0}}, "VN135-05.1"},
    {FACT_tls_offer, {{"accepted", "1"}, {"state", "initialised"}, {0}},
	{{"cipher", "TLS_RSA_WITH_RC4_128_MD5"}, {0}, {0}, {0}}, "VN135-05.3"},
    {FACT_update_signature, {{0}, {0}, {0}},
	{{"scheme", "checksum"}, {"algorithm", "crc32"}, {"present", "0"}, {0}}, "VN135-03.3"},
    {FACT_endpoint_reference, {{"host", "pki.certificate.fi"}, {0}, {0}},
	{{"provider", "Tuya"}, {"purpose", "cloud"}, {0}, {0}}, "VN135-07.1"},
    {FACT_file, {{"type", "file"}, {0}, {0}},
	{{"path", "0.squashfs/lib/modules/tsl2563.ko"}, {0}, {0}, {0}}, "VN135-07.2"},
    {FACT_setting, {{"name", "update_client.verify"}, {0}, {0}},
	{{"value", "off: curl -k"}, {0}, {0}, {0}}, "VN135-03.5"},
    {FACT_setting, {{"name", "update_client.url"}, {0}, {0}}, {{"value", NULL}, {0}, {0}, {0}},
	"VN135-03.5"},
    {FACT_setting, {{"name", "update_client.signature"}, {0}, {0}},
	{{"value", "off: swupdate without -k"}, {0}, {0}, {0}}, "VN135-03.5"},
    {FACT_setting, {{"name", "sshd.PermitEmptyPasswords"}, {0}, {0}},
	{{"value", "yes"}, {0}, {0}, {0}}, "VN135-01.1"},
    {FACT_setting, {{"name", "sshd.Ciphers"}, {0}, {0}},
	{{"value", "aes256-ctr,3des-cbc"}, {0}, {0}, {0}}, "VN135-05.1"},
    {FACT_setting, {{"name", "sshd.MACs"}, {0}, {0}}, {{"value", "+hmac-md5"}, {0}, {0}, {0}},
	"VN135-01.3"},
    {FACT_setting, {{"name", "lighttpd.ssl.openssl.ssl-conf-cmd"}, {0}, {0}},
	{{"value", "(\"MinProtocol\" => \"SSLv3\")"}, {0}, {0}, {0}}, "VN135-05.1"},
    {FACT_tls_weakness, {{"present", "0"}, {"state", "initialised"}, {0}},
	{{"name", "heartbleed"}, {"present", "1"}, {0}, {0}}, "VN135-05.1"},
    {FACT_tls_parameter, {{"class", "group"}, {"accepted", "1"}, {"state", "initialised"}},
	{{"name", "secp192r1"}, {0}, {0}, {0}}, "VN135-05.1"},
    {FACT_resource, {{"needs_login", "1"}, {"state", "initialised"}, {0}},
	{{"needs_login", "0"}, {"access", "configure"}, {0}, {0}}, "VN135-05.2"},
    {FACT_access_trial, {{"role", "wrong"}, {"state", "initialised"}, {0}},
	{{"allowed", "1"}, {"access", "configure"}, {0}, {0}}, "VN135-05.2"},
    {FACT_lockout, {{"state", "initialised"}, {0}, {0}},
	{{"locked", "0"}, {"attempts_per_minute", "900"}, {0}, {0}}, "VN135-01.5"},
    {FACT_looked, {{"kind", "credential_change"}, {"state", "initialised"}, {0}},
	{{"complete", "0"}, {"reason", "time was up"}, {0}, {0}}, "VN135-01.4"},
    {FACT_looked, {{"kind", "password_trial"}, {"state", "initialised"}, {0}},
	{{"complete", "0"}, {"reason", "time was up"}, {0}, {0}}, "VN135-01.4"},
    {FACT_input_trial, {{"class", "traversal"}, {"state", "initialised"}, {0}},
	{{"processed", "1"}, {0}, {0}, {0}}, "VN135-10.1"},
    {FACT_input_trial, {{"class", "malformed"}, {"state", "initialised"}, {0}},
	{{"processed", "1"}, {0}, {0}, {0}}, "VN135-10.1"},
    {FACT_looked, {{"kind", "liveness"}, {"state", "initialised"}, {0}},
	{{"complete", "0"}, {"reason", "time was up"}, {0}, {0}}, "VN135-10.1"},
    {FACT_ics, {{"provision", "5.1-1"}, {0}, {0}}, {{"support", "N"}, {0}, {0}, {0}}, "VN135-01.1"},
    {FACT_answer, {{"procedure", "5.6-1-2"}, {0}, {0}}, {{"result", "fail"}, {0}, {0}, {0}},
	"VN135-06.1"},
    {FACT_answer, {{"procedure", "5.2-1-1"}, {0}, {0}}, {{"result", NULL}, {0}, {0}, {0}},
	"VN135-02.1"},
    {FACT_answer, {{"procedure", "5.2-1-1"}, {0}, {0}}, {{"person", NULL}, {0}, {0}, {0}},
	"VN135-02.1"},
    {FACT_subject, {{"type", "unit"}, {0}, {0}}, {{"type", "image"}, {0}, {0}, {0}}, "VN135-01.1"},
    {FACT_region, {{"coverage", "read"}, {0}, {0}},
	{{"coverage", "encrypted"}, {"bytes", "9000000"}, {0}, {0}}, "VN135-04.3"},
};

/* Of clauses that are not scored: one more finding asks.  What the good camera has none of is left
 * out. */
static const struct flip told_flips[] = {
    {FACT_elf, {{"nx", "1"}, {0}, {0}}, {{"nx", "0"}, {0}, {0}, {0}}, "VN-REC.5.6-8"},
    {FACT_file, {{"type", "file"}, {"mode", "493"}, {0}},
	{{"mode", "2541"}, {"path", "0.squashfs/bin/bash"}, {0}, {0}}, "VN-REC.5.6-7"},
    {FACT_looked, {{"kind", "attribute"}, {0}, {0}}, {{"complete", "0"}, {0}, {0}, {0}},
	"VN-REC.5.6-7"},
    {FACT_looked, {{"kind", "boot_verification"}, {0}, {0}}, {{"complete", "0"}, {0}, {0}, {0}},
	"VN-REC.5.7-1"},
    {FACT_looked, {{"kind", "kernel"}, {"from_source", "kernel"}, {0}},
	{{"complete", "0"}, {0}, {0}, {0}}, "VN-REC.5.6-8"},
};

static const struct field_description *
field_of(enum fact_kind kind, const char *name)
{
	for (size_t i = 0; i < fact_kinds[kind].field_count; i++)
		if (strcmp(fact_kinds[kind].fields[i].name, name) == 0)
			return &fact_kinds[kind].fields[i];
	for (size_t i = 0; i < fact_common_count; i++)
		if (strcmp(fact_common[i].name, name) == 0)
			return &fact_common[i];
	fail_msg("%s has no field %s", fact_kinds[kind].name, name);
	return NULL;
}

static bool
fits(const struct fact *fact, const struct setting *setting)
{
	const struct field_description *field;
	const char *text;
	int64_t number;

	if (setting->field == NULL)
		return true;
	field = field_of(fact->kind, setting->field);
	if (field->type == FIELD_TEXT) {
		text = fact_get_text(fact, field);
		return text != NULL && strcmp(text, setting->value) == 0;
	}
	return text_parse_integer(setting->value, INT64_MIN + 1, INT64_MAX, &number) &&
	       fact_get_integer(fact, field) == number;
}

static void
apply(struct fact *fact, const struct setting *setting)
{
	const struct field_description *field;
	int64_t number = UNKNOWN;

	if (setting->field == NULL)
		return;
	field = field_of(fact->kind, setting->field);
	if (field->type == FIELD_TEXT) {
		fact_set_text(fact, field, setting->value);
	} else {
		assert_true(setting->value == NULL ||
			    text_parse_integer(setting->value, INT64_MIN + 1, INT64_MAX, &number));
		fact_set_integer(fact, field, number);
	}
}

static struct fact *
find(struct camera *camera, const struct flip *flip)
{
	for (size_t i = 0; i < camera->facts.count; i++) {
		struct fact *fact = &camera->facts.facts[i];

		if (fact->kind == flip->kind && fits(fact, &flip->where[0]) &&
		    fits(fact, &flip->where[1]) && fits(fact, &flip->where[2]))
			return fact;
	}
	return NULL;
}

static struct fact *
must_find(struct camera *camera, const struct flip *flip)
{
	struct fact *fact = find(camera, flip);

	if (fact != NULL)
		return fact;
	fail_msg("the good camera has no %s with %s = %s", fact_kinds[flip->kind].name,
	    flip->where[0].field, flip->where[0].value);
	return NULL;
}

static enum verdict
clause_verdict(const struct assessment *assessment, const char *clause)
{
	for (size_t i = 0; i < assessment->requirement_count; i++)
		if (strcmp(assessment->requirements[i].requirement->id, clause) == 0)
			return assessment->requirements[i].verdict;
	fail_msg("no clause %s", clause);
	return VERDICT_PASS;
}

/* Findings of a clause that do not pass. */
static size_t
questions(const struct assessment *assessment, const char *clause)
{
	size_t count = 0;

	for (size_t i = 0; i < assessment->requirement_count; i++) {
		const struct requirement_result *result = &assessment->requirements[i];

		for (size_t j = 0; j < result->rule_count; j++)
			for (size_t k = 0; k < result->rules[j].finding_count; k++)
				count += strcmp(result->requirement->id, clause) == 0 &&
					 result->rules[j].findings[k].verdict != VERDICT_PASS;
	}
	return count;
}

static void
the_good_camera_passes_and_stops_when_one_fact_is_another(void **state)
{
	struct job *job = *state;
	struct assessment assessment;
	struct camera camera;
	size_t wrong = 0;

	read_camera(job, "good", &camera);
	assess(job, &camera, &assessment);
	assert_int_equal(assessment.overall, VERDICT_PASS);
	for (size_t i = 0; i < ARRAY_SIZE(flips); i++) {
		struct arena_mark mark = arena_mark(job->arena);
		struct fact *fact = must_find(&camera, &flips[i]), kept = *fact;
		struct assessment flipped;

		assert_int_equal(clause_verdict(&assessment, flips[i].clause), VERDICT_PASS);
		for (size_t j = 0; j < ARRAY_SIZE(flips[i].set); j++)
			apply(fact, &flips[i].set[j]);
		assess(job, &camera, &flipped);
		if (clause_verdict(&flipped, flips[i].clause) == VERDICT_PASS ||
		    flipped.overall == VERDICT_PASS) {
			print_error("%s still PASS with %s: %s = %s\n", flips[i].clause,
			    fact_kinds[flips[i].kind].name, flips[i].set[0].field,
			    flips[i].set[0].value);
			wrong++;
		}
		*fact = kept;
		arena_release(job->arena, mark);
	}
	assert_int_equal(wrong, 0);
}

static void
a_recommendation_asks_when_one_fact_is_another(void **state)
{
	struct job *job = *state;
	struct assessment assessment;
	struct camera camera;

	read_camera(job, "good", &camera);
	assess(job, &camera, &assessment);
	for (size_t i = 0; i < ARRAY_SIZE(told_flips); i++) {
		const struct flip *flip = &told_flips[i];
		struct arena_mark mark = arena_mark(job->arena);
		struct fact *fact = find(&camera, flip), kept;
		struct assessment flipped;

		if (fact == NULL)
			continue;
		kept = *fact;
		for (size_t j = 0; j < ARRAY_SIZE(flip->set); j++)
			apply(fact, &flip->set[j]);
		assess(job, &camera, &flipped);
		if (questions(&flipped, flip->clause) <= questions(&assessment, flip->clause))
			fail_msg("%s asks no more with another %s", flip->clause,
			    fact_kinds[flip->kind].name);
		*fact = kept;
		arena_release(job->arena, mark);
	}
}

/* Of what a good camera has none, the row that says so is flipped. */
static bool
is_about(const struct flip *flip, size_t kind)
{
	return flip->kind == kind || (flip->kind == FACT_looked &&
					 strcmp(flip->where[0].value, fact_kinds[kind].name) == 0);
}

static void
every_kind_that_a_check_reads_is_flipped(void **state)
{
	struct job *job = *state;
	struct camera camera;
	size_t wrong = 0;

	read_camera(job, "good", &camera);
	for (size_t i = 0; i < camera.catalogue->count; i++)
		for (size_t kind = 0; kind < FACT_KIND_COUNT; kind++) {
			bool flipped = !camera.catalogue->checks[i].allowed[kind];

			for (size_t j = 0; j < ARRAY_SIZE(flips); j++)
				flipped |= is_about(&flips[j], kind);
			for (size_t j = 0; j < ARRAY_SIZE(told_flips); j++)
				flipped |= is_about(&told_flips[j], kind);
			if (!flipped) {
				print_error("%s is read by %s and never flipped\n",
				    fact_kinds[kind].name, camera.catalogue->checks[i].name);
				wrong++;
			}
		}
	assert_int_equal(wrong, 0);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		the_bad_camera_fails_in_exactly_these_places, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		the_good_camera_passes_and_stops_when_one_fact_is_another, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_recommendation_asks_when_one_fact_is_another, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		every_kind_that_a_check_reads_is_flipped, setup_job, teardown_job),
	};

	/* --print writes the bad camera's failures, to be read and, if they are right, kept. */
	if (argc == 2 && strcmp(argv[1], "--print") == 0) {
		static const char *lines[1000];
		struct job *job = job_new(TEST_BUDGET);
		struct assessment assessment;
		struct camera camera;
		size_t count;

		read_camera(job, "bad", &camera);
		assess(job, &camera, &assessment);
		count = failures(job, &assessment, lines, ARRAY_SIZE(lines));
		for (size_t i = 0; i < count; i++)
			printf("%s\n", lines[i]);
		job_free(job);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
