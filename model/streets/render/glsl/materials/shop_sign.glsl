// Lettered boards: local = (along, up, length), all in heights of the board. With tag.x from 2 on
// posters: local.xy counts posters along and up, local.z is the height of one in widths.
#include "lettering.glsl"

vec3 printed(float dice) {
    vec3 hue = 0.5 + 0.5 * cos(6.283 * (dice + vec3(0.0, 0.33, 0.67)));
    return mix(vec3(0.35), hue, 0.3) * (0.15 + 0.75 * fract(dice * 7.3));
}

void poster(inout Surface s) {
    ivec2 page = ivec2(floor(uv)) + int(tag.x * 997.0);
    vec2 q = fract(uv);
    float dice = hash(page);
    vec3 ground = printed(dice);
    vec3 figure = printed(fract(dice + 0.37));
    vec2 off = (q - vec2(0.3 + 0.4 * hash(page + 3), 0.45 + 0.2 * hash(page + 4))) * vec2(1.0, local.z);
    float size = 0.22 + 0.2 * hash(page + 5);
    float shape = hash(page + 6) < 0.5 ? length(off) - size : max(abs(off.x) * 1.4, abs(off.y)) - size;
    s.albedo = mix(ground, ground * 0.55, smoothstep(0.2, 1.0, q.y));
    s.albedo = mix(s.albedo, figure, smoothstep(footprint2.x, -footprint2.x, shape));
    float letters = 6.0 + floor(4.0 * hash(page + 7));
    vec2 line = vec2((q.x - 0.08) / 0.84 * letters, (q.y - 0.84) * local.z * letters * 0.84);
    float ink = word(line, page.x, letters, footprint2.x * letters);
    line = vec2((q.x - 0.08) / 0.84 * letters * 1.6, (q.y - 0.07) * local.z * letters * 1.3);
    ink = max(ink, word(line, page.y + 9, letters * 1.6, footprint2.x * letters * 1.6));
    s.albedo = mix(s.albedo, dot(ground, vec3(0.33)) > 0.3 ? vec3(0.03) : vec3(0.75), ink);
    vec2 rim = min(q, 1.0 - q) * vec2(1.0, local.z);
    s.albedo = mix(vec3(0.66), s.albedo, step(0.04, min(rim.x, rim.y)));
    s.emission = s.albedo * 0.35 * dusk;
}

void describe(inout Surface s) {
    s.roughness = 0.5;
    if (tag.x >= 2.0) {
        poster(s);
        return;
    }
    int seed = int(tag.x * 9973.0);
    float tall = 0.60;
    float wide = 0.50;
    float most = floor((local.z - 0.5) / wide);
    float count = min(4.0 + floor(9.0 * hash(ivec2(seed, 1))), most);
    float start = (local.z - count * wide) * (hash(ivec2(seed, 2)) < 0.7 ? 0.5 : 0.15);
    vec2 q = vec2((uv.x - start) / wide, (uv.y - 0.20) / tall);
    float ink = word(q, seed, count, footprint2.x / wide);
    float bright = dot(color, vec3(0.33));
    vec3 letters = bright > 0.22 ? vec3(0.02) : (hash(ivec2(seed, 3)) < 0.7 ? vec3(0.80) : vec3(0.75, 0.55, 0.08));
    float rim = stripe(min(uv.y, 1.0 - uv.y), 0.07, footprint2.y);
    s.albedo = mix(color, letters, ink) * (1.0 - 0.3 * rim);
    s.emission = s.albedo * (0.5 * dusk);
}
