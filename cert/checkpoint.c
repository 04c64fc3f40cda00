/*
 * As with records, what was read is written again and must be the same bytes.
 */
#include "cert/checkpoint.h"

#include <openssl/evp.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

#define ED25519_SIZE 64
#define KEY_HASH_SIZE 4
#define SIGNATURE_TEXT_SIZE 92 /* base64 of 68 bytes */
#define DASH "\xe2\x80\x94 "

static enum status
body(struct job *job, const struct checkpoint *checkpoint, const char **text)
{
	struct text out = text_new(job);
	char root[48], time[32];

	EVP_EncodeBlock((unsigned char *)root, checkpoint->root.bytes, DIGEST_SIZE);
	text_format_time(checkpoint->time, time);
	text_printf(&out, "%s\n%llu\n%s\ntime %s\n", checkpoint->log,
	    (unsigned long long)checkpoint->size, root, time);
	return text_finish(&out, text);
}

/* SHA-256(name, newline, 0x01 for Ed25519, public key), its first 4 bytes. */
static enum status
key_hash(struct job *job, const char *log, const struct digest *log_key, struct digest *hash)
{
	struct text out = text_new(job);
	const char *string;

	text_printf(&out, "%s\n\x01", log);
	text_put_bytes(&out, log_key->bytes, DIGEST_SIZE);
	TRY(text_finish(&out, &string));
	return digest_of(job, (struct span){(const uint8_t *)string, out.size}, hash);
}

enum status
checkpoint_write(struct job *job, const struct checkpoint *checkpoint, const struct key *log_key,
    const char **note)
{
	uint8_t signed_bytes[KEY_HASH_SIZE + ED25519_SIZE];
	unsigned char encoded[SIGNATURE_TEXT_SIZE + 1];
	size_t size = ED25519_SIZE;
	struct digest public_key, hash;
	const char *text;
	EVP_MD_CTX *context;
	bool good;

	TRY(body(job, checkpoint, &text));
	TRY(key_public_bytes(job, log_key, &public_key));
	TRY(key_hash(job, checkpoint->log, &public_key, &hash));
	memcpy(signed_bytes, hash.bytes, KEY_HASH_SIZE);
	context = EVP_MD_CTX_new();
	good = context != NULL &&
	       EVP_DigestSignInit(context, NULL, NULL, NULL, key_handle(log_key)) == 1 &&
	       EVP_DigestSign(context, signed_bytes + KEY_HASH_SIZE, &size,
		   (const unsigned char *)text, strlen(text)) == 1;
	EVP_MD_CTX_free(context);
	if (!good)
		return fail(job, STATUS_FAULT, "checkpoint: cannot be signed");
	EVP_EncodeBlock(encoded, signed_bytes, sizeof(signed_bytes));
	*note = arena_printf(job, "%s\n" DASH "%s %s\n", text, checkpoint->log, (char *)encoded);
	return *note == NULL ? STATUS_LIMIT : STATUS_OK;
}

/* One line without its newline, at most `room` − 1 bytes. */
static bool
take_line(struct span *rest, char *line, size_t room)
{
	size_t end = span_find(*rest, "\n", 1, 0);

	if (end == SIZE_MAX || end >= room)
		return false;
	memcpy(line, rest->at, end);
	line[end] = '\0';
	*rest = span_from(*rest, end + 1);
	return true;
}

static bool
read_body(struct span rest, struct checkpoint *checkpoint)
{
	char line[128];
	uint8_t root[36];
	int64_t size;

	if (!take_line(&rest, line, sizeof(line)) || !take_line(&rest, line, sizeof(line)) ||
	    !text_parse_integer(line, 0, (int64_t)1 << 62, &size) ||
	    !take_line(&rest, line, sizeof(line)) || strlen(line) != 44 ||
	    EVP_DecodeBlock(root, (const unsigned char *)line, 44) < 0)
		return false;
	checkpoint->size = (uint64_t)size;
	memcpy(checkpoint->root.bytes, root, DIGEST_SIZE);
	return take_line(&rest, line, sizeof(line)) && text_starts_with(line, "time ") &&
	       text_parse_time(line + 5, &checkpoint->time) && rest.size == 0;
}

/* Separates text and signature, which must be the log's over the text. */
static enum status
check_signature(struct job *job, struct span note, const char *log, const struct digest *log_key,
    struct span *text)
{
	size_t end = span_find(note, "\n\n" DASH, 2 + strlen(DASH), 0);
	const char *start = arena_printf(job, "\n" DASH "%s ", log);
	uint8_t bytes[72], again[SIGNATURE_TEXT_SIZE + 1];
	struct span line;
	struct digest hash;
	EVP_PKEY *key;
	EVP_MD_CTX *context;
	bool good;

	if (start == NULL)
		return STATUS_LIMIT;
	line = span_from(note, end == SIZE_MAX ? note.size : end + 1);
	if (!span_starts_with(line, start, strlen(start)))
		return fail(job, STATUS_REFUSED, "checkpoint: not of the log %s", log);
	line = span_from(line, strlen(start));
	if (line.size != SIGNATURE_TEXT_SIZE + 1 || line.at[SIGNATURE_TEXT_SIZE] != '\n' ||
	    EVP_DecodeBlock(bytes, line.at, SIGNATURE_TEXT_SIZE) < 0)
		return fail(job, STATUS_MALFORMED, "checkpoint: its signature is not one");
	EVP_EncodeBlock(again, bytes, KEY_HASH_SIZE + ED25519_SIZE);
	TRY(key_hash(job, log, log_key, &hash));
	*text = span_part(note, 0, end + 1);
	key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, log_key->bytes, DIGEST_SIZE);
	context = EVP_MD_CTX_new();
	good = key != NULL && context != NULL && memcmp(again, line.at, SIGNATURE_TEXT_SIZE) == 0 &&
	       memcmp(bytes, hash.bytes, KEY_HASH_SIZE) == 0 &&
	       EVP_DigestVerifyInit(context, NULL, NULL, NULL, key) == 1 &&
	       EVP_DigestVerify(
		   context, bytes + KEY_HASH_SIZE, ED25519_SIZE, text->at, text->size) == 1;
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(key);
	return good ? STATUS_OK : fail(job, STATUS_REFUSED, "checkpoint: not signed by %s", log);
}

enum status
checkpoint_read(struct job *job, struct span note, const char *log, const struct digest *log_key,
    struct checkpoint *checkpoint)
{
	const char *again;
	struct span text;

	if (note.size > CHECKPOINT_MAX_SIZE)
		return fail(job, STATUS_MALFORMED, "checkpoint: %zu bytes", note.size);
	TRY(check_signature(job, note, log, log_key, &text));
	checkpoint->log = log;
	if (!read_body(text, checkpoint))
		return fail(job, STATUS_MALFORMED, "checkpoint: not in its one spelling");
	TRY(body(job, checkpoint, &again));
	if (!span_equal(text, span_of_string(again)))
		return fail(job, STATUS_MALFORMED, "checkpoint: not in its one spelling");
	return STATUS_OK;
}
