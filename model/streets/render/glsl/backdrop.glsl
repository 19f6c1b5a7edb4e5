// The sky behind everything.
#version 430
#include "noise.glsl"
#include "sky.glsl"
uniform mat4 unproject;
uniform vec3 eye;
in vec2 screen;
out vec4 out_color;

void main() {
    vec4 beyond = unproject * vec4(screen * 2.0 - 1.0, 1.0, 1.0);
    out_color = vec4(sky_color(normalize(beyond.xyz / beyond.w - eye), true), 1.0);
}
