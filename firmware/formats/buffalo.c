/* Buffalo enciphers product, version and image, each under the first byte of what stands before it.
 */
#include <string.h>

#include "base/arena.h"
#include "firmware/header.h"

#define MAGIC_SIZE 6
#define MAX_PRODUCT 32u
#define MAX_VERSION 8u
#define STATE 256u

struct header {
	uint8_t seed;
	struct span product, version; /* enciphered, each with its NUL */
	uint32_t size;
	uint64_t payload;
};

static bool
read_header(struct span at, struct header *header)
{
	struct reader reader = {.rest = at};
	uint32_t size;

	read_bytes(&reader, MAGIC_SIZE);
	header->seed = read_u8(&reader);
	size = read_u32_be(&reader);
	if (size < 2 || size > MAX_PRODUCT)
		return false;
	header->product = read_bytes(&reader, size);
	size = read_u32_be(&reader);
	if (size < 2 || size > MAX_VERSION)
		return false;
	header->version = read_bytes(&reader, size);
	header->size = read_u32_be(&reader);
	header->payload = at.size - reader.rest.size;
	return !reader.overrun && header->size != 0;
}

static bool
is_string(struct span text)
{
	return text.at[text.size - 1] == 0 && header_text_is_good(text);
}

/* RC4 under a seed and the maker's name. */
static void
decipher(uint8_t seed, struct span in, uint8_t *out)
{
	static const char name[] = "Buffalo";
	uint8_t key[sizeof name], state[STATE], i = 0, j = 0;

	key[0] = seed;
	memcpy(key + 1, name, sizeof name - 1);
	for (unsigned n = 0; n < STATE; n++)
		state[n] = (uint8_t)n;
	for (unsigned n = 0, k = 0; n < STATE; n++) {
		uint8_t swap = state[n];

		k = (k + key[n % sizeof key] + swap) % STATE;
		state[n] = state[k];
		state[k] = swap;
	}
	for (size_t n = 0; n < in.size; n++) {
		uint8_t swap;

		i++;
		j = (uint8_t)(j + state[i]);
		swap = state[j];
		state[j] = state[i];
		state[i] = swap;
		out[n] = in.at[n] ^ state[(uint8_t)(state[i] + state[j])];
	}
}

/* A CRC-32 whose input bytes are signed, begun with the length. */
static uint32_t
sum_of(struct span bytes, uint32_t sum)
{
	for (size_t i = 0; i < bytes.size; i++) {
		sum ^= bytes.at[i] | (bytes.at[i] < 0x80 ? 0 : 0xffffff00u);
		for (unsigned bit = 0; bit < 8; bit++)
			sum = sum >> 1 ^ (0xedb88320u & (0u - (sum & 1)));
	}
	return sum;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	uint8_t product[MAX_PRODUCT], version[MAX_VERSION];
	struct reader sum = {0};
	struct header header;
	struct span sealed;
	bool whole, good;

	if (!read_header(at, &header))
		return;
	decipher(header.seed, header.product, product);
	decipher(header.product.at[0], header.version, version);
	if (!is_string((struct span){product, header.product.size}) ||
	    !is_string((struct span){version, header.version.size}))
		return;
	whole = header_claim(claim, at, header.payload + header.size + 4);
	sealed = span_part(at, header.payload, whole ? header.size : at.size - header.payload);
	if (!buffer_reserve(&claim->decoded, sealed.size) || claim->decoded.room < sealed.size) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "an image is larger than the limit when unpacked";
		return;
	}
	decipher(header.version.at[0], sealed, claim->decoded.at);
	claim->decoded.size = sealed.size;
	sum.rest = span_from(at, header.payload + header.size);
	good = sum_of(buffer_span(&claim->decoded), header.size) == read_u32_be(&sum);
	claim->detail = arena_printf(job, "product %s, version %s, under the known key, %s",
	    header_text(job, (struct span){product, header.product.size}),
	    header_text(job, (struct span){version, header.version.size}),
	    !whole ? "cut short"
	    : good ? "sum good"
		   : "sum bad");
}

static const struct magic magics[] = {
    {.pattern = "(start|asar1)\\x00.\\x00\\x00\\x00[\\x02-\\x20]", .length = 11}};

const struct format format_buffalo = {
    .name = "buffalo",
    .title = "Buffalo enciphered image",
    .source = "OpenWrt firmware-utils: buffalo-lib.c",
    .gaps = "the variant with a state as long as the data; the tag before the image is a gap",
    .nature = NATURE_STREAM,
    .unproven = true,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
};
