/* The reference channels of model/scene (reference.py, surface.py, things.py), to the last bit;
   called by channels.py. Arrays are flat, strides count elements. Every function does rows first to
   last, so that threads share the work. Multiplication and addition are never contracted (see
   kernels.py), so all is rounded as numpy rounds it. */

#include "loops.h"

/* One in [-1, 1] becomes 127. */
INLINE int8_t level(float value) { return (int8_t)(int32_t)rintf(value * 127.0f); }

/* Distances to the nearest boundary, saturating; half: the one that becomes 0. */
API void distance_levels(const float *restrict distance, float half, i64 width, i64 first, i64 last,
                         int8_t *restrict out) {
    INDEPENDENT
    for (i64 k = first * width; k < last * width; k++)
        out[k] = level((distance[k] - half) / (distance[k] + half));
}

/* Where pixel `place` lies between two edges. */
INLINE float centred(float place, float low, float high) {
    return (place + 0.5f - low) / (high - low) * 2 - 1;
}

typedef struct {
    const int32_t *index; /* (height, width), rows of the boxes */
    i64 index_stride;
    const int8_t *distance; /* (height, width), copied */
    i64 distance_stride;
    const float *left, *top, *right, *bottom; /* of the boxes */
    const int8_t *size;
    i64 x0, y0, height, width; /* of the rectangle */
    float picture;             /* its height */
    int8_t *out;               /* (5, height, width) */
} Reference;

API void reference_rows(const Reference *s, i64 first, i64 last) {
    i64 plane = s->height * s->width;
    for (i64 y = first; y < last; y++) {
        const int32_t *restrict index = s->index + y * s->index_stride;
        int8_t *restrict row = s->out + y * s->width, *restrict across = row + plane;
        float place = (float)(s->y0 + y);
        memset(row, level((place + 0.5f) / s->picture * 2 - 1), s->width);
        memcpy(row + 3 * plane, s->distance + y * s->distance_stride, s->width);
        for (i64 start = 0, end; start < s->width; start = end) { /* runs of one instance */
            int32_t own = index[start];
            for (end = start + 1; end < s->width && index[end] == own;) end++;
            float left = s->left[own], right = s->right[own];
            INDEPENDENT
            for (i64 x = start; x < end; x++)
                across[x] = level(centred((float)(int32_t)(s->x0 + x), left, right));
            memset(row + 2 * plane + start, level(centred(place, s->top[own], s->bottom[own])),
                   end - start);
            memset(row + 4 * plane + start, s->size[own], end - start);
        }
    }
}

enum { WALL = 1, GROUND = 2, FOLIAGE = 4, SLABS = 8, SKY = 16, THING = 32, CHANNELS = 8 };

typedef struct {
    const int32_t *index; /* (height, width), rows of the boxes */
    i64 index_stride;
    const float *outward, *edge, *across, *along, *low, *wide, *foot, *tall, *strength;
    const float *high, *bars, *fine;
    const int32_t *front, *aside, *variant;
    const int8_t *facing, *sides, *place, *far; /* of boxes, as is all from outward on */
    const int8_t *kinds;       /* (256) of labels: drawings */
    const float *drawings;     /* (2, drawn, side, side) */
    i64 drawn, side;
    float narrowest;
    int8_t vehicle, fence; /* kinds; what is at most the first has an end and a flank */
} Things;

typedef struct {
    const uint8_t *labels; /* (height, width) */
    i64 label_stride;
    const uint8_t *above, *below; /* (256) what a label is, by where its row lies */
    i64 height, width;
    const float *right, *away;   /* of columns, as is what follows */
    const uint8_t *across;       /* whether their wall runs across the street */
    const float *eyes;           /* metres over its foot */
    const float *bays, *storeys, *fronts, *beds, *heads; /* the last two: 0 if none is seen */
    const float *up, *ahead, *over, *lanes, *metres;     /* of rows, as is what follows */
    const float *pixel, *deep, *dash, *shorts;
    const int8_t *dash_sine, *dash_cosine, *far; /* of the ground */
    const uint8_t *low;                          /* whether below the horizon */
    const i64 *leaf_rows, *leaf_columns;         /* of rows and of columns: where in the noise */
    const int8_t *sky;                           /* (height, width) */
    const float *sine;                           /* (256) of a turn */
    const float *front;                          /* (2, front_size), read from its end, too */
    const float *joints;                         /* as front */
    const int8_t *leaves;                        /* (2, leaf_side, leaf_side) */
    i64 front_size, leaf_side;
    float floor, bay, storey, lane, mark, between, edge; /* metres, as is what follows */
    float stone_across, stone_along, stone_joint, bulge, bulge_period;
    float slab, slab_joint, raised; /* the last a share */
    float fewest;                   /* pixels of a stone */
    float grain, stones, bricks;    /* multiply leaves and joints of stones and of bricks */
    const Things *things;
    int8_t *out; /* (8, height, width) */
} Surface;

/* In 256ths of a turn. */
INLINE int32_t phase_of(float turns) { return (int32_t)floorf(turns * 256.0f); }

/* Sine and cosine of a phase, of a given strength. */
INLINE void put_wave(const float *restrict sine, int32_t phase, float strength, int8_t *first,
                     int8_t *second) {
    *first = (int8_t)(int32_t)rintf(sine[phase & 255] * strength);
    *second = (int8_t)(int32_t)rintf(sine[(phase + 64) & 255] * strength);
}

INLINE void put_wall(const Surface *s, i64 y, i64 start, i64 end, int bricks) {
    i64 plane = s->height * s->width;
    int8_t *restrict out = s->out + y * s->width;
    const float *restrict away = s->away, *restrict bays = s->bays, *restrict storeys = s->storeys;
    const uint8_t *restrict turned = s->across;
    const float *restrict right = s->right, *restrict eyes = s->eyes;
    const float *restrict fronts = s->fronts, *restrict sine = s->sine, *restrict front = s->front;
    const float *restrict joints = s->joints, *restrict beds = s->beds, *restrict heads = s->heads;
    int32_t size = (int32_t)s->front_size;
    float up = s->up[y], ahead = s->ahead[y], floor = s->floor;
    float bay = s->bay, storey = s->storey;
    INDEPENDENT
    for (i64 x = start; x < end; x++) {
        float far = ahead * away[x], height = up * away[x] + eyes[x];
        float along = turned[x] ? right[x] * away[x] : far;
        int32_t across = phase_of(along / bay), above = phase_of((height - floor) / storey);
        put_wave(sine, across, bays[x], out + x, out + plane + x);
        put_wave(sine, above, storeys[x], out + 2 * plane + x, out + 3 * plane + x);
        out[4 * plane + x] = level(height / (fabsf(height) + 8));
        out[5 * plane + x] = level(far / (far + 20));
        int32_t row = above < 256 ? (above > -512 ? above : -512) : 256 + (above & 255);
        int32_t place = row * 256 + (across & 255);
        place += place < 0 ? size : 0;
        out[6 * plane + x] = level(front[place] * fronts[x]);
        float stone = front[size + place] * fronts[x];
        if (bricks) {
            float bed = joints[place] * beds[x], head = joints[size + place] * heads[x];
            stone -= (bed > head ? bed : head) * s->bricks;
        }
        out[7 * plane + x] = level(stone);
    }
}

/* Columns whose bricks are seen, and others, for which no joints are looked up. */
INLINE void put_walls(const Surface *s, i64 y, i64 start, i64 end) {
    for (i64 first = start, next; first < end; first = next) {
        int seen = s->beds[first] > 0;
        for (next = first + 1; next < end && (s->beds[next] > 0) == seen;) next++;
        if (seen)
            put_wall(s, y, first, next, 1);
        else
            put_wall(s, y, first, next, 0);
    }
}

/* The share of a pixel that stripes cover, of that width and with such middles. */
INLINE float covered(float place, float middle, float period, float width, float pixel) {
    float turns = (place - middle) / period;
    float beyond = fabsf(turns - rintf(turns)) * period;
    float share = (width / 2 - beyond) / pixel + 0.5f, most = width / pixel;
    most = most < 1 ? most : 1;
    share = share > 0 ? share : 0;
    return share < most ? share : most;
}

INLINE float unit(float value) { return value < 0 ? 0 : value > 1 ? 1 : value; }

/* How strong joints are by the pixels between them. */
INLINE float told_apart(float period, float pixel, float fewest) {
    return period / (period + 4 * pixel) * unit(period / (fewest * pixel) - 1);
}

/* Joints between stones so wide and long, at these places. */
INLINE float joints(float across, float wide, float along, float deep_stone, float joint,
                    float pixel, float deep, float fewest) {
    float sides = covered(across, 0, wide, joint, pixel) * told_apart(wide, pixel, fewest);
    float ends = covered(along, 0, deep_stone, joint, deep) * told_apart(deep_stone, deep, fewest);
    return sides > ends ? sides : ends;
}

/* 1 for odd numbers, 0 for even ones. */
INLINE float odd(float line) { return line - 2 * floorf(line / 2); }

INLINE float stone_joints(const Surface *s, i64 y, float sideways) {
    float turns = sideways / s->bulge_period;
    float bulge = fabsf(turns - floorf(turns) - 0.5f) * s->bulge;
    float shift = odd(floorf(sideways / s->stone_across)) * (s->stone_along / 2);
    return joints(sideways, s->stone_across, s->metres[y] + bulge + shift, s->stone_along,
                  s->stone_joint, s->pixel[y], s->deep[y], s->fewest) * s->stones;
}

INLINE float slab_joints(const Surface *s, i64 y, float sideways) {
    float along = s->metres[y] * s->raised;
    float across = sideways * s->raised + odd(floorf(along / s->slab)) * (s->slab / 2);
    return joints(across, s->slab, along, s->slab, s->slab_joint, s->pixel[y], s->deep[y],
                  s->fewest);
}

INLINE void put_ground(const Surface *s, i64 y, i64 start, i64 end, int slabs) {
    i64 plane = s->height * s->width;
    int8_t *restrict out = s->out + y * s->width;
    const float *restrict right = s->right, *restrict sine = s->sine;
    float over = s->over[y], strength = s->lanes[y], lane = s->lane, pixel = s->pixel[y];
    float dash = s->dash[y], shorts = s->shorts[y], mark = s->mark;
    float between = s->between, edge = s->edge, near = 1 - s->far[y] / 127.0f;
    const int8_t *restrict noise = s->leaves + s->leaf_rows[y] * 2 % s->leaf_side * s->leaf_side;
    INDEPENDENT
    for (i64 x = start; x < end; x++) {
        float sideways = right[x] * over, beside = fabsf(sideways);
        put_wave(sine, phase_of(sideways / lane), strength, out + x, out + plane + x);
        out[4 * plane + x] = level(sideways / (beside + 4));
        float dashed = covered(beside, between, lane, mark, pixel) * dash;
        float lined = covered(beside, edge, lane, mark, pixel) * (1 + shorts) / 2;
        float stones = stone_joints(s, y, sideways) * (1 - dashed);
        float leaf = noise[s->leaf_columns[x]], grain = (leaf > 0 ? leaf : 0) * s->grain * near;
        out[6 * plane + x] = level(slabs ? -slab_joints(s, y, sideways) : dashed - stones);
        out[7 * plane + x] = level(slabs ? 0 : lined - grain * (1 - lined));
    }
    memset(out + 2 * plane + start, s->dash_sine[y], end - start);
    memset(out + 3 * plane + start, s->dash_cosine[y], end - start);
    memset(out + 5 * plane + start, s->far[y], end - start);
}

INLINE void put_leaves(const Surface *s, i64 y, i64 start, i64 end) {
    i64 plane = s->height * s->width, side = s->leaf_side;
    for (i64 k = 0; k < 2; k++) {
        const int8_t *restrict row = s->leaves + (k * side + s->leaf_rows[y]) * side;
        int8_t *restrict out = s->out + (6 + k) * plane + y * s->width;
        for (i64 x = start; x < end; x++) out[x] = row[s->leaf_columns[x]];
    }
}

INLINE i64 cell(float share, i64 side) {
    i64 place = (i64)(share * (float)side);
    return place < side - 1 ? place : side - 1;
}

INLINE void put_things(const Surface *s, i64 y, i64 start, i64 end) {
    const Things *t = s->things;
    i64 plane = s->height * s->width, side = t->side;
    const int32_t *restrict index = t->index + y * t->index_stride;
    const uint8_t *restrict labels = s->labels + y * s->label_stride;
    int8_t *restrict out = s->out + y * s->width;
    float up = s->up[y];
    for (i64 x = start; x < end; x++) {
        int32_t own = index[x];
        int8_t kind = t->kinds[labels[x]];
        int vehicle = kind <= t->vehicle;
        float right = s->right[x] * t->outward[own], strength = t->strength[own];
        float along = right > t->narrowest ? right : t->narrowest;
        int ended = vehicle && !t->aside[own];
        float near = ended ? t->edge[own] : t->low[own];
        float across = (right - near) * (ended ? t->across[own] : t->wide[own]);
        float farther = 1;
        int flank = vehicle && (!ended || right < near);
        if (flank && ended) {
            farther = near / along;
            across = (farther - 1) * t->along[own];
        }
        float above = unit((up * farther - t->foot[own]) * t->tall[own]);
        across = unit(across);
        float place = across;
        if (kind == t->fence) {
            float turns = (t->high[own] / along - 1) * t->bars[own];
            place = turns - floorf(turns);
            strength *= unit(along * along * t->fine[own] - 1);
        }
        i64 drawing = kind + (vehicle ? t->front[own] + 2 * flank : t->variant[own]);
        const float *drawn = t->drawings + (drawing * side + cell(above, side)) * side
                             + cell(place, side);
        out[x] = level(across * 2 - 1);
        out[plane + x] = level(above * 2 - 1);
        out[2 * plane + x] = flank ? -127 : t->facing[own];
        out[3 * plane + x] = t->sides[own];
        out[4 * plane + x] = t->place[own];
        out[5 * plane + x] = t->far[own];
        out[6 * plane + x] = level(drawn[0] * strength);
        out[7 * plane + x] = level(drawn[t->drawn * side * side] * strength);
    }
}

API void surface_rows(const Surface *s, i64 first, i64 last) {
    i64 plane = s->height * s->width;
    for (i64 y = first; y < last; y++) {
        const uint8_t *restrict labels = s->labels + y * s->label_stride;
        const uint8_t *restrict kinds = s->low[y] ? s->below : s->above;
        for (i64 start = 0, end; start < s->width; start = end) { /* runs of one kind */
            uint8_t kind = kinds[labels[start]];
            for (end = start + 1; end < s->width && kinds[labels[end]] == kind;) end++;
            if (kind & GROUND)
                put_ground(s, y, start, end, kind & SLABS);
            else if (kind & WALL)
                put_walls(s, y, start, end);
            else
                for (i64 k = 0; k < CHANNELS; k++)
                    memset(s->out + k * plane + y * s->width + start, 0, end - start);
            if (kind & FOLIAGE) put_leaves(s, y, start, end);
            if (kind & SKY)
                memcpy(s->out + 6 * plane + y * s->width + start, s->sky + y * s->width + start,
                       end - start);
            if (kind & THING) put_things(s, y, start, end);
        }
    }
}
