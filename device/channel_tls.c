/* libssl never sees the socket: two memory BIOs stand between, so it needs no system call of its
 * own. */
#include "device/channel.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string.h>

#include "base/arena.h"

#define RECORD_ROOM 20000
#define HANDSHAKE_PATIENCE_MS 8000
#define HANDSHAKE_ROUNDS 256

enum status
channel_tls_prepare(struct job *job, struct target *target)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	SSL *warm;

	target->tls_context = NULL;
	if (context == NULL || SSL_CTX_set_min_proto_version(context, TLS1_VERSION) != 1 ||
	    SSL_CTX_set_cipher_list(context, "ALL:COMPLEMENTOFALL:@SECLEVEL=0") != 1) {
		SSL_CTX_free(context);
		return fail(job, STATUS_FAULT, "tls: libssl cannot be set up");
	}
	SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
	SSL_CTX_set_options(context,
	    SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_NO_TICKET);
	/* One session now, so that nothing is left to be opened later. */
	warm = SSL_new(context);
	SSL_free(warm);
	ERR_clear_error();
	target->tls_context = context;
	return STATUS_OK;
}

void
channel_tls_release(struct target *target)
{
	SSL_CTX_free(target->tls_context);
	target->tls_context = NULL;
}

/* What libssl has written goes out. */
static enum status
flush(struct job *job, struct channel *channel)
{
	uint8_t bytes[RECORD_ROOM];
	BIO *out = SSL_get_wbio(channel->tls);

	while (BIO_ctrl_pending(out) > 0) {
		int size = BIO_read(out, bytes, (int)sizeof bytes);

		if (size <= 0)
			return fail(job, STATUS_FAULT, "tls: memory BIO");
		TRY(channel_raw_send(job, channel, (struct span){bytes, (size_t)size}));
	}
	return STATUS_OK;
}

/* What the unit sends goes in; *ended at its farewell. */
static enum status
feed(struct job *job, struct channel *channel, int patience_ms, bool *ended)
{
	uint8_t bytes[RECORD_ROOM];
	size_t got;

	TRY(channel_raw_receive(job, channel, bytes, sizeof bytes, patience_ms, &got));
	*ended = got == 0;
	if (got > 0 && BIO_write(SSL_get_rbio(channel->tls), bytes, (int)got) != (int)got)
		return fail(job, STATUS_FAULT, "tls: memory BIO");
	return STATUS_OK;
}

static enum status
broken(struct job *job, const struct channel *channel)
{
	const char *words = ERR_reason_error_string(ERR_peek_last_error());
	enum status status = fail(job, STATUS_MALFORMED, "port %u: TLS: %s", channel->port,
	    words == NULL ? "broken" : words);

	ERR_clear_error();
	return status;
}

static enum status
handshake(struct job *job, struct channel *channel)
{
	for (unsigned round = 0; round < HANDSHAKE_ROUNDS; round++) {
		int result = SSL_do_handshake(channel->tls);
		int error = SSL_get_error(channel->tls, result);
		bool ended;

		TRY(flush(job, channel));
		if (result == 1)
			return STATUS_OK;
		if (error != SSL_ERROR_WANT_READ)
			return broken(job, channel);
		TRY(feed(job, channel, HANDSHAKE_PATIENCE_MS, &ended));
		if (ended)
			return fail(job, STATUS_UNAVAILABLE,
			    "port %u: it hung up during the TLS handshake", channel->port);
	}
	return fail(job, STATUS_MALFORMED, "port %u: TLS handshake without end", channel->port);
}

static enum status
read_chain(struct job *job, const struct channel *channel, struct tls_peer *peer)
{
	STACK_OF(X509) *chain = SSL_get_peer_cert_chain(channel->tls);
	int count = chain == NULL ? 0 : sk_X509_num(chain);

	peer->chain = arena_array(job, TLS_PEER_CHAIN_MAX, sizeof *peer->chain);
	if (peer->chain == NULL)
		return STATUS_LIMIT;
	for (int i = 0; i < count && i < TLS_PEER_CHAIN_MAX; i++) {
		X509 *certificate = sk_X509_value(chain, i);
		int size = i2d_X509(certificate, NULL);
		uint8_t *der = size <= 0 ? NULL : arena_allocate(job, (size_t)size);
		uint8_t *end = der;

		if (size <= 0)
			return broken(job, channel);
		if (der == NULL)
			return STATUS_LIMIT;
		i2d_X509(certificate, &end);
		peer->chain[peer->chain_count++] = (struct span){der, (size_t)size};
	}
	return STATUS_OK;
}

enum status
channel_tls_handshake(struct job *job, struct channel *channel, struct tls_peer *peer)
{
	BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());
	SSL *tls = SSL_new(channel->target->tls_context);
	const char *words;

	if (in == NULL || out == NULL || tls == NULL) {
		BIO_free(in);
		BIO_free(out);
		SSL_free(tls);
		return fail(job, STATUS_LIMIT, "tls: out of memory");
	}
	BIO_set_mem_eof_return(in, -1);
	SSL_set_bio(tls, in, out);
	SSL_set_connect_state(tls);
	channel->tls = tls;
	if (channel->before_13)
		SSL_set_max_proto_version(tls, TLS1_2_VERSION);
	if (channel->schemes != NULL && SSL_set1_sigalgs_list(tls, channel->schemes) != 1)
		return fail(job, STATUS_FAULT, "tls: libssl knows no %s", channel->schemes);
	if (channel->server_name != NULL &&
	    SSL_set_tlsext_host_name(tls, channel->server_name) != 1)
		return fail(job, STATUS_FAULT, "tls: libssl takes no %s", channel->server_name);
	TRY(handshake(job, channel));
	peer->version = arena_copy_string(job, SSL_get_version(tls));
	words = SSL_CIPHER_standard_name(SSL_get_current_cipher(tls));
	peer->cipher = arena_copy_string(job, words == NULL ? "unknown" : words);
	if (peer->version == NULL || peer->cipher == NULL)
		return STATUS_LIMIT;
	return read_chain(job, channel, peer);
}

enum status
channel_tls_send(struct job *job, struct channel *channel, struct span bytes)
{
	while (bytes.size > 0) {
		size_t part = bytes.size < 16384 ? bytes.size : 16384;
		size_t written;

		if (SSL_write_ex(channel->tls, bytes.at, part, &written) != 1)
			return broken(job, channel);
		TRY(flush(job, channel));
		bytes = span_from(bytes, written);
	}
	return STATUS_OK;
}

enum status
channel_tls_receive(struct job *job, struct channel *channel, uint8_t *at, size_t size,
    int patience_ms, size_t *got)
{
	int64_t end = target_live_ms(channel->target) + patience_ms;

	*got = 0;
	for (;;) {
		int result = SSL_read_ex(channel->tls, at, size, got);
		int error = SSL_get_error(channel->tls, result);
		int64_t left = end - target_live_ms(channel->target);
		bool ended;

		if (result == 1 || error == SSL_ERROR_ZERO_RETURN) {
			ERR_clear_error();
			return STATUS_OK;
		}
		if (error != SSL_ERROR_WANT_READ)
			return broken(job, channel);
		TRY(flush(job, channel));
		TRY(feed(job, channel, left < 0 ? 0 : (int)left, &ended));
		if (ended)
			return STATUS_OK;
	}
}

enum status
channel_tls_renegotiate(struct job *job, struct channel *channel, bool *agreed)
{
	enum status status;

	*agreed = false;
	if (SSL_renegotiate(channel->tls) != 1) {
		ERR_clear_error();
		return STATUS_OK;
	}
	status = handshake(job, channel);
	ERR_clear_error();
	*agreed = status == STATUS_OK;
	return status == STATUS_LIMIT || status == STATUS_FAULT || status == STATUS_IO ? status
										       : STATUS_OK;
}

void
channel_tls_close(struct channel *channel)
{
	SSL_free(channel->tls);
	channel->tls = NULL;
	ERR_clear_error();
}
