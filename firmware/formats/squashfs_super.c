/* Four versions of the superblock have the magic and the version in one place, and nothing else. */
#include "firmware/formats/squashfs.h"

#define VERSION_AT 28
#define MARKED ((unsigned)1 << 2) /* flag of versions 1 to 3 */
#define LARGEST_LOG 20

uint64_t
squashfs_field(struct squashfs_fields *fields, unsigned bits)
{
	uint64_t value = 0;
	unsigned got = 0;

	if (fields->overrun || (fields->bit + bits + 7) / 8 > fields->rest.size) {
		fields->overrun = true;
		return 0;
	}
	while (got < bits) {
		unsigned take = 8 - fields->bit;
		unsigned part = fields->rest.at[0];

		if (take > bits - got)
			take = bits - got;
		part >>= fields->big ? 8 - fields->bit - take : fields->bit;
		part &= (1u << take) - 1;
		value = fields->big ? value << take | part : value | (uint64_t)part << got;
		got += take;
		fields->bit += take;
		if (fields->bit == 8) {
			fields->bit = 0;
			fields->rest = span_from(fields->rest, 1);
		}
	}
	return value;
}

struct span
squashfs_field_bytes(struct squashfs_fields *fields, size_t size)
{
	struct span bytes;

	if (fields->overrun || fields->bit != 0 || size > fields->rest.size) {
		fields->overrun = true;
		return (struct span){0};
	}
	bytes = span_part(fields->rest, 0, size);
	fields->rest = span_from(fields->rest, size);
	return bytes;
}

static void
read_version_4(struct squashfs_fields *fields, struct squashfs_super *super)
{
	super->inodes = (uint32_t)squashfs_field(fields, 32);
	squashfs_field(fields, 32); /* time */
	super->block_size = (uint32_t)squashfs_field(fields, 32);
	super->fragments = (uint32_t)squashfs_field(fields, 32);
	super->compression = (unsigned)squashfs_field(fields, 16);
	super->block_log = (unsigned)squashfs_field(fields, 16);
	super->flags = (unsigned)squashfs_field(fields, 16);
	super->ids = (uint32_t)squashfs_field(fields, 16);
	squashfs_field(fields, 32); /* version */
	super->root = squashfs_field(fields, 64);
	super->bytes = squashfs_field(fields, 64);
	super->id_table = squashfs_field(fields, 64);
	super->attribute_table = squashfs_field(fields, 64);
	super->inode_table = squashfs_field(fields, 64);
	super->folder_table = squashfs_field(fields, 64);
	super->fragment_table = squashfs_field(fields, 64);
	super->export_table = squashfs_field(fields, 64);
}

/* Version 3 keeps the fields of 32 bits of versions 1 and 2 and repeats them with 64 at the end. */
static void
read_version_3(struct squashfs_fields *fields, struct squashfs_super *super)
{
	super->bytes = squashfs_field(fields, 64);
	super->id_table = squashfs_field(fields, 64);
	super->gid_table = squashfs_field(fields, 64);
	super->inode_table = squashfs_field(fields, 64);
	super->folder_table = squashfs_field(fields, 64);
	super->fragment_table = squashfs_field(fields, 64);
	super->export_table = squashfs_field(fields, 64);
}

static void
read_legacy(struct squashfs_fields *fields, struct squashfs_super *super)
{
	super->export_table = super->attribute_table = super->fragment_table = SQUASHFS_NONE;
	super->inodes = (uint32_t)squashfs_field(fields, 32);
	super->bytes = squashfs_field(fields, 32);
	super->id_table = squashfs_field(fields, 32);
	super->gid_table = squashfs_field(fields, 32);
	super->inode_table = squashfs_field(fields, 32);
	super->folder_table = squashfs_field(fields, 32);
	squashfs_field(fields, 32); /* version */
	super->block_size = (uint32_t)squashfs_field(fields, 16);
	super->block_log = (unsigned)squashfs_field(fields, 16);
	super->flags = (unsigned)squashfs_field(fields, 8);
	super->ids = (uint32_t)squashfs_field(fields, 8);
	super->gids = (uint32_t)squashfs_field(fields, 8);
	squashfs_field(fields, 32); /* time */
	super->root = squashfs_field(fields, 64);
	super->marked = (super->flags & MARKED) != 0;
	if (super->major == 1)
		return;
	super->block_size = (uint32_t)squashfs_field(fields, 32);
	super->fragments = (uint32_t)squashfs_field(fields, 32);
	super->fragment_table = squashfs_field(fields, 32);
	if (super->major == 3)
		read_version_3(fields, super);
}

/* The version tells the byte order too: vendors changed the magic, but not that. */
static bool
read_version(struct span at, struct squashfs_super *super)
{
	for (unsigned big = 0; big < 2; big++) {
		struct squashfs_fields fields = {
		    .rest = span_from(at, VERSION_AT), .big = big != 0};

		super->big = big != 0;
		super->major = (unsigned)squashfs_field(&fields, 16);
		super->minor = (unsigned)squashfs_field(&fields, 16);
		if (super->major >= 1 && super->major <= 4)
			return !fields.overrun;
	}
	return false;
}

static bool
makes_sense(const struct squashfs_super *super)
{
	unsigned least_log = super->major == 4 ? 12 : 9;

	if (super->inodes == 0 || super->block_log < least_log || super->block_log > LARGEST_LOG ||
	    super->block_size != 1u << super->block_log)
		return false;
	if (super->major == 4 && super->minor != 0)
		return false;
	if (super->major == 1 && super->block_log > 15)
		return false;
	if (super->inode_table < super->size || super->inode_table >= super->folder_table ||
	    super->folder_table > super->bytes)
		return false;
	return super->major == 4 || (super->ids != 0 && super->id_table >= super->folder_table &&
					super->id_table < super->bytes);
}

/* Do blocks of metadata follow one another to the end of the inode table? */
static bool
blocks_follow(const struct squashfs_super *super, struct span image)
{
	struct reader reader = {
	    .rest = span_part(image, super->inode_table, super->folder_table - super->inode_table)};
	struct span in;
	bool stored;

	while (reader.rest.size != 0)
		if (!squashfs_table_next(super, &reader, &in, &stored))
			return false;
	return true;
}

bool
squashfs_super_read(struct span at, struct squashfs_super *super)
{
	struct squashfs_fields fields;

	*super = (struct squashfs_super){0};
	if (!read_version(at, super))
		return false;
	fields = (struct squashfs_fields){.rest = span_from(at, 4), .big = super->big};
	if (super->major == 4)
		read_version_4(&fields, super);
	else
		read_legacy(&fields, super);
	super->size = at.size - fields.rest.size;
	if (fields.overrun || !makes_sense(super))
		return false;
	super->big_headers = super->big && super->major < 4;
	if (super->big && super->major == 4)
		super->big_headers = !blocks_follow(super, at);
	return true;
}

uint64_t
squashfs_super_end_of_folders(const struct squashfs_super *super, struct span image)
{
	const struct {
		uint64_t at;
		unsigned pointer; /* bits of that to its first block, which stands before it */
	} tables[] = {
	    {super->fragment_table, super->fragments == 0 ? 0
				    : super->major == 2   ? 32
							  : 64},
	    {super->export_table, 64},
	    {super->id_table, super->major == 4 ? 64 : 0},
	    {super->gids == 0 ? SQUASHFS_NONE : super->gid_table, 0},
	    {super->attribute_table, super->major == 4 ? 64 : 0},
	};
	uint64_t end = super->bytes < image.size ? super->bytes : image.size;

	for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
		struct squashfs_fields fields = {
		    .rest = span_from(image, tables[i].at), .big = super->big};
		uint64_t first;

		if (tables[i].at <= super->folder_table || tables[i].at == SQUASHFS_NONE)
			continue;
		if (tables[i].at < end)
			end = tables[i].at;
		first = squashfs_field(&fields, tables[i].pointer);
		if (!fields.overrun && first > super->folder_table && first < end)
			end = first;
	}
	return end;
}
