/* Methods of compression are the codecs of other formats, with a header of their own here and
 * there.
 */
#include "firmware/formats/zip.h"

#define LZMA_HEADER 9u

static enum stream_end
decode_lzma(const struct zip_entry *entry, struct span data, struct buffer *buffer, size_t *used)
{
	struct reader reader = {.rest = data};
	uint16_t size;
	uint8_t properties;
	uint32_t dictionary;
	enum stream_end end;

	read_bytes(&reader, 2); /* version of the packer */
	size = read_u16_le(&reader);
	properties = read_u8(&reader);
	dictionary = read_u32_le(&reader);
	if (reader.overrun || size != 5)
		return STREAM_FOREIGN;
	end = lzma_headless_decode(span_from(data, LZMA_HEADER), properties, dictionary,
	    entry->flags & ZIP_HAS_END_MARK ? UINT64_MAX : entry->size, buffer, used);
	*used += LZMA_HEADER;
	return end;
}

enum zip_result
zip_decode(
    const struct zip_entry *entry, struct span data, struct buffer *buffer, struct span *content)
{
	enum stream_end end = STREAM_ENDED;
	size_t used = 0;

	buffer->size = 0;
	*content = data;
	switch (entry->method) {
	case ZIP_STORED:
		return data.size == entry->size ? ZIP_READ : ZIP_DAMAGED;
	case ZIP_DEFLATED:
		if (!deflate_exactly(data, entry->size, buffer))
			end = STREAM_DAMAGED;
		used = data.size;
		break;
	case ZIP_BZIP2:
		end = bzip2_decode(data, buffer, &used);
		break;
	case ZIP_LZMA:
		end = decode_lzma(entry, data, buffer, &used);
		break;
	case ZIP_ZSTD:
	case ZIP_ZSTD_OLD:
		end = zstd_decode(data, buffer, &used);
		break;
	case ZIP_XZ:
		end = xz_decode(data, buffer, &used);
		break;
	default:
		return ZIP_UNKNOWN_METHOD;
	}
	*content = buffer_span(buffer);
	return end == STREAM_ENDED && used == data.size && content->size == entry->size
		   ? ZIP_READ
		   : ZIP_DAMAGED;
}
