/* A fault is mended once, however many clauses it fails; so it is told once. */
#include "assess/found.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

struct rows {
	const struct assessment *assessment;
	struct bearing *items;
	size_t count;
};

static int
compare_paths(const char *a, const char *b)
{
	return strverscmp(a == NULL ? "" : a, b == NULL ? "" : b);
}

static int
compare_strings(const char *a, const char *b)
{
	return strcmp(a == NULL ? "" : a, b == NULL ? "" : b);
}

static int
compare_numbers(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

/* What is worst comes first. */
static int
gravity(enum verdict weight)
{
	return weight == VERDICT_FAIL ? 0 : weight == VERDICT_INCONCLUSIVE ? 1 : 2;
}

/* Zero for rows of one group. */
static int
compare_groups(const struct finding *a, const struct finding *b)
{
	enum verdict left = finding_weight(a), right = finding_weight(b);

	if (left != right)
		return gravity(left) - gravity(right);
	return strcmp(a->check, b->check);
}

/* Zero for one row that bears on several rules. */
static int
compare_found(const struct finding *a, const struct finding *b)
{
	int order = compare_groups(a, b);

	if (order == 0)
		order = compare_paths(a->path, b->path);
	if (order == 0)
		order = compare_numbers(a->offset, b->offset);
	if (order == 0)
		order = compare_strings(a->place, b->place);
	if (order == 0)
		order = compare_strings(a->detail, b->detail);
	return order != 0 ? order : compare_numbers(a->fact, b->fact);
}

static int
compare_rows(const void *left, const void *right)
{
	const struct bearing *a = left, *b = right;
	int order = compare_found(a->finding, b->finding);

	if (order == 0) /* both are of one array */
		order = (a->requirement > b->requirement) - (a->requirement < b->requirement);
	if (order == 0)
		order = (a->rule > b->rule) - (a->rule < b->rule);
	return order != 0 ? order : strcmp(a->finding->id, b->finding->id);
}

static enum status
gather(struct job *job, struct rows *rows,
    bool (*wanted)(const void *context, const struct finding *finding), const void *context)
{
	const struct assessment *assessment = rows->assessment;
	size_t room = 0;

	for (size_t i = 0; i < assessment->requirement_count; i++)
		for (size_t j = 0; j < assessment->requirements[i].rule_count; j++)
			room += assessment->requirements[i].rules[j].finding_count;
	rows->items = arena_array(job, room, sizeof *rows->items);
	if (rows->items == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < assessment->requirement_count; i++)
		for (size_t j = 0; j < assessment->requirements[i].rule_count; j++) {
			const struct requirement_result *result = &assessment->requirements[i];
			const struct rule_result *rule = &result->rules[j];

			for (size_t k = 0; k < rule->finding_count; k++) {
				const struct finding *finding = &rule->findings[k];

				if (finding->check != NULL && wanted(context, finding))
					rows->items[rows->count++] =
					    (struct bearing){result, rule, finding};
			}
		}
	if (rows->count > 1)
		qsort(rows->items, rows->count, sizeof *rows->items, compare_rows);
	return STATUS_OK;
}

static enum status
list_requirements(
    struct job *job, const struct rows *rows, size_t from, size_t to, struct found_group *group)
{
	const struct assessment *assessment = rows->assessment;
	const struct requirement_result **list =
	    arena_array(job, assessment->requirement_count, sizeof *list);

	if (list == NULL)
		return STATUS_LIMIT;
	for (size_t i = from; i < to; i++)
		list[rows->items[i].requirement - assessment->requirements] =
		    rows->items[i].requirement;
	for (size_t i = 0; i < assessment->requirement_count; i++) {
		if (list[i] == NULL)
			continue;
		group->mandatory_count += list[i]->requirement->mandatory;
		list[group->requirement_count++] = list[i];
	}
	group->requirements = list;
	return STATUS_OK;
}

static enum status
make_group(
    struct job *job, const struct rows *rows, size_t from, size_t to, struct found_group *group)
{
	const struct bearing *items = rows->items;
	struct found *found = arena_array(job, to - from, sizeof *found);

	if (found == NULL)
		return STATUS_LIMIT;
	*group = (struct found_group){.check = items[from].finding->check,
	    .weight = finding_weight(items[from].finding),
	    .found = found};
	for (size_t i = from; i < to; i++) {
		if (i == from || compare_found(items[i - 1].finding, items[i].finding) != 0)
			found[group->found_count++].bearings = &items[i];
		found[group->found_count - 1].bearing_count++;
	}
	return list_requirements(job, rows, from, to, group);
}

static int
compare_gravity(const void *left, const void *right)
{
	const struct found_group *a = left, *b = right;

	if (a->weight != b->weight)
		return gravity(a->weight) - gravity(b->weight);
	if (a->mandatory_count != b->mandatory_count)
		return a->mandatory_count < b->mandatory_count ? 1 : -1;
	return strcmp(a->check, b->check);
}

/* What a check found, while it is held against what others did. */
struct claim {
	struct found_group *group;
	struct found *found;
	const struct finding *first;
};

/* Zero for the same said of the same. */
static int
compare_claims(const struct claim *a, const struct claim *b)
{
	int order = compare_numbers(a->first->fact, b->first->fact);

	if (order == 0)
		order = compare_strings(a->first->detail, b->first->detail);
	if (order == 0)
		order = compare_numbers(a->group->weight, b->group->weight);
	return order != 0 ? order : compare_numbers(a->first->verdict, b->first->verdict);
}

static int
compare_claim_rows(const void *left, const void *right)
{
	const struct claim *a = left, *b = right;
	int order = compare_claims(a, b);

	if (order == 0) /* both are of one array */
		order = (a->group > b->group) - (a->group < b->group);
	return order != 0 ? order : (a->found > b->found) - (a->found < b->found);
}

static bool
bears_on(const struct found_group *group, const struct requirement_result *requirement)
{
	for (size_t i = 0; i < group->requirement_count; i++)
		if (group->requirements[i] == requirement)
			return true;
	return false;
}

static enum status
join(struct job *job, const struct claim *into, const struct claim *from)
{
	size_t count = into->found->bearing_count, more = from->found->bearing_count;
	struct bearing *both;

	for (size_t i = 0; i < more; i++)
		if (!bears_on(into->group, from->found->bearings[i].requirement))
			return STATUS_OK;
	both = arena_array(job, count + more, sizeof *both);
	if (both == NULL)
		return STATUS_LIMIT;
	memcpy(both, into->found->bearings, count * sizeof *both);
	memcpy(both + count, from->found->bearings, more * sizeof *both);
	*into->found = (struct found){both, count + more};
	from->found->bearing_count = 0;
	return STATUS_OK;
}

/* Nothing that was joined to something earlier stays, and no group of nothing. */
static void
drop_joined(struct found_group *groups, size_t *count)
{
	size_t kept_groups = 0;

	for (size_t i = 0; i < *count; i++) {
		struct found_group group = groups[i];
		size_t kept = 0;

		for (size_t j = 0; j < group.found_count; j++)
			if (group.found[j].bearing_count != 0)
				group.found[kept++] = group.found[j];
		group.found_count = kept;
		if (kept != 0)
			groups[kept_groups++] = group;
	}
	*count = kept_groups;
}

static enum status
join_groups(struct job *job, struct found_group *groups, size_t *count)
{
	struct claim *claims;
	size_t room = 0, all = 0;

	for (size_t i = 0; i < *count; i++)
		room += groups[i].found_count;
	claims = arena_array(job, room, sizeof *claims);
	if (claims == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < *count; i++)
		for (size_t j = 0; j < groups[i].found_count; j++)
			if (found_first(&groups[i].found[j])->fact != 0)
				claims[all++] = (struct claim){&groups[i], &groups[i].found[j],
				    found_first(&groups[i].found[j])};
	if (all > 1)
		qsort(claims, all, sizeof *claims, compare_claim_rows);
	for (size_t first = 0, i = 1; i < all; i++) {
		if (compare_claims(&claims[first], &claims[i]) != 0)
			first = i;
		else if (claims[i].group != claims[first].group)
			TRY(join(job, &claims[first], &claims[i]));
	}
	drop_joined(groups, count);
	return STATUS_OK;
}

enum status
found_collect(struct job *job, const struct assessment *assessment,
    bool (*wanted)(const void *context, const struct finding *finding), const void *context,
    struct found_group **groups, size_t *count)
{
	struct rows rows = {.assessment = assessment};

	*count = 0;
	TRY(gather(job, &rows, wanted, context));
	*groups = arena_array(job, rows.count, sizeof **groups);
	if (*groups == NULL)
		return STATUS_LIMIT;
	for (size_t from = 0, to; from < rows.count; from = to) {
		for (to = from + 1; to < rows.count; to++)
			if (compare_groups(rows.items[from].finding, rows.items[to].finding) != 0)
				break;
		TRY(make_group(job, &rows, from, to, &(*groups)[(*count)++]));
	}
	if (*count > 1)
		qsort(*groups, *count, sizeof **groups, compare_gravity);
	return join_groups(job, *groups, count);
}

const struct finding *
found_first(const struct found *found)
{
	return found->bearings[0].finding;
}
