/* The ground every parser stands on: bounds, text, dates, canonical JSON, frames. */
#include "tests/support/support.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/frames.h"
#include "base/json.h"
#include "base/json_read.h"
#include "base/span.h"
#include "base/text.h"
#include "base/xml.h"

static void
an_arena_refuses_what_is_over_its_budget(void **state)
{
	struct job *job = job_new(4096);
	struct arena_mark mark = arena_mark(job->arena);

	(void)state;
	assert_non_null(arena_allocate(job, 4000));
	assert_null(arena_allocate(job, 4000));
	assert_non_null(strstr(job->reason, "budget"));
	arena_release(job->arena, mark);
	assert_int_equal(arena_used(job->arena), 0);
	assert_non_null(arena_allocate(job, 4000));
	assert_null(arena_array(job, SIZE_MAX / 2, 16));
	job_free(job);
}

static void
a_reader_never_reads_past_its_end(void **state)
{
	const uint8_t bytes[] = {1, 2, 3, 4, 5};
	struct reader reader = {.rest = {bytes, sizeof bytes}};

	(void)state;
	assert_int_equal(read_u32_be(&reader), 0x01020304);
	assert_int_equal(read_u16_le(&reader), 0);
	assert_true(reader.overrun);
	assert_int_equal(read_u8(&reader), 0); /* the byte that is there is no longer given */
	assert_null(span_part((struct span){bytes, 5}, 4, 2).at);
	assert_null(span_part((struct span){bytes, 5}, UINT64_MAX, 2).at);
	assert_int_equal(span_part((struct span){bytes, 5}, 5, 0).size, 0);
}

static void
strange_bytes_become_text_within_their_limit(void **state)
{
	struct job *job = *state;
	static const char hostile[] = "a\\b\n\x7f\xc3\x28\xed\xa0\x80\xc2\x85\xf4\x90\x80\x80Đ";

	assert_string_equal(text_from_bytes(job, "Mắt Sáng", strlen("Mắt Sáng"), 100), "Mắt Sáng");
	assert_string_equal(text_from_bytes(job, hostile, sizeof hostile - 1, 1000),
	    "a\\\\b\\x0a\\x7f\\xc3(\\xed\\xa0\\x80\\xc2\\x85\\xf4\\x90\\x80\\x80Đ");
	for (size_t limit = 4; limit < 80; limit++) {
		const char *text = text_from_bytes(job, hostile, sizeof hostile - 1, limit);

		assert_true(strlen(text) <= limit);
		assert_true(text_is_utf8(text, strlen(text)));
	}
}

static void
dates_are_read_strictly_and_written_back(void **state)
{
	static const char *const wrong[] = {"2026-02-29", "2026-13-01", "2026-1-01", "2026-01-01 ",
	    "", "0000-01-01", "2026-00-10", "2026-04-31"};
	int64_t when;
	char text[32];

	(void)state;
	assert_true(text_parse_date("2024-02-29", &when));
	text_format_date(when, text);
	assert_string_equal(text, "2024-02-29");
	assert_true(text_parse_time("2026-06-30T16:59:59Z", &when));
	assert_int_equal(when, 1782838799);
	text_format_time(when, text);
	assert_string_equal(text, "2026-06-30T16:59:59Z");
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		assert_false(text_parse_date(wrong[i], &when));
	assert_false(text_parse_time("2026-06-30T24:00:00Z", &when));
}

static void
json_has_one_spelling(void **state)
{
	struct json json = json_new(*state);
	const char *text;

	json_open_object(&json);
	json_member_string(&json, "a\"b", "x\n\x01\\");
	json_member_integer(&json, "n", -5);
	json_name(&json, "list");
	json_open_array(&json);
	json_boolean(&json, true);
	json_null(&json);
	json_close_array(&json);
	json_member_string(&json, "bytes", "\xff");
	json_close_object(&json);
	assert_ok((struct job *)*state, json_finish(&json, &text));
	assert_string_equal(text,
	    "{\"a\\\"b\":\"x\\n\\u0001\\\\\",\"n\":-5,\"list\":[true,null],\"bytes\":\"\\u00ff\"}");
}

static void
what_is_not_seen_is_escaped_in_json_and_read_back(void **state)
{
	static const struct {
		const char *raw, *escaped;
	} values[] = {
	    {"a\xe2\x80\xaetxt.exe", "a\\u202etxt.exe"},      /* U+202E */
	    {"\xe2\x81\xa6x\xe2\x81\xa9", "\\u2066x\\u2069"}, /* isolates */
	    {"\xe2\x80\x8b\xe2\x80\x8f", "\\u200b\\u200f"},   /* zero width, RLM */
	    {"\xe2\x80\xa8\xe2\x80\xa9\xef\xbb\xbf", "\\u2028\\u2029\\ufeff"},
	    {"\xc2\x9b\xc2\xad", "\\u009b\\u00ad"}, /* CSI, soft hyphen */
	    {"\xf3\xa0\x81\x81", "\\udb40\\udc41"}, /* a tag, U+E0041 */
	    {"Đỗ 相机 … 📷", "Đỗ 相机 … 📷"},         /* what is seen stays */
	};

	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		struct job *job = *state;
		struct json json = json_new(job);
		struct json_member members[1];
		const char *text;
		size_t count;

		json_open_object(&json);
		json_member_string(&json, "v", values[i].raw);
		json_close_object(&json);
		assert_ok(job, json_finish(&json, &text));
		assert_string_equal(text, arena_printf(job, "{\"v\":\"%s\"}", values[i].escaped));
		assert_ok(job, json_read_flat(job, span_of_string(text), members, 1, &count));
		assert_string_equal(json_find_string(members, count, "v"), values[i].raw);
	}
}

static void
a_digest_is_that_of_the_standard(void **state)
{
	struct job *job = *state;
	struct digest digest;
	char hex[DIGEST_HEX_SIZE];

	assert_ok(
	    job, digest_of(job, span_of_string("abc"), &digest)); /* FIPS 180-4, first example */
	digest_to_hex(&digest, hex);
	assert_string_equal(
	    hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_true(digest_from_hex(hex, &digest));
	hex[0] = 'B';
	assert_false(digest_from_hex(hex, &digest));
}

static void
a_frame_is_bounded_before_it_is_believed(void **state)
{
	static const uint8_t too_long[] = {0xff, 0xff, 0xff, 0x7f, 1, 0},
			     no_kind[] = {1, 0, 0, 0, 99, 0, 7}, cut[] = {9, 0, 0, 0, 1, 0, 7};
	const struct span hostile[] = {
	    {too_long, sizeof too_long}, {no_kind, sizeof no_kind}, {cut, sizeof cut}};
	struct job *job = *state;
	enum frame_kind kind;
	struct span payload;
	bool ended;
	int pair[2];

	for (size_t i = 0; i < ARRAY_SIZE(hostile); i++) {
		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
		assert_int_equal(write(pair[0], hostile[i].at, hostile[i].size), hostile[i].size);
		close(pair[0]);
		assert_int_equal(
		    frame_receive(job, pair[1], 1000, &kind, &payload, &ended), STATUS_MALFORMED);
		close(pair[1]);
	}
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	assert_ok(job, frame_send(job, pair[0], FRAME_NOTE, span_of_string("hello")));
	assert_ok(job, frame_receive(job, pair[1], 1000, &kind, &payload, &ended));
	assert_true(kind == FRAME_NOTE && span_equal(payload, span_of_string("hello")));
	assert_int_equal(frame_receive(job, pair[1], 10, &kind, &payload, &ended), STATUS_LIMIT);
	close(pair[0]);
	assert_ok(job, frame_receive(job, pair[1], 1000, &kind, &payload, &ended));
	assert_true(ended);
	close(pair[1]);
}

static void
an_output_appears_whole_or_not_at_all(void **state)
{
	struct job *job = *state;
	const char *path = scratch_path(job, "out");
	struct span bytes;

	assert_ok(job, file_write(job, path, span_of_string("whole"), 0600));
	assert_ok(job, file_read(job, path, 100, &bytes));
	assert_true(span_equal(bytes, span_of_string("whole")));
	assert_int_equal(file_read(job, path, 3, &bytes), STATUS_LIMIT);
	unlink(path);
	assert_int_equal(file_read(job, path, 100, &bytes), STATUS_MISSING);
	assert_int_equal(
	    file_write(job, "build/no/such/folder/out", bytes, 0600), STATUS_CANNOT_CREATE);
}

static mode_t
type_of(const char *path)
{
	struct stat about;

	assert_int_equal(lstat(path, &about), 0);
	return about.st_mode & (mode_t)S_IFMT;
}

/* Never with a real device. */
static void
what_is_no_file_is_written_into_and_kept(void **state)
{
	struct job *job = *state;
	char folder[] = "/tmp/hopquy-test.XXXXXX", at[8] = "";
	const char *fifo, *file, *link, *nowhere;
	struct span bytes;
	int reader;

	assert_non_null(mkdtemp(folder));
	fifo = file_path_join(job, folder, "fifo");
	file = file_path_join(job, folder, "file");
	link = file_path_join(job, folder, "link");
	nowhere = file_path_join(job, folder, "nowhere");
	assert_int_equal(mkfifo(fifo, 0600), 0);
	reader = open(fifo, O_RDONLY | O_NONBLOCK);
	assert_true(reader >= 0);
	assert_ok(job, file_write(job, fifo, span_of_string("whole"), 0600));
	assert_int_equal(read(reader, at, sizeof at), 5);
	assert_string_equal(at, "whole");
	close(reader);
	assert_int_equal(type_of(fifo), S_IFIFO);

	assert_ok(job, file_write(job, file, span_of_string("old"), 0600));
	assert_int_equal(symlink("file", link), 0);
	assert_int_equal(symlink("nothing", nowhere), 0);
	assert_ok(job, file_write(job, link, span_of_string("new"), 0600));
	assert_int_equal(type_of(link), S_IFLNK);
	assert_ok(job, file_read(job, file, 100, &bytes));
	assert_true(span_equal(bytes, span_of_string("new")));
	assert_int_equal(file_write(job, nowhere, bytes, 0600), STATUS_CANNOT_CREATE);
	assert_int_equal(type_of(nowhere), S_IFLNK);
	assert_int_equal(file_write(job, folder, bytes, 0600), STATUS_CANNOT_CREATE);
	assert_int_equal(file_read(job, folder, 100, &bytes), STATUS_MISSING);

	assert_ok(job, file_check_output(job, file, fifo));
	assert_int_equal(file_check_output(job, link, file), STATUS_CANNOT_CREATE);
	assert_int_equal(file_check_output(job, nowhere, NULL), STATUS_CANNOT_CREATE);
	assert_int_equal(file_check_output(job, folder, NULL), STATUS_CANNOT_CREATE);
	assert_int_equal(file_check_output(job, "/no/such/file", NULL), STATUS_CANNOT_CREATE);
	assert_ok(job,
	    file_write(job, file, (struct span){(const uint8_t *)"SQLite format 3", 16}, 0600));
	assert_int_equal(file_write(job, link, bytes, 0600), STATUS_CANNOT_CREATE);
	assert_int_equal(file_check_output(job, file, NULL), STATUS_CANNOT_CREATE);
	assert_true(unlink(fifo) == 0 && unlink(file) == 0 && unlink(link) == 0 &&
		    unlink(nowhere) == 0 && rmdir(folder) == 0);
}

static void
xml_with_entities_or_a_doctype_is_refused(void **state)
{
	static const char *const hostile[] = {
	    "<!DOCTYPE a [<!ENTITY b \"bbbbbbbb\"><!ENTITY c \"&b;&b;&b;&b;\">]><a>&c;</a>",
	    "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>", "<a>&b;</a>", "<a><b></a>", "",
	    "<a/><b/>", "<a x='1' x='2'/>"};
	struct job *job = *state;
	struct xml_document *document;

	xml_start();
	for (size_t i = 0; i < ARRAY_SIZE(hostile); i++)
		assert_int_equal(
		    xml_parse(job, span_of_string(hostile[i]), "hostile.xml", &document),
		    STATUS_MALFORMED);
	assert_ok(job, xml_parse(job, span_of_string("<a xmlns='urn:x' k='v&amp;w'> t <b/></a>"),
			   "good.xml", &document));
	assert_string_equal(xml_namespace(xml_root(document)), "urn:x");
	assert_string_equal(xml_attribute(job, xml_root(document), "k"), "v&w");
	assert_string_equal(xml_text(job, xml_root(document)), "t");
	assert_string_equal(xml_local_name(xml_child(xml_root(document), NULL)), "b");
	xml_free(document);
	assert_string_equal(xml_escape(job, "<&\">"), "&lt;&amp;&quot;&gt;");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_arena_refuses_what_is_over_its_budget),
	    cmocka_unit_test(a_reader_never_reads_past_its_end),
	    cmocka_unit_test_setup_teardown(
		strange_bytes_become_text_within_their_limit, setup_job, teardown_job),
	    cmocka_unit_test(dates_are_read_strictly_and_written_back),
	    cmocka_unit_test_setup_teardown(json_has_one_spelling, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		what_is_not_seen_is_escaped_in_json_and_read_back, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_digest_is_that_of_the_standard, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_frame_is_bounded_before_it_is_believed, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		an_output_appears_whole_or_not_at_all, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		what_is_no_file_is_written_into_and_kept, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		xml_with_entities_or_a_doctype_is_refused, setup_job, teardown_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
