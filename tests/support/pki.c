/*
 * Every key here lives for one test.
 */
#include "tests/support/support.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/text.h"
#include "base/xml.h"
#include "cert/day.h"
#include "tests/support/pki.h"

#define DAY INT64_C(86400)

struct span
pki_request(struct pki *pki, struct key **key)
{
	struct span request;

	assert_ok(pki->job, key_generate(pki->job, KEY_P256, key));
	assert_ok(pki->job, identity_make_request(pki->job, *key, "request", &request));
	return request;
}

static struct identity
read_pem(struct pki *pki, const char *path)
{
	struct identity identity;
	struct span pem;

	assert_ok(pki->job, file_read(pki->job, path, 65536, &pem));
	assert_ok(pki->job, identity_read_pem(pki->job, pem, &identity));
	return identity;
}

static void
approve(struct pki *pki)
{
	struct approved_profile profile = {.profile = PKI_PROFILE,
	    .regulation = "QCVN 11:2026/BCA",
	    .state = "in_force",
	    .from = pki->now,
	    .until = pki->now + 3650 * DAY};

	assert_ok(pki->job, digest_of(pki->job, span_of_string("profile"), &pki->profile_digest));
	assert_ok(
	    pki->job, digest_of(pki->job, span_of_string("catalogue"), &pki->catalogue_digest));
	assert_ok(
	    pki->job, digest_of(pki->job, span_of_string("reference"), &pki->reference_digest));
	assert_ok(pki->job, digest_of(pki->job, span_of_string("firmware"), &pki->firmware));
	profile.profile_digest = pki->profile_digest;
	profile.catalogue_digest = pki->catalogue_digest;
	profile.reference_digest = pki->reference_digest;
	assert_ok(pki->job, office_approve(pki->job, pki->authority, &profile, pki->now));
}

static void
designate(struct pki *pki)
{
	static const char *const profiles[] = {PKI_PROFILE}, *const methods[] = {"1", "5", "7"};
	struct designation designation = {.name = PKI_BODY,
	    .decision = "QĐ 12/2026",
	    .profiles = profiles,
	    .profile_count = 1,
	    .methods = methods,
	    .method_count = 3,
	    .from = pki->now,
	    .until = pki->now + 1000 * DAY};
	const char *path;

	designation.request = pki_request(pki, &pki->body_key);
	assert_ok(
	    pki->job, office_designate(pki->job, pki->authority, &designation, pki->now, &path));
	pki->body = read_pem(pki, path);
}

static void
enrol(struct pki *pki)
{
	static const char *const names[] = {"Nguyễn Thử", "Trần Soát", "Lê Quyết"};
	const char *path;

	for (unsigned i = 0; i < STATEMENT_SIGNERS; i++) {
		struct span request = pki_request(pki, &pki->people_keys[i]);

		assert_ok(pki->job, office_enrol(pki->job, pki->authority, names[i], (enum role)i,
					PKI_BODY, request, pki->now, &path));
		pki->people[i] = read_pem(pki, path);
	}
}

struct pki *
pki_new(void)
{
	return pki_new_at(PKI_NOW);
}

struct pki *
pki_new_at(int64_t now)
{
	struct job *job = job_new((size_t)1 << 30);
	struct pki *pki;

	assert_non_null(job);
	xml_start();
	pki = arena_allocate(job, sizeof(*pki));
	assert_non_null(pki);
	pki->job = job;
	pki->now = now;
	memcpy(pki->folder, "/tmp/hopquy-pki-XXXXXX", 23);
	assert_non_null(mkdtemp(pki->folder));
	pki->authority = file_path_join(job, pki->folder, "authority");
	pki->registry = file_path_join(job, pki->folder, "registry");
	assert_ok(job, office_create(job, pki->authority, "Authority of Tests", pki->now));
	approve(pki);
	designate(pki);
	enrol(pki);
	assert_ok(job, registry_create(job, pki->registry, pki->authority, pki->now));
	return pki;
}

static int
remove_one(const char *path, const struct stat *status, int type, struct FTW *place)
{
	(void)status;
	(void)type;
	(void)place;
	return remove(path);
}

void
pki_free(struct pki *pki)
{
	nftw(pki->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	key_free(pki->body_key);
	for (unsigned i = 0; i < STATEMENT_SIGNERS; i++)
		key_free(pki->people_keys[i]);
	job_free(pki->job);
	xml_stop();
}

struct trust
pki_trust(struct pki *pki)
{
	struct trust trust;

	assert_ok(pki->job, office_read_trust(pki->job, pki->authority, &trust));
	return trust;
}

struct certificate
pki_claims(struct pki *pki)
{
	static const char *const aliases[] = {"C-200 VN"};
	struct certified_firmware *firmware = arena_allocate(pki->job, sizeof(*firmware));
	struct certificate claims = {.reference = "VC-1",
	    .issued = "2026-11-22",
	    .expires = "2029-11-22",
	    .signer = "Lê Quyết",
	    .signer_role = "decision",
	    .body_name = PKI_BODY,
	    .designation = "QĐ 12/2026",
	    .applicant = "Công ty Máy ảnh <A&B>",
	    .applicant_tax_code = "0101234567",
	    .manufacturer = "Đại Việt Electronics",
	    .factory = "Hải Phòng",
	    .product = "IP camera",
	    .brand = "DV",
	    .model = "C-200",
	    .aliases = aliases,
	    .aliases_count = 1,
	    .hardware = "R2",
	    .firmware_count = 1,
	    .origin = "VN",
	    .gtin = "08931234567890",
	    .hs_code = "8525.81",
	    .regulation = "QCVN 11:2026/BCA",
	    .profile = PKI_PROFILE,
	    .method_circular = DEFAULT_CIRCULAR,
	    .method_number = "5",
	    .report_number = "R-1",
	    .laboratory = PKI_BODY,
	    .requirements_passed = 40,
	    .requirements_not_applicable = 3,
	    .decided_by_machine = 50,
	    .decided_by_people = 20,
	    .case_id = "case-1",
	    .assessed_at = pki->now - 3600,
	    .program_version = "0.1.0"};
	struct trust trust = pki_trust(pki);

	assert_non_null(firmware);
	firmware->version = "1.2.3";
	firmware->sha256 = pki->firmware;
	claims.firmware = firmware;
	claims.body = trust_body_named(&trust, PKI_BODY)->body;
	claims.profile_digest = pki->profile_digest;
	claims.catalogue_digest = pki->catalogue_digest;
	claims.reference_digest = pki->reference_digest;
	return claims;
}

struct statement
pki_statement(struct pki *pki, const struct certificate *claims, enum role role)
{
	struct digest digest;

	assert_ok(pki->job, certificate_claims_digest(pki->job, claims, &digest));
	return (struct statement){.role = role_name(role),
	    .claims_digest = digest,
	    .case_id = claims->case_id,
	    .model = claims->model,
	    .hardware = claims->hardware,
	    .firmware_version = "1.2.3",
	    .firmware = &pki->firmware,
	    .firmware_count = 1,
	    .profile = claims->profile,
	    .profile_digest = claims->profile_digest,
	    .catalogue_digest = claims->catalogue_digest,
	    .evidence_digest = claims->evidence_digest,
	    .reference_digest = claims->reference_digest,
	    .vulnerability_digest = claims->vulnerability_digest,
	    .assessment_digest = claims->assessment_digest,
	    .verdict = "PASS",
	    .assessed_at = claims->assessed_at,
	    .program_version = claims->program_version,
	    .corrections = claims->corrections};
}

void
pki_sign_statements(struct pki *pki, struct issue_input *input)
{
	for (unsigned i = 0; i < STATEMENT_SIGNERS; i++) {
		struct statement statement = pki_statement(pki, &input->claims, (enum role)i);

		assert_ok(pki->job, statement_sign(pki->job, &statement, pki->people_keys[i],
					&pki->people[i], pki->now, &input->statements[i]));
	}
}

struct span
pki_sign(struct pki *pki, const struct certificate *claims)
{
	struct span xml, der;

	assert_ok(pki->job, certificate_write(pki->job, claims, &xml));
	assert_ok(pki->job,
	    signature_make(pki->job, pki->body_key, &pki->body, xml, false, pki->now, &der));
	return der;
}

struct span
pki_register(struct pki *pki, const char *reference, int64_t now, char number[NUMBER_SIZE])
{
	struct certificate claims = pki_claims(pki);
	struct registry *registry;
	struct span file;

	claims.reference = reference;
	assert_ok(pki->job, registry_open(pki->job, pki->registry, true, &registry));
	assert_ok(pki->job,
	    registry_accept(pki->job, registry, pki_sign(pki, &claims), now, number, &file));
	registry_close(registry);
	return file;
}

struct bundle
pki_bundle(struct pki *pki, int64_t now)
{
	struct registry *registry;
	struct bundle bundle;
	struct span der;

	assert_ok(pki->job, registry_open(pki->job, pki->registry, true, &registry));
	assert_ok(pki->job, registry_bundle(pki->job, registry, now, &der));
	registry_close(registry);
	assert_ok(pki->job, bundle_read(pki->job, der, NULL, &bundle));
	return bundle;
}
