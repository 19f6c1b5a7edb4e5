// The fragment shader of one material; the file of that material is included below.
#version 430
#include "noise.glsl"
#include "sky.glsl"
#include "surface.glsl"
#include "MATERIAL"
#include "light.glsl"
layout(location = 0) out vec4 out_color;

void main() {
    uv = local.xy;
    footprint2 = fwidth(uv);
    footprint = max(max(footprint2.x, footprint2.y), 1e-5);
    fine_footprint = max(min(footprint2.x, footprint2.y), 1e-5);
    to_eye = eye - position;
    eye_distance = max(length(to_eye), 1e-4);
    to_eye /= eye_distance;
    if (mirror < 0.0 && position.z < 0.03) discard;

    Surface s;
    s.albedo = color;
    s.emission = vec3(0.0);
    s.normal = normalize(normal);
    s.normal *= dot(s.normal, to_eye) < 0.0 ? -1.0 : 1.0;
    s.roughness = 0.8;
    s.reflectance = 0.04;
    s.metal = 0.0;
    s.height = 0.0;
    s.translucency = 0.0;
    s.occlusion = 1.0;
    s.mirror = 0.0;
    s.alpha = 1.0;
    describe(s);
#ifdef BUMPY
    s.normal = bumped(s.normal, s.height);
#endif
#ifdef CUTOUT
    float sharp = clamp((s.alpha - 0.35) / max(fwidth(s.alpha), 0.08) + 0.5, 0.0, 1.0);
    bool gone = reflected_pass == 0 ? sharp < 0.05 : s.alpha < 0.35;
    if (gone) discard;
    out_color = vec4(shaded(s), reflected_pass == 0 ? sharp : 1.0);
#else
    out_color = vec4(shaded(s), 1.0);
#endif
}
