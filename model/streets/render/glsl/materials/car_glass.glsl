// Dark glass with a hint of seats behind it. tag.x = vehicle height.
void describe(inout Surface s) {
    float seat = smoothstep(0.17, 0.13, length(vec2(abs(local.y) - 0.38, (local.z - tag.x * 0.72) * 1.1)));
    seat = max(seat, step(abs(abs(local.y) - 0.38), 0.22) * step(local.z, tag.x * 0.66));
    s.albedo = mix(vec3(0.026, 0.029, 0.031), vec3(0.010), seat * 0.55 * step(tag.x, 1.9));
    s.albedo *= 0.5 + 0.9 * smoothstep(tag.x * 0.9, tag.x * 0.7, local.z);
    s.reflectance = 0.09;
    s.roughness = 0.03;
}
