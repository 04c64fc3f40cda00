/* A row of the table Packages is a number and a blob: the package's header as its file had it. */
#include "firmware/rpm_database.h"

#include <string.h>

#include "base/arena.h"
#include "firmware/reading.h"
#include "firmware/sqlite.h"

#define MAX_TAGS 4096

struct reading {
	struct job *job;
	enum status (*add)(void *context, struct job *job, const struct rpm_package *package);
	void *context;
	bool damaged;
};

/* A tag of a header whose value is a string. */
static struct span
tag_string(struct span store, uint32_t type, uint32_t offset)
{
	struct span value = span_from(store, offset);

	if (type != 6 && type != 9) /* STRING, I18NSTRING */
		return (struct span){0};
	return field_next(&value, '\0');
}

/* The header: how many tags, how large their store, sixteen bytes a tag, the store. */
static bool
read_header(struct span blob, struct rpm_package *package)
{
	struct reader reader = {.rest = blob};
	uint32_t tags = read_u32_be(&reader), size = read_u32_be(&reader);
	struct span index, store;

	if (tags > MAX_TAGS)
		return false;
	index = read_bytes(&reader, (size_t)tags * 16);
	store = read_bytes(&reader, size);
	if (reader.overrun)
		return false;
	reader = (struct reader){.rest = index};
	for (uint32_t i = 0; i < tags; i++) {
		uint32_t tag = read_u32_be(&reader), type = read_u32_be(&reader);
		uint32_t offset = read_u32_be(&reader);
		struct span value = tag_string(store, type, offset);

		read_u32_be(&reader); /* how many values */
		switch (tag) {
		case 1000:
			package->name = value;
			break;
		case 1001:
			package->version = value;
			break;
		case 1002:
			package->release = value;
			break;
		case 1011:
			package->vendor = value;
			break;
		case 1014:
			package->licence = value;
			break;
		case 1022:
			package->architecture = value;
			break;
		default:
			break;
		}
	}
	return package->name.size != 0;
}

static enum status
read_row(void *context, const struct sqlite_row *row)
{
	struct reading *reading = context;
	struct rpm_package package = {.offset = row->offset};

	if (row->count < 2 || !read_header(row->values[1], &package)) {
		reading->damaged = true;
		return STATUS_OK;
	}
	return reading->add(reading->context, reading->job, &package);
}

enum status
rpm_database_read(struct job *job, struct span file,
    enum status (*add)(void *context, struct job *job, const struct rpm_package *package),
    void *context, const char **why)
{
	struct reading reading = {.job = job, .add = add, .context = context};
	enum status status = sqlite_read(job, file, "Packages", read_row, &reading);

	*why = reading.damaged ? "a package in it cannot be read" : NULL;
	if (status != STATUS_MALFORMED)
		return status;
	*why = arena_copy_string(job, job->reason);
	job->reason[0] = '\0';
	return *why == NULL ? STATUS_LIMIT : STATUS_OK;
}
