/* PEM is text, and text is quoted: in JSON, in a program's source, in one line of a setting. */
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/key_encoding.h"
#include "firmware/reading.h"

#define MAX_BLOCK ((size_t)64 << 10) /* bytes of one PEM block */
#define MAX_LABEL 40
#define BEGIN 11 /* "-----BEGIN " */
#define DASHES 5

static bool
is_base64(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       c == '+' || c == '/' || c == '=';
}

size_t
key_from_base64(struct span text, uint8_t *bytes, size_t room)
{
	int size;

	if (text.size == 0 || text.size % 4 != 0 || text.size / 4 * 3 > room)
		return 0;
	size = EVP_DecodeBlock(bytes, text.at, (int)text.size);
	ERR_clear_error();
	for (size_t i = 1; i <= 2 && size > 0; i++) /* EVP_DecodeBlock counts the padding */
		size -= text.at[text.size - i] == '=';
	return size > 0 ? (size_t)size : 0;
}

/* Behind a quote: where the next one opens, after blanks and the signs that join two strings. */
static size_t
after_join(struct span body, size_t at)
{
	while (at < body.size && memchr(" \t\r\n+,.\\", body.at[at], 8) != NULL)
		at++;
	return at < body.size && memchr("\"'", body.at[at], 2) != NULL ? at + 1 : SIZE_MAX;
}

/* Size of "&#10;", "&#xD;": the end of a line in XML; 0 where there is none. */
static size_t
line_reference(struct span body, size_t at)
{
	static const char *const forms[] = {"&#10;", "&#13;", "&#xA;", "&#xa;", "&#xD;", "&#xd;",
	    "&#x0A;", "&#x0a;", "&#x0D;", "&#x0d;", "&#010;", "&#013;"};

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++)
		if (span_starts_with(span_from(body, at), forms[i], strlen(forms[i])))
			return strlen(forms[i]);
	return 0;
}

/* The base64 of a body in quotes or escapes; empty when it holds anything else. */
static enum status
strip(struct job *job, struct span body, struct span *base64)
{
	uint8_t *out = arena_allocate(job, body.size + 1);
	size_t size = 0, at = 0;

	*base64 = (struct span){0};
	if (out == NULL)
		return STATUS_LIMIT;
	while (at < body.size) {
		uint8_t c = body.at[at];

		if (is_base64(c)) {
			out[size++] = c;
			at++;
		} else if (memchr(" \t\r\n", c, 4) != NULL) {
			at++;
		} else if (c == '\\' && at + 1 < body.size &&
			   memchr("nrt\n\\", body.at[at + 1], 5) != NULL) {
			at += body.at[at + 1] == '\\' ? 1 : 2;
		} else if (line_reference(body, at) != 0) {
			at += line_reference(body, at);
		} else if (memchr("\"'", c, 2) != NULL) {
			at = after_join(body, at + 1);
			/* the last quote may stand before the END line's own */
			if (at == SIZE_MAX)
				return STATUS_OK;
		} else {
			return STATUS_OK;
		}
	}
	*base64 = (struct span){.at = out, .size = size};
	return STATUS_OK;
}

/* RFC 4880 section 5.5: the first packet of an armoured private key. */
static bool
read_openpgp(struct span bytes, struct held_key *held)
{
	static const struct {
		uint8_t number, numbers; /* of the algorithm; how many make the public half */
		bool curve, derivation;
		const char *name;
	} algorithms[] = {{1, 2, false, false, "RSA"}, {17, 4, false, false, "DSA"},
	    {18, 1, true, true, "ECDH"}, {19, 1, true, false, "EC"}, {22, 1, true, false, "EdDSA"}};
	struct reader reader = {.rest = bytes};
	uint8_t tag = read_u8(&reader), number;

	if (tag != 0x94 && tag != 0x95 && tag != 0xc5)
		return false;
	read_bytes(&reader, tag == 0x95 ? 2 : 1);
	if (read_u8(&reader) != 4)
		return false;
	read_bytes(&reader, 4); /* when it was made */
	number = read_u8(&reader);
	for (size_t i = 0; i < ARRAY_SIZE(algorithms); i++) {
		if (algorithms[i].number != number)
			continue;
		if (algorithms[i].curve)
			read_bytes(&reader, read_u8(&reader));
		for (int k = 0; k < algorithms[i].numbers; k++)
			read_bytes(&reader, (read_u16_be(&reader) + 7u) / 8);
		if (algorithms[i].derivation)
			read_bytes(&reader, read_u8(&reader));
		*held = (struct held_key){.algorithm = algorithms[i].name,
		    .format = "OpenPGP",
		    .private = true,
		    .encrypted = read_u8(&reader) != 0};
		return !reader.overrun;
	}
	return false;
}

static bool
read_labelled(const char *label, const char *header, struct span bytes, struct held_key *held)
{
	if (strcmp(label, "OPENSSH PRIVATE KEY") == 0)
		return key_read_openssh(bytes, held);
	if (strcmp(label, "PGP PRIVATE KEY BLOCK") == 0)
		return read_openpgp(bytes, held);
	return key_read_labelled_der(label, header, bytes, held);
}

/* As RFC 7468 has it; false also where OpenSSL cannot read it so. */
static bool
read_strict(struct span block, struct held_key *held, bool *found)
{
	char *label = NULL, *header = NULL;
	unsigned char *data = NULL;
	long size = 0;
	BIO *in = BIO_new_mem_buf(block.at, (int)block.size);
	bool is_pem =
	    in != NULL && PEM_read_bio(in, &label, &header, &data, &size) == 1 && size > 0;

	if (is_pem)
		*found = read_labelled(
		    label, header, (struct span){.at = data, .size = (size_t)size}, held);
	OPENSSL_free(label);
	OPENSSL_free(header);
	OPENSSL_clear_free(data, size > 0 ? (size_t)size : 0);
	BIO_free(in);
	ERR_clear_error();
	return is_pem;
}

/* OpenPGP: an empty line ends the headers, a line with '=' is the checksum. */
static struct span
without_armour(struct span body)
{
	size_t start = span_find(body, "\n\n", 2, 0), end;

	if (start == SIZE_MAX)
		start = span_find(body, "\r\n\r\n", 4, 0);
	body = start == SIZE_MAX ? body : span_from(body, start + 2);
	end = span_find(body, "\n=", 2, 0);
	return end == SIZE_MAX ? body : span_part(body, 0, end);
}

/* In quotes, escapes or one line. */
static enum status
read_quoted(
    struct job *job, const char *label, struct span body, struct held_key *held, bool *found)
{
	struct arena_mark mark = arena_mark(job->arena);
	struct span base64;
	uint8_t *bytes;

	if (strcmp(label, "PGP PRIVATE KEY BLOCK") == 0)
		body = without_armour(body);
	TRY(strip(job, body, &base64));
	if ((bytes = arena_allocate(job, base64.size + 4)) == NULL)
		return STATUS_LIMIT;
	*found = read_labelled(label, "",
	    (struct span){.at = bytes, .size = key_from_base64(base64, bytes, base64.size + 4)},
	    held);
	arena_release(job->arena, mark);
	return STATUS_OK;
}

enum status
key_read_pem(struct job *job, struct span bytes, struct held_key *held, bool *found)
{
	struct span window = span_part(bytes, 0, bytes.size < MAX_BLOCK ? bytes.size : MAX_BLOCK);
	size_t label_end = span_find(
	    span_part(window, 0, 64 < window.size ? 64 : window.size), "-----", DASHES, BEGIN);
	size_t stop, close;
	char label[MAX_LABEL];
	bool is_pem;

	*held = (struct held_key){0};
	*found = false;
	if (label_end == SIZE_MAX || label_end - BEGIN >= sizeof label)
		return STATUS_OK;
	memcpy(label, window.at + BEGIN, label_end - BEGIN);
	label[label_end - BEGIN] = '\0';
	stop = span_find(window, "-----END ", 9, BEGIN);
	close = stop == SIZE_MAX ? SIZE_MAX : span_find(window, "-----", DASHES, stop + 9);
	if (close == SIZE_MAX)
		return STATUS_OK;
	is_pem = read_strict(span_part(window, 0, close + DASHES), held, found);
	if (!is_pem && span_starts_with(span_from(window, stop + 9), label, strlen(label)))
		TRY(read_quoted(job, label,
		    span_part(window, label_end + DASHES, stop - label_end - DASHES), held, found));
	held->size = is_pem || *found ? close + DASHES : 0;
	return STATUS_OK;
}
