/*
 * One log-in tried with one pair, whatever the protocol.
 */
#ifndef DEVICE_LOGIN_H
#define DEVICE_LOGIN_H

#include "device/channel.h"
#include "device/ssh_client.h"
#include "device/telnet_client.h"

enum login_answer { LOGIN_REFUSED, LOGIN_ACCEPTED, LOGIN_UNSURE };

struct login_result {
	enum login_answer answer;
	bool forced_change;
	const char
	    *error_text_class; /* generic, names_user, names_password, locked; NULL: no words */
	int status;            /* of HTTP or RTSP, with the pair; 0 elsewhere */
	bool last_try;         /* it says that one more wrong password, or none, is granted */
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
 * A try under way: the password is sent, the answer not yet awaited.  Some
 * units take seconds to refuse; meanwhile other doors can be asked.
 */
struct login_talk {
	const struct login *login;
	const char *user; /* of http */
	const char *password;
	const struct login_result *control;
	bool waiting;           /* an answer is still to come */
	struct channel channel; /* of telnet and http */
	struct telnet telnet;
	struct ssh_talk ssh;
	bool interactive;
	int64_t waited_ms; /* for the answer, in login_finish */
	struct login_result result;
};

/*
 * The two halves of login_try.  Where a protocol cannot be cut in two, all of
 * it is done in login_start.  A failed start leaves nothing to finish; a good
 * one is always followed by login_finish.
 */
enum status login_start(struct job *job, struct target *target, const struct login *login,
    const char *user, const char *password, const struct login_result *control,
    struct login_talk *talk);
enum status login_finish(
    struct job *job, struct target *target, struct login_talk *talk, struct login_result *result);
/* Telnet or SSH. */
bool login_is_shell(const struct login *login);
/* Several tries at once make sense here. */
bool login_can_overlap(const struct login *login);

/* Facts name log-ins by it, whether they can be tried or not. */
bool login_is_protocol(const char *word);
/* A credential of this protocol (NULL: any) may be tried here. */
bool login_is_for(const struct login *login, const char *protocol);

/* Of login_shell.c; used by login.c. */
enum status login_start_telnet(
    struct job *job, struct target *target, const char *user, struct login_talk *talk);
enum status login_finish_telnet(struct job *job, struct login_talk *talk);
enum status login_start_ssh(
    struct job *job, struct target *target, const char *user, struct login_talk *talk);
enum status login_finish_ssh(struct job *job, struct login_talk *talk);
/* Of login_http.c. */
enum status login_start_http(
    struct job *job, struct target *target, const char *user, struct login_talk *talk);
enum status login_finish_http(struct job *job, struct target *target, struct login_talk *talk);
bool login_http_can_overlap(const struct login *login);

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
/* Do they say that the next wrong password is the last one, or that this one was? */
bool login_says_last_try(const char *words);
/* A refusal in such words, NULL where it has none. Who is told of a lock was not judged: UNSURE. */
void login_refuse(struct login_result *result, const char *words);
/* Tells the target where the answer says that passwords of this user are judged no more, or soon.
 */
bool login_note_lock(struct target *target, const char *user, const struct login_result *result);

/*
 * How each protocol or interface tries one pair, a line in logins.def; the arguments are
 * those of login_try, and *result is LOGIN_REFUSED at first.
 */
#define LOGIN(word, name)                                                                          \
	enum status login_try_##name(struct job *job, struct target *target,                       \
	    const struct login *login, const char *user, const char *password,                     \
	    const struct login_result *control, struct login_result *result);
#include "device/logins.def"
#undef LOGIN

#endif
