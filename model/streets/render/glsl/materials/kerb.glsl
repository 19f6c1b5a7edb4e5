// Kerb stones. local.z: 5 gutter stones in the carriageway, 6 drain cover.
void describe(inout Surface s) {
    int kind = int(local.z + 0.5);
    float joint = abs(fract(uv.y) - 0.5);
    float stone = value_noise(vec2(floor(uv.y), 3.0));
    s.albedo = vec3(0.36, 0.355, 0.34) * (0.8 + 0.4 * stone) * (0.85 + 0.3 * fractal2(position.xy * 5.0));
    s.albedo *= 1.0 - 0.45 * stripe(0.5 - joint, 0.015, footprint);
    if (kind == 5) s.albedo *= 0.62;
    if (kind == 6) {
        float rim = min(min(uv.x, 0.46 - uv.x), min(uv.y, 0.5 - uv.y));
        float bar = step(0.35, fract(uv.x * 13.0)) * step(0.03, rim) + step(rim, 0.03);
        s.albedo = mix(vec3(0.012), vec3(0.075, 0.072, 0.07), bar);
    }
    if (road_mode == 3) s.albedo *= 0.7;
}
