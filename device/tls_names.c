/* What is a number on the wire is a name in a fact: IANA's. */
#include "device/tls_hello.h"

#include "base/digest.h"

const struct tls_suite tls_suites[] = {
#define SUITE(code, name) {code, false, #name},
#define SUITE13(code, name) {code, true, #name},
#include "device/tls_suites.def"
#undef SUITE
#undef SUITE13
};
const size_t tls_suite_count = ARRAY_SIZE(tls_suites);

const struct tls_code tls_groups[] = {
#define GROUP(code, name) {code, #name},
#include "device/tls_groups.def"
#undef GROUP
};
const size_t tls_group_count = ARRAY_SIZE(tls_groups);

const struct tls_code tls_schemes[] = {
#define SCHEME(code, name) {code, #name},
#include "device/tls_schemes.def"
#undef SCHEME
};
const size_t tls_scheme_count = ARRAY_SIZE(tls_schemes);

static const struct tls_prime primes[] = {
#define PRIME(bits, group, digest, name) {bits, group, digest, name},
#include "device/tls_primes.def"
#undef PRIME
};

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

	if (version == SSL_2_0)
		return "SSLv2";
	if (version == DTLS_1_0 || version == DTLS_1_2)
		return version == DTLS_1_0 ? "DTLSv1.0" : "DTLSv1.2";
	return version >= SSL_3_0 && version <= TLS_1_3 ? names[version - SSL_3_0] : NULL;
}

static const char *
name_of(const struct tls_code *table, size_t count, uint16_t code)
{
	for (size_t i = 0; i < count; i++)
		if (table[i].code == code)
			return table[i].name;
	return NULL;
}

const char *
tls_group_name(uint16_t group)
{
	return name_of(tls_groups, tls_group_count, group);
}

const char *
tls_scheme_name(uint16_t scheme)
{
	return name_of(tls_schemes, tls_scheme_count, scheme);
}

static struct span
without_zeros(struct span number)
{
	while (number.size > 0 && number.at[0] == 0)
		number = span_from(number, 1);
	return number;
}

uint32_t
tls_prime_bits(struct span prime)
{
	uint32_t bits;

	prime = without_zeros(prime);
	if (prime.size == 0)
		return 0;
	bits = (uint32_t)(prime.size - 1) * 8;
	for (unsigned first = prime.at[0]; first != 0; first >>= 1)
		bits++;
	return bits;
}

enum status
tls_prime_find(struct job *job, struct span prime, const struct tls_prime **known)
{
	struct digest digest;
	uint64_t begin = 0;

	*known = NULL;
	prime = without_zeros(prime);
	TRY(digest_of(job, prime, &digest));
	for (unsigned i = 0; i < sizeof begin; i++)
		begin = begin << 8 | digest.bytes[i];
	for (size_t i = 0; i < ARRAY_SIZE(primes); i++)
		if (primes[i].digest == begin && primes[i].bits == tls_prime_bits(prime))
			*known = &primes[i];
	return STATUS_OK;
}
