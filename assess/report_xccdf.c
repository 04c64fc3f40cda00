/* A TestResult never says notchecked: in XCCDF "pass AND notchecked" is a pass, so what nobody
 * decided is unknown. */
#include "assess/report_text.h"

#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/xml.h"

#define XCCDF_SPACE "http://checklists.nist.gov/xccdf/1.2"
#define DEPTH_MAX 16      /* groups within groups, checks within checks */
#define MESSAGES_MAX 1000 /* findings told of one rule; the JSON form has all */

struct writer {
	struct job *job;
	const struct assessment *assessment;
	struct text out;
	char time[32];
};

static void
put_escaped(struct writer *writer, const char *string)
{
	const char *clean = report_clean(writer->job, string);
	const char *escaped = clean ? xml_escape(writer->job, clean) : NULL;

	if (!escaped)
		writer->out.failed = true;
	else
		text_put(&writer->out, escaped);
}

static void
put_attribute(struct writer *writer, const struct xml_node *node, const char *name)
{
	const char *value = node ? xml_attribute(writer->job, node, name) : NULL;

	if (!value)
		return;
	text_printf(&writer->out, " %s=\"", name);
	put_escaped(writer, value);
	text_put(&writer->out, "\"");
}

static const char *
result_word(enum verdict verdict)
{
	static const char *const words[] = {
	    [VERDICT_PASS] = "pass",
	    [VERDICT_FAIL] = "fail",
	    [VERDICT_INCONCLUSIVE] = "unknown",
	    [VERDICT_NOT_APPLICABLE] = "notapplicable",
	};

	return words[verdict];
}

/* The Rule of that id, in groups to a bounded depth. */
static const struct xml_node *
find_rule(struct job *job, const struct xml_node *parent, const char *id, int depth)
{
	for (const struct xml_node *node = xml_child(parent, NULL); node;
	     node = xml_next(node, NULL)) {
		const char *name = xml_local_name(node);
		const struct xml_node *found = NULL;

		if (strcmp(name, "Rule") == 0) {
			const char *own = xml_attribute(job, node, "id");

			found = own && strcmp(own, id) == 0 ? node : NULL;
		} else if (strcmp(name, "Group") == 0 && depth > 0) {
			found = find_rule(job, node, id, depth - 1);
		}
		if (found)
			return found;
	}
	return NULL;
}

static void
put_check(struct writer *writer, const struct xml_node *check)
{
	text_put(&writer->out, "<check");
	put_attribute(writer, check, "system");
	put_attribute(writer, check, "negate");
	put_attribute(writer, check, "selector");
	text_put(&writer->out, ">");
	for (const struct xml_node *content = xml_child(check, "check-content-ref"); content;
	     content = xml_next(content, "check-content-ref")) {
		text_put(&writer->out, "<check-content-ref");
		put_attribute(writer, content, "href");
		put_attribute(writer, content, "name");
		text_put(&writer->out, "/>");
	}
	text_put(&writer->out, "</check>\n");
}

/* The rule's checks as the benchmark joins and names them; settings and contents stay there. */
static void
put_checks(struct writer *writer, const struct xml_node *parent, int depth)
{
	for (const struct xml_node *node = xml_child(parent, NULL); node;
	     node = xml_next(node, NULL)) {
		if (strcmp(xml_local_name(node), "check") == 0)
			put_check(writer, node);
		if (strcmp(xml_local_name(node), "complex-check") != 0 || depth == 0)
			continue;
		text_put(&writer->out, "<complex-check");
		put_attribute(writer, node, "operator");
		put_attribute(writer, node, "negate");
		text_put(&writer->out, ">\n");
		put_checks(writer, node, depth - 1);
		text_put(&writer->out, "</complex-check>\n");
	}
}

static void
put_message(struct writer *writer, const char *severity, const char *words)
{
	text_printf(&writer->out, "<message severity=\"%s\">", severity);
	put_escaped(writer, words);
	text_put(&writer->out, "</message>\n");
}

static const char *
severity_of(const struct finding *finding)
{
	enum verdict weight = finding_weight(finding);

	return weight == VERDICT_FAIL ? "error" : weight == VERDICT_PASS ? "info" : "warning";
}

/* How to mend what a check failed, once a check. */
static void
put_remedies(struct writer *writer, const struct rule_result *rule)
{
	for (size_t from = 0, to; from < rule->finding_count; from = to) {
		const char *claim, *remedy, *source;
		bool failed = false;

		to = finding_group_end(rule, from);
		for (size_t i = from; i < to; i++)
			failed |= finding_weight(&rule->findings[i]) == VERDICT_FAIL;
		if (failed && rule->findings[from].check &&
		    check_texts(
			writer->assessment, rule->findings[from].check, &claim, &remedy, &source))
			put_message(writer, "info",
			    arena_printf(writer->job, "%s: not met: %s remedy: %s",
				rule->findings[from].check, claim, remedy));
	}
}

static void
put_messages(struct writer *writer, const struct rule_result *rule)
{
	size_t told = 0, left_out = 0;

	if (rule->reason && *rule->reason)
		put_message(writer, "info", rule->reason);
	for (size_t i = 0; i < rule->finding_count; i++) {
		if (rule->findings[i].verdict == VERDICT_PASS)
			continue;
		if (told++ < MESSAGES_MAX)
			put_message(writer, severity_of(&rule->findings[i]),
			    report_finding_line(writer->job, &rule->findings[i]));
		else
			left_out++;
	}
	if (left_out > 0)
		put_message(
		    writer, "info", arena_printf(writer->job, "%zu more findings", left_out));
	put_remedies(writer, rule);
}

static void
put_rule_result(
    struct writer *writer, const struct xml_node *benchmark, const struct rule_result *rule)
{
	const struct xml_node *node = find_rule(writer->job, benchmark, rule->rule->id, DEPTH_MAX);

	text_put(&writer->out, "<rule-result idref=\"");
	put_escaped(writer, rule->rule->id);
	text_put(&writer->out, "\"");
	put_attribute(writer, node, "role");
	put_attribute(writer, node, "severity");
	put_attribute(writer, node, "weight");
	text_printf(&writer->out, " time=\"%s\">\n<result>%s</result>\n", writer->time,
	    result_word(rule->verdict));
	put_messages(writer, rule);
	if (node)
		put_checks(writer, node, DEPTH_MAX);
	text_put(&writer->out, "</rule-result>\n");
}

static void
put_fact(struct writer *writer, const char *name, size_t number, const char *value)
{
	if (!value)
		return;
	text_printf(&writer->out, "<fact name=\"urn:hopquy:subject:%zu:%s\" type=\"string\">",
	    number, name);
	put_escaped(writer, value);
	text_put(&writer->out, "</fact>\n");
}

static void
put_digest(struct writer *writer, const char *name, const struct digest *digest)
{
	char hex[DIGEST_HEX_SIZE];

	digest_to_hex(digest, hex);
	text_printf(&writer->out, "<fact name=\"urn:hopquy:input:%s\" type=\"string\">%s</fact>\n",
	    name, hex);
}

static void
put_target(struct writer *writer)
{
	const struct kind_description *kind = &fact_kinds[FACT_subject];
	const struct assessment *assessment = writer->assessment;

	text_put(&writer->out, "<target>");
	put_escaped(writer, report_product(writer->job, assessment, "product without a name"));
	text_put(&writer->out, "</target>\n<target-facts>\n");
	for (size_t i = 0; i < assessment->subject_count; i++)
		for (size_t j = 0; j < kind->field_count; j++)
			if (kind->fields[j].type == FIELD_TEXT)
				put_fact(writer, kind->fields[j].name, i + 1,
				    fact_get_text(&assessment->subjects[i], &kind->fields[j]));
	put_digest(writer, "evidence", &assessment->evidence);
	put_digest(writer, "profile", &assessment->profile->digest);
	put_digest(writer, "catalogue", &assessment->catalogue_digest);
	put_digest(writer, "reference", &assessment->reference);
	put_digest(writer, "vulnerability", &assessment->vulnerability);
	text_put(&writer->out, "</target-facts>\n");
}

/* Mandatory rules that pass, of those that apply: recommendations are unscored. */
static void
put_score(struct writer *writer)
{
	const struct assessment *assessment = writer->assessment;
	size_t passed = 0, maximum = 0;

	for (size_t i = 0; i < assessment->requirement_count; i++) {
		const struct requirement_result *result = &assessment->requirements[i];

		for (size_t j = 0; j < result->rule_count && result->requirement->mandatory; j++) {
			maximum += result->rules[j].verdict != VERDICT_NOT_APPLICABLE;
			passed += result->rules[j].verdict == VERDICT_PASS;
		}
	}
	text_printf(&writer->out,
	    "<score system=\"urn:xccdf:scoring:flat-unweighted\" maximum=\"%zu\">%zu</score>\n",
	    maximum, passed);
}

/* "xccdf_org.example_benchmark_x" → "xccdf_org.example_testresult_". */
static enum status
result_id_prefix(struct job *job, const struct xml_node *benchmark, const char **prefix)
{
	const char *id = xml_attribute(job, benchmark, "id");
	const char *end = id ? strstr(id, "_benchmark_") : NULL;

	if (job->reason[0])
		return STATUS_LIMIT;
	if (!end || strncmp(id, "xccdf_", 6) != 0)
		return fail(job, STATUS_MALFORMED,
		    "xccdf: benchmark id is not of the form xccdf_REVERSE.DNS_benchmark_NAME");
	*prefix = arena_printf(job, "%.*s_testresult_", (int)(end - id), id);
	return *prefix ? STATUS_OK : STATUS_LIMIT;
}

static enum status
put_head(struct writer *writer, const struct xml_node *benchmark)
{
	const struct assessment *assessment = writer->assessment;
	const struct xml_node *profile = xml_child(benchmark, "Profile");
	const char *prefix = "", *json;
	const struct xml_node *version = xml_child(benchmark, "version");
	struct digest digest;
	char hex[DIGEST_HEX_SIZE];

	TRY(result_id_prefix(writer->job, benchmark, &prefix));
	TRY(report_json(writer->job, assessment, &json));
	TRY(digest_of(writer->job, span_of_string(json), &digest));
	digest_to_hex(&digest, hex);
	text_printf(&writer->out, "<TestResult xmlns=\"" XCCDF_SPACE "\" id=\"");
	put_escaped(writer, prefix);
	text_printf(&writer->out,
	    "%.32s\" start-time=\"%s\" end-time=\"%s\" test-system=\"cpe:/a:hopquy:hopquy:", hex,
	    writer->time, writer->time);
	put_escaped(writer, assessment->program_version);
	text_put(&writer->out, "\" version=\"");
	put_escaped(writer, version ? xml_text(writer->job, version) : "");
	text_put(&writer->out, "\">\n<title>");
	put_escaped(writer, report_choose(assessment->profile->title, LANGUAGE_EN));
	text_printf(&writer->out, ": %s%s</title>\n", verdict_name(assessment->overall),
	    assessment->trial ? " (" TRIAL_BANNER_EN " / " TRIAL_BANNER_VI ")" : "");
	if (profile) {
		text_put(&writer->out, "<profile idref=\"");
		put_escaped(writer, xml_attribute(writer->job, profile, "id"));
		text_put(&writer->out, "\"/>\n");
	}
	return STATUS_OK;
}

static enum status
put_test_result(struct writer *writer, const struct xml_node *benchmark)
{
	const struct assessment *assessment = writer->assessment;

	TRY(put_head(writer, benchmark));
	put_target(writer);
	for (size_t i = 0; i < assessment->requirement_count; i++)
		for (size_t j = 0; j < assessment->requirements[i].rule_count; j++)
			put_rule_result(writer, benchmark, &assessment->requirements[i].rules[j]);
	put_score(writer);
	text_put(&writer->out, "</TestResult>\n");
	return STATUS_OK;
}

/* Where the end tag of the root begins: the last tag of a document whose tail is bare. */
static enum status
find_end(struct job *job, struct span benchmark, size_t *end)
{
	size_t at = benchmark.size;

	while (at > 0 && memchr(" \t\r\n", benchmark.at[at - 1], 4))
		at--;
	if (at == 0 || benchmark.at[at - 1] != '>')
		return fail(
		    job, STATUS_MALFORMED, "xccdf: the benchmark does not end in its end tag");
	while (at > 1 && !(benchmark.at[at - 2] == '<' && benchmark.at[at - 1] == '/'))
		at--;
	if (at <= 1)
		return fail(job, STATUS_MALFORMED, "xccdf: the benchmark has no end tag");
	*end = at - 2;
	return STATUS_OK;
}

static enum status
check_benchmark(struct job *job, const struct xml_node *root)
{
	if (strcmp(xml_local_name(root), "Benchmark") != 0 ||
	    strcmp(xml_namespace(root), XCCDF_SPACE) != 0)
		return fail(job, STATUS_MALFORMED,
		    "xccdf: the root is %s of \"%s\", not an XCCDF 1.2 Benchmark",
		    xml_local_name(root), xml_namespace(root));
	if (xml_child(root, "signature"))
		return fail(
		    job, STATUS_MALFORMED, "xccdf: a signed benchmark cannot take a result");
	return STATUS_OK;
}

/* Comments after the root could have hidden its end tag: the result must be the last child. */
static enum status
check_result(struct job *job, const char *xml)
{
	struct xml_document *document;
	const struct xml_node *last = NULL;
	enum status status = xml_parse(job, span_of_string(xml), "xccdf result", &document);

	if (status != STATUS_OK)
		return status;
	for (const struct xml_node *node = xml_child(xml_root(document), NULL); node;
	     node = xml_next(node, NULL))
		last = node;
	if (!last || strcmp(xml_local_name(last), "TestResult") != 0)
		status =
		    fail(job, STATUS_MALFORMED, "xccdf: the benchmark does not end in its end tag");
	xml_free(document);
	return status;
}

static enum status
write_result(struct writer *writer, struct xml_document *document, struct span benchmark)
{
	size_t end = 0;

	TRY(check_benchmark(writer->job, xml_root(document)));
	TRY(find_end(writer->job, benchmark, &end));
	text_put_bytes(&writer->out, benchmark.at, end);
	TRY(put_test_result(writer, xml_root(document)));
	text_put_bytes(&writer->out, benchmark.at + end, benchmark.size - end);
	return STATUS_OK;
}

enum status
report_xccdf(
    struct job *job, const struct assessment *assessment, struct span benchmark, const char **out)
{
	struct writer writer = {.job = job, .assessment = assessment, .out = text_new(job)};
	struct xml_document *document;
	enum status status;

	text_format_time(assessment->now, writer.time);
	TRY(xml_parse(job, benchmark, "xccdf benchmark", &document));
	job->reason[0] = '\0'; /* only an allocation that failed writes here: an attribute it hid is
				  not absent */
	status = write_result(&writer, document, benchmark);
	xml_free(document);
	if (status != STATUS_OK)
		return status;
	if (job->reason[0])
		return STATUS_LIMIT;
	TRY(text_finish(&writer.out, out));
	return check_result(job, *out);
}
