// Plastered wall.
#include "weathering.glsl"
void describe(inout Surface s) { weather(s); }
