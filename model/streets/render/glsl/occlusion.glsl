// Light that does not come straight from the sun, per pixel: alpha is the visible share of the sky
// (horizons in a height map seen from above, times screen-space occlusion), rgb the light that
// surrounding walls and the street throw back (one bounce; occluders in sunlight are found in the
// shadow map).
#version 430
#define PI 3.14159265
uniform sampler2D positions;
uniform sampler2D normals;
uniform sampler2D height_map;
uniform sampler2DShadow shadow_map;
uniform mat4 height_projection;
uniform mat4 shadow_projection;
uniform vec2 resolution;
uniform float focal_length;
uniform vec3 sun_direction;
uniform vec3 sun_color;
uniform vec3 ambient_color;
uniform vec3 wall_albedo;
uniform vec3 street_albedo;
uniform float height_top;
uniform float height_range;
in vec2 screen;
out vec4 out_light;

float surface_height(vec2 at) {
    vec3 s = (height_projection * vec4(at, 0.0, 1.0)).xyz * 0.5 + 0.5;
    if (any(lessThan(s.xy, vec2(0.0))) || any(greaterThan(s.xy, vec2(1.0)))) return -5.0;
    return height_top - textureLod(height_map, s.xy, 0.0).r * height_range;
}

float sunlit(vec3 at) {
    vec3 s = (shadow_projection * vec4(at, 1.0)).xyz * 0.5 + 0.5;
    if (any(lessThan(s.xy, vec2(0.002))) || any(greaterThan(s.xy, vec2(0.998)))) return 0.5;
    return textureLod(shadow_map, vec3(s.xy, s.z - 0.002), 0.0);
}

float screen_occlusion(ivec2 pixel, vec3 at, vec3 facing, float depth, float jitter) {
    float radius = 0.55;
    float reach = clamp(radius * focal_length / depth, 3.0, 70.0);
    float total = 0.0;
    for (int i = 0; i < 10; i++) {
        float angle = float(i) * 2.399963 + jitter * 6.283;
        float away = reach * sqrt((float(i) + 0.5) / 10.0);
        ivec2 other = pixel + ivec2(vec2(cos(angle), sin(angle)) * away);
        other = clamp(other, ivec2(0), ivec2(resolution) - 1);
        vec4 found = texelFetch(positions, other, 0);
        if (found.w > 0.0) {
            vec3 toward = found.xyz - at;
            float distance_to = length(toward) + 1e-4;
            float rise = max(dot(toward / distance_to, facing) - 0.08, 0.0);
            total += rise * smoothstep(radius * 2.2, radius * 0.3, distance_to);
        }
    }
    return clamp(1.0 - total * 0.23, 0.0, 1.0);
}

void main() {
    ivec2 pixel = ivec2(gl_FragCoord.xy);
    vec4 found = texelFetch(positions, pixel, 0);
    out_light = vec4(0.0, 0.0, 0.0, 1.0);
    if (found.w > 0.0) {
        vec3 facing = texelFetch(normals, pixel, 0).xyz;
        int tile = (pixel.x & 3) * 4 + (pixel.y & 3);
        float jitter = float((tile * 7) & 15) / 16.0;
        vec3 start = found.xyz + facing * 0.06;
        if (abs(facing.z) < 0.5) start += vec3(normalize(facing.xy + 1e-5) * 0.62, 0.0);
        float radii[5] = float[5](0.18, 0.55, 1.6, 5.5, 15.0);
        float open_sky = 0.0;
        float weights = 0.0;
        vec3 bounce = vec3(0.0);
        for (int i = 0; i < 8; i++) {
            float angle = (float(i) + jitter) * PI / 4.0;
            vec2 heading = vec2(cos(angle), sin(angle));
            float weight = max(0.0, dot(normalize(vec3(heading * 0.75, 0.66)), facing)) + 0.02;
            float horizon = 0.0;
            vec3 blocker = start;
            for (int k = 0; k < 5; k++) {
                float r = radii[k] * (0.75 + 0.5 * fract(jitter * 5.0 + float(i) * 0.37));
                float rise = surface_height(start.xy + heading * r) - start.z;
                float slope = rise > 0.0 ? rise / sqrt(rise * rise + r * r) : 0.0;
                if (slope > horizon) {
                    horizon = slope;
                    blocker = start + vec3(heading * (r - 0.7), min(rise * 0.45, 5.0));
                }
            }
            float facing_sun = max(dot(-heading, sun_direction.xy), 0.0);
            float reached = facing_sun > 0.05 && horizon > 0.1 ? sunlit(blocker) : 0.0;
            vec3 thrown = wall_albedo * (sun_color * facing_sun * reached + ambient_color * 0.42);
            bounce += weight * horizon * horizon * thrown;
            open_sky += weight * (1.0 - horizon * horizon);
            weights += weight;
        }
        float down = 0.5 - 0.5 * facing.z;
        vec3 ground_at = vec3(start.xy + facing.xy * 1.2, 0.15);
        float ground_lit = sunlit(ground_at) * max(sun_direction.z, 0.0);
        vec3 street = street_albedo * (sun_color * ground_lit + ambient_color * 0.5);
        bounce = bounce / max(weights, 1e-3) * (1.0 - 0.6 * down) + street * down;
        float close_by = screen_occlusion(pixel, found.xyz, facing, found.w, jitter);
        float sky_share = mix(0.22, 1.0, pow(open_sky / max(weights, 1e-3), 0.85));
        out_light = vec4(bounce * close_by, sky_share * close_by);
    }
}
