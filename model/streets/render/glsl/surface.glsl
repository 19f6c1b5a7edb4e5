// What a material file fills in (`void describe(inout Surface s)`), and helpers to draw patterns.
#define PI 3.14159265
in vec3 position;
in vec3 normal;
in vec3 local;
in vec3 color;
flat in vec4 tag;
uniform vec3 eye;
uniform int road_mode;
uniform int sidewalk_mode;
uniform int terrain_mode;
uniform float fallen_leaves;

struct Surface {
    vec3 albedo;
    vec3 emission;
    vec3 normal;
    float roughness;
    float reflectance;
    float metal;
    float height;
    float translucency;
    float occlusion;
    float mirror;
    float alpha;
};

// Set at the start of main(), outside every branch, where derivatives are defined.
vec2 uv;
vec2 footprint2;
float footprint;
float fine_footprint;
vec3 to_eye;
float eye_distance;

// 1 while a pattern of this frequency is resolved, 0 when it would alias.
float resolved(float frequency, float width) { return clamp(1.0 - width * frequency * 1.1, 0.0, 1.0); }

// Antialiased stripe: `offset` from its middle line, its width, and metres per pixel.
float stripe(float offset, float width, float pixel) {
    return clamp((width * 0.5 - abs(offset)) / max(pixel, 1e-4) + 0.5, 0.0, 1.0);
}

// Running bond: (1 on a brick and 0 in the joint, metres to the joint); `cell` names the brick.
vec2 bricks(vec2 p, vec2 size, float joint, float pixel, out ivec2 cell) {
    vec2 q = p / size;
    q.x += 0.5 * mod(floor(q.y), 2.0);
    cell = ivec2(floor(q));
    vec2 inside = (fract(q) - 0.5) * size;
    vec2 margin = size * 0.5 - abs(inside);
    float nearest = min(margin.x, margin.y);
    return vec2(clamp((nearest - joint) / max(pixel, joint * 0.7) + 0.5, 0.0, 1.0), nearest);
}
