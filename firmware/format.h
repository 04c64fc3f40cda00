/*
 * A format: one kind of thing found in firmware, one file, one line in catalogue.def.
 *
 * measure() says how far a thing reaches; extract() adds what is in it to the
 * tree through unpack.h.  Between the two nothing is remembered but the claim.
 */
#ifndef FIRMWARE_FORMAT_H
#define FIRMWARE_FORMAT_H

#include "firmware/codecs/codec.h"
#include "firmware/node.h"

struct unpack;

/* A place where such a thing may begin. */
struct magic {
	const char
	    *pattern; /* regular expression over bytes that matches exactly `length` of them */
	size_t length;
	size_t offset; /* of the match from the beginning of the thing */
};

enum nature {
	NATURE_WRAPPER,     /* other things lie in its bytes as they are: searched whole */
	NATURE_STREAM,      /* one compressed run of bytes: measure() decodes it */
	NATURE_ARCHIVE,     /* files on their way: each is searched whole */
	NATURE_FILE_SYSTEM, /* files in use: each is looked at where it begins */
};

/* What measure() says of the bytes it was shown. */
struct claim {
	/* given */
	bool
	    expected; /* it stands where one is expected: a cut or damaged one is claimed as well */
	bool in_file; /* its layer is a file, which collectors have seen */
	struct span
	    before; /* what stands before it in its layer, claimed or not: to compare with */
	uint64_t comparable; /* so many bytes outside it may yet be hashed; taken off as they are */
	/* said */
	uint64_t bytes;         /* how many it spans; 0: not mine, and the rest is not looked at */
	uint64_t back;          /* so many bytes before it are its own, if nobody else's yet */
	enum coverage coverage; /* COVERAGE_DAMAGED still extracts what can be read */
	const char *detail;     /* one line for a person, in the job's arena; NULL: none */
	const char *incomplete; /* why not everything is there; NULL: it is */
	bool tried;             /* it is not mine, yet that took an attempt to decode it */
	bool costly;            /* … which may have taken long */
	uint64_t searched;      /* bytes summed or searched to find that it is not mine */
	struct buffer decoded;  /* of a stream; `limit` is given; let go by the caller */
};

struct format {
	const char *name;   /* file name, path component and `format` of regions */
	const char *title;  /* for the documentation */
	const char *source; /* the specification it reads by */
	const char *gaps;   /* what of the specification is not read */
	enum nature nature;
	bool unproven; /* no real sample and no oracle agree with it yet */
	const struct magic *magics;
	size_t magic_count;
	/*
	 * Does what begins here end as such a thing ends?  Asked where a layer begins,
	 * for things whose only magic is at their end; NULL: never.
	 */
	bool (*ends)(struct span at);
	/* `at` begins where the thing begins and ends where its layer ends. */
	void (*measure)(struct job *job, struct span at, struct claim *claim);
	/*
	 * Adds what `content`, as long as claimed, holds below `container`.  What
	 * is damaged goes to unpack_damage; a failure ends this thing (STATUS_LIMIT)
	 * or the whole run.  NULL for streams.
	 */
	enum status (*extract)(
	    struct job *job, struct unpack *unpack, struct node *container, struct span content);
};

/* catalogue.def holds one FORMAT(name) a line, in order of preference; each file defines `const
 * struct format format_NAME`. */
extern const struct format *const firmware_formats[];
extern const size_t firmware_format_count;

/* The format of that name; NULL when there is none. */
const struct format *format_named(const char *name);

/* Fills in the claim of a stream from the way its decoder ended. */
void claim_stream(struct job *job, struct claim *claim, enum stream_end end, size_t used,
    size_t available, const char *detail);

#endif
