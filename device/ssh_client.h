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
	const char *banner;  /* identification line, as text */
	const char *version; /* of the protocol it names: 2.0, 1.99, 1.5 … */
	const char *preface; /* lines it said before that; NULL: none */
	int64_t exchange;
	struct ssh_list
	    lists[SSH_LISTS]; /* in the order of RFC 4253 section 7.1, languages left out */
};

/* It speaks SSH-1 alone: the lists are empty. */
bool ssh_is_old(const struct ssh_hello *hello);

/*
 * Reads a KEXINIT message: the payload after its type byte.  STATUS_MALFORMED
 * when it is cut short, a list is too long or a name is no name.
 */
enum status ssh_read_kexinit(struct job *job, struct span payload, struct ssh_hello *hello);

/*
 * Reads identification line and, of SSH-2, KEXINIT from the bytes received so
 * far; *used of them belong to it.  *whole is false while more are needed.
 * STATUS_MALFORMED when it is not SSH.
 */
enum status ssh_read_hello(
    struct job *job, struct span received, struct ssh_hello *hello, size_t *used, bool *whole);

/* ---- one key exchange of our own, as far as the server's first answer ---- */

struct ssh_exchange {
	const char *kex;      /* to agree on; NULL: the cheapest offered */
	const char *host_key; /* to agree on; NULL: the first offered */
	uint32_t group_min;   /* bits asked for, of a group exchange */
	uint32_t group_bits;
	uint32_t group_max;
	bool group_only; /* the prime is enough */
	/* found: */
	int64_t exchange;
	int64_t prime_bits; /* of a group exchange; UNKNOWN elsewhere */
	struct span blob;   /* the host key; empty when it did not come so far */
};

/* Sizes a client of today asks for. */
#define SSH_EXCHANGE_NEW                                                                           \
	{                                                                                          \
		.group_min = 2048, .group_bits = 2048, .group_max = 8192, .exchange = UNKNOWN,     \
		.prime_bits = UNKNOWN                                                              \
	}

/* An exchange of that name can be begun here. */
bool ssh_can_exchange(const char *kex);

/*
 * Connects, reads the hello and, where `exchange` is not NULL, goes on to the
 * server's host key, whose signature nobody verifies.
 *
 * STATUS_UNAVAILABLE, STATUS_UNDECIDED, STATUS_MALFORMED: the hello did not
 *                     come.  What became of the exchange is in *exchanged,
 *                     with the job's reason.
 */
enum status ssh_meet(struct job *job, struct target *target, uint16_t port, struct ssh_hello *hello,
    struct ssh_exchange *exchange, enum status *exchanged);

/*
 * The different primes a server hands out: when no more than 1024 bits are
 * wanted, when 1024 are wanted and more would do, and to a client of today.
 */
#define SSH_GROUP_REQUESTS 3

struct ssh_groups {
	const char *kex; /* the group exchange asked; NULL: none is offered */
	bool refused;    /* it answered no request but by its farewell */
	size_t count;
	int64_t bits[SSH_GROUP_REQUESTS];
	int64_t exchanges[SSH_GROUP_REQUESTS];
};

enum status ssh_find_groups(struct job *job, struct target *target, uint16_t port,
    const struct ssh_list *kexes, struct ssh_groups *groups);

/* One message (RFC 4253 section 6) at the beginning of `received`; *used 0 while more are needed.
 */
enum status ssh_read_message(
    struct job *job, struct span received, uint8_t *type, struct span *payload, size_t *used);

/* ---- SSH-1 ---- */

/* What an SSH-1 server says first. */
struct ssh_old {
	int64_t exchange;
	int64_t server_bits; /* of the key that changes */
	int64_t host_bits;
	struct span exponent; /* of the host key */
	struct span modulus;
	uint32_t ciphers; /* a bit each */
	uint32_t ways;
};

/* Reads SMSG_PUBLIC_KEY, a whole packet with its length; STATUS_MALFORMED.  Source: SSH-1 as
 * draft-ylonen-ssh-protocol-00 has it. */
enum status ssh_read_old(struct job *job, struct span packet, struct ssh_old *old);
/* Connects as a client of SSH-1. STATUS_NO: it speaks, and not SSH-1. */
enum status ssh_meet_old(
    struct job *job, struct target *target, uint16_t port, struct ssh_old *old);
/* Names of the bits of ciphers and ways; NULL beyond the last. */
const char *ssh_old_cipher(unsigned bit);
const char *ssh_old_way(unsigned bit);
#define SSH_OLD_PASSWORD 3 /* bit of ways */

/* ---- host keys ---- */

struct ssh_key {
	const char *type; /* as the blob names it: ssh-rsa … */
	const char
	    *algorithm; /* RSA, EC, Ed25519, Ed448, DSA; the type itself when it is none of them */
	const char *curve; /* of EC */
	int64_t bits;
	const char *fingerprint; /* SHA-256 of the SubjectPublicKeyInfo built from it; NULL when not
				    known how */
};

/*
 * Reads a public key blob, also that of a certificate or of a key in a token.
 * False when it is damaged; one of a type nobody here knows is read, with
 * unknown bits.
 *
 * Source: RFC 4253 section 6.6, RFC 5656, RFC 8709, OpenSSH PROTOCOL.certkeys
 * and PROTOCOL.u2f.
 */
bool ssh_read_key(struct job *job, struct span blob, struct ssh_key *key);
/* The same of an RSA key's numbers; bits follow from the modulus. */
bool ssh_read_rsa(struct job *job, struct span exponent, struct span modulus, struct ssh_key *key);
/* Bits of an unsigned number. */
int64_t ssh_bits(struct span number);

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
	const char *words; /* what it says before the log-in (RFC 4252 section 5.4); NULL */
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

/* The ways in that any of the users asked for has, with the connection that first showed it. */
enum { SSH_WAY_NONE, SSH_WAY_PASSWORD, SSH_WAY_INTERACTIVE, SSH_WAY_KEY, SSH_WAYS };

struct ssh_doors {
	int64_t exchanges[SSH_WAYS]; /* UNKNOWN: not offered */
	const char *words;           /* said before the log-in; NULL */
	int64_t words_exchange;
	const char *lack; /* why not everybody was asked for; NULL */
};

/* Asks for the usual owners, a name nobody has, and the first users of the plan. */
enum status ssh_find_doors(
    struct job *job, struct target *target, uint16_t port, struct ssh_doors *doors);

#endif
