// Words of the project's own glyphs. A glyph's cell is 1 x 1; the atlas holds A to Z and 0 to 9.
uniform sampler2D glyph_texture;
const int VOWELS[5] = int[5](0, 4, 8, 14, 20);

// Ink of one glyph at q inside its cell; `pixel` is the width of a pixel in cells.
float glyph(vec2 q, int code, float pixel) {
    if (any(lessThan(q, vec2(0.0))) || any(greaterThan(q, vec2(1.0)))) return 0.0;
    vec2 cell = vec2(float(code % 6), float(code / 6));
    float level = clamp(log2(max(pixel * 32.0, 1.0)), 0.0, 4.0);
    float ink = textureLod(glyph_texture, (cell + clamp(q, 0.03, 0.97)) / 6.0, level).r;
    float soft = clamp(0.12 + pixel * 2.0, 0.12, 0.5);
    return smoothstep(0.5 - soft, 0.5 + soft, ink);
}

// A line of `count` letters starting at q = (0, 0), as pronounceable as chance makes it.
float word(vec2 q, int seed, float count, float pixel) {
    if (q.x < 0.0 || q.x >= count) return 0.0;
    ivec2 at = ivec2(int(floor(q.x)), seed);
    float dice = hash(at + ivec2(0, 77));
    if (at.x > 2 && dice < 0.12) return 0.0;
    int code = int(hash(at) * 25.99);
    if ((at.x & 1) == (seed & 1) && dice < 0.9) code = VOWELS[int(hash(at) * 4.99)];
    return glyph(vec2(fract(q.x), q.y), code, pixel);
}

// The same with digits and capitals mixed, as on licence plates.
float registration(vec2 q, int seed, float count, float pixel) {
    if (q.x < 0.0 || q.x >= count) return 0.0;
    ivec2 at = ivec2(int(floor(q.x)), seed);
    if (at.x == 2 || at.x == 5) return 0.0;
    int code = at.x < 5 ? int(hash(at) * 25.99) : 26 + int(hash(at) * 9.99);
    return glyph(vec2(fract(q.x), q.y), code, pixel);
}
