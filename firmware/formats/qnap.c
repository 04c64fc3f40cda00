/* QNAP enciphers the first megabyte of a gzip stream; the key is in the footer that says so. */
#include <string.h>

#include "base/arena.h"
#include "firmware/header.h"

#define FOOTER_SIZE ((size_t)74)
#define FIELD_SIZE ((size_t)16)
#define MAX_FOOTERS 64u
#define PAIRS 7u /* of the secret's fifteen bytes, the last is left over */

struct footer {
	uint64_t at;
	uint32_t sealed; /* bytes that are enciphered */
	struct span device, version, date, revision;
};

static bool
read_footer(struct span at, size_t place, struct footer *footer)
{
	struct reader reader = {.rest = span_from(at, place)};

	read_bytes(&reader, 6); /* magic */
	footer->at = place;
	footer->sealed = read_u32_le(&reader);
	footer->device = read_bytes(&reader, FIELD_SIZE);
	footer->version = read_bytes(&reader, FIELD_SIZE);
	footer->date = read_bytes(&reader, FIELD_SIZE);
	footer->revision = read_bytes(&reader, FIELD_SIZE);
	return !reader.overrun && footer->sealed <= place && header_text_is_good(footer->device) &&
	       header_text_is_good(footer->version) && header_text_is_good(footer->date);
}

static bool
find_footer(struct span at, struct footer *footer)
{
	size_t place = 0;

	for (unsigned i = 0; i < MAX_FOOTERS; i++) {
		place = span_find(at, "icpnas", 6, place);
		if (place == SIZE_MAX)
			return false;
		if (read_footer(at, place, footer))
			return true;
		place++;
	}
	return false;
}

/* Both halves of the key stream for each pair of the secret and each value of the running byte. */
struct cipher {
	uint16_t first[256][PAIRS], second[256][PAIRS];
	uint16_t y, z;
	uint8_t running;
};

static void
prepare(struct cipher *cipher, const uint8_t secret[2 * PAIRS])
{
	for (unsigned value = 0; value < 256; value++) {
		uint16_t state = 0;

		for (unsigned i = 0; i < PAIRS; i++) {
			uint8_t high = (uint8_t)(secret[2 * i] ^ value);
			uint8_t low = (uint8_t)(secret[2 * i + 1] ^ value);
			/* bytes above 127 were read as negative, and one less than that */
			uint16_t pair = (uint16_t)((high << 8) + low - (high >= 0x80 ? 0x100 : 0));
			uint16_t x = state ^ pair;

			state = (uint16_t)(0x4e35u * x + 1u);
			cipher->first[value][i] = (uint16_t)(0x15au * x);
			cipher->second[value][i] = state;
		}
	}
}

static uint8_t
next_key(struct cipher *cipher)
{
	uint16_t key = 0;

	for (unsigned i = 0; i < PAIRS; i++) {
		uint16_t before = cipher->y;

		cipher->y = cipher->first[cipher->running][i];
		cipher->z = (uint16_t)(cipher->y + before + 0x4e35u * (cipher->z + i));
		key ^= cipher->second[cipher->running][i] ^ cipher->z;
	}
	return (uint8_t)(key >> 8 ^ key);
}

static bool
decipher(struct job *job, struct span in, const struct footer *footer, struct buffer *out)
{
	static const char name[] = "QNAPNASVERSION";
	struct arena_mark mark = arena_mark(job->arena);
	struct cipher *cipher = arena_allocate(job, sizeof *cipher);

	if (cipher == NULL || !buffer_reserve(out, in.size) || out->room < in.size) {
		arena_release(job->arena, mark);
		return false;
	}
	prepare(cipher, (const uint8_t *)name);
	for (size_t i = 0; i < footer->sealed; i++) {
		out->at[i] = in.at[i] ^ next_key(cipher);
		cipher->running ^= out->at[i];
	}
	memcpy(out->at + footer->sealed, in.at + footer->sealed, in.size - footer->sealed);
	out->size = in.size;
	arena_release(job->arena, mark);
	return true;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct footer footer;
	const char *what;

	claim->tried = true;
	claim->searched = at.size;
	if (!find_footer(at, &footer))
		return;
	claim->bytes = footer.at + FOOTER_SIZE;
	what = arena_printf(job, "%s, version %s of %s", header_text(job, footer.device),
	    header_text(job, footer.version), header_text(job, footer.date));
	if (decipher(job, span_part(at, 0, footer.at), &footer, &claim->decoded) &&
	    span_starts_with(buffer_span(&claim->decoded), "\x1f\x8b", 2)) {
		claim->detail = arena_printf(job, "%s, %u bytes under the known key",
		    what == NULL ? "" : what, footer.sealed);
		return;
	}
	claim->coverage = COVERAGE_ENCRYPTED;
	claim->detail = what;
	claim->incomplete = "a QNAP image is encrypted under a key that is not known";
}

static const struct magic magics[] = {{.pattern = "\\xf5\\x7b\\x47\\x03", .length = 4}};

const struct format format_qnap = {
    .name = "qnap",
    .title = "QNAP NAS image (icpnas)",
    .source = "unblob: handlers/archive/qnap; ulidtko qnap-qts-fw-cryptor.py",
    .gaps = "images of QNAP's switches and routers, which begin otherwise",
    .nature = NATURE_STREAM,
    .unproven = true,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
};
