// The picture at a quarter of its size (mean of 4 x 4), for exposure and bloom.
#version 430
uniform sampler2D radiance;
uniform vec2 resolution;
in vec2 screen;
out vec4 out_color;

void main() {
    ivec2 corner = ivec2(gl_FragCoord.xy) * 4;
    vec3 total = vec3(0.0);
    for (int y = 0; y < 4; y++) {
        for (int x = 0; x < 4; x++) {
            ivec2 pixel = min(corner + ivec2(x, y), ivec2(resolution) - 1);
            total += clamp(texelFetch(radiance, pixel, 0).rgb, 0.0, 20.0);
        }
    }
    out_color = vec4(total / 16.0, 1.0);
}
