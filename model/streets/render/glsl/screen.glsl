// One triangle over the whole target, just in front of the far plane.
#version 430
in vec2 in_corner;
out vec2 screen;

void main() {
    screen = in_corner * 0.5 + 0.5;
    gl_Position = vec4(in_corner, 0.999999, 1.0);
}
