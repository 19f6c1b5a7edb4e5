// Rows of roof tiles.
void describe(inout Surface s) {
    vec2 q = uv / vec2(0.26, 0.34);
    vec2 f = fract(q);
    float seen = resolved(2.6, footprint);
    float tile = (0.75 + 0.5 * hash(ivec2(floor(q)))) * mix(0.55, 1.0, smoothstep(0.0, 0.25, f.y));
    s.albedo *= mix(1.0, tile * (0.8 + 0.3 * sin(f.x * PI)), seen);
    s.albedo *= 0.8 + 0.4 * fractal(uv * 0.5);
    s.height = seen * 0.02 * (f.y + 0.5 * sin(f.x * PI));
    s.roughness = 0.85;
}
