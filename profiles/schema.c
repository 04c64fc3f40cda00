/* The assembler copies the schemas in at build time, so that a worker needs to open no file. */
#include "profiles/schema.h"

#define CARRY(name, path)                                                                          \
	__asm__(".section .rodata\n"                                                               \
		".global " name "_begin\n" name "_begin:\n"                                        \
		".incbin \"" path "\"\n"                                                           \
		".global " name "_end\n" name "_end:\n"                                            \
		".byte 0\n"                                                                        \
		".previous\n")

CARRY("hopquy_schema_dossier", "profiles/dossier.rng");
CARRY("hopquy_schema_answers", "profiles/answers.rng");
CARRY("hopquy_schema_explanations", "profiles/explanations.rng");

extern const uint8_t hopquy_schema_dossier_begin[], hopquy_schema_dossier_end[];
extern const uint8_t hopquy_schema_answers_begin[], hopquy_schema_answers_end[];
extern const uint8_t hopquy_schema_explanations_begin[], hopquy_schema_explanations_end[];

static struct span
between(const uint8_t *begin, const uint8_t *end)
{
	return (struct span){.at = begin, .size = (size_t)((uintptr_t)end - (uintptr_t)begin)};
}

struct span
schema_dossier(void)
{
	return between(hopquy_schema_dossier_begin, hopquy_schema_dossier_end);
}

struct span
schema_answers(void)
{
	return between(hopquy_schema_answers_begin, hopquy_schema_answers_end);
}

struct span
schema_explanations(void)
{
	return between(hopquy_schema_explanations_begin, hopquy_schema_explanations_end);
}
