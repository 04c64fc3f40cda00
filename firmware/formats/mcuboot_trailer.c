/* The last bytes of an MCUboot slot tell whether its image is to be swapped in, and confirmed. */
#include "base/arena.h"
#include "firmware/unpack.h"

#define FIELD 8u
#define MAGIC_AT (3 * FIELD)
#define TRAILER_SIZE (MAGIC_AT + 16)

/* Written in units of at least a field; the rest of each is as erased or all the same. */
static const char *
flag_name(uint8_t flag)
{
	return flag == 1 ? "set" : flag == 0xff || flag == 0 ? "not set" : NULL;
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct reader reader = {.rest = at};
	const char *copied, *confirmed;
	uint8_t swap;

	swap = read_u8(&reader);
	read_bytes(&reader, FIELD - 1);
	copied = flag_name(read_u8(&reader));
	read_bytes(&reader, FIELD - 1);
	confirmed = flag_name(read_u8(&reader));
	read_bytes(&reader, FIELD - 1 + 16);
	if (reader.overrun || copied == NULL || confirmed == NULL)
		return;
	claim->bytes = TRAILER_SIZE;
	claim->detail = arena_printf(job, "end of a slot: swap type %u, copy done %s, image ok %s",
	    swap & 0xfu, copied, confirmed);
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	(void)job;
	(void)unpack;
	(void)container;
	(void)content;
	return STATUS_OK; /* all of it is in the detail */
}

static const struct magic magics[] = {
    {.pattern = "\\x77\\xc2\\x95\\xf3\\x60\\xd2\\xef\\x7f\\x35\\x52\\x50\\x0f\\x2c\\xb6\\x79\\x80",
	.length = 16,
	.offset = MAGIC_AT},
};

const struct format format_mcuboot_trailer = {
    .name = "mcuboot_trailer",
    .title = "End of an MCUboot slot",
    .source = "MCUboot docs/design.md, \"Image trailer\"",
    .gaps = "the progress of a swap that was under way",
    .nature = NATURE_ARCHIVE,
    .unproven = true,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
