#include "device/findings.h"

#include <string.h>

#include "base/text.h"

static struct fact
fact_of(const struct finding *finding, enum fact_kind kind)
{
	struct fact fact = fact_new(kind);

	fact.port = finding->port;
	fact.exchange = finding->exchange;
	return fact;
}

enum status
finding_disclosure(const struct finding *finding, const char *type, const char *value)
{
	struct fact fact = fact_of(finding, FACT_disclosure);

	if (value == NULL)
		return STATUS_LIMIT;
	fact.as.disclosure.protocol = finding->protocol;
	fact.as.disclosure.type = type;
	fact.as.disclosure.value = value;
	return evidence_add(finding->evidence, finding->job, &fact);
}

/* "Login to 3L09876PAZ12345" */
enum status
finding_realm(const struct finding *finding, const char *realm)
{
	static const char words[] = "Login to ";
	const char *serial;

	if (realm == NULL || realm[0] == '\0')
		return STATUS_OK;
	TRY(finding_disclosure(finding, "realm", realm));
	serial = realm + sizeof words - 1;
	if (!text_starts_with(realm, words) || strlen(serial) < 8 ||
	    strpbrk(serial, "0123456789") == NULL || strchr(serial, ' ') != NULL)
		return STATUS_OK;
	return finding_disclosure(finding, "serial", serial);
}

enum status
finding_resource(const struct finding *finding, const char *name, const char *access,
    int64_t needs_login, const char *detail)
{
	struct fact fact = fact_of(finding, FACT_resource);

	if (name == NULL)
		return STATUS_LIMIT;
	fact.as.resource.protocol = finding->protocol;
	fact.as.resource.name = name;
	fact.as.resource.access = access;
	fact.as.resource.needs_login = needs_login;
	fact.as.resource.detail = detail;
	return evidence_add(finding->evidence, finding->job, &fact);
}

enum status
finding_login(const struct finding *finding, const char *scheme, int64_t encrypted,
    const char *realm, bool recognised)
{
	struct fact fact = fact_of(finding, FACT_login_service);

	fact.as.login_service.protocol = finding->protocol;
	fact.as.login_service.scheme = scheme;
	fact.as.login_service.encrypted = encrypted;
	fact.as.login_service.realm = realm;
	fact.as.login_service.recognised = recognised;
	return evidence_add(finding->evidence, finding->job, &fact);
}

enum status
finding_udp_port(const struct finding *finding, struct target *target, bool tls)
{
	struct fact fact = fact_of(finding, FACT_open_port);

	target_add_service(
	    target, &(struct service){
			.port = finding->port, .udp = true, .tls = tls, .name = finding->protocol});
	fact.as.open_port.transport = "udp";
	fact.as.open_port.status = "open";
	fact.as.open_port.service = finding->protocol;
	fact.as.open_port.tls = tls;
	return evidence_add(finding->evidence, finding->job, &fact);
}

const char *
finding_banner_type(const char *words)
{
	return strpbrk(words, "0123456789") != NULL ? "version" : "banner";
}
