// Windows, shop fronts and doors. color = (width, height, kind), local = (u, v, random or plain if
// negative).
vec3 room(vec2 q, float dice, float random) {
    if (random < 0.0) return vec3(0.022, 0.024, 0.028);
    vec3 inside = vec3(0.030, 0.029, 0.028) * (0.5 + random);
    if (dice < 0.38) {
        float open = 0.20 + 0.12 * random;
        float folds = abs(q.x - 0.5) + 0.03 * sin(q.x * 60.0);
        vec3 cloth = vec3(0.36, 0.345, 0.32) * (0.75 + 0.25 * sin(q.x * 75.0));
        inside = mix(inside, cloth, smoothstep(open, open + 0.08, folds));
    } else if (dice < 0.55) {
        float down = step(1.0 - random * 0.9, q.y);
        inside = mix(inside, vec3(0.40, 0.39, 0.36) * (0.85 + 0.15 * step(0.5, fract(uv.y * 18.0))), down * 0.9);
    } else if (dice < 0.68) {
        inside = vec3(0.30, 0.29, 0.27) * (0.8 + 0.2 * sin(q.x * 50.0));
    } else if (random > 0.3) {
        float plant = step(q.y, 0.28) * step(0.4, value_noise(vec2(q.x * 5.0, random * 50.0)));
        inside = mix(inside, vec3(0.16, 0.11, 0.08), plant);
    }
    return inside;
}

float dwelling(inout Surface s, vec2 size, float random, float frame) {
    if (size.x > 1.05) frame = max(frame, stripe(uv.x - size.x * 0.5, 0.07, footprint));
    if (size.y > 1.55 && (tag.x > 0.2 || random < 0.0)) frame = max(frame, stripe(uv.y - size.y * 0.70, 0.06, footprint));
    float dice = hash(ivec2(int(random * 9999.0), 3));
    s.albedo = room(uv / size, dice, random);
    if (dusk > 0.5 && dice > 0.45 && random >= 0.0) {
        s.emission = vec3(1.0, 0.62, 0.28) * (0.25 + 0.55 * random) * (0.4 + s.albedo * 2.0);
    }
    return frame;
}

float shop(inout Surface s, vec2 size, float random, float frame) {
    vec2 q = vec2(uv.x / 1.1, uv.y / size.y);
    if (random < 0.0) {
        s.albedo = vec3(0.05, 0.045, 0.04);
        s.emission = vec3(0.55, 0.46, 0.34) * (0.04 + 0.16 * smoothstep(0.0, 1.0, q.y));
        return max(frame, stripe(uv.x - size.x * 0.5, 0.05, footprint));
    }
    int column = int(floor(q.x));
    int row = int(random * 999.0);
    float goods = step(q.y, 0.25 + 0.4 * hash(ivec2(column, int(random * 99.0)))) * step(0.12, fract(q.x));
    vec3 tint = mix(vec3(0.35, 0.25, 0.2), vec3(0.2, 0.28, 0.34), hash(ivec2(row, column + 7)));
    s.albedo = mix(vec3(0.03), tint * hash(ivec2(column, row)), goods);
    float shelf = step(0.86, fract(q.y * 5.0)) * step(0.5, hash(ivec2(column, row + 5)));
    s.albedo = mix(s.albedo, vec3(0.16, 0.13, 0.1), shelf * 0.5);
    s.albedo += vec3(0.10, 0.09, 0.07) * smoothstep(0.4, 1.0, q.y);
    float glow = (0.05 + dusk * 0.5) * smoothstep(0.0, 0.6, q.y + 0.3);
    s.emission = vec3(0.55, 0.46, 0.34) * glow * (0.4 + s.albedo * 3.0);
    return max(frame, stripe(fract(uv.x / 2.2) * 2.2 - 1.1, 0.05, footprint));
}

void describe(inout Surface s) {
    vec2 size = max(color.xy, vec2(0.05));
    float kind = color.z;
    float random = local.z;
    vec2 edge = min(uv, size - uv);
    float border = min(edge.x, edge.y);
    float frame = 1.0 - smoothstep(0.055, 0.055 + footprint, border);
    vec3 paint = vec3(0.07, 0.075, 0.08);
    if (tag.x < 0.5 || random < 0.0) paint = vec3(0.66, 0.66, 0.64);
    else if (tag.x < 0.75) paint = vec3(0.16, 0.09, 0.05);
    if (kind < 0.5) {
        frame = dwelling(s, size, random, frame);
    } else if (kind < 1.5) {
        frame = shop(s, size, random, frame);
        paint = vec3(0.08);
    } else {
        vec2 q = uv / size;
        int code = int(tag.x * 999.0);
        vec3 stain = vec3(hash(ivec2(code, 1)), hash(ivec2(code, 2)) * 0.8, hash(ivec2(code, 3)) * 0.7);
        float panel = step(0.1, min(q.x, 1.0 - q.x)) * step(0.08, abs(fract(q.y * 3.0) - 0.5));
        frame = q.y > 0.72 && panel > 0.5 ? 0.0 : 1.0;
        paint = (vec3(0.06) + 0.15 * stain) * (0.8 + 0.3 * panel);
        s.albedo = vec3(0.02);
    }
    if (frame > 0.5) {
        s.albedo = paint;
        s.roughness = 0.6;
        s.emission = vec3(0.0);
    } else {
        s.reflectance = random < 0.0 ? 0.02 : 0.10;
        s.roughness = random < 0.0 ? 0.6 : 0.03;
        vec3 wobble = vec3(value_noise(position.yz * 1.3 + random * 50.0),
                           value_noise(position.xz * 1.3 + 7.0),
                           value_noise(position.xy * 1.1 + random * 9.0)) - 0.5;
        s.normal = normalize(s.normal + 0.024 * wobble);
    }
    s.occlusion = mix(0.45, 1.0, smoothstep(0.0, 0.14, size.y - uv.y));
    s.occlusion *= mix(0.7, 1.0, smoothstep(0.0, 0.1, border));
}
