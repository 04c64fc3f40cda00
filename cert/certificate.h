/*
 * A certificate says that one product, as identified here to the byte of its
 * firmware, conforms to one regulation, and from what that was concluded.
 *
 * The number is not in it: the registry allots that, and its receipt travels
 * beside the signature (receipt.h).  Revocation is the registry's to know.
 *
 * Dates are legal days (day.h).  Texts have 1 to 512 bytes, UTF-8; NULL where
 * noted.
 *
 * Source: ISO/IEC 17065 clause 7.7; Circular 14/2026/TT-BKHCN; Decree
 * 37/2026/ND-CP articles 83 and 86.
 */
#ifndef CERT_CERTIFICATE_H
#define CERT_CERTIFICATE_H

#include "cert/signature.h"

#define CERTIFICATE_MAX_SIZE ((size_t)256 << 10) /* of the signed file */

struct certified_firmware {
	const char *version;
	struct digest sha256; /* of the image */
};

struct certificate {
	/* the paper */
	const char *reference;        /* the body's own number; NULL */
	const char *form_serial;      /* of the printed form; NULL */
	const char *issued, *expires; /* dates; valid on both */
	const char *body, *body_name,
	    *designation; /* id in the trust list, name, decision number */
	const char *signer, *signer_role;
	bool trial; /* no legal effect */
	/* the holder and the product */
	const char *applicant, *applicant_address, *applicant_tax_code; /* the last two: NULL */
	const char *manufacturer, *factory, *factory_address;           /* address NULL */
	const char *product, *brand, *model;                            /* brand NULL */
	const char *const *aliases; /* other spellings of the model that are the same product */
	size_t aliases_count;
	const char *hardware; /* version; NULL */
	const struct certified_firmware *firmware;
	size_t firmware_count;
	const char *origin, *gtin, *hs_code; /* gtin, hs_code NULL */
	const char *const *importers;        /* authorised importers */
	size_t importers_count;
	const char *support_end; /* date; NULL */
	/* what was assessed, and how */
	const char *regulation;                      /* with its edition: "QCVN 11:2026/BCA" */
	const char *profile;                         /* id */
	const char *method_circular, *method_number; /* "14/2026/TT-BKHCN", "5" */
	const char *lot, *declaration;               /* method 7: which goods; NULL otherwise */
	const char *report_number, *laboratory;
	const char *const *surveillance; /* dates */
	size_t surveillance_count;
	int64_t requirements_passed, requirements_not_applicable;
	int64_t decided_by_machine, decided_by_people; /* test cases */
	int64_t corrections;                           /* findings that two people ruled false */
	/* the inputs from which anybody computes the same verdict again */
	const char *case_id;
	struct digest profile_digest, catalogue_digest, evidence_digest, reference_digest;
	struct digest vulnerability_digest, assessment_digest;
	int64_t assessed_at; /* Unix seconds */
	const char *program_version;
};

/*
 * The one spelling, XML of namespace urn:hopquy:certificate:1; certificate.rng
 * is its schema for other programs.
 *
 * STATUS_MALFORMED  a field is missing or unfit, there is no firmware, or the
 *                   dates are the wrong way round
 */
enum status certificate_write(
    struct job *job, const struct certificate *certificate, struct span *xml);
enum status certificate_read(struct job *job, struct span xml, struct certificate *certificate);
/*
 * Digest of who, what and how much: holder, maker, product, its spellings and
 * numbers, regulation, report and counts.  People sign it with their statement,
 * so that a body cannot put other goods or another holder on the paper.
 */
enum status certificate_claims_digest(
    struct job *job, const struct certificate *certificate, struct digest *digest);
/* The bytes are meant to be a certificate (they may still be malformed). */
bool certificate_is(struct span xml);

/*
 * Spellings of a model that mean the same: case, spaces, hyphens and full-width
 * forms fold away.  False when nothing is left of one of them.
 */
bool model_equal(const char *a, const char *b);
/* `model` is the certificate's or one of its aliases. */
bool certificate_has_model(const struct certificate *certificate, const char *model);

#endif
