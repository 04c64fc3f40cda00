/*
 * How a service that begins in the clear is asked to go on in TLS.
 *
 * Source: RFC 3207 (smtp), RFC 9051 (imap), RFC 2595 (pop3), RFC 4217 (ftp), RFC 6120 (xmpp), RFC
 * 4511 section 4.14 (ldap), RFC 4642 (nntp), RFC 5804 (sieve), PostgreSQL and MySQL protocol
 * manuals.
 */
#ifndef DEVICE_STARTTLS_H
#define DEVICE_STARTTLS_H

#include "device/channel.h"

/*
 * Talks over a fresh connection until the next byte is TLS.
 *
 * how  smtp, lmtp, imap, pop3, ftp, xmpp, ldap, nntp, sieve, irc, postgres or mysql
 *
 * STATUS_UNAVAILABLE  it will not, or hung up
 * STATUS_UNDECIDED    silence
 * STATUS_MALFORMED    words without end; a way nobody knows
 */
enum status starttls_begin(struct job *job, struct channel *channel, const char *how);

#endif
