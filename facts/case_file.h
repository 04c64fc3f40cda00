/* Inside of a case handle, for the files of facts/ only. */
#ifndef FACTS_CASE_FILE_H
#define FACTS_CASE_FILE_H

#include <sqlite3.h>

#include "facts/case.h"

struct case_file {
	sqlite3 *database;
	const char *path;
	bool created;  /* the first entry is still to be written */
	int64_t entry; /* being written; 0 = none */
	int64_t last_fact;
	struct case_author author;
};

/* One text of one row, with at most one text parameter; *value NULL when there is no row. */
enum status case_text(struct job *job, struct case_file *file, const char *sql,
    const char *parameter, const char **value);

#endif
