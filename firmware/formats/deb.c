/* A Debian package is an ar of three members: its version, what it says of itself, what it
 * installs.
 */
#include "base/arena.h"
#include "firmware/ar.h"
#include "firmware/package.h"

static bool
is_named(const struct ar_member *member, const char *prefix, size_t size)
{
	return span_starts_with(member->name, prefix, size);
}

static void
measure(struct job *job, struct span at, struct claim *claim)
{
	struct ar_member member;
	const char *detail = NULL;
	bool has_control = false, has_data = false, is_signed = false, cut = false;
	size_t count = 0;
	struct ar ar;

	if (!ar_open(&ar, at) || ar.thin)
		return;
	for (; count < AR_MAX_MEMBERS && ar_next(&ar, &member); count++) {
		if (count == 0 && !is_named(&member, "debian-binary", 13))
			return;
		if (is_named(&member, "control.tar", 11) && !has_control) {
			has_control = true;
			detail = package_of_control(job, member.content);
		}
		has_data |= is_named(&member, "data.tar", 8);
		is_signed |= is_named(&member, "_gpg", 4);
		cut |= member.is_cut;
	}
	if (count == 0)
		return;
	claim->bytes = ar.place;
	claim->detail = arena_printf(job, "%s%s%s", detail == NULL ? "package" : detail,
	    is_signed ? ", with a signature" : "", cut ? ", cut short" : "");
	if (!cut && has_control && has_data)
		return;
	claim->coverage = COVERAGE_DAMAGED;
	claim->incomplete = "the package is not whole";
}

static enum status
extract(struct job *job, struct unpack *unpack, struct node *container, struct span content)
{
	(void)job;
	return ar_extract(unpack, container, content);
}

static const struct magic magics[] = {{.pattern = "!<arch>\\x0adebian-binary", .length = 21}};

const struct format format_deb = {
    .name = "deb",
    .title = "Debian package (also OPKG's, where that is an ar)",
    .source = "Debian deb(5)",
    .gaps = "the signatures of debsigs are not verified",
    .nature = NATURE_ARCHIVE,
    .magics = magics,
    .magic_count = ARRAY_SIZE(magics),
    .measure = measure,
    .extract = extract,
};
