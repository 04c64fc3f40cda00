/* Vendors changed how a packed block begins without saying so: the first one tells which way it is.
 */
#include "base/arena.h"
#include "firmware/formats/squashfs.h"

#define MAX_LOOKED_AT 4096u /* blocks until a packed one */
#define ZLIB_FIRST_BYTE 0x78
#define LZMA_FIRST_BYTE 0x5d

/* In order of how sure their success is: those that tell their end or their size come first. */
static const struct codec *const known[] = {&codec_zlib, &codec_xz, &codec_lzma, &codec_zstd,
    &codec_lzma_unsized, &codec_lzma_bare, &codec_lzma_ddwrt, &codec_lzma_sized_first,
    &codec_lzma_bare_literal_0, &codec_lzma_unsized_endless, &codec_lzma_bare_endless,
    &codec_lzma_bare_behind_4, &codec_lzo};

const struct codec *
squashfs_codec_named(const struct squashfs_super *super)
{
	static const struct codec *const numbers[] = {
	    NULL, &codec_zlib, &codec_lzma, &codec_lzo, &codec_xz, &codec_lz4, &codec_zstd};

	return super->compression < ARRAY_SIZE(numbers) ? numbers[super->compression] : NULL;
}

const struct codec *
squashfs_codec_try(struct span in, uint8_t *out, size_t room, bool exact, bool is_metadata)
{
	struct codec_states states = {0};
	const struct codec *found = NULL, *likely = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(known) && found == NULL; i++) {
		size_t size = 0;

		if (!codec_decode(&states, known[i], in, out, room, &size) || size == 0)
			continue;
		if (size == room)
			found = known[i];
		/* no inode and no name begins in so few bytes */
		else if (likely == NULL && !exact && (!is_metadata || size > 8))
			likely = known[i];
	}
	codec_states_close(&states);
	return found != NULL ? found : likely;
}

/* The first packed block of metadata. */
static struct span
first_packed(const struct squashfs_super *super, struct span image)
{
	const uint64_t end = squashfs_super_end_of_folders(super, image);
	struct reader reader = {0};
	struct span in;
	bool stored;

	if (end > super->inode_table)
		reader.rest = span_part(image, super->inode_table, end - super->inode_table);
	for (unsigned i = 0; i < MAX_LOOKED_AT; i++) {
		if (!squashfs_table_next(super, &reader, &in, &stored))
			break;
		if (!stored)
			return in;
	}
	return (struct span){0};
}

bool
squashfs_codec_find(struct job *job, const struct squashfs_super *super, struct span image,
    const struct codec **codec)
{
	struct span in = first_packed(super, image);
	const struct codec *named = squashfs_codec_named(super);
	struct codec_states states = {0};
	struct arena_mark mark = arena_mark(job->arena);
	uint8_t *out = arena_allocate(job, SQUASHFS_METADATA);
	size_t size;
	bool good = false;

	*codec = named;
	if (in.size == 0 || out == NULL)
		good = super->major != 4 || named != NULL;
	else if (named != NULL)
		good = codec_decode(&states, named, in, out, SQUASHFS_METADATA, &size);
	if (!good && in.size != 0 && out != NULL) {
		*codec = squashfs_codec_try(in, out, SQUASHFS_METADATA, false, true);
		good = *codec != NULL;
	}
	/* a damaged block says nothing against the codec its superblock names */
	if (!good && named != NULL) {
		*codec = named;
		good = true;
	}
	codec_states_close(&states);
	arena_release(job->arena, mark);
	return good;
}

const struct codec *
squashfs_codec_of(const struct squashfs *fs, struct span in)
{
	/* "sqlzma" packs each block by whichever of the two makes it smaller */
	if (fs->super.major == 4 || in.size == 0)
		return fs->codec;
	if (fs->codec == &codec_lzma && in.at[0] == ZLIB_FIRST_BYTE)
		return &codec_zlib;
	if (fs->codec == &codec_zlib && in.at[0] == LZMA_FIRST_BYTE)
		return &codec_lzma;
	return fs->codec;
}
