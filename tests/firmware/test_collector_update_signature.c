/* A checksum is not taken for a signature, and a signature is read, not believed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "tests/support/collecting.h"

#include <cmocka.h>

extern const struct collector collector_update_signature;

/* Regions at the top of an image, and what the collector says of them. */
static const struct update_signature_fact *
conclude(struct collecting *collecting, struct tree *tree, size_t expected)
{
	struct evidence evidence = evidence_to_list(&collecting->list);

	collecting->list.count = 0;
	collecting->collection.tree = tree;
	assert_int_equal(collector_update_signature.conclude(
			     collecting->job, &collecting->collection, &evidence),
	    STATUS_OK);
	assert_int_equal(collecting_count(collecting, FACT_update_signature), expected);
	return expected == 0 ? NULL : &collecting->list.facts[0].as.update_signature;
}

static struct region
region(const char *format, struct span content)
{
	return (struct region){.path = "0.x",
	    .parent = "",
	    .format = format,
	    .detail = "",
	    .bytes = content.size,
	    .content = content};
}

/* A CMS message over `data`, detached, by a fresh key. */
static struct span
signature_of(struct job *job, struct span data, EVP_PKEY *key)
{
	X509 *x509 = X509_new();
	BIO *in = BIO_new_mem_buf(data.at, (int)data.size);
	unsigned char *der = NULL;
	CMS_ContentInfo *cms;
	struct span bytes;
	int size;

	ASN1_TIME_set(X509_getm_notBefore(x509), 1000000000);
	ASN1_TIME_set(X509_getm_notAfter(x509), 2000000000);
	X509_set_pubkey(x509, key);
	X509_sign(x509, key, EVP_sha256());
	cms = CMS_sign(x509, key, NULL, in, CMS_DETACHED | CMS_BINARY);
	assert_non_null(cms);
	size = i2d_CMS_ContentInfo(cms, &der);
	bytes = (struct span){.at = (const uint8_t *)arena_string(job, (char *)der, (size_t)size),
	    .size = (size_t)size};
	OPENSSL_free(der);
	CMS_ContentInfo_free(cms);
	BIO_free(in);
	X509_free(x509);
	return bytes;
}

static void
put_member(struct text *out, const char *name, struct span data)
{
	text_printf(out, "070702%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%s", 0, 0100644,
	    0, 0, 1, 0, (unsigned)data.size, 0, 0, 0, 0, (unsigned)strlen(name) + 1, 0, name);
	do
		text_put_bytes(out, "", 1);
	while (out->size % 4 != 0);
	if (data.size != 0)
		text_put_bytes(out, data.at, data.size);
	while (out->size % 4 != 0)
		text_put_bytes(out, "", 1);
}

static struct span
update_archive(struct job *job, EVP_PKEY *key, bool whole)
{
	struct text out = text_new(job);
	struct span payload = span_of_string("the root file system"), description;
	struct digest digest;
	char hex[DIGEST_HEX_SIZE];

	assert_int_equal(digest_of(job, payload, &digest), STATUS_OK);
	digest_to_hex(&digest, hex);
	description = span_of_string(arena_printf(
	    job, "software = { images: ({ filename = \"r\"; sha256 = \"%s\"; }) }", hex));
	put_member(&out, "sw-description", description);
	if (key != NULL)
		put_member(&out, "sw-description.sig", signature_of(job, description, key));
	put_member(&out, "rootfs.img", payload);
	if (!whole)
		put_member(&out, "extra.sh", span_of_string("reboot"));
	put_member(&out, "TRAILER!!!", (struct span){0});
	return (struct span){.at = (const uint8_t *)out.at, .size = out.size};
}

static void
says_that_a_checksum_is_a_checksum(void **state)
{
	struct collecting *collecting = collecting_new();
	struct region regions[] = {region("uimage", span_of_string("....")),
	    {.path = "0.x/40.cramfs", .parent = "0.x", .format = "cramfs", .detail = ""}};
	struct tree tree = {.regions = regions, .region_count = 2, .image_bytes = 4};
	const struct update_signature_fact *signature = conclude(collecting, &tree, 1);

	(void)state;
	assert_string_equal(signature->container, "uimage");
	assert_string_equal(signature->scheme, "checksum");
	assert_string_equal(signature->algorithm, "crc32");
	assert_string_equal(signature->covers, "everything");
	assert_int_equal(signature->present, 0);
	assert_int_equal(signature->verified, UNKNOWN);
	collecting_free(collecting);
}

static void
says_none_only_where_every_byte_was_read(void **state)
{
	struct collecting *collecting = collecting_new();
	struct region regions[] = {
	    region("squashfs", span_of_string("....")), {.path = "",
							    .parent = "",
							    .format = "",
							    .detail = "",
							    .offset = 4,
							    .bytes = 9,
							    .coverage = COVERAGE_GAP}};
	struct tree tree = {.regions = regions, .region_count = 1, .image_bytes = 4};

	(void)state;
	assert_string_equal(conclude(collecting, &tree, 1)->scheme, "none");
	assert_int_equal(conclude(collecting, &tree, 1)->present, 0);
	tree.region_count = 2;
	assert_null(conclude(collecting, &tree, 1)->scheme);
	assert_int_equal(conclude(collecting, &tree, 1)->present, UNKNOWN);
	regions[0].format = "vendor_header";
	tree.region_count = 1;
	assert_null(conclude(collecting, &tree, 1)->scheme);
	assert_int_equal(conclude(collecting, &tree, 1)->present, UNKNOWN);
	collecting_free(collecting);
}

static void
reads_the_signature_of_an_swupdate_archive(void **state)
{
	struct collecting *collecting = collecting_new();
	EVP_PKEY *rsa = EVP_RSA_gen(2048), *ec = EVP_EC_gen("P-256");
	struct region only;
	struct tree tree = {.regions = &only, .region_count = 1};
	const struct update_signature_fact *signature;

	(void)state;
	only = region("cpio", update_archive(collecting->job, rsa, true));
	signature = conclude(collecting, &tree, 1);
	assert_string_equal(signature->container, "swu");
	assert_string_equal(signature->scheme, "cms");
	assert_string_equal(signature->algorithm, "rsa2048-sha256");
	assert_int_equal(signature->key_bits, 2048);
	assert_int_equal(strlen(signature->key_fingerprint), 64);
	assert_string_equal(signature->covers, "everything");
	assert_int_equal(signature->present, 1);
	/* the certificate is in the message: whole, and nobody's */
	assert_int_equal(signature->verified, 1);
	assert_string_equal(signature->verified_with, "embedded");
	assert_non_null(strstr(signature->detail, "who made it is not shown"));
	only = region("cpio", update_archive(collecting->job, ec, false));
	signature = conclude(collecting, &tree, 1);
	assert_string_equal(signature->algorithm, "ecdsa256-sha256");
	/* what the description does not name, no update installs */
	assert_string_equal(signature->covers, "everything");
	assert_non_null(strstr(signature->detail, "extra.sh"));
	only = region("cpio", update_archive(collecting->job, NULL, true));
	signature = conclude(collecting, &tree, 1);
	assert_string_equal(signature->container, "swu");
	assert_string_equal(signature->scheme, "none");
	assert_int_equal(signature->present, 0);
	EVP_PKEY_free(rsa);
	EVP_PKEY_free(ec);
	collecting_free(collecting);
}

static void
reads_the_signature_behind_a_rauc_bundle(void **state)
{
	struct collecting *collecting = collecting_new();
	EVP_PKEY *rsa = EVP_RSA_gen(2048);
	struct text tail = text_new(collecting->job);
	struct region only;
	struct tree tree = {.regions = &only, .region_count = 1};
	struct span cms = signature_of(collecting->job, span_of_string("hsqs"), rsa);
	uint8_t size[8] = {0, 0, 0, 0, 0, 0, (uint8_t)(cms.size >> 8), (uint8_t)cms.size};
	const struct update_signature_fact *signature;

	(void)state;
	text_put(&tail, "hsqs");
	text_put_bytes(&tail, cms.at, cms.size);
	text_put_bytes(&tail, size, 8);
	only = region("rauc", (struct span){.at = (uint8_t *)tail.at, .size = tail.size});
	signature = conclude(collecting, &tree, 1);
	assert_string_equal(signature->container, "raucb");
	assert_string_equal(signature->scheme, "cms");
	assert_int_equal(signature->present, 1);
	assert_int_equal(signature->verified, 1);
	assert_string_equal(signature->verified_with, "embedded");
	assert_string_equal(signature->covers, "everything");
	tail.at[0] ^= 1;
	assert_int_equal(conclude(collecting, &tree, 1)->verified, 0);
	tail.at[20] ^= 0x55; /* no longer a message */
	signature = conclude(collecting, &tree, 1);
	assert_string_equal(signature->container, "rauc");
	assert_int_equal(signature->present, UNKNOWN);
	EVP_PKEY_free(rsa);
	collecting_free(collecting);
}

static void
does_not_judge_a_file_named_as_a_signature(void **state)
{
	struct collecting *collecting = collecting_new();
	struct node root = {.name = "", .path = ""},
		    top = {.name = "0.x", .path = "0.x", .type = NODE_CONTAINER},
		    file = {
			.name = "update.bin.sig", .path = "0.x/update.bin.sig", .type = NODE_FILE};
	struct region only = region("zip", span_of_string("PK"));
	struct tree tree = {.root = &root, .regions = &only, .region_count = 1, .image_bytes = 2};

	(void)state;
	assert_int_equal(conclude(collecting, &tree, 1)->present, 0);
	root.child = &top;
	top.child = &file;
	assert_string_equal(conclude(collecting, &tree, 1)->scheme, "opaque");
	assert_int_equal(conclude(collecting, &tree, 1)->present, UNKNOWN);
	collecting_free(collecting);
}

static void
bears_any_bytes_and_no_tree_at_all(void **state)
{
	struct collecting *collecting = collecting_new();
	EVP_PKEY *ec = EVP_EC_gen("P-256");
	struct span archive = update_archive(collecting->job, ec, true);
	struct region only;
	struct tree tree = {.regions = &only, .region_count = 1};
	uint8_t *changed = block_resize(NULL, archive.size);

	(void)state;
	conclude(collecting, NULL, 0);
	assert_non_null(changed);
	memcpy(changed, archive.at, archive.size);
	for (size_t i = 0; i < archive.size; i++) {
		struct collecting *one = collecting_new();

		changed[i] ^= (uint8_t)(1u << i % 8);
		only = region("cpio", (struct span){.at = changed, .size = archive.size});
		assert_non_null(conclude(one, &tree, 1));
		changed[i] = archive.at[i];
		only =
		    region("cpio", (struct span){.at = archive.at + archive.size - i, .size = i});
		assert_non_null(conclude(one, &tree, 1));
		only = region("cpio", (struct span){.at = changed, .size = i});
		assert_non_null(conclude(one, &tree, 1));
		collecting_free(one);
	}
	block_free(changed);
	EVP_PKEY_free(ec);
	collecting_free(collecting);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(says_that_a_checksum_is_a_checksum),
	    cmocka_unit_test(says_none_only_where_every_byte_was_read),
	    cmocka_unit_test(reads_the_signature_of_an_swupdate_archive),
	    cmocka_unit_test(reads_the_signature_behind_a_rauc_bundle),
	    cmocka_unit_test(does_not_judge_a_file_named_as_a_signature),
	    cmocka_unit_test(bears_any_bytes_and_no_tree_at_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
