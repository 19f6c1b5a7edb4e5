// Glass one looks through: a ray is followed through a simple cabin (seats, far windows).
// local = body coordinates; color = (heading as 0.5 + 0.5 * direction in x and y, half width);
// tag.x = height of the vehicle.
float seat_back(vec3 from, vec3 ray, float x, float height, float reach) {
    float t = (x - from.x) / ray.x;
    vec3 q = from + ray * t;
    float seat = max(abs(abs(q.y) - 0.36) - 0.23, q.z - height * 0.655);
    float rest = max(abs(abs(q.y) - 0.36) - 0.11, abs(q.z - height * 0.72) - 0.085);
    float edge = smoothstep(0.012, -0.012, min(seat, rest));
    return t > 0.02 && t < reach ? edge : 0.0;
}

void describe(inout Surface s) {
    float height = tag.x;
    vec2 ahead = color.xy * 2.0 - 1.0;
    vec3 ray = vec3(-dot(to_eye.xy, ahead), -dot(to_eye.xy, vec2(-ahead.y, ahead.x)), -to_eye.z);
    ray += vec3(lessThan(abs(ray), vec3(1e-3))) * 2e-3;
    vec3 half_size = height > 1.95 ? vec3(6.0, color.z - 0.08, 0.0) : vec3(1.65, color.z - 0.16, 0.0);
    vec3 middle = height > 1.95 ? vec3(local.x, 0.0, 0.0) : vec3(-0.35, 0.0, 0.0);
    vec3 from = vec3(local.xy, local.z);
    float tx = (middle.x + sign(ray.x) * half_size.x - from.x) / ray.x;
    float ty = (sign(ray.y) * half_size.y - from.y) / ray.y;
    float tz = ((ray.z > 0.0 ? height - 0.10 : height * 0.42) - from.z) / ray.z;
    float reach = max(min(min(max(tx, 0.0), max(ty, 0.0)), tz), 0.0);
    vec3 end = from + ray * reach;
    float belt = height > 1.95 ? 0.48 : 0.665;
    float open = smoothstep(height * belt, height * belt + 0.03, end.z);
    open *= smoothstep(height * 0.93, height * 0.90, end.z);
    float post = abs(fract((end.x + 0.25) / 1.05) - 0.5) * 1.05;
    if (ty < tx) open *= smoothstep(0.05, 0.08, post);
    vec3 inside = vec3(0.020, 0.021, 0.022);
    inside = mix(inside, vec3(0.035, 0.033, 0.031), smoothstep(height * 0.60, height * 0.66, end.z));
    vec3 world = vec3(-to_eye.xy, -to_eye.z);
    vec3 beyond = surroundings(normalize(world + vec3(0.0, 0.0, 0.02)), position + 9.0, 0.4) * 0.42;
    float seat = 0.0;
    if (height < 1.95) {
        seat = seat_back(from, ray, 0.12, height, reach);
        seat = max(seat, seat_back(from, ray, -0.85, height, reach));
    }
    float clear = open * (1.0 - seat);
    s.albedo = mix(inside, vec3(0.028, 0.027, 0.026), seat) * (1.0 - clear);
    s.emission = beyond * clear * 0.55;
    s.reflectance = 0.075;
    s.roughness = 0.03;
}
