/* The header's checksum says that it is one, the payload's that it is whole; neither is a
 * signature.
 */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/formats/uimage.h"

#define HEADER_CRC_AT 4

static const char *const systems[] = {"invalid system", "OpenBSD", "NetBSD", "FreeBSD", "4.4BSD",
    "Linux", "SVR4", "Esix", "Solaris", "Irix", "SCO", "Dell", "NCR", "LynxOS", "VxWorks", "pSOS",
    "QNX", "U-Boot", "RTEMS", "ARTOS", "Unity", "INTEGRITY", "OSE", "Plan 9", "OpenRTOS",
    "ARM Trusted Firmware", "TEE", "OpenSBI", "EFI", "ELF"};

static const char *const machines[] = {"invalid machine", "Alpha", "ARM", "x86", "IA64", "MIPS",
    "MIPS64", "PowerPC", "S390", "SuperH", "SPARC", "SPARC64", "M68K", "Nios", "MicroBlaze",
    "Nios II", "Blackfin", "AVR32", "ST200", "sandbox", "NDS32", "OpenRISC", "ARM64", "ARC",
    "x86_64", "Xtensa", "RISC-V"};

static const char *const types[] = {"invalid", "standalone", "kernel", "ramdisk", "multi",
    "firmware", "script", "filesystem", "flat device tree", "Kirkwood boot", "i.MX boot",
    "DaVinci UBL", "OMAP boot", "DaVinci AIS", "kernel at any address", "Freescale PBL", "MXS boot",
    "TI Keystone boot", "Atmel boot", "SoCFPGA boot", "x86 setup", "LPC32xx boot", "loadable",
    "Rockchip boot", "Rockchip SD boot", "Rockchip SPI boot", "Zynq boot", "ZynqMP boot",
    "ZynqMP boot (bif)", "FPGA", "Vybrid boot", "trusted execution environment",
    "firmware with IVT", "TI power management", "STM32 boot", "SoCFPGA boot v1", "MediaTek boot",
    "i.MX8M boot", "i.MX8 boot", "coprocessor", "Allwinner eGON", "Allwinner TOC0",
    "flat device tree in a legacy image"};

static const char *const compressions[] = {"none", "gzip", "bzip2", "lzma", "lzo", "lz4", "zstd"};

#define NAME_OF(names, value) ((value) < ARRAY_SIZE(names) ? (names)[value] : "unknown")

static bool
read_header(struct span at, struct uimage *image)
{
	struct reader reader = {.rest = at};

	read_bytes(&reader, 4); /* magic */
	image->header_crc = read_u32_be(&reader);
	read_bytes(&reader, 4); /* time */
	image->size = read_u32_be(&reader);
	read_bytes(&reader, 8); /* load address, entry point */
	image->data_crc = read_u32_be(&reader);
	image->system = read_u8(&reader);
	image->machine = read_u8(&reader);
	image->type = read_u8(&reader);
	image->compression = read_u8(&reader);
	image->name = read_bytes(&reader, 32);
	return !reader.overrun;
}

/* The header's own checksum, with that field as zero. */
static uint32_t
header_crc(struct span at)
{
	uint8_t copy[UIMAGE_HEADER_SIZE];

	memcpy(copy, at.at, sizeof copy);
	memset(copy + HEADER_CRC_AT, 0, 4);
	return crc32_of(0, (struct span){copy, sizeof copy});
}

/* Values U-Boot knows, with room for those it may learn. */
static bool
is_plausible(const struct uimage *image)
{
	return image->size != 0 && image->system < 40 && image->machine < 40 && image->type < 64 &&
	       image->compression < 16;
}

static bool
begins_like(struct span payload, uint8_t compression)
{
	switch (compression) {
	case 1:
		return span_starts_with(payload, "\x1f\x8b", 2);
	case 2:
		return span_starts_with(payload, "BZh", 3);
	case 4:
		return span_starts_with(payload, "\x89LZO", 4);
	case 5:
		return span_starts_with(payload, "\x04\x22\x4d\x18", 4) ||
		       span_starts_with(payload, "\x02\x21\x4c\x18", 4);
	case 6:
		return span_starts_with(payload, "\x28\xb5\x2f\xfd", 4);
	default:
		return true;
	}
}

bool
uimage_read(struct span at, bool expected, struct uimage *image)
{
	struct span rest = span_from(at, UIMAGE_HEADER_SIZE);

	if (!read_header(at, image))
		return false;
	image->header_good = header_crc(at) == image->header_crc;
	if (!image->header_good && !(expected && is_plausible(image)))
		return false;
	image->whole = image->size <= rest.size;
	image->payload = span_part(rest, 0, image->whole ? image->size : rest.size);
	image->data_good = image->whole && crc32_of(0, image->payload) == image->data_crc;
	return true;
}

void
uimage_claim(struct job *job, const struct uimage *image, struct claim *claim)
{
	const char *name = text_from_bytes(
	    job, image->name.at, strnlen((const char *)image->name.at, image->name.size), 64);
	/* parts of a multi-file image say for themselves what they are */
	bool there = image->type == UIMAGE_MULTI || image->type == UIMAGE_SCRIPT ||
		     begins_like(image->payload, image->compression);

	claim->bytes = UIMAGE_HEADER_SIZE + image->payload.size;
	claim->detail =
	    arena_printf(job, "header crc32 %s, data crc32 %s, %s, %s%s, \"%s\", %s on %s%s",
		image->header_good ? "good" : "bad", image->data_good ? "good" : "bad",
		NAME_OF(types, image->type), NAME_OF(compressions, image->compression),
		there ? "" : " claimed but not there", name == NULL ? "" : name,
		NAME_OF(systems, image->system), NAME_OF(machines, image->machine),
		image->whole ? "" : ", cut short");
	if (!image->whole) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->incomplete = "the payload is cut short";
	}
}
