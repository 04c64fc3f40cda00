/*
 * A bundle vouches for nothing by itself: its signer must be the registrar that the
 * trust list inside names.
 */
#include "cert/bundle.h"

#include <string.h>

#define STRUCTURE change
#include "cert/record_fields.h"

static const struct record_field change_fields[] = {
    TEXT_FIELD(state),
    TIME_FIELD(since),
    TEXT_FIELD(reason),
    TEXT_LIST(removed, 64),
};
static const struct record_shape change_shape = {
    "changes", NULL, change_fields, ARRAY_SIZE(change_fields), sizeof(struct change)};

#undef STRUCTURE
#define STRUCTURE bundle_entry
static const struct record_field entry_fields[] = {
    TEXT_FIELD(number),
    DIGEST_FIELD(certificate),
    TIME_FIELD(accepted),
    RECORD_LIST(changes, 256, &change_shape),
};
static const struct record_shape entry_shape = {
    "entries", NULL, entry_fields, ARRAY_SIZE(entry_fields), sizeof(struct bundle_entry)};

#undef STRUCTURE
#define STRUCTURE bundle
static const struct record_field fields[] = {
    TIME_FIELD(made),
    TIME_FIELD(next_update),
    BYTES_FIELD(trust_list, TRUST_MAX_SIZE),
    BYTES_FIELD(checkpoint_note, CHECKPOINT_MAX_SIZE),
    RECORD_LIST(entries, BUNDLE_MAX_ENTRIES, &entry_shape),
};
static const struct record_shape shape = {
    "bundle", "urn:hopquy:bundle:1", fields, ARRAY_SIZE(fields), sizeof(struct bundle)};

enum status
bundle_sign(struct job *job, const struct bundle *bundle, const struct key *key,
    const struct identity *registrar, struct span *der)
{
	struct span xml;

	TRY(record_write(job, &shape, bundle, &xml));
	return signature_make(job, key, registrar, xml, false, bundle->made, der);
}

static enum status
check_entries(struct job *job, const struct bundle *bundle)
{
	for (size_t i = 0; i < bundle->entries_count; i++) {
		const struct bundle_entry *entry = &bundle->entries[i];

		if (i > 0 && strcmp(bundle->entries[i - 1].number, entry->number) >= 0)
			return fail(job, STATUS_MALFORMED, "bundle: numbers are not in order");
		for (size_t j = 0; j < entry->changes_count; j++)
			if (state_named(entry->changes[j].state) == STATE_COUNT ||
			    (j > 0 && entry->changes[j].since < entry->changes[j - 1].since))
				return fail(
				    job, STATUS_MALFORMED, "bundle: changes of %s", entry->number);
	}
	return STATUS_OK;
}

enum status
bundle_read(struct job *job, struct span der, const struct digest *root, struct bundle *bundle)
{
	struct signature signature;
	const struct identity *signer;

	if (der.size > BUNDLE_MAX_SIZE)
		return fail(job, STATUS_LIMIT, "bundle: %zu bytes", der.size);
	TRY(signature_read(job, der, (struct span){0}, &signature));
	TRY(signature_check(job, NULL, &signature, &signer));
	TRY(record_read(job, &shape, signature.content, bundle));
	TRY(trust_read(job, bundle->trust_list, root, &bundle->trust));
	if (!digest_equal(&signer->fingerprint, &bundle->trust.registrar))
		return fail(job, STATUS_REFUSED, "bundle: signed by %s, not by the registrar",
		    signer->name);
	TRY(checkpoint_read(job, bundle->checkpoint_note, bundle->trust.log, &bundle->trust.log_key,
	    &bundle->checkpoint));
	return check_entries(job, bundle);
}

const struct bundle_entry *
bundle_find_number(const struct bundle *bundle, const char *number)
{
	size_t low = 0, high = bundle->entries_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(bundle->entries[middle].number, number);

		if (order == 0)
			return &bundle->entries[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const struct bundle_entry *
bundle_find_certificate(const struct bundle *bundle, const struct digest *certificate)
{
	for (size_t i = 0; i < bundle->entries_count; i++)
		if (digest_equal(&bundle->entries[i].certificate, certificate))
			return &bundle->entries[i];
	return NULL;
}

const struct change *
bundle_standing(const struct bundle_entry *entry, int64_t at)
{
	const struct change *standing = NULL;

	for (size_t i = 0; i < entry->changes_count; i++) {
		const struct change *change = &entry->changes[i];

		if (state_named(change->state) == STATE_ANNULLED)
			return change;
		if (change->since <= at)
			standing = change;
	}
	return standing;
}
