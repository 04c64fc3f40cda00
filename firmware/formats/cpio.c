/* The archive initramfs images and many packages are made of; newc.c reads it. */
#include "firmware/newc.h"

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	return newc_extract(job, unpack, container, content, NULL);
}

static const struct magic magics[] = {{.pattern = "07070[12]", .length = 6}};

const struct format format_cpio = {
    .name = "cpio",
    .title = "cpio archive, newc and newc with sums",
    .source = "Linux Documentation/driver-api/early-userspace/buffer-format.rst",
    .gaps = "the binary and the portable ASCII (odc) headers",
    .nature = NATURE_ARCHIVE,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = newc_measure,
    .extract = extract,
};
