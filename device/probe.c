/* One line in catalogue.def is all it takes to add a probe. */
#include "device/probe.h"

#define PROBE(name) extern const struct probe probe_##name;
#include "device/probes/catalogue.def"
#undef PROBE

const struct probe *const probe_catalogue[] = {
#define PROBE(name) &probe_##name,
#include "device/probes/catalogue.def"
#undef PROBE
};

const size_t probe_catalogue_count = ARRAY_SIZE(probe_catalogue);
