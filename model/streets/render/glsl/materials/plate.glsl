// Licence plate: white, with a blue strip and made-up black glyphs.
void describe(inout Surface s) {
    s.roughness = 0.4;
    s.albedo = vec3(0.74, 0.74, 0.71);
    float edge = min(min(uv.x, 1.0 - uv.x) * 4.6, min(uv.y, 1.0 - uv.y));
    vec2 glyph = vec2((uv.x - 0.14) * 9.5, uv.y);
    float code = hash(ivec2(int(floor(glyph.x)), int(tag.x * 997.0)));
    vec2 dot_at = floor(vec2(fract(glyph.x) * 4.0, (uv.y - 0.2) * 8.0));
    float ink = step(0.42, hash(ivec2(dot_at) + ivec2(int(code * 999.0), 3)));
    ink *= step(0.16, uv.x) * step(uv.x, 0.93) * step(0.2, uv.y) * step(uv.y, 0.8);
    ink *= step(fract(glyph.x), 0.75) * step(0.18, code);
    s.albedo = mix(s.albedo, vec3(0.02), ink * resolved(9.0, footprint));
    s.albedo = mix(s.albedo, vec3(0.02, 0.06, 0.30), step(uv.x, 0.08));
    s.albedo *= 1.0 - 0.7 * step(edge, 0.05);
}
