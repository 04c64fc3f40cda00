/* A checksum finds an accident; only a signature finds an attacker.  The outermost container
 * carries it, or nobody does. */
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/text.h"
#include "firmware/collector.h"
#include "firmware/reading.h"

#define MAX_ENTRIES 4096 /* of an update archive */
#define MAX_CMS ((size_t)64 << 10)
#define CPIO_HEADER 110

/* What containers carry of themselves.  A format not named here is not known to carry nothing. */
static const struct {
	const char *format, *scheme, *algorithm, *covers;
} containers[] = {
    {"uimage", "checksum", "crc32", "everything"},
    {"uimage_multi", "checksum", "crc32", "everything"},
    {"trx", "checksum", "crc32", "everything"},
    {"gzip", "checksum", "crc32", "everything"},
    {"bzip2", "checksum", "crc32", "everything"},
    {"xz", "checksum", NULL, "everything"},
    {"zstd", "checksum", NULL, NULL},
    {"lz4", "checksum", NULL, NULL},
    {"zip", "checksum", "crc32", "part"},
    {"lz4_legacy", "none", NULL, NULL},
    {"lzma", "none", NULL, NULL},
    {"squashfs", "none", NULL, NULL},
    {"squashfs_legacy", "none", NULL, NULL},
    {"cramfs", "none", NULL, NULL},
    {"romfs", "none", NULL, NULL},
    {"jffs2", "none", NULL, NULL},
    {"ubi", "none", NULL, NULL},
    {"ubifs", "none", NULL, NULL},
    {"ext", "none", NULL, NULL},
    {"fat", "none", NULL, NULL},
    {"yaffs2", "none", NULL, NULL},
    {"cpio", "none", NULL, NULL},
    {"swu", "none", NULL, NULL},
    {"mender", "checksum", "sha256", "everything"},
    {"tar", "none", NULL, NULL},
    {"mbr", "none", NULL, NULL},
    {"gpt", "none", NULL, NULL},
};

/* The members of an SWUpdate archive that matter. */
struct update_archive {
	struct span description, signature;
	bool has_description, has_signature;
};

static bool
wants(const struct node *node, struct span head)
{
	(void)node;
	(void)head;
	return false; /* everything it reads lies in the regions */
}

static enum status
collect(struct job *job, const struct collection *collection, const struct offer *offer,
    struct evidence *evidence)
{
	(void)job, (void)collection, (void)offer, (void)evidence;
	return STATUS_OK;
}

/* The key of the certificate, among those the message carries, that the signer names. */
static enum status
describe_signer(struct job *job, CMS_ContentInfo *cms, CMS_SignerInfo *signer,
    struct update_signature_fact *fact)
{
	STACK_OF(X509) *certificates = CMS_get1_certs(cms);
	unsigned char *der = NULL;
	EVP_PKEY *key = NULL;
	struct digest digest;
	char hex[DIGEST_HEX_SIZE];
	int size;
	enum status status = STATUS_OK;

	for (int i = 0; i < sk_X509_num(certificates) && key == NULL; i++)
		if (CMS_SignerInfo_cert_cmp(signer, sk_X509_value(certificates, i)) == 0)
			key = X509_get0_pubkey(sk_X509_value(certificates, i));
	size = key == NULL ? 0 : i2d_PUBKEY(key, &der);
	if (size > 0) {
		fact->key_bits = EVP_PKEY_get_bits(key);
		status = digest_of(job, (struct span){.at = der, .size = (size_t)size}, &digest);
		digest_to_hex(&digest, hex);
		fact->key_fingerprint = status == STATUS_OK ? arena_copy_string(job, hex) : NULL;
	}
	OPENSSL_free(der);
	sk_X509_pop_free(certificates, X509_free);
	return status;
}

/* "rsa2048-sha256" */
static enum status
describe_algorithm(struct job *job, CMS_SignerInfo *signer, struct update_signature_fact *fact)
{
	X509_ALGOR *digest, *signature;
	const ASN1_OBJECT *hash, *scheme;
	int hash_id, scheme_id, combined_hash = NID_undef, key = NID_undef;
	char bits[16] = "";

	CMS_SignerInfo_get0_algs(signer, NULL, NULL, &digest, &signature);
	X509_ALGOR_get0(&hash, NULL, NULL, digest);
	X509_ALGOR_get0(&scheme, NULL, NULL, signature);
	hash_id = OBJ_obj2nid(hash);
	scheme_id = OBJ_obj2nid(scheme);
	if (OBJ_find_sigid_algs(scheme_id, &combined_hash, &key) != 1)
		key = scheme_id; /* rsaEncryption alone */
	if (fact->key_bits != UNKNOWN && fact->key_bits < 1000000)
		fact->algorithm = arena_printf(job, "%d", (int)fact->key_bits);
	if (fact->algorithm != NULL && strlen(fact->algorithm) < sizeof bits)
		memcpy(bits, fact->algorithm, strlen(fact->algorithm) + 1);
	fact->algorithm = arena_printf(job, "%s%s-%s",
	    key == NID_rsaEncryption || key == NID_rsassaPss ? "rsa"
	    : key == NID_X9_62_id_ecPublicKey                ? "ecdsa"
							     : "other",
	    bits, hash_id == NID_undef ? "unknown" : OBJ_nid2ln(hash_id));
	return fact->algorithm == NULL ? STATUS_LIMIT : STATUS_OK;
}

/* `*found` tells whether `der` is, whole, a CMS message somebody signed (RFC 5652). */
static enum status
read_cms(struct job *job, struct span der, struct update_signature_fact *fact, bool *found)
{
	const unsigned char *at = der.at;
	CMS_ContentInfo *cms = NULL;
	STACK_OF(CMS_SignerInfo) *signers = NULL;
	enum status status = STATUS_OK;

	*found = false;
	if (der.size == 0 || der.size > MAX_CMS || der.at[0] != 0x30)
		return STATUS_OK;
	cms = d2i_CMS_ContentInfo(NULL, &at, (long)der.size);
	if (cms != NULL && at == der.at + der.size &&
	    OBJ_obj2nid(CMS_get0_type(cms)) == NID_pkcs7_signed)
		signers = CMS_get0_SignerInfos(cms);
	if (signers != NULL && sk_CMS_SignerInfo_num(signers) > 0) {
		*found = true;
		fact->scheme = "cms";
		fact->present = 1;
		status = describe_signer(job, cms, sk_CMS_SignerInfo_value(signers, 0), fact);
		if (status == STATUS_OK)
			status = describe_algorithm(job, sk_CMS_SignerInfo_value(signers, 0), fact);
	}
	CMS_ContentInfo_free(cms);
	ERR_clear_error();
	return status;
}

static bool
read_hexadecimal(struct span digits, uint32_t *value)
{
	*value = 0;
	for (size_t i = 0; i < digits.size; i++) {
		const char *alphabet = "0123456789abcdef", *found;
		uint8_t c = digits.at[i];

		found = c == 0 ? NULL : strchr(alphabet, c >= 'A' && c <= 'F' ? c + 32 : c);
		if (found == NULL)
			return false;
		*value = *value << 4 | (uint32_t)(found - alphabet);
	}
	return digits.size == 8;
}

/* One member of a newc archive (cpio(5)); false at its trailer or where it is none. */
static bool
next_member(struct reader *reader, size_t whole, struct span *name, struct span *data)
{
	struct span header = read_bytes(reader, CPIO_HEADER);
	uint32_t size, name_size;

	if (header.size == 0 ||
	    (!span_begins(header, "070701") && !span_begins(header, "070702")) ||
	    !read_hexadecimal(span_part(header, 54, 8), &size) ||
	    !read_hexadecimal(span_part(header, 94, 8), &name_size))
		return false;
	*name = read_bytes(reader, name_size);
	if (name->size == 0 || name->at[name->size - 1] != '\0')
		return false;
	name->size--;
	read_bytes(reader, -(whole - reader->rest.size) & 3);
	*data = read_bytes(reader, size);
	if (!reader->overrun && reader->rest.size != 0)
		read_bytes(reader, (-(whole - reader->rest.size) & 3) < reader->rest.size
				       ? -(whole - reader->rest.size) & 3
				       : 0);
	return !reader->overrun && !span_is(*name, "TRAILER!!!");
}

/* The description is signed; a member is covered when the description holds its digest. */
static enum status
judge_cover(
    struct job *job, struct span content, const struct update_archive *archive, const char **covers)
{
	struct reader reader = {.rest = content};
	struct span name, data;
	struct digest digest;
	char hex[DIGEST_HEX_SIZE];

	*covers = "everything";
	for (int i = 0; i < MAX_ENTRIES && next_member(&reader, content.size, &name, &data); i++) {
		if (span_begins(name, "sw-description"))
			continue;
		TRY(digest_of(job, data, &digest));
		digest_to_hex(&digest, hex);
		if (span_find(archive->description, hex, DIGEST_HEX_SIZE - 1, 0) == SIZE_MAX)
			*covers = "part";
	}
	return STATUS_OK;
}

/* SWUpdate: sw-description first, its signature beside it (SWUpdate documentation, "signed
 * images"). */
static enum status
read_swupdate(struct job *job, struct span content, struct update_signature_fact *fact)
{
	struct reader reader = {.rest = content};
	struct update_archive archive = {0};
	struct span name, data;
	bool found;

	for (int i = 0; i < MAX_ENTRIES && next_member(&reader, content.size, &name, &data); i++) {
		if (span_is(name, "sw-description")) {
			archive.description = data;
			archive.has_description = true;
		} else if (span_is(name, "sw-description.sig")) {
			archive.signature = data;
			archive.has_signature = true;
		}
	}
	if (!archive.has_description)
		return STATUS_OK;
	fact->container = "swu";
	if (!archive.has_signature)
		return STATUS_OK;
	TRY(read_cms(job, archive.signature, fact, &found));
	if (!found) {
		bool plain = archive.signature.size >= 128 && archive.signature.size <= 1024 &&
			     archive.signature.size % 64 == 0;

		fact->scheme = plain ? "rsa" : "opaque";
		fact->present = plain ? 1 : UNKNOWN;
		fact->key_bits = plain ? (int64_t)archive.signature.size * 8 : UNKNOWN;
	}
	return judge_cover(job, content, &archive, &fact->covers);
}

/* RAUC: the image ends in a CMS message and its size, u64 big-endian (RAUC reference, "Bundle
 * Formats"). */
static enum status
read_rauc(struct job *job, const struct tree *tree, struct update_signature_fact *fact)
{
	struct span tail = {0};
	struct reader reader;
	uint64_t size;
	bool found;

	for (size_t i = 0; i < tree->region_count; i++) {
		const struct region *region = &tree->regions[i];

		if (region->parent[0] == '\0' && region->bytes != 0 &&
		    region->offset + region->bytes == tree->image_bytes)
			tail = region->content;
	}
	if (tail.size < 16)
		return STATUS_OK;
	reader = (struct reader){.rest = span_from(tail, tail.size - 8)};
	size = read_u64_be(&reader);
	if (size > tail.size - 8)
		return STATUS_OK;
	TRY(read_cms(job, span_part(tail, tail.size - 8 - size, size), fact, &found));
	if (found) {
		fact->container = "raucb";
		fact->covers = "everything";
	}
	return STATUS_OK;
}

/* A file beside the others, named as a signature: that it is one, nobody has seen. */
static bool
has_signature_file(const struct tree *tree, const struct region *region)
{
	static const char *const endings[] = {".sig", ".sign", ".p7s", ".asc", ".gpg", ".minisig"};
	const struct node *top = tree->root == NULL ? NULL : tree->root->child;

	while (top != NULL && strcmp(top->path, region->path) != 0)
		top = top->next;
	top = top == NULL ? NULL : top->child;
	for (size_t steps = 0; top != NULL && steps < MAX_ENTRIES; steps++, top = top->next)
		for (size_t i = 0; i < ARRAY_SIZE(endings); i++)
			if (top->type == NODE_FILE && text_ends_with(top->name, endings[i]))
				return true;
	return false;
}

static bool
has_unknown_bytes(const struct tree *tree)
{
	for (size_t i = 0; i < tree->region_count; i++)
		if (tree->regions[i].parent[0] == '\0' &&
		    tree->regions[i].coverage != COVERAGE_READ &&
		    tree->regions[i].coverage != COVERAGE_PADDING)
			return true;
	return false;
}

/* Made to carry an update, its own checksum included. */
static bool
is_wrapper(const char *format)
{
	return text_starts_with(format, "uimage") || strcmp(format, "trx") == 0;
}

static enum status
add_container(struct job *job, const struct tree *tree, const struct region *region,
    struct evidence *evidence)
{
	struct fact fact = fact_new(FACT_update_signature);
	struct update_signature_fact *signature = &fact.as.update_signature;

	fact.path = region->path;
	fact.offset = region->offset > INT64_MAX ? UNKNOWN : (int64_t)region->offset;
	signature->container = region->format;
	for (size_t i = 0; i < ARRAY_SIZE(containers); i++) {
		if (strcmp(containers[i].format, region->format) != 0)
			continue;
		signature->scheme = containers[i].scheme;
		signature->algorithm = containers[i].algorithm;
		signature->covers = containers[i].covers;
		signature->present = 0;
	}
	if (strcmp(region->format, "swu") == 0 || strcmp(region->format, "cpio") == 0)
		TRY(read_swupdate(job, region->content, signature));
	else if (text_starts_with(region->format, "squashfs") ||
		 strcmp(region->format, "rauc") == 0)
		TRY(read_rauc(job, tree, signature));
	if (signature->present == 0 && has_signature_file(tree, region)) {
		signature->scheme = "opaque";
		signature->present = UNKNOWN;
	} else if (signature->present == 0 && has_unknown_bytes(tree)) {
		/* a signature may lie in what was not read: absence is not proven, and this
		 * may be no more than a part of a container nobody recognised */
		signature->present = UNKNOWN;
		if (!is_wrapper(region->format)) {
			signature->scheme = signature->algorithm = NULL;
			signature->covers = NULL;
		}
	}
	return evidence_add(evidence, job, &fact);
}

static enum status
conclude(struct job *job, const struct collection *collection, struct evidence *evidence)
{
	const struct tree *tree = collection->tree;

	for (size_t i = 0; tree != NULL && i < tree->region_count; i++)
		if (tree->regions[i].parent[0] == '\0' && tree->regions[i].format[0] != '\0' &&
		    tree->regions[i].coverage != COVERAGE_PADDING &&
		    tree->regions[i].coverage != COVERAGE_GAP)
			TRY(add_container(job, tree, &tree->regions[i], evidence));
	return STATUS_OK;
}

static const enum fact_kind looks_for[] = {FACT_update_signature};

const struct collector collector_update_signature = {
    .name = "update_signature",
    .title = "how the image as a whole is protected as an update",
    .source = "RFC 5652, SWUpdate documentation, RAUC reference, U-Boot image.h, cpio(5)",
    .looks_for = looks_for,
    .looks_for_count = ARRAY_SIZE(looks_for),
    .wants = wants,
    .collect = collect,
    .conclude = conclude,
};
