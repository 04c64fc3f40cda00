/* Password files of web servers are lines of fields; only one of them says who may log in. */
#include <string.h>

#include "firmware/collectors/service_accounts.h"
#include "firmware/reading.h"

#define WEB "web server"

static bool
is_name(struct span user)
{
	if (user.size == 0 || strchr("#; \t/[<", user.at[0]) != NULL)
		return false;
	for (size_t i = 0; i < user.size; i++)
		if (user.at[i] < ' ' || user.at[i] == 0x7f)
			return false;
	return true;
}

/* "user:password", and what stands behind a third colon is a comment. */
enum status
service_accounts_read_htpasswd(struct service_reading *reading)
{
	struct span rest = reading->content, line;

	while (line_next(&rest, &line)) {
		struct service_account account = {
		    .store = PASSWORD_OF_SERVICE, .service = WEB, .in_force = true};

		account.user = field_next(&line, ':');
		account.password = span_trim(field_next(&line, ':'));
		if (is_name(account.user) && account.password.size != 0 &&
		    memchr(account.user.at, ' ', account.user.size) == NULL)
			TRY(service_accounts_add(reading, &account));
	}
	return STATUS_OK;
}

enum status
service_accounts_read_htdigest(struct service_reading *reading)
{
	struct span rest = reading->content, line;

	while (line_next(&rest, &line)) {
		struct service_account account = {
		    .store = PASSWORD_OF_REALM, .service = WEB, .in_force = true};

		account.user = field_next(&line, ':');
		account.realm = field_next(&line, ':');
		account.password = span_trim(line);
		if (is_name(account.user) && account.password.size >= 32)
			TRY(service_accounts_add(reading, &account));
	}
	return STATUS_OK;
}

/* "$p$user": the system's password of that user. */
static bool
defers(struct span password)
{
	return span_begins(password, "$p$");
}

/* BusyBox httpd and uhttpd: "/folder:user:password"; "*" asks the system. */
enum status
service_accounts_read_httpd_conf(struct service_reading *reading)
{
	struct span rest = reading->content, line;

	while (line_next(&rest, &line)) {
		struct service_account account = {
		    .store = PASSWORD_OF_SERVICE, .service = WEB, .in_force = true};

		line = span_trim(line);
		if (!span_begins(line, "/"))
			continue;
		field_next(&line, ':');
		account.user = field_next(&line, ':');
		account.password = field_next(&line, '#');
		account.password = span_trim(account.password);
		account.defers = defers(account.password) || span_is(account.password, "*");
		if (is_name(account.user) && account.password.size != 0)
			TRY(service_accounts_add(reading, &account));
	}
	return STATUS_OK;
}

/* "1:admin:tlJwpbo6:1:rights…:remark", as the Sofia family keeps beside its settings. */
enum status
service_accounts_read_numbered(struct service_reading *reading)
{
	struct span rest = reading->content, line;

	while (line_next(&rest, &line)) {
		struct service_account account = {
		    .store = PASSWORD_OF_SOFIA, .service = "vendor", .in_force = true};

		if (span_number(field_next(&line, ':'), 65535) == UNKNOWN)
			continue;
		account.user = field_next(&line, ':');
		account.password = field_next(&line, ':');
		if (is_name(account.user) && account.password.size != 0)
			TRY(service_accounts_add(reading, &account));
	}
	return STATUS_OK;
}

struct section {
	struct service_group group;
	struct span type, name;
	bool is_open, is_access_point;
};

static enum status
end_section(struct service_reading *reading, const struct section *section, const char *service)
{
	struct service_account account = {.user = section->group.user,
	    .password = section->group.password,
	    .store = PASSWORD_OF_SERVICE,
	    .service = service,
	    .in_force = true};
	struct service_group network = {.ssid = section->group.ssid, .key = section->group.key};

	if (!section->is_open || (reading->is_general && (service_is_elsewhere(section->type) ||
							     service_is_elsewhere(section->name))))
		return STATUS_OK;
	if (reading->is_general && !service_is_of_users(section->type) &&
	    !service_speaks_for_itself(section->group.password_name))
		account.in_force = false; /* it may be somebody else's */
	if (account.user.size == 0 && service_is_of_users(section->type))
		account.user = section->group.name.size != 0 ? section->group.name : section->name;
	if (section->is_access_point && network.key.size != 0)
		return service_group_end(reading, &network, service, account.store, false);
	account.defers = defers(account.password);
	return account.user.size == 0 || account.password.size == 0
		   ? STATUS_OK
		   : service_accounts_add(reading, &account);
}

static void
hear_option(struct section *section, struct span name, struct span value)
{
	if (span_is(section->type, "wifi-iface")) {
		if (span_is(name, "mode"))
			section->is_access_point = span_is(value, "ap");
		if (span_is(name, "key"))
			name = span_of_string("psk");
	}
	service_group_hear(&section->group, name, value);
}

/* OpenWrt: "config login" and below it "option username 'root'". */
enum status
service_accounts_read_uci(struct service_reading *reading)
{
	const char *service =
	    strcmp(reading->node->name, "rpcd") == 0 || strcmp(reading->node->name, "uhttpd") == 0
		? WEB
		: "vendor";
	struct span rest = reading->content, line;
	struct section section = {0};

	while (line_next(&rest, &line)) {
		struct span word, name;

		line = span_trim(line);
		if (!word_next(&line, &word))
			continue;
		if (span_is(word, "config")) {
			TRY(end_section(reading, &section, service));
			section = (struct section){.is_open = true};
			if (word_next(&line, &word))
				section.type = span_unquote(word);
			if (word_next(&line, &word))
				section.name = span_unquote(word);
		} else if (span_is(word, "option") && word_next(&line, &name)) {
			hear_option(&section, span_unquote(name), span_unquote(span_trim(line)));
		}
	}
	return end_section(reading, &section, service);
}
