/* The schema says what may stand where; what is left to see here is what stands twice, or refers to
 * nothing. */
#include "profiles/dossier.h"

#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/text.h"
#include "base/xml.h"
#include "profiles/schema.h"

#define ICS_MAX 200
#define IXIT_MAX 5000
#define ENTRIES_MAX 500 /* of one table */
#define CREDENTIALS_MAX 64
#define NAMES_MAX 256 /* aliases, images */

/* TS 103 701 V1.1.1; the file's element is the name without its number. */
static const char *const tables[] = {"1-AuthMech", "2-UserInfo", "3-VulnTypes", "4-Conf",
    "5-VulnMon", "6-SoftComp", "7-UpdMech", "8-UpdProc", "9-ReplSup", "10-SecParam", "11-ComMech",
    "12-NetSecImpl", "13-SoftServ", "14-SecMgmt", "15-Intf", "16-CodeMin", "17-PrivlCtrl",
    "18-AccCtrl", "19-SecDev", "20-SecBoot", "21-PersData", "22-ExtSens", "23-ResMech",
    "24-TelData", "25-DelFunc", "26-UserDec", "27-UserIntf", "28-ExtAPI", "29-InpVal"};

/* Places in `tables` of those that hold coded values: without them no machine can hold the dossier
 * against a product. */
static const size_t coded[] = {0, 6, 9, 10, 12, 14};

struct reading {
	struct job *job;
	const char *name;
	struct evidence evidence;
	struct dossier *dossier;
	int64_t ics_count, ixit_count;
	bool seen[ARRAY_SIZE(tables)];
};

static enum status
wrong(
    const struct reading *reading, const struct xml_node *node, const char *what, const char *which)
{
	return fail(reading->job, STATUS_MALFORMED, "%s:%ld: %s %s", reading->name, xml_line(node),
	    what, which);
}

static enum status
out_of_memory(const struct reading *reading)
{
	return fail(reading->job, STATUS_LIMIT, "%s: no memory left", reading->name);
}

/* White space as one blank, none at the ends: what the schema looked at. */
static const char *
collapse(struct job *job, const char *text)
{
	char *out = text == NULL ? NULL : arena_copy_string(job, text);
	size_t size = 0;

	if (out == NULL)
		return NULL;
	for (const char *at = text; *at != '\0'; at++) {
		bool blank = strchr(" \t\r\n", *at) != NULL;

		if (!blank)
			out[size++] = *at;
		else if (size > 0 && out[size - 1] != ' ')
			out[size++] = ' ';
	}
	while (size > 0 && out[size - 1] == ' ')
		size--;
	out[size] = '\0';
	return out;
}

static const char *
attribute(const struct reading *reading, const struct xml_node *node, const char *name)
{
	return collapse(reading->job, xml_attribute(reading->job, node, name));
}

/* The one-line text of a child the schema asks for. */
static enum status
line_of(
    const struct reading *reading, const struct xml_node *node, const char *name, const char **line)
{
	const struct xml_node *child = name == NULL ? node : xml_child(node, name);

	*line = child == NULL ? NULL : collapse(reading->job, xml_text(reading->job, child));
	return *line == NULL ? out_of_memory(reading) : STATUS_OK;
}

/* Adds a fact; text that no fact may hold is the file's fault, with its line. */
static enum status
add(struct reading *reading, const struct xml_node *node, const struct fact *fact)
{
	enum status status = evidence_add(&reading->evidence, reading->job, fact);

	if (status == STATUS_MALFORMED)
		return fail_in(reading->job, status, "%s:%ld", reading->name, xml_line(node));
	return status;
}

/* The texts of all children of that name, as an array. */
static enum status
read_names(const struct reading *reading, const struct xml_node *node, const char *name,
    const char *const **names, size_t *count)
{
	const char **made = arena_array(reading->job, NAMES_MAX, sizeof *made);

	if (made == NULL)
		return out_of_memory(reading);
	*names = made;
	for (const struct xml_node *child = xml_child(node, name); child != NULL;
	     child = xml_next(child, name)) {
		if (*count == NAMES_MAX)
			return wrong(reading, child, "too many", name);
		TRY(line_of(reading, child, NULL, &made[*count]));
		for (size_t i = 0; i < *count; i++)
			if (strcmp(made[i], made[*count]) == 0)
				return wrong(reading, child, "stands twice:", made[i]);
		++*count;
	}
	return STATUS_OK;
}

static enum status
read_people(struct reading *reading, const struct xml_node *root)
{
	struct dossier *dossier = reading->dossier;
	const struct xml_node *applicant = xml_child(root, "applicant");
	const struct xml_node *factory = xml_child(root, "factory");

	dossier->applicant_tax_code = attribute(reading, applicant, "tax_code");
	TRY(line_of(reading, applicant, "name", &dossier->applicant));
	TRY(line_of(reading, applicant, "address", &dossier->applicant_address));
	TRY(line_of(reading, applicant, "contact", &dossier->contact));
	TRY(line_of(reading, root, "manufacturer", &dossier->manufacturer));
	TRY(line_of(reading, factory, "name", &dossier->factory));
	return line_of(reading, factory, "address", &dossier->factory_address);
}

static enum status
read_product(struct reading *reading, const struct xml_node *root)
{
	struct dossier *dossier = reading->dossier;
	const struct xml_node *product = xml_child(root, "product");
	const struct xml_node *firmware = xml_child(product, "firmware");

	dossier->hs_code = attribute(reading, product, "hs_code");
	dossier->origin_country = attribute(reading, product, "origin");
	dossier->gtin = attribute(reading, product, "gtin");
	dossier->firmware_version = attribute(reading, firmware, "version");
	TRY(line_of(reading, product, "name", &dossier->product));
	TRY(line_of(reading, product, "brand", &dossier->brand));
	TRY(line_of(reading, product, "model", &dossier->model));
	TRY(line_of(reading, product, "hardware", &dossier->hardware));
	TRY(line_of(reading, product, "support_end", &dossier->support_end));
	TRY(read_names(
	    reading, product, "alias", &dossier->model_aliases, &dossier->model_alias_count));
	return read_names(
	    reading, firmware, "sha256", &dossier->firmware_sha256, &dossier->firmware_count);
}

static enum status
read_credentials(struct reading *reading, const struct xml_node *list)
{
	struct dossier *dossier = reading->dossier;

	dossier->credentials =
	    arena_array(reading->job, CREDENTIALS_MAX, sizeof *dossier->credentials);
	if (dossier->credentials == NULL)
		return out_of_memory(reading);
	for (const struct xml_node *node = xml_child(list, "credential"); node != NULL;
	     node = xml_next(node, "credential")) {
		const char *user = xml_attribute(reading->job, node, "user");
		const char *password = xml_attribute(reading->job, node, "password");

		if (dossier->credential_count == CREDENTIALS_MAX)
			return wrong(reading, node, "too many", "credentials");
		if (user == NULL || password == NULL)
			return out_of_memory(reading);
		dossier->credentials[dossier->credential_count].user = user;
		dossier->credentials[dossier->credential_count].password = password;
		dossier->credentials[dossier->credential_count++].purpose =
		    attribute(reading, node, "purpose");
	}
	return STATUS_OK;
}

static enum status
add_subject(struct reading *reading, const struct xml_node *root, struct span bytes)
{
	const struct dossier *dossier = reading->dossier;
	const char *slash = strrchr(reading->name, '/'),
		   *base = slash == NULL ? reading->name : slash + 1;
	struct fact fact = fact_new(FACT_subject);
	struct digest digest;

	TRY(digest_of(reading->job, bytes, &digest));
	fact.as.subject.type = "dossier";
	fact.as.subject.name = text_from_bytes(reading->job, base, strlen(base), 255);
	fact.as.subject.sha256 =
	    hex_of_bytes(reading->job, (struct span){.at = digest.bytes, .size = DIGEST_SIZE});
	fact.as.subject.bytes = (int64_t)bytes.size;
	fact.as.subject.brand = dossier->brand;
	fact.as.subject.model = dossier->model;
	fact.as.subject.hardware = dossier->hardware;
	fact.as.subject.firmware_version = dossier->firmware_version;
	fact.as.subject.under_test = 1;
	return add(reading, root, &fact);
}

static enum status
read_ics(struct reading *reading, const struct xml_node *list)
{
	const struct fact_list *facts = &reading->dossier->facts;
	size_t first = facts->count;

	for (const struct xml_node *node = xml_child(list, "row"); node != NULL;
	     node = xml_next(node, "row")) {
		struct fact fact = fact_new(FACT_ics);
		const char *detail = xml_text(reading->job, node);

		if (reading->ics_count == ICS_MAX)
			return wrong(reading, node, "too many", "ICS rows");
		fact.as.ics.provision = attribute(reading, node, "provision");
		fact.as.ics.support = attribute(reading, node, "support");
		fact.as.ics.detail = detail != NULL && *detail == '\0' ? NULL : detail;
		if (fact.as.ics.provision == NULL || fact.as.ics.support == NULL || detail == NULL)
			return out_of_memory(reading);
		for (size_t i = first; i < facts->count; i++)
			if (strcmp(facts->facts[i].as.ics.provision, fact.as.ics.provision) == 0)
				return wrong(reading, node, "the ICS speaks twice of",
				    fact.as.ics.provision);
		TRY(add(reading, node, &fact));
		reading->ics_count++;
	}
	return STATUS_OK;
}

/* One fact, or one a reference when the field refers to several entries. */
static enum status
add_field(
    struct reading *reading, const struct xml_node *node, struct fact *fact, const char *references)
{
	do {
		size_t size = references == NULL ? 0 : strcspn(references, " ");

		if (reading->ixit_count++ == IXIT_MAX)
			return wrong(reading, node, "too many", "IXIT fields");
		if (references != NULL) {
			fact->as.ixit.refers_to = arena_string(reading->job, references, size);
			references += size + (references[size] == ' ');
		}
		TRY(add(reading, node, fact));
	} while (references != NULL && *references != '\0');
	return STATUS_OK;
}

static enum status
read_field(
    struct reading *reading, const struct xml_node *node, const char *table, const char *entry)
{
	struct fact fact = fact_new(FACT_ixit);
	const char *value = xml_text(reading->job, node);

	if (xml_next(node, xml_local_name(node)) != NULL)
		return wrong(reading, node, "stands twice in its entry:", xml_local_name(node));
	if (value == NULL)
		return out_of_memory(reading);
	fact.as.ixit.ixit_table = table;
	fact.as.ixit.entry = entry;
	fact.as.ixit.field = arena_copy_string(reading->job, xml_local_name(node));
	fact.as.ixit.value = *value == '\0' ? NULL : value;
	fact.as.ixit.code = attribute(reading, node, "code");
	return add_field(reading, node, &fact, attribute(reading, node, "refers"));
}

static enum status
read_table(struct reading *reading, const struct xml_node *list, const char *table)
{
	const char **ids = arena_array(reading->job, ENTRIES_MAX, sizeof *ids);
	size_t count = 0;

	if (ids == NULL)
		return out_of_memory(reading);
	for (const struct xml_node *node = xml_child(list, "entry"); node != NULL;
	     node = xml_next(node, "entry")) {
		if (count == ENTRIES_MAX)
			return wrong(reading, node, "too many", "entries");
		ids[count] = attribute(reading, node, "id");
		if (ids[count] == NULL)
			return out_of_memory(reading);
		for (size_t i = 0; i < count; i++)
			if (strcmp(ids[i], ids[count]) == 0)
				return wrong(reading, node, "stands twice in its table:", ids[i]);
		for (const struct xml_node *field = xml_child(node, NULL); field != NULL;
		     field = xml_next(field, NULL))
			TRY(read_field(reading, field, table, ids[count]));
		count++;
	}
	return STATUS_OK;
}

/* The facts of an empty table would be none; that it is there is said all the same. */
static enum status
add_table(struct reading *reading, const struct xml_node *node, const char *table)
{
	struct fact fact = fact_new(FACT_identity);

	fact.as.identity.name = "ixit_table";
	fact.as.identity.value = table;
	return add(reading, node, &fact);
}

static enum status
read_ixit(struct reading *reading, const struct xml_node *list)
{
	for (const struct xml_node *node = xml_child(list, NULL); node != NULL;
	     node = xml_next(node, NULL)) {
		size_t at = 0;

		while (at < ARRAY_SIZE(tables) &&
		       strcmp(strchr(tables[at], '-') + 1, xml_local_name(node)) != 0)
			at++;
		if (at == ARRAY_SIZE(tables))
			return wrong(reading, node, "no such IXIT table:", xml_local_name(node));
		if (reading->seen[at])
			return wrong(reading, node, "the table stands twice:", tables[at]);
		reading->seen[at] = true;
		TRY(add_table(reading, node, tables[at]));
		TRY(read_table(reading, node, tables[at]));
	}
	return STATUS_OK;
}

/* Whether "1-AuthMech:web" is an entry of the dossier. */
static bool
is_entry(const struct fact_list *facts, const char *reference)
{
	const char *colon = strchr(reference, ':');

	for (size_t i = 0; colon != NULL && i < facts->count; i++) {
		const struct fact *fact = &facts->facts[i];

		if (fact->kind == FACT_ixit && strcmp(fact->as.ixit.entry, colon + 1) == 0 &&
		    strncmp(fact->as.ixit.ixit_table, reference, (size_t)(colon - reference)) ==
			0 &&
		    fact->as.ixit.ixit_table[colon - reference] == '\0')
			return true;
	}
	return false;
}

static enum status
check_references(const struct reading *reading)
{
	const struct fact_list *facts = &reading->dossier->facts;

	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *fact = &facts->facts[i];

		if (fact->kind == FACT_ixit && fact->as.ixit.refers_to != NULL &&
		    !is_entry(facts, fact->as.ixit.refers_to))
			return fail(reading->job, STATUS_MALFORMED,
			    "%s: %s:%s %s refers to %s, which is not there", reading->name,
			    fact->as.ixit.ixit_table, fact->as.ixit.entry, fact->as.ixit.field,
			    fact->as.ixit.refers_to);
	}
	return STATUS_OK;
}

static enum status
add_looked(struct reading *reading)
{
	struct text missing = text_new(reading->job);
	const char *reason;

	for (size_t i = 0; i < ARRAY_SIZE(coded); i++)
		if (!reading->seen[coded[i]])
			text_printf(&missing, "%s%s",
			    missing.size == 0 ? "IXIT tables left out: " : ", ", tables[coded[i]]);
	TRY(text_finish(&missing, &reason));
	TRY(evidence_looked(
	    &reading->evidence, reading->job, FACT_ics, true, NULL, reading->ics_count));
	/* what the dossier is about, and which tables are there, it says whole or is refused */
	TRY(evidence_looked(&reading->evidence, reading->job, FACT_identity, true, NULL, UNKNOWN));
	return evidence_looked(&reading->evidence, reading->job, FACT_ixit, *reason == '\0',
	    *reason == '\0' ? NULL : reason, reading->ixit_count);
}

static enum status
read_dossier(struct reading *reading, struct span bytes, const struct xml_node *root)
{
	TRY(read_people(reading, root));
	TRY(read_product(reading, root));
	TRY(read_credentials(reading, xml_child(root, "credentials")));
	TRY(add_subject(reading, root, bytes));
	TRY(read_ics(reading, xml_child(root, "ics")));
	TRY(read_ixit(reading, xml_child(root, "ixit")));
	TRY(check_references(reading));
	return add_looked(reading);
}

enum status
dossier_read(struct job *job, struct span bytes, const char *name, struct dossier *dossier)
{
	struct xml_document *document = NULL;
	struct dossier made = {0};
	struct reading reading = {.job = job, .name = name, .dossier = &made};
	enum status status = xml_parse(job, bytes, name, &document);

	reading.evidence = evidence_to_list(&made.facts);
	reading.evidence.source = "dossier";
	if (status == STATUS_OK)
		status = xml_validate_relaxng(job, document, schema_dossier());
	if (status == STATUS_OK)
		status = read_dossier(&reading, bytes, xml_root(document));
	xml_free(document);
	if (status == STATUS_OK)
		*dossier = made;
	return status;
}
