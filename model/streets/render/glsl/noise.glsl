// Hashes and value noise. The hash is PCG-RXS-M-XS (O'Neill 2014; Jarzynski and Olano 2020).
uint pcg(uint value) {
    uint state = value * 747796405u + 2891336453u;
    uint word = ((state >> ((state >> 28u) + 4u)) ^ state) * 277803737u;
    return (word >> 22u) ^ word;
}

float hash(ivec2 cell) {
    return float(pcg(uint(cell.x) + pcg(uint(cell.y))) & 0xffffffu) / 16777216.0;
}

float hash_of(float value) { return hash(ivec2(int(floor(value * 4096.0)), 17)); }

float value_noise(vec2 p) {
    vec2 corner = floor(p);
    ivec2 cell = ivec2(corner);
    vec2 f = p - corner;
    f = f * f * (3.0 - 2.0 * f);
    float bottom = mix(hash(cell), hash(cell + ivec2(1, 0)), f.x);
    float top = mix(hash(cell + ivec2(0, 1)), hash(cell + ivec2(1, 1)), f.x);
    return mix(bottom, top, f.y);
}

float fractal(vec2 p) {
    float amplitude = 0.5;
    float total = 0.0;
    for (int octave = 0; octave < 4; octave++) {
        total += amplitude * value_noise(p);
        p = mat2(1.6, 1.2, -1.2, 1.6) * p + 7.3;
        amplitude *= 0.5;
    }
    return total / 0.9375;
}

float fractal2(vec2 p) { return 0.65 * value_noise(p) + 0.35 * value_noise(p * 2.13 + 3.7); }
