// Glass facade: tinted panes and spandrels in a metal grid.
void describe(inout Surface s) {
    vec2 size = vec2(1.45, 1.65);
    vec2 cell = floor(uv / size);
    vec2 q = abs(fract(uv / size) - 0.5) * size;
    float grid = max(stripe(size.x * 0.5 - q.x, 0.07, footprint), stripe(size.y * 0.5 - q.y, 0.06, footprint));
    float random = hash(ivec2(cell) + int(tag.x * 99.0));
    float spandrel = step(0.5, fract(cell.y * 0.5)) * 0.5;
    s.albedo = mix(color, vec3(0.03, 0.04, 0.045), 0.4) * (0.7 + 0.6 * random);
    if (random > 0.8) s.albedo += vec3(0.10, 0.10, 0.09);
    s.reflectance = mix(0.30, 0.16, spandrel);
    s.roughness = 0.03;
    vec3 tilt = vec3(hash(ivec2(cell) + 7), hash(ivec2(cell) + 11), hash(ivec2(cell) + 17)) - 0.5;
    s.normal = normalize(s.normal + 0.016 * tilt);
    if (dusk > 0.5 && random > 0.55) s.emission = vec3(1.0, 0.75, 0.45) * 0.4 * random;
    if (grid > 0.5) {
        s.albedo = vec3(0.12, 0.125, 0.13);
        s.roughness = 0.5;
        s.reflectance = 0.04;
        s.emission = vec3(0.0);
    }
}
