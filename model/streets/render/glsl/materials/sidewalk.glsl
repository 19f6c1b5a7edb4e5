// Pavement: slabs, small paving stones or asphalt. local = (across, along, unused).
void describe(inout Surface s) {
    vec2 at = position.xy;
    float large = fractal(at * 0.3 + 9.0);
    ivec2 cell = ivec2(0);
    if (sidewalk_mode == 0) {
        vec2 slab = bricks(uv, vec2(0.5, 0.5), 0.006, footprint, cell);
        float seen = resolved(1.4, fine_footprint);
        s.albedo = vec3(0.34, 0.33, 0.31) * (0.85 + 0.3 * mix(0.5, hash(cell), seen));
        s.albedo *= mix(0.97, mix(0.55, 1.0, slab.x), seen);
        s.height = seen * 0.004 * slab.x;
    } else if (sidewalk_mode == 1) {
        vec2 stone = bricks(uv, vec2(0.2, 0.1), 0.004, footprint, cell);
        float seen = resolved(5.0, fine_footprint);
        bool reddish = hash_of(scene_seed + 0.3) > 0.4;
        vec3 tone = reddish ? vec3(0.30, 0.19, 0.15) : vec3(0.27, 0.235, 0.19);
        s.albedo = tone * (0.75 + 0.5 * mix(0.5, hash(cell), seen));
        s.albedo *= mix(0.9, mix(0.5, 1.0, stone.x), seen);
        s.height = seen * 0.004 * stone.x;
    } else {
        float grit = hash(ivec2(floor(at * 70.0))) - 0.5;
        s.albedo = vec3(0.165, 0.163, 0.16) + grit * resolved(40.0, fine_footprint) * 0.06;
    }
    s.albedo *= (0.75 + 0.45 * large) * (0.9 + 0.2 * fractal2(at * 2.1));
    s.albedo *= 1.0 - 0.25 * smoothstep(0.6, 0.8, fractal(at * 1.3 + 20.0));
    s.roughness = 0.85;
    if (fallen_leaves > 0.0) {
        float leaf = step(0.955, hash(ivec2(floor(at * 8.0)))) * resolved(3.0, fine_footprint);
        s.albedo = mix(s.albedo, vec3(0.33, 0.18, 0.05), leaf * fallen_leaves * 0.8);
    }
    if (road_mode == 3) {
        s.albedo *= 0.65;
        s.roughness = 0.35;
        s.mirror = 0.25;
    }
}
