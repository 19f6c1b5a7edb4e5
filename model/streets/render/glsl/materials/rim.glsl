// Wheel with five spokes. color = (style, height of the hub, radius), tag.x = |x of the hub|.
void describe(inout Surface s) {
    vec2 q = vec2(local.x - (local.x > 0.0 ? 1.0 : -1.0) * abs(tag.x), local.z - color.y);
    float angle = atan(q.y, q.x + 1e-6);
    float away = length(q) / max(color.z, 0.01);
    float spoke = step(0.30 + 0.12 * away, abs(fract(angle / 1.2566 + color.x * 7.0) - 0.5) * 2.0);
    float solid = max(max(spoke, step(0.86, away)), step(away, 0.22)) * step(away, 1.0);
    s.albedo = mix(vec3(0.03), vec3(0.36, 0.365, 0.37), solid);
    s.roughness = 0.35;
    s.metal = 0.7;
    s.reflectance = 0.4;
}
