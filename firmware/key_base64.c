/* A setting holds a key without the frame of PEM: "device_key=MIIE…".  Its DER says where it ends.
 */
#include <string.h>

#include "base/arena.h"
#include "firmware/key_encoding.h"

#define MAX_TEXT ((size_t)24 << 10) /* characters of one key: RSA of 16384 bits has 12 KiB */

static bool
is_digit(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       c == '+' || c == '/';
}

static bool
is_break(uint8_t c)
{
	return c == '\n' || c == '\r' || c == ' ' || c == '\t';
}

/* Copies the digits at the start of `text`, over breaks of lines, up to `most`; how far they reach.
 */
static size_t
take_digits(struct span text, size_t most, uint8_t *digits, size_t *count)
{
	size_t end = 0;

	*count = 0;
	for (size_t at = 0; at < text.size && *count < most; at++) {
		if (is_digit(text.at[at])) {
			digits[(*count)++] = text.at[at];
			end = at + 1;
		} else if (!is_break(text.at[at])) {
			break;
		}
	}
	return end;
}

enum status
key_read_base64(struct job *job, struct span bytes, struct held_key *held, bool *found)
{
	struct span text = span_part(bytes, 0, bytes.size < MAX_TEXT ? bytes.size : MAX_TEXT);
	struct arena_mark mark = arena_mark(job->arena);
	uint8_t *digits = arena_allocate(job, text.size + 4);
	uint8_t *der = arena_allocate(job, text.size + 4);
	size_t count, size;

	*found = false;
	if (digits == NULL || der == NULL)
		return STATUS_LIMIT;
	take_digits(text, text.size, digits, &count);
	count -= count % 4 == 1;
	while (count % 4 != 0)
		digits[count++] = '=';
	size = key_from_base64((struct span){.at = digits, .size = count}, der, text.size + 4);
	*found = key_read_der((struct span){.at = der, .size = size}, held) && held->private;
	if (*found) {
		held->size = take_digits(text, (held->size * 4 + 2) / 3, digits, &count);
		while (held->size < text.size && text.at[held->size] == '=')
			held->size++;
	}
	arena_release(job->arena, mark);
	return STATUS_OK;
}
