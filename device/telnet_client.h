/*
 * Telnet: the negotiation is answered, the words are left over.
 *
 * Source: RFC 854, RFC 857, RFC 858, RFC 1143.
 */
#ifndef DEVICE_TELNET_CLIENT_H
#define DEVICE_TELNET_CLIENT_H

#include "device/channel.h"

#define TELNET_WORDS_MAX ((size_t)16 << 10)

/* Where in a command the last byte left us. */
enum telnet_state { TELNET_DATA, TELNET_IAC, TELNET_OPTION, TELNET_SUB, TELNET_SUB_IAC };

struct telnet {
	enum telnet_state state;
	uint8_t verb;
	size_t
	    answers; /* sent so far: a unit that negotiates without end is not answered for ever */
	struct text words; /* what is not negotiation, at most TELNET_WORDS_MAX bytes */
	const char *said;  /* our last line, which may come back; NULL: not known */
	bool greeted;      /* its first words were heard: what follows is an answer */
};

/* Takes received bytes apart; what must be answered is put into `reply`. */
void telnet_take(struct telnet *telnet, struct span received, struct text *reply);

enum telnet_prompt {
	TELNET_NOTHING,
	TELNET_LOGIN,
	TELNET_PASSWORD,
	TELNET_NEW_PASSWORD,
	TELNET_SHELL,
	TELNET_REFUSED,
	TELNET_LOCKED, /* nothing is judged for a while */
	TELNET_OTHER
};

/* What the words of an answer come to: a question, a shell, a refusal. */
enum telnet_prompt telnet_prompt_of(const char *words);
/* The same before anything was answered, when words of warning mean nothing. */
enum telnet_prompt telnet_question_of(const char *words);
/* Words of refusal are among them: before it hangs up they are one, above a menu they may be a
 * warning. */
bool telnet_has_refusal(const char *words);

/* What the unit said last, without the echo of our own line. */
const char *telnet_words(const struct telnet *telnet);

/* Connects, with TLS from the first byte when `tls`; channel_hang_up also after a failure. */
enum status telnet_begin(struct job *job, struct target *target, uint16_t port, bool tls,
    struct channel *channel, struct telnet *telnet);

/*
 * Reads until the words end in a prompt or it falls silent; the words begin
 * anew.  TELNET_NOTHING with STATUS_OK: silence.  STATUS_UNAVAILABLE when it
 * hung up, with what it said in telnet->words.
 */
enum status telnet_listen(
    struct job *job, struct channel *channel, struct telnet *telnet, enum telnet_prompt *prompt);

/* Sends one line; the second marks it as a secret.  One with a line end in it is not sent:
 * STATUS_UNDECIDED. */
enum status telnet_say(struct job *job, struct channel *channel, const char *line);
enum status telnet_say_secret(struct job *job, struct channel *channel, const char *line);

/*
 * The first question; some wait for a key, or for one to be pressed.  What it
 * said before that is kept.
 */
enum status telnet_greet(
    struct job *job, struct channel *channel, struct telnet *telnet, enum telnet_prompt *prompt);

/*
 * An empty line, and a harmless command where that has no answer: who is in is
 * not asked for a log-in then, who is out is.
 */
enum status telnet_knock(
    struct job *job, struct channel *channel, struct telnet *telnet, enum telnet_prompt *prompt);

#endif
