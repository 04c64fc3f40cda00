/* The same few words name user and password in every vendor's file. */
#include <string.h>

#include "base/text.h"
#include "firmware/collectors/service_accounts.h"
#include "firmware/reading.h"

static const struct {
	const char *name;
	enum service_word word;
} words[] = {
    {"user", WORD_USER},
    {"username", WORD_USER},
    {"user_name", WORD_USER},
    {"userid", WORD_USER},
    {"loginname", WORD_USER},
    {"login_name", WORD_USER},
    {"login", WORD_USER},
    {"usr", WORD_USER},
    {"uname", WORD_USER},
    {"account", WORD_USER},
    {"adminname", WORD_USER},
    {"adminid", WORD_USER},
    {"admin_name", WORD_USER},
    {"admin_user", WORD_USER},
    {"adminuser", WORD_USER},
    {"http_username", WORD_USER},
    {"http_user", WORD_USER},
    {"sys_user", WORD_USER},
    {"telnet_username", WORD_USER},
    {"telnet_user", WORD_USER},
    {"name", WORD_NAME},
    {"password", WORD_PASSWORD},
    {"passwd", WORD_PASSWORD},
    {"pass", WORD_PASSWORD},
    {"pwd", WORD_PASSWORD},
    {"psw", WORD_PASSWORD},
    {"secret", WORD_PASSWORD},
    {"passwordhash", WORD_PASSWORD},
    {"password_hash", WORD_PASSWORD},
    {"passwdhash", WORD_PASSWORD},
    {"userpassword", WORD_PASSWORD},
    {"userpwd", WORD_PASSWORD},
    {"user_pwd", WORD_PASSWORD},
    {"userpasswd", WORD_PASSWORD},
    {"user_passwd", WORD_PASSWORD},
    {"userpass", WORD_PASSWORD},
    {"user_pass", WORD_PASSWORD},
    {"user_password", WORD_PASSWORD},
    {"loginpassword", WORD_PASSWORD},
    {"login_password", WORD_PASSWORD},
    {"adminpassword", WORD_PASSWORD},
    {"admin_password", WORD_PASSWORD},
    {"admin_passwd", WORD_PASSWORD},
    {"admin_pass", WORD_PASSWORD},
    {"admin_pwd", WORD_PASSWORD},
    {"adminpasswd", WORD_PASSWORD},
    {"http_passwd", WORD_PASSWORD},
    {"http_password", WORD_PASSWORD},
    {"http_pwd", WORD_PASSWORD},
    {"sys_pass", WORD_PASSWORD},
    {"telnet_password", WORD_PASSWORD},
    {"telnet_passwd", WORD_PASSWORD},
    {"realm", WORD_REALM},
    {"ssid", WORD_SSID},
    {"s_ssid", WORD_SSID},
    {"wl_ssid", WORD_SSID},
    {"wl0_ssid", WORD_SSID},
    {"wl1_ssid", WORD_SSID},
    {"s_password", WORD_KEY},
    {"wpa_passphrase", WORD_KEY},
    {"passphrase", WORD_KEY},
    {"psk", WORD_KEY},
    {"wpa_psk", WORD_KEY},
    {"wpapsk", WORD_KEY},
    {"presharedkey", WORD_KEY},
    {"pre_shared_key", WORD_KEY},
    {"wpakey", WORD_KEY},
    {"wifi_key", WORD_KEY},
    {"wl_wpa_psk", WORD_KEY},
    {"wl_psk", WORD_KEY},
    {"wl0_wpa_psk", WORD_KEY},
    {"wl1_wpa_psk", WORD_KEY},
};

static enum service_word
word_of(struct span name)
{
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (span_is_word(name, words[i].name))
			return words[i].word;
	return WORD_OTHER;
}

/* Of the product's own services: web_user, OnvifPassword. */
static enum service_word
word_of_service(struct span name)
{
	static const char *const services[] = {"web", "onvif", "rtsp", "ipcam"};
	enum service_word word = WORD_OTHER;

	for (size_t i = 0; i < ARRAY_SIZE(services); i++) {
		size_t size = strlen(services[i]);

		if (!span_is_word(span_part(name, 0, size), services[i]))
			continue;
		size += name.size > size && strchr("_-.", name.at[size]) != NULL;
		word = word_of(span_from(name, size));
	}
	return word == WORD_USER || word == WORD_PASSWORD ? word : WORD_OTHER;
}

enum service_word
service_word_of(struct span name)
{
	enum service_word word;

	while (name.size > 2 && name.at[name.size - 1] >= '0' && name.at[name.size - 1] <= '9')
		name.size--;
	word = word_of(name);
	return word == WORD_OTHER ? word_of_service(name) : word;
}

bool
service_is_of_users(struct span group)
{
	static const char *const groups[] = {"user", "users", "account", "accounts", "userlist",
	    "user_list", "userinfo", "login", "logins", "admin"};

	for (size_t i = 0; i < ARRAY_SIZE(groups); i++)
		if (span_is_word(group, groups[i]))
			return true;
	return false;
}

bool
service_is_elsewhere(struct span group)
{
	static const char *const parts[] = {"smtp", "mail", "ddns", "dyndns", "pppoe", "ppp", "wan",
	    "proxy", "radius", "ftpclient", "cloud", "mqtt", "sip", "voip", "l2tp", "pptp", "vpn",
	    "rtmp", "upload", "eap", "8021x", "acs", "cwmp", "tr069", "ntp", "nas", "smb", "p2p",
	    "ftp", "client", "wds", "apcli", "sta", "3g", "lte", "modem"};
	char name[64];
	size_t size = group.size < sizeof name - 1 ? group.size : sizeof name - 1;

	for (size_t i = 0; i < size; i++)
		name[i] = (char)group.at[i];
	name[size] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (strcasestr(name, parts[i]) != NULL)
			return true;
	return false;
}

void
service_group_hear(struct service_group *group, struct span name, struct span value)
{
	struct span *heard[] = {[WORD_USER] = &group->user,
	    [WORD_NAME] = &group->name,
	    [WORD_PASSWORD] = &group->password,
	    [WORD_REALM] = &group->realm,
	    [WORD_SSID] = &group->ssid,
	    [WORD_KEY] = &group->key};
	enum service_word word = service_word_of(name);

	/* the first counts: what follows is an older one, or the same once more */
	if (word == WORD_OTHER || heard[word]->at != NULL)
		return;
	*heard[word] = value.at == NULL ? span_of_string("") : value;
	if (word == WORD_PASSWORD)
		group->password_name = name;
}

/* A name somebody logs in by: one word. */
static bool
is_user(struct span user)
{
	if (user.size == 0 || user.size > 64)
		return false;
	for (size_t i = 0; i < user.size; i++)
		if (user.at[i] <= ' ' || user.at[i] == 0x7f ||
		    strchr("<>$%{}()\"'", user.at[i]) != NULL)
			return false;
	return true;
}

bool
service_speaks_for_itself(struct span name)
{
	static const char *const starts[] = {
	    "http", "admin", "sys", "telnet", "login", "web", "onvif", "rtsp", "ipcam"};

	for (size_t i = 0; i < ARRAY_SIZE(starts); i++)
		if (span_is_word(span_part(name, 0, strlen(starts[i])), starts[i]))
			return true;
	return false;
}

static bool
is_one_word(struct span text)
{
	for (size_t i = 0; i < text.size; i++)
		if (text.at[i] <= ' ')
			return false;
	return true;
}

static enum status
add_network(struct service_reading *reading, const struct service_group *group)
{
	struct service_account network = {.user = group->ssid,
	    .password = group->key.size != 0 ? group->key : group->password,
	    .store = PASSWORD_OF_SYSTEM,
	    .service = "Wi-Fi"};

	/* WPA asks for as many; fewer are WEP's, or nothing */
	return network.password.size < 8 || network.password.size > 64
		   ? STATUS_OK
		   : service_accounts_add(reading, &network);
}

enum status
service_group_end(struct service_reading *reading, const struct service_group *group,
    const char *service, enum password_store store, bool names)
{
	struct service_account account = {.user = group->user,
	    .password = group->password,
	    .realm = group->realm,
	    .store = store,
	    .service = service,
	    .in_force = !reading->is_general || service_speaks_for_itself(group->password_name)};

	if (!is_user(account.user) && names)
		account.user = group->name;
	if (group->key.size != 0 || (group->ssid.size != 0 && account.user.size == 0))
		TRY(add_network(reading, group));
	if (group->password.at == NULL || !is_one_word(account.password))
		return STATUS_OK; /* words for people */
	if (!is_user(account.user)) {
		account.user = (struct span){0};
		if (account.password.size == 0 || !service_speaks_for_itself(group->password_name))
			return STATUS_OK;
	}
	return service_accounts_add(reading, &account);
}
