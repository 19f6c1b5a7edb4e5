// Depth only. With LEAF, the leaf texture cuts the cards out.
#version 430
#ifdef LEAF
in vec3 local;
uniform sampler2D leaf_texture;
#endif

void main() {
#ifdef LEAF
    if (texture(leaf_texture, local.xy).a < 0.35) discard;
#endif
}
