/* What passwd and shadow say becomes accounts, and weak passwords are found, within a budget. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <crypt.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/reading.h"
#include "firmware/tree.h"
#include "tests/support/collecting.h"

#include <cmocka.h>

extern const struct collector collector_accounts;

static const char *const candidates[] = {"admin\tadmin", "root\txc3511", "guest\t12345",
    "root\txmhdipc", "user\t1234", "other\txmhdipc"};

static struct collecting *
with_candidates(void)
{
	struct collecting *collecting = collecting_new();

	collecting->collection.candidates = candidates;
	collecting->collection.candidate_count = ARRAY_SIZE(candidates);
	return collecting;
}

static const struct account_fact *
account(const struct collecting *collecting, size_t n)
{
	const struct fact *fact = collecting_fact(collecting, FACT_account, n);

	assert_non_null(fact);
	return &fact->as.account;
}

static void
finds_the_password_behind_a_hash_of_a_real_camera(void **state)
{
	struct collecting *collecting = with_candidates();

	(void)state;
	assert_true(collecting_text(collecting, &collector_accounts, "/etc/passwd",
	    "root:$1$RYIwEiRA$d5iRRVQ5ZeRTrJwGjRy.B0:0:0:root:/:/bin/sh\n"));
	assert_string_equal(account(collecting, 0)->user, "root");
	assert_string_equal(account(collecting, 0)->scheme, "md5crypt");
	assert_string_equal(account(collecting, 0)->shell, "/bin/sh");
	assert_int_equal(account(collecting, 0)->uid, 0);
	assert_int_equal(account(collecting, 0)->enabled, 1);
	assert_int_equal(account(collecting, 0)->empty_password, 0);
	assert_string_equal(account(collecting, 0)->password, "xmhdipc");
	assert_int_equal(account(collecting, 0)->tried, 2); /* its own two pairs first */
	collecting_free(collecting);
}

static void
tries_other_users_passwords_once_each_after_the_users_own(void **state)
{
	struct collecting *collecting = with_candidates();

	(void)state;
	collecting_text(collecting, &collector_accounts, "/etc/shadow",
	    "admin:$1$corpusdv$dwoUidW9VbODRt5YXmQwS1:19000:0:99999:7:::\n");
	assert_string_equal(account(collecting, 0)->password, "12345");
	/* admin, the name and twelve made of it, xc3511, 12345 */
	assert_int_equal(account(collecting, 0)->tried, 16);
	assert_string_equal(account(collecting, 0)->service, "system");
	collecting_free(collecting);
}

static void
says_how_many_candidates_did_not_open_a_hash(void **state)
{
	struct collecting *collecting = with_candidates();

	(void)state;
	collecting_text(collecting, &collector_accounts, "/etc/shadow",
	    "root:$1$abcdefgh$0123456789abcdefghijkl:19000:0:99999:7:::\n");
	assert_null(account(collecting, 0)->password);
	/* five passwords, the name, and what is made of them */
	assert_int_equal(account(collecting, 0)->tried, 76);
	collecting_free(collecting);
}

static void
searches_equal_hashes_once_and_every_scheme_of_crypt(void **state)
{
	static const char *const settings[] = {"ab", "$1$saltsalt$", "$5$saltsalt$", "$6$saltsalt$",
	    "$2b$04$abcdefghijklmnopqrstuu", "$y$j75$saltsalt$", "_6C..salt",
	    "$sha1$20000$saltsalt$", "$md5,rounds=100$saltsalt$", "$3$"};
	static const char *const schemes[] = {"des", "md5crypt", "sha256crypt", "sha512crypt",
	    "bcrypt", "yescrypt", "bsdicrypt", "sha1crypt", "sunmd5", "nthash"};
	struct crypt_data data;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(settings); i++) {
		struct collecting *collecting = with_candidates();
		const char *hash;
		char *rows;

		memset(&data, 0, sizeof data);
		hash = crypt_r("12345", settings[i], &data);
		assert_non_null(hash);
		rows = arena_printf(collecting->job,
		    "guest:%s:1:0:99999:7:::\nsecond:%s:1:0:99999:7:::\n", hash, hash);
		collecting_text(collecting, &collector_accounts, "/etc/shadow", rows);
		assert_string_equal(account(collecting, 0)->scheme, schemes[i]);
		assert_string_equal(account(collecting, 0)->hash, hash);
		if (strcmp(schemes[i], "yescrypt") !=
		    0) /* $y$j75: not the parameters we know the price of */
			assert_string_equal(account(collecting, 0)->password, "12345");
		else
			assert_int_equal(account(collecting, 0)->tried, 0);
		assert_int_equal(account(collecting, 1)->tried, account(collecting, 0)->tried);
		collecting_free(collecting);
	}
}

static void
does_not_search_a_hash_that_would_take_for_ever(void **state)
{
	struct collecting *collecting = with_candidates();

	(void)state;
	collecting_text(collecting, &collector_accounts, "/etc/shadow",
	    "a:$6$rounds=999999999$saltsalt$"
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    ":1:0:9:7:::\n"
	    "b:$2b$31$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuabcdefghijk:1:0:9:7:::\n"
	    "c:$y$jHT$saltsalt$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:1:0:9:7:::\n");
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(account(collecting, i)->tried, 0);
	collecting_free(collecting);
}

static void
tells_locked_empty_and_shadowed_apart(void **state)
{
	struct collecting *collecting = with_candidates();

	(void)state;
	collecting_text(collecting, &collector_accounts, "/etc/passwd",
	    "root:x:0:0:root:/root:/bin/sh\nlocked:*:1:1::/:/bin/"
	    "sh\nbanned:!$1$a$bbbbbbbbbbbbbbbbbbbbbb:2:2::/:/bin/sh\n"
	    "open::3:3::/:/bin/sh\nnobody::4:4::/:/usr/sbin/nologin\nodd:secret:5:5::/:\n");
	assert_null(account(collecting, 0)->hash);
	assert_int_equal(account(collecting, 0)->enabled, UNKNOWN);
	assert_string_equal(account(collecting, 1)->scheme, "locked");
	assert_int_equal(account(collecting, 1)->enabled, 0);
	assert_string_equal(account(collecting, 2)->scheme, "locked");
	assert_int_equal(account(collecting, 3)->empty_password, 1);
	assert_int_equal(account(collecting, 3)->enabled, 1);
	assert_int_equal(account(collecting, 4)->empty_password, 0);
	assert_int_equal(account(collecting, 4)->enabled, 0);
	assert_string_equal(account(collecting, 5)->scheme, "unrecognised");
	assert_int_equal(account(collecting, 5)->enabled, UNKNOWN);
	collecting_free(collecting);
}

static void
leaves_open_whether_a_backup_or_an_empty_shadow_row_counts(void **state)
{
	struct collecting *collecting = with_candidates();

	(void)state;
	collecting_text(collecting, &collector_accounts, "/etc/passwd-",
	    "root:$1$RYIwEiRA$d5iRRVQ5ZeRTrJwGjRy.B0:0:0:root:/:/bin/sh\n");
	collecting_text(
	    collecting, &collector_accounts, "/etc/shadow", "root::14000:0:99999:7:::\n");
	assert_int_equal(account(collecting, 0)->enabled, UNKNOWN);
	assert_string_equal(account(collecting, 0)->password, "xmhdipc");
	assert_int_equal(account(collecting, 1)->empty_password, 1);
	assert_int_equal(account(collecting, 1)->enabled, UNKNOWN);
	collecting_free(collecting);
}

static void
tries_what_the_image_calls_itself(void **state)
{
	struct collecting *collecting = with_candidates();
	struct region regions[] = {{.detail = "board \"W54G\", version 4.30.18"}, {.detail = "\""}};
	struct tree tree = {.regions = regions, .region_count = ARRAY_SIZE(regions)};
	struct crypt_data data;

	(void)state;
	memset(&data, 0, sizeof data);
	collecting->collection.tree = &tree;
	collecting_text(collecting, &collector_accounts, "/etc/shadow",
	    arena_printf(
		collecting->job, "root:%s:1:0:9:7:::\n", crypt_r("w54g", "$1$saltsalt$", &data)));
	assert_string_equal(account(collecting, 0)->password, "w54g");
	collecting_free(collecting);
}

static int64_t
ticking(void)
{
	static int64_t now;

	return now += 7;
}

static void
says_how_long_a_hash_was_tried(void **state)
{
	struct collecting *collecting = with_candidates();

	(void)state;
	collecting_text(
	    collecting, &collector_accounts, "/etc/shadow", "a:abOV.DfJmdnYw:1:0:9:7:::\n");
	assert_int_equal(account(collecting, 0)->elapsed_ms, UNKNOWN);
	collecting->collection.milliseconds = ticking;
	collecting_text(
	    collecting, &collector_accounts, "/etc/shadow", "a:abOV.DfJmdnYw:1:0:9:7:::\n");
	assert_int_equal(account(collecting, 1)->elapsed_ms, 7);
	collecting_free(collecting);
}

static void
accounts_of_a_jail_or_a_template_are_not_called_the_products(void **state)
{
	static const char row[] = "root:$1$RYIwEiRA$d5iRRVQ5ZeRTrJwGjRy.B0:0:0:root:/:/bin/sh\n";
	struct collecting *collecting = with_candidates();

	(void)state;
	collecting_text(collecting, &collector_accounts, "/var/chroot/etc/passwd", row);
	collecting_text(collecting, &collector_accounts, "/usr/share/base/passwd", row);
	collecting_text(collecting, &collector_accounts, "/etc_ro/passwd", row);
	assert_int_equal(account(collecting, 0)->enabled, UNKNOWN);
	assert_int_equal(account(collecting, 1)->enabled, UNKNOWN);
	assert_int_equal(account(collecting, 2)->enabled, 1);
	collecting_free(collecting);
}

static void
finds_nothing_in_files_that_hold_no_accounts(void **state)
{
	struct collecting *collecting = with_candidates();

	(void)state;
	assert_false(collecting_text(
	    collecting, &collector_accounts, "/etc/hosts", "127.0.0.1 localhost\n"));
	assert_false(collecting_bytes(
	    collecting, &collector_accounts, "/usr/bin/passwd", "\177ELF\0\0\0\0", 8));
	assert_true(collecting_text(collecting, &collector_accounts, "/etc/pam.d/passwd",
	    "auth required pam_unix.so\n#a:b:c\n"));
	assert_int_equal(collecting->list.count, 0);
	collecting_free(collecting);
}

/* What the collector says of a file that it may not read to its end. */
static enum status
status_of(struct collecting *collecting, const char *local, struct span content)
{
	bool wanted;
	enum status status = collecting_status(
	    collecting, &collector_accounts, local, content.at, content.size, &wanted);

	assert_true(wanted);
	return status;
}

static void
reads_rows_as_loosely_as_the_c_library(void **state)
{
	struct collecting *collecting = with_candidates();

	(void)state;
	collecting_text(collecting, &collector_accounts, "/etc/shadow",
	    "  root:$1$RYIwEiRA$d5iRRVQ5ZeRTrJwGjRy.B0:1:0:9:7:::\n"
	    "five:$1$RYIwEiRA$d5iRRVQ5ZeRTrJwGjRy.B0:1:0:9\n");
	collecting_text(collecting, &collector_accounts, "/etc/passwd",
	    "\topen:: 0:0:\nodd::0:0::/:/opt/false\n");
	assert_int_equal(collecting_count(collecting, FACT_account), 4);
	assert_string_equal(account(collecting, 0)->user, "root");
	assert_string_equal(account(collecting, 0)->password, "xmhdipc");
	assert_string_equal(account(collecting, 1)->password, "xmhdipc");
	assert_int_equal(account(collecting, 2)->uid, 0);
	assert_int_equal(account(collecting, 2)->enabled, 1);
	assert_int_equal(account(collecting, 3)->enabled, 1); /* nobody knows what that one does */
	collecting_free(collecting);
}

static void
a_file_of_more_accounts_than_are_read_is_not_called_read(void **state)
{
	struct collecting *collecting = with_candidates();
	struct text rows = text_new(collecting->job);
	const char *bytes;

	(void)state;
	for (int i = 0; i < 1024; i++)
		text_printf(&rows, "u%d:*:1:0:9:7:::\n", i);
	assert_int_equal(text_finish(&rows, &bytes), STATUS_OK);
	assert_int_equal(status_of(collecting, "/etc/shadow", span_of_string(bytes)), STATUS_OK);
	text_put(&rows, "root::1:0:9:7:::\n");
	assert_int_equal(text_finish(&rows, &bytes), STATUS_OK);
	assert_int_equal(status_of(collecting, "/etc/shadow", span_of_string(bytes)), STATUS_LIMIT);
	collecting_free(collecting);
}

static void
bytes_that_are_no_text_hide_no_row_and_are_not_called_read(void **state)
{
	static const char rows[] = "\177ELF\0\0\nroot:abOV.DfJmdnYw:1:0:9:7:::\n";
	struct collecting *collecting = with_candidates();
	struct span content = {.at = (const uint8_t *)rows, .size = sizeof rows - 1};

	(void)state;
	assert_int_equal(status_of(collecting, "/etc/shadow", content), STATUS_MALFORMED);
	assert_string_equal(account(collecting, 0)->user, "root");
	collecting_free(collecting);
}

static struct node *
added(struct collecting *collecting, struct tree *tree, struct node *parent, const char *name,
    enum node_type type, const char *target)
{
	struct entry entry = {.name = span_of_string(name), .type = type};
	struct node *node;

	if (target != NULL)
		entry.target = span_of_string(target);
	assert_int_equal(tree_add(collecting->job, tree, parent, &entry, &node), STATUS_OK);
	return node;
}

/* How the collector concludes where etc/shadow links to `target`, and conf/shadow and conf/hidden
 * are files. */
static enum status
conclusion_on_link(const char *folder, const char *target)
{
	struct collecting *collecting = with_candidates();
	struct tree *tree = tree_new(collecting->job, 1);
	struct evidence evidence = evidence_to_list(&collecting->list);
	struct node *top, *conf;
	enum status status;

	assert_int_equal(
	    tree_add_container(collecting->job, tree, tree->root, 0, "squashfs", &top), STATUS_OK);
	conf = added(collecting, tree, top, "conf", NODE_FOLDER, NULL);
	added(collecting, tree, conf, "shadow", NODE_FILE, NULL);
	added(collecting, tree, conf, "hidden", NODE_FILE, NULL);
	added(collecting, tree, added(collecting, tree, top, folder, NODE_FOLDER, NULL), "shadow",
	    NODE_LINK, target);
	collecting->collection.tree = tree;
	status = collector_accounts.conclude(collecting->job, &collecting->collection, &evidence);
	collecting_free(collecting);
	return status;
}

static void
a_link_to_what_was_not_read_as_accounts_leaves_them_unproven(void **state)
{
	(void)state;
	assert_int_equal(conclusion_on_link("etc", "../conf/shadow"), STATUS_OK);
	assert_int_equal(conclusion_on_link("etc", "/conf/shadow"), STATUS_OK);
	assert_int_equal(conclusion_on_link("etc", "conf/shadow"), STATUS_OK);
	assert_int_equal(conclusion_on_link("etc", "../conf/hidden"), STATUS_MALFORMED);
	assert_int_equal(conclusion_on_link("etc", "/tmp/shadow"), STATUS_MALFORMED);
	assert_int_equal(conclusion_on_link("etc", "shadow"), STATUS_MALFORMED);
	assert_int_equal(conclusion_on_link("etc", ""), STATUS_MALFORMED);
	assert_int_equal(conclusion_on_link("bin", "busybox"), STATUS_OK);
}

/* The conclusion on links and files of one tree, by path. */
static enum status
conclusion_on(const char *const (*items)[2], size_t count)
{
	struct collecting *collecting = collecting_new();
	struct tree *tree = tree_new(collecting->job, 1);
	struct evidence evidence = evidence_to_list(&collecting->list);
	struct node *top;
	enum status status;

	assert_non_null(tree);
	assert_int_equal(
	    tree_add_container(collecting->job, tree, tree->root, 0, "squashfs", &top), STATUS_OK);
	for (size_t i = 0; i < count; i++) {
		const char *slash = strchr(items[i][0], '/');
		struct entry entry = {.mode = 0755, .type = NODE_FOLDER};
		struct node *at = top, *node;

		if (slash != NULL) {
			entry.name = (struct span){
			    (const uint8_t *)items[i][0], (size_t)(slash - items[i][0])};
			for (node = at->child; node != NULL; node = node->next)
				if (span_is(entry.name, node->name))
					break;
			if (node == NULL)
				assert_int_equal(
				    tree_add(collecting->job, tree, at, &entry, &node), STATUS_OK);
			at = node;
		}
		entry.name = span_of_string(slash == NULL ? items[i][0] : slash + 1);
		entry.type = items[i][1] == NULL ? NODE_FILE : NODE_LINK;
		if (items[i][1] != NULL)
			entry.target = span_of_string(items[i][1]);
		assert_int_equal(tree_add(collecting->job, tree, at, &entry, &node), STATUS_OK);
	}
	collecting->collection.tree = tree;
	status = collector_accounts.conclude(collecting->job, &collecting->collection, &evidence);
	collecting_free(collecting);
	return status;
}

#define CONCLUSION(...)                                                                            \
	conclusion_on((const char *const[][2]){__VA_ARGS__},                                       \
	    sizeof(const char *const[][2]){__VA_ARGS__} / sizeof(const char *const[2]))

static void
links_do_not_hide_an_account_that_opens(void **state)
{
	(void)state;
	/* a log-in shell nobody logs in by */
	assert_int_equal(CONCLUSION({"bin/sync", "sh"}, {"bin/sh", NULL}), STATUS_MALFORMED);
	assert_int_equal(CONCLUSION({"bin/sync", "x"}, {"bin/x", "/bin/bash"}), STATUS_MALFORMED);
	assert_int_equal(CONCLUSION({"bin/sync", "busybox"}, {"bin/sh", "busybox"}), STATUS_OK);
	assert_int_equal(CONCLUSION({"sbin/halt", "../bin/systemctl"}), STATUS_OK);
	/* the live file is one taken for a copy, or for a program */
	assert_int_equal(CONCLUSION({"etc/passwd", "../chroot/passwd"}, {"chroot/passwd", NULL}),
	    STATUS_MALFORMED);
	assert_int_equal(CONCLUSION({"etc", "init.d"}, {"init.d/passwd", NULL}), STATUS_MALFORMED);
	assert_int_equal(CONCLUSION({"etc", "chroot"}, {"chroot/passwd", NULL}), STATUS_MALFORMED);
	assert_int_equal(CONCLUSION({"etc", "rw"}, {"rw/passwd", NULL}), STATUS_OK);
	/* accounts of another kind */
	assert_int_equal(CONCLUSION({"userdb/evil.user", NULL}), STATUS_MALFORMED);
	assert_int_equal(
	    CONCLUSION({"credstore/passwd.hashed-password.root", NULL}), STATUS_MALFORMED);
	assert_int_equal(CONCLUSION({"etc/master.passwd", NULL}), STATUS_MALFORMED);
	assert_int_equal(CONCLUSION({"share/guest.user", NULL}), STATUS_OK);
}

static enum status
status_on(const char *local, const char *text)
{
	struct collecting *collecting = collecting_new();
	bool wanted;
	enum status status =
	    collecting_status(collecting, &collector_accounts, local, text, strlen(text), &wanted);

	assert_true(wanted);
	collecting_free(collecting);
	return status;
}

static void
a_row_that_only_some_libraries_read_is_not_passed_over(void **state)
{
	static char name[400] = "root:x:0:0::/:/bin/sh\n";
	size_t size = strlen(name);

	(void)state;
	assert_int_equal(status_on("/etc/passwd", "root:x:0:0::/:/bin/sh\nevil:::::/:/bin/sh\n"),
	    STATUS_MALFORMED);
	assert_int_equal(
	    status_on("/etc/passwd", "evil::4294967296:4294967296::/:/bin/sh\n"), STATUS_MALFORMED);
	memset(name + size, 'e', 257);
	memcpy(name + size + 257, "::0:0:x:/:/bin/sh\n", 19);
	assert_int_equal(status_on("/etc/passwd", name), STATUS_MALFORMED);
	assert_int_equal(
	    status_on("/etc/passwd", "#a:b:c:d:e:f:g\n\n+::::::\nroot:x:0:0::/:/bin/sh\n"),
	    STATUS_OK);
	assert_int_equal(status_on("/usr/share/base/passwd", "evil:::::/:/bin/sh\n"), STATUS_OK);
}

static void
bears_any_bytes(void **state)
{
	static const char rows[] = "root:abOV.DfJmdnYw:0:0:root:/:/bin/"
				   "sh\nx:$1$a$b:1:1\n:::::::\n\xff:$6$rounds=1$a:1:1:::\n";

	(void)state;
	collecting_bear(&collector_accounts, "/etc/passwd", rows, sizeof rows - 1, 1);
	collecting_bear(&collector_accounts, "/etc/shadow", rows, sizeof rows - 1, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(finds_the_password_behind_a_hash_of_a_real_camera),
	    cmocka_unit_test(tries_other_users_passwords_once_each_after_the_users_own),
	    cmocka_unit_test(says_how_many_candidates_did_not_open_a_hash),
	    cmocka_unit_test(searches_equal_hashes_once_and_every_scheme_of_crypt),
	    cmocka_unit_test(does_not_search_a_hash_that_would_take_for_ever),
	    cmocka_unit_test(tells_locked_empty_and_shadowed_apart),
	    cmocka_unit_test(leaves_open_whether_a_backup_or_an_empty_shadow_row_counts),
	    cmocka_unit_test(tries_what_the_image_calls_itself),
	    cmocka_unit_test(says_how_long_a_hash_was_tried),
	    cmocka_unit_test(accounts_of_a_jail_or_a_template_are_not_called_the_products),
	    cmocka_unit_test(finds_nothing_in_files_that_hold_no_accounts),
	    cmocka_unit_test(reads_rows_as_loosely_as_the_c_library),
	    cmocka_unit_test(a_file_of_more_accounts_than_are_read_is_not_called_read),
	    cmocka_unit_test(bytes_that_are_no_text_hide_no_row_and_are_not_called_read),
	    cmocka_unit_test(a_link_to_what_was_not_read_as_accounts_leaves_them_unproven),
	    cmocka_unit_test(links_do_not_hide_an_account_that_opens),
	    cmocka_unit_test(a_row_that_only_some_libraries_read_is_not_passed_over),
	    cmocka_unit_test(bears_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
