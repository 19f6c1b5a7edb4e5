"""What the shaders need to know about a street, as uniform values by name."""

from __future__ import annotations

import numpy as np

from model.streets.markings import CROSSING_LIMIT, LINE_LIMIT
from model.streets.street import Street
from model.streets.style import BUILDING_COLORS, MODES

STREET_ALBEDO = {"asphalt": 0.12, "cobblestone": 0.14, "concrete": 0.34, "wet": 0.08}


def sky_uniforms(street: Street) -> dict[str, object]:
    """Sun, sky and air (sky.glsl)."""
    light = street.light
    sky = light.sky
    return {
        "sun_direction": light.sun_direction,
        "sun_color": sky.sun,
        "zenith_color": sky.zenith,
        "horizon_color": sky.horizon,
        "ambient_color": sky.ambient,
        "ground_color": light.ground_color,
        "cloud_dark": sky.cloud_dark,
        "cloud_light": sky.cloud_light,
        "cloud_cover": sky.cloud_cover,
        "sun_glow": sky.sun_glow,
        "dusk": sky.dusk,
        "fog_distance": sky.fog_distance,
        "scene_seed": (street.plan.seed * 0.6180339) % 1,
        "cloud_shift": 0.0 if street.plan.modular else (street.plan.seed * 0.6180339) % 1 * 37,
    }


def street_uniforms(street: Street) -> dict[str, object]:
    """Modes by number, markings, and the mean colours that throw light back."""
    plan, modes, painted = street.plan, street.modes, street.markings
    lines = [(*line, 0.0) for line in painted.lines]
    crossings = list(painted.crossings)
    empty = (0.0, 0.0, 0.0, 0.0)
    _, walls = BUILDING_COLORS[modes.building]
    wall = np.mean(walls, axis=0) * 0.8
    # Windows and what stands before the walls take half of their colour.
    wall = 0.5 * wall + 0.5 * wall.mean()
    ground = STREET_ALBEDO[modes.road]
    return {
        "road_mode": list(MODES["road"]).index(modes.road),
        "sidewalk_mode": list(MODES["sidewalk"]).index(modes.sidewalk),
        "terrain_mode": list(MODES["terrain"]).index(modes.terrain),
        "fallen_leaves": 1.0 if modes.vegetation == "autumn" else 0.0,
        "lane_width": plan.section.lane_width,
        "road_edges": (-plan.section.edge(-1), plan.section.edge(1)),
        "lane_lines": lines + [empty] * (LINE_LIMIT - len(lines)),
        "lane_line_count": len(lines),
        "dash_phase": 0.0 if plan.modular else (plan.seed * 0.6180339) % 1,
        "crossings": crossings + [empty] * (CROSSING_LIMIT - len(crossings)),
        "crossing_count": len(crossings),
        "wall_albedo": tuple(float(part) for part in wall),
        "street_albedo": (ground, ground, ground),
    }
