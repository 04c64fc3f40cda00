/*
 * Labels and declarations spell things their own way; only differences that
 * cannot be of spelling count.
 */
#include "cert/expectation.h"

#include <string.h>

#include "base/text.h"

const char *const expectation_names[] = {"model", "brand", "manufacturer", "factory", "origin",
    "applicant", "tax-code", "importer", "hardware", "firmware", "gtin", "hs", "lot",
    "declaration"};
const size_t expectation_name_count = ARRAY_SIZE(expectation_names);

/* The text a name stands for; *known is false for a name that is none. NULL: not on the
 * certificate. */
static const char *
claim_of(const struct certificate *certificate, const char *name, bool *known)
{
	const char *const values[] = {certificate->model, certificate->brand,
	    certificate->manufacturer, certificate->factory, certificate->origin,
	    certificate->applicant, certificate->applicant_tax_code, NULL, certificate->hardware,
	    certificate->firmware_count == 0 ? NULL : certificate->firmware[0].version,
	    certificate->gtin, certificate->hs_code, certificate->lot, certificate->declaration};

	*known = true;
	for (size_t i = 0; i < expectation_name_count; i++)
		if (strcmp(expectation_names[i], name) == 0)
			return values[i];
	*known = false;
	return NULL;
}

static bool
has_firmware(const struct certificate *certificate, const char *value)
{
	struct digest digest;
	bool is_digest = digest_from_hex(value, &digest);

	for (size_t i = 0; i < certificate->firmware_count; i++)
		if (is_digest ? digest_equal(&digest, &certificate->firmware[i].sha256)
			      : strcmp(certificate->firmware[i].version, value) == 0)
			return true;
	return false;
}

static bool
has_importer(const struct certificate *certificate, const char *value)
{
	for (size_t i = 0; i < certificate->importers_count; i++)
		if (model_equal(certificate->importers[i], value))
			return true;
	return false;
}

/* Digits of a code without points, spaces and leading zeros; at most 31. */
static void
significant_digits(const char *code, bool skip_zeros, char out[32])
{
	size_t size = 0;

	for (; *code != '\0' && size < 31; code++)
		if (*code >= '0' && *code <= '9' && !(skip_zeros && size == 0 && *code == '0'))
			out[size++] = *code;
	out[size] = '\0';
}

/* A tariff code on the certificate may be a heading of the declared one. */
static bool
is_heading_of(const char *claimed, const char *value)
{
	char heading[32], code[32];

	significant_digits(claimed, false, heading);
	significant_digits(value, false, code);
	return strlen(heading) >= 4 && text_starts_with(code, heading);
}

static bool
same_gtin(const char *claimed, const char *value)
{
	char a[32], b[32];

	significant_digits(claimed, true, a);
	significant_digits(value, true, b);
	return a[0] != '\0' && strcmp(a, b) == 0;
}

static bool
meets(const struct certificate *certificate, const char *claimed,
    const struct expectation *expectation)
{
	if (strcmp(expectation->name, "model") == 0)
		return certificate_has_model(certificate, expectation->value);
	if (strcmp(expectation->name, "firmware") == 0)
		return has_firmware(certificate, expectation->value);
	if (strcmp(expectation->name, "importer") == 0)
		return has_importer(certificate, expectation->value);
	if (claimed == NULL)
		return false;
	if (strcmp(expectation->name, "hs") == 0)
		return is_heading_of(claimed, expectation->value);
	if (strcmp(expectation->name, "gtin") == 0)
		return same_gtin(claimed, expectation->value);
	return model_equal(claimed, expectation->value);
}

enum status
expectations_check(
    struct job *job, const struct verification_request *request, struct verification *verification)
{
	for (size_t i = 0; i < request->expectation_count; i++) {
		const struct expectation *expectation = &request->expectations[i];
		bool known;
		const char *claimed =
		    claim_of(&verification->certificate, expectation->name, &known);

		if (!known)
			return fail(job, STATUS_USAGE, "--expect: there is no %s on a certificate",
			    expectation->name);
		if (meets(&verification->certificate, claimed, expectation))
			continue;
		if (claimed == NULL)
			verification_add(verification, OUTCOME_NOT_VALID,
			    "The certificate does not cover {} {}.", expectation->name,
			    expectation->value, NULL);
		else
			verification_add(verification, OUTCOME_NOT_VALID,
			    "The certificate is for {} {}, not {}.", expectation->name, claimed,
			    expectation->value);
	}
	return STATUS_OK;
}

void
expectation_check_removed(const struct change *change, const struct verification_request *request,
    struct verification *verification)
{
	for (size_t i = 0; i < change->removed_count; i++)
		for (size_t j = 0; j < request->expectation_count; j++)
			if (model_equal(change->removed[i], request->expectations[j].value))
				verification_add(verification, OUTCOME_NOT_VALID,
				    "The certificate no longer covers {} {}.",
				    request->expectations[j].name, request->expectations[j].value,
				    NULL);
}
