/* A signature without its certificate still names who issued that. */
#include "firmware/cms.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

#define MAX_NAME 120

/* "CN=device,O=maker" */
static enum status
text_of_name(struct job *job, const X509_NAME *name, const char **text)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *at = NULL;
	long size = 0;

	*text = NULL;
	if (bio != NULL && X509_NAME_print_ex(bio, name, 0,
			       (XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB)) >= 0)
		size = BIO_get_mem_data(bio, &at);
	if (size > 0)
		*text = text_from_bytes(job, at, (size_t)size, MAX_NAME);
	BIO_free(bio);
	return size > 0 && *text == NULL ? STATUS_LIMIT : STATUS_OK;
}

static enum status
name_signer(struct job *job, CMS_ContentInfo *message, CMS_SignerInfo *signer, struct cms *cms)
{
	STACK_OF(X509) *certificates = CMS_get1_certs(message);
	X509_NAME *name = NULL;
	enum status status = STATUS_OK;

	for (int i = 0; i < sk_X509_num(certificates) && name == NULL; i++)
		if (CMS_SignerInfo_cert_cmp(signer, sk_X509_value(certificates, i)) == 0)
			name = X509_get_subject_name(sk_X509_value(certificates, i));
	if (name == NULL)
		CMS_SignerInfo_get0_signer_id(signer, NULL, &name, NULL);
	if (name != NULL)
		status = text_of_name(job, name, &cms->name);
	sk_X509_pop_free(certificates, X509_free);
	return status;
}

static enum status
read_signed(struct job *job, CMS_ContentInfo *message, struct cms *cms)
{
	STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(message);
	ASN1_OCTET_STRING **content = CMS_get0_content(message);

	if (sk_CMS_SignerInfo_num(signers) <= 0)
		return STATUS_OK;
	cms->type = CMS_SIGNED;
	cms->signers = (size_t)sk_CMS_SignerInfo_num(signers);
	TRY(name_signer(job, message, sk_CMS_SignerInfo_value(signers, 0), cms));
	if (content != NULL && *content != NULL && ASN1_STRING_length(*content) > 0) {
		size_t size = (size_t)ASN1_STRING_length(*content);
		const char *copy =
		    arena_string(job, (const char *)ASN1_STRING_get0_data(*content), size);

		if (copy == NULL)
			return STATUS_LIMIT;
		cms->content = (struct span){(const uint8_t *)copy, size};
	}
	return STATUS_OK;
}

enum status
cms_read(struct job *job, struct span der, struct cms *cms)
{
	const unsigned char *at = der.at;
	CMS_ContentInfo *message = NULL;
	enum status status = STATUS_OK;

	*cms = (struct cms){0};
	if (der.size == 0 || der.size > CMS_MAX_SIZE || der.at[0] != 0x30)
		return STATUS_OK;
	message = d2i_CMS_ContentInfo(NULL, &at, (long)der.size);
	if (message != NULL && at == der.at + der.size) {
		int type = OBJ_obj2nid(CMS_get0_type(message));

		if (type == NID_pkcs7_signed)
			status = read_signed(job, message, cms);
		if (type == NID_pkcs7_enveloped) {
			int count = sk_CMS_RecipientInfo_num(CMS_get0_RecipientInfos(message));

			cms->type = CMS_ENVELOPED;
			cms->recipients = count < 0 ? 0 : (size_t)count;
		}
	}
	CMS_ContentInfo_free(message);
	ERR_clear_error();
	return status;
}
