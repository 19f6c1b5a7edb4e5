// Ashlar: large dressed blocks in warm, uneven tones.
#include "weathering.glsl"
void describe(inout Surface s) {
    weather(s);
    ivec2 cell = ivec2(0);
    vec2 block = bricks(uv + tag.x, vec2(0.9, 0.42), 0.009, footprint, cell);
    float seen = resolved(1.8, fine_footprint);
    s.albedo *= 0.86 + 0.28 * mix(0.5, hash(cell + int(tag.x * 99.0)), seen);
    s.albedo = mix(s.albedo, s.albedo * vec3(1.07, 0.97, 0.84), hash(cell + 3) * seen);
    s.albedo *= mix(0.96, mix(0.58, 1.0, block.x), seen);
    s.height += seen * 0.01 * block.x;
    s.albedo *= 0.9 + 0.2 * fractal2(uv * vec2(2.0, 9.0));
}
