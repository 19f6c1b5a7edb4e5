// Stains, rain streaks and fine grain shared by mineral walls.
void weather(inout Surface s) {
    float broad = fractal(uv * 0.35 + tag.x * 90.0);
    float streak = fractal(vec2(uv.x * 1.6, uv.y * 0.16) + tag.x * 40.0);
    float grain = (value_noise(uv * 22.0) - 0.5) * resolved(16.0, fine_footprint);
    s.albedo *= 0.86 + 0.28 * broad;
    s.albedo *= 1.0 - 0.22 * smoothstep(0.5, 0.85, streak);
    s.albedo *= 1.0 - 0.28 * smoothstep(1.3, 0.0, uv.y) * fractal2(uv * 1.3 + tag.x * 9.0);
    s.albedo *= 1.0 + 0.10 * grain;
    s.height = 0.002 * grain;
    s.roughness = 0.9;
}
