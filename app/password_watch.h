/*
 * While a unit's password is another than it was, whoever wants to end us waits until it is set
 * back.
 */
#ifndef APP_PASSWORD_WATCH_H
#define APP_PASSWORD_WATCH_H

/*
 * From now on the first SIGINT, SIGTERM or SIGHUP only says `line` on the standard error; another,
 * a second or more later, ends us at once.
 */
void password_watch_begin(const char *line);

/* The old password is back, or nobody can set it back any more: signals end us again, and one that
 * came in between does now. */
void password_watch_end(void);

/* In a worker: a Ctrl-C goes to the whole group, and only the supervisor takes it. */
void password_watch_leave(void);

#endif
