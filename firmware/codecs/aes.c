/* Firmware "encrypted" under a key that every unit of the model holds is read with that key. */
#include <openssl/evp.h>

#include "firmware/codecs/codec.h"

#define BLOCK ((size_t)16)
#define STEP ((size_t)1 << 20)

bool
aes_cbc_decode(struct span key, struct span iv, struct span in, struct buffer *out)
{
	const EVP_CIPHER *cipher = key.size == 32 ? EVP_aes_256_cbc() : EVP_aes_128_cbc();
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	bool good = context != NULL && (key.size == 16 || key.size == 32) && iv.size == BLOCK &&
		    in.size % BLOCK == 0 &&
		    EVP_DecryptInit_ex(context, cipher, NULL, key.at, iv.at) == 1 &&
		    EVP_CIPHER_CTX_set_padding(context, 0) == 1;

	for (size_t done = 0; good && done < in.size; done += STEP) {
		size_t step = in.size - done < STEP ? in.size - done : STEP;
		int written = 0;

		good = buffer_reserve(out, step) && out->room - out->size >= step &&
		       EVP_DecryptUpdate(
			   context, out->at + out->size, &written, in.at + done, (int)step) == 1;
		out->size += good ? (size_t)written : 0;
	}
	EVP_CIPHER_CTX_free(context);
	return good;
}
