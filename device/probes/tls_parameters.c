/* Groups and signature schemes by elimination too: what the unit chose is taken out of the list. */
#include <string.h>

#include "base/arena.h"
#include "device/probes/tls.h"

#define CODES_MAX 96
#define FFDHE_FIRST 0x100
#define FFDHE_LAST 0x1ff
#define EXPLICIT_FIRST 0xff01
#define NOBODYS 0xfefe     /* of private use: no unit knows it */
#define FIRST_OF_13 0x0700 /* below lie the pairs of hash and signature of TLS 1.2 */

/* One list being worn away. */
struct hunt {
	const char *class;
	uint16_t version;
	const uint16_t *suites;
	size_t suite_count;
	bool schemes; /* the list is of signature schemes, else of groups */
	bool no_share;
	uint16_t codes[CODES_MAX]; /* first those left, then those taken */
	size_t left;
	size_t taken;
};

static bool
has_curve(const char *name)
{
	return strstr(name, "_ECDHE_") != NULL || strstr(name, "_ECDH_anon") != NULL;
}

static bool
has_prime(const char *name)
{
	return strstr(name, "_DHE_") != NULL || strstr(name, "_DH_anon") != NULL;
}

/* The key exchange is signed: its scheme is told. */
static bool
is_signed(const char *name)
{
	return (strstr(name, "_ECDHE_") != NULL || strstr(name, "_DHE_") != NULL) &&
	       strstr(name, "_PSK_") == NULL && strstr(name, "_anon_") == NULL;
}

static bool
is_any(const char *name)
{
	return name[0] != '\0';
}

/* What the unit chose out of the list; 0 when it did not say, or the list did not matter. */
static enum status
chosen(
    struct tls_talk *talk, const struct hunt *hunt, const struct tls_answer *answer, uint16_t *code)
{
	const struct tls_prime *known = NULL;

	*code = 0;
	if (answer->type != TLS_HELLO || answer->version != hunt->version)
		return STATUS_OK;
	*code = hunt->schemes ? answer->scheme : answer->group;
	if (answer->explicit_curve && !hunt->schemes)
		*code = EXPLICIT_FIRST;
	if (answer->dh_prime.size > 0 && !hunt->schemes) {
		TRY(tls_prime_find(talk->job, answer->dh_prime, &known));
		*code = known == NULL ? 0 : known->group;
	}
	return STATUS_OK;
}

/* Moves a code that is left behind those that are; false when it is none of them. */
static bool
move(struct hunt *hunt, uint16_t code)
{
	for (size_t i = 0; i < hunt->left; i++)
		if (hunt->codes[i] == code) {
			memmove(&hunt->codes[i], &hunt->codes[i + 1],
			    (hunt->left + hunt->taken - i - 1) * sizeof *hunt->codes);
			hunt->codes[--hunt->left + hunt->taken++] = code;
			return true;
		}
	return false;
}

/*
 * Asks until nothing that is left is chosen any more.  `beside`: those taken
 * stay at the end of the list, for units that need one of them for their
 * certificate.
 */
static enum status
wear_away(struct tls_talk *talk, struct hunt *hunt, bool beside, enum tls_answer_type *ending)
{
	*ending = TLS_ALERT;
	while (hunt->left > 0) {
		size_t count = hunt->left + (beside ? hunt->taken : 0);
		struct tls_offer offer = {.version = hunt->version,
		    .suites = hunt->suites,
		    .count = hunt->suite_count,
		    .groups = hunt->schemes ? NULL : hunt->codes,
		    .group_count = count,
		    .schemes = hunt->schemes ? hunt->codes : NULL,
		    .scheme_count = count,
		    .no_share = hunt->no_share};
		struct arena_mark mark = arena_mark(talk->job->arena);
		struct tls_answer answer;
		int64_t exchange;
		uint16_t code;

		TRY(tls_try(talk, &offer, &answer, &exchange));
		*ending = answer.type;
		TRY(chosen(talk, hunt, &answer, &code));
		arena_release(talk->job->arena, mark);
		if (code == 0 || !move(hunt, code))
			return STATUS_OK;
		TRY(tls_add_parameter(talk, hunt->version, hunt->class,
		    hunt->schemes ? tls_scheme_name(code) : tls_group_name(code), 1, exchange));
	}
	return STATUS_OK;
}

static enum status
lack(struct tls_talk *talk, uint16_t version, const char *class)
{
	outcome_lack(talk->job, &talk->parameters, "port %u: no sensible answer about the %s of %s",
	    talk->port, class, tls_version_name(version));
	return STATUS_OK;
}

/* A unit that chose before must choose the first time. */
static enum status
hunt_down(struct tls_talk *talk, struct hunt *hunt, bool must)
{
	enum tls_answer_type ending;

	if (hunt->suite_count == 0)
		return STATUS_OK;
	TRY(wear_away(talk, hunt, false, &ending));
	if (ending == TLS_SILENT || ending == TLS_STRANGE || (must && hunt->taken == 0))
		return lack(talk, hunt->version, hunt->class);
	if (hunt->taken > 0 && !hunt->no_share)
		return wear_away(talk, hunt, true, &ending);
	return STATUS_OK;
}

static void
fill(struct hunt *hunt, const struct tls_code *table, size_t count, uint16_t from, uint16_t to)
{
	for (size_t i = 0; i < count && hunt->left < CODES_MAX; i++)
		if (table[i].code >= from && table[i].code <= to)
			hunt->codes[hunt->left++] = table[i].code;
}

static enum status
hunt_groups(struct tls_talk *talk, uint16_t version)
{
	uint16_t suites[TLS_SUITES_MAX];
	struct hunt curves = {.class = "group", .version = version, .suites = suites};
	struct hunt primes = curves;

	if (version == 0 || version == SSL_3_0)
		return STATUS_OK;
	curves.suite_count = tls_choose(talk, version, has_curve, suites);
	fill(&curves, tls_groups, tls_group_count, 0, FFDHE_FIRST - 1);
	fill(&curves, tls_groups, tls_group_count, EXPLICIT_FIRST, UINT16_MAX);
	TRY(hunt_down(talk, &curves, true));
	/* Most have one prime of their own, whatever is asked for (RFC 7919 came late). */
	primes.suite_count = tls_choose(talk, version, has_prime, suites);
	fill(&primes, tls_groups, tls_group_count, FFDHE_FIRST, FFDHE_LAST);
	return hunt_down(talk, &primes, false);
}

/* Without a key share of ours the unit has to say which group it wants. */
static enum status
hunt_groups_of_13(struct tls_talk *talk)
{
	uint16_t suites[TLS_SUITES_MAX];
	struct hunt hunt = {
	    .class = "group", .version = TLS_1_3, .suites = suites, .no_share = true};

	hunt.suite_count = tls_choose(talk, TLS_1_3, is_any, suites);
	fill(&hunt, tls_groups, tls_group_count, 0, UINT16_MAX);
	return hunt_down(talk, &hunt, true);
}

static enum status
hunt_schemes(struct tls_talk *talk)
{
	uint16_t suites[TLS_SUITES_MAX];
	struct hunt hunt = {
	    .class = "signature_algorithm", .version = TLS_1_2, .suites = suites, .schemes = true};

	hunt.suite_count = tls_choose(talk, TLS_1_2, is_signed, suites);
	fill(&hunt, tls_schemes, tls_scheme_count, 0, UINT16_MAX);
	return hunt_down(talk, &hunt, true);
}

/* TLS 1.3 hides the signature, but not whether there can be one. */
static enum status
try_scheme_of_13(struct tls_talk *talk, uint16_t code, bool *taken, int64_t *exchange)
{
	uint16_t suites[TLS_SUITES_MAX];
	struct tls_offer offer = {
	    .version = TLS_1_3, .suites = suites, .schemes = &code, .scheme_count = 1};
	struct arena_mark mark = arena_mark(talk->job->arena);
	struct tls_answer answer;

	offer.count = tls_choose(talk, TLS_1_3, is_any, suites);
	TRY(tls_try(talk, &offer, &answer, exchange));
	arena_release(talk->job->arena, mark);
	*taken = answer.type == TLS_HELLO && answer.version == TLS_1_3;
	return STATUS_OK;
}

static enum status
hunt_schemes_of_13(struct tls_talk *talk)
{
	bool taken;
	int64_t exchange;

	TRY(try_scheme_of_13(talk, NOBODYS, &taken, &exchange));
	if (taken) {
		outcome_lack(talk->job, &talk->parameters,
		    "port %u: in TLS 1.3 it answers before it looks at the signatures asked for",
		    talk->port);
		return STATUS_OK;
	}
	for (size_t i = 0; i < tls_scheme_count; i++) {
		if (tls_schemes[i].code < FIRST_OF_13 && (tls_schemes[i].code & 0xff) != 3)
			continue; /* RSA PKCS #1 and DSA cannot sign there */
		TRY(try_scheme_of_13(talk, tls_schemes[i].code, &taken, &exchange));
		if (taken)
			TRY(tls_add_parameter(talk, TLS_1_3, "signature_algorithm",
			    tls_schemes[i].name, 1, exchange));
	}
	return STATUS_OK;
}

enum status
tls_look_at_parameters(struct tls_talk *talk)
{
	TRY(hunt_groups(talk, tls_highest_before_13(talk)));
	TRY(hunt_schemes(talk));
	if (tls_spoken_in(talk, TLS_1_3)->count == 0)
		return STATUS_OK;
	TRY(hunt_groups_of_13(talk));
	return hunt_schemes_of_13(talk);
}
