// The sky with clouds, and the surroundings that surfaces reflect (a made-up skyline).
uniform vec3 sun_direction;
uniform vec3 sun_color;
uniform vec3 zenith_color;
uniform vec3 horizon_color;
uniform vec3 ambient_color;
uniform vec3 ground_color;
uniform vec3 cloud_dark;
uniform vec3 cloud_light;
uniform float cloud_cover;
uniform float sun_glow;
uniform float scene_seed;
uniform float cloud_shift;
uniform float dusk;
uniform float fog_distance;

vec3 sky_color(vec3 direction, bool with_clouds) {
    float height = max(direction.z, 0.0);
    vec3 result = mix(horizon_color, zenith_color, 1.0 - exp(-height * 3.6));
    float toward = clamp(dot(direction, sun_direction), 0.0, 1.0);
    float disc = 4.0 * pow(toward, 1500.0) * (1.0 - cloud_cover * 0.8);
    result += sun_color * sun_glow * (0.10 * pow(toward, 6.0) + 0.35 * pow(toward, 48.0) + disc);
    if (with_clouds && cloud_cover > 0.01) {
        vec2 p = direction.xy / (height + 0.13) * 0.9 + cloud_shift;
        vec2 warp = 0.35 * vec2(value_noise(p * 1.7), value_noise(p * 1.7 + 9.0));
        float here = fractal(p + warp);
        float sunward = fractal(p + sun_direction.xy * 0.35 + warp);
        float low = (1.0 - cloud_cover) * 0.75;
        float cover = smoothstep(low, low + 0.32, here) * smoothstep(-0.02, 0.16, height);
        float sunny = clamp(0.55 + (here - sunward) * 2.6 + 0.4 * (1.0 - here), 0.0, 1.0);
        vec3 cloud = mix(cloud_dark, cloud_light, sunny);
        cloud += sun_color * sun_glow * 0.06 * pow(toward, 8.0);
        result = mix(result, cloud, cover * 0.95);
    }
    return result;
}

vec3 surroundings(vec3 direction, vec3 at, float blur) {
    float azimuth = atan(direction.x, direction.y + 1e-6) * 3.2 + floor(at.y / 14.0) * 1.7;
    float elevation = direction.z / length(direction.xy + 1e-4);
    int house = int(floor(azimuth * 1.6));
    float roof = 0.25 + 0.38 * hash(ivec2(house, int(scene_seed * 100.0)));
    vec3 above = sky_color(direction, false);
    vec3 wall = mix(horizon_color, vec3(dot(horizon_color, vec3(0.333))), 0.5);
    wall *= 0.16 + 0.16 * hash(ivec2(house, 5));
    vec2 window = vec2(fract(azimuth * 9.6), fract(elevation * 16.0));
    float panes = 0.45 + 0.55 * step(0.35, window.x) + 0.2 * step(0.5, window.y);
    wall *= mix(1.0, panes, 0.5 * (1.0 - blur));
    float soft = 0.04 + blur * 0.2;
    vec3 result = mix(wall, above, smoothstep(roof - soft, roof + soft, elevation));
    vec3 below = ground_color * 0.55;
    return mix(below, result, smoothstep(-0.06 - blur * 0.2, 0.02 + blur * 0.2, direction.z));
}
