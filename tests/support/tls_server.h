/*
 * A TLS server as far as its first flight, SSL 2.0 to TLS 1.2, which is as old and as unsound as a
 * test tells it to be.
 */
#ifndef TESTS_SUPPORT_TLS_SERVER_H
#define TESTS_SUPPORT_TLS_SERVER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TLS_CROWD_MAX 16

enum tls_manner {
	SOUND,
	NOT_OFFERED, /* always the same suite */
	DRIPS,       /* a hello in records of one byte, without end */
	HUGE_ALERT,  /* an alert of 64 KiB */
	SLOW,        /* one byte, a pause, the next */
	MUTE,
	GONE,
	CHATTERS /* bytes that mean nothing */
};

/* What becomes of a connection beside another one. */
enum tls_crowding {
	CROWD_WELCOME,
	CROWD_QUEUES,  /* it waits until the one before is over */
	CROWD_ALERTED, /* it is told something */
	CROWD_HUNG_UP,
	CROWD_IGNORED, /* it hears nothing, ever */
	CROWD_MIXED_UP /* it is told what was chosen for another one */
};

struct tls_crowd {
	pthread_mutex_t lock;
	int sockets[TLS_CROWD_MAX]; /* served now; −1: free */
	unsigned turned_away;
};

/* An old server as far as a flight goes. */
struct old_server {
	enum tls_manner manner;
	enum tls_crowding crowding;
	struct tls_crowd *crowd; /* of a server that minds; else NULL */
	int64_t pace;            /* of a server whose silence is waited for */
	uint16_t oldest, newest;
	const uint16_t *suites;
	size_t suite_count;
	bool ssl2;
	bool fears_extensions;
	bool compresses;
	bool renegotiates_safely;
	bool honours_fallback;
	bool heartbeats, bleeds;
	bool takes_early_change;
	bool tells_paddings;
	bool tells_who_waits; /* of paddings, when nothing follows */
	size_t prime_size;
	const struct old_server *named; /* what it is to who tells the name of its certificate */
	bool warns_of_names;            /* and says that it knows none */
	bool other_certificate;
};

/* The first certificate is for it, the other one for nobody. */
#define TLS_SERVER_NAME "cam-17.local"

/* Makes the key and the certificate of all servers: a set-up of cmocka's. */
int tls_server_certify(void **state);
void tls_crowd_begin(struct tls_crowd *crowd);

/* For a scripted unit, at once, with a server as its context. */
void tls_server_serve(void *context, int socket, unsigned number);

#endif
