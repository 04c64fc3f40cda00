/* catalogue.def is the only place where a collector is registered. */
#include "firmware/collector.h"

#define COLLECTOR(name) extern const struct collector collector_##name;
#include "firmware/collectors/catalogue.def"
#undef COLLECTOR

const struct collector *const firmware_collectors[] = {
#define COLLECTOR(name) &collector_##name,
#include "firmware/collectors/catalogue.def"
#undef COLLECTOR
};

const size_t firmware_collector_count = ARRAY_SIZE(firmware_collectors);
