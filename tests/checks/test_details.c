/*
 * What a finding says is composed in SQL; here every detail that the checks' data files lead to is
 * read in Vietnamese.
 */
#include <string.h>

#include "base/arena.h"
#include "base/message.h"
#include "tests/support/check_samples.h"
#include "tests/support/support.h"

/* Words of English that stand in no data of the samples. */
static const char *const english[] = {"the", "of", "on", "in", "is", "are", "was", "were", "not",
    "none", "found", "looked", "with", "for", "from", "and", "or", "port", "declared", "log-in",
    "perhaps", "known", "tried", "accepted", "refused", "unknown", "started", "bits", "after"};

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c & 0x80) != 0 || strchr("-_./:=@", c) != NULL;
}

/* The first English word, without what stands in quotation marks; NULL: none. */
static const char *
find_english(const char *words)
{
	for (size_t i = 0; i < ARRAY_SIZE(english); i++) {
		size_t size = strlen(english[i]);

		for (const char *at = words; (at = strstr(at, english[i])) != NULL; at += size)
			if ((at == words || !is_letter(at[-1])) &&
			    (at[size] == '\0' || !is_letter(at[size])))
				return english[i];
	}
	return NULL;
}

static size_t
count_english(struct job *job, struct query_database *database, const struct check *check,
    const char *file, struct sample *sample)
{
	struct query_row *rows;
	size_t count, wrong = 0;

	assert_ok(job, query_refill(job, database, &sample->facts));
	assert_ok(
	    job, query_run(job, database, check->name, check->sql, check->allowed,
		     sample->parameters, sample->parameter_count, sample->now, &rows, &count));
	for (size_t i = 0; i < count; i++) {
		const char *words = message_of(job, 1, rows[i].detail);
		const char *word = find_english(words);

		if (word == NULL)
			continue;
		print_error("%s/%s: \"%s\" in: %s\n", check->name, file, word, words);
		wrong++;
	}
	return wrong;
}

static void
every_detail_is_read_in_vietnamese(void **state)
{
	struct job *job = *state;
	struct query_database *database = sample_references(job);
	const struct catalogue *catalogue;
	size_t wrong = 0;

	assert_ok(job, catalogue_load(job, "checks", &catalogue));
	for (size_t i = 0; i < catalogue->count; i++)
		for (size_t j = 0; j < FILE_MANY; j++) {
			struct arena_mark mark = arena_mark(job->arena);
			struct sample sample;

			if (sample_read(job, &catalogue->checks[i], j, &sample))
				wrong += count_english(
				    job, database, &catalogue->checks[i], sample_files[j], &sample);
			arena_release(job->arena, mark);
		}
	query_close(database);
	assert_int_equal(wrong, 0);
}

static void
words_are_translated_and_data_is_not(void **state)
{
	static const char *const pairs[][2] = {
	    {"telnet log-in (password) on port 23: in clear",
		"đăng nhập telnet (mật khẩu) ở cổng 23: không mã hóa"},
	    {"mac hmac-md5: MD5", "MAC (mã xác thực thông điệp) hmac-md5: MD5"},
	    {"mac", "địa chỉ MAC"},
	    {"http / on port 80, asked by anybody: a tag, taken: 200: it came back as a tag",
		"http / ở cổng 80, do bất kỳ ai yêu cầu: một thẻ HTML, được nhận: 200: trả lại "
		"thành một "
		"thẻ HTML"},
	    {"http /l?a= on port 80, asked by its owner: a path out of the pages, taken: "
	     "/etc/passwd was "
	     "read",
		"http /l?a= ở cổng 80, do chủ thiết bị yêu cầu: đường dẫn ra ngoài trang web, "
		"được "
		"nhận: đã đọc được /etc/passwd"},
	    {"http / on port 80, asked by anybody: a header line, taken: it came back as a header "
	     "line",
		"http / ở cổng 80, do bất kỳ ai yêu cầu: một dòng tiêu đề, được nhận: trả lại "
		"thành một "
		"dòng tiêu đề"},
	    {"http / on port 80, asked by its owner: a command, taken: it answered 4711",
		"http / ở cổng 80, do chủ thiết bị yêu cầu: một lệnh, được nhận: trả lời 4711"},
	    {"rtsp on port 554: a path of 8 KiB: the service answered nobody any more, twice, "
	     "until it "
	     "was started again",
		"rtsp ở cổng 554: một đường dẫn 8 KiB: dịch vụ không trả lời ai nữa, cả hai lần, "
		"cho đến "
		"khi được khởi chạy lại"},
	    {"key a5a4a612a1d61b9b lies in the image: etc/key.pem",
		"khóa a5a4a612a1d61b9b có trong tệp firmware: etc/key.pem"},
	    {"key a5a4a612a1d61b9b lies in files of the image: 2, one of them etc/key.pem",
		"khóa a5a4a612a1d61b9b có trong firmware, số tệp: 2, trong đó có etc/key.pem"},
	    {"log-in of accepted", "thông tin đăng nhập của accepted"},
	    {"tried 19 of 20 pairs, none accepted",
		"đã thử 19 trên 20 cặp, không cặp nào được chấp nhận"},
	    {"", ""},
	    {": ", ": "},
	    {"nothing that anybody translated", "nothing that anybody translated"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		const char *words = message_of(*state, 1, pairs[i][0]);

		assert_string_equal(message_of(*state, 0, pairs[i][0]), pairs[i][0]);
		assert_string_equal(words, pairs[i][1]);
	}
}

/* Ever the same pattern in itself: it ends. */
static void
words_in_words_end(void **state)
{
	char long_words[4096];

	for (size_t i = 0; i < sizeof long_words; i += 2)
		memcpy(long_words + i, ": ", 2);
	long_words[sizeof long_words - 1] = '\0';
	assert_string_equal(message_of(*state, 1, long_words), long_words);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		every_detail_is_read_in_vietnamese, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		words_are_translated_and_data_is_not, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(words_in_words_end, setup_job, teardown_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
