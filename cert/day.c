/*
 * Vietnam keeps UTC+7 all year, so a legal day is a shift of seven hours.
 */
#include "cert/day.h"

#include "base/text.h"

#define SHIFT ((int64_t)7 * 3600)

void
day_of(int64_t unix_seconds, char out[32])
{
	text_format_date(unix_seconds + SHIFT, out);
}

bool
day_bounds(const char *date, int64_t *first, int64_t *last)
{
	int64_t midnight;

	if (!text_parse_date(date, &midnight))
		return false;
	*first = midnight - SHIFT;
	*last = *first + 86399;
	return true;
}
