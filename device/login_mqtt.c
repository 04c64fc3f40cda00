/* A broker says in one byte whether the pair was right. */
#include "device/login.h"
#include "device/mqtt_client.h"

/* By one version of the protocol; *other when the broker speaks another one. */
static enum status
try_version(struct job *job, struct target *target, const struct login *login,
    enum mqtt_version version, const char *user, const char *password, struct login_result *result,
    bool *other)
{
	struct mqtt_talk talk;
	enum mqtt_welcome welcome;
	uint8_t code = 0;
	enum status status = mqtt_begin(
	    job, target, login->port, login->tls, version, user, password, &talk, &welcome, &code);

	mqtt_end(job, &talk);
	result->exchange = talk.channel.exchange;
	TRY(status);
	*other = welcome == MQTT_OTHER_VERSION;
	if (welcome == MQTT_ACCEPTED)
		result->answer = LOGIN_ACCEPTED;
	else if (welcome == MQTT_REFUSED)
		result->answer = LOGIN_REFUSED;
	else
		result->answer = LOGIN_UNSURE;
	return STATUS_OK;
}

enum status
login_try_mqtt(struct job *job, struct target *target, const struct login *login, const char *user,
    const char *password, const struct login_result *control, struct login_result *result)
{
	bool other = false;
	enum status status;

	(void)control;
	status = try_version(job, target, login, MQTT_3_1_1, user, password, result, &other);
	if (status == STATUS_OK && other)
		status = try_version(job, target, login, MQTT_5, user, password, result, &other);
	return status;
}
