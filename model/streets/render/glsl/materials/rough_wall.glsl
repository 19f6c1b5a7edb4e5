// Rubble masonry for garden walls.
#include "weathering.glsl"
void describe(inout Surface s) {
    weather(s);
    ivec2 cell = ivec2(0);
    vec2 bent = uv + 0.12 * vec2(value_noise(uv * 3.0), value_noise(uv * 3.0 + 9.0));
    vec2 stone = bricks(bent, vec2(0.38, 0.24), 0.02, footprint, cell);
    float seen = resolved(3.0, fine_footprint);
    s.albedo *= mix(1.0, (0.6 + 0.7 * hash(cell)) * mix(0.5, 1.0, stone.x), seen);
    s.height += seen * 0.02 * stone.x;
}
