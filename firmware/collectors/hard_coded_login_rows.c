/* A program that writes passwd carries the row it writes. */
#include "firmware/collectors/hard_coded_login.h"
#include "firmware/password_hash.h"
#include "firmware/reading.h"

enum status
hard_coded_read_row(struct login_reading *reading, size_t colon)
{
	struct span content = reading->content;
	struct password_hash hash;
	struct hard_coded login = {.confidence = "certain"};
	size_t begin = colon, user;

	while (begin > 0 && colon - begin < PASSWORD_HASH_MAX && content.at[begin - 1] > ' ' &&
	       content.at[begin - 1] < 0x7f && content.at[begin - 1] != ':')
		begin--;
	if (begin == 0 || content.at[begin - 1] != ':')
		return STATUS_OK;
	user = begin - 1;
	while (user > 0 && begin - user < 32 &&
	       (hard_coded_is_letter(content.at[user - 1]) || content.at[user - 1] == '-'))
		user--;
	login.user = span_part(content, user, begin - 1 - user);
	login.password = span_part(content, begin, colon - begin);
	login.at = user;
	TRY(password_hash_read(reading->job, PASSWORD_OF_SYSTEM, login.password, &hash));
	if (login.user.size == 0 || hash.scheme == NULL || hard_coded_is_remark(content, user))
		return STATUS_OK;
	return hard_coded_add(reading, &login);
}

enum status
hard_coded_read_hash(struct login_reading *reading, size_t colon)
{
	struct span content = reading->content;
	size_t end = colon + 1;

	while (end < content.size && end - colon < PASSWORD_HASH_MAX && content.at[end] > ' ' &&
	       content.at[end] < 0x7f && content.at[end] != ':')
		end++;
	/* with these numbers behind it, it was found by them */
	return end == content.size || content.at[end] != ':' ||
		       span_begins(span_from(content, end), ":0:0:")
		   ? STATUS_OK
		   : hard_coded_read_row(reading, end);
}
