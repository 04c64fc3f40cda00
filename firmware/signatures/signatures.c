/* catalogue.def is the only place where a kind of signature is registered. */
#include "firmware/signature.h"

#define SIGNATURE(name) extern const struct signature_kind signature_kind_##name;
#include "firmware/signatures/catalogue.def"
#undef SIGNATURE

const struct signature_kind *const firmware_signatures[] = {
#define SIGNATURE(name) &signature_kind_##name,
#include "firmware/signatures/catalogue.def"
#undef SIGNATURE
};

const size_t firmware_signature_count = ARRAY_SIZE(firmware_signatures);
