// Instance id, position and normal per pixel. Leaf cards count as discs, because annotators outline
// crowns, not leaves.
#version 430
uniform vec3 eye;
uniform vec3 forward;
in vec3 position;
in vec3 normal;
in vec3 local;
flat in vec4 tag;
layout(location = 0) out float out_instance;
layout(location = 1) out vec4 out_position;
layout(location = 2) out vec4 out_normal;

void main() {
#ifdef LEAF
    vec2 disc = local.xy * 2.0 - 1.0;
    if (dot(disc, disc) > 0.72) discard;
#endif
    vec3 facing = normalize(normal);
    if (dot(facing, eye - position) < 0.0) facing = -facing;
    out_instance = tag.w;
    out_position = vec4(position, dot(position - eye, forward));
    out_normal = vec4(facing, 1.0);
}
