/* A password's digest is bound to a nonce and a time, so that it can be used once: if the unit
 * remembers. */
#include "device/soap.h"

#include <openssl/evp.h>
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/text.h"
#include "base/xml.h"

#define NONCE_SIZE 16
#define WORDS_MAX 200

static const char security[] =
    "<s:Header><Security s:mustUnderstand=\"1\" "
    "xmlns=\"http://docs.oasis-open.org/wss/2004/01/"
    "oasis-200401-wss-wssecurity-secext-1.0.xsd\"><UsernameToken><Username>%s</Username>"
    "<Password Type=\"http://docs.oasis-open.org/wss/2004/01/"
    "oasis-200401-wss-username-token-profile-1.0#PasswordDigest\">%s</Password>"
    "<Nonce EncodingType=\"http://docs.oasis-open.org/wss/2004/01/"
    "oasis-200401-wss-soap-message-security-1.0#Base64Binary\">%s</Nonce>"
    "<Created xmlns=\"http://docs.oasis-open.org/wss/2004/01/"
    "oasis-200401-wss-wssecurity-utility-1.0.xsd\">%s</Created></UsernameToken></Security>"
    "</s:Header>";

const char *
soap_envelope(struct job *job, const char *header, const char *body)
{
	return arena_printf(job,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
	    "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\">%s<s:Body>%s</s:Body>"
	    "</s:Envelope>",
	    header, body);
}

static const char *
base64(struct job *job, struct span bytes)
{
	char *out = arena_allocate(job, bytes.size * 2 + 8);

	if (out != NULL)
		EVP_EncodeBlock((uint8_t *)out, bytes.at, (int)bytes.size);
	return out;
}

enum status
soap_token_of(struct job *job, struct span nonce, const char *user, const char *password,
    const char *created, const char **header)
{
	struct text input = text_new(job), out = text_new(job);
	uint8_t digest[EVP_MAX_MD_SIZE];
	const char *name = xml_escape(job, user), *nonce_text = base64(job, nonce), *digest_text;
	unsigned size = 0;

	text_put_bytes(&input, nonce.at, nonce.size);
	text_put(&input, created);
	text_put(&input, password);
	if (input.failed || name == NULL || nonce_text == NULL)
		return STATUS_LIMIT;
	if (EVP_Digest(input.at, input.size, digest, &size, EVP_sha1(), NULL) != 1)
		return fail(job, STATUS_FAULT, "libcrypto: SHA-1 failed");
	digest_text = base64(job, (struct span){digest, size});
	if (digest_text == NULL)
		return STATUS_LIMIT;
	text_printf(&out, security, name, digest_text, nonce_text, created);
	return text_finish(&out, header);
}

enum status
soap_username_token(struct job *job, struct target *target, const char *user, const char *password,
    const char *created, const char **header)
{
	uint8_t nonce[NONCE_SIZE];

	TRY(target_random(job, target, nonce, sizeof nonce));
	return soap_token_of(
	    job, (struct span){nonce, sizeof nonce}, user, password, created, header);
}

enum status
soap_message_id(struct job *job, struct target *target, const char **id)
{
	uint8_t bytes[16];
	const char *hex;

	TRY(target_random(job, target, bytes, sizeof bytes));
	bytes[6] = (uint8_t)((bytes[6] & 0x0f) | 0x40);
	bytes[8] = (uint8_t)((bytes[8] & 0x3f) | 0x80);
	hex = hex_of_bytes(job, (struct span){bytes, sizeof bytes});
	if (hex == NULL)
		return STATUS_LIMIT;
	*id = arena_printf(
	    job, "urn:uuid:%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
	return *id == NULL ? STATUS_LIMIT : STATUS_OK;
}

/* ---- answers ---- */

static bool
mentions(const char *text, const char *word)
{
	return text != NULL && strcasestr(text, word) != NULL;
}

/* The innermost code of a fault: Subcode within Subcode says more than Sender. */
static const char *
fault_code(struct job *job, const struct markup *markup, size_t fault)
{
	const char *code = NULL;
	size_t value = MARKUP_NONE;

	for (unsigned i = 0; i < 4; i++) {
		const char *words;

		value = markup_find(markup, fault, "Value", value);
		if (value == MARKUP_NONE)
			break;
		words = markup_text(job, markup, value, WORDS_MAX);
		if (words != NULL && words[0] != '\0')
			code = words;
	}
	return code != NULL ? code : markup_text_of(job, markup, fault, "faultcode", WORDS_MAX);
}

static enum status
read_fault(struct job *job, size_t fault, struct soap_answer *answer)
{
	const char *code = fault_code(job, &answer->markup, fault);
	const char *text = markup_text_of(job, &answer->markup, fault, "Text", WORDS_MAX);

	if (text == NULL)
		text = markup_text_of(job, &answer->markup, fault, "faultstring", WORDS_MAX);
	answer->is_fault = true;
	answer->not_authorized =
	    mentions(code, "NotAuthorized") || mentions(code, "FailedAuthentication") ||
	    mentions(code, "InvalidSecurity") || mentions(text, "not authorized") ||
	    mentions(text, "NotAuthorized") || mentions(text, "unauthorized") ||
	    mentions(text, "authority failure");
	answer->reason =
	    arena_printf(job, "%s %s", code == NULL ? "?" : code, text == NULL ? "" : text);
	return answer->reason == NULL ? STATUS_LIMIT : STATUS_OK;
}

enum status
soap_read(struct job *job, struct span bytes, struct soap_answer *answer)
{
	size_t body;

	*answer = (struct soap_answer){.body = MARKUP_NONE};
	TRY(markup_read(job, bytes, &answer->markup));
	if (strcmp(answer->markup.elements[0].name, "Envelope") != 0)
		return fail(job, STATUS_MALFORMED, "soap: no envelope");
	body = markup_find(&answer->markup, 0, "Body", MARKUP_NONE);
	if (body == MARKUP_NONE || body + 1 >= answer->markup.elements[body].end)
		return fail(job, STATUS_MALFORMED, "soap: an envelope without body");
	answer->body = body + 1;
	if (strcmp(answer->markup.elements[answer->body].name, "Fault") == 0)
		return read_fault(job, answer->body, answer);
	return STATUS_OK;
}
