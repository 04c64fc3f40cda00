/*
 * Each step adds its reasons and none hides another's; the gravest decides.
 */
#include "cert/verification.h"

#include <string.h>

#include "base/arena.h"
#include "cert/day.h"
#include "cert/expectation.h"
#include "cert/number.h"

static const char *
day_text(struct job *job, int64_t time)
{
	char day[32];

	day_of(time, day);
	return arena_copy_string(job, day);
}

/* Keeps the gravest first; beyond the room for reasons only the outcome counts. */
void
verification_add(struct verification *verification, enum outcome outcome, const char *text,
    const char *first, const char *second, const char *third)
{
	struct reason reason = {outcome, text, {first, second, third}};
	size_t at = verification->reason_count;

	if (outcome > verification->outcome)
		verification->outcome = outcome;
	if (at == VERIFICATION_REASONS)
		return;
	while (at > 0 && verification->reasons[at - 1].outcome < outcome) {
		verification->reasons[at] = verification->reasons[at - 1];
		at--;
	}
	verification->reasons[at] = reason;
	verification->reason_count++;
}

#define NO(text, ...) ADD(OUTCOME_NOT_VALID, text, __VA_ARGS__, NULL, NULL, NULL)
#define UNDECIDED(text, ...) ADD(OUTCOME_UNDECIDED, text, __VA_ARGS__, NULL, NULL, NULL)
#define ADD(outcome, text, first, second, third, ...)                                              \
	verification_add(verification, outcome, text, first, second, third)

/* Signature, signer, content.  Nothing else may be believed unless `genuine` is set. */
static enum status
check_signature(struct job *job, struct identity_cache *cache, struct span file,
    const struct trust *trust, struct verification *verification, struct signature *signature)
{
	enum status status = signature_read(job, file, (struct span){0}, signature);

	if (status == STATUS_OK)
		status = signature_check(job, cache, signature, &verification->signer);
	else if (status == STATUS_MALFORMED || status == STATUS_LIMIT)
		return status;
	if (status != STATUS_OK) {
		NO("The file was altered after it was signed, or the signature is forged.", NULL);
		return STATUS_OK;
	}
	for (size_t i = 0; i < trust->bodies_count; i++)
		verification->genuine |=
		    digest_equal(&trust->bodies[i].fingerprint, &verification->signer->fingerprint);
	if (!verification->genuine) {
		NO("It is signed by \"{}\", which is not a designated certification body.",
		    verification->signer->name);
		return STATUS_OK;
	}
	verification->digest = signature->content_digest;
	verification->signed_at = signature->signed_at;
	return certificate_read(job, signature->content, &verification->certificate);
}

static void
check_receipt(struct job *job, struct identity_cache *cache, const struct signature *signature,
    const struct trust *trust, struct verification *verification)
{
	struct event event;

	if (signature->receipt.size == 0)
		return;
	if (receipt_verify(job, cache, signature->receipt, trust, &signature->content_digest,
		&event) != STATUS_OK) {
		NO("The registration receipt in the file is not genuine.", NULL);
		return;
	}
	verification->number = event.number;
	verification->accepted = event.time;
}

/* Suspended, withdrawn, annulled or reduced at that moment. */
static void
check_standing(struct job *job, const struct bundle_entry *entry,
    const struct verification_request *request, struct verification *verification)
{
	const struct change *change = bundle_standing(entry, request->at);
	const char *since;

	verification->state = change == NULL ? STATE_GRANTED : state_named(change->state);
	if (change == NULL)
		return;
	since = day_text(job, change->since);
	switch (verification->state) {
	case STATE_SUSPENDED:
		NO("Suspended since {}: {}", since, change->reason);
		break;
	case STATE_WITHDRAWN:
		NO("Withdrawn on {}: {}", since, change->reason);
		break;
	case STATE_ANNULLED:
		NO("Annulled on {}, it never was valid: {}", since, change->reason);
		break;
	case STATE_REDUCED:
		verification_add(verification, OUTCOME_VALID, "Reduced since {}: {}", since,
		    change->reason, NULL);
		expectation_check_removed(change, request, verification);
		break;
	default:
		break;
	}
}

/* Not in the bundle: either it is newer than the bundle, or it was never registered. */
static void
check_unregistered(struct job *job, const struct bundle *bundle, struct verification *verification)
{
	int64_t dated =
	    verification->number != NULL ? verification->accepted : verification->signed_at;

	verification->status_known = false;
	if (dated > bundle->made)
		UNDECIDED("It is newer than the status list of {}; get a newer list.",
		    day_text(job, bundle->made));
	else
		NO("It is signed but not in the registry.", NULL);
}

static void
check_status(struct job *job, const struct bundle_entry *entry,
    const struct verification_request *request, struct verification *verification)
{
	const struct bundle *bundle = request->bundle;

	verification->status_known = true;
	if (verification->number != NULL && strcmp(verification->number, entry->number) != 0)
		NO("The receipt in the file names {}, the registry {}.", verification->number,
		    entry->number);
	verification->number = entry->number;
	verification->accepted = entry->accepted;
	if (request->at < entry->accepted)
		NO("It was registered only on {}.", day_text(job, entry->accepted));
	check_standing(job, entry, request, verification);
	if (request->at > bundle->next_update)
		UNDECIDED("The status list is of {}, too old for {}; get a newer list.",
		    day_text(job, bundle->made), day_text(job, request->at));
}

static void
check_registration(
    struct job *job, const struct verification_request *request, struct verification *verification)
{
	const struct bundle_entry *entry;

	if (request->bundle == NULL) {
		UNDECIDED("Genuine, but its status is unknown: no status list was given.", NULL);
		return;
	}
	entry = bundle_find_certificate(request->bundle, &verification->digest);
	if (entry == NULL)
		check_unregistered(job, request->bundle, verification);
	else
		check_status(job, entry, request, verification);
}

/* The body's right to issue it, when it was accepted, and what became of the body. */
static void
check_rights(
    struct job *job, const struct verification_request *request, struct verification *verification)
{
	const struct trust *trust = request->trust;
	const struct digest *signer = &verification->signer->fingerprint;
	int64_t when =
	    verification->number != NULL ? verification->accepted : verification->signed_at;
	const struct restriction *restriction;

	if (trust_check_rights(job, trust, signer, &verification->certificate, when) != STATUS_OK)
		NO("The certification body had no right to issue it: {}",
		    arena_copy_string(job, job->reason));
	restriction = trust_restriction(trust, signer, when, request->at);
	if (restriction != NULL && strcmp(restriction->effect, "all") == 0)
		NO("All certificates of \"{}\" are invalid since {}: {}",
		    verification->certificate.body_name, day_text(job, restriction->from),
		    restriction->reason);
	else if (restriction != NULL)
		UNDECIDED("The certificates of \"{}\" are under review since {}: {}",
		    verification->certificate.body_name, day_text(job, restriction->from),
		    restriction->reason);
	if (request->at > trust->next_update)
		UNDECIDED("The trust list ran out on {}; get a newer one.",
		    day_text(job, trust->next_update));
}

static void
check_dates(const struct verification_request *request, struct verification *verification)
{
	const struct certificate *certificate = &verification->certificate;
	int64_t first, last, unused;

	if (!day_bounds(certificate->issued, &first, &unused) ||
	    !day_bounds(certificate->expires, &unused, &last))
		NO("Its dates are not dates.", NULL);
	else if (request->at < first)
		NO("It is valid only from {}.", certificate->issued);
	else if (request->at > last)
		NO("It expired on {}.", certificate->expires);
}

/* Anybody can make an authority: an unknown one can neither vouch nor withdraw. */
static void
add_unknown_root(struct job *job, const struct trust *trust, struct verification *verification)
{
	char hex[DIGEST_HEX_SIZE];

	digest_to_hex(&trust->root.fingerprint, hex);
	UNDECIDED("The root of \"{}\" is not known here; its certificate's SHA-256 is {}.",
	    trust->authority, arena_copy_string(job, hex));
	UNDECIDED("Get the authority's root certificate by a way you trust; give it with --trust, "
		  "HOPQUY_TRUST or /etc/hopquy/root.pem.",
	    NULL);
}

enum status
certificate_verify(struct job *job, struct identity_cache *cache, struct span file,
    const struct verification_request *request, struct verification *verification)
{
	struct signature signature;

	*verification = (struct verification){0};
	if (file.size > CERTIFICATE_MAX_SIZE)
		return fail(job, STATUS_LIMIT, "certificate: %zu bytes", file.size);
	TRY(check_signature(job, cache, file, request->trust, verification, &signature));
	if (!request->root_known) {
		verification->genuine = false;
		add_unknown_root(job, request->trust, verification);
	}
	if (!verification->genuine)
		return STATUS_OK;
	check_receipt(job, cache, &signature, request->trust, verification);
	check_registration(job, request, verification);
	check_rights(job, request, verification);
	check_dates(request, verification);
	if (verification->certificate.trial && !request->accept_trial)
		UNDECIDED("TRIAL: it has no legal effect.", NULL);
	return expectations_check(job, request, verification);
}

enum status
number_verify(struct job *job, const char *number, const struct verification_request *request,
    struct verification *verification)
{
	const struct bundle_entry *entry = NULL;

	*verification = (struct verification){0};
	if (!number_read(number, NULL, NULL)) {
		NO("{} is no certificate number: a digit is wrong or missing.", number);
		return STATUS_OK;
	}
	if (!request->root_known) {
		add_unknown_root(job, request->trust, verification);
		return STATUS_OK;
	}
	if (request->bundle == NULL) {
		UNDECIDED("The status is unknown: no status list was given.", NULL);
		return STATUS_OK;
	}
	entry = bundle_find_number(request->bundle, number);
	if (entry == NULL) {
		NO("No certificate has the number {} in the status list of {}.", number,
		    day_text(job, request->bundle->made));
		return STATUS_OK;
	}
	check_status(job, entry, request, verification);
	UNDECIDED("Only the number was looked up; verify the certificate itself.", NULL);
	return STATUS_OK;
}
