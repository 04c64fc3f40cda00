/* What Apache and camera makers made of MD5 and SHA-1; none of it slows a guess down much. */
#include "firmware/password_digest.h"

#include <string.h>

#include "firmware/base64.h"

#define MD5_SIZE 16
#define SHA1_SIZE 20
#define APR1_ROUNDS 1000
#define MAX_SALT 64

static int
digit_of(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
password_is_hex_digest(enum digest_kind kind, const struct span parts[3], struct span stored)
{
	uint8_t digest[DIGEST_LARGEST];
	size_t size = digest_size(kind);

	if (stored.size != 2 * size || !digest_of_three(kind, parts, digest))
		return false;
	for (size_t i = 0; i < stored.size; i++)
		if (digit_of(stored.at[i]) !=
		    ((i % 2 == 0) ? digest[i / 2] >> 4 : digest[i / 2] & 15))
			return false;
	return true;
}

static bool
md5(struct span a, struct span b, struct span c, uint8_t digest[DIGEST_LARGEST])
{
	const struct span parts[3] = {a, b, c};

	return digest_of_three(DIGEST_MD5, parts, digest);
}

/* The bytes that the first digest is made over: at most so many for one password. */
#define MAX_PASSWORD 128
#define MAX_MIXED (MAX_PASSWORD * 2 + 6 + MAX_SALT + 16)

/* The digest over password, magic, salt and what stands for the password's length. */
static bool
apr1_first(struct span password, struct span salt, uint8_t digest[DIGEST_LARGEST])
{
	uint8_t mixed[MAX_MIXED];
	size_t size = password.size;

	if (!md5(password, salt, password, digest))
		return false;
	memcpy(mixed, password.at, size);
	memcpy(mixed + size, "$apr1$", 6);
	memcpy(mixed + size + 6, salt.at, salt.size);
	size += 6 + salt.size;
	for (size_t left = password.size; left > 0; left -= left < MD5_SIZE ? left : MD5_SIZE) {
		size_t part = left < MD5_SIZE ? left : MD5_SIZE;

		memcpy(mixed + size, digest, part);
		size += part;
	}
	for (size_t bits = password.size; bits > 0; bits >>= 1)
		mixed[size++] = (bits & 1) != 0 ? 0 : password.at[0];
	return md5((struct span){mixed, size}, (struct span){0}, (struct span){0}, digest);
}

static bool
apr1_round(unsigned round, struct span password, struct span salt, uint8_t digest[DIGEST_LARGEST])
{
	uint8_t mixed[2 * MD5_SIZE + 2 * MAX_PASSWORD + MAX_SALT];
	const struct span before = {digest, MD5_SIZE};
	const struct span parts[4] = {(round & 1) != 0 ? password : before,
	    round % 3 != 0 ? salt : (struct span){0}, round % 7 != 0 ? password : (struct span){0},
	    (round & 1) != 0 ? before : password};
	size_t size = 0;

	for (size_t i = 0; i < 4; i++) {
		if (parts[i].size != 0)
			memcpy(mixed + size, parts[i].at, parts[i].size);
		size += parts[i].size;
	}
	return md5((struct span){mixed, size}, (struct span){0}, (struct span){0}, digest);
}

/* In the order and the alphabet of crypt(3)'s MD5. */
static void
apr1_text(const uint8_t digest[DIGEST_LARGEST], char text[23])
{
	static const char alphabet[] =
	    "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	static const uint8_t order[5][3] = {
	    {0, 6, 12}, {1, 7, 13}, {2, 8, 14}, {3, 9, 15}, {4, 10, 5}};
	size_t at = 0;

	for (size_t i = 0; i < 5; i++) {
		uint32_t bits = (uint32_t)digest[order[i][0]] << 16 |
				(uint32_t)digest[order[i][1]] << 8 | digest[order[i][2]];

		for (int n = 0; n < 4; n++, bits >>= 6)
			text[at++] = alphabet[bits & 63];
	}
	text[at++] = alphabet[digest[11] & 63];
	text[at++] = alphabet[digest[11] >> 6];
	text[at] = '\0';
}

bool
password_is_apr1(struct span password, struct span stored)
{
	struct span rest = span_from(stored, 6), salt;
	size_t end = span_find(rest, "$", 1, 0);
	uint8_t digest[DIGEST_LARGEST];
	char text[23];

	if (end == SIZE_MAX || password.size == 0 || password.size > MAX_PASSWORD)
		return false;
	salt = span_part(rest, 0, end < 8 ? end : 8);
	if (salt.size == 0 || !apr1_first(password, salt, digest))
		return false;
	for (unsigned round = 0; round < APR1_ROUNDS; round++)
		if (!apr1_round(round, password, salt, digest))
			return false;
	apr1_text(digest, text);
	return span_equal(span_from(rest, end + 1), span_of_string(text));
}

bool
password_is_base64_sha1(struct span password, struct span stored)
{
	uint8_t bytes[SHA1_SIZE + MAX_SALT], digest[DIGEST_LARGEST];
	size_t size = base64_decode(stored, bytes, sizeof bytes);

	if (size < SHA1_SIZE)
		return false;
	const struct span parts[3] = {password, {bytes + SHA1_SIZE, size - SHA1_SIZE}, {0}};

	return digest_of_three(DIGEST_SHA1, parts, digest) && memcmp(digest, bytes, SHA1_SIZE) == 0;
}

bool
password_is_sofia(struct span password, struct span stored)
{
	static const char alphabet[] =
	    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	uint8_t digest[DIGEST_LARGEST];

	if (stored.size != 8 || !md5(password, (struct span){0}, (struct span){0}, digest))
		return false;
	for (size_t i = 0; i < 8; i++)
		if (stored.at[i] != (uint8_t)alphabet[(digest[2 * i] + digest[2 * i + 1]) % 62])
			return false;
	return true;
}
