// Leaf cards, cut out by the leaf texture. local = (u, v, random per card).
uniform sampler2D leaf_texture;
void describe(inout Surface s) {
    vec4 texel = texture(leaf_texture, local.xy);
    s.alpha = texel.a;
    float shade = texel.r / max(texel.a, 0.05);
    s.albedo = color * (0.45 + 0.85 * shade) * (0.62 + 0.72 * local.z);
    s.albedo *= 0.8 + 0.4 * value_noise(position.xz * 0.9 + position.yy * 0.7);
    s.albedo = mix(s.albedo, s.albedo * vec3(1.25, 1.12, 0.7), step(0.75, local.z) * 0.5);
    s.translucency = 0.55;
    s.roughness = 0.65;
    s.reflectance = 0.03;
}
