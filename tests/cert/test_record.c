/*
 * One spelling: what is written is read back, and anything else is refused.
 */
#include "tests/support/pki.h"
#include "tests/support/support.h"

#include <string.h>

#include "base/text.h"
#include "base/xml.h"
#include "cert/registry_file.h"

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

static void
a_certificate_comes_back_as_it_was(void **state)
{
	struct pki *pki = *state;
	struct certificate claims = pki_claims(pki), read;
	struct span xml, again;

	assert_ok(pki->job, certificate_write(pki->job, &claims, &xml));
	assert_ok(pki->job, certificate_read(pki->job, xml, &read));
	assert_ok(pki->job, certificate_write(pki->job, &read, &again));
	assert_true(span_equal(xml, again));
	assert_string_equal(read.applicant, claims.applicant);
	assert_null(read.importers);
	assert_int_equal(read.assessed_at, claims.assessed_at);
	assert_string_equal(read.aliases[0], "C-200 VN");
}

static void
a_certificate_fits_its_published_schema(void **state)
{
	struct pki *pki = *state;
	static const char *const importers[] = {"An", "Bình"}, *const days[] = {"2027-11-22"};
	struct certificate claims = pki_claims(pki);
	struct xml_document *document;
	struct span xml;

	claims.form_serial = "S1";
	claims.applicant_address = claims.factory_address = "Hà Nội";
	claims.importers = importers, claims.importers_count = 2;
	claims.surveillance = days, claims.surveillance_count = 1;
	claims.lot = "1", claims.declaration = "2", claims.support_end = "2031-01-01";
	assert_ok(pki->job, certificate_write(pki->job, &claims, &xml));
	assert_ok(pki->job, xml_parse(pki->job, xml, "certificate", &document));
	assert_ok(pki->job, xml_validate_relaxng(pki->job, document, certificate_schema()));
	xml_free(document);
}

/* The schema is no yes-man. */
static void
the_schema_refuses_what_is_no_certificate(void **state)
{
	struct pki *pki = *state;
	struct certificate claims = pki_claims(pki);
	struct xml_document *document;
	struct span xml;
	char *copy, *at;

	assert_ok(pki->job, certificate_write(pki->job, &claims, &xml));
	copy = arena_string(pki->job, (const char *)xml.at, xml.size);
	at = strstr(copy, "<trial>false");
	memcpy(at, "<trial>maybe", 12);
	assert_ok(pki->job,
	    xml_parse(pki->job, (struct span){(uint8_t *)copy, xml.size}, "c", &document));
	assert_int_equal(
	    xml_validate_relaxng(pki->job, document, certificate_schema()), STATUS_MALFORMED);
	xml_free(document);
}

/* Other ways to write the same XML, and things XML tools let pass. */
static void
other_spellings_are_refused(void **state)
{
	struct pki *pki = *state;
	static const char *const changes[][2] = {
	    {"<model>C-200<", "<model> C-200<"},
	    {"<model>C-200<", "<model>C-&#50;00<"},
	    {"<model>", "<model >"},
	    {"  <model>", "    <model>"},
	    {"</model>\n", "</model>"},
	    {"&lt;", "<![CDATA[<]]>"},
	    {"&gt;", ">"},
	    {"<trial>false", "<trial>0"},
	    {"<trial>false", "<trial>"},
	    {"<corrections>0", "<corrections>00"},
	    {"<corrections>0", "<corrections>-0"},
	    {"<issued>2026-11-22", "<issued>2026-11-31"},
	    {"<model>C-200</model>\n", ""},
	    {"<model>C-200</model>\n", "<!-- --><model>C-200</model>\n"},
	    {"<certificate xmlns", "<certificate a=\"\" xmlns"},
	    {"encoding=\"UTF-8\"", "encoding='UTF-8'"},
	    {"<model>C-200", "<model>C\x01-200"},
	    {"<model>C-200", "<model>C\xff-200"},
	    {"<model>C-200", "<model>C-\xe2\x80\xae"
			     "002"},
	    {"<expires>2029", "<expires>2025"},
	    {"<model>C-200</model>", "<model></model>"},
	};
	struct certificate claims = pki_claims(pki), read;
	struct span xml;
	const char *good;

	assert_ok(pki->job, certificate_write(pki->job, &claims, &xml));
	good = arena_string(pki->job, (const char *)xml.at, xml.size);
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		const char *place = strstr(good, changes[i][0]);
		const char *changed;

		assert_non_null(place);
		changed = arena_printf(pki->job, "%.*s%s%s", (int)(place - good), good,
		    changes[i][1], place + strlen(changes[i][0]));
		if (certificate_read(pki->job, span_of_string(changed), &read) != STATUS_MALFORMED)
			fail_msg("accepted: %s", changes[i][1]);
	}
	assert_int_equal(
	    certificate_read(pki->job, span_of_string(arena_printf(pki->job, "%s ", good)), &read),
	    STATUS_MALFORMED);
}

static void
a_cut_certificate_is_refused(void **state)
{
	struct pki *pki = *state;
	struct certificate claims = pki_claims(pki), read;
	struct span xml;

	assert_ok(pki->job, certificate_write(pki->job, &claims, &xml));
	for (size_t size = 0; size < xml.size; size++) {
		uint8_t *exact = block_resize(NULL, size + 1);
		struct arena_mark mark = arena_mark(pki->job->arena);

		memcpy(exact, xml.at, size);
		assert_int_equal(certificate_read(pki->job, (struct span){exact, size}, &read),
		    STATUS_MALFORMED);
		arena_release(pki->job->arena, mark);
		block_free(exact);
	}
}

static void
what_does_not_fit_is_not_written(void **state)
{
	struct pki *pki = *state;
	struct certificate claims = pki_claims(pki);
	char longer[600];
	struct span xml;

	memset(longer, 'x', sizeof(longer));
	longer[513] = '\0';
	claims.product = longer;
	assert_int_equal(certificate_write(pki->job, &claims, &xml), STATUS_MALFORMED);
	longer[512] = '\0';
	assert_ok(pki->job, certificate_write(pki->job, &claims, &xml));
	claims.product = "";
	assert_int_equal(certificate_write(pki->job, &claims, &xml), STATUS_MALFORMED);
	claims = pki_claims(pki), claims.firmware_count = 0;
	assert_int_equal(certificate_write(pki->job, &claims, &xml), STATUS_MALFORMED);
	claims = pki_claims(pki), claims.corrections = -1;
	assert_int_equal(certificate_write(pki->job, &claims, &xml), STATUS_MALFORMED);
}

static void
statements_differ_in_the_role_alone(void **state)
{
	struct pki *pki = *state;
	struct certificate claims = pki_claims(pki);
	struct statement a = pki_statement(pki, &claims, ROLE_TESTER);
	struct statement b = pki_statement(pki, &claims, ROLE_REVIEWER), read;
	struct digest unsorted[2] = {{{2}}, {{1}}};
	struct span bytes;

	assert_true(statement_agrees(pki->job, &a, &b));
	b.corrections = 1;
	assert_false(statement_agrees(pki->job, &a, &b));
	assert_ok(pki->job, statement_write(pki->job, &a, &bytes));
	assert_ok(pki->job, statement_read(pki->job, bytes, &read));
	assert_true(statement_agrees(pki->job, &a, &read));
	a.firmware = unsorted, a.firmware_count = 2;
	assert_int_equal(statement_write(pki->job, &a, &bytes), STATUS_MALFORMED);
	a.role = "boss";
	assert_int_equal(statement_write(pki->job, &a, &bytes), STATUS_MALFORMED);
}

/* For n = 1, 2, … the n-th allocation fails: never a crash, never a wrong answer. */
static void
no_memory_is_a_limit(void **state)
{
	struct pki *pki = *state;
	struct certificate claims = pki_claims(pki), read;
	struct span xml;
	enum status status = STATUS_LIMIT;

	assert_ok(pki->job, certificate_write(pki->job, &claims, &xml));
	for (size_t n = 1; n < 2000 && status != STATUS_OK; n++) {
		arena_fail_after(pki->job->arena, n);
		status = certificate_read(pki->job, xml, &read);
		arena_fail_after(pki->job->arena, 0);
		assert_true(status == STATUS_OK || status == STATUS_LIMIT);
	}
	assert_int_equal(status, STATUS_OK);
}

static void
a_detached_signature_needs_its_content(void **state)
{
	struct pki *pki = *state;
	struct span content = span_of_string("content"), der;
	struct signature signature;
	const struct identity *signer;

	assert_ok(pki->job,
	    signature_make(pki->job, pki->body_key, &pki->body, content, true, PKI_NOW, &der));
	assert_ok(pki->job, signature_read(pki->job, der, content, &signature));
	assert_ok(pki->job, signature_check(pki->job, NULL, &signature, &signer));
	assert_int_equal(
	    signature_read(pki->job, der, span_of_string("contend"), &signature), STATUS_REFUSED);
	assert_int_equal(
	    signature_read(pki->job, der, (struct span){0}, &signature), STATUS_MALFORMED);
	assert_int_equal(signature.content.size, 0);
}

static void
a_key_signs_only_with_its_own_certificate_in_its_time(void **state)
{
	struct pki *pki = *state;
	struct span der;

	assert_int_equal(signature_make(pki->job, pki->people_keys[0], &pki->body,
			     span_of_string("x"), false, PKI_NOW, &der),
	    STATUS_REFUSED);
	assert_int_equal(signature_make(pki->job, pki->body_key, &pki->body, span_of_string("x"),
			     false, PKI_NOW - 1, &der),
	    STATUS_REFUSED);
	assert_int_equal(signature_make(pki->job, pki->body_key, &pki->body, span_of_string("x"),
			     false, PKI_NOW + INT64_C(2000) * 86400, &der),
	    STATUS_REFUSED);
}

static void
a_checkpoint_is_of_one_log_and_unaltered(void **state)
{
	struct pki *pki = *state;
	struct trust trust = pki_trust(pki);
	struct registry *registry;
	struct checkpoint checkpoint;
	const char *note;
	char *copy;
	size_t size;

	assert_ok(pki->job, registry_open(pki->job, pki->registry, false, &registry));
	assert_ok(pki->job, registry_checkpoint(pki->job, registry, &note));
	registry_close(registry);
	size = strlen(note);
	assert_ok(pki->job, checkpoint_read(pki->job, span_of_string(note), trust.log,
				&trust.log_key, &checkpoint));
	assert_int_equal(checkpoint.time, PKI_NOW);
	assert_int_equal(checkpoint_read(pki->job, span_of_string(note), "another/log",
			     &trust.log_key, &checkpoint),
	    STATUS_REFUSED);
	copy = arena_copy_string(pki->job, note);
	for (size_t i = 0; i < size; i++)
		for (unsigned bit = 0; bit < 8; bit++) {
			copy[i] = (char)(copy[i] ^ (1 << bit));
			assert_int_not_equal(
			    checkpoint_read(pki->job, (struct span){(uint8_t *)copy, size},
				trust.log, &trust.log_key, &checkpoint),
			    STATUS_OK);
			copy[i] = note[i];
		}
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(a_certificate_comes_back_as_it_was),
	    TEST(a_certificate_fits_its_published_schema),
	    TEST(the_schema_refuses_what_is_no_certificate),
	    TEST(other_spellings_are_refused),
	    TEST(a_cut_certificate_is_refused),
	    TEST(what_does_not_fit_is_not_written),
	    TEST(statements_differ_in_the_role_alone),
	    TEST(no_memory_is_a_limit),
	    TEST(a_detached_signature_needs_its_content),
	    TEST(a_key_signs_only_with_its_own_certificate_in_its_time),
	    TEST(a_checkpoint_is_of_one_log_and_unaltered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
