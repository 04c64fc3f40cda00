/*
 * The schemas are files of their own that the program carries inside.
 */
#include "cert/registry_file.h"

#define EMBED(name, file)                                                                          \
	__asm__(".section .rodata\n"                                                               \
		".global " #name "\n.global " #name "_end\n" #name ":\n"                           \
		".incbin \"" file "\"\n" #name "_end:\n.byte 0\n"                                  \
		".previous\n");                                                                    \
	extern const uint8_t name[], name##_end[]

EMBED(registry_sql, "cert/registry.sql");
EMBED(certificate_rng, "cert/certificate.rng");

struct span
registry_schema(void)
{
	return (struct span){
	    registry_sql, (size_t)((uintptr_t)registry_sql_end - (uintptr_t)registry_sql)};
}

struct span
certificate_schema(void)
{
	return (struct span){
	    certificate_rng, (size_t)((uintptr_t)certificate_rng_end - (uintptr_t)certificate_rng)};
}
