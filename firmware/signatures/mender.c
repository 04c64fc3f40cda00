/* A Mender artifact signs its manifest, a list of digests; those of the payload are of what lies
 * compressed in data/NNNN.tar. */
#include <string.h>

#include "base/arena.h"
#include "firmware/base64.h"
#include "firmware/codecs/codec.h"
#include "firmware/reading.h"
#include "firmware/settings.h"
#include "firmware/signature.h"

#define BLOCK 512u
#define MAX_MEMBERS 64u
#define MAX_UNPACKED ((size_t)128 << 20) /* of all payloads: what is larger is not compared */
#define MAX_HEADER ((size_t)1 << 20)
#define MAX_SIGNATURE 1024u
#define LARGEST_MANIFEST ((size_t)256 << 10) /* it is searched for each file */

struct artifact {
	struct signing *signing;
	struct span manifest, signature;
	bool is_signed, augmented;
	size_t budget;
	size_t compared;
	const char *uncovered, *changed, *unread; /* the first member of each kind */
};

static bool
is(struct span text, const char *string)
{
	return span_equal(text, span_of_string(string));
}

static bool
next_member(struct span *rest, struct span *name, struct span *content)
{
	struct span header = span_part(*rest, 0, BLOCK), digits = span_part(header, 124, 12);
	uint64_t size = 0;

	if (header.size == 0 || header.at[0] == 0)
		return false;
	for (size_t i = 0; i < digits.size && digits.at[i] >= '0' && digits.at[i] <= '7'; i++)
		size = size << 3 | (uint64_t)(digits.at[i] - '0');
	*name = span_part(header, 0, strnlen((const char *)header.at, 100));
	*content = span_part(*rest, BLOCK, size);
	if (content->size != size)
		return false;
	*rest = span_from(*rest, BLOCK + ((size + BLOCK - 1) & ~(uint64_t)(BLOCK - 1)));
	return true;
}

/* Is anything left behind the last member that was read? */
static bool
has_more(struct span rest)
{
	return rest.size != 0 && rest.at[0] != 0;
}

static const char *
text_of(struct artifact *artifact, struct span name)
{
	return text_from_bytes(artifact->signing->job, name.at, name.size, 100);
}

/* Compares what is called `folder``name` with its line of the manifest, "DIGEST  NAME". */
static enum status
compare(struct artifact *artifact, const char *folder, struct span name, struct span content)
{
	struct span rest = artifact->manifest, line;
	struct digest digest;
	char hex[DIGEST_HEX_SIZE];

	while (line_next(&rest, &line)) {
		struct span named = span_trim(span_from(line, DIGEST_HEX_SIZE - 1));

		if (!span_begins(named, folder) ||
		    !span_equal(span_from(named, strlen(folder)), name))
			continue;
		TRY(digest_of(artifact->signing->job, content, &digest));
		digest_to_hex(&digest, hex);
		artifact->compared++;
		if (!span_begins(line, hex) && artifact->changed == NULL)
			artifact->changed = text_of(artifact, name);
		return STATUS_OK;
	}
	if (artifact->uncovered == NULL)
		artifact->uncovered = text_of(artifact, name);
	return STATUS_OK;
}

/* The bytes of a tar that may be compressed, as its ending says; false: not read. */
static bool
unpack_tar(struct span name, struct span packed, struct buffer *buffer, struct span *tar)
{
	enum stream_end end = STREAM_ENDED;
	size_t used;

	*tar = packed;
	if (span_ends(name, ".gz"))
		end = gzip_decode(packed, buffer, &used);
	else if (span_ends(name, ".xz"))
		end = xz_decode(packed, buffer, &used);
	else if (span_ends(name, ".zst"))
		end = zstd_decode(packed, buffer, &used);
	else if (!span_ends(name, ".tar"))
		return false;
	if (buffer->at != NULL)
		*tar = buffer_span(buffer);
	return end == STREAM_ENDED;
}

static enum status
compare_payload(struct artifact *artifact, struct span name, struct span packed)
{
	struct buffer buffer = {.limit = artifact->budget};
	const char *folder = arena_printf(
	    artifact->signing->job, "%.9s/", text_of(artifact, name)); /* "data/0000" */
	struct span tar, inner, content;
	enum status status = STATUS_OK;

	if (folder == NULL)
		return STATUS_LIMIT;
	if (!unpack_tar(name, packed, &buffer, &tar)) {
		if (artifact->unread == NULL)
			artifact->unread = text_of(artifact, name);
	} else {
		for (unsigned i = 0;
		     i < MAX_MEMBERS && status == STATUS_OK && next_member(&tar, &inner, &content);
		     i++)
			status = compare(artifact, folder, inner, content);
		if (has_more(tar) && artifact->unread == NULL)
			artifact->unread = text_of(artifact, name);
	}
	artifact->budget -= buffer.at == NULL ? 0 : buffer_span(&buffer).size;
	buffer_free(&buffer);
	return status;
}

/* The name of the artifact, in header-info of header.tar. */
static enum status
read_version(struct artifact *artifact, struct span name, struct span packed)
{
	struct buffer buffer = {.limit = MAX_HEADER};
	struct span tar, inner, content;
	struct signing *signing = artifact->signing;

	for (unsigned i = 0; unpack_tar(name, packed, &buffer, &tar) && i < 1; i++)
		while (next_member(&tar, &inner, &content)) {
			struct settings settings = {.rest = content};
			enum settings_event event;

			while (is(inner, "header-info") &&
			       (event = settings_next(&settings)) != SETTINGS_END)
				if (event == SETTINGS_VALUE && is(settings.key, "artifact_name") &&
				    signing->fact.version == NULL)
					signing->fact.version = text_from_bytes(signing->job,
					    settings.value.at, settings.value.size, 64);
		}
	buffer_free(&buffer);
	return STATUS_OK;
}

static enum status
compare_members(struct artifact *artifact)
{
	struct span rest = artifact->signing->content, name, content;

	for (unsigned i = 0; i < MAX_MEMBERS && next_member(&rest, &name, &content); i++) {
		if (is(name, "manifest") || is(name, "manifest.sig"))
			continue;
		if (span_begins(name, "data/"))
			TRY(compare_payload(artifact, name, content));
		else if (is(name, "manifest-augment") || span_begins(name, "header-augment"))
			artifact->augmented = true;
		else
			TRY(compare(artifact, "", name, content));
		if (span_begins(name, "header.tar"))
			TRY(read_version(artifact, name, content));
	}
	if (has_more(rest) && artifact->unread == NULL)
		artifact->unread = "what is behind its last file";
	return STATUS_OK;
}

static void
say_cover(struct artifact *artifact)
{
	struct signing *signing = artifact->signing;

	signing->fact.covers = "everything";
	if (artifact->unread != NULL) {
		signing->fact.covers = NULL;
		signing->uncompared = artifact->unread;
	}
	if (artifact->uncovered != NULL || artifact->augmented) {
		signing->fact.covers = "part";
		signing_say(signing, "the manifest signed does not hold %s",
		    artifact->uncovered != NULL ? artifact->uncovered : "what augments it");
	}
	if (artifact->changed != NULL)
		signing_say(signing, "%s is not what the manifest signed says", artifact->changed);
}

/* PKCS #1 or, of 64 bytes, r and s of P-256. */
static enum status
try_manifest(struct artifact *artifact, struct trial *trial)
{
	struct signing *signing = artifact->signing;
	uint8_t digest[DIGEST_LARGEST], value[MAX_SIGNATURE];
	struct raw_signature raw = {.digest = DIGEST_SHA256,
	    .value = {value, base64_decode(artifact->signature, value, sizeof value)},
	    .signed_bytes = {
		digest, signing_digest(DIGEST_SHA256, &artifact->manifest, 1, digest)}};
	bool pair = raw.value.size == 64;

	raw.scheme = pair ? SIGN_ECDSA_RAW : SIGN_RSA;
	if (raw.value.size < 64) {
		signing->fact.scheme = "opaque";
		*trial = (struct trial){.outcome = OUTCOME_BAD};
		return STATUS_OK;
	}
	*trial = signing_try(signing, &raw);
	return signing_name(signing, &raw, pair ? 256 : raw.value.size * 8);
}

static void
find_manifest(struct artifact *artifact)
{
	struct span rest = artifact->signing->content, name, content;

	for (unsigned i = 0; i < MAX_MEMBERS && next_member(&rest, &name, &content); i++) {
		if (is(name, "manifest") && artifact->manifest.size == 0)
			artifact->manifest = content;
		else if (is(name, "manifest.sig") && !artifact->is_signed) {
			artifact->signature = span_trim(content);
			artifact->is_signed = true;
		}
	}
}

static enum status
read_signature(struct signing *signing)
{
	struct artifact artifact = {.signing = signing, .budget = MAX_UNPACKED};
	struct trial trial;

	find_manifest(&artifact);
	if (artifact.manifest.size == 0 || artifact.manifest.size > LARGEST_MANIFEST)
		return STATUS_OK;
	signing->found = true;
	TRY(compare_members(&artifact));
	say_cover(&artifact);
	if (!artifact.is_signed) {
		signing->fact.scheme = "checksum";
		signing->fact.algorithm = "sha256";
		signing->fact.present = 0;
		return STATUS_OK;
	}
	TRY(try_manifest(&artifact, &trial));
	if (artifact.changed != NULL)
		trial.outcome = OUTCOME_BAD;
	return signing_conclude(signing, &trial);
}

static bool
begins(struct span head)
{
	return span_starts_with(head, "version", 8);
}

const struct signature_kind signature_kind_mender = {
    .name = "mender",
    .title = "Mender: RSA or ECDSA over the manifest, which holds the digests of the files",
    .source = "mender-artifact Documentation/artifact-format-v3.md; artifact/signer.go",
    .gaps = "payloads of more than 128 MiB are not compared; names of artifacts have no order, "
	    "so that rolling back is not judged",
    .formats = {"mender"},
    .begins = begins,
    .read = read_signature,
};
