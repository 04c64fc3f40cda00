/*
 * One log-in tried with one pair, whatever the protocol.
 */
#ifndef DEVICE_LOGIN_H
#define DEVICE_LOGIN_H

#include "device/channel.h"
#include "device/telnet_client.h"

enum login_answer { LOGIN_REFUSED, LOGIN_ACCEPTED, LOGIN_UNSURE };

struct login_result {
	enum login_answer answer;
	bool forced_change;
	const char *error_text_class; /* generic, names_user, names_password; NULL: no words */
	const char
	    *trace; /* what the answer looked like, to compare a form's with the control's; NULL */
	int64_t exchange;
};

/*
 * Tries `user` with `password` at a log-in that is recognised.
 *
 * control  what the impossible pair came to here; NULL while trying it
 *
 * STATUS_UNAVAILABLE, STATUS_UNDECIDED, STATUS_MALFORMED: the try was not
 * carried out, the job's reason says why.
 */
enum status login_try(struct job *job, struct target *target, const struct login *login,
    const char *user, const char *password, const struct login_result *control,
    struct login_result *result);

/*
 * Telnet in two halves.  To the question for a password; *asked is false when
 * the user's name was answer enough, which *result then says.
 */
enum status login_begin_telnet(struct job *job, struct channel *channel, struct telnet *telnet,
    const char *user, struct login_result *result, bool *asked);
/* From the password on: what the unit makes of it. telnet->said may hold it, for its echo. */
enum status login_judge_telnet(struct job *job, struct channel *channel, struct telnet *telnet,
    const struct login_result *control, struct login_result *result);

/* The class of a refusal's words. */
const char *login_error_class(const char *words);

/*
 * How each protocol tries one pair, a line in logins.def; the arguments are
 * those of login_try, and *result is LOGIN_REFUSED at first.
 */
#define LOGIN(protocol, name)                                                                      \
	enum status login_try_##name(struct job *job, struct target *target,                       \
	    const struct login *login, const char *user, const char *password,                     \
	    const struct login_result *control, struct login_result *result);
#include "device/logins.def"
#undef LOGIN

#endif
