/* Loops over bfloat16 pixels that torch has no single pass for; called by compiled.py.

   Arrays are flat, strides count elements, a row is width * channels elements. Every function does
   a range of rows or blocks, so that threads share the work. Where nothing is to be added the
   caller hands over zeros that are read again and again (a step of 0), so loops have no branches. */

#include <stdlib.h>

#include "loops.h"

enum { SIDE = 7, AROUND = SIDE / 2, TAPS = SIDE * SIDE, BLOCK = 256, FOUR = 4 };

typedef uint16_t bf16;

INLINE float wide(bf16 bits) {
    uint32_t value = (uint32_t)bits << 16;
    float number;
    memcpy(&number, &value, sizeof number);
    return number;
}

/* To the nearest bfloat16, ties to even. */
INLINE bf16 rounded(float number) {
    uint32_t bits;
    memcpy(&bits, &number, sizeof bits);
    return (bf16)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
}

INLINE i64 least(i64 a, i64 b) { return a < b ? a : b; }

/* Sums of x - pivot and of its squares, for blocks of `block` rows, first to last.
   pivot: for `period` elements in turn; sums: (blocks, 2, period). */
API void add_up(const bf16 *restrict x, i64 stride, i64 row, i64 rows, i64 block, i64 first,
                i64 last, const float *restrict pivot, i64 period, float *restrict sums) {
    for (i64 number = first; number < last; number++) {
        float *restrict plain = sums + 2 * number * period, *restrict squares = plain + period;
        memset(plain, 0, 2 * period * sizeof *plain);
        for (i64 y = number * block; y < least((number + 1) * block, rows); y++)
            for (i64 start = 0; start < row; start += period) {
                const bf16 *here = x + y * stride + start;
                i64 count = least(period, row - start);
                INDEPENDENT
                for (i64 k = 0; k < count; k++) {
                    float value = wide(here[k]) - pivot[k];
                    plain[k] += value;
                    squares[k] += value * value;
                }
            }
    }
}

/* How a row is continued to its sides for the layer that reads it next. */
typedef struct {
    i64 left, right; /* pixels */
    i64 reflect;     /* else the outermost pixel again */
} Sides;

INLINE void extend(bf16 *row, i64 length, i64 channels, Sides sides) {
    size_t pixel = channels * sizeof *row;
    bf16 *end = row + length - channels;
    for (i64 k = 1; k <= sides.left; k++)
        memcpy(row - k * channels, row + (sides.reflect ? k * channels : 0), pixel);
    for (i64 k = 1; k <= sides.right; k++)
        memcpy(end + k * channels, end - (sides.reflect ? k * channels : 0), pixel);
}

/* y = max(x * scale + shift, low) + plus, for rows first to last; y and x are different memory.
   scale, shift: for `period` elements in turn, a multiple of the channels.
   plus: plus_step is 1, or 0 for `period` zeros. */
API void finish(const bf16 *restrict x, i64 x_stride, bf16 *restrict y, i64 y_stride, i64 row,
                i64 channels, i64 first, i64 last, const float *restrict scale,
                const float *restrict shift, i64 period, i64 relu, const bf16 *restrict plus,
                i64 plus_stride, i64 plus_step, i64 left, i64 right, i64 reflect) {
    const float low = relu ? 0 : -INFINITY;
    for (i64 r = first; r < last; r++) {
        for (i64 start = 0; start < row; start += period) {
            const bf16 *restrict a = x + r * x_stride + start;
            const bf16 *restrict c = plus + r * plus_stride + start * plus_step;
            bf16 *restrict b = y + r * y_stride + start;
            i64 count = least(period, row - start);
            for (i64 k = 0; k < count; k++) {
                float value = wide(a[k]) * scale[k] + shift[k];
                b[k] = rounded((value > low ? value : low) + wide(c[k]));
            }
        }
        extend(y + r * y_stride, row, channels, (Sides){left, right, reflect});
    }
}

/* 3x3 averages with stride 2, borders not counted, of planes (n, height, width) to planes of half
   the sides; rows first to last of all output rows. Returns 0, or 1 when memory runs out. */
API int halve(const int8_t *restrict x, i64 height, i64 width, i64 first, i64 last,
              float *restrict out) {
    i64 half = width / 2;
    int32_t *restrict column = malloc(width * sizeof *column);
    if (!column) return 1;
    for (i64 row = first; row < last; row++) {
        i64 top = row / (height / 2) * height, y = top + row % (height / 2) * 2;
        memset(column, 0, width * sizeof *column);
        for (i64 source = y > top ? y - 1 : y; source < y + 2; source++)
            for (i64 k = 0; k < width; k++) column[k] += x[source * width + k];
        float *restrict line = out + row * half;
        float count = y > top ? 9 : 6;
        line[0] = (column[0] + column[1]) / (count / 3 * 2);
        for (i64 k = 1; k < half; k++)
            line[k] = (column[2 * k - 1] + column[2 * k] + column[2 * k + 1]) / count;
    }
    free(column);
    return 0;
}

/* (R, height, width) with a stride for planes to (height + 6, width + 6, R), rows first to last of
   those: a rim of 3 is reflected. Numbers that bfloat16 does not hold are rounded. Four planes are
   written at a time: single numbers so far apart take as long as four. */
#define LAY_OUT(NAME, NUMBER)                                                                      \
    API void NAME(const NUMBER *restrict x, i64 planes, i64 plane, i64 stride, i64 height,         \
                  i64 width, i64 first, i64 last, bf16 *restrict out) {                            \
        for (i64 row = first; row < last; row++) {                                                 \
            i64 y = row < AROUND ? AROUND - row : row - AROUND;                                    \
            if (y >= height) y = 2 * (height - 1) - y;                                             \
            bf16 *restrict line = out + (row * (width + 2 * AROUND) + AROUND) * planes;            \
            for (i64 start = 0; start < width; start += BLOCK) { /* stays in the nearest cache */  \
                const NUMBER *restrict here = x + y * stride + start;                              \
                i64 count = least(BLOCK, width - start), r = 0;                                    \
                for (; r + FOUR <= planes; r += FOUR) {                                            \
                    const NUMBER *restrict a = here + r * plane, *restrict b = a + plane,          \
                                 *restrict c = b + plane, *restrict d = c + plane;                 \
                    bf16 numbers[BLOCK][FOUR];                                                     \
                    for (i64 k = 0; k < count; k++) {                                              \
                        numbers[k][0] = rounded((float)a[k]);                                      \
                        numbers[k][1] = rounded((float)b[k]);                                      \
                        numbers[k][2] = rounded((float)c[k]);                                      \
                        numbers[k][3] = rounded((float)d[k]);                                      \
                    }                                                                              \
                    for (i64 k = 0; k < count; k++)                                                \
                        memcpy(line + (start + k) * planes + r, numbers[k], sizeof numbers[k]);    \
                }                                                                                  \
                for (; r < planes; r++)                                                            \
                    for (i64 k = 0; k < count; k++)                                                \
                        line[(start + k) * planes + r] = rounded((float)here[r * plane + k]);      \
            }                                                                                      \
            extend(line, width * planes, planes, (Sides){AROUND, AROUND, 1});                      \
        }                                                                                          \
    }

LAY_OUT(lay_out_bytes, int8_t)
LAY_OUT(lay_out_floats, float)

/* What tells pixels of a scene from each other, label + 256 * boundary + 512 * instance number,
   into rows first to last of cells; occurs takes which there are. */
API void mark_cells(const uint8_t *restrict labels, i64 label_stride,
                    const int32_t *restrict instances, i64 instance_stride,
                    const int32_t *restrict index, i64 index_stride, i64 styled, i64 height,
                    i64 width, i64 first, i64 last, i64 boundary, int32_t *restrict cells,
                    i64 stride, uint8_t *restrict occurs) {
    for (i64 y = first; y < last; y++) {
        const int32_t *restrict own = instances + y * instance_stride;
        const int32_t *restrict above = own - (y > 0 ? instance_stride : 0);
        const int32_t *restrict below = own + (y < height - 1 ? instance_stride : 0);
        const int32_t *restrict numbers = index + y * index_stride;
        const uint8_t *restrict known = labels + y * label_stride;
        int32_t *restrict out = cells + y * stride;
        for (i64 x = 0; x < width; x++) {
            i64 before = x > 0 ? x - 1 : x, after = x < width - 1 ? x + 1 : x;
            int32_t edge = (own[x] != above[x]) | (own[x] != below[x]) |
                           (own[x] != own[before]) | (own[x] != own[after]);
            out[x] = known[x] + (boundary ? 256 * edge : 0) + (styled ? 512 * numbers[x] : 0);
        }
        for (i64 x = 0; x < width; x++) occurs[out[x]] = 1;
    }
}

/* Puts numbers in place of rows first to last, and continues them by reflection. */
API void number_cells(int32_t *restrict cells, i64 stride, i64 width, i64 first, i64 last,
                      const int32_t *restrict numbers) {
    for (i64 y = first; y < last; y++) {
        int32_t *restrict row = cells + y * stride;
        for (i64 x = 0; x < width; x++) row[x] = numbers[row[x]];
        for (i64 k = 1; k <= AROUND; k++) {
            row[-k] = row[k];
            row[width - 1 + k] = row[width - 1 - k];
        }
    }
}

/* Which 3x3 windows, two apart, hold several cells: rows first to last of (height / 2, width / 2). */
API void mixed_windows(const int32_t *restrict cells, i64 stride, i64 width, i64 first, i64 last,
                       uint8_t *restrict mixed) {
    for (i64 row = first; row < last; row++)
        for (i64 k = 0; k < width / 2; k++) {
            const int32_t *centre = cells + 2 * row * stride + 2 * k;
            int different = 0;
            for (i64 dy = -1; dy <= 1; dy++)
                for (i64 dx = -1; dx <= 1; dx++) different |= centre[dy * stride + dx] != *centre;
            mixed[row * (width / 2) + k] = different;
        }
}

/* A stem of a picture. cells: rows of width + 6, the picture's with a rim of 3. table: what a cell
   adds at each place, (cells, 49, channels); uniform: bias and the sum of those, (cells, channels).
   dense: of the other channels, (height, width, channels), step 1, or `channels` zeros and step 0;
   plus: likewise, with a stride of its own for rows. */
typedef struct {
    const int32_t *cells;
    i64 cells_stride, width;
    const float *table, *uniform, *bias;
    const bf16 *dense;
    i64 dense_step;
    i64 relu;
    const bf16 *plus;
    i64 plus_stride, plus_step;
    bf16 *out;
    i64 out_stride;
    i64 left, right, reflect;
} Stem;

INLINE void put(const Stem *s, const float *restrict values, i64 y, i64 x, i64 channels) {
    const float low = s->relu ? 0 : -INFINITY;
    const bf16 *restrict dense = s->dense + (y * s->width + x) * channels * s->dense_step;
    const bf16 *restrict plus = s->plus + y * s->plus_stride + x * channels * s->plus_step;
    bf16 *restrict out = s->out + y * s->out_stride + x * channels;
    INDEPENDENT
    for (i64 k = 0; k < channels; k++) {
        float value = values[k] + wide(dense[k]);
        out[k] = rounded((value > low ? value : low) + wide(plus[k]));
    }
}

/* equal: of every column, how many cells upwards from the window's last row are the same.
   same: takes whether the window of each pixel holds a single cell. */
INLINE void find_uniform(const Stem *s, i64 y, int32_t *restrict equal, uint8_t *restrict same) {
    i64 wide_row = s->width + SIDE - 1, run = 0;
    const int32_t *restrict above = s->cells + (y + SIDE - 2) * s->cells_stride;
    const int32_t *restrict cells = above + s->cells_stride;
    for (i64 x = 0; x < wide_row; x++) equal[x] = cells[x] == above[x] ? equal[x] + 1 : 1;
    for (i64 x = 0; x < wide_row; x++) {
        run = equal[x] < SIDE ? 0 : run && cells[x] == cells[x - 1] ? run + 1 : 1;
        if (x >= SIDE - 1) same[x - (SIDE - 1)] = run >= SIDE;
    }
}

/* Sixteen numbers; a sum of them stays in registers, which an array's would not. */
typedef float lanes __attribute__((vector_size(64), aligned(4), may_alias));
enum { LANES = 16, MOST = 4 };

/* What the 49 cells of a window add up to, with the bias; groups: of 16 channels, a constant. */
INLINE void add_cells(const Stem *s, const int32_t *corner, float *restrict window, i64 groups) {
    lanes sums[MOST];
    for (i64 g = 0; g < groups; g++) sums[g] = ((const lanes *)s->bias)[g];
    for (i64 dy = 0; dy < SIDE; dy++)
        for (i64 dx = 0; dx < SIDE; dx++) {
            i64 cell = corner[dy * s->cells_stride + dx];
            const float *part = s->table + (cell * TAPS + dy * SIDE + dx) * groups * LANES;
            for (i64 g = 0; g < groups; g++) sums[g] += ((const lanes *)part)[g];
        }
    for (i64 g = 0; g < groups; g++) ((lanes *)window)[g] = sums[g];
}

/* The same for any number of channels. */
INLINE void add_any_cells(const Stem *s, const int32_t *corner, float *restrict window,
                          i64 channels) {
    memcpy(window, s->bias, channels * sizeof *window);
    for (i64 tap = 0; tap < TAPS; tap++) {
        i64 cell = corner[tap / SIDE * s->cells_stride + tap % SIDE];
        const float *restrict part = s->table + (cell * TAPS + tap) * channels;
        for (i64 k = 0; k < channels; k++) window[k] += part[k];
    }
}

INLINE void stem_row(const Stem *s, i64 y, const uint8_t *restrict same, float *restrict window,
                     i64 channels, int whole_groups) {
    for (i64 x = 0; x < s->width; x++) {
        const int32_t *corner = s->cells + y * s->cells_stride + x;
        if (same[x]) {
            put(s, s->uniform + corner[0] * channels, y, x, channels);
            continue;
        }
        if (whole_groups)
            add_cells(s, corner, window, channels / LANES);
        else
            add_any_cells(s, corner, window, channels);
        put(s, window, y, x, channels);
    }
}

/* Rows first to last. Returns 0, or 1 when memory runs out. */
API int stem(const Stem *s, i64 channels, i64 first, i64 last) {
    i64 wide_row = s->width + SIDE - 1;
    int32_t *equal = malloc(wide_row * sizeof *equal);
    uint8_t *same = malloc(s->width);
    float *window = malloc(channels * sizeof *window);
    int failed = !equal || !same || !window;
    for (i64 x = 0; !failed && x < wide_row; x++) equal[x] = 1; /* of the first window's first row */
    for (i64 y = first - SIDE + 2; !failed && y < last; y++) {
        find_uniform(s, y, equal, same);
        if (y < first) continue;
        switch (channels) { /* loops whose length is known are several times as fast */
        case 16: stem_row(s, y, same, window, 16, 1); break;
        case 32: stem_row(s, y, same, window, 32, 1); break;
        case 64: stem_row(s, y, same, window, 64, 1); break;
        default: stem_row(s, y, same, window, channels, 0);
        }
        extend(s->out + y * s->out_stride, s->width * channels, channels,
               (Sides){s->left, s->right, s->reflect});
    }
    free(equal), free(same), free(window);
    return failed;
}
