/* Opening a decompressor costs more than a small block, so each thread keeps its own open. */
#include "firmware/codecs/codec.h"

bool
codec_decode(struct codec_states *states, const struct codec *codec, struct span in, uint8_t *out,
    size_t room, size_t *size)
{
	size_t i = 0;

	while (i < CODEC_COUNT && states->codec[i] != NULL && states->codec[i] != codec)
		i++;
	if (i == CODEC_COUNT)
		return false;
	if (states->codec[i] == NULL) {
		states->state[i] = codec->open == NULL ? NULL : codec->open();
		if (codec->open != NULL && states->state[i] == NULL)
			return false;
		states->codec[i] = codec;
	}
	*size = 0;
	return codec->block(states->state[i], in, out, room, size);
}

void
codec_states_close(struct codec_states *states)
{
	for (size_t i = 0; i < CODEC_COUNT && states->codec[i] != NULL; i++)
		if (states->codec[i]->close != NULL)
			states->codec[i]->close(states->state[i]);
	*states = (struct codec_states){0};
}
