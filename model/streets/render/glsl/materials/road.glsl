// Carriageway. local = (offset to the right of the axis, metres along it, region): 0 main road with
// markings, 1 side street, 2 parking, 3 tram track bed, 4 ballast with sleepers, 7 painted symbol.
uniform float lane_width;
uniform vec2 road_edges;
uniform vec4 lane_lines[8];
uniform int lane_line_count;
uniform float dash_phase;
uniform vec4 crossings[6];
uniform int crossing_count;

float leaf_litter(vec2 at, float edge, out vec3 tint) {
    vec2 cell = floor(at * 7.0);
    float share = 0.97 - 0.25 * smoothstep(1.6, 0.0, edge);
    vec2 inside = fract(at * 7.0) - 0.5;
    float leaf = step(share, hash(ivec2(cell))) * step(dot(inside, inside), 0.12);
    tint = vec3(0.34, 0.19, 0.05) * (0.5 + hash(ivec2(cell) + 5));
    return leaf * resolved(3.0, fine_footprint) * fallen_leaves;
}

void cobblestone(inout Surface s, float large, float middle) {
    vec2 q = uv;
    q.y += 0.10 * abs(fract(q.x / 1.5) - 0.5);
    ivec2 cell = ivec2(0);
    vec2 stone = bricks(q.yx, vec2(0.18, 0.125), 0.012, footprint, cell);
    float seen = resolved(4.0, fine_footprint);
    vec3 granite = mix(vec3(0.150, 0.146, 0.142), vec3(0.185, 0.165, 0.14), hash_of(scene_seed + 0.7));
    s.albedo = granite * (0.75 + 0.5 * mix(0.5, hash(cell), seen)) * (0.8 + 0.4 * large);
    s.albedo = mix(s.albedo, s.albedo * vec3(1.15, 1.0, 0.86), hash(cell + 9) * seen);
    s.albedo *= mix(0.86, mix(0.35, 1.05, stone.x), seen) * (0.85 + 0.3 * middle);
    s.height = mix(0.0, 0.012 * smoothstep(0.0, 0.05, stone.y), seen);
    s.roughness = 0.62;
}

void concrete(inout Surface s, float large, float middle, float fine, float track) {
    vec2 slab = vec2(uv.x / lane_width, uv.y / 5.0);
    vec2 joint = vec2(abs(fract(slab.x + 0.0001) - 0.5) * lane_width, abs(fract(slab.y) - 0.5) * 5.0);
    s.albedo = vec3(0.385, 0.372, 0.338) * (0.78 + 0.34 * large) * (0.9 + 0.2 * middle) + fine * 0.05;
    s.albedo *= 0.88 + 0.24 * hash(ivec2(floor(slab)));
    vec3 tar = vec3(0.10, 0.095, 0.09);
    s.albedo = mix(s.albedo, tar, 0.8 * stripe(2.5 - joint.y, 0.035, footprint));
    s.albedo = mix(s.albedo, tar, 0.6 * stripe(lane_width * 0.5 - joint.x, 0.025, footprint));
    s.albedo *= 1.0 - 0.20 * track;
    float crack = abs(fractal(position.xy * 0.55 + 31.0) - 0.5);
    float cracked = step(0.45, fractal2(position.xy * 0.17 + 5.0));
    s.albedo *= 1.0 - 0.55 * smoothstep(0.010, 0.0, crack) * cracked;
    s.albedo *= 1.0 - 0.35 * smoothstep(0.58, 0.8, fractal(position.xy * 0.9 + 80.0));
    s.height = 0.003 * middle;
    s.roughness = 0.85;
}

void ballast(inout Surface s) {
    vec2 at = position.xy;
    float stone = hash(ivec2(floor(at * 19.0)));
    float seen = resolved(9.0, fine_footprint);
    s.albedo = vec3(0.155, 0.138, 0.120) * (0.85 + 0.3 * fractal2(at * 0.8));
    s.albedo *= mix(1.0, 0.5 + stone, seen);
    float sleeper = stripe(fract(uv.y / 0.65) * 0.65 - 0.325, 0.24, footprint2.y);
    s.albedo = mix(s.albedo, vec3(0.22, 0.21, 0.195) * (0.85 + 0.3 * value_noise(at * 6.0)), sleeper);
    s.height = 0.02 * stone * seen * (1.0 - sleeper);
    s.roughness = 0.95;
    s.mirror = 0.0;
}

void patches(inout Surface s) {
    vec2 field = vec2(uv.x / 2.3 + scene_seed, uv.y / 9.0);
    float chance = hash(ivec2(floor(field)));
    if (chance > 0.84) {
        vec2 f = fract(field);
        float edge = min(min(f.x, 1.0 - f.x) * 2.3, min(f.y, 1.0 - f.y) * 9.0) - 0.25;
        edge += 0.1 * value_noise(position.xy * 3.0);
        float tone = chance > 0.95 ? 1.22 : 0.72;
        s.albedo *= mix(1.0, tone, smoothstep(-footprint, footprint, edge));
        s.albedo *= 1.0 - 0.35 * stripe(edge, 0.05, footprint);
    }
    vec2 cell = vec2(7.3, 23.0);
    float away = length((fract(uv / cell + scene_seed * 0.7) - 0.5) * cell);
    if (away < 0.36 && local.z < 0.5) {
        s.albedo = vec3(0.07, 0.068, 0.065) * (0.8 + 0.4 * step(0.5, fract(away * 14.0)));
        s.albedo *= 1.0 - 0.6 * stripe(away - 0.32, 0.03, footprint);
        s.metal = 0.4;
        s.roughness = 0.5;
    }
}

void asphalt(inout Surface s, float large, float middle, float fine, float track, float wet) {
    vec3 tone = mix(vec3(0.092, 0.094, 0.099), vec3(0.148, 0.145, 0.140), hash_of(scene_seed));
    s.albedo = tone * (0.80 + 0.32 * large) * (0.92 + 0.16 * middle) + fine * 0.05;
    s.albedo *= 0.95 + 0.10 * track * (1.0 - wet);
    s.roughness = 0.78;
    s.height = 0.0018 * fine + 0.002 * middle;
    patches(s);
    float crack = abs(fractal(position.xy * 0.35 + 11.0) - 0.5);
    float cracked = step(0.5, fractal2(position.xy * 0.11 + 5.0));
    s.albedo *= 1.0 - 0.5 * smoothstep(0.007, 0.0, crack) * cracked;
    float seam = stripe(abs(uv.x + 0.03 * (value_noise(uv * vec2(1.0, 0.4)) - 0.5)) - 0.05, 0.04, footprint);
    s.albedo *= 1.0 - 0.45 * seam * step(0.5, hash_of(scene_seed + 0.11)) * step(local.z, 0.5);
    s.albedo *= 1.0 - 0.30 * smoothstep(0.60, 0.85, fractal(position.xy * 0.7 + 40.0));
    if (wet > 0.5) {
        float hollow = fractal(position.xy * 0.28 + scene_seed * 90.0) + 0.15 * track;
        float puddle = smoothstep(0.55, 0.68, hollow);
        s.albedo *= mix(0.52, 0.40, puddle);
        s.roughness = mix(0.44, 0.10, puddle);
        s.mirror = mix(0.42, 0.85, puddle);
        s.height *= mix(0.5, 0.05, puddle);
    }
}

float markings() {
    float ink = 0.0;
    for (int i = 0; i < lane_line_count; i++) {
        float kind = lane_lines[i].y;
        float painted = 1.0;
        if (kind < 1.2) painted = step(fract(uv.y / 9.0 + dash_phase), 0.42);
        else if (kind < 1.6) painted = step(fract(uv.y / 2.0), 0.5);
        for (int k = 0; k < crossing_count; k++) {
            if (uv.y > crossings[k].x - 1.6 && uv.y < crossings[k].y + 1.0) painted = 0.0;
        }
        float line_offset = abs(uv.x - lane_lines[i].x);
        if (kind > 2.5) line_offset = abs(line_offset - 0.12);
        ink = max(ink, stripe(line_offset, lane_lines[i].z, footprint2.x) * painted);
    }
    for (int k = 0; k < crossing_count; k++) {
        vec4 c = crossings[k];
        float across = step(road_edges.x + 0.2, uv.x) * step(uv.x, road_edges.y - 0.2);
        float along = stripe(uv.y - (c.x + c.y) * 0.5, c.y - c.x, footprint2.y) * across;
        float bar = abs(fract(uv.x) - 0.5) - 0.25;
        float zebra = along * clamp(0.5 - bar / max(footprint2.x, 1e-3), 0.0, 1.0);
        float rail = min(abs(uv.y - c.x), abs(uv.y - c.y));
        float dots = stripe(rail, 0.14, footprint2.y) * across * step(fract(uv.x * 0.9), 0.6);
        ink = max(ink, c.w > 0.5 ? zebra : dots);
        float stop = stripe(uv.y - c.z, 0.4, footprint2.y);
        ink = max(ink, stop * step(0.0, uv.x) * step(uv.x, road_edges.y - 0.1));
    }
    return ink;
}

void describe(inout Surface s) {
    int region = int(local.z + 0.5);
    vec2 at = position.xy;
    float large = fractal(at * 0.22 + scene_seed * 50.0);
    float middle = fractal2(at * 1.7);
    float fine = (value_noise(at * 46.0) - 0.5) * 1.5 * resolved(24.0, fine_footprint);
    fine += (value_noise(at * 101.0 + 5.0) - 0.5) * 1.2 * resolved(50.0, fine_footprint);
    fine += (value_noise(at * 18.0) - 0.5) * resolved(12.0, fine_footprint);
    fine += (value_noise(vec2(uv.x * 5.0, uv.y * 0.7)) - 0.5) * 0.5;
    float edge = region == 0 ? min(road_edges.y - uv.x, uv.x - road_edges.x) : 3.0;
    float across = region == 0 ? fract(uv.x / lane_width) : 0.5;
    float off_track = (abs(across - 0.5) * lane_width - 0.78) / 0.28;
    float track = exp(-off_track * off_track);
    float wear = 0.55 + 0.45 * smoothstep(0.28, 0.55, fractal(at * 2.6 + 3.0));
    float ink = 0.0;
    if (region == 0) ink = markings();
    if (region == 2) ink = stripe(fract(uv.y / 5.6) * 5.6 - 2.8, 0.1, footprint2.y);
    if (region == 7) ink = 1.0;
    if (road_mode == 1) cobblestone(s, large, middle);
    else if (road_mode == 2) concrete(s, large, middle, fine, track);
    else asphalt(s, large, middle, fine, track, road_mode == 3 ? 1.0 : 0.0);
    if (region == 3) s.albedo *= 0.9;
    if (region == 4) ballast(s);
    if (region == 0) {
        s.albedo *= mix(0.72, 1.0, smoothstep(0.0, 1.1, edge + 0.3 * (middle - 0.5)));
        float off_middle = (across - 0.5) * lane_width / 0.35;
        float oil = exp(-off_middle * off_middle);
        s.albedo *= 1.0 - 0.16 * oil * smoothstep(0.3, 0.7, fractal2(vec2(uv.x * 0.9, uv.y * 0.12)));
    }
    if (fallen_leaves > 0.0 && road_mode != 3) {
        vec3 tint = vec3(0.0);
        float leaf = leaf_litter(at, edge, tint);
        s.albedo = mix(s.albedo, tint, leaf);
    }
    float strength = road_mode == 1 ? 0.5 : road_mode == 2 ? 0.8 : 0.9;
    s.albedo = mix(s.albedo, vec3(0.68, 0.67, 0.63) * (0.85 + 0.3 * middle), ink * wear * strength);
}
