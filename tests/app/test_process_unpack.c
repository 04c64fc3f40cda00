/* The unpacker as a process, with collectors of this test in the place of ours: they try what a
 * taken-over parser would. */
#include "app/process_unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "firmware/collector.h"
#include "tests/support/support.h"
#include "tests/support/unpacking.h"

#define MEMORY ((size_t)64 << 20)

/* What the collector does when it is shown /etc/passwd: forked workers inherit it. */
static enum behaviour {
	BEHAVE,
	TRY_TO_OPEN,
	TRY_TO_CONNECT,
	TRY_TO_EXECUTE,
	CRASH,
	SPIN,
	FAIL,
	FORGE,
} behaviour;
static int outside = -1; /* a socket made before the worker was */

static bool
wants(const struct node *node, struct span head)
{
	(void)head;
	return text_ends_with(node->local, "/etc/passwd");
}

static bool
attempt(enum behaviour what)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};
	char *const arguments[] = {(char[]){"true"}, NULL};

	if (what == TRY_TO_OPEN)
		return open("/etc/passwd", O_RDONLY) >= 0;
	if (what == TRY_TO_CONNECT)
		return connect(outside, (struct sockaddr *)&to, sizeof to) == 0;
	return execv("/bin/true", arguments) == 0;
}

static enum status
collect(struct job *job, const struct collection *collection, const struct offer *offer,
    struct evidence *evidence)
{
	struct fact fact = fact_new(behaviour == FORGE ? FACT_account : FACT_setting);

	(void)collection;
	fact.path = offer->node->path;
	if (behaviour == CRASH) {
		signal(SIGSEGV, SIG_DFL);
		raise(SIGSEGV);
	}
	for (volatile unsigned spin = 1; behaviour == SPIN && spin != 0;)
		spin |= 1;
	if (behaviour == FAIL)
		return fail(job, STATUS_FAULT, "the collector gave up");
	if (behaviour == FORGE) {
		fact.as.account.user = "forged";
	} else if (behaviour == BEHAVE) {
		fact.as.setting.name = "first byte";
		fact.as.setting.value = offer->content.at[0] == 'r' ? "r" : "other";
	} else {
		fact.as.setting.name = "attempt";
		fact.as.setting.value = attempt(behaviour) ? "allowed" : "refused";
	}
	return evidence_add(evidence, job, &fact);
}

static const enum fact_kind settings[] = {FACT_setting};
static const struct collector collector_spy = {
    .name = "spy",
    .title = "a test's",
    .source = "none",
    .looks_for = settings,
    .looks_for_count = 1,
    .wants = wants,
    .collect = collect,
};

/* In the place of firmware/collectors/collectors.c. */
const struct collector *const firmware_collectors[] = {&collector_spy};
const size_t firmware_collector_count = 1;

static struct unpack_request
request_for(struct job *job, const char *image, enum unpack_mode mode)
{
	return (struct unpack_request){
	    .image = fixture_bytes(job, image),
	    .mode = mode,
	    .memory = MEMORY,
	    .cpu_seconds = 60,
	    .max_unread_bytes = 0,
	    .folder = -1,
	};
}

static const struct fact *
find(const struct fact_list *facts, enum fact_kind kind, const char *source)
{
	for (size_t i = 0; i < facts->count; i++)
		if (facts->facts[i].kind == kind && strcmp(facts->facts[i].source, source) == 0)
			return &facts->facts[i];
	return NULL;
}

static struct fact_list
run(struct job *job, enum behaviour what, bool no_sandbox)
{
	struct unpack_request request = request_for(job, "squashfs_gzip.img", UNPACK_FACTS);
	struct fact_list facts;

	request.no_sandbox = no_sandbox;
	if (what == SPIN)
		request.cpu_seconds = 1;
	behaviour = what;
	assert_ok(job, process_unpack(job, &request, &facts));
	behaviour = BEHAVE;
	return facts;
}

static void
assert_incomplete(const struct fact_list *facts, const char *source, const char *reason)
{
	const struct fact *looked = find(facts, FACT_looked, source);

	assert_non_null(looked);
	assert_int_equal(looked->as.looked.complete, 0);
	if (strstr(looked->as.looked.reason, reason) == NULL)
		fail_msg("'%s' is not in '%s'", reason, looked->as.looked.reason);
}

static void
a_good_image_gives_facts_and_complete_rows(void **state)
{
	struct fact_list facts = run(*state, BEHAVE, false);
	const struct fact *setting = find(&facts, FACT_setting, "spy");

	assert_non_null(setting);
	assert_string_equal(setting->path, "0.squashfs/etc/passwd");
	assert_string_equal(setting->as.setting.value, "r");
	assert_int_equal(find(&facts, FACT_looked, "spy")->as.looked.complete, 1);
	assert_int_equal(find(&facts, FACT_looked, "spy")->as.looked.count, 1);
	assert_int_equal(find(&facts, FACT_looked, "unpack")->as.looked.complete, 1);
	for (size_t i = 1; i < facts.count; i++)
		assert_true(fact_compare(&facts.facts[i - 1], &facts.facts[i]) <= 0);
}

/* With the sanitizers the kernel answers EPERM; without, it ends the worker with SIGSYS. */
static void
assert_refused(struct job *job, enum behaviour what)
{
	struct fact_list facts = run(job, what, false);
#ifdef HOPQUY_SANITIZE
	const struct fact *setting = find(&facts, FACT_setting, "spy");

	assert_non_null(setting);
	assert_string_equal(setting->as.setting.value, "refused");
#else
	assert_incomplete(&facts, "spy", "unpacker ended by signal 31 in squashfs at 0x0");
#endif
}

static void
in_the_middle_of_a_parse_the_kernel_refuses_to_open_connect_and_execute(void **state)
{
	outside = socket(AF_INET, SOCK_DGRAM, 0);
	assert_true(outside >= 0);
	assert_refused(*state, TRY_TO_OPEN);
	assert_refused(*state, TRY_TO_CONNECT);
	assert_refused(*state, TRY_TO_EXECUTE);
	close(outside);
}

static void
without_the_sandbox_the_same_attempt_succeeds(void **state)
{
	struct fact_list facts = run(*state, TRY_TO_OPEN, true);
	const struct fact *setting = find(&facts, FACT_setting, "spy");

	assert_non_null(setting);
	assert_string_equal(setting->as.setting.value, "allowed");
}

static void
a_worker_that_dies_is_a_result_with_the_place_it_died_at(void **state)
{
	struct fact_list facts = run(*state, CRASH, false);

	assert_incomplete(&facts, "spy", "unpacker ended by signal 11 in squashfs at 0x0");
	assert_incomplete(&facts, "unpack", "unpacker ended by signal 11 in squashfs at 0x0");
}

static void
a_worker_that_runs_over_its_time_is_ended(void **state)
{
	struct fact_list facts = run(*state, SPIN, false);

	assert_incomplete(&facts, "spy", "(time or memory limit) in squashfs");
}

static void
a_collector_that_fails_takes_no_other_with_it(void **state)
{
	struct fact_list facts = run(*state, FAIL, false);

	assert_incomplete(&facts, "spy", "etc/passwd: the collector gave up");
	assert_int_equal(find(&facts, FACT_looked, "unpack")->as.looked.complete, 1);
	assert_non_null(find(&facts, FACT_file, "unpack"));
}

static void
a_fact_its_source_does_not_look_for_is_not_taken(void **state)
{
	struct fact_list facts = run(*state, FORGE, false);

	assert_null(find(&facts, FACT_account, "spy"));
	assert_incomplete(&facts, "spy", "sent what none sends");
}

static void
bytes_nobody_read_leave_every_row_incomplete(void **state)
{
	struct job *job = *state;
	struct unpack_request request = request_for(job, "flash.img", UNPACK_FACTS);
	struct fact_list facts;

	assert_ok(job, process_unpack(job, &request, &facts));
	assert_incomplete(&facts, "spy", "bytes of the image were not read");
	request.max_unread_bytes = 1 << 20;
	assert_ok(job, process_unpack(job, &request, &facts));
	assert_int_equal(find(&facts, FACT_looked, "spy")->as.looked.complete, 1);
}

static void
nobody_looked_at_what_was_not_recognised(void **state)
{
	static const uint8_t noise[64] = "nothing that begins like anything";
	struct unpack_request request = {
	    .image = {noise, sizeof noise}, .mode = UNPACK_FACTS, .folder = -1};
	struct fact_list facts;

	assert_int_equal(process_unpack(*state, &request, &facts), STATUS_MALFORMED);
	assert_incomplete(&facts, "spy", "nothing in it is recognised");
}

struct lines {
	struct job *job;
	const char *last;
	size_t count;
};

static void
take_line(void *context, const char *line)
{
	struct lines *lines = context;

	assert_in_range(strspn(line, "0123456789abcdef"), 64, 64);
	assert_memory_equal(line + 64, "  ", 2);
	assert_true(lines->last == NULL || strcmp(lines->last, line + 66) < 0);
	lines->last = arena_copy_string(lines->job, line + 66);
	lines->count++;
}

static void
lines_of_a_list_are_sorted_by_path(void **state)
{
	struct job *job = *state;
	struct unpack_request request = request_for(job, "flash.img", UNPACK_LIST);
	struct lines lines = {.job = job};
	struct fact_list facts;

	request.line = take_line;
	request.context = &lines;
	assert_ok(job, process_unpack(job, &request, &facts));
	assert_true(lines.count > 500);
}

static int
remove_one(const char *path, const struct stat *about, int type, struct FTW *where)
{
	(void)about;
	(void)type;
	(void)where;
	return remove(path);
}

static int
open_scratch(struct job *job, const char *name, const char **path)
{
	int folder;

	*path = scratch_path(job, name);
	nftw(*path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	assert_int_equal(mkdir(*path, 0755), 0);
	folder = open(*path, O_RDONLY | O_DIRECTORY);
	assert_true(folder >= 0);
	return folder;
}

static void
files_on_disk_are_those_of_the_image(void **state)
{
	struct job *job = *state;
	struct unpack_request request = request_for(job, "squashfs_xz.img", UNPACK_FILES);
	struct fact_list facts;
	const char *path;
	struct stat about;

	request.folder = open_scratch(job, "unpack_files", &path);
	assert_ok(job, process_unpack(job, &request, &facts));
	for (size_t i = 0; i < facts.count; i++) {
		const struct fact *fact = &facts.facts[i];
		struct digest digest;
		struct span bytes;
		char hex[DIGEST_HEX_SIZE];

		if (fact->kind != FACT_file || fact->as.file.sha256 == NULL)
			continue;
		assert_ok(job, file_read(job, arena_printf(job, "%s/%s", path, fact->path),
				   TEST_BUDGET, &bytes));
		assert_ok(job, digest_of(job, bytes, &digest));
		digest_to_hex(&digest, hex);
		assert_string_equal(hex, fact->as.file.sha256);
	}
	assert_int_equal(fstatat(request.folder, "0.squashfs/bin/copy", &about, 0), 0);
	assert_int_equal(about.st_mode & 07777, 0755); /* 04755 in the image */
	assert_int_equal(fstatat(request.folder, "0.squashfs/fifo", &about, 0), 0);
	assert_true(S_ISREG(about.st_mode) && about.st_size == 0);
	assert_int_equal(
	    fstatat(request.folder, "0.squashfs/bin/link", &about, AT_SYMLINK_NOFOLLOW), 0);
	assert_true(S_ISLNK(about.st_mode));
	assert_int_equal(fstatat(request.folder, "0.squashfs/var/empty", &about, 0), 0);
	assert_int_equal(about.st_mode & 07777, 0700);
	close(request.folder);
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void
put_cpio(struct text *out, const char *name, unsigned mode, const char *content)
{
	text_printf(out, "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x", 1u, mode, 0u,
	    0u, 1u, 0u, (unsigned)strlen(content), 0u, 0u, 0u, 0u, (unsigned)strlen(name) + 1, 0u);
	text_put_bytes(out, name, strlen(name) + 1);
	while (out->size % 4 != 0)
		put_u8(out, 0);
	text_put(out, content);
	while (out->size % 4 != 0)
		put_u8(out, 0);
}

/* A link out of the folder, then a file through it, and a file in the place of a folder. */
static void
no_image_writes_outside_its_folder(void **state)
{
	struct job *job = *state;
	struct unpack_request request = {.mode = UNPACK_FILES};
	struct text out = text_new(job);
	struct fact_list facts;
	struct stat about;
	const char *path;

	put_cpio(&out, "out", 0120777, "..");
	put_cpio(&out, "out/escaped", 0100644, "evil");
	put_cpio(&out, "../escaped", 0100644, "evil");
	put_cpio(&out, "both", 0100644, "a file");
	put_cpio(&out, "both/inside", 0100644, "good");
	put_cpio(&out, "TRAILER!!!", 0, "");
	request.image = (struct span){(const uint8_t *)out.at, out.size};
	request.folder = open_scratch(job, "unpack_hostile", &path);
	assert_ok(job, process_unpack(job, &request, &facts));
	assert_int_equal(fstatat(request.folder, "0.cpio/escaped", &about, 0), -1);
	assert_int_equal(fstatat(request.folder, "escaped", &about, 0), -1);
	assert_int_equal(fstatat(request.folder, "../escaped", &about, 0), -1);
	assert_int_equal(fstatat(request.folder, "0.cpio/both", &about, 0), 0);
	assert_true(S_ISREG(about.st_mode));
	close(request.folder);
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		a_good_image_gives_facts_and_complete_rows, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		in_the_middle_of_a_parse_the_kernel_refuses_to_open_connect_and_execute, setup_job,
		teardown_job),
	    cmocka_unit_test_setup_teardown(
		without_the_sandbox_the_same_attempt_succeeds, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_worker_that_dies_is_a_result_with_the_place_it_died_at, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_worker_that_runs_over_its_time_is_ended, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_collector_that_fails_takes_no_other_with_it, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_fact_its_source_does_not_look_for_is_not_taken, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		bytes_nobody_read_leave_every_row_incomplete, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		nobody_looked_at_what_was_not_recognised, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		lines_of_a_list_are_sorted_by_path, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		files_on_disk_are_those_of_the_image, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		no_image_writes_outside_its_folder, setup_job, teardown_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
