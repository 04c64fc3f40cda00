/* ar came before long names and has no end: three ways to name a member, and it ends where no
 * header follows. */
#include "firmware/ar.h"

#include <string.h>

#include "firmware/archive.h"

#define HEADER_SIZE 60u
#define MAGIC_SIZE 8u

bool
ar_open(struct ar *ar, struct span whole)
{
	*ar = (struct ar){.whole = whole, .place = MAGIC_SIZE};
	ar->thin = span_starts_with(whole, "!<thin>\n", MAGIC_SIZE);
	return ar->thin || span_starts_with(whole, "!<arch>\n", MAGIC_SIZE);
}

/* Digits, then blanks; false for anything else.  An empty field is zero. */
static bool
read_digits(struct reader *reader, size_t size, unsigned base, uint64_t *value)
{
	struct span field = read_bytes(reader, size);
	size_t i = 0;

	*value = 0;
	for (; i < field.size && field.at[i] >= '0' && field.at[i] < '0' + base; i++)
		*value = *value * base + (uint64_t)(field.at[i] - '0');
	for (; i < field.size && field.at[i] == ' ';)
		i++;
	return i == field.size;
}

static struct span
without_end(struct span name, char end)
{
	while (name.size != 0 && name.at[name.size - 1] == ' ')
		name.size--;
	if (name.size > 1 && name.at[name.size - 1] == (uint8_t)end)
		name.size--;
	return name;
}

static struct span
without_zeros(struct span name)
{
	while (name.size != 0 && name.at[name.size - 1] == 0)
		name.size--;
	return name;
}

/* A table of symbols or of names, by its raw name. */
static bool
names_a_table(struct span raw)
{
	return raw.at[0] == '/' &&
	       (raw.at[1] == ' ' || raw.at[1] == '/' || span_starts_with(raw, "/SYM64/ ", 8));
}

/* "/123" is a place in the table of names (GNU), "#1/12" a name of 12 bytes before the content
 * (BSD).
 */
static bool
find_name(const struct ar *ar, struct span raw, struct ar_member *member)
{
	struct reader reader = {.rest = raw};
	uint64_t number;
	size_t end;

	member->name = without_end(raw, '/');
	if (span_starts_with(raw, "#1/", 3)) {
		read_bytes(&reader, 3);
		if (!read_digits(&reader, 13, 10, &number) || number > member->content.size)
			return false;
		member->name = without_zeros(span_part(member->content, 0, number));
		member->content = span_from(member->content, number);
	} else if (raw.at[0] == '/' && !member->is_table) {
		read_bytes(&reader, 1);
		if (!read_digits(&reader, 15, 10, &number) || number >= ar->long_names.size)
			return false;
		member->name = span_from(ar->long_names, number);
		end = span_find(member->name, "\n", 1, 0);
		if (end == SIZE_MAX)
			return false;
		member->name = without_end(span_part(member->name, 0, end), '/');
	}
	if (span_starts_with(member->name, "__.SYMDEF", 9))
		member->is_table = true;
	return member->name.size != 0;
}

bool
ar_next(struct ar *ar, struct ar_member *member)
{
	struct reader reader = {.rest = span_part(ar->whole, ar->place, HEADER_SIZE)};
	struct span raw = read_bytes(&reader, 16), rest = span_from(ar->whole, ar->place);
	uint64_t time, uid, gid, mode, size;

	*member = (struct ar_member){0};
	if (reader.overrun || !read_digits(&reader, 12, 10, &time) ||
	    !read_digits(&reader, 6, 10, &uid) || !read_digits(&reader, 6, 10, &gid) ||
	    !read_digits(&reader, 8, 8, &mode) || !read_digits(&reader, 10, 10, &size) ||
	    !span_starts_with(reader.rest, "`\n", 2))
		return false;
	member->is_table = names_a_table(raw);
	rest = span_from(rest, HEADER_SIZE);
	if (ar->thin && !member->is_table)
		size = 0;
	member->is_cut = size > rest.size;
	member->content = span_part(rest, 0, member->is_cut ? rest.size : size);
	if (!find_name(ar, raw, member))
		return false;
	if (span_starts_with(raw, "//", 2))
		ar->long_names = member->content;
	member->mode = (uint32_t)mode & 07777;
	member->uid = (uint32_t)uid;
	member->gid = (uint32_t)gid;
	ar->place += HEADER_SIZE + (member->is_cut ? rest.size : size);
	/* members begin at even places; the last need not be filled up */
	if (ar->place % 2 != 0 && ar->place < ar->whole.size &&
	    (ar->whole.at[ar->place] == '\n' || ar->place + 1 + HEADER_SIZE <= ar->whole.size))
		ar->place++;
	return true;
}

bool
ar_is_cut(const struct ar *ar)
{
	struct span rest = span_from(ar->whole, ar->place);

	return rest.size != 0 && rest.size < HEADER_SIZE && rest.at[0] > ' ' && rest.at[0] < 0x7f;
}

enum status
ar_extract(struct unpack *unpack, struct node *container, struct span content)
{
	struct archive_tree *tree = archive_tree_new(unpack, container);
	struct ar_member member;
	struct ar ar;

	if (tree == NULL)
		return STATUS_LIMIT;
	if (!ar_open(&ar, content))
		return STATUS_OK;
	for (size_t i = 0; i < AR_MAX_MEMBERS && ar_next(&ar, &member); i++) {
		struct entry entry = {
		    .name = member.name,
		    .type = NODE_FILE,
		    .mode = member.mode,
		    .uid = member.uid,
		    .gid = member.gid,
		};

		if (member.is_table)
			continue;
		if (member.is_cut)
			TRY(unpack_damage(unpack, container,
			    (uint64_t)(member.content.at - content.at), member.content.size,
			    COVERAGE_DAMAGED, "ar: a member is cut short"));
		TRY(archive_tree_add(tree, &entry, member.content));
	}
	if (ar.place < content.size)
		return unpack_damage(unpack, container, ar.place, content.size - ar.place,
		    COVERAGE_DAMAGED, "ar: more than %zu members", AR_MAX_MEMBERS);
	return STATUS_OK;
}
