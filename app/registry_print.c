/*
 * Names and data of a certificate stand as they are; only the words around them are translated.
 */
#include "app/registry_print.h"

#include "base/json.h"
#include "base/message.h"
#include "cert/day.h"

static void
entry_to_json(struct json *json, const struct registry_entry *entry)
{
	char accepted[32];

	text_format_time(entry->accepted, accepted);
	json_open_object(json);
	json_member_string(json, "number", entry->number);
	json_member_string(json, "status", state_name(entry->state));
	json_member_boolean(json, "trial", entry->trial);
	json_member_string(json, "accepted", accepted);
	json_member_string(json, "issued", entry->issued);
	json_member_string(json, "expires", entry->expires);
	json_member_string(json, "body", entry->body);
	json_member_string(json, "holder", entry->holder);
	json_member_string(json, "product", entry->product);
	json_member_string(json, "model", entry->model);
}

enum status
entry_print_json(struct job *job, const struct registry_entry *entry)
{
	struct json json = json_new(job);
	const char *line;
	char since[32];

	entry_to_json(&json, entry);
	json_name(&json, "changes");
	json_open_array(&json);
	for (size_t i = 0; i < entry->change_count; i++) {
		text_format_time(entry->changes[i].since, since);
		json_open_object(&json);
		json_member_string(&json, "status", entry->changes[i].state);
		json_member_string(&json, "since", since);
		json_member_string(&json, "reason", entry->changes[i].reason);
		json_close_object(&json);
	}
	json_close_array(&json);
	json_close_object(&json);
	TRY(json_finish(&json, &line));
	say("%s\n", line);
	return STATUS_OK;
}

void
entry_print(int language, const struct registry_entry *entry)
{
	const struct certificate *certificate = &entry->certificate;
	char since[32];

	say("%s  %s%s%s\n", entry->number, message(language, state_name(entry->state)),
	    entry->trial ? "  " : "",
	    entry->trial ? message(language, "TRIAL – no legal effect") : "");
	say("%s: %s, %s %s\n", message(language, "Product"), entry->product,
	    certificate->brand == NULL ? "" : certificate->brand, entry->model);
	for (size_t i = 0; i < certificate->firmware_count; i++) {
		char hex[DIGEST_HEX_SIZE];

		digest_to_hex(&certificate->firmware[i].sha256, hex);
		say("%s: %s  %s\n", message(language, "Firmware"), certificate->firmware[i].version,
		    hex);
	}
	say("%s: %s\n", message(language, "Manufacturer"), certificate->manufacturer);
	say("%s: %s\n", message(language, "Holder"), entry->holder);
	say("%s: %s\n", message(language, "Certified by"), certificate->body_name);
	say("%s: %s\n", message(language, "Regulation"), certificate->regulation);
	say("%s: %s – %s\n", message(language, "Valid"), entry->issued, entry->expires);
	for (size_t i = 0; i < entry->change_count; i++) {
		day_of(entry->changes[i].since, since);
		say("%s  %s: %s\n", since, message(language, entry->changes[i].state),
		    entry->changes[i].reason);
	}
}
