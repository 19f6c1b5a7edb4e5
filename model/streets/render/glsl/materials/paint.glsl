// Plain paint: colour from the mesh, roughness in the tag when it is positive.
void describe(inout Surface s) {
    s.roughness = tag.x > 0.0 ? clamp(tag.x, 0.05, 1.0) : 0.6;
    s.albedo *= 0.9 + 0.2 * value_noise(position.xy * 3.0 + position.z * 5.0);
}
