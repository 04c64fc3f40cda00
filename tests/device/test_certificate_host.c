/* The name told in a hello is taken from a stranger's certificate: it is a host's, or none. */
#include "tests/support/support.h"

#include <openssl/x509v3.h>
#include <string.h>

#include "base/arena.h"
#include "device/certificate_facts.h"

/* Nobody verifies it. */
static struct span
certify(struct job *job, const char *common_name, const char *alternative_names)
{
	X509 *made = X509_new();
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509_EXTENSION *extension =
	    alternative_names == NULL
		? NULL
		: X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, alternative_names);
	uint8_t *der = arena_allocate(job, 4096), *end = der;
	int size;

	X509_gmtime_adj(X509_getm_notBefore(made), 0);
	X509_gmtime_adj(X509_getm_notAfter(made), 86400);
	if (common_name != NULL)
		X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_UTF8,
		    (const unsigned char *)common_name, -1, -1, 0);
	if (extension != NULL)
		X509_add_ext(made, extension, -1);
	X509_EXTENSION_free(extension);
	X509_set_pubkey(made, key);
	X509_sign(made, key, EVP_sha256());
	size = i2d_X509(made, NULL);
	assert_in_range(size, 1, 4096);
	i2d_X509(made, &end);
	X509_free(made);
	EVP_PKEY_free(key);
	return (struct span){der, (size_t)size};
}

static void
the_first_name_of_a_host_is_taken(void **state)
{
	static const struct {
		const char *common_name, *alternative_names, *host;
	} cases[] = {{"cam", "IP:192.0.2.1,DNS:cam-17.local,DNS:b.example", "cam-17.local"},
	    {"cam-17.local", NULL, "cam-17.local"},
	    {"cam-17.local", "IP:192.0.2.1", "cam-17.local"},
	    {"*.example.com", NULL, "camera.example.com"}, {"192.0.2.1", NULL, ""},
	    {"IP Camera", NULL, ""}, {"caméra", NULL, ""}, {NULL, NULL, ""}, {"*.", NULL, ""},
	    {"IP Camera", "DNS:a b,DNS:c.example", "c.example"}};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char host[254];

		certificate_host(certify(*state, cases[i].common_name, cases[i].alternative_names),
		    host, sizeof host);
		assert_string_equal(host, cases[i].host);
	}
}

static void
cut_and_broken_certificates_name_nobody(void **state)
{
	struct job *job = *state;
	struct span whole = certify(job, "cam", "DNS:cam-17.local");
	char host[20];

	for (size_t size = 0; size < whole.size; size++) {
		uint8_t *copy = arena_allocate(job, size + 1);

		memcpy(copy + 1, whole.at, size);
		certificate_host((struct span){copy + 1, size}, host, sizeof host);
		assert_string_equal(host, "");
	}
	for (size_t bit = 0; bit < 8 * whole.size; bit++) {
		uint8_t *copy = arena_allocate(job, whole.size);

		memcpy(copy, whole.at, whole.size);
		copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
		certificate_host((struct span){copy, whole.size}, host, sizeof host);
		assert_in_range(strlen(host), 0, sizeof host - 1);
	}
	certificate_host(whole, host, 12); /* no room */
	assert_string_equal(host, "cam");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		the_first_name_of_a_host_is_taken, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		cut_and_broken_certificates_name_nobody, setup_job, teardown_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
