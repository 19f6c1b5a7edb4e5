// The camera: bloom, vignette, exposure, film curve (Narkowicz's ACES fit), gamma and grain.
#version 430
#include "noise.glsl"
uniform sampler2D radiance;
uniform sampler2D bloom;
uniform vec2 resolution;
uniform float exposure;
uniform float bloom_strength;
uniform vec3 white_balance;
uniform float saturation;
uniform float grain;
uniform int grain_seed;
in vec2 screen;
out vec4 out_color;

vec3 radiance_at(ivec2 pixel) {
    ivec2 inside = clamp(pixel, ivec2(0), ivec2(resolution) - 1);
    return clamp(texelFetch(radiance, inside, 0).rgb, 0.0, 20.0);
}

float gaussian(ivec2 pixel, int channel) {
    float total = 0.0;
    for (int i = 0; i < 4; i++) total += hash(pixel * 4 + ivec2(i + channel * 7919, grain_seed));
    return (total - 2.0) * 1.732;
}

void main() {
    ivec2 pixel = ivec2(gl_FragCoord.xy);
    vec3 c = radiance_at(pixel) * exposure;
    c += textureLod(bloom, screen, 0.0).rgb * bloom_strength;
    vec2 off = screen - 0.5;
    c *= 1.0 - 0.45 * (off.x * off.x + off.y * off.y * 0.4);
    c *= white_balance;
    c = (c * (2.51 * c + 0.03)) / (c * (2.43 * c + 0.59) + 0.14);
    c = pow(clamp(c, 0.0, 1.0), vec3(1.0 / 2.2));
    float grey = dot(c, vec3(0.333333));
    c = mix(vec3(grey), c, saturation) * 0.97 + 0.012;
    vec3 speckle = vec3(gaussian(pixel, 1), gaussian(pixel, 2), gaussian(pixel, 3)) * 0.5;
    c += grain * (gaussian(pixel, 0) + speckle);
    out_color = vec4(clamp(c, 0.0, 1.0), 1.0);
}
