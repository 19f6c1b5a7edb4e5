// Brickwork with pale mortar; far away the two blend. Bricks are those of model/scene/street_grid.py:
// they divide bays and storeys. Houses end a centimetre before their outer bays do.
void describe(inout Surface s) {
    ivec2 cell = ivec2(0);
    vec2 one = bricks(uv + vec2(0.01, 0.0), vec2(0.25, 0.08), 0.006, footprint, cell);
    float seen = resolved(6.0, fine_footprint);
    s.albedo *= 0.8 + 0.4 * fractal(uv * 0.4 + tag.x * 30.0);
    s.albedo *= mix(1.0, 0.65 + 0.7 * hash(cell), seen);
    s.albedo = mix(s.albedo, mix(vec3(0.38, 0.36, 0.33), s.albedo, one.x), seen);
    s.albedo = mix(s.albedo, s.albedo * 0.82 + 0.055, 1.0 - seen);
    s.albedo *= 1.0 - 0.25 * smoothstep(1.2, 0.0, uv.y);
    float streak = fractal(vec2(uv.x * 1.1, uv.y * 0.12) + tag.x * 21.0);
    s.albedo *= 1.0 - 0.18 * smoothstep(0.55, 0.85, streak);
    s.height = seen * 0.006 * one.x;
    s.roughness = 0.9;
}
