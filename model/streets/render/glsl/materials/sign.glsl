// Traffic signs of no particular country. local = (x, y, kind), x and y in units of the radius.
#include "lettering.glsl"
const int STOP[4] = int[4](18, 19, 14, 15);
const vec3 WHITE = vec3(0.78);
const vec3 RED = vec3(0.55, 0.02, 0.025);
const vec3 BLUE = vec3(0.02, 0.10, 0.42);
const vec3 BLACK = vec3(0.02);
const vec3 YELLOW = vec3(0.85, 0.58, 0.02);

float triangle(vec2 q) { return max(-q.y, max(dot(q, vec2(0.866, 0.5)), dot(q, vec2(-0.866, 0.5)))); }

vec3 prohibition(vec2 q, int variant) {
    float r = length(q);
    if (variant == 0) {
        bool bar = abs(q.y) < 0.17 && abs(q.x) < 0.65;
        return r > 0.9 || bar ? WHITE : RED;
    }
    if (r > 0.74) return RED;
    float column = abs(abs(q.x) - 0.25);
    bool digit = abs(q.y) < 0.34 && column < 0.2 && !(abs(q.y) < 0.2 && column < 0.09);
    return digit && r < 0.6 ? BLACK : WHITE;
}

vec3 information(vec2 q, int variant) {
    if (max(abs(q.x), abs(q.y)) > 0.84) return WHITE;
    if (variant < 2) {
        float ring = length(q - vec2(0.05, 0.25));
        bool stem = abs(q.x + 0.2) < 0.1 && abs(q.y) < 0.55;
        return stem || (ring < 0.3 && ring > 0.12 && q.x > -0.2) ? WHITE : BLUE;
    }
    if (abs(q.x) < 0.09 && q.y < 0.2 && q.y > -0.35) return BLACK;
    return triangle(q) < 0.4 ? WHITE : BLUE;
}

vec3 direction_board(vec2 q) {
    if (abs(q.x) > 2.34 || abs(q.y) > 0.83) return BLACK;
    float upper = step(0.0, q.y);
    vec2 line = vec2((q.x + 1.9) / 0.42, (q.y - mix(-0.66, 0.08, upper)) / 0.58);
    int seed = int(color.z * 999.0) + int(upper);
    float ink = word(line, seed, 4.0 + floor(5.0 * hash(ivec2(seed, 8))), footprint / 0.42);
    float aside = abs(q.x - 2.0);
    bool arrow = q.y > 0.1 ? aside < 0.55 * (0.5 - q.y) : aside < 0.07 && q.y > -0.45;
    vec3 ground = color.y > 0.5 ? vec3(0.80, 0.62, 0.05) : color.y > 0.25 ? vec3(0.75) : BLUE;
    vec3 letters = color.y > 0.25 ? BLACK : WHITE;
    return arrow ? letters : mix(ground, letters, ink);
}

vec3 panel(vec2 q) {
    if (abs(q.x) > 0.83 || abs(q.y) > 0.28) return BLACK;
    int seed = int(color.z * 999.0);
    return mix(WHITE, BLACK, word(vec2((q.x + 0.72) / 0.24, (q.y + 0.17) / 0.34), seed, 6.0, footprint / 0.24));
}

void describe(inout Surface s) {
    vec2 q = local.xy;
    int kind = int(local.z + 0.5);
    int variant = int(color.x * 4.0);
    float r = length(q);
    s.roughness = 0.5;
    s.reflectance = 0.05;
    if (kind == 0) s.albedo = prohibition(q, variant);
    else if (kind == 1) {
        float e = triangle(q);
        bool mark = abs(q.x) < 0.07 && q.y > -0.25;
        s.albedo = e > 0.42 ? RED : (mark ? BLACK : WHITE);
    } else if (kind == 2) {
        float side = abs(q.x);
        bool arrow = (side < 0.12 && q.y < 0.5 && q.y > -0.6) || (q.y > 0.1 && q.y < 0.6 && side < 0.6 - q.y * 0.9);
        s.albedo = r > 0.93 || arrow ? WHITE : BLUE;
    } else if (kind == 3) s.albedo = abs(q.x) + abs(q.y) > 0.72 ? WHITE : YELLOW;
    else if (kind == 4) {
        vec2 at = vec2((q.x + 0.76) / 0.38, (q.y + 0.30) / 0.60);
        int letter = STOP[clamp(int(floor(at.x)), 0, 3)];
        float ink = at.x < 0.0 || at.x > 4.0 ? 0.0 : glyph(vec2(fract(at.x), at.y), letter, footprint / 0.38);
        s.albedo = r > 1.02 ? WHITE : mix(RED, WHITE, ink);
    } else if (kind == 8) s.albedo = panel(q);
    else if (kind == 5) s.albedo = information(q, variant);
    else if (kind == 6) s.albedo = direction_board(q);
    else {
        bool cross_bar = abs(q.x - q.y) < 0.14 || (abs(q.x + q.y) < 0.14 && variant < 2);
        s.albedo = r > 0.78 || cross_bar ? RED : BLUE;
    }
}
