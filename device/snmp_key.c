/* A password becomes a key by a megabyte of itself, and the key another one for each engine. */
#include <string.h>

#include "base/arena.h"
#include "device/snmp_client.h"

#define EXPANDED ((size_t)1 << 20)
#define BLOCK_MAX 128

/* RFC 3414 section 6 and 7, RFC 7860 section 4. */
static const struct {
	enum digest_kind kind;
	size_t signature_size;
	size_t block;
} kinds[SNMP_KEY_KINDS] = {
    {DIGEST_SHA1, 12, 64}, {DIGEST_MD5, 12, 64}, {DIGEST_SHA256, 24, 64}, {DIGEST_SHA512, 48, 128}};

static size_t
block_of(enum digest_kind kind)
{
	for (size_t i = 0; i < SNMP_KEY_KINDS; i++)
		if (kinds[i].kind == kind)
			return kinds[i].block;
	return BLOCK_MAX;
}

static enum status
digest(struct job *job, enum digest_kind kind, struct span a, struct span b, struct span c,
    uint8_t out[DIGEST_LARGEST])
{
	const struct span parts[3] = {a, b, c};

	return digest_of_three(kind, parts, out)
		   ? STATUS_OK
		   : fail(job, STATUS_FAULT, "snmp: libcrypto has no such digest");
}

enum status
snmp_make_key(struct job *job, unsigned n, const char *password, const struct snmp_engine *engine,
    struct snmp_key *key)
{
	struct arena_mark mark = arena_mark(job->arena);
	uint8_t *expanded = arena_allocate(job, EXPANDED);
	size_t size = strlen(password);
	uint8_t master[DIGEST_LARGEST];
	struct span half = {master, digest_size(kinds[n].kind)};
	enum status status;

	if (expanded == NULL)
		return STATUS_LIMIT;
	*key = (struct snmp_key){.kind = kinds[n].kind, .signature_size = kinds[n].signature_size};
	for (size_t i = 0; size > 0 && i < EXPANDED; i++)
		expanded[i] = (uint8_t)password[i % size];
	status = digest(job, key->kind, (struct span){expanded, EXPANDED}, (struct span){0},
	    (struct span){0}, master);
	arena_release(job->arena, mark);
	if (size == 0)
		return STATUS_NO;
	TRY(status);
	return digest(
	    job, key->kind, half, (struct span){engine->id, engine->id_size}, half, key->bytes);
}

/* RFC 2104. */
enum status
snmp_sign(struct job *job, const struct snmp_key *key, uint8_t *message, size_t size, size_t at)
{
	size_t block = block_of(key->kind), length = digest_size(key->kind);
	uint8_t pad[BLOCK_MAX], inner[DIGEST_LARGEST], outer[DIGEST_LARGEST];

	for (size_t i = 0; i < block; i++)
		pad[i] = (uint8_t)((i < length ? key->bytes[i] : 0) ^ 0x36);
	TRY(digest(job, key->kind, (struct span){pad, block}, (struct span){message, size},
	    (struct span){0}, inner));
	for (size_t i = 0; i < block; i++)
		pad[i] ^= 0x36 ^ 0x5c;
	TRY(digest(job, key->kind, (struct span){pad, block}, (struct span){inner, length},
	    (struct span){0}, outer));
	memcpy(message + at, outer, key->signature_size);
	return STATUS_OK;
}
