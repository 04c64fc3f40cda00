/* The kernel is told on its command line what to verify; the same words stand in manuals and in its
 * own help. */
#include <string.h>

#include "firmware/collectors/boot_verification.h"
#include "firmware/reading.h"

#define MAX_LINE ((size_t)1024) /* of a command line, either side of what was sought */

static bool
holds(struct span line, const char *words)
{
	return span_find(line, words, strlen(words), 0) != SIZE_MAX;
}

static bool
holds_word(struct span line, const char *wanted)
{
	struct span word;

	while (word_next(&line, &word))
		if (span_is(word, wanted))
			return true;
	return false;
}

/* The string or line around byte `at`. */
static struct span
line_around(struct span content, size_t at)
{
	size_t begin = at, end = at;

	while (begin > 0 && at - begin < MAX_LINE && content.at[begin - 1] != '\0' &&
	       content.at[begin - 1] != '\n')
		begin--;
	while (end < content.size && end - at < MAX_LINE && content.at[end] != '\0' &&
	       content.at[end] != '\n')
		end++;
	return span_trim(span_part(content, begin, end - begin));
}

static bool
is_hexadecimal(struct span text, size_t least)
{
	size_t i = 0;

	while (i < text.size && ((text.at[i] >= '0' && text.at[i] <= '9') ||
				    ((text.at[i] | 0x20) >= 'a' && (text.at[i] | 0x20) <= 'f')))
		i++;
	return i >= least;
}

/*
 * A parameter with the value that switches it on, in a line that is a command
 * line and not a manual: the same words stand in the kernel's own help.
 */
static bool
read_parameter(struct span content, const struct find *find, size_t length, struct span line,
    struct finding *finding)
{
	const struct span value = span_from(content, find->at + length);

	*finding = (struct finding){.stage = "kernel", .mechanism = "dm-verity", .active = 1};
	switch ((enum sought)find->sought) {
	case VERITY_TABLE:
		return holds(line, " verity ");
	case ROOT_HASH:
		return is_hexadecimal(value, 40);
	case VERITY_DEVICE: /* may be encrypted or logical volumes instead */
		finding->active = UNKNOWN;
		return !holds(line, "dm-mod.create=") &&
		       (holds(line, "verity") || holds_word(line, "ro"));
	case IMA_APPRAISE:
		finding->mechanism = "IMA";
		return span_begins(value, "enforce");
	case IMA_POLICY:
		finding->mechanism = "IMA";
		return holds(line, "root=") &&
		       (span_begins(value, "appraise_tcb") || span_begins(value, "secure_boot") ||
			   span_begins(value, "\"appraise_tcb"));
	case MODULE_ENFORCE:
		finding->mechanism = "module signature";
		return holds(line, "root=") && !span_begins(value, "=0") &&
		       !span_begins(value, "=N");
	case DEVICE_TREE:
	case VERITY_SETUP:
	case OVERLAY:
		break;
	}
	return false;
}

static bool
is_comment(struct span line)
{
	return span_begins(line, "#") || span_begins(line, ";") || span_begins(line, "//");
}

/* In scripts: hash trees that are opened, and file systems laid over what may be verified. */
static bool
read_command(struct span content, const struct find *find, struct finding *finding)
{
	if (!span_begins(content, "#!"))
		return false;
	*finding = (struct finding){.stage = "kernel", .mechanism = "dm-verity", .active = UNKNOWN};
	if (find->sought == VERITY_SETUP)
		return true;
	finding->stage = "root file system";
	finding->mechanism = "overlay";
	return find->sought == OVERLAY;
}

enum status
boot_verification_add_line(struct job *job, struct fact fact, struct span content,
    const struct find *find, size_t length, struct budget *budget, struct evidence *evidence)
{
	struct span line = line_around(content, find->at);
	struct finding finding;

	if (is_comment(line) || (!read_parameter(content, find, length, line, &finding) &&
				    !read_command(content, find, &finding)))
		return STATUS_OK;
	budget->facts--;
	return boot_verification_add(job, fact, &finding, span_text(job, line), evidence);
}
