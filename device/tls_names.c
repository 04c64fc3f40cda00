/* What is a number on the wire is a name in a fact: IANA's. */
#include "device/tls_hello.h"

const struct tls_suite tls_suites[] = {
#define SUITE(code, name) {code, false, #name},
#define SUITE13(code, name) {code, true, #name},
#include "device/tls_suites.def"
#undef SUITE
#undef SUITE13
};
const size_t tls_suite_count = ARRAY_SIZE(tls_suites);

/* IANA, TLS Supported Groups; those a client may offer. */
const struct tls_group tls_groups[] = {
    {29, "x25519"},
    {23, "secp256r1"},
    {24, "secp384r1"},
    {25, "secp521r1"},
    {30, "x448"},
    {26, "brainpoolP256r1"},
    {27, "brainpoolP384r1"},
    {28, "brainpoolP512r1"},
    {22, "secp256k1"},
    {21, "secp224r1"},
    {20, "secp224k1"},
    {19, "secp192r1"},
    {18, "secp192k1"},
    {17, "secp160r2"},
    {16, "secp160r1"},
    {15, "secp160k1"},
    {14, "sect571r1"},
    {13, "sect571k1"},
    {12, "sect409r1"},
    {11, "sect409k1"},
    {10, "sect283r1"},
    {9, "sect283k1"},
    {8, "sect239k1"},
    {7, "sect233r1"},
    {6, "sect233k1"},
    {5, "sect193r2"},
    {4, "sect193r1"},
    {3, "sect163r2"},
    {2, "sect163r1"},
    {1, "sect163k1"},
    {256, "ffdhe2048"},
    {257, "ffdhe3072"},
    {258, "ffdhe4096"},
    {259, "ffdhe6144"},
    {260, "ffdhe8192"},
};
const size_t tls_group_count = ARRAY_SIZE(tls_groups);

const char *
tls_suite_name(uint16_t code)
{
	for (size_t i = 0; i < tls_suite_count; i++)
		if (tls_suites[i].code == code)
			return tls_suites[i].name;
	return NULL;
}

const char *
tls_version_name(uint16_t version)
{
	static const char *const names[] = {"SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"};

	return version >= SSL_3_0 && version <= TLS_1_3 ? names[version - SSL_3_0] : NULL;
}

const char *
tls_group_name(uint16_t group)
{
	for (size_t i = 0; i < tls_group_count; i++)
		if (tls_groups[i].code == group)
			return tls_groups[i].name;
	return NULL;
}
