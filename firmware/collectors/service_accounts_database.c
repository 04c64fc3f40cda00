/* Newer cameras keep their users in a table. */
#include <string.h>

#include "base/text.h"
#include "firmware/collectors/service_accounts.h"
#include "firmware/reading.h"
#include "firmware/sqlite.h"

static bool
is_about_users(struct span table)
{
	static const char *const words[] = {"user", "account", "passw", "login", "admin"};
	char name[64];
	size_t size = table.size < sizeof name - 1 ? table.size : sizeof name - 1;

	for (size_t i = 0; i < size; i++)
		name[i] = (char)table.at[i];
	name[size] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strcasestr(name, words[i]) != NULL)
			return true;
	return false;
}

static enum status
read_row(void *context, const struct sqlite_row *row)
{
	struct service_reading *reading = context;
	struct service_group group = {0};

	reading->row_offset = row->offset;
	if (service_is_elsewhere(row->table))
		return STATUS_OK;
	for (size_t i = 0; i < row->count; i++)
		if (row->values[i].size != 0)
			service_group_hear(&group, row->names[i], row->values[i]);
	return service_group_end(
	    reading, &group, "vendor", PASSWORD_OF_SERVICE, is_about_users(row->table));
}

enum status
service_accounts_read_database(struct service_reading *reading)
{
	return sqlite_read(reading->job, reading->content, NULL, read_row, reading);
}
