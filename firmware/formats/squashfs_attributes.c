/* Inodes name their extended attributes by an index, so that those alike are stored once. */
#include <string.h>

#include "base/arena.h"
#include "firmware/formats/squashfs.h"

#define ID_SIZE 16
#define OUT_OF_LINE 0x100u /* the value is where the value says */
#define PREFIX_BITS 0xffu
#define MOST_IN_A_SET 1024u

struct squashfs_attribute_set {
	bool read, good;
	size_t count;
	const struct attribute *attributes;
};

/* Where the table ends: at the first block of the ids, which lies behind it. */
static bool
read_ids(struct squashfs *fs, uint64_t *start, uint64_t *end)
{
	struct squashfs_fields fields = {
	    .rest = span_from(fs->image, fs->super.attribute_table), .big = fs->super.big};
	struct span bytes;

	*start = squashfs_field(&fields, 64);
	fs->attributes.count = (size_t)squashfs_field(&fields, 32);
	squashfs_field(&fields, 32);
	*end = squashfs_field(&fields, 64);
	if (fields.overrun || *end < *start || *end > fs->image.size)
		return false;
	if (squashfs_lookup_read(fs, fs->super.attribute_table + ID_SIZE, fs->attributes.count,
		ID_SIZE, &bytes) != STATUS_OK)
		return false;
	fs->attributes.ids = bytes;
	return true;
}

/* Reads the tables; false when they are damaged. */
static enum status
read_tables(struct squashfs *fs, bool *good)
{
	uint64_t start, end;

	*good = read_ids(fs, &start, &end);
	if (!*good || fs->attributes.count == 0)
		return STATUS_OK;
	*good = start < end &&
		squashfs_table_read(fs, start, end, &fs->attributes.table, good) == STATUS_OK &&
		*good;
	fs->attributes.sets =
	    arena_array(fs->job, fs->attributes.count, sizeof *fs->attributes.sets);
	return fs->attributes.sets == NULL ? STATUS_LIMIT : STATUS_OK;
}

enum status
squashfs_attributes_open(struct squashfs *fs, struct node *container)
{
	bool good;

	if (fs->super.major != 4 || fs->super.attribute_table == SQUASHFS_NONE)
		return STATUS_OK;
	TRY(read_tables(fs, &good));
	if (good)
		return STATUS_OK;
	fs->attributes.count = 0;
	return unpack_damage(fs->unpack, container, fs->super.attribute_table, 0, COVERAGE_DAMAGED,
	    "squashfs: extended attributes are damaged");
}

/* What stands at a reference: block and place in it. */
static struct squashfs_fields
fields_at(const struct squashfs *fs, uint64_t reference)
{
	return (struct squashfs_fields){
	    .rest = squashfs_table_from(&fs->attributes.table, reference >> 16, reference & 0xffff),
	    .big = fs->super.big,
	};
}

static struct span
read_value(const struct squashfs *fs, struct squashfs_fields *fields, bool out_of_line)
{
	uint64_t size = squashfs_field(fields, 32);
	struct squashfs_fields far;
	struct span value;

	if (!out_of_line)
		return squashfs_field_bytes(fields, (size_t)size);
	far = fields_at(fs, squashfs_field(fields, 64));
	size = squashfs_field(&far, 32);
	value = squashfs_field_bytes(&far, (size_t)size);
	if (far.overrun)
		fields->overrun = true;
	return value;
}

/* The name with the prefix its type stands for. */
static enum status
read_name(struct squashfs *fs, unsigned type, struct span rest, struct span *name, bool *good)
{
	static const char *const prefixes[] = {"user.", "trusted.", "security."};
	const char *prefix;
	uint8_t *whole;

	*good = (type & PREFIX_BITS) < ARRAY_SIZE(prefixes) && rest.size != 0;
	if (!*good)
		return STATUS_OK;
	prefix = prefixes[type & PREFIX_BITS];
	name->size = strlen(prefix) + rest.size;
	name->at = whole = arena_allocate(fs->job, name->size);
	if (whole == NULL)
		return STATUS_LIMIT;
	memcpy(whole, prefix, strlen(prefix));
	memcpy(whole + strlen(prefix), rest.at, rest.size);
	return STATUS_OK;
}

static enum status
read_set(struct squashfs *fs, uint32_t index, struct squashfs_attribute_set *set)
{
	struct squashfs_fields id = {
	    .rest = span_part(fs->attributes.ids, (uint64_t)index * ID_SIZE, ID_SIZE),
	    .big = fs->super.big};
	struct squashfs_fields fields = fields_at(fs, squashfs_field(&id, 64));
	uint64_t count = squashfs_field(&id, 32);
	struct attribute *attributes;

	set->read = true;
	if (id.overrun || count > MOST_IN_A_SET)
		return STATUS_OK;
	attributes = arena_array(fs->job, (size_t)count, sizeof *attributes);
	if (attributes == NULL)
		return STATUS_LIMIT;
	set->good = true;
	for (size_t i = 0; i < count && set->good; i++) {
		unsigned type = (unsigned)squashfs_field(&fields, 16);
		size_t size = (size_t)squashfs_field(&fields, 16);

		TRY(read_name(fs, type, squashfs_field_bytes(&fields, size), &attributes[i].name,
		    &set->good));
		attributes[i].value = read_value(fs, &fields, (type & OUT_OF_LINE) != 0);
		set->good = set->good && !fields.overrun;
	}
	set->attributes = attributes;
	set->count = set->good ? (size_t)count : 0;
	return STATUS_OK;
}

enum status
squashfs_attributes_read(struct squashfs *fs, uint32_t index, struct entry *entry, bool *good)
{
	struct squashfs_attribute_set *set;

	*good = true;
	if (index == SQUASHFS_NO_ATTRIBUTES)
		return STATUS_OK;
	*good = index < fs->attributes.count;
	if (!*good)
		return STATUS_OK;
	set = &fs->attributes.sets[index];
	if (!set->read)
		TRY(read_set(fs, index, set));
	*good = set->good;
	entry->attributes = set->attributes;
	entry->attribute_count = set->count;
	return STATUS_OK;
}
