/*
 * The signer signs nothing that three people did not say: each way of asking it
 * for something else is refused.
 */
#include "tests/support/pki.h"
#include "tests/support/support.h"

#include <string.h>

#include "base/file.h"
#include "base/text.h"

static int
setup(void **state)
{
	*state = pki_new();
	return 0;
}

static int
teardown(void **state)
{
	pki_free(*state);
	return 0;
}

static struct issue_input
good_input(struct pki *pki)
{
	struct issue_input input = {.claims = pki_claims(pki)};

	pki_sign_statements(pki, &input);
	return input;
}

static enum status
decide(struct pki *pki, const struct issue_input *input, int64_t now, struct span *xml)
{
	struct trust trust = pki_trust(pki);
	struct span request;

	assert_ok(pki->job, issue_request_write(pki->job, input, &request));
	return issue_decide(pki->job, request, &trust, &pki->body, now, xml);
}

static void
refused_because(struct pki *pki, const struct issue_input *input, const char *part)
{
	struct span xml;

	assert_int_equal(decide(pki, input, PKI_NOW, &xml), STATUS_REFUSED);
	if (strstr(pki->job->reason, part) == NULL)
		fail_msg("wanted \"%s\" in: %s", part, pki->job->reason);
}

static void
what_three_people_signed_is_built(void **state)
{
	struct pki *pki = *state;
	struct issue_input input = good_input(pki);
	struct certificate certificate;
	struct span xml;

	assert_ok(pki->job, decide(pki, &input, PKI_NOW, &xml));
	assert_ok(pki->job, certificate_read(pki->job, xml, &certificate));
	assert_string_equal(certificate.applicant, "Công ty Máy ảnh <A&B>");
	assert_true(digest_equal(&certificate.firmware[0].sha256, &pki->firmware));
}

static void
one_person_cannot_test_and_decide(void **state)
{
	struct pki *pki = *state;
	struct issue_input input = good_input(pki);
	struct statement statement = pki_statement(pki, &input.claims, ROLE_DECISION);
	const char *path;
	struct identity twin;
	struct span pem, xml;
	struct key *key;
	struct span request = pki_request(pki, &key);

	/* the tester's certificate does not carry the role */
	assert_int_equal(statement_sign(pki->job, &statement, pki->people_keys[ROLE_TESTER],
			     &pki->people[ROLE_TESTER], PKI_NOW, &xml),
	    STATUS_REFUSED);
	/* the same name enrolled twice, with another key */
	assert_ok(pki->job, office_enrol(pki->job, pki->authority, pki->people[ROLE_TESTER].name,
				ROLE_DECISION, PKI_BODY, request, PKI_NOW, &path));
	assert_ok(pki->job, file_read(pki->job, path, 65536, &pem));
	assert_ok(pki->job, identity_read_pem(pki->job, pem, &twin));
	assert_ok(pki->job, statement_sign(pki->job, &statement, key, &twin, PKI_NOW,
				&input.statements[ROLE_DECISION]));
	refused_because(pki, &input, "three different people");
	key_free(key);
}

static void
one_key_cannot_test_and_decide(void **state)
{
	struct pki *pki = *state;
	struct issue_input input = good_input(pki);
	struct statement statement = pki_statement(pki, &input.claims, ROLE_DECISION);
	const char *path;
	struct identity other;
	struct span pem, request;

	assert_ok(pki->job,
	    identity_make_request(pki->job, pki->people_keys[ROLE_TESTER], "x", &request));
	assert_ok(pki->job, office_enrol(pki->job, pki->authority, "Phạm Khác", ROLE_DECISION, NULL,
				request, PKI_NOW, &path));
	assert_ok(pki->job, file_read(pki->job, path, 65536, &pem));
	assert_ok(pki->job, identity_read_pem(pki->job, pem, &other));
	assert_ok(pki->job, statement_sign(pki->job, &statement, pki->people_keys[ROLE_TESTER],
				&other, PKI_NOW, &input.statements[ROLE_DECISION]));
	refused_because(pki, &input, "three different people");
}

static void
roles_stand_in_their_places(void **state)
{
	struct pki *pki = *state;
	struct issue_input input = good_input(pki);

	input.statements[ROLE_REVIEWER] = input.statements[ROLE_TESTER];
	refused_because(pki, &input, "where the reviewer should have");
}

static void
a_stranger_does_not_count(void **state)
{
	struct pki *pki = *state, *other = pki_new();
	struct issue_input input = good_input(pki);
	struct statement statement = pki_statement(pki, &input.claims, ROLE_TESTER);

	assert_ok(
	    pki->job, statement_sign(pki->job, &statement, other->people_keys[ROLE_TESTER],
			  &other->people[ROLE_TESTER], PKI_NOW, &input.statements[ROLE_TESTER]));
	refused_because(pki, &input, "is not enrolled as tester");
	pki_free(other);
}

static void
only_a_pass_is_certified(void **state)
{
	static const char *const verdicts[] = {"FAIL", "INCONCLUSIVE", "pass", "PASSED"};
	struct pki *pki = *state;

	for (size_t i = 0; i < ARRAY_SIZE(verdicts); i++) {
		struct issue_input input = good_input(pki);

		for (unsigned role = 0; role < STATEMENT_SIGNERS; role++) {
			struct statement statement =
			    pki_statement(pki, &input.claims, (enum role)role);

			statement.verdict = verdicts[i];
			assert_ok(
			    pki->job, statement_sign(pki->job, &statement, pki->people_keys[role],
					  &pki->people[role], PKI_NOW, &input.statements[role]));
		}
		refused_because(pki, &input, "not PASS");
	}
}

static void
the_three_must_have_seen_the_same_case(void **state)
{
	struct pki *pki = *state;
	struct issue_input input = good_input(pki);
	struct statement statement = pki_statement(pki, &input.claims, ROLE_REVIEWER);

	statement.journal_head.bytes[0] ^= 1;
	assert_ok(
	    pki->job, statement_sign(pki->job, &statement, pki->people_keys[ROLE_REVIEWER],
			  &pki->people[ROLE_REVIEWER], PKI_NOW, &input.statements[ROLE_REVIEWER]));
	refused_because(pki, &input, "signed different statements");
}

/* Each claim that the statements speak of, changed after they were signed. */
static void
no_signed_claim_can_be_changed(void **state)
{
	struct pki *pki = *state;
	struct issue_input input = good_input(pki), changed;
	struct certified_firmware firmware[2] = {
	    input.claims.firmware[0], input.claims.firmware[0]};

	changed = input, changed.claims.model = "C-300";
	refused_because(pki, &changed, "model");
	changed = input, changed.claims.manufacturer = "somebody else";
	refused_because(pki, &changed, "holder, maker or product");
	changed = input, changed.claims.applicant = "somebody else";
	refused_because(pki, &changed, "holder, maker or product");
	changed = input, changed.claims.gtin = "00000000";
	refused_because(pki, &changed, "holder, maker or product");
	changed = input, changed.claims.hardware = NULL;
	refused_because(pki, &changed, "hardware");
	changed = input, changed.claims.case_id = "case-2";
	refused_because(pki, &changed, "case");
	changed = input, changed.claims.corrections = 1;
	refused_because(pki, &changed, "corrections");
	changed = input, changed.claims.evidence_digest.bytes[31] ^= 1;
	refused_because(pki, &changed, "evidence digest");
	changed = input, changed.claims.reference_digest.bytes[31] ^= 1;
	refused_because(pki, &changed, "has not approved");
	changed = input, changed.claims.vulnerability_digest.bytes[31] ^= 1;
	refused_because(pki, &changed, "vulnerability digest");
	changed = input, changed.claims.assessment_digest.bytes[31] ^= 1;
	refused_because(pki, &changed, "assessment digest");
	changed = input, changed.claims.assessed_at += 1;
	refused_because(pki, &changed, "date of assessment");
	changed = input, changed.claims.program_version = "9";
	refused_because(pki, &changed, "program version");
	changed = input, changed.claims.firmware = firmware;
	firmware[0].sha256.bytes[0] ^= 1;
	refused_because(pki, &changed, "firmware");
	changed.claims.firmware_count = 2;
	refused_because(pki, &changed, "firmware");
	firmware[0] = input.claims.firmware[0];
	firmware[0].version = "1.2.4";
	changed.claims.firmware_count = 1;
	refused_because(pki, &changed, "firmware");
}

/* Bad reference data are no better for three signatures on them. */
static void
three_people_cannot_approve_reference_data(void **state)
{
	struct pki *pki = *state;
	struct issue_input input = {.claims = pki_claims(pki)};

	input.claims.reference_digest.bytes[0] ^= 1;
	pki_sign_statements(pki, &input);
	refused_because(pki, &input, "this reference data");
}

static void
signer_and_laboratory_are_the_people_who_signed(void **state)
{
	struct pki *pki = *state;
	struct issue_input input = good_input(pki), changed;

	changed = input, changed.claims.signer = "Vũ Danh";
	refused_because(pki, &changed, "Lê Quyết decided");
	changed = input, changed.claims.signer = pki->people[ROLE_TESTER].name;
	refused_because(pki, &changed, "Lê Quyết decided");
	changed = input, changed.claims.signer_role = "director";
	refused_because(pki, &changed, "Lê Quyết decided");
	changed = input, changed.claims.laboratory = "Lab 1";
	refused_because(pki, &changed, "laboratory Lab 1");
}

static void
a_tester_without_organisation_is_the_laboratory(void **state)
{
	struct pki *pki = *state;
	struct issue_input input = good_input(pki);
	struct statement statement = pki_statement(pki, &input.claims, ROLE_TESTER);
	const char *path;
	struct identity alone;
	struct span pem, xml;
	struct key *key;
	struct span request = pki_request(pki, &key);

	assert_ok(pki->job, office_enrol(pki->job, pki->authority, "Đỗ Một", ROLE_TESTER, NULL,
				request, PKI_NOW, &path));
	assert_ok(pki->job, file_read(pki->job, path, 65536, &pem));
	assert_ok(pki->job, identity_read_pem(pki->job, pem, &alone));
	assert_ok(pki->job, statement_sign(pki->job, &statement, key, &alone, PKI_NOW,
				&input.statements[ROLE_TESTER]));
	key_free(key);
	refused_because(pki, &input, "the tester is of Đỗ Một");
	input.claims.laboratory = "Đỗ Một";
	assert_ok(pki->job, decide(pki, &input, PKI_NOW, &xml));
}

static void
an_assessment_is_recent_and_past(void **state)
{
	static const struct {
		int64_t age;
		const char *reason;
	} rows[] = {{0, NULL}, {-300, NULL}, {-301, "in the future"}, {90 * 86400, NULL},
	    {90 * 86400 + 1, "more than 90 days ago"}, {PKI_NOW, "more than 90 days ago"}};
	struct pki *pki = *state;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct issue_input input = {.claims = pki_claims(pki)};
		struct span xml;

		input.claims.assessed_at = PKI_NOW - rows[i].age;
		pki_sign_statements(pki, &input);
		if (rows[i].reason != NULL)
			refused_because(pki, &input, rows[i].reason);
		else
			assert_ok(pki->job, decide(pki, &input, PKI_NOW, &xml));
	}
}

static void
a_trial_assessment_gives_only_a_trial_certificate(void **state)
{
	struct pki *pki = *state;
	struct issue_input input = good_input(pki);
	struct span xml;

	for (unsigned role = 0; role < STATEMENT_SIGNERS; role++) {
		struct statement statement = pki_statement(pki, &input.claims, (enum role)role);

		statement.trial = true;
		assert_ok(pki->job, statement_sign(pki->job, &statement, pki->people_keys[role],
					&pki->people[role], PKI_NOW, &input.statements[role]));
	}
	refused_because(pki, &input, "trial mark");
	input.claims.trial = true;
	assert_ok(pki->job, decide(pki, &input, PKI_NOW, &xml));
}

static void
issue_is_dated_today(void **state)
{
	struct pki *pki = *state;
	struct issue_input input = good_input(pki);
	struct span xml;

	assert_int_equal(decide(pki, &input, PKI_NOW + 86400, &xml), STATUS_REFUSED);
	input.claims.issued = "2026-11-21";
	refused_because(pki, &input, "but today is 2026-11-22");
}

static void
a_statement_of_the_future_does_not_count(void **state)
{
	struct pki *pki = *state;
	struct issue_input input = good_input(pki);
	struct statement statement = pki_statement(pki, &input.claims, ROLE_TESTER);

	assert_ok(pki->job, statement_sign(pki->job, &statement, pki->people_keys[0],
				&pki->people[0], PKI_NOW + 3600, &input.statements[ROLE_TESTER]));
	refused_because(pki, &input, "at a time when it does not count");
}

static void
an_altered_request_never_yields_another_certificate(void **state)
{
	struct pki *pki = *state;
	struct issue_input input = good_input(pki);
	struct trust trust = pki_trust(pki);
	struct span request, wanted;
	uint8_t *copy;

	assert_ok(pki->job, issue_request_write(pki->job, &input, &request));
	assert_ok(pki->job, certificate_write(pki->job, &input.claims, &wanted));
	copy = arena_allocate(pki->job, request.size);
	assert_non_null(copy);
	memcpy(copy, request.at, request.size);
	/* claims are what the operator asks for; from the statements on nothing may change */
	for (size_t i = span_find(request, "<tester>", 8, 0); i < request.size; i += 11) {
		struct arena_mark mark = arena_mark(pki->job->arena);
		struct span xml;

		copy[i] ^= 4;
		assert_int_not_equal(issue_decide(pki->job, (struct span){copy, request.size},
					 &trust, &pki->body, PKI_NOW, &xml),
		    STATUS_OK);
		copy[i] ^= 4;
		arena_release(pki->job->arena, mark);
	}
}

static void
the_request_is_bounded(void **state)
{
	struct pki *pki = *state;
	struct issue_input input = good_input(pki);
	struct span huge = {
	    arena_allocate(pki->job, ISSUE_REQUEST_MAX_SIZE + 1), ISSUE_REQUEST_MAX_SIZE + 1};
	struct trust trust = pki_trust(pki);
	struct span request;

	assert_int_equal(
	    issue_decide(pki->job, huge, &trust, &pki->body, PKI_NOW, &request), STATUS_LIMIT);
	huge.size = 40000;
	input.statements[ROLE_TESTER] = huge;
	input.statements[ROLE_REVIEWER] = huge;
	assert_int_equal(issue_request_write(pki->job, &input, &request), STATUS_LIMIT);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(what_three_people_signed_is_built),
	    TEST(one_person_cannot_test_and_decide),
	    TEST(one_key_cannot_test_and_decide),
	    TEST(roles_stand_in_their_places),
	    TEST(a_stranger_does_not_count),
	    TEST(only_a_pass_is_certified),
	    TEST(the_three_must_have_seen_the_same_case),
	    TEST(no_signed_claim_can_be_changed),
	    TEST(three_people_cannot_approve_reference_data),
	    TEST(signer_and_laboratory_are_the_people_who_signed),
	    TEST(a_tester_without_organisation_is_the_laboratory),
	    TEST(an_assessment_is_recent_and_past),
	    TEST(a_trial_assessment_gives_only_a_trial_certificate),
	    TEST(issue_is_dated_today),
	    TEST(a_statement_of_the_future_does_not_count),
	    TEST(an_altered_request_never_yields_another_certificate),
	    TEST(the_request_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
