/* Beside its entries an archive has room for bytes that no program unpacks: padding, signatures,
 * and whatever somebody hides there. */
#include <string.h>

#include "firmware/formats/zip.h"

#define SMALL 512u /* less is not worth telling */
#define SEAL 24u   /* the size again, and the words */
#define FOOTER 6u

static bool
is_zero(struct span bytes)
{
	for (size_t i = 0; i < bytes.size; i++)
		if (bytes.at[i] != 0)
			return false;
	return true;
}

/* Alignment says to what, in two bytes, and is zeros. */
bool
zip_extra_is_known(struct span extra)
{
	struct reader reader = {.rest = extra};
	size_t unknown = 0;

	while (extra.size >= SMALL && reader.rest.size >= 4 && !is_zero(reader.rest)) {
		uint16_t size;
		struct span field;

		read_bytes(&reader, 2);
		size = read_u16_le(&reader);
		if (size > reader.rest.size)
			return false;
		field = read_bytes(&reader, size);
		unknown += is_zero(span_from(field, 2)) ? 0 : field.size;
	}
	return unknown < SMALL;
}

/* An Android update is signed in the comment: where, is told at its end. */
bool
zip_comment_is_known(struct span comment)
{
	struct reader reader;
	size_t begin, size;
	uint16_t mark;

	if (comment.size < SMALL)
		return true;
	reader = (struct reader){.rest = span_from(comment, comment.size - FOOTER)};
	begin = read_u16_le(&reader);
	mark = read_u16_le(&reader);
	size = read_u16_le(&reader);
	return mark == 0xffff && size == comment.size && begin > FOOTER && begin <= size &&
	       size - begin < SMALL && comment.at[size - begin] == 0x30;
}

/* Signatures of either scheme, stamps of where it comes from, and padding. */
static bool
pair_is_known(uint32_t id, struct span value)
{
	static const uint32_t known[] = {
	    0x7109871a, 0xf05368c0, 0x1b93ad61, 0x2b09189e, 0x6dff800d, 0x504b4453};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (id == known[i])
			return true;
	return value.size < SMALL || is_zero(value);
}

bool
zip_is_signing_block(struct span bytes)
{
	struct span seal = span_from(bytes, bytes.size < SEAL ? 0 : bytes.size - SEAL);
	struct reader reader = {.rest = seal};
	uint64_t size = read_u64_le(&reader);

	if (bytes.size < 8 + SEAL || !span_equal(reader.rest, span_of_string("APK Sig Block 42")) ||
	    size < SEAL || size > bytes.size - 8 ||
	    !is_zero(span_part(bytes, 0, bytes.size - 8 - size)))
		return false;
	reader.rest = span_from(bytes, bytes.size - 8 - size);
	if (read_u64_le(&reader) != size)
		return false;
	while (reader.rest.size > SEAL) {
		uint64_t pair = read_u64_le(&reader);
		uint32_t id = read_u32_le(&reader);

		if (reader.overrun || pair < 4 || reader.rest.size < SEAL ||
		    pair - 4 > reader.rest.size - SEAL ||
		    !pair_is_known(id, read_bytes(&reader, (size_t)pair - 4)))
			return false;
	}
	return reader.rest.size == SEAL;
}
