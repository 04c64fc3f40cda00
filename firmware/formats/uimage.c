/* A uImage is 64 bytes of header before what the boot loader is told is there; some tell it wrong.
 */
#include "firmware/formats/uimage.h"

#include "firmware/unpack.h"

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct uimage image;

	if (uimage_read(at, claim->expected, &image))
		uimage_claim(job, &image, claim);
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	/* LZMA has no magic worth the name: the header's word is needed */
	static const struct hint lzma = {.offset = UIMAGE_HEADER_SIZE, .format = "lzma"};
	struct uimage image;

	if (!uimage_read(content, true, &image))
		return fail(job, STATUS_MALFORMED, "uimage: header cut short");
	return unpack_search(unpack, container, content, UIMAGE_HEADER_SIZE, &lzma,
	    image.compression == UIMAGE_LZMA ? 1 : 0);
}

static const struct magic magics[] = {{.pattern = "\\x27\\x05\\x19\\x56", .length = 4}};

const struct format format_uimage = {
    .name = "uimage",
    .title = "U-Boot legacy image",
    .source = "U-Boot include/image.h, struct legacy_img_hdr",
    .gaps = "none known",
    .nature = NATURE_WRAPPER,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
