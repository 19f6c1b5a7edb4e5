// Clothes; tag.x > 6.5 means a striped awning.
void describe(inout Surface s) {
    s.albedo *= 0.8 + 0.4 * value_noise(position.xz * 9.0 + tag.x * 50.0);
    s.height = 0.015 * value_noise(vec2(position.x + position.y, position.z) * 11.0);
    s.roughness = 0.95;
    if (tag.x > 6.5) {
        s.albedo = mix(color, vec3(0.7), step(0.5, fract(uv.x * 2.0)) * 0.7);
        s.translucency = 0.3;
        s.height = 0.0;
    }
}
