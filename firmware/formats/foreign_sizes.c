/* A superblock says how large its file system is; a magic alone would claim what only mentions it.
 */
#include "firmware/formats/foreign.h"

#include <string.h>

#define SECTOR 512u
#define PAGE 4096u

static uint64_t
little(struct span at, uint64_t offset, size_t size)
{
	struct span part = span_part(at, offset, size);
	uint64_t value = 0;

	for (size_t i = part.size; i-- > 0;)
		value = value << 8 | part.at[i];
	return value;
}

static uint64_t
big(struct span at, uint64_t offset, size_t size)
{
	struct span part = span_part(at, offset, size);
	uint64_t value = 0;

	for (size_t i = 0; i < part.size; i++)
		value = value << 8 | part.at[i];
	return value;
}

static bool
has(struct span at, uint64_t offset, const char *bytes, size_t size)
{
	return span_starts_with(span_from(at, offset), bytes, size);
}

/* A power of two within bounds. */
static bool
is_unit(uint64_t unit, uint64_t least, uint64_t most)
{
	return unit >= least && unit <= most && (unit & (unit - 1)) == 0;
}

/* 0 when the product means nothing. */
static uint64_t
units(uint64_t count, uint64_t unit)
{
	uint64_t bytes;

	return __builtin_mul_overflow(count, unit, &bytes) || bytes >> 60 != 0 ? 0 : bytes;
}

uint64_t
foreign_rest(struct span at)
{
	return at.size == 0 ? 0 : FOREIGN_WHOLE_REST;
}

uint64_t
foreign_xfs(struct span at)
{
	uint64_t block = big(at, 4, 4);

	return is_unit(block, SECTOR, 65536) && big(at, 100, 2) & 0x0f ? units(big(at, 8, 8), block)
								       : 0;
}

uint64_t
foreign_ntfs(struct span at)
{
	uint64_t sector = little(at, 11, 2);

	/* the last sector, a copy of the first, is not counted */
	return is_unit(sector, 256, PAGE) && has(at, 510, "\x55\xaa", 2) && little(at, 14, 7) == 0
		   ? units(little(at, 40, 8) + 1, sector)
		   : 0;
}

uint64_t
foreign_refs(struct span at)
{
	uint64_t sector = little(at, 32, 4);

	return has(at, 16, "FSRS", 4) && is_unit(sector, 256, PAGE)
		   ? units(little(at, 24, 8), sector)
		   : 0;
}

uint64_t
foreign_btrfs(struct span at)
{
	struct span super = span_from(at, 0x10000);

	return little(super, 0x30, 8) == 0x10000 && is_unit(little(super, 0x90, 4), SECTOR, 65536)
		   ? little(super, 0x70, 8)
		   : 0;
}

uint64_t
foreign_zfs(struct span at)
{
	/* the label's list of pairs: XDR, either endian, its first name as long as "version" */
	return has(at, 0x4000, "\1", 1) && little(at, 0x4001, 1) <= 1 && little(at, 0x4002, 6) == 0
		   ? FOREIGN_WHOLE_REST
		   : 0;
}

uint64_t
foreign_bcache(struct span at)
{
	static const char bcache[] = "\x4e\x1a\x45\xca\x82\x65\xf5\x7f\x48\xba\x6d\x81";
	static const char bcachefs[] = "\x66\xce\x90\xa9\xd9\x6a\x60\xcf\x80\x3d\xf7\xef";

	bool is_bcache = has(at, 0x101c, bcache, 12) && little(at, 0x1008, 8) == 8;
	bool is_bcachefs = has(at, 0x101c, bcachefs, 12) && little(at, 0x1068, 8) == 8;

	return is_bcache || is_bcachefs ? FOREIGN_WHOLE_REST : 0;
}

uint64_t
foreign_nilfs(struct span at)
{
	struct span super = span_from(at, 1024);

	return little(super, 0, 4) == 2 && little(super, 20, 4) <= 6 && little(super, 24, 8) != 0
		   ? little(super, 32, 8)
		   : 0;
}

uint64_t
foreign_reiser(struct span at)
{
	struct span super = span_from(at, 0x10000);
	uint64_t block = little(super, 44, 2);
	bool named = has(super, 52, "ReIsErFs", 8) || has(super, 52, "ReIsEr2Fs", 9) ||
		     has(super, 52, "ReIsEr3Fs", 9);

	return named && is_unit(block, SECTOR, 8192) ? units(little(super, 0, 4), block) : 0;
}

uint64_t
foreign_jfs(struct span at)
{
	struct span super = span_from(at, 0x8000);
	uint64_t block = little(super, 24, 4);

	return little(super, 4, 4) - 1 <= 1 && is_unit(block, SECTOR, PAGE)
		   ? units(little(super, 8, 8), block)
		   : 0;
}

static uint64_t
littlefs(uint64_t version, uint64_t block, uint64_t count, uint64_t major)
{
	return version >> 16 == major && block >= 64 && block <= (uint64_t)16 << 20
		   ? units(count, block)
		   : 0;
}

uint64_t
foreign_littlefs(struct span at)
{
	return littlefs(little(at, 20, 4), little(at, 24, 4), little(at, 28, 4), 2);
}

uint64_t
foreign_littlefs_old(struct span at)
{
	return littlefs(little(at, 36, 4), little(at, 28, 4), little(at, 32, 4), 1);
}

uint64_t
foreign_hfs(struct span at)
{
	uint64_t block = big(at, 1024 + 40, 4);

	return is_unit(block, SECTOR, (uint64_t)1 << 20) ? units(big(at, 1024 + 44, 4), block) : 0;
}

uint64_t
foreign_apfs(struct span at)
{
	uint64_t block = little(at, 36, 4);

	return little(at, 24, 4) == 0x80000001 && is_unit(block, PAGE, 65536)
		   ? units(little(at, 40, 8), block)
		   : 0;
}

static uint64_t
ufs(uint64_t block, uint64_t fragment, uint64_t count)
{
	return is_unit(block, PAGE, 65536) && is_unit(fragment, SECTOR, block) &&
		       block / fragment <= 8
		   ? units(count, fragment)
		   : 0;
}

uint64_t
foreign_ufs_little(struct span at)
{
	struct span super = span_from(at, 8192);

	return ufs(little(super, 48, 4), little(super, 52, 4), little(super, 36, 4));
}

uint64_t
foreign_ufs_big(struct span at)
{
	struct span super = span_from(at, 8192);

	return ufs(big(super, 48, 4), big(super, 52, 4), big(super, 36, 4));
}

uint64_t
foreign_ufs2(struct span at)
{
	struct span super = span_from(at, 65536);

	return ufs(little(super, 48, 4), little(super, 52, 4), little(super, 1080, 8));
}

uint64_t
foreign_qnx(struct span at)
{
	return little(at, 8, 2) == 256 && little(at, 36, 4) > 256 ? little(at, 36, 4) : 0;
}

uint64_t
foreign_swap(struct span at)
{
	return little(at, 1024, 4) == 1 ? units(little(at, 1028, 4) + 1, PAGE) : 0;
}

/* Up to where the volumes lie: what is in them is looked for there. */
uint64_t
foreign_lvm(struct span at)
{
	struct span label = span_from(at, SECTOR);
	uint64_t data = little(label, 72, 8);

	return little(label, 8, 8) == 1 && little(label, 20, 4) == 32 &&
		       has(label, 24, "LVM2 001", 8) && data >= 2 * SECTOR &&
		       data < (uint64_t)1 << 32
		   ? data
		   : 0;
}

static uint64_t
raid(struct span at, uint64_t place)
{
	struct span super = span_from(at, place);
	uint64_t data = little(super, 128, 8);

	return little(super, 144, 8) == place / SECTOR && data > place / SECTOR &&
		       data < (uint64_t)1 << 32
		   ? data * SECTOR
		   : 0;
}

uint64_t
foreign_raid(struct span at)
{
	return raid(at, PAGE);
}

uint64_t
foreign_raid_first(struct span at)
{
	return raid(at, 0);
}

uint64_t
foreign_qcow(struct span at)
{
	uint64_t version = big(at, 4, 4), bits = big(at, 20, 4);

	return version - 2 <= 1 && bits >= 9 && bits <= 21 ? FOREIGN_WHOLE_REST : 0;
}

uint64_t
foreign_vmdk(struct span at)
{
	uint64_t version = little(at, 4, 4), grain = little(at, 20, 8);

	/* line ends stand there, for transfers that spoil them */
	return version - 1 <= 2 && is_unit(grain, 1, 65536) && has(at, 73, "\n \r\n", 4)
		   ? FOREIGN_WHOLE_REST
		   : 0;
}

uint64_t
foreign_vdi(struct span at)
{
	return little(at, 68, 4) == 0x10001 && little(at, 72, 4) >= 0x180 &&
		       little(at, 76, 4) - 1 <= 3
		   ? FOREIGN_WHOLE_REST
		   : 0;
}

/* One that grows has a copy of its footer first; a fixed one is a disk with a footer behind. */
uint64_t
foreign_vhd(struct span at)
{
	uint64_t kind = big(at, 60, 4);
	uint32_t sum = 0;

	for (uint64_t i = 0; i < SECTOR; i++)
		sum += i >= 64 && i < 68 ? 0 : (uint32_t)big(at, i, 1);
	if (at.size < SECTOR || (uint32_t)~sum != big(at, 64, 4))
		return 0;
	return kind == 3 || kind == 4 ? FOREIGN_WHOLE_REST : SECTOR;
}

uint64_t
foreign_vhdx(struct span at)
{
	return has(at, 0x10000, "head", 4) ? FOREIGN_WHOLE_REST : 0;
}

uint64_t
foreign_xar(struct span at)
{
	return big(at, 6, 2) == 1 && big(at, 8, 8) > 0 && big(at, 8, 8) < at.size &&
		       big(at, 16, 8) >= big(at, 8, 8)
		   ? FOREIGN_WHOLE_REST
		   : 0;
}

/* Letters, then zeros. */
static bool
is_word(struct span field)
{
	size_t i = 0;

	for (; i < field.size && field.at[i] > ' ' && field.at[i] < 0x7f; i++)
		;
	return i != 0 && i < field.size && field.at[i] == 0;
}

static bool
is_slot(uint64_t state)
{
	return state == 0xdead || state == 0xac71f3;
}

/* Its payload reaches to the end of what it lies on. */
uint64_t
foreign_luks1(struct span at)
{
	return is_word(span_part(at, 8, 32)) && is_word(span_part(at, 40, 32)) &&
		       big(at, 104, 4) > 1 && is_slot(big(at, 208, 4))
		   ? FOREIGN_WHOLE_REST
		   : 0;
}

uint64_t
foreign_luks2(struct span at)
{
	return is_unit(big(at, 8, 8), 16384, (uint64_t)4 << 20) && big(at, 256, 8) == 0 &&
		       is_word(span_part(at, 72, 32))
		   ? FOREIGN_WHOLE_REST
		   : 0;
}

uint64_t
foreign_bitlocker(struct span at)
{
	uint64_t sector = little(at, 11, 2);

	return is_unit(sector, SECTOR, PAGE) && has(at, 510, "\x55\xaa", 2) ? FOREIGN_WHOLE_REST
									    : 0;
}

uint64_t
foreign_salted(struct span at)
{
	/* eight bytes of salt, then blocks of eight or sixteen */
	return at.size > 16 && at.size % 8 == 0 ? FOREIGN_WHOLE_REST : 0;
}
