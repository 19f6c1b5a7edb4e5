// Rubber.
void describe(inout Surface s) {
    s.roughness = 0.95;
    s.albedo = vec3(0.022) * (0.8 + 0.4 * value_noise(position.xz * 30.0));
}
