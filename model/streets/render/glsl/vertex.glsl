// Places a vertex; `mirror` is -1 in the pass that draws the reflection in a wet road.
#version 430
uniform mat4 view_projection;
uniform float mirror;
in vec3 in_position;
in vec3 in_normal;
in vec3 in_local;
in vec3 in_color;
in vec4 in_tag;
out vec3 position;
out vec3 normal;
out vec3 local;
out vec3 color;
flat out vec4 tag;
invariant gl_Position;

void main() {
    vec3 placed = in_position;
    placed.z *= mirror;
    position = in_position;
    normal = in_normal;
    local = in_local;
    color = in_color;
    tag = in_tag;
    gl_Position = view_projection * vec4(placed, 1.0);
}
