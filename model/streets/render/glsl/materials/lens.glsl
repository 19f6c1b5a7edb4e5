// Traffic light lens; tag.x > 0.5 means lit.
void describe(inout Surface s) {
    s.albedo = color * 0.06;
    s.emission = tag.x > 0.5 ? color * 3.2 : vec3(0.0);
    s.roughness = 0.2;
}
