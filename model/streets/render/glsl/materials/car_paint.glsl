// Car body. local = body coordinates (x forward); tag.x = height, 9 for flat panels of large vehicles.
void describe(inout Surface s) {
    s.reflectance = 0.05;
    s.roughness = 0.08;
    float dirt = smoothstep(0.62, 0.25, local.z) * (0.5 + value_noise(local.xz * 6.0));
    s.albedo = mix(s.albedo, vec3(0.16, 0.145, 0.125), 0.35 * dirt);
    if (tag.x < 8.0) {
        float seams = max(stripe(local.x - 0.55, 0.012, footprint), stripe(local.x + 0.42, 0.012, footprint));
        seams = max(seams, stripe(local.x + 1.25, 0.012, footprint));
        float side = step(0.28, local.z) * step(abs(s.normal.z), 0.75) * step(0.5, abs(local.y));
        s.albedo *= 1.0 - 0.65 * seams * side;
        float face = step(2.12, abs(local.x)) * step(0.36, local.z);
        float shut = stripe(local.z - 0.56, 0.014, footprint);
        shut = max(shut, stripe(abs(local.y) - 0.57, 0.012, footprint) * step(0.56, local.z) * step(local.x, 0.0));
        s.albedo *= 1.0 - 0.6 * shut * face;
        float crease = stripe(local.z - 0.74, 0.05, footprint) * side * (1.0 - face);
        s.albedo *= 1.0 - 0.14 * crease;
        float handles = step(abs(local.x + 0.28), 0.09) + step(abs(local.x + 1.12), 0.09);
        handles *= step(abs(local.z - 0.80), 0.018) * step(0.6, abs(local.y));
        s.albedo = mix(s.albedo, vec3(0.35), clamp(handles, 0.0, 1.0) * 0.6);
        if (local.z < 0.32) {
            s.albedo = mix(s.albedo, vec3(0.015), 0.88);
            s.roughness = 0.6;
        }
    } else {
        s.albedo *= 0.93 + 0.14 * step(0.5, fract(local.x * 0.6));
        s.roughness = 0.22;
    }
}
