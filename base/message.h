/*
 * Messages in the reader's language.  English is the source; the table is made
 * from po/vi.po at build time.  The language is an argument, never the locale.
 */
#ifndef BASE_MESSAGE_H
#define BASE_MESSAGE_H

/* The translation of `english`, or `english` itself. `language`: 0 English, 1 Vietnamese. */
const char *message(int language, const char *english);

#endif
