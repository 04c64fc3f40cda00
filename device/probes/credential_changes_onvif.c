/* SetUser sets rights together with the password: they are asked for first, and sent as they were.
 */
#include <string.h>

#include "base/arena.h"
#include "base/xml.h"
#include "device/credential_change.h"
#include "device/onvif_client.h"

#define NAME_MAX_SIZE 256

static enum status
call(struct change *change, const struct onvif_operation *operation, const char *as,
    struct onvif_answer *answer)
{
	const struct login *login = change->login;
	struct onvif_place place = {.port = login->port, .tls = login->tls, .path = login->path};
	struct ask ask;
	enum status status;

	TRY(ask_begin(change->job, change->target, login->port, login->tls, &ask));
	status = onvif_call_as(&ask, &place, operation, login->scheme, change->user, as, answer);
	ask_end(&ask);
	return status;
}

enum status
change_by_onvif(struct change *change, const char *as, const char *new, int64_t *said)
{
	struct onvif_operation set = {
	    .service = ONVIF_DEVICE, .name = "SetUser", .access_class = "WRITE_SYSTEM"};
	struct onvif_answer *answer = arena_allocate(change->job, sizeof *answer);
	const char *user = xml_escape(change->job, change->user);
	const char *password = xml_escape(change->job, new);
	const char *rights = xml_escape(change->job, change->rights);
	enum status status;

	*said = UNKNOWN;
	if (answer == NULL || user == NULL || password == NULL || rights == NULL)
		return STATUS_LIMIT;
	set.body = arena_printf(change->job,
	    "<User><Username xmlns=\"http://www.onvif.org/ver10/schema\">%s</Username>"
	    "<Password xmlns=\"http://www.onvif.org/ver10/schema\">%s</Password>"
	    "<UserLevel xmlns=\"http://www.onvif.org/ver10/schema\">%s</UserLevel></User>",
	    user, password, rights);
	if (set.body == NULL)
		return STATUS_LIMIT;
	status = call(change, &set, as, answer);
	if (status != STATUS_OK)
		return fault_is_ours(status) ? status : STATUS_OK;
	change->exchange = answer->http.exchange;
	if (answer->result == ONVIF_ANSWERED)
		*said = 1;
	else if (answer->result == ONVIF_REFUSED || (answer->is_soap && answer->soap.is_fault))
		*said = 0;
	return STATUS_OK;
}

enum status
change_find_rights(struct change *change)
{
	struct onvif_answer *answer = arena_allocate(change->job, sizeof *answer);
	const struct markup *markup;
	size_t user = MARKUP_NONE;

	if (answer == NULL)
		return STATUS_LIMIT;
	TRY(call(change, onvif_operation_named("GetUsers"), change->old, answer));
	markup = &answer->soap.markup;
	while (answer->result == ONVIF_ANSWERED &&
	       (user = markup_find(markup, answer->soap.body, "User", user)) != MARKUP_NONE) {
		const char *name =
		    markup_text_of(change->job, markup, user, "Username", NAME_MAX_SIZE);

		if (name == NULL || strcmp(name, change->user) != 0)
			continue;
		change->rights =
		    markup_text_of(change->job, markup, user, "UserLevel", NAME_MAX_SIZE);
		if (change->rights != NULL && change->rights[0] != '\0')
			return STATUS_OK;
		break;
	}
	return fail(change->job, STATUS_UNDECIDED,
	    "port %u: GetUsers does not tell the rights of %s, which SetUser would change",
	    change->login->port, change->user);
}
