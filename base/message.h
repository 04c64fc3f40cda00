/*
 * Messages in the reader's language.  English is the source; the table is made
 * from po/vi.po at build time.  The language is an argument, never the locale.
 */
#ifndef BASE_MESSAGE_H
#define BASE_MESSAGE_H

#include "base/job.h"

/* The translation of `english`, or `english` itself. `language`: 0 English, 1 Vietnamese. */
const char *message(int language, const char *english);

/*
 * Words of ours that data stands in, for the reader: a finding's detail, a
 * reason.  They are written in English where they are made, and a key with
 * holes is a pattern for them: "{}" is data, which stays as it is, "{~}" words,
 * which are translated in turn.  Of several that fit the one counts that
 * knows most letters, its own and those of its words.  What fits none is
 * returned itself.  NULL only when out of budget.
 */
const char *message_of(struct job *job, int language, const char *english);

#endif
