/* catalogue.def is the only list of formats. */
#include <string.h>

#include "base/arena.h"
#include "firmware/format.h"

#define FORMAT(name) extern const struct format format_##name;
#include "firmware/formats/catalogue.def"
#undef FORMAT

const struct format *const firmware_formats[] = {
#define FORMAT(name) &format_##name,
#include "firmware/formats/catalogue.def"
#undef FORMAT
};
const size_t firmware_format_count = ARRAY_SIZE(firmware_formats);

const struct format *
format_named(const char *name)
{
	for (size_t i = 0; i < firmware_format_count; i++)
		if (strcmp(firmware_formats[i]->name, name) == 0)
			return firmware_formats[i];
	return NULL;
}

void
claim_stream(struct job *job, struct claim *claim, enum stream_end end, size_t used,
    size_t available, const char *detail)
{
	claim->tried = true;
	switch (end) {
	case STREAM_ENDED:
		claim->bytes = used;
		claim->detail = detail;
		return;
	case STREAM_LIMIT:
		claim->incomplete = "a stream is larger than the limit when unpacked";
		break;
	case STREAM_CUT:
		claim->incomplete = "a stream is cut short";
		break;
	case STREAM_DAMAGED:
		claim->incomplete = "a stream is damaged";
		break;
	case STREAM_FOREIGN:
		return;
	}
	if (!claim->expected && end != STREAM_LIMIT && claim->decoded.size < 4096) {
		claim->costly = used == 0; /* how far it came is not known */
		return;                    /* a magic by chance */
	}
	claim->bytes = end == STREAM_DAMAGED && used != 0 ? used : available;
	claim->coverage = COVERAGE_DAMAGED;
	claim->detail = arena_printf(job, "%s%s%s, %zu bytes were unpacked", detail,
	    detail[0] == '\0' ? "" : ", ",
	    end == STREAM_LIMIT ? "limit reached"
	    : end == STREAM_CUT ? "cut short"
				: "broken",
	    claim->decoded.size);
}
