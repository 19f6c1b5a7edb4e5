// Polished steel rail.
void describe(inout Surface s) {
    s.roughness = 0.25;
    s.metal = 0.35;
    s.reflectance = 0.12;
    s.albedo = vec3(0.25, 0.24, 0.23);
}
