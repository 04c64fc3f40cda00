/* Random bytes stand at eight bits, text at five, fill at none: the eye finds what a parser missed.
 */
#include "app/entropy_picture.h"

#include <inttypes.h>
#include <string.h>

#include "app/quantity.h"
#include "app/regions.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/message.h"
#include "base/text.h"
#include "base/xml.h"
#include "firmware/gap.h"

#define LEFT 60.0
#define WIDTH 920.0
#define ROWS_AT 60.0
#define ROW 22.0
#define MAX_ROWS 5u
#define CURVE 180.0
#define COLUMNS 920u
#define LEAST_COLUMN ((uint64_t)1024) /* bytes: fewer are never quite random */
#define LETTER 6.2                    /* width of one, about */

struct picture {
	struct job *job;
	struct text svg;
	struct span image;
	const struct region_lines *lines;
	unsigned rows;
	int language;
};

struct kind {
	const char *coverage;
	const char *fill;
	const char *label;
};

/* By Okabe and Ito, told apart by the colour-blind; gaps are hatched too. */
static const struct kind kinds[] = {
    {"read", "#56b4e9", "read"},
    {"padding", "#e6e6e6", "padding"},
    {"gap", "url(#gap)", "unknown"},
    {"encrypted", "#cc79a7", "encrypted"},
    {"damaged", "#d55e00", "damaged"},
    {"unsupported", "#e69f00", "not supported"},
};

static double
place_of(const struct picture *picture, uint64_t offset)
{
	return LEFT + WIDTH * (double)offset /
			  (double)(picture->image.size == 0 ? 1 : picture->image.size);
}

static const struct kind *
kind_of(const char *coverage)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (strcmp(kinds[i].coverage, coverage) == 0)
			return &kinds[i];
	return &kinds[2];
}

static void
put_head(struct picture *picture, const char *name, unsigned height)
{
	struct job *job = picture->job;
	const char *size = quantity_grouped(job, picture->image.size, picture->language);

	text_printf(&picture->svg,
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1000 %u\" "
	    "font-family=\"sans-serif\" font-size=\"11\" fill=\"#222\">\n<title>%s</title>\n"
	    "<defs><pattern id=\"gap\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
	    "patternTransform=\"rotate(45)\"><rect width=\"6\" height=\"6\" fill=\"#fff\"/>"
	    "<rect width=\"3\" height=\"6\" fill=\"#000\"/></pattern></defs>\n"
	    "<rect width=\"1000\" height=\"%u\" fill=\"#fff\"/>\n"
	    "<text x=\"%.0f\" y=\"20\" font-size=\"15\" font-weight=\"bold\">%s</text>\n"
	    "<text x=\"%.0f\" y=\"20\" text-anchor=\"end\">%s %s</text>\n",
	    height, name, height, LEFT, name, LEFT + WIDTH, size,
	    message(picture->language, "bytes"));
}

static void
put_legend(struct picture *picture)
{
	double x = LEFT;

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		text_printf(&picture->svg,
		    "<rect x=\"%.1f\" y=\"32\" width=\"12\" height=\"12\" fill=\"%s\" "
		    "stroke=\"#444\" stroke-width=\".5\"/><text x=\"%.1f\" y=\"42\">%s</text>\n",
		    x, kinds[i].fill, x + 17, message(picture->language, kinds[i].label));
		x += 120;
	}
}

static void
put_region(struct picture *picture, const struct region_line *line)
{
	const struct fact *fact = line->fact;
	const struct kind *kind = kind_of(fact->as.region.coverage);
	const char *format = fact->as.region.format == NULL ? "" : fact->as.region.format;
	uint64_t bytes = fact->as.region.bytes < 0 ? 0 : (uint64_t)fact->as.region.bytes;
	double x = place_of(picture, line->at);
	double width = place_of(picture, line->at + bytes) - x;
	double y = ROWS_AT + ROW * (line->depth < MAX_ROWS ? line->depth : MAX_ROWS - 1);
	const char *detail =
	    xml_escape(picture->job, fact->as.region.detail == NULL ? "" : fact->as.region.detail);

	if (line->at > picture->image.size || detail == NULL)
		return;
	if (x + width > LEFT + WIDTH)
		width = LEFT + WIDTH - x;
	text_printf(&picture->svg,
	    "<g><title>0x%" PRIx64 " %s %" PRIu64 " %s %s</title><rect x=\"%.2f\" y=\"%.1f\" "
	    "width=\"%.2f\" height=\"%.1f\" fill=\"%s\" stroke=\"#444\" stroke-width=\".5\"/>",
	    line->at, format[0] == '\0' ? kind->coverage : format, bytes,
	    message(picture->language, "bytes"), detail, x, y, width < 0.4 ? 0.4 : width, ROW - 4,
	    kind->fill);
	if (width > LETTER * ((double)strlen(format) + 1) && format[0] != '\0')
		text_printf(&picture->svg, "<text x=\"%.2f\" y=\"%.1f\">%s</text>", x + 4,
		    y + ROW - 9, format);
	text_put(&picture->svg, "</g>\n");
}

/* The axis: bits up, offsets along. */
static void
put_axes(struct picture *picture, double top)
{
	for (unsigned bits = 0; bits <= 8; bits += 2)
		text_printf(&picture->svg,
		    "<path d=\"M%.0f %.1fH%.0f\" stroke=\"#ccc\"/><text x=\"%.0f\" y=\"%.1f\" "
		    "text-anchor=\"end\">%u</text>\n",
		    LEFT, top + CURVE * (8 - bits) / 8, LEFT + WIDTH, LEFT - 6,
		    top + CURVE * (8 - bits) / 8 + 4, bits);
	for (unsigned part = 0; part <= 4; part++)
		text_printf(&picture->svg,
		    "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">0x%" PRIx64 "</text>\n",
		    LEFT + WIDTH * part / 4, top + CURVE + 16,
		    part == 0   ? "start"
		    : part == 4 ? "end"
				: "middle",
		    part == 4 ? (uint64_t)picture->image.size
			      : (uint64_t)picture->image.size / 4 * part);
	text_printf(&picture->svg,
	    "<text transform=\"translate(16 %.1f) rotate(-90)\" text-anchor=\"middle\">%s</text>\n",
	    top + CURVE / 2, message(picture->language, "entropy, bits a byte"));
}

static void
put_curve(struct picture *picture, double top)
{
	uint64_t size = picture->image.size;
	uint64_t column = (size + COLUMNS - 1) / COLUMNS;
	double y = top + CURVE;

	if (column < LEAST_COLUMN)
		column = LEAST_COLUMN;
	text_printf(&picture->svg, "<path fill=\"#0072b2\" d=\"M%.0f %.1f", LEFT, y);
	for (uint64_t at = 0; at < size; at += column) {
		uint64_t bytes = size - at < column ? size - at : column;

		y = top + CURVE -
		    CURVE * gap_entropy(span_part(picture->image, at, bytes)) / 8000.0;
		text_printf(&picture->svg, "V%.1fH%.2f", y, place_of(picture, at + bytes));
	}
	text_printf(&picture->svg, "V%.1fZ\"/>\n", top + CURVE);
}

static enum status
draw(struct picture *picture, const char *name)
{
	double top;

	for (size_t i = 0; i < picture->lines->count; i++) {
		const struct region_line *line = &picture->lines->lines[i];

		if (line->in_image && line->depth >= picture->rows)
			picture->rows = line->depth < MAX_ROWS ? line->depth + 1 : MAX_ROWS;
	}
	top = ROWS_AT + ROW * picture->rows + 14;
	name = xml_escape(picture->job, name);
	if (name == NULL)
		return STATUS_LIMIT;
	put_head(picture, name, (unsigned)(top + CURVE + 30));
	put_legend(picture);
	for (size_t i = 0; i < picture->lines->count; i++)
		if (picture->lines->lines[i].in_image)
			put_region(picture, &picture->lines->lines[i]);
	put_axes(picture, top);
	put_curve(picture, top);
	text_put(&picture->svg, "</svg>\n");
	return STATUS_OK;
}

enum status
entropy_picture(struct job *job, const char *path, const char *name, struct span image,
    const struct fact_list *facts, int language)
{
	struct region_lines lines;
	struct picture picture = {.job = job,
	    .svg = text_new(job),
	    .image = image,
	    .lines = &lines,
	    .language = language};
	const char *slash = strrchr(name, '/');
	const char *svg;

	TRY(regions_collect(job, facts, &lines));
	TRY(draw(&picture, slash == NULL ? name : slash + 1));
	TRY(text_finish(&picture.svg, &svg));
	return file_write(job, path, (struct span){(const uint8_t *)svg, picture.svg.size}, 0644);
}
