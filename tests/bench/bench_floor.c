/*
 * The least an unpacker can do: the CPU time of decompressing the blocks of an
 * image and of hashing as many bytes as its files have, and nothing else.
 *
 * The blocks are those the product asked to have decompressed: the linker
 * passes its calls of codec_decode through here (--wrap).
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/file.h"
#include "firmware/unpack.h"

#define MEMORY ((size_t)1 << 30)
#define LARGEST_BLOCK ((size_t)1 << 20)
#define MAX_BLOCKS ((size_t)1 << 20)

struct block {
	const struct codec *codec;
	struct span in;
};

struct recording {
	pthread_mutex_t lock;
	struct span image;
	struct block *blocks;
	size_t count;
	uint64_t file_bytes;
};

static struct recording recording = {.lock = PTHREAD_MUTEX_INITIALIZER};

bool __real_codec_decode(struct codec_states *states, const struct codec *codec, struct span in,
    uint8_t *out, size_t room, size_t *size);
bool __wrap_codec_decode(struct codec_states *states, const struct codec *codec, struct span in,
    uint8_t *out, size_t room, size_t *size);

bool
__wrap_codec_decode(struct codec_states *states, const struct codec *codec, struct span in,
    uint8_t *out, size_t room, size_t *size)
{
	pthread_mutex_lock(&recording.lock);
	if (in.at >= recording.image.at && in.at < recording.image.at + recording.image.size &&
	    room <= LARGEST_BLOCK && recording.count < MAX_BLOCKS)
		recording.blocks[recording.count++] = (struct block){codec, in};
	pthread_mutex_unlock(&recording.lock);
	return __real_codec_decode(states, codec, in, out, room, size);
}

static enum status
count_content(void *context, struct job *job, const struct node *node, struct span content)
{
	(void)context;
	(void)job;
	(void)node;
	recording.file_bytes += content.size;
	return STATUS_OK;
}

static enum status
ignore(struct evidence *self, struct job *job, const struct fact *fact)
{
	(void)self;
	(void)job;
	(void)fact;
	return STATUS_OK;
}

static double
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double
decompress(uint8_t *out)
{
	struct codec_states states = {0};
	double start;
	size_t size;

	/* whoever decompresses has to fetch the image's pages */
	madvise((void *)(uintptr_t)recording.image.at, recording.image.size, MADV_DONTNEED);
	start = seconds();
	for (size_t i = 0; i < recording.count; i++)
		__real_codec_decode(&states, recording.blocks[i].codec, recording.blocks[i].in, out,
		    LARGEST_BLOCK, &size);
	codec_states_close(&states);
	return seconds() - start;
}

static double
hash(struct job *job, const uint8_t *bytes)
{
	double start = seconds();
	struct digest digest;

	for (uint64_t left = recording.file_bytes; left > 0;) {
		size_t size = left < LARGEST_BLOCK ? (size_t)left : LARGEST_BLOCK;

		if (digest_of(job, (struct span){bytes, size}, &digest) != STATUS_OK)
			exit(1);
		left -= size;
	}
	return seconds() - start;
}

int
main(int count, char **arguments)
{
	struct job *job = job_new(MEMORY);
	struct evidence evidence = {.add = ignore};
	struct unpack_options options = {
	    .memory = MEMORY, .evidence = &evidence, .content = count_content};
	struct unpack *unpack = unpack_new(job, &options);
	uint8_t *out = malloc(LARGEST_BLOCK);
	const struct tree *tree;
	double decoding, hashing;

	recording.blocks = malloc(MAX_BLOCKS * sizeof *recording.blocks);
	if (count != 2 || unpack == NULL || out == NULL || recording.blocks == NULL ||
	    file_map(job, arguments[1], &recording.image) != STATUS_OK ||
	    unpack_run(unpack, recording.image, &tree) != STATUS_OK) {
		fprintf(stderr, "usage: bench_floor IMAGE; %s\n", job == NULL ? "" : job->reason);
		return 1;
	}
	decoding = decompress(out);
	hashing = hash(job, out);
	printf("%.3f %.3f %zu %llu\n", decoding, hashing, recording.count,
	    (unsigned long long)recording.file_bytes);
	return 0;
}
