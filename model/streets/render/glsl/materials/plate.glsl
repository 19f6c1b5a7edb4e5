// Licence plate: white, with a blue strip and made-up registration. tag.x = random.
#include "lettering.glsl"
void describe(inout Surface s) {
    s.roughness = 0.4;
    s.albedo = vec3(0.74, 0.74, 0.71);
    float edge = min(min(uv.x, 1.0 - uv.x) * 4.6, min(uv.y, 1.0 - uv.y));
    vec2 q = vec2((uv.x - 0.115) / 0.105, (uv.y - 0.16) / 0.70);
    float ink = registration(q, int(tag.x * 9973.0), 8.0, footprint2.x / 0.105);
    s.albedo = mix(s.albedo, vec3(0.02), ink);
    s.albedo = mix(s.albedo, vec3(0.02, 0.06, 0.30), step(uv.x, 0.085));
    s.albedo *= 1.0 - 0.7 * step(edge, 0.05);
}
