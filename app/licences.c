/* Packages write licences in words of their own; only what SPDX lists may stand as an expression.
 */
#include "app/licences.h"

#include <string.h>

#include "base/job.h"

#define LONGEST 64

static const char *const identifiers[] = {
#define LICENCE(identifier) identifier,
#include "app/licences.def"
#undef LICENCE
};

static bool
is_known(const char *word, size_t size)
{
	for (size_t i = 0; i < ARRAY_SIZE(identifiers); i++)
		if (strlen(identifiers[i]) == size && memcmp(identifiers[i], word, size) == 0)
			return true;
	return false;
}

static bool
is_operator(const char *word, size_t size)
{
	return (size == 3 && memcmp(word, "AND", 3) == 0) ||
	       (size == 2 && memcmp(word, "OR", 2) == 0) ||
	       (size == 4 && memcmp(word, "WITH", 4) == 0);
}

bool
licence_is_expression(const char *text)
{
	bool wants_operand = true;
	int depth = 0;

	while (*text != '\0') {
		size_t size = strcspn(text, " ()");

		if (*text == '(' || *text == ')') {
			depth += *text == '(' ? 1 : -1;
			if (depth < 0 || (*text == '(') != wants_operand)
				return false;
			size = 1;
		} else if (size != 0) {
			if (size > LONGEST ||
			    !(wants_operand ? is_known(text, size) : is_operator(text, size)))
				return false;
			wants_operand = !wants_operand;
		} else {
			size = 1; /* a blank */
		}
		text += size;
	}
	return !wants_operand && depth == 0;
}
