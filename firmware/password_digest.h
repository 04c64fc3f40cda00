/*
 * Password hashes that crypt(3) does not know.
 *
 * Source: Apache httpd, Password Formats ($apr1$, {SHA}); RFC 7616 section 3.4.2;
 * RFC 2307 section 5.3 ({SSHA}).
 */
#ifndef FIRMWARE_PASSWORD_DIGEST_H
#define FIRMWARE_PASSWORD_DIGEST_H

#include "base/digest.h"

/* Is `stored` the hexadecimal digest, in either case, of these parts one behind the other? */
bool password_is_hex_digest(enum digest_kind kind, const struct span parts[3], struct span stored);
/* "$apr1$salt$…" */
bool password_is_apr1(struct span password, struct span stored);
/* Behind "{SHA}" or "{SSHA}": base64 of a SHA-1 and of the salt that follows the password. */
bool password_is_base64_sha1(struct span password, struct span stored);
/* Eight letters and digits, each from two bytes of the password's MD5. */
bool password_is_sofia(struct span password, struct span stored);

#endif
