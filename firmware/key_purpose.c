/* Programs find their keys by name, so a key's name says whose it is. */
#include "firmware/key_purpose.h"

#include <stddef.h>
#include <string.h>

#include "base/job.h"

/* Words of a path, lower case; the first that is there counts. */
static const struct {
	const char *word, *purpose;
} words[] = {
    {"authorized_keys", "log-in"},
    {"known_hosts", "hosts it trusts"},
    {"/.ssh/", "log-in"},
    {"ssh_host", "host key"},
    {"host_key", "host key"},
    {"dropbear", "host key"},
    {"id_rsa", "log-in"},
    {"id_ecdsa", "log-in"},
    {"id_ed25519", "log-in"},
    {"vbmeta", "verified boot"},
    {"avb", "verified boot"},
    {"secure_boot", "verified boot"},
    {"secureboot", "verified boot"},
    {"verity", "verified boot"},
    {"u-boot", "verified boot"},
    {"mcuboot", "verified boot"},
    {"swupdate", "update"},
    {"rauc", "update"},
    {"mender", "update"},
    {"upgrade", "update"},
    {"update", "update"},
    {"firmware", "update"},
    {"/ota", "update"},
    {"opkg", "update"},
    {"apk/keys", "update"},
    {"trusted.gpg", "update"},
    {"fwup", "update"},
    {"openvpn", "VPN"},
    {"ipsec", "VPN"},
    {"wireguard", "VPN"},
    {"strongswan", "VPN"},
    {"wpa_supplicant", "Wi-Fi"},
    {"hostapd", "Wi-Fi"},
    {"radius", "Wi-Fi"},
    {"ssl/certs", "trust"},
    {"ca-certificates", "trust"},
    {"ca-bundle", "trust"},
    {"cacert", "trust"},
    {"rootca", "trust"},
    {"root_ca", "trust"},
    {"uhttpd", "TLS"},
    {"lighttpd", "TLS"},
    {"nginx", "TLS"},
    {"apache", "TLS"},
    {"stunnel", "TLS"},
    {"https", "TLS"},
    {"mqtt", "cloud"},
    {"mosquitto", "cloud"},
    {"aws", "cloud"},
    {"cloud", "cloud"},
    {"/iot", "cloud"},
    {"server.", "TLS"},
    {"server-", "TLS"},
    {"server_", "TLS"},
    {"/ssl/", "TLS"},
    {"/tls/", "TLS"},
};

static bool
has(const char *path, const char *word)
{
	for (; *path != '\0'; path++) {
		size_t i = 0;

		while (word[i] != '\0' &&
		       (path[i] >= 'A' && path[i] <= 'Z' ? path[i] + 32 : path[i]) == word[i])
			i++;
		if (word[i] == '\0')
			return true;
	}
	return false;
}

const char *
key_purpose(const char *local, const char *format, bool private)
{
	for (size_t i = 0; local != NULL && i < ARRAY_SIZE(words); i++)
		if (has(local, words[i].word))
			return words[i].purpose;
	if (format != NULL && strcmp(format, "dropbear") == 0)
		return "host key";
	if (format != NULL && strcmp(format, "signify") == 0 && !private)
		return "update";
	return NULL;
}
