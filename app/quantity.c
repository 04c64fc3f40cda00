/* Vietnamese writes a comma where English writes a point, and the other way round. */
#include "app/quantity.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/text.h"

static const char points[] = {'.', ','};

const char *
quantity_grouped(struct job *job, uint64_t value, int language)
{
	char digits[32], grouped[48];
	int count = snprintf(digits, sizeof digits, "%" PRIu64, value);
	size_t size = 0;

	for (int i = 0; i < count; i++) {
		if (i != 0 && (count - i) % 3 == 0)
			grouped[size++] = points[language == 0];
		grouped[size++] = digits[i];
	}
	return arena_string(job, grouped, size);
}

const char *
quantity_bytes(struct job *job, uint64_t bytes, int language)
{
	static const char *const units[] = {"KiB", "MiB", "GiB", "TiB"};
	size_t unit = 0;
	uint64_t scale = 1024;

	if (bytes < scale)
		return arena_printf(job, "%" PRIu64 " B", bytes);
	while (unit + 1 < ARRAY_SIZE(units) && bytes / scale >= 1024) {
		scale *= 1024;
		unit++;
	}
	if (bytes / scale >= 10)
		return arena_printf(job, "%" PRIu64 " %s", bytes / scale, units[unit]);
	return arena_printf(job, "%" PRIu64 "%c%" PRIu64 " %s", bytes / scale,
	    points[language != 0], bytes % scale * 10 / scale, units[unit]);
}

const char *
quantity_percent(struct job *job, uint64_t part, uint64_t whole, int language)
{
	/* in thousandths, without overflow */
	uint64_t thousandths = whole == 0 ? 1000 : (uint64_t)((double)part / (double)whole * 1000);

	if (thousandths >= 1000)
		thousandths = part < whole ? 999 : 1000;
	return arena_printf(job, "%" PRIu64 "%c%" PRIu64 " %%", thousandths / 10,
	    points[language != 0], thousandths % 10);
}
