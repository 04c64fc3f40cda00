/* Zigbee signs with implicit certificates of curves that no library here has: what stands there is
 * named.  Makers add elements of their own. */
#include "base/arena.h"
#include "firmware/signature.h"

#define MAX_ELEMENTS 64u

enum {
	TAG_SIGNATURE = 1,
	TAG_CERTIFICATE = 2,
	TAG_INTEGRITY = 3,
	TAG_SIGNATURE_2 = 5,
	TAG_CERTIFICATE_2 = 6,
	TAG_MAKER = 0xf000, /* and above: the manufacturer's */
};

#define PAIR_256 64u /* r and s of a curve of 256 bits */

static enum status
say_signed(struct signing *signing, const char *algorithm, int64_t bits, const char *words)
{
	signing->fact.scheme = "ecdsa";
	signing->fact.algorithm = algorithm;
	signing->fact.key_bits = bits;
	signing->fact.present = 1;
	signing->outcome = OUTCOME_NO_KEY;
	signing_say(signing, "%s", words == NULL ? "" : words);
	return STATUS_OK;
}

/* What the elements of a file are. */
struct file {
	uint32_t version;
	uint16_t maker; /* tag of an element of the maker that is as long as a signature */
	bool first, second, sum;
};

static bool
read_file(struct span at, struct file *file)
{
	struct reader reader = {.rest = at};
	uint16_t header_size;

	*file = (struct file){0};
	if (read_u32_le(&reader) != 0x0beef11e)
		return false;
	read_bytes(&reader, 2);
	header_size = read_u16_le(&reader);
	read_bytes(&reader, 6);
	file->version = read_u32_le(&reader);
	reader.rest = span_from(at, header_size);
	for (unsigned i = 0; i < MAX_ELEMENTS && reader.rest.size != 0; i++) {
		uint16_t tag = read_u16_le(&reader);
		uint32_t size = read_u32_le(&reader);

		read_bytes(&reader, size);
		if (reader.overrun)
			break;
		file->first |= tag == TAG_SIGNATURE;
		file->second |= tag == TAG_SIGNATURE_2;
		file->sum |= tag == TAG_INTEGRITY;
		file->maker = tag >= TAG_MAKER && size == PAIR_256 ? tag : file->maker;
	}
	return true;
}

static enum status
read_signature(struct signing *signing)
{
	struct update_signature_fact *fact = &signing->fact;
	struct file file;

	if (!read_file(signing->content, &file))
		return STATUS_OK;
	signing->found = true;
	fact->version = arena_printf(signing->job, "0x%08x", file.version);
	if (fact->version == NULL)
		return STATUS_LIMIT;
	fact->covers = "everything";
	if (file.first || file.second)
		return say_signed(signing, file.second ? "ecdsa-sect283k1" : "ecdsa-sect163k1",
		    file.second ? 283 : 163,
		    "an implicit certificate of the standard's own: not verified here");
	fact->covers = NULL;
	if (file.maker != 0)
		return say_signed(signing, "ecdsa256", 256,
		    arena_printf(signing->job,
			"element 0x%04x of the maker is as long as an ECDSA signature; what it "
			"covers and by which key is not published",
			file.maker));
	fact->present = 0;
	fact->scheme = file.sum ? "checksum" : "none";
	fact->algorithm = file.sum ? "aes-mmo" : NULL;
	signing_say(signing, "no element signs it; what is in the image may carry one of its own");
	return STATUS_OK;
}

const struct signature_kind signature_kind_zigbee = {
    .name = "zigbee",
    .title = "Zigbee OTA: elements with an ECDSA signature and its implicit certificate",
    .source = "Zigbee Cluster Library, 11.4.5 and 11.7",
    .gaps = "named, not verified: sect163k1 and sect283k1 with implicit certificates",
    .formats = {"zigbee_ota"},
    .read = read_signature,
};
