/* A table of users with their passwords lets each of them into every unit. */
#include <string.h>

#include "firmware/collectors/hard_coded_login.h"
#include "firmware/reading.h"

#define MAX_USERS 16 /* of one table */

/* The word or literal at `*at`, that names something; `*at` moves on behind it. */
static struct span
key_at(struct span content, size_t *at)
{
	struct span key = hard_coded_literal_at(content, *at);
	size_t end = *at;

	if (key.size != 0) {
		*at += key.size + 2;
		return key;
	}
	while (end < content.size && end - *at < HARD_CODED_LITERAL &&
	       hard_coded_is_letter(content.at[end]))
		end++;
	key = span_part(content, *at, end - *at);
	*at = end;
	return key;
}

/* users = {"admin": "x"}, $users = array('admin' => 'x'), users = { admin = "x" } */
enum status
hard_coded_read_users(struct login_reading *reading, size_t found)
{
	struct span content = reading->content, key, value;
	size_t begin, at;

	if (!hard_coded_is_users_word(hard_coded_word_around(content, found, &begin)) ||
	    hard_coded_is_remark(content, begin))
		return STATUS_OK;
	at = hard_coded_skip(
	    content, begin + hard_coded_word_around(content, found, &begin).size, "\"')] \t");
	if (at >= content.size || strchr("=:", content.at[at]) == NULL)
		return STATUS_OK;
	at = hard_coded_skip(content, at, "=: \t");
	at += span_begins(span_from(content, at), "array")  ? 5
	      : span_begins(span_from(content, at), "dict") ? 4
							    : 0;
	if (at >= content.size || strchr("{[(", content.at[at]) == NULL)
		return STATUS_OK;
	for (int i = 0; i < MAX_USERS; i++) {
		size_t place = hard_coded_skip(content, at, "{[(,; \t\r\n");

		at = place;
		key = key_at(content, &at);
		at = hard_coded_skip(content, at, "] \t");
		if (key.size == 0 || at >= content.size || strchr("=:", content.at[at]) == NULL)
			return STATUS_OK;
		at = hard_coded_skip(content, at, "=:> \t");
		value = hard_coded_literal_at(content, at);
		if (value.size == 0)
			return STATUS_OK;
		at += value.size + 2;
		if (hard_coded_is_usual_user(key) && hard_coded_is_literal(value) &&
		    (span_equal(key, value) || hard_coded_looks_made(value)))
			TRY(hard_coded_add(reading, &(struct hard_coded){.user = key,
							.password = value,
							.at = place,
							.confidence = "likely"}));
	}
	return STATUS_OK;
}
