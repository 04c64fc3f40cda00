/*
 * The check digit is the last state of a walk through Damm's quasigroup of order ten.
 */
#include "cert/number.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

static const uint8_t damm[10][10] = {
    {0, 3, 1, 7, 5, 9, 8, 6, 4, 2},
    {7, 0, 9, 2, 1, 5, 4, 8, 6, 3},
    {4, 2, 0, 6, 8, 7, 1, 3, 5, 9},
    {1, 7, 5, 0, 9, 8, 3, 4, 2, 6},
    {6, 1, 2, 3, 0, 4, 5, 9, 7, 8},
    {3, 6, 7, 4, 2, 0, 9, 5, 8, 1},
    {5, 8, 6, 9, 7, 2, 0, 1, 3, 4},
    {8, 9, 4, 5, 3, 6, 2, 0, 1, 7},
    {9, 4, 3, 8, 6, 1, 7, 2, 0, 5},
    {2, 5, 8, 1, 4, 3, 6, 7, 9, 0},
};

void
number_make(int64_t year, int64_t serial, char out[NUMBER_SIZE])
{
	char digits[32];
	uint8_t state = 0;

	snprintf(digits, sizeof(digits), "%04d%06d", (int)(year % 10000), (int)(serial % 1000000));
	for (size_t i = 0; i < 10; i++)
		state = damm[state][digits[i] - '0'];
	snprintf(out, NUMBER_SIZE, "VN-%.4s-%.6s-%u", digits, digits + 4, state % 10U);
}

bool
number_read(const char *number, int64_t *year, int64_t *serial)
{
	char year_text[5] = "", serial_text[7] = "", again[NUMBER_SIZE];
	int64_t year_read, serial_read;

	if (strlen(number) != NUMBER_SIZE - 1)
		return false;
	memcpy(year_text, number + 3, 4);
	memcpy(serial_text, number + 8, 6);
	for (size_t i = 0; i < 6; i++)
		if (serial_text[i] < '0' || serial_text[i] > '9')
			return false;
	if (!text_parse_integer(year_text, 2000, 9999, &year_read))
		return false;
	serial_read = 0;
	for (size_t i = 0; i < 6; i++)
		serial_read = serial_read * 10 + (serial_text[i] - '0');
	number_make(year_read, serial_read, again);
	if (serial_read == 0 || strcmp(again, number) != 0)
		return false;
	if (year != NULL)
		*year = year_read;
	if (serial != NULL)
		*serial = serial_read;
	return true;
}
