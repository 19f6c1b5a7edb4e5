// Exposed concrete cast in panels.
#include "weathering.glsl"
void describe(inout Surface s) {
    weather(s);
    vec2 panel = vec2(3.2, 1.6);
    vec2 q = abs(fract(uv / panel) - 0.5) * panel;
    float joint = max(stripe(1.6 - q.x, 0.03, footprint), stripe(0.8 - q.y, 0.03, footprint));
    s.albedo *= 1.0 - 0.4 * joint;
    s.albedo *= 0.9 + 0.2 * value_noise(floor(uv / panel) + tag.x * 7.0);
}
