/* Strange bytes become text by one rule, and dates are computed, never asked of the locale. */
#include "base/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"

struct text
text_new(struct job *job)
{
	return (struct text){.job = job};
}

static bool
make_room(struct text *text, size_t more)
{
	size_t need, room = text->room == 0 ? 256 : text->room;
	char *at;

	if (text->failed || !size_add(text->size, more, &need) || !size_add(need, 1, &need)) {
		text->failed = true;
		return false;
	}
	if (need <= text->room)
		return true;
	while (room < need)
		room *= 2;
	at = arena_allocate(text->job, room);
	if (at == NULL) {
		text->failed = true;
		return false;
	}
	if (text->size != 0)
		memcpy(at, text->at, text->size);
	text->at = at;
	text->room = room;
	return true;
}

void
text_put_bytes(struct text *text, const void *at, size_t size)
{
	if (!make_room(text, size))
		return;
	if (size != 0)
		memcpy(text->at + text->size, at, size);
	text->size += size;
	text->at[text->size] = '\0';
}

void
text_put(struct text *text, const char *string)
{
	text_put_bytes(text, string, strlen(string));
}

void
text_printf(struct text *text, const char *format, ...)
{
	va_list arguments, again;
	int size;

	va_start(arguments, format);
	va_copy(again, arguments);
	size = vsnprintf(NULL, 0, format, arguments);
	if (size < 0)
		text->failed = true;
	else if (make_room(text, (size_t)size)) {
		vsnprintf(text->at + text->size, (size_t)size + 1, format, again);
		text->size += (size_t)size;
	}
	va_end(again);
	va_end(arguments);
}

enum status
text_finish(struct text *text, const char **string)
{
	if (text->failed)
		return STATUS_LIMIT;
	*string = text->at == NULL ? "" : text->at;
	return STATUS_OK;
}

/* Bytes of the UTF-8 character at `at` (RFC 3629), or 0 when it is not one. */
static size_t
utf8_length(const uint8_t *at, size_t size)
{
	size_t length = at[0] < 0x80   ? 1
			: at[0] < 0xc2 ? 0
			: at[0] < 0xe0 ? 2
			: at[0] < 0xf0 ? 3
			: at[0] < 0xf5 ? 4
				       : 0;

	if (length == 0 || length > size)
		return 0;
	for (size_t i = 1; i < length; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	if ((at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xed && at[1] > 0x9f) ||
	    (at[0] == 0xf0 && at[1] < 0x90) || (at[0] == 0xf4 && at[1] > 0x8f))
		return 0;
	return length;
}

bool
text_is_utf8(const char *at, size_t size)
{
	const uint8_t *bytes = (const uint8_t *)at;

	for (size_t i = 0; i < size;) {
		size_t length = utf8_length(bytes + i, size - i);

		if (length == 0)
			return false;
		i += length;
	}
	return true;
}

char *
text_from_bytes(struct job *job, const void *at, size_t size, size_t limit)
{
	static const char cut[] = "…";
	const uint8_t *bytes = at;
	struct text out = text_new(job);

	for (size_t i = 0; i < size;) {
		size_t length = utf8_length(bytes + i, size - i);
		bool plain = length != 0 && bytes[i] >= 0x20 && bytes[i] != 0x7f &&
			     bytes[i] != '\\' && !(bytes[i] == 0xc2 && bytes[i + 1] < 0xa0);
		size_t advance = plain ? length : 1;
		size_t need = plain ? length : bytes[i] == '\\' ? 2 : 4;
		bool last = i + advance == size;

		if (out.size + need + (last ? 0 : sizeof cut - 1) > limit) {
			text_put(&out, cut);
			break;
		}
		if (plain)
			text_put_bytes(&out, bytes + i, length);
		else if (bytes[i] == '\\')
			text_put(&out, "\\\\");
		else
			text_printf(&out, "\\x%02x", bytes[i]);
		i += advance;
	}
	if (out.at == NULL && !out.failed)
		text_put(&out, "");
	return out.failed ? NULL : out.at;
}

static int
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (unsigned char)c;
}

bool
text_equal_ignoring_case(const char *a, const char *b)
{
	while (*a != '\0' && lower(*a) == lower(*b))
		a++, b++;
	return lower(*a) == lower(*b);
}

bool
text_starts_with(const char *string, const char *prefix)
{
	return strncmp(string, prefix, strlen(prefix)) == 0;
}

bool
text_ends_with(const char *string, const char *suffix)
{
	size_t size = strlen(string), end = strlen(suffix);

	return size >= end && memcmp(string + size - end, suffix, end) == 0;
}

bool
text_parse_integer(const char *string, int64_t minimum, int64_t maximum, int64_t *value)
{
	char *end;
	long long parsed;

	if (!(*string == '-' || (*string >= '0' && *string <= '9')))
		return false;
	errno = 0;
	parsed = strtoll(string, &end, 10);
	if (errno != 0 || *end != '\0' || end == string || parsed < minimum || parsed > maximum)
		return false;
	*value = parsed;
	return true;
}

/* Days from 1970-01-01 to a date of the proleptic Gregorian calendar. */
static int64_t
days_from_civil(int64_t year, int64_t month, int64_t day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = y / 400, of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static bool
digits(const char **at, size_t count, int64_t *value)
{
	*value = 0;
	for (size_t i = 0; i < count; i++) {
		if (**at < '0' || **at > '9')
			return false;
		*value = *value * 10 + (*(*at)++ - '0');
	}
	return true;
}

static bool
take(const char **at, char wanted)
{
	if (**at != wanted)
		return false;
	(*at)++;
	return true;
}

static bool
parse_day(const char **at, int64_t *seconds)
{
	static const int8_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int64_t year, month, day;
	bool leap;

	if (!digits(at, 4, &year) || !take(at, '-') || !digits(at, 2, &month) || !take(at, '-') ||
	    !digits(at, 2, &day) || year < 1 || month < 1 || month > 12 || day < 1)
		return false;
	leap = month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	if (day > lengths[month - 1] + (leap ? 1 : 0))
		return false;
	*seconds = days_from_civil(year, month, day) * 86400;
	return true;
}

bool
text_parse_date(const char *string, int64_t *unix_seconds)
{
	return parse_day(&string, unix_seconds) && *string == '\0';
}

bool
text_parse_time(const char *string, int64_t *unix_seconds)
{
	int64_t hour, minute, second;

	if (!parse_day(&string, unix_seconds) || !take(&string, 'T') ||
	    !digits(&string, 2, &hour) || !take(&string, ':') || !digits(&string, 2, &minute) ||
	    !take(&string, ':') || !digits(&string, 2, &second) || !take(&string, 'Z') ||
	    *string != '\0')
		return false;
	if (hour > 23 || minute > 59 || second > 59)
		return false;
	*unix_seconds += hour * 3600 + minute * 60 + second;
	return true;
}

void
text_format_date(int64_t unix_seconds, char out[32])
{
	time_t when = (time_t)unix_seconds;
	struct tm parts;

	out[0] = '\0';
	if (gmtime_r(&when, &parts) != NULL)
		strftime(out, 32, "%Y-%m-%d", &parts);
}

void
text_format_time(int64_t unix_seconds, char out[32])
{
	time_t when = (time_t)unix_seconds;
	struct tm parts;

	out[0] = '\0';
	if (gmtime_r(&when, &parts) != NULL)
		strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &parts);
}
