/*
 * Decompressors: blocks whose size is bounded beforehand, and streams that end by themselves.
 *
 * One library stands behind one file.  Every output has a bound; a decoder
 * that would pass it stops.  None of them reads or writes outside its spans.
 */
#ifndef FIRMWARE_CODECS_CODEC_H
#define FIRMWARE_CODECS_CODEC_H

#include "base/span.h"

/* Growing bytes outside any arena, at most `limit`; buffer_free lets them go. */
struct buffer {
	uint8_t *at;
	size_t size;
	size_t room;
	size_t limit;
};

/* Makes room for at least one and at most `wanted` more bytes; false at the limit or without
 * memory. */
bool buffer_reserve(struct buffer *buffer, size_t wanted);
struct span buffer_span(const struct buffer *buffer);
void buffer_free(struct buffer *buffer);

/* Block decoders, as file systems use them. */
struct codec {
	const char *name;
	/* The library's working memory, kept from block to block; NULL when there is none left. */
	void *(*open)(void);
	void (*close)(void *state);
	/* Decodes the whole of `in` into at most `room` bytes; false when malformed or larger. */
	bool (*block)(void *state, struct span in, uint8_t *out, size_t room, size_t *size);
};

extern const struct codec codec_zlib;    /* RFC 1950 */
extern const struct codec codec_deflate; /* RFC 1951, without any header */
extern const struct codec codec_lzma;    /* LZMA alone, 13-byte header */
/* LZMA as vendors changed it, each block by itself; "endless": without end marks */
extern const struct codec codec_lzma_unsized; /* properties and dictionary, no size */
extern const struct codec codec_lzma_unsized_endless;
extern const struct codec codec_lzma_bare; /* no header: lc 3, lp 0, pb 2 */
extern const struct codec codec_lzma_bare_endless;
extern const struct codec codec_lzma_bare_literal_0; /* no header: lc 0, lp 0, pb 2 */
extern const struct codec codec_lzma_bare_behind_4;  /* four bytes of another nature, then raw */
extern const struct codec codec_lzma_ddwrt;          /* pb, lc, lp and a fourth byte, then raw */
extern const struct codec codec_lzma_sized_first;    /* a size of four bytes, then unsized */
extern const struct codec codec_xz;
extern const struct codec codec_lzo;           /* LZO1X */
extern const struct codec codec_lz4;           /* raw block */
extern const struct codec codec_lz4_beginning; /* the same until there is no room */
extern const struct codec codec_zstd;
/* As JFFS2 uses them: `room` is the size of what comes out. */
extern const struct codec codec_rtime;
extern const struct codec codec_rubin;    /* with fixed or given probabilities */
extern const struct codec codec_lzma_raw; /* no header: lc, lp and pb are zero */

/* One thread's states of all codecs, opened when first used. */
enum { CODEC_COUNT = 24 };
struct codec_states {
	const struct codec *codec[CODEC_COUNT];
	void *state[CODEC_COUNT];
};

bool codec_decode(struct codec_states *states, const struct codec *codec, struct span in,
    uint8_t *out, size_t room, size_t *size);
void codec_states_close(struct codec_states *states);

/* How a stream ended. */
enum stream_end {
	STREAM_ENDED,   /* at its own end mark, checksums good */
	STREAM_CUT,     /* the input ended first */
	STREAM_DAMAGED, /* the bytes are not what they should be */
	STREAM_LIMIT,   /* larger than the buffer may grow */
	STREAM_FOREIGN, /* not such a stream at all */
};

/*
 * Decodes the stream that begins at in.at, with those that follow it without a
 * gap where the format allows that.  `*used` is how many bytes of `in` it took
 * (a lower bound unless STREAM_ENDED).
 */
enum stream_end gzip_decode(struct span in, struct buffer *out, size_t *used);
enum stream_end bzip2_decode(struct span in, struct buffer *out, size_t *used);
enum stream_end xz_decode(struct span in, struct buffer *out, size_t *used);
enum stream_end lzma_decode(struct span in, struct buffer *out, size_t *used);
enum stream_end zstd_decode(struct span in, struct buffer *out, size_t *used);
enum stream_end lz4_frame_decode(struct span in, struct buffer *out, size_t *used);
enum stream_end lz4_legacy_decode(struct span in, struct buffer *out, size_t *used);
enum stream_end lzip_decode(struct span in, struct buffer *out, size_t *used);
enum stream_end lzop_decode(struct span in, struct buffer *out, size_t *used);
/* The .Z of compress has no end mark: it ends with `in`. */
enum stream_end lzw_decode(struct span in, struct buffer *out, size_t *used);
/*
 * Both are STREAM_FOREIGN where the first bytes make no sense, found at little
 * cost, and STREAM_DAMAGED, with nothing kept, where later ones do not.
 */
enum stream_end zlib_decode(struct span in, struct buffer *out, size_t *used);
enum stream_end deflate_decode(struct span in, struct buffer *out, size_t *used);
/* The whole of `in` as bare deflate of a known size, over what `out` holds; false when it is not.
 */
bool deflate_exactly(struct span in, uint64_t size, struct buffer *out);
/* LZMA1 whose properties, dictionary and size (UINT64_MAX: unknown) stand elsewhere. */
enum stream_end lzma_headless_decode(struct span in, uint8_t properties, uint32_t dictionary,
    uint64_t size, struct buffer *out, size_t *used);

/* AES in CBC mode without padding, key of 16 or 32 bytes; false at the limit, or when `in` is no
 * whole number of blocks. */
bool aes_cbc_decode(struct span key, struct span iv, struct span in, struct buffer *out);

/*
 * The compression of UEFI (specification 2.10, chapter 19), and Tiano's, with a
 * larger window.  Both say how much they hold; 0: they are none.
 */
enum efi_variant { EFI_STANDARD, EFI_TIANO };
uint32_t efi_decoded_size(struct span in);
/* `room` is the size they say. */
bool efi_decode(struct span in, enum efi_variant variant, uint8_t *out, size_t room);

/* Undoes what "LZMA86" and "BCJ x86" do before they compress, in place. */
void x86_branch_decode(uint8_t *bytes, size_t size);

/* CRC-32 (IEEE 802.3) of bytes, going on from `seed`: 0 to begin. */
uint32_t crc32_of(uint32_t seed, struct span bytes);
/* Adler-32 (RFC 1950) of bytes. */
uint32_t adler32_of(struct span bytes);

#endif
