/*
 * One conversation with the unit over a socket that was handed over, with a
 * deadline and a byte budget, recorded above the cryptography.
 *
 * What the unit does wrong (silence, farewell, too many bytes) is an outcome
 * the caller reads from the status; nothing here waits without a bound.  All of
 * it works the same over a transcript that is played again: there the recorded
 * outcomes are given, and what is sent must be what was sent then.
 */
#ifndef DEVICE_CHANNEL_H
#define DEVICE_CHANNEL_H

#include "device/dialer.h"
#include "device/target.h"

#define CHANNEL_BUDGET ((size_t)1 << 20) /* bytes the unit may send over one connection */
#define CHANNEL_LIFE_MS 30000            /* of one connection */
#define TLS_PEER_CHAIN_MAX 16

struct channel {
	struct target *target;
	int descriptor; /* −1 when closed, and in a replay */
	bool open;
	bool datagram; /* each send and each receive is one datagram */
	bool foreign;  /* of a group: datagrams of other senders than the unit are dropped */
	uint16_t port;
	int64_t exchange; /* number of this connection in the transcript */
	int64_t deadline; /* by the target's clock */
	size_t budget;
	bool ended;  /* the unit said farewell */
	bool judges; /* a secret was sent: what comes now tells what the unit makes of it */
	const char
	    *schemes; /* signatures channel_start_tls takes, as libssl lists them; NULL: all */
	const char *server_name; /* channel_start_tls tells it; NULL: none */
	bool before_13;          /* channel_start_tls speaks no TLS 1.3 */
	void *tls;               /* libssl's session; NULL in the clear, and in a replay */
};

/* What a TLS handshake came to. */
struct tls_peer {
	const char *version; /* TLSv1.2 … */
	const char *cipher;  /* IANA name */
	struct span *chain;  /* DER certificates, the unit's own first */
	size_t chain_count;
};

/*
 * A TCP connection, from the source address the target names.
 *
 * STATUS_UNAVAILABLE  refused, silent, unreachable, or the dialer is gone: the
 *                     reason says which
 */
enum status channel_open(
    struct job *job, struct target *target, uint16_t port, struct channel *channel);
/*
 * A connected UDP socket: no word is exchanged.  A port that nobody listens on
 * answers the first receive with STATUS_UNAVAILABLE, "refused"; silence is
 * STATUS_UNDECIDED as ever.
 */
enum status channel_open_udp(
    struct job *job, struct target *target, uint16_t port, struct channel *channel);
/*
 * Sends one datagram to a multicast group of the unit's network; answers are
 * received from the unit's own address alone.  STATUS_UNAVAILABLE where groups
 * are not granted.
 */
enum status channel_ask_group(struct job *job, struct target *target, enum dial_group group,
    struct span datagram, struct channel *channel);
/*
 * Sends one datagram to a port of the unit and hears whatever port of the unit
 * answers (TFTP, SSDP); a refusal is not heard.  `secret` as channel_send_secret.
 */
enum status channel_ask_unit(struct job *job, struct target *target, uint16_t port,
    struct span datagram, bool secret, struct channel *channel);
/* The same over a socket of the caller's (tests). */
void channel_adopt(struct target *target, int descriptor, uint16_t port, struct channel *channel);
void channel_hang_up(struct job *job, struct channel *channel);

/* Sends all of it.  STATUS_UNAVAILABLE when the connection is gone or time is up. */
enum status channel_send(struct job *job, struct channel *channel, struct span bytes);
/* The same of bytes that carry a password or another secret: so marked in the transcript. */
enum status channel_send_secret(struct job *job, struct channel *channel, struct span bytes);

/*
 * Receives what is there, at least one byte, waiting `patience_ms` for it.
 * *got 0 with STATUS_OK is the unit's farewell.
 *
 * STATUS_UNDECIDED    silence: the connection stands
 * STATUS_UNAVAILABLE  reset, or time is up
 * STATUS_MALFORMED    more bytes than the budget, or broken TLS
 */
enum status channel_receive(struct job *job, struct channel *channel, uint8_t *at, size_t size,
    int patience_ms, size_t *got);

/*
 * Receives until `size` bytes are there; fewer at the unit's farewell or after
 * silence of `patience_ms`.
 */
enum status channel_receive_up_to(struct job *job, struct channel *channel, uint8_t *at,
    size_t size, int patience_ms, size_t *got);

/* Prepares libssl; called once before the sandbox closes, undone by channel_tls_release. */
enum status channel_tls_prepare(struct job *job, struct target *target);
void channel_tls_release(struct target *target);

/*
 * Speaks TLS from here on, trusting any certificate and any version from TLS
 * 1.0: what the unit does is evidence, not a danger to us.  *peer lives in the
 * arena.  STATUS_MALFORMED or STATUS_UNAVAILABLE when there is no handshake.
 */
enum status channel_start_tls(struct job *job, struct channel *channel, struct tls_peer *peer);

/*
 * Asks for a new handshake within the session, as a client may before TLS 1.3;
 * *agreed when the unit went through with it.  Silence and farewell are a no.
 */
enum status channel_renegotiate(struct job *job, struct channel *channel, bool *agreed);

/*
 * What a library did over the socket itself, where no bytes are recorded: live,
 * `status` (with the job's reason) and `bytes` are written down, and `status`
 * is returned; in a replay channel_retell gives what was written.
 */
bool channel_is_replay(const struct channel *channel);
enum status channel_tell(struct job *job, struct channel *channel, const char *event,
    enum status status, struct span bytes);
enum status channel_retell(
    struct job *job, struct channel *channel, const char *event, struct span *bytes);

/* channel_receive, before what it took is noted. */
enum status channel_take(struct job *job, struct channel *channel, uint8_t *at, size_t size,
    int patience_ms, size_t *got);
/* Used by channel_tls.c: the socket itself, no cryptography, no record. */
enum status channel_raw_send(struct job *job, struct channel *channel, struct span bytes);
enum status channel_raw_receive(struct job *job, struct channel *channel, uint8_t *at, size_t size,
    int patience_ms, size_t *got);
enum status channel_tls_send(struct job *job, struct channel *channel, struct span bytes);
enum status channel_tls_receive(struct job *job, struct channel *channel, uint8_t *at, size_t size,
    int patience_ms, size_t *got);
enum status channel_tls_handshake(struct job *job, struct channel *channel, struct tls_peer *peer);
enum status channel_tls_renegotiate(struct job *job, struct channel *channel, bool *agreed);
void channel_tls_close(struct channel *channel);

#endif
