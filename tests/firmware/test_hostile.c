/* Images made to trap an unpacker end as findings, in seconds, within their memory. */
#include "tests/support/unpacking.h"

#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/text.h"
#include "tests/support/support.h"

#define MEMORY ((size_t)32 << 20)
#define SECONDS_ALLOWED 20 /* under the sanitizers, on a busy machine */

static struct span
bomb_bytes(struct job *job, const char *name)
{
	struct span bytes;

	fixture_hostile();
	assert_ok(job,
	    file_read(job, arena_printf(job, "build/fixtures/hostile/%s", name), MEMORY, &bytes));
	return bytes;
}

static struct unpacking *
unpack_quickly(struct span image)
{
	struct unpacking *unpacking = unpacking_new(MEMORY, 0);
	time_t start = time(NULL);

	unpacking_run(unpacking, image);
	assert_in_range(time(NULL) - start, 0, SECONDS_ALLOWED);
	return unpacking;
}

static void
assert_limited(const char *name, struct span image)
{
	struct unpacking *unpacking = unpack_quickly(image);

	if (unpacking->status != STATUS_OK)
		fail_msg("%s: status %d: %s", name, (int)unpacking->status, unpacking->job->reason);
	if (unpacking->tree->complete)
		fail_msg("%s is said to be complete", name);
	assert_true(unpacking->tree->unread_bytes > 0);
	unpacking_free(unpacking);
}

static void
bombs_reach_a_limit_and_say_so(void **state)
{
	static const char *const bombs[] = {"gzip.img", "bzip2.img", "xz.img", "lzma.img",
	    "zstd.img", "lz4.img", "gzip_gzip_gzip.img", "zip.img", "squashfs_sparse.img"};

	for (size_t i = 0; i < ARRAY_SIZE(bombs); i++)
		assert_limited(bombs[i], bomb_bytes(*state, bombs[i]));
}

/* A gzip member with its content stored, by hand. */
static struct span
gzip_stored(struct job *job, struct span content)
{
	static const char header[] = "\x1f\x8b\x08\0\0\0\0\0\0\xff";
	struct text out = text_new(job);
	const char *bytes;

	text_put_bytes(&out, header, 10);
	assert_in_range(content.size, 1, 65535);
	put_u8(&out, 1); /* the last block, stored */
	put_u16(&out, (uint16_t)content.size);
	put_u16(&out, (uint16_t)~content.size);
	text_put_bytes(&out, content.at, content.size);
	put_u32(&out, crc32_of(0, content));
	put_u32(&out, (uint32_t)content.size);
	assert_ok(job, text_finish(&out, &bytes));
	return (struct span){(const uint8_t *)bytes, out.size};
}

static void
layers_end_at_the_depth_limit(void **state)
{
	struct span image = span_of_string("the innermost");
	struct unpacking *unpacking;

	for (unsigned i = 0; i < UNPACK_MAX_DEPTH; i++)
		image = gzip_stored(*state, image);
	unpacking = unpack_quickly(image);
	assert_true(unpacking->tree->complete);
	unpacking_free(unpacking);
	unpacking = unpack_quickly(gzip_stored(*state, image));
	assert_int_equal(unpacking->status, STATUS_OK);
	assert_false(unpacking->tree->complete);
	assert_non_null(strstr(unpacking->tree->incomplete_reason, "nested deeper"));
	unpacking_free(unpacking);
}

static void
magics_without_end_cost_no_time(void **state)
{
	static const char *const magics[] = {"hsqs", "HDR0\x20", "PK\x03\x04", "\x1f\x8b\x08\x08",
	    "BZh91AY&SY",
	    "\xfd"
	    "7zXZ",
	    "070701", "\x27\x05\x19\x56", "]", "\x28\xb5\x2f\xfd\x20", "\x02\x21\x4c\x18\x10",
	    "\x45\x3d\xcd\x28"};

	for (size_t i = 0; i < ARRAY_SIZE(magics); i++) {
		struct text out = text_new(*state);
		struct unpacking *unpacking;

		while (out.size < (1 << 20)) {
			text_put(&out, magics[i]);
			text_put_bytes(&out, "\0\0\x01\0", 1 + i % 4);
		}
		unpacking = unpack_quickly((struct span){(const uint8_t *)out.at, out.size});
		assert_true(
		    unpacking->status == STATUS_OK || unpacking->status == STATUS_MALFORMED);
		unpacking_free(unpacking);
	}
}

static void
put_cpio(struct text *out, const char *name, unsigned mode, const char *content, unsigned size)
{
	text_printf(out, "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x", 1u, mode, 0u,
	    0u, 1u, 0u, size, 0u, 0u, 0u, 0u, (unsigned)strlen(name) + 1, 0u);
	text_put_bytes(out, name, strlen(name) + 1);
	while (out->size % 4 != 0)
		put_u8(out, 0);
	text_put(out, content);
	while (out->size % 4 != 0)
		put_u8(out, 0);
}

static void
paths_that_leave_their_archive_are_findings(void **state)
{
	static const char *const bad[] = {"../evil", "a/../../evil", "..", "a/.."};
	struct job *job = *state;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct text out = text_new(job);
		struct unpacking *unpacking;

		put_cpio(&out, bad[i], 0100644, "evil", 4);
		put_cpio(&out, "/etc//./good", 0100644, "good", 4);
		put_cpio(&out, "TRAILER!!!", 0, "", 0);
		unpacking = unpack_quickly((struct span){(const uint8_t *)out.at, out.size});
		assert_int_equal(unpacking->status, STATUS_OK);
		assert_false(unpacking->tree->complete);
		assert_non_null(unpacking_digest(unpacking, "0.cpio/etc/good"));
		assert_null(unpacking_digest(unpacking, "evil"));
		unpacking_free(unpacking);
	}
}

static void
an_entry_larger_than_its_archive_is_cut_short(void **state)
{
	struct text out = text_new(*state);
	struct unpacking *unpacking;

	put_cpio(&out, "good", 0100644, "good", 4);
	put_cpio(&out, "huge", 0100644, "little", 0xfffffff0u);
	unpacking = unpack_quickly((struct span){(const uint8_t *)out.at, out.size});
	assert_int_equal(unpacking->status, STATUS_OK);
	assert_false(unpacking->tree->complete);
	assert_non_null(unpacking_digest(unpacking, "0.cpio/good"));
	unpacking_free(unpacking);
}

/* A cramfs inode, little-endian. */
static void
put_cramfs_inode(
    struct text *out, unsigned mode, unsigned size, unsigned name_size, unsigned offset)
{
	put_u32(out, mode);
	put_u32(out, size);
	put_u32(out, name_size / 4 | offset / 4 << 6);
}

static struct unpacking *
unpack_cramfs(struct job *job, const char *name, unsigned name_size, unsigned mode, unsigned size,
    unsigned offset)
{
	struct text out = text_new(job);

	put_u32(&out, 0x28cd3d45);
	put_u32(&out, 4096);
	put_u32(&out, 0);
	put_u32(&out, 0);
	text_put_bytes(&out, "Compressed ROMFS", 16);
	for (unsigned i = 0; i < 4; i++)
		put_u32(&out, 0);
	text_put_bytes(&out, "hostile\0\0\0\0\0\0\0\0", 16);
	put_cramfs_inode(&out, 040755, 12 + name_size, 0, 76);
	put_cramfs_inode(&out, mode, size, name_size, offset);
	text_put_bytes(&out, name, name_size);
	while (out.size < 4096)
		put_u8(&out, 0);
	return unpack_quickly((struct span){(const uint8_t *)out.at, out.size});
}

static void
a_folder_that_holds_itself_is_entered_once(void **state)
{
	struct unpacking *unpacking = unpack_cramfs(*state, "self", 4, 040755, 16, 76);

	assert_int_equal(unpacking->status, STATUS_OK);
	assert_false(unpacking->tree->complete);
	assert_non_null(strstr(unpacking->tree->incomplete_reason, "seen before"));
	unpacking_free(unpacking);
}

static void
names_no_file_may_have_are_findings(void **state)
{
	static const char *const names[] = {"..\0\0", ".\0\0\0", "a/b\0", "\0\0\0\0"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct unpacking *unpacking = unpack_cramfs(*state, names[i], 4, 0100644, 0, 0);

		assert_int_equal(unpacking->status, STATUS_OK);
		assert_false(unpacking->tree->complete);
		assert_int_equal(unpacking_count(unpacking, "0.cramfs"), 0);
		unpacking_free(unpacking);
	}
}

static void
strange_bytes_in_names_are_escaped(void **state)
{
	struct unpacking *unpacking = unpack_cramfs(*state, "a\n\xff\\", 4, 0100644, 0, 0);

	assert_true(unpacking->tree->complete);
	assert_non_null(unpacking_digest(unpacking, "0.cramfs/a\\x0a\\xff\\\\"));
	unpacking_free(unpacking);
}

/* ---- a SquashFS by hand: a root folder with one entry ---- */

struct small_squashfs {
	const char *name;
	bool entry_is_root; /* the entry's inode is the root itself */
	uint64_t file_size; /* of a file of holes */
	uint32_t fragment;
};

static void
put_inode_header(struct text *out, unsigned type, unsigned mode)
{
	put_u16(out, (uint16_t)type);
	put_u16(out, (uint16_t)mode);
	put_u32(out, 0); /* owner, group */
	put_u32(out, 0); /* time */
	put_u32(out, 1); /* number */
}

static void
put_metadata(struct text *out, const struct text *block)
{
	put_u16(out, (uint16_t)(block->size | 0x8000));
	text_put_bytes(out, block->at, block->size);
}

static struct unpacking *
unpack_squashfs(struct job *job, const struct small_squashfs *what)
{
	struct text out = text_new(job), inodes = text_new(job), folders = text_new(job);
	unsigned listing = 12 + 8 + (unsigned)strlen(what->name);
	uint64_t inode_at = 96, folder_at, id_at;

	put_inode_header(&inodes, 1, 0755);
	put_u32(&inodes, 0); /* block */
	put_u32(&inodes, 2);
	put_u16(&inodes, (uint16_t)(listing + 3));
	put_u16(&inodes, 0);
	put_u32(&inodes, 1);
	put_inode_header(&inodes, 9, 0644); /* an extended file, at 32 */
	put_u64(&inodes, 96);
	put_u64(&inodes, what->file_size);
	put_u64(&inodes, 0);
	put_u32(&inodes, 1);
	put_u32(&inodes, what->fragment);
	put_u32(&inodes, 0);
	put_u32(&inodes, UINT32_MAX);
	for (uint64_t i = 0; i < what->file_size >> 20 && i < 1024; i++)
		put_u32(&inodes, 0);
	put_u32(&folders, 0);
	put_u32(&folders, 0);
	put_u32(&folders, 1);
	put_u16(&folders, what->entry_is_root ? 0 : 32);
	put_u16(&folders, 0);
	put_u16(&folders, what->entry_is_root ? 1 : 2);
	put_u16(&folders, (uint16_t)(strlen(what->name) - 1));
	text_put(&folders, what->name);

	folder_at = inode_at + 2 + inodes.size;
	id_at = folder_at + 2 + folders.size + 2 + 4;
	text_put(&out, "hsqs");
	put_u32(&out, 2);
	put_u32(&out, 0);
	put_u32(&out, 1 << 20);
	put_u32(&out, 0);
	put_u16(&out, 1);
	put_u16(&out, 20);
	put_u16(&out, 0);
	put_u16(&out, 1);
	put_u16(&out, 4);
	put_u16(&out, 0);
	put_u64(&out, 0);
	put_u64(&out, id_at + 8);
	put_u64(&out, id_at);
	put_u64(&out, UINT64_MAX);
	put_u64(&out, inode_at);
	put_u64(&out, folder_at);
	put_u64(&out, UINT64_MAX);
	put_u64(&out, UINT64_MAX);
	put_metadata(&out, &inodes);
	put_metadata(&out, &folders);
	put_u16(&out, 4 | 0x8000);
	put_u32(&out, 0);
	put_u64(&out, id_at - 6);
	return unpack_quickly((struct span){(const uint8_t *)out.at, out.size});
}

static void
a_small_squashfs_by_hand_is_read(void **state)
{
	const struct small_squashfs good = {
	    .name = "file", .file_size = 2 << 20, .fragment = UINT32_MAX};
	struct unpacking *unpacking = unpack_squashfs(*state, &good);

	if (!unpacking->tree->complete)
		fail_msg("%s", unpacking->tree->incomplete_reason);
	/* two MiB of zeros, by sha256sum */
	assert_string_equal(unpacking_digest(unpacking, "0.squashfs/file"),
	    "5647f05ec18958947d32874eeb788fa396a05d0bab7c1b71f112ceb7e9b31eee");
	unpacking_free(unpacking);
}

static void
squashfs_traps_are_findings(void **state)
{
	static const struct small_squashfs traps[] = {
	    {.name = "self", .entry_is_root = true},
	    {.name = "..", .fragment = UINT32_MAX},
	    {.name = "a/b", .fragment = UINT32_MAX},
	    {.name = "huge", .file_size = (uint64_t)1 << 62, .fragment = UINT32_MAX},
	    {.name = "large", .file_size = (uint64_t)1 << 30, .fragment = UINT32_MAX},
	    {.name = "no such fragment", .file_size = 1000, .fragment = 77},
	};

	for (size_t i = 0; i < ARRAY_SIZE(traps); i++) {
		struct unpacking *unpacking = unpack_squashfs(*state, &traps[i]);

		assert_int_equal(unpacking->status, STATUS_OK);
		if (unpacking->tree->complete)
			fail_msg("%s is said to be complete", traps[i].name);
		assert_int_equal(unpacking_count(unpacking, "0.squashfs"), 0);
		unpacking_free(unpacking);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		bombs_reach_a_limit_and_say_so, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(layers_end_at_the_depth_limit, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		magics_without_end_cost_no_time, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		paths_that_leave_their_archive_are_findings, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		an_entry_larger_than_its_archive_is_cut_short, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_folder_that_holds_itself_is_entered_once, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		names_no_file_may_have_are_findings, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		strange_bytes_in_names_are_escaped, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_small_squashfs_by_hand_is_read, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(squashfs_traps_are_findings, setup_job, teardown_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
