/* A line of a file is a borrowed span: nothing is copied until it becomes a fact. */
#include "firmware/reading.h"

#include <string.h>

#include "base/text.h"

struct fact
fact_in(enum fact_kind kind, const struct node *node, uint64_t offset)
{
	struct fact fact = fact_new(kind);

	fact.path = node->path;
	fact.offset = (int64_t)offset;
	return fact;
}

const char *
span_text(struct job *job, struct span bytes)
{
	return text_from_bytes(job, bytes.at, bytes.size, 1024);
}

static bool
is_blank(uint8_t byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

struct span
field_next(struct span *rest, char separator)
{
	const uint8_t *end = rest->size == 0 ? NULL : memchr(rest->at, separator, rest->size);
	struct span field = *rest;

	if (end == NULL) {
		*rest = (struct span){0};
		return field;
	}
	field.size = (size_t)(end - field.at);
	*rest = span_from(*rest, field.size + 1);
	return field;
}

bool
line_next(struct span *rest, struct span *line)
{
	if (rest->size == 0)
		return false;
	*line = field_next(rest, '\n');
	if (line->size != 0 && line->at[line->size - 1] == '\r')
		line->size--;
	return true;
}

bool
word_next(struct span *rest, struct span *word)
{
	size_t start = 0, end;

	while (start < rest->size && is_blank(rest->at[start]))
		start++;
	for (end = start; end < rest->size && !is_blank(rest->at[end]);)
		end++;
	*word = span_part(*rest, start, end - start);
	*rest = span_from(*rest, end);
	return word->size != 0;
}

struct span
span_trim(struct span bytes)
{
	size_t start = 0;

	while (start < bytes.size && is_blank(bytes.at[start]))
		start++;
	bytes = span_from(bytes, start);
	while (bytes.size != 0 && is_blank(bytes.at[bytes.size - 1]))
		bytes.size--;
	return bytes;
}

struct span
span_unquote(struct span bytes)
{
	if (bytes.size >= 2 && (bytes.at[0] == '"' || bytes.at[0] == '\'') &&
	    bytes.at[bytes.size - 1] == bytes.at[0])
		return span_part(bytes, 1, bytes.size - 2);
	return bytes;
}

bool
span_is(struct span bytes, const char *string)
{
	return bytes.size == strlen(string) && span_begins(bytes, string);
}

bool
span_is_word(struct span bytes, const char *string)
{
	size_t size = strlen(string);

	if (bytes.size != size)
		return false;
	for (size_t i = 0; i < size; i++) {
		uint8_t a = bytes.at[i], b = (uint8_t)string[i];

		a = a >= 'A' && a <= 'Z' ? (uint8_t)(a + 32) : a;
		b = b >= 'A' && b <= 'Z' ? (uint8_t)(b + 32) : b;
		if (a != b)
			return false;
	}
	return true;
}

bool
span_begins(struct span bytes, const char *string)
{
	size_t size = strlen(string);

	return size == 0 || span_starts_with(bytes, string, size);
}

bool
span_ends(struct span bytes, const char *string)
{
	size_t size = strlen(string);

	return bytes.size >= size && span_begins(span_from(bytes, bytes.size - size), string);
}

int64_t
span_number(struct span bytes, int64_t maximum)
{
	int64_t value = 0;

	if (bytes.size == 0 || bytes.size > 18)
		return UNKNOWN;
	for (size_t i = 0; i < bytes.size; i++) {
		if (bytes.at[i] < '0' || bytes.at[i] > '9')
			return UNKNOWN;
		value = value * 10 + (bytes.at[i] - '0');
	}
	return value > maximum ? UNKNOWN : value;
}

bool
span_looks_like_text(struct span content)
{
	size_t size = content.size < 512 ? content.size : 512;

	return size != 0 && memchr(content.at, 0, size) == NULL;
}

const struct node *
node_after(const struct node *node)
{
	if (node->child != NULL)
		return node->child;
	while (node != NULL && node->next == NULL)
		node = node->parent;
	return node == NULL ? NULL : node->next;
}
