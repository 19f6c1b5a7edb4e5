// Removes the 4 x 4 jitter pattern of the occlusion pass without crossing edges in depth.
#version 430
uniform sampler2D light_texture;
uniform sampler2D positions;
uniform vec2 resolution;
in vec2 screen;
out vec4 out_light;

void main() {
    ivec2 pixel = ivec2(gl_FragCoord.xy);
    float depth = texelFetch(positions, pixel, 0).w;
    vec4 total = vec4(0.0);
    float weights = 0.0;
    for (int y = -1; y <= 2; y++) {
        for (int x = -1; x <= 2; x++) {
            ivec2 other = clamp(pixel + ivec2(x, y), ivec2(0), ivec2(resolution) - 1);
            float apart = abs(texelFetch(positions, other, 0).w - depth);
            float weight = exp(-apart * 4.0 / (1.0 + 0.02 * abs(depth)));
            total += weight * texelFetch(light_texture, other, 0);
            weights += weight;
        }
    }
    out_light = total / max(weights, 1e-4);
}
