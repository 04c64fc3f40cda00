/* ar is what static libraries and Debian packages are made of; here it is any other. */
#include "firmware/ar.h"

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct ar_member member;
	bool cut = false;
	size_t count = 0;
	struct ar ar;

	(void)job;
	if (!ar_open(&ar, at))
		return;
	while (count < AR_MAX_MEMBERS && ar_next(&ar, &member)) {
		cut |= member.is_cut;
		count++;
	}
	if (count == 0 && !(claim->expected && at.size == ar.place))
		return;
	claim->bytes = ar.place;
	cut |= ar_is_cut(&ar);
	if (cut) {
		claim->coverage = COVERAGE_DAMAGED;
		claim->detail = "cut short";
		claim->incomplete = "the archive is cut short";
	} else if (ar.thin) {
		claim->coverage = COVERAGE_UNSUPPORTED;
		claim->detail = "thin: its members lie beside it";
		claim->incomplete = "the members of a thin archive lie beside it";
	} else if (claim->expected && at.size > ar.place) {
		claim->detail = "other bytes follow the last member";
	}
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	(void)job;
	return ar_extract(unpack, container, content);
}

static const struct magic magics[] = {{.pattern = "!<(arch|thin)>\\x0a", .length = 8}};

const struct format format_ar = {
    .name = "ar",
    .title = "ar archive (GNU, BSD)",
    .source = "FreeBSD ar(5); binutils include/aout/ar.h",
    .gaps = "tables of symbols are passed over; one cut between two members is not known from a "
	    "whole one; thin archives hold no members",
    .nature = NATURE_ARCHIVE,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
