/*
 * The first line is the answer; what follows says who, what, until when, and why.
 */
#include "app/verification_print.h"

#include <stdio.h>
#include <string.h>

#include "app/words.h"
#include "base/json.h"
#include "base/message.h"
#include "base/text.h"
#include "cert/day.h"

static const char *const outcome_names[] = {"valid", "undecided", "not valid"};
static const char *const outcome_headlines[] = {"VALID", "CANNOT BE TOLD", "NOT VALID"};

static void
print_row(int language, const char *label, const char *value, const char *more)
{
	if (value != NULL)
		say("  %s: %s%s%s\n", message(language, label), value, more == NULL ? "" : ", ",
		    more == NULL ? "" : more);
}

static void
print_certificate(int language, const struct certificate *certificate)
{
	print_row(language, "Product", certificate->product, certificate->brand);
	print_row(language, "Model", certificate->model, certificate->hardware);
	for (size_t i = 0; i < certificate->firmware_count; i++) {
		char hex[DIGEST_HEX_SIZE];

		digest_to_hex(&certificate->firmware[i].sha256, hex);
		print_row(language, "Firmware", certificate->firmware[i].version, hex);
	}
	print_row(language, "Manufacturer", certificate->manufacturer, certificate->origin);
	print_row(language, "Factory", certificate->factory, certificate->factory_address);
	print_row(language, "GTIN", certificate->gtin, NULL);
	print_row(language, "HS code", certificate->hs_code, NULL);
	print_row(language, "Lot", certificate->lot, certificate->declaration);
	print_row(language, "Holder", certificate->applicant, certificate->applicant_tax_code);
	for (size_t i = 0; i < certificate->importers_count; i++)
		print_row(language, "Importer", certificate->importers[i], NULL);
	print_row(language, "Regulation", certificate->regulation, NULL);
	print_row(language, "Method", certificate->method_number, certificate->method_circular);
	print_row(language, "Certified by", certificate->body_name, certificate->designation);
	print_row(language, "Signed by", certificate->signer, certificate->signer_role);
	say("  %s: %s – %s\n", message(language, "Valid"), certificate->issued,
	    certificate->expires);
	print_row(language, "Security updates until", certificate->support_end, NULL);
}

/* Whole days between the status list and the moment asked about. */
static void
print_status(int language, const struct verification_request *request,
    const struct verification *verification)
{
	char day[32], age[32];
	const char *data[3] = {NULL};
	int64_t seconds;

	if (!verification->status_known)
		return;
	day_of(request->bundle->made, day);
	seconds = request->at - request->bundle->made;
	snprintf(age, sizeof(age), "%lld", seconds < 0 ? 0LL : (long long)(seconds / 86400));
	data[0] = message(language, state_name(verification->state));
	data[1] = day;
	data[2] = age;
	say("  ");
	say_message(language, "Status: {}, by the status list of {} ({} days old)", data);
}

void
verification_print(int language, const struct verification_request *request,
    const struct verification *verification)
{
	static const char *const none[3] = {NULL};
	const struct certificate *certificate = &verification->certificate;
	bool is_trial = verification->genuine && certificate->trial;

	if (is_trial)
		say("*** TRIAL – no legal effect / BẢN THỬ – không có giá trị pháp lý ***\n");
	say("%s", message(language, outcome_headlines[verification->outcome]));
	say("%s%s\n", verification->number == NULL ? "" : "  ",
	    verification->number == NULL ? "" : verification->number);
	for (size_t i = 0; i < verification->reason_count; i++) {
		say("  ");
		say_message(language, verification->reasons[i].text, verification->reasons[i].data);
	}
	if (verification->reason_count == 0) {
		say("  ");
		say_message(language, "Genuine, registered and in force.", none);
	}
	print_status(language, request, verification);
	if (!verification->genuine)
		return;
	print_certificate(language, certificate);
	print_row(language, "Authority", request->trust->authority, NULL);
}

/* The sentence as English with its data in place. */
static enum status
reason_text(struct job *job, const struct reason *reason, const char **sentence)
{
	struct text out = text_new(job);
	const char *text = reason->text, *hole;

	for (size_t next = 0; next < 3 && (hole = strstr(text, "{}")) != NULL; next++) {
		text_put_bytes(&out, text, (size_t)(hole - text));
		text_put(&out, reason->data[next] == NULL ? "" : reason->data[next]);
		text = hole + 2;
	}
	text_put(&out, text);
	return text_finish(&out, sentence);
}

static void
certificate_to_json(struct json *json, const struct certificate *certificate)
{
	const struct {
		const char *name, *value;
	} rows[] = {
	    {"product", certificate->product},
	    {"brand", certificate->brand},
	    {"model", certificate->model},
	    {"hardware", certificate->hardware},
	    {"manufacturer", certificate->manufacturer},
	    {"factory", certificate->factory},
	    {"origin", certificate->origin},
	    {"gtin", certificate->gtin},
	    {"hs_code", certificate->hs_code},
	    {"holder", certificate->applicant},
	    {"regulation", certificate->regulation},
	    {"method", certificate->method_number},
	    {"circular", certificate->method_circular},
	    {"body", certificate->body_name},
	    {"designation", certificate->designation},
	    {"signer", certificate->signer},
	    {"issued", certificate->issued},
	    {"expires", certificate->expires},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].value != NULL)
			json_member_string(json, rows[i].name, rows[i].value);
	json_member_boolean(json, "trial", certificate->trial);
	json_name(json, "firmware");
	json_open_array(json);
	for (size_t i = 0; i < certificate->firmware_count; i++) {
		char hex[DIGEST_HEX_SIZE];

		digest_to_hex(&certificate->firmware[i].sha256, hex);
		json_open_object(json);
		json_member_string(json, "version", certificate->firmware[i].version);
		json_member_string(json, "sha256", hex);
		json_close_object(json);
	}
	json_close_array(json);
}

static void
status_to_json(struct json *json, const struct verification_request *request,
    const struct verification *verification)
{
	char time[32];

	if (verification->number != NULL) {
		json_member_string(json, "number", verification->number);
		text_format_time(verification->accepted, time);
		json_member_string(json, "accepted", time);
	}
	if (verification->status_known)
		json_member_string(json, "status", state_name(verification->state));
	if (request->bundle != NULL) {
		text_format_time(request->bundle->made, time);
		json_member_string(json, "status_list", time);
	}
	text_format_time(request->at, time);
	json_member_string(json, "at", time);
}

enum status
verification_to_json(struct job *job, const char *file, int64_t now,
    const struct verification_request *request, const struct verification *verification,
    const char **line)
{
	struct json json = json_new(job);
	char hex[DIGEST_HEX_SIZE], checked[32];

	json_open_object(&json);
	text_format_time(now, checked);
	json_member_string(&json, "file", file);
	json_member_string(&json, "checked", checked);
	json_member_string(&json, "outcome", outcome_names[verification->outcome]);
	json_member_boolean(&json, "genuine", verification->genuine);
	json_name(&json, "reasons");
	json_open_array(&json);
	for (size_t i = 0; i < verification->reason_count; i++) {
		const char *sentence;

		TRY(reason_text(job, &verification->reasons[i], &sentence));
		json_string(&json, sentence);
	}
	json_close_array(&json);
	status_to_json(&json, request, verification);
	if (verification->genuine) {
		digest_to_hex(&verification->digest, hex);
		json_member_string(&json, "certificate_sha256", hex);
		certificate_to_json(&json, &verification->certificate);
	}
	json_close_object(&json);
	return json_finish(&json, line);
}
