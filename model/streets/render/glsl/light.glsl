// Lights a described surface: sun with soft shadows, sky and bounce light, reflections, fog.
uniform sampler2D indirect_light;
uniform sampler2D reflection;
uniform sampler2DShadow shadow_map;
uniform mat4 shadow_projection;
uniform vec2 resolution;
uniform float mirror;
uniform int reflected_pass;

float sun_visibility(vec3 at, vec3 facing) {
    vec3 s = (shadow_projection * vec4(at + facing * 0.05, 1.0)).xyz * 0.5 + 0.5;
    if (any(lessThan(s.xy, vec2(0.002))) || any(greaterThan(s.xy, vec2(0.998)))) return 1.0;
    float angle = hash(ivec2(gl_FragCoord.xy)) * 6.283;
    vec2 a = vec2(cos(angle), sin(angle)) * 0.9 / 2048.0;
    vec2 b = vec2(-a.y, a.x) * 1.8;
    float total = textureLod(shadow_map, vec3(s.xy + a, s.z - 0.0012), 0.0);
    total += textureLod(shadow_map, vec3(s.xy - a, s.z - 0.0012), 0.0);
    total += textureLod(shadow_map, vec3(s.xy + b, s.z - 0.0014), 0.0);
    total += textureLod(shadow_map, vec3(s.xy - b, s.z - 0.0014), 0.0);
    return total * 0.25;
}

// Surface-gradient bump mapping from a height (Mikkelsen 2010).
vec3 bumped(vec3 facing, float height) {
    vec3 dx = dFdx(position);
    vec3 dy = dFdy(position);
    vec3 r1 = cross(dy, facing);
    vec3 r2 = cross(facing, dx);
    float det = dot(dx, r1);
    vec3 gradient = sign(det) * (dFdx(height) * r1 + dFdy(height) * r2);
    vec3 moved = abs(det) * facing - gradient;
    float size = length(moved);
    return size > 1e-9 ? normalize(mix(facing, moved / size, 0.85)) : facing;
}

vec3 sky_light(vec3 facing) {
    vec3 sideways = ambient_color * 0.50 + ground_color * 0.55;
    vec3 pale = mix(zenith_color, vec3(dot(zenith_color, vec3(0.25, 0.5, 0.25))), 0.45);
    vec3 upward = pale * 0.95 + ambient_color * 0.3;
    vec3 above = mix(sideways, upward, clamp(facing.z, 0.0, 1.0));
    return mix(ground_color * 0.7, above, smoothstep(0.0, 0.6, facing.z * 0.5 + 0.5));
}

vec3 wet_reflection(Surface s) {
    vec2 at = gl_FragCoord.xy / resolution;
    vec3 total = vec3(0.0);
    for (int i = 0; i < 5; i++) {
        float dx = (hash(ivec2(gl_FragCoord.xy) + i * 7) - 0.5) * 0.010;
        float dy = (float(i) - 2.0) * 0.045 * s.roughness;
        dy += (hash(ivec2(gl_FragCoord.xy) + i * 13) - 0.5) * 0.02 * s.roughness;
        vec2 moved = at + vec2(dx, dy) + s.normal.xy * 0.02;
        moved = clamp(moved, vec2(0.001), vec2(0.999));
        total += min(textureLod(reflection, moved, 0.0).rgb, vec3(6.0));
    }
    return total * 0.2;
}

vec3 shaded(Surface s) {
    float facing_sun = dot(s.normal, sun_direction);
    vec3 outward = normalize(normal);
    outward *= dot(outward, to_eye) < 0.0 ? -1.0 : 1.0;
    float visible = sun_direction.z > 0.0 ? sun_visibility(position, outward) : 0.0;
    vec4 indirect = vec4(ground_color * 0.1, 0.8);
    if (reflected_pass == 0) indirect = texelFetch(indirect_light, ivec2(gl_FragCoord.xy), 0);
    float received = max(facing_sun, 0.0);
    vec3 through = vec3(0.0);
    if (s.translucency > 0.0) {
        received = mix(received, clamp(facing_sun * 0.5 + 0.5, 0.0, 1.0) * 0.8, 0.6);
        float behind = max(-dot(to_eye, sun_direction), 0.0);
        vec3 tint = s.albedo * vec3(1.3, 1.2, 0.6);
        through = tint * behind * s.translucency * sun_color * visible * 0.35;
    }
    float openness = indirect.a * s.occlusion;
    vec3 around = sky_light(s.normal) * openness + indirect.rgb * s.occlusion;
    vec3 diffuse = s.albedo * (1.0 - s.metal * 0.6) * (sun_color * received * visible + around);

    vec3 halfway = normalize(sun_direction + to_eye + 1e-5);
    float ndh = clamp(dot(s.normal, halfway), 0.0, 1.0);
    float ndv = clamp(dot(s.normal, to_eye), 1e-3, 1.0);
    float sharpness = 2.0 / max(pow(s.roughness, 4.0), 1e-4) - 2.0;
    float lobe = (sharpness + 2.0) * 0.125 * pow(ndh, max(sharpness, 1.0));
    float f0 = s.reflectance;
    float fresnel_sun = f0 + (1.0 - f0) * pow(1.0 - clamp(dot(to_eye, halfway), 0.0, 1.0), 5.0);
    vec3 tint = mix(vec3(1.0), s.albedo * 2.0, s.metal);
    vec3 glint = tint * sun_color * fresnel_sun * min(lobe, 60.0) * max(facing_sun, 0.0) * visible;

    float fresnel = f0 + (max(1.0 - s.roughness, f0) - f0) * pow(1.0 - ndv, 5.0);
    vec3 bounced = reflect(-to_eye, s.normal);
    vec3 mirrored = surroundings(bounced, position, s.roughness) * fresnel;
    mirrored *= (1.0 - s.roughness * s.roughness * 0.75) * mix(0.35, 1.0, indirect.a) * tint;
#ifdef MATT
    mirrored *= 0.25;
#endif
#ifdef WETTABLE
    if (s.mirror > 0.0 && reflected_pass == 0 && mirror > 0.0) {
        float grazing = 0.03 + 0.97 * pow(1.0 - clamp(to_eye.z, 0.0, 1.0), 4.0);
        float amount = grazing * s.mirror;
        mirrored = wet_reflection(s) * amount * mix(0.75, 1.0, 1.0 - s.roughness);
        diffuse *= 1.0 - 0.5 * amount;
    }
#endif
    vec3 result = diffuse + through + glint + mirrored + s.emission;
    float fog = 1.0 - exp(-max(eye_distance - 8.0, 0.0) / fog_distance);
    vec3 haze = sky_color(normalize(vec3(-to_eye.xy, 0.03)), false);
    return mix(result, mix(horizon_color, haze, 0.6), fog);
}
