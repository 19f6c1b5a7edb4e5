// Painted or galvanised metal.
void describe(inout Surface s) {
    s.roughness = 0.45;
    s.metal = 0.35;
    s.reflectance = 0.12;
    s.albedo *= 0.8 + 0.4 * value_noise(position.xz * 4.0);
}
