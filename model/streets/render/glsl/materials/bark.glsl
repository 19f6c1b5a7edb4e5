// Bark with vertical ridges.
void describe(inout Surface s) {
    vec2 around = vec2(atan(local.x, local.y + 1e-6) * 3.0, position.z * 2.0);
    s.albedo *= 0.6 + 0.8 * fractal2(around);
    s.height = 0.02 * value_noise(vec2((position.x + position.y) * 14.0, position.z * 4.0));
    s.roughness = 0.95;
}
