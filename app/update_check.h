/*
 * What the facts of an image say of it as an update, in one answer.
 */
#ifndef APP_UPDATE_CHECK_H
#define APP_UPDATE_CHECK_H

#include "facts/evidence.h"

struct update_answer {
	/*
	 * STATUS_OK         signed, all of it, and verified with given keys
	 * STATUS_NO         not signed, or it does not verify
	 * STATUS_UNDECIDED  no key was given, only a part is covered, not all was read
	 */
	enum status status;
	const char *name;     /* for programs: "verified", "not signed", … */
	const char *headline; /* for people, translated when printed */
	const char *reason;
};

struct update_answer update_answer_of(const struct fact_list *facts);

/* The answer, then a paragraph for each container, in `language`, at most 80 columns a line. */
enum status update_answer_print(struct job *job, int language, const struct fact_list *facts,
    const struct update_answer *answer);

#endif
