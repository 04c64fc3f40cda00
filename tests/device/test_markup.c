/* XML of a unit nests, or is refused; it never grows, opens nothing and ends. */
#include "tests/support/support.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/markup.h"
#include "device/soap.h"

static const char sample[] =
    "<?xml version=\"1.0\"?>\n<!-- a comment < > -->"
    "<s:Envelope xmlns:s=\"urn:s\"><s:Body><r:Answer r:token='a&amp;b' plain=\"1\">"
    "<r:Name> Yard &#67;am&#x65;ra &lt;2&gt; </r:Name><r:Empty/><r:Name>second</r:Name>"
    "mixed <b>bold</b> text<![CDATA[ <raw> ]]></r:Answer></s:Body></s:Envelope>\n";

static void
elements_are_found_by_their_local_names(void **state)
{
	struct job *job = *state;
	struct markup markup;
	size_t answer, name;

	assert_ok(job, markup_read(job, span_of_string(sample), &markup));
	assert_int_equal(markup.count, 7);
	answer = markup_find(&markup, MARKUP_NONE, "Answer", MARKUP_NONE);
	assert_string_equal(markup_text_of(job, &markup, answer, "Name", 100), "Yard Camera <2>");
	name = markup_find(&markup, answer, "Name", MARKUP_NONE);
	name = markup_find(&markup, answer, "Name", name);
	assert_string_equal(markup_text(job, &markup, name, 100), "second");
	assert_int_equal(markup_find(&markup, answer, "Name", name), MARKUP_NONE);
	assert_string_equal(markup_text_of(job, &markup, answer, "Empty", 100), "");
	assert_string_equal(markup_text(job, &markup, answer, 100), "mixed  text <raw>");
	assert_string_equal(markup_attribute(job, &markup, answer, "token", 100), "a&b");
	assert_string_equal(markup_attribute(job, &markup, answer, "plain", 100), "1");
	assert_null(markup_attribute(job, &markup, answer, "none", 100));
	assert_null(markup_text_of(job, &markup, answer, "None", 100));
}

static void
what_is_hostile_or_no_xml_is_refused(void **state)
{
	static const char *const bad[] = {"", " ", "text", "<a>", "<a></b>", "</a>", "<a/><b/>",
	    "<a></a>x", "<a", "<a b=\"", "<a b=\"<\" c=<", "< a/>", "<a><![CDATA[</a>", "<!-- ",
	    "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
	    "<!DOCTYPE lolz [<!ENTITY a \"&b;&b;\"><!ENTITY b \"&a;\">]><lolz>&a;</lolz>",
	    "<a><!ENTITY x SYSTEM \"file:///etc/passwd\"></a>", "<?xml", "<a><b></a></b>"};
	struct job *job = *state;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct markup markup;

		assert_int_equal(
		    markup_read(job, span_of_string(bad[i]), &markup), STATUS_MALFORMED);
	}
}

static void
an_unknown_entity_stays_what_it_was(void **state)
{
	struct job *job = *state;
	struct markup markup;

	assert_ok(job,
	    markup_read(job, span_of_string("<a>&x; &#0; &#x110000; &#xZ; & &amp</a>"), &markup));
	assert_string_equal(
	    markup_text(job, &markup, 0, 100), "&x; \xef\xbf\xbd \xef\xbf\xbd &#xZ; & &amp");
}

static struct span
repeat(struct job *job, const char *start, const char *middle, unsigned times, const char *end)
{
	struct text out = text_new(job);

	text_put(&out, start);
	for (unsigned i = 0; i < times; i++)
		text_put(&out, middle);
	text_put(&out, end);
	return (struct span){(const uint8_t *)out.at, out.size};
}

static void
depth_number_and_size_have_bounds(void **state)
{
	struct job *job = *state;
	struct markup markup;

	assert_int_equal(
	    markup_read(job, repeat(job, "", "<a>", 100000 / 3, ""), &markup), STATUS_MALFORMED);
	assert_int_equal(
	    markup_read(job, repeat(job, "<r>", "<a/>", 5000, "</r>"), &markup), STATUS_MALFORMED);
	assert_int_equal(markup_read(job, repeat(job, "<r>", "0123456789", 30000, "</r>"), &markup),
	    STATUS_MALFORMED);
	assert_int_equal(
	    markup_read(job, repeat(job, "<", "n", 200, "/>"), &markup), STATUS_MALFORMED);
	assert_ok(job, markup_read(job, repeat(job, "<r>", "&amp;", 40000, "</r>"), &markup));
	assert_true(strlen(markup_text(job, &markup, 0, 50)) <= 50 + 3);
}

/* Everything that can be asked of a document is asked; it must stay within it. */
static void
read_all(struct job *job, struct span bytes, bool *read)
{
	struct markup markup;
	enum status status = markup_read(job, bytes, &markup);

	assert_true(status == STATUS_OK || status == STATUS_MALFORMED);
	*read = status == STATUS_OK;
	for (size_t i = 0; *read && i < markup.count; i++) {
		assert_non_null(markup_text(job, &markup, i, 100));
		(void)markup_attribute(job, &markup, i, "token", 100);
		assert_true(markup.elements[i].end > i && markup.elements[i].end <= markup.count);
	}
}

static void
a_document_cut_anywhere_is_refused(void **state)
{
	struct job *job = *state;

	for (size_t size = 0; size + 1 < strlen(sample); size++) {
		struct arena_mark mark = arena_mark(job->arena);
		uint8_t *cut = arena_allocate(job, size);
		bool read;

		memcpy(cut, sample, size);
		read_all(job, (struct span){size == 0 ? NULL : cut, size}, &read);
		assert_false(read);
		arena_release(job->arena, mark);
	}
}

static void
flipped_bits_are_refused_or_read_within_bounds(void **state)
{
	struct job *job = *state;
	size_t size = strlen(sample);

	for (size_t bit = 0; bit < size * 8; bit++) {
		struct arena_mark mark = arena_mark(job->arena);
		uint8_t *copy = arena_allocate(job, size);
		bool read;

		memcpy(copy, sample, size);
		copy[bit / 8] = (uint8_t)(copy[bit / 8] ^ (1u << (bit % 8)));
		read_all(job, (struct span){copy, size}, &read);
		arena_release(job->arena, mark);
	}
}

/* ---- SOAP ---- */

static void
faults_say_whether_a_log_in_is_missing(void **state)
{
	static const struct {
		const char *fault;
		bool not_authorized;
	} faults[] = {
	    {"<Code><Value>s:Sender</Value><Subcode><Value>ter:NotAuthorized</Value></Subcode>"
	     "</Code><Reason><Text>no</Text></Reason>",
		true},
	    {"<Code><Value>s:Sender</Value></Code><Reason><Text>Sender not "
	     "Authorized</Text></Reason>",
		true},
	    {"<faultcode>wsse:FailedAuthentication</faultcode>", true},
	    {"<Code><Value>s:Receiver</Value><Subcode><Value>ter:ActionNotSupported</Value></"
	     "Subcode>"
	     "</Code>",
		false},
	    {"", false},
	};
	struct job *job = *state;

	for (size_t i = 0; i < ARRAY_SIZE(faults); i++) {
		struct soap_answer answer;
		const char *envelope = soap_envelope(
		    job, "", arena_printf(job, "<s:Fault>%s</s:Fault>", faults[i].fault));

		assert_ok(job, soap_read(job, span_of_string(envelope), &answer));
		assert_true(answer.is_fault);
		assert_int_equal(answer.not_authorized, faults[i].not_authorized);
		assert_non_null(answer.reason);
	}
}

static void
an_envelope_without_body_is_none(void **state)
{
	static const char *const bad[] = {"<Envelope/>", "<Envelope><Body/></Envelope>",
	    "<html><Body><x/></Body></html>", "<Envelope><Header><x/></Header></Envelope>"};
	struct job *job = *state;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct soap_answer answer;

		assert_int_equal(soap_read(job, span_of_string(bad[i]), &answer), STATUS_MALFORMED);
	}
}

/* The example of ONVIF's Application Programmer's Guide, section 6.1.1.3. */
static void
a_token_is_that_of_the_programmers_guide(void **state)
{
	static const uint8_t nonce[] = {0x2c, 0xaa, 0x88, 0xe8, 0x6f, 0xc0, 0x8a, 0x42, 0x82, 0x42,
	    0xb3, 0x74, 0xce, 0xa6, 0x45, 0x96};
	struct job *job = *state;
	const char *header;

	assert_ok(job, soap_token_of(job, (struct span){nonce, sizeof nonce}, "us<er",
			   "userpassword", "2010-09-16T07:50:45Z", &header));
	assert_non_null(strstr(header, "<Username>us&lt;er</Username>"));
	assert_non_null(strstr(header, ">tuOSpGlFlIXsozq4HFNeeGeFLEI=</Password>"));
	assert_non_null(strstr(header, ">LKqI6G/AikKCQrN0zqZFlg==</Nonce>"));
	assert_null(strstr(header, "userpassword"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_job, teardown_job)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(elements_are_found_by_their_local_names),
	    TEST(what_is_hostile_or_no_xml_is_refused),
	    TEST(an_unknown_entity_stays_what_it_was),
	    TEST(depth_number_and_size_have_bounds),
	    TEST(a_document_cut_anywhere_is_refused),
	    TEST(flipped_bits_are_refused_or_read_within_bounds),
	    TEST(faults_say_whether_a_log_in_is_missing),
	    TEST(an_envelope_without_body_is_none),
	    TEST(a_token_is_that_of_the_programmers_guide),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
