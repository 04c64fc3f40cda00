/* Names, paths and gaps: where hostile names stop, and how unclaimed bytes divide. */
#include "firmware/tree.h"

#include <string.h>

#include "firmware/gap.h"
#include "tests/support/support.h"

static struct entry
entry_named(const char *name, enum node_type type)
{
	return (struct entry){.name = span_of_string(name), .type = type, .mode = 0107755};
}

static void
paths_and_local_paths_grow_with_the_tree(void **state)
{
	struct job *job = *state;
	struct tree *tree = tree_new(job, 100);
	struct entry etc = entry_named("etc", NODE_FOLDER),
		     passwd = entry_named("passwd", NODE_FILE);
	struct node *outer, *inner, *folder, *file;

	assert_ok(job, tree_add_container(job, tree, tree->root, 0, "trx", &outer));
	assert_ok(job, tree_add_container(job, tree, outer, 0xc1a80, "squashfs", &inner));
	assert_ok(job, tree_add(job, tree, inner, &etc, &folder));
	assert_ok(job, tree_add(job, tree, folder, &passwd, &file));
	assert_string_equal(file->path, "0.trx/c1a80.squashfs/etc/passwd");
	assert_string_equal(file->local, "/etc/passwd");
	assert_string_equal(inner->local, "");
	assert_int_equal(file->mode, 07755); /* permission bits alone */
	assert_ptr_equal(file->parent, folder);
}

static void
no_file_has_such_a_name(void **state)
{
	static const char *const bad[] = {"", ".", "..", "a/b", "/"};
	struct job *job = *state;
	struct tree *tree = tree_new(job, 100);
	struct entry long_name = {.type = NODE_FILE}, nul = {.name = {(const uint8_t *)"a\0b", 3}};
	struct node *node = NULL;
	char *name = arena_allocate(job, TREE_MAX_NAME + 2);

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct entry entry = entry_named(bad[i], NODE_FILE);

		assert_int_equal(tree_add(job, tree, tree->root, &entry, &node), STATUS_MALFORMED);
	}
	memset(name, 'a', TREE_MAX_NAME + 1);
	long_name.name = span_of_string(name);
	assert_int_equal(tree_add(job, tree, tree->root, &long_name, &node), STATUS_MALFORMED);
	assert_int_equal(tree_add(job, tree, tree->root, &nul, &node), STATUS_MALFORMED);
	assert_null(tree->root->child);
}

static void
a_path_may_not_grow_without_end(void **state)
{
	struct job *job = *state;
	struct tree *tree = tree_new(job, 100);
	struct entry entry = entry_named("a_folder_in_a_folder", NODE_FOLDER);
	struct node *node = tree->root;
	enum status status = STATUS_OK;
	unsigned depth = 0;

	for (; depth < 1000 && status == STATUS_OK; depth++)
		status = tree_add(job, tree, node, &entry, &node);
	assert_int_equal(status, STATUS_MALFORMED);
	assert_in_range(depth, 100, 300);
}

static void
folders_on_the_way_are_made_once(void **state)
{
	struct job *job = *state;
	struct tree *tree = tree_new(job, 100);
	struct folders *folders = folders_new(job, tree, tree->root);
	struct node *first, *second;
	struct span last;

	assert_ok(job, folders_split(job, folders, span_of_string("./a//b/c"), &first, &last));
	assert_true(span_equal(last, span_of_string("c")));
	assert_ok(job, folders_split(job, folders, span_of_string("/a/b/d"), &second, &last));
	assert_ptr_equal(first, second);
	assert_string_equal(first->path, "a/b");
	assert_ok(job, folders_split(job, folders, span_of_string("./"), &second, &last));
	assert_int_equal(last.size, 0);
	assert_int_equal(folders_split(job, folders, span_of_string("a/../b"), &second, &last),
	    STATUS_MALFORMED);
}

static void
many_folders_are_found_again(void **state)
{
	struct job *job = *state;
	struct tree *tree = tree_new(job, 100);
	struct folders *folders = folders_new(job, tree, tree->root);
	struct node *nodes[2000], *again;
	struct span last;

	for (size_t i = 0; i < ARRAY_SIZE(nodes); i++)
		assert_ok(job,
		    folders_split(job, folders, span_of_string(arena_printf(job, "folder%zu/x", i)),
			&nodes[i], &last));
	for (size_t i = 0; i < ARRAY_SIZE(nodes); i++) {
		assert_ok(
		    job, folders_split(job, folders,
			     span_of_string(arena_printf(job, "folder%zu/y", i)), &again, &last));
		assert_ptr_equal(again, nodes[i]);
	}
}

static void
unread_bytes_are_counted_and_do_not_wrap(void **state)
{
	struct job *job = *state;
	struct tree *tree = tree_new(job, 100);
	struct region region = {.path = "", .parent = "", .format = "", .bytes = 10};
	struct region *added;

	region.coverage = COVERAGE_PADDING;
	assert_ok(job, tree_add_region(job, tree, &region, &added));
	assert_int_equal(tree->unread_bytes, 0);
	region.coverage = COVERAGE_READ;
	assert_ok(job, tree_add_region(job, tree, &region, &added));
	tree_set_coverage(tree, added, COVERAGE_DAMAGED);
	tree_set_coverage(tree, added, COVERAGE_DAMAGED);
	assert_int_equal(tree->unread_bytes, 10);
	region.coverage = COVERAGE_GAP;
	region.bytes = UINT64_MAX;
	assert_ok(job, tree_add_region(job, tree, &region, &added));
	assert_true(tree->unread_bytes == UINT64_MAX);
}

static void
entropy_is_that_of_the_definition(void **state)
{
	uint8_t bytes[1024];

	(void)state;
	memset(bytes, 7, sizeof bytes);
	assert_int_equal(gap_entropy((struct span){bytes, sizeof bytes}), 0);
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)i;
	assert_in_range(gap_entropy((struct span){bytes, sizeof bytes}), 7999, 8000);
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = i % 4 == 0; /* 0.8113 bits */
	assert_in_range(gap_entropy((struct span){bytes, sizeof bytes}), 810, 812);
	assert_int_equal(gap_entropy((struct span){0}), 0);
}

static void
fill_is_told_apart_from_what_stands_in_it(void **state)
{
	static uint8_t bytes[20000];
	struct span all = {bytes, sizeof bytes}, piece;
	size_t from = 0;
	bool fill;

	(void)state;
	memset(bytes, 0xff, sizeof bytes);
	for (size_t i = 6000; i < 7000; i++)
		bytes[i] = (uint8_t)(i * 7);
	assert_true(gap_next(all, &from, &piece, &fill));
	assert_true(fill);
	assert_int_equal(piece.size, 6000);
	assert_true(gap_next(all, &from, &piece, &fill));
	assert_false(fill);
	assert_int_equal(piece.size, 1000);
	assert_true(gap_next(all, &from, &piece, &fill));
	assert_true(fill);
	assert_int_equal(from, sizeof bytes);
	assert_false(gap_next(all, &from, &piece, &fill));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		paths_and_local_paths_grow_with_the_tree, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(no_file_has_such_a_name, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_path_may_not_grow_without_end, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		folders_on_the_way_are_made_once, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(many_folders_are_found_again, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		unread_bytes_are_counted_and_do_not_wrap, setup_job, teardown_job),
	    cmocka_unit_test(entropy_is_that_of_the_definition),
	    cmocka_unit_test(fill_is_told_apart_from_what_stands_in_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
