// Lettering above shops: blocks that read as text from afar.
void describe(inout Surface s) {
    float along = position.x * 3.0 + position.y * 3.0;
    float letter = step(0.5, value_noise(vec2(along, floor(position.z * 5.0))));
    float line_of_text = step(abs(fract(position.z * 1.7) - 0.5), 0.25);
    s.albedo = mix(color, vec3(0.7), letter * 0.7 * line_of_text);
    s.emission = s.albedo * 0.5 * dusk;
    s.roughness = 0.6;
}
