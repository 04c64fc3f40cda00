/* D-Link's "encrpted_img" is a UBI image under AES; the header's first bytes in each erase block
 * are lost to the cipher and known anyway. */
#include <string.h>

#include "base/arena.h"
#include "firmware/header.h"

#define HEADER_SIZE ((uint64_t)16)
#define ERASE_BLOCK ((size_t)0x20000)
#define UBI_SUMMED ((size_t)60)

static const uint8_t ubi_head[16] = {'U', 'B', 'I', '#', 1};

/* Does an erase counter header with a good sum begin here? */
static bool
is_ubi(struct span bytes)
{
	struct reader sum = {.rest = span_from(bytes, UBI_SUMMED)};

	return read_u32_be(&sum) == (uint32_t)~crc32_of(0, span_part(bytes, 0, UBI_SUMMED)) &&
	       !sum.overrun;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	static const char key[] = "he9-4+M!)d6=m~we1,q2a3d1n&2*Z^%8", iv[] = "J%1iQl8$=lm-;8AE";
	struct reader reader = {.rest = span_from(at, 12)};
	uint64_t size = read_u32_be(&reader);
	struct span sealed = span_part(at, HEADER_SIZE, size);
	struct buffer *out = &claim->decoded;

	(void)job;
	if (reader.overrun || size == 0 || (size > at.size && !claim->expected))
		return;
	header_claim(claim, at, HEADER_SIZE + size);
	claim->costly = true;
	if (aes_cbc_decode(span_of_string(key), span_of_string(iv), sealed, out)) {
		for (size_t block = 0; block + sizeof ubi_head <= out->size; block += ERASE_BLOCK)
			memcpy(out->at + block, ubi_head, sizeof ubi_head);
		if (is_ubi(buffer_span(out))) {
			claim->detail = "AES-256 under the known key, UBI inside";
			return;
		}
	}
	claim->coverage = COVERAGE_ENCRYPTED;
	claim->detail = "encrypted under another key";
	claim->incomplete = "a D-Link image is encrypted under a key that is not known";
}

static const struct magic magics[] = {{.pattern = "encrpted_img[\\x00-\\x1f]", .length = 13}};

const struct format format_dlink_encrpted = {
    .name = "dlink_encrpted",
    .title = "D-Link encrypted image (\"encrpted_img\")",
    .source = "unblob: handlers/archive/dlink/encrpted_img.py",
    .gaps = "keys other than the published one; erase blocks other than 128 KiB",
    .nature = NATURE_STREAM,
    .unproven = true,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
};
