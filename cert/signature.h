/*
 * A signature is CMS SignedData in one narrow form: one signer, one embedded
 * certificate, ECDSA P-256 with SHA-256, CAdES signed attributes.
 *
 * The reader is our own and strict: every byte outside the signature's cover
 * has only one allowed value, so no altered file can verify.  Other programs
 * (openssl cms -verify) accept what we write.
 *
 * signed attributes    contentType, messageDigest, signingTime and
 *                      signingCertificateV2, each once; others are ignored
 * unsigned attributes  none, or one of ours: the registry's receipt, whose
 *                      reader must refuse any byte it does not expect
 *
 * Source: RFC 5652 sections 5 and 11, RFC 5035 section 3, ETSI EN 319 122-1
 * sections 5.2.2.3 and 6 (CAdES-B), RFC 5758 section 3.2.
 */
#ifndef CERT_SIGNATURE_H
#define CERT_SIGNATURE_H

#include "base/digest.h"
#include "cert/identity.h"

#define SIGNATURE_MAX_SIZE ((size_t)256 << 20)

struct signature {
	struct span content;
	struct digest content_digest;
	struct span certificate; /* DER of the signer */
	int64_t signed_at;       /* the signer's clock, Unix seconds */
	struct span receipt;     /* of the unsigned attribute; empty when there is none */
	/* what is left for signature_check */
	struct digest attributes_digest;
	struct span value, signer_identifier;
};

/*
 * Signs `content` at `now`; with `detached` the result does not embed it.
 * The result's bytes live in the job's arena.
 *
 * STATUS_REFUSED  the key is not the certificate's, or it is not valid at `now`
 */
enum status signature_make(struct job *job, const struct key *key, const struct identity *signer,
    struct span content, bool detached, int64_t now, struct span *der);

/*
 * Reads `der` and checks all that needs no key: form, digest of the content,
 * and that the signed attributes name the embedded certificate.
 *
 * detached  the content of a detached signature; an empty span (at NULL) when
 *           it must be embedded
 *
 * STATUS_MALFORMED  not CMS in our form
 * STATUS_REFUSED    the content or the certificate is not what was signed
 */
enum status signature_read(
    struct job *job, struct span der, struct span detached, struct signature *signature);

/*
 * Checks the ECDSA value with the embedded certificate, and that the
 * certificate was valid at the signing time.  Whether that signer means
 * anything is the trust list's to know.
 *
 * cache  may be NULL
 * STATUS_REFUSED  bad signature
 */
enum status signature_check(struct job *job, struct identity_cache *cache,
    const struct signature *signature, const struct identity **signer);

/* The same signature with the receipt (1 byte or more) as its unsigned attribute, instead of any
 * other. */
enum status signature_attach(
    struct job *job, struct span der, struct span receipt, struct span *result);

#endif
