// Verges and gardens: lawn, dry grass or gravel; fallen leaves in autumn.
void describe(inout Surface s) {
    vec2 at = position.xy;
    float large = fractal(at * 0.35);
    float tufts = value_noise(at * 9.0) * resolved(6.0, fine_footprint) + value_noise(at * 2.3);
    float blades = (value_noise(vec2(at.x * 31.0, at.y * 13.0)) - 0.5) * resolved(10.0, fine_footprint);
    blades += (hash(ivec2(floor(vec2(at.x * 60.0, at.y * 24.0)))) - 0.5) * resolved(18.0, fine_footprint);
    float patchy = smoothstep(0.35, 0.75, large);
    s.roughness = 0.95;
    if (terrain_mode == 2) {
        float pebble = hash(ivec2(floor(at * 34.0))) * resolved(16.0, fine_footprint);
        s.albedo = mix(vec3(0.30, 0.275, 0.235), vec3(0.24, 0.21, 0.17), patchy);
        s.albedo *= 0.72 + 0.22 * tufts + 0.35 * (pebble - 0.3);
        s.height = 0.012 * value_noise(at * 30.0) * resolved(16.0, fine_footprint);
    } else {
        vec3 lawn = mix(vec3(0.075, 0.115, 0.028), vec3(0.14, 0.135, 0.05), patchy);
        if (terrain_mode == 1) lawn = mix(vec3(0.21, 0.18, 0.085), vec3(0.155, 0.145, 0.06), patchy);
        lawn = mix(lawn, vec3(dot(lawn, vec3(0.4, 0.5, 0.1))), 0.25);
        s.albedo = lawn * (0.62 + 0.42 * tufts + 0.55 * blades);
        float bare = 0.7 * smoothstep(0.66, 0.8, fractal(at * 0.8 + 50.0));
        s.albedo = mix(s.albedo, vec3(0.15, 0.115, 0.08), bare);
        s.height = 0.03 * value_noise(at * 9.0) * resolved(6.0, fine_footprint);
    }
    if (fallen_leaves > 0.0) {
        float leaf = step(0.74, hash(ivec2(floor(at * 9.0)))) * resolved(4.0, fine_footprint);
        s.albedo = mix(s.albedo, vec3(0.36, 0.19, 0.035), leaf * 0.8 * fallen_leaves);
    }
}
