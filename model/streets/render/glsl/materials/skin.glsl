// Skin.
void describe(inout Surface s) { s.roughness = 0.6; }
