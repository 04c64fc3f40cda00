/* A Mender artifact is a tar that begins with a file saying so; what it is for lies compressed in
 * its header.tar. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/codecs/codec.h"
#include "firmware/settings.h"
#include "firmware/unpack.h"

#define BLOCK 512u
#define MAX_MEMBERS 64u
#define MAX_HEADER ((size_t)1 << 20)
#define MAX_TEXT 64u

struct artifact {
	struct span version, name, device; /* texts of its header */
	bool is_signed;
};

/* Takes the next member of a tar off `rest`; false at its end. */
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

static bool
is(struct span text, const char *string)
{
	return span_equal(text, span_of_string(string));
}

/* The settings of header-info, of artifacts of version 2 and 3. */
static void
read_info(struct job *job, struct span info, struct artifact *artifact)
{
	struct settings settings = {.rest = info};
	enum settings_event event;
	const char *copy;

	copy = arena_string(job, (const char *)info.at, info.size); /* outlives the buffer */
	if (copy == NULL)
		return;
	settings.rest.at = (const uint8_t *)copy;
	while ((event = settings_next(&settings)) != SETTINGS_END) {
		if (event != SETTINGS_VALUE)
			continue;
		if (is(settings.key, "artifact_name") && artifact->name.size == 0)
			artifact->name = settings.value;
		if ((is(settings.key, "device_type") ||
			is(settings.key, "device_types_compatible")) &&
		    artifact->device.size == 0)
			artifact->device = settings.value;
	}
}

/* Decodes header.tar as its ending says it is packed. */
static void
read_header(struct job *job, struct span name, struct span packed, struct artifact *artifact)
{
	struct buffer buffer = {.limit = MAX_HEADER};
	struct span rest = packed, content;
	enum stream_end end = STREAM_ENDED;
	size_t used;

	if (is(name, "header.tar.gz"))
		end = gzip_decode(packed, &buffer, &used);
	else if (is(name, "header.tar.xz"))
		end = xz_decode(packed, &buffer, &used);
	else if (is(name, "header.tar.zst"))
		end = zstd_decode(packed, &buffer, &used);
	if (buffer.at != NULL)
		rest = buffer_span(&buffer);
	for (unsigned i = 0; i < MAX_MEMBERS && end == STREAM_ENDED; i++) {
		if (!next_member(&rest, &name, &content))
			break;
		if (is(name, "header-info"))
			read_info(job, content, artifact);
	}
	buffer_free(&buffer);
}

static void
read_artifact(struct job *job, struct span at, struct artifact *artifact)
{
	struct span rest = at, name, content;

	for (unsigned i = 0; i < MAX_MEMBERS && next_member(&rest, &name, &content); i++) {
		if (is(name, "version")) {
			struct settings settings = {.rest = content};
			enum settings_event event;

			while ((event = settings_next(&settings)) != SETTINGS_END)
				if (event == SETTINGS_VALUE && is(settings.key, "version"))
					artifact->version = settings.value;
		} else if (is(name, "manifest.sig")) {
			artifact->is_signed = true;
		} else if (span_starts_with(name, "header.tar", 10)) {
			read_header(job, name, content, artifact);
		}
	}
}

static const char *
text_of(struct job *job, struct span bytes)
{
	const char *text = text_from_bytes(job, bytes.at, bytes.size, MAX_TEXT);

	return text == NULL ? "" : text;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	const struct format *tar = format_named("tar");
	struct artifact artifact = {0};

	if (tar == NULL || !span_starts_with(at, "version", 8))
		return;
	tar->measure(job, at, claim);
	if (claim->bytes == 0)
		return;
	read_artifact(job, at, &artifact);
	claim->detail = arena_printf(job, "artifact version %s, \"%s\", for \"%s\", %s%s%s",
	    text_of(job, artifact.version), text_of(job, artifact.name),
	    text_of(job, artifact.device), artifact.is_signed ? "signed" : "not signed",
	    claim->detail == NULL ? "" : ", ", claim->detail == NULL ? "" : claim->detail);
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	return format_named("tar")->extract(job, unpack, container, content);
}

static const struct magic magics[] = {
    {.pattern = "\\{\"format\":\"mender\"", .length = 18, .offset = BLOCK}};

const struct format format_mender = {
    .name = "mender",
    .title = "Mender artifact",
    .source = "mender-artifact Documentation/artifact-format-v2.md and -v3.md",
    .gaps = "signatures and hashes are verified by the collector update_signature",
    .nature = NATURE_ARCHIVE,
    .unproven = true,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
