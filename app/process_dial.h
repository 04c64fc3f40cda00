/*
 * What stands between process_probe and its two workers; tests use it to run
 * probes of their own in the real cage.
 */
#ifndef APP_PROCESS_DIAL_H
#define APP_PROCESS_DIAL_H

#include "app/process_probe.h"
#include "app/worker.h"
#include "device/dialer.h"
#include "device/probe.h"

/* Begins the prober's last note: milliseconds that the unit let us wait. */
#define PROBER_WAITED "waited: "

/* As process_probe, with `count` probes instead of the catalogue. */
enum status process_probe_with(struct job *job, const struct probe_request *request,
    const struct probe *const *probes, size_t count, struct fact_list *facts,
    struct span *transcript, int64_t *waited_ms);

/* Our own addresses of the family of the unit's. */
enum status request_sources(struct job *job, const struct probe_request *request,
    struct address sources[DIAL_MAX_SOURCES], unsigned *count);

/*
 * Starts the dialer: it scans `ports`, sends the scan as FRAME_REPLY, then
 * connects for whoever holds the other end of *service.
 */
enum status dial_start(struct job *job, const struct probe_request *request,
    const struct address *address, const uint8_t ports[PORT_SET_SIZE], struct worker *dialer,
    int *service);

/*
 * Starts the prober with `chosen` of the probes; facts come as FRAME_FACT,
 * the transcript as FRAME_EVENT, FRAME_DONE at the end.  Takes `service`.
 */
enum status talk_start(struct job *job, const struct probe_request *request,
    const struct probe *const *probes, const bool *chosen, size_t count, const struct scan *scan,
    int service, struct worker *prober);

/*
 * Starts a prober that plays a transcript again; it sends the head of it as
 * FRAME_REPLY (replay_head_decode), then what talk_start's prober sends.
 */
enum status replay_start(struct job *job, const struct probe_request *request,
    struct span transcript, struct worker *prober);
enum status replay_head_decode(
    struct job *job, struct span bytes, struct probe_request *request, struct scan *scan);

/* Milliseconds a probe may take with this request. */
int64_t talk_limit_ms(const struct probe_request *request, const struct probe *probe);

#endif
