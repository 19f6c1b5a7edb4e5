// Lamps: tag.x = 0 head lamp, 1 tail lamp, 2 display. local.xy spans the glass when local.z is 1.
void describe(inout Surface s) {
    s.roughness = 0.08;
    s.reflectance = 0.08;
    bool spans = local.z > 0.5 && local.z < 1.01 && local.y <= 1.0 && local.x <= 1.0 && local.x >= 0.0;
    if (spans && tag.x < 1.5) {
        float border = min(min(uv.y, 1.0 - uv.y) * 0.14, min(uv.x, 1.0 - uv.x) * 0.4);
        float rim = smoothstep(0.012, 0.004, border);
        if (tag.x < 0.5) {
            float away = length(vec2((uv.x - 0.35) * 2.6, uv.y - 0.5));
            s.albedo = mix(vec3(0.10, 0.105, 0.11), vec3(0.75), smoothstep(0.42, 0.36, away));
            s.albedo = mix(s.albedo, vec3(0.03), rim);
        } else {
            s.albedo = color * (0.6 + 0.5 * step(0.5, fract(uv.y * 5.0)));
            float reverse = step(abs(uv.y - 0.35), 0.12) * step(uv.x, 0.5);
            s.albedo = mix(s.albedo, vec3(0.30, 0.28, 0.27), reverse);
            s.albedo = mix(s.albedo, color * 0.3, rim);
        }
    }
    if (tag.x > 1.5) s.emission = color * 0.35;
    else if (tag.x > 0.5) s.emission = color * (0.05 + dusk * 0.8);
    else {
        s.emission = vec3(1.0, 0.93, 0.8) * (dusk * 1.2 * (0.3 + s.albedo));
        s.reflectance = 0.15;
    }
}
