/*
 * SSH as far as a visitor sees it: the algorithms a server offers, its host
 * keys, the ways it lets people in.
 *
 * Source: RFC 4253 sections 4.2, 6, 7.1 and 6.6, RFC 4252, RFC 5656, RFC 8709.
 */
#ifndef DEVICE_SSH_CLIENT_H
#define DEVICE_SSH_CLIENT_H

#include "device/channel.h"

#define SSH_NAMES_MAX 128 /* names in one list */
#define SSH_LISTS 8       /* kex, host key, ciphers, MACs and compression both ways */

struct ssh_list {
	size_t count;
	const char *names[SSH_NAMES_MAX];
};

struct ssh_hello {
	const char *banner; /* identification line, as text */
	int64_t exchange;
	struct ssh_list
	    lists[SSH_LISTS]; /* in the order of RFC 4253 section 7.1, languages left out */
};

/*
 * Reads a KEXINIT message: the payload after its type byte.  STATUS_MALFORMED
 * when it is cut short, a list is too long or a name is no name.
 */
enum status ssh_read_kexinit(struct job *job, struct span payload, struct ssh_hello *hello);

/*
 * Reads identification line and KEXINIT from the bytes received so far;
 * *whole is false while more are needed.  STATUS_MALFORMED when it is not SSH.
 */
enum status ssh_read_hello(
    struct job *job, struct span received, struct ssh_hello *hello, bool *whole);

/* Connects and reads the hello.  STATUS_UNAVAILABLE, STATUS_MALFORMED. */
enum status ssh_ask(struct job *job, struct target *target, uint16_t port, struct ssh_hello *hello);

struct ssh_key {
	const char *algorithm; /* RSA, EC, Ed25519, DSA */
	const char *curve;     /* of EC */
	int64_t bits;
	const char *fingerprint; /* SHA-256 of the SubjectPublicKeyInfo built from it; NULL when not
				    known how */
};

/* Reads a public key blob.  False when it is none we know. */
bool ssh_read_key(struct job *job, struct span blob, struct ssh_key *key);

/* SSH_LOGIN_PARTIAL: the password was right, and something more is asked. */
enum ssh_login { SSH_LOGIN_ACCEPTED, SSH_LOGIN_REFUSED, SSH_LOGIN_PARTIAL };

/* Sets libssh up; called once before the sandbox closes. */
enum status ssh_prepare(struct job *job);

/* One whole key exchange through libssh, over a socket of the dialer. */
struct ssh_talk {
	void *session;
	void *counter; /* bytes libssh has read */
	void *shell;   /* libssh's channel; NULL */
	bool started;  /* a password was sent: `answer` is libssh's first word to it */
	int answer;
	struct channel channel;
};

/* Ways in that a server names. */
struct ssh_ways {
	bool none; /* it let us in without any */
	bool password;
	bool key;
	bool interactive;
};

/*
 * Opens a session; `host_keys` names the host key algorithms to take, NULL for
 * any; *blob is the host key, in the arena.  ssh_end also after a failure.
 */
enum status ssh_begin(struct job *job, struct target *target, uint16_t port, const char *host_keys,
    const char *user, struct ssh_talk *talk, struct span *blob);
/* The ways the server names when asked with none. */
enum status ssh_ask_ways(struct job *job, struct ssh_talk *talk, struct ssh_ways *ways);
/*
 * One password, by keyboard-interactive when `interactive`: it answers one
 * hidden question.  STATUS_UNDECIDED when other questions are asked.
 */
enum status ssh_try_password(struct job *job, struct ssh_talk *talk, const char *password,
    bool interactive, enum ssh_login *result);
/* Sends a password; ssh_try_password of the same one then only awaits the answer. */
void ssh_start_password(struct ssh_talk *talk, const char *password);
void ssh_end(struct job *job, struct ssh_talk *talk);

/*
 * After a log-in: a shell on a terminal, what it says and what is typed.  As
 * with all of libssh, outcomes are recorded, not bytes on the wire.
 */
enum status ssh_shell_open(struct job *job, struct ssh_talk *talk);
/* Portions until `patience_ms` of silence: STATUS_UNDECIDED; *words empty at its farewell. */
enum status ssh_shell_receive(
    struct job *job, struct ssh_talk *talk, int patience_ms, struct span *words);
enum status ssh_shell_send(struct job *job, struct ssh_talk *talk, const char *line);

#endif
