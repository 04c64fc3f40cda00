/*
 * The table below is the certificate: order and names of its XML elements.
 */
#include "cert/certificate.h"

#include <string.h>

#include "base/frames.h"
#define STRUCTURE certified_firmware
#include "cert/record_fields.h"

static const struct record_field firmware_fields[] = {
    TEXT_FIELD(version),
    DIGEST_FIELD(sha256),
};
static const struct record_shape firmware_shape = {"firmware", NULL, firmware_fields,
    ARRAY_SIZE(firmware_fields), sizeof(struct certified_firmware)};

#undef STRUCTURE
#define STRUCTURE certificate

static const struct record_field fields[] = {
    OPTIONAL_TEXT(reference),
    OPTIONAL_TEXT(form_serial),
    DATE_FIELD(issued),
    DATE_FIELD(expires),
    TEXT_FIELD(body),
    TEXT_FIELD(body_name),
    TEXT_FIELD(designation),
    TEXT_FIELD(signer),
    TEXT_FIELD(signer_role),
    FLAG_FIELD(trial),
    TEXT_FIELD(applicant),
    OPTIONAL_TEXT(applicant_address),
    OPTIONAL_TEXT(applicant_tax_code),
    TEXT_FIELD(manufacturer),
    TEXT_FIELD(factory),
    OPTIONAL_TEXT(factory_address),
    TEXT_FIELD(product),
    OPTIONAL_TEXT(brand),
    TEXT_FIELD(model),
    TEXT_LIST(aliases, 32),
    OPTIONAL_TEXT(hardware),
    RECORD_LIST(firmware, 32, &firmware_shape),
    TEXT_FIELD(origin),
    OPTIONAL_TEXT(gtin),
    OPTIONAL_TEXT(hs_code),
    TEXT_LIST(importers, 32),
    OPTIONAL_DATE(support_end),
    TEXT_FIELD(regulation),
    TEXT_FIELD(profile),
    TEXT_FIELD(method_circular),
    TEXT_FIELD(method_number),
    OPTIONAL_TEXT(lot),
    OPTIONAL_TEXT(declaration),
    TEXT_FIELD(report_number),
    TEXT_FIELD(laboratory),
    TEXT_LIST(surveillance, 8),
    INTEGER_FIELD(requirements_passed),
    INTEGER_FIELD(requirements_not_applicable),
    INTEGER_FIELD(decided_by_machine),
    INTEGER_FIELD(decided_by_people),
    INTEGER_FIELD(corrections),
    TEXT_FIELD(case_id),
    DIGEST_FIELD(profile_digest),
    DIGEST_FIELD(catalogue_digest),
    DIGEST_FIELD(evidence_digest),
    DIGEST_FIELD(reference_digest),
    DIGEST_FIELD(vulnerability_digest),
    DIGEST_FIELD(assessment_digest),
    TIME_FIELD(assessed_at),
    TEXT_FIELD(program_version),
};

static const struct record_shape shape = {"certificate", "urn:hopquy:certificate:1", fields,
    ARRAY_SIZE(fields), sizeof(struct certificate)};

static enum status
check(struct job *job, const struct certificate *certificate)
{
	if (strcmp(certificate->issued, certificate->expires) > 0)
		return fail(job, STATUS_MALFORMED, "certificate: expires %s, issued %s",
		    certificate->expires, certificate->issued);
	if (certificate->firmware_count == 0)
		return fail(job, STATUS_MALFORMED, "certificate: names no firmware");
	return STATUS_OK;
}

enum status
certificate_write(struct job *job, const struct certificate *certificate, struct span *xml)
{
	TRY(record_write(job, &shape, certificate, xml));
	return check(job, certificate);
}

enum status
certificate_read(struct job *job, struct span xml, struct certificate *certificate)
{
	struct certificate read;

	if (xml.size > CERTIFICATE_MAX_SIZE)
		return fail(job, STATUS_LIMIT, "certificate: %zu bytes", xml.size);
	TRY(record_read(job, &shape, xml, &read));
	TRY(check(job, &read));
	*certificate = read;
	return STATUS_OK;
}

bool
certificate_is(struct span xml)
{
	return record_is(&shape, xml);
}

/* The next significant character of a model, folded; 0 at the end. */
static uint8_t
next_folded(const char **model)
{
	for (;;) {
		const uint8_t *at = (const uint8_t *)*model;
		uint8_t c = at[0];

		*model += c != '\0';
		/* U+FF01 to U+FF5E are the full-width forms of ! to ~ (NFKC). */
		if (c == 0xef && (at[1] == 0xbc || (at[1] == 0xbd && at[2] <= 0x9e))) {
			c = (uint8_t)(at[2] - 0x80 + (at[1] == 0xbc ? 0x20 : 0x60));
			*model += 2;
		} else if (c == 0xc2 && at[1] == 0xa0) { /* no-break space */
			*model += 1;
			continue;
		} else if (c == 0xe2 && at[1] == 0x80 && at[2] >= 0x90 && at[2] <= 0x95) {
			*model += 2; /* hyphens and dashes */
			continue;
		}
		if (c >= 'A' && c <= 'Z')
			return (uint8_t)(c - 'A' + 'a');
		if (c != ' ' && c != '-')
			return c;
	}
}

bool
model_equal(const char *a, const char *b)
{
	bool any = false;

	for (;;) {
		uint8_t first = next_folded(&a), second = next_folded(&b);

		if (first != second)
			return false;
		if (first == '\0')
			return any;
		any = true;
	}
}

bool
certificate_has_model(const struct certificate *certificate, const char *model)
{
	if (model_equal(certificate->model, model))
		return true;
	for (size_t i = 0; i < certificate->aliases_count; i++)
		if (model_equal(certificate->aliases[i], model))
			return true;
	return false;
}

static void
put_list(struct text *out, const char *const *values, size_t count)
{
	put_u64(out, count);
	for (size_t i = 0; i < count; i++)
		put_string(out, values[i]);
}

enum status
certificate_claims_digest(
    struct job *job, const struct certificate *certificate, struct digest *digest)
{
	const char *const texts[] = {certificate->applicant, certificate->applicant_address,
	    certificate->applicant_tax_code, certificate->manufacturer, certificate->factory,
	    certificate->factory_address, certificate->product, certificate->brand,
	    certificate->model, certificate->hardware, certificate->origin, certificate->gtin,
	    certificate->hs_code, certificate->support_end, certificate->regulation,
	    certificate->report_number};
	const int64_t counts[] = {certificate->requirements_passed,
	    certificate->requirements_not_applicable, certificate->decided_by_machine,
	    certificate->decided_by_people};
	struct text out = text_new(job);

	put_list(&out, texts, ARRAY_SIZE(texts));
	put_list(&out, certificate->aliases, certificate->aliases_count);
	put_list(&out, certificate->importers, certificate->importers_count);
	for (size_t i = 0; i < ARRAY_SIZE(counts); i++)
		put_u64(&out, (uint64_t)counts[i]);
	if (out.failed)
		return STATUS_LIMIT;
	return digest_of(job, (struct span){(const uint8_t *)out.at, out.size}, digest);
}
