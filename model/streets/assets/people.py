"""People: walking, standing and riding figures with varied build and clothes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from model.streets.labels import LabelId
from model.streets.materials import Material
from model.streets.mesh import Array, Color, Mesh, Primitive, Transform, offset
from model.streets.primitives import boxes, grid, sphere, tube

POSES = ("walk", "stand", "ride", "ride_motorcycle")
Rgb = tuple[float, float, float]

TOPS: tuple[Rgb, ...] = (
    (0.02, 0.02, 0.025), (0.05, 0.06, 0.10), (0.30, 0.30, 0.31), (0.55, 0.54, 0.50),
    (0.35, 0.05, 0.04), (0.04, 0.12, 0.25), (0.12, 0.10, 0.07), (0.45, 0.33, 0.12),
    (0.10, 0.16, 0.10), (0.50, 0.25, 0.30), (0.08, 0.25, 0.30), (0.25, 0.10, 0.25),
)  # fmt: skip
LEGS: tuple[Rgb, ...] = (
    (0.03, 0.035, 0.05), (0.05, 0.07, 0.13), (0.02, 0.02, 0.02), (0.25, 0.22, 0.17),
    (0.12, 0.12, 0.12), (0.09, 0.12, 0.20),
)  # fmt: skip
HAIR: tuple[Rgb, ...] = (
    (0.02, 0.015, 0.01), (0.04, 0.025, 0.015), (0.06, 0.035, 0.02), (0.12, 0.075, 0.035),
    (0.16, 0.10, 0.04), (0.20, 0.19, 0.18),
)  # fmt: skip
SKINS: tuple[Rgb, ...] = (
    (0.46, 0.30, 0.22), (0.40, 0.25, 0.17), (0.30, 0.17, 0.10), (0.12, 0.065, 0.04),
)  # fmt: skip
SHOES: tuple[Rgb, ...] = ((0.02, 0.02, 0.02), (0.08, 0.045, 0.025), (0.45, 0.45, 0.44))
_THIGH, _SHIN, _UPPER_ARM, _FOREARM = 0.44, 0.42, 0.29, 0.26
_LOOSE = ("trousers", "shorts", "skirt", "dress", "coat", "jacket")
_LOOSE_ODDS = (0.36, 0.08, 0.09, 0.08, 0.19, 0.20)


@dataclass(frozen=True)
class _Look:
    """What one person wears and how they are built."""

    stature: float
    build: float
    head: float
    outfit: str
    top: Rgb
    legs: Rgb
    hair: Rgb
    skin: Rgb
    shoes: Rgb
    bag_color: Rgb
    bag: str
    headwear: str
    long_hair: bool
    sleeves: bool
    stride: float
    seed: float


@dataclass(frozen=True)
class _Pose:
    """Joints in metres for a stature of 1.75 m; x forward, y left; limbs are (left, right)."""

    hip: Array
    neck: Array
    knees: tuple[Array, ...]
    ankles: tuple[Array, ...]
    elbows: tuple[Array, ...]
    hands: tuple[Array, ...]


def person(
    mesh: Mesh,
    rng: np.random.Generator,
    transform: Transform,
    *,
    instance_id: int | None,
    pose: str = "walk",
    label_id: int = LabelId.PERSON,
    child: bool = False,
    top_color: Color | None = None,
) -> Rgb:
    """Add one person facing local x, feet on z = 0 (or on the pedals of the cycle at the same
    transform); returns the RGB colour of the upper garment."""
    look = _draw_look(rng, pose, child, top_color)
    figure = _Figure(mesh, transform, look, int(label_id), instance_id)
    joints = _joints(pose, look.stride, rng)
    figure.legs(joints, riding=pose.startswith("ride"))
    figure.torso(joints)
    figure.arms(joints)
    figure.head(joints)
    if pose in ("walk", "stand"):
        figure.garment(joints)
        figure.luggage(joints)
    return look.top


def _draw_look(rng: np.random.Generator, pose: str, child: bool, top_color: Color | None) -> _Look:
    def one_of(colors: Sequence[Rgb]) -> Rgb:
        red, green, blue = np.array(colors[int(rng.integers(len(colors)))]) * rng.uniform(0.8, 1.2)
        return float(red), float(green), float(blue)

    top, legs, hair, skin, shoes = (one_of(table) for table in (TOPS, LEGS, HAIR, SKINS, SHOES))
    if top_color is not None:
        red, green, blue = top_color
        top = (float(red), float(green), float(blue))
    if child:
        hair = one_of(HAIR[:3])
    riding = pose.startswith("ride")
    hats = ("none", "cap", "woolly", "brim")
    headwear = str(rng.choice(hats, p=(0.74, 0.10, 0.11, 0.05)))
    if riding and (pose == "ride_motorcycle" or rng.random() < 0.5):
        headwear = "helmet"
    outfit = str(rng.choice(_LOOSE, p=_LOOSE_ODDS))
    return _Look(
        stature=rng.uniform(1.05, 1.40) if child else rng.uniform(1.56, 1.90),
        build=rng.uniform(0.90, 1.18),
        head=1.28 if child else 1.0,
        outfit="trousers" if riding and outfit != "shorts" else outfit,
        top=top, legs=legs, hair=hair, skin=skin, shoes=shoes,
        bag_color=one_of(TOPS),
        bag=str(rng.choice(("none", "backpack", "shoulder", "carrier"), p=(0.5, 0.2, 0.16, 0.14))),
        headwear=headwear,
        long_hair=bool(rng.random() < 0.4),
        sleeves=bool(rng.random() < 0.78),
        stride=float(rng.choice((-1, 1)) * rng.uniform(0.25, 1.0)) if pose == "walk" else 0.0,
        seed=float(rng.random()),
    )  # fmt: skip


def _bend(start: Array, end: Array, first: float, second: float, toward: Array) -> Array:
    """The joint of a two-bone limb from start to end that bends toward a direction."""
    line = end - start
    distance = min(float(np.linalg.norm(line)), (first + second) * 0.999)
    line = line / max(float(np.linalg.norm(line)), 1e-9)
    along = (first**2 - second**2 + distance**2) / (2 * distance)
    sideways = toward - line * (toward @ line)
    sideways = sideways / max(float(np.linalg.norm(sideways)), 1e-9)
    return start + along * line + np.sqrt(max(first**2 - along**2, 0.0)) * sideways


def _joints(pose: str, stride: float, rng: np.random.Generator) -> _Pose:
    if pose == "ride":
        feet = [np.array([0.02, 0.11, 0.47]), np.array([-0.04, -0.11, 0.22])]
        hands = [np.array([0.36, side * 0.24, 1.03]) for side in (1, -1)]
        return _seated(np.array([-0.20, 0, 0.99]), np.array([0.12, 0, 1.49]), feet, hands)
    if pose == "ride_motorcycle":
        feet = [np.array([-0.02, side * 0.22, 0.34]) for side in (1, -1)]
        hands = [np.array([0.40, side * 0.32, 1.04]) for side in (1, -1)]
        return _seated(np.array([-0.30, 0, 0.88]), np.array([-0.08, 0, 1.42]), feet, hands)
    return _upright(stride, rng)


def _seated(hip: Array, neck: Array, feet: list[Array], hands: list[Array]) -> _Pose:
    forward, knees, elbows = np.array([1.0, 0.0, 0.25]), [], []
    for side, foot, hand in zip((1, -1), feet, hands, strict=True):
        knees.append(_bend(hip + offset(0, 0.09 * side, 0), foot, _THIGH, _SHIN, forward))
        shoulder = neck + offset(-0.01, 0.185 * side, -0.07)
        outward = np.array([-0.2, side * 0.6, -0.8])
        elbows.append(_bend(shoulder, hand, _UPPER_ARM, _FOREARM, outward))
    return _Pose(hip, neck, tuple(knees), tuple(feet), tuple(elbows), tuple(hands))


def _upright(stride: float, rng: np.random.Generator) -> _Pose:
    hip, knees, ankles, elbows, hands = np.array([0.0, 0, 0.92]), [], [], [], []
    swing_arm = rng.uniform(0.6, 1.2)
    relaxed = rng.uniform(0.15, 0.5)
    for side in (1, -1):
        phase = stride * side
        thigh = 0.46 * phase if phase > 0 else 0.34 * phase
        shin = thigh - (0.06 if phase > 0 else 0.10 - 0.42 * phase)
        knee = hip + offset(_THIGH * np.sin(thigh), 0.085 * side, -_THIGH * np.cos(thigh))
        knees.append(knee)
        ankles.append(knee + offset(_SHIN * np.sin(shin), 0.005 * side, -_SHIN * np.cos(shin)))
        shoulder = np.array([0.01, 0.185 * side, 1.41])
        arm = -0.45 * phase * swing_arm
        elbow = shoulder + offset(_UPPER_ARM * np.sin(arm), 0.055 * side, -_UPPER_ARM * np.cos(arm))
        lower = arm + relaxed
        elbows.append(elbow)
        hands.append(
            elbow + offset(_FOREARM * np.sin(lower), -0.01 * side, -_FOREARM * np.cos(lower))
        )
    sink = np.array([0, 0, min(ankle[2] for ankle in ankles) - 0.085])
    drop = [tuple(joint - sink for joint in joints) for joints in (knees, ankles, elbows, hands)]
    return _Pose(hip - sink, np.array([0.02, 0, 1.48]) - sink, *drop)


def _rings(centers: ArrayLike, depth: ArrayLike, width: ArrayLike, sides: int = 14) -> Primitive:
    """A body of level ellipses: centers (N, 3), half depths (x) and half widths (y) (N,)."""
    angles = np.arange(sides) * 2 * np.pi / sides
    net = np.repeat(np.asarray(centers, float)[:, None], sides, axis=1)
    net[..., 0] += np.asarray(depth, float)[:, None] * np.cos(angles)
    net[..., 1] += np.asarray(width, float)[:, None] * np.sin(angles)
    return grid(net[::-1], closed=True)


class _Figure:
    """Puts the parts of one person into the mesh."""

    def __init__(
        self, mesh: Mesh, transform: Transform, look: _Look, label_id: int, instance_id: int | None
    ) -> None:
        self._mesh, self._transform = mesh, transform
        self._label_id, self._instance_id = label_id, instance_id
        self._look = look
        self._scale = look.stature / 1.75

    def _put(self, part: Primitive, color: Color, material: Material = Material.CLOTH) -> None:
        self._mesh.put(
            part._replace(positions=part.positions * self._scale),
            material,
            self._label_id,
            instance_id=self._instance_id,
            color=color,
            seed=self._look.seed,
            transform=self._transform,
        )

    def legs(self, pose: _Pose, riding: bool) -> None:
        look = self._look
        bare = look.outfit in ("skirt", "dress", "shorts")
        bulk = look.build * (0.78 if bare else 1.0)
        for side, knee, ankle in zip((1, -1), pose.knees, pose.ankles, strict=True):
            hip = pose.hip + offset(0, 0.088 * side, 0)
            thigh, shin = knee - hip, ankle - knee
            line = [hip - thigh * 0.12, hip + thigh * 0.25, hip + thigh * 0.65, knee]
            line += [knee + shin * 0.30, knee + shin * 0.75, ankle + shin * 0.02]
            radii = np.array([0.07, 0.092, 0.076, 0.062, 0.060, 0.047, 0.045]) * bulk
            bare_color = look.skin if look.seed > 0.5 else tuple(0.4 * c for c in look.legs)
            color = bare_color if bare else look.legs
            self._put(tube(line, radii, sides=9), color)
            if look.outfit == "shorts":
                short = [line[0], line[1], hip + thigh * 0.8]
                self._put(tube(short, np.array([0.085, 0.105, 0.10]) * look.build), look.legs)
            pitch = 0.0 if riding else float(np.clip(ankle[2] - 0.085, 0, 0.2)) * 0.5
            sole = ankle + offset(0.055, 0, -0.045 - pitch * 0.3)
            self._put(sphere(sole, [0.135, 0.048, 0.045], sides=8, rings=6), look.shoes)

    def torso(self, pose: _Pose) -> None:
        look, base = self._look, pose.hip - [0, 0, 0.08]
        share = np.array([0.0, 0.07, 0.22, 0.40, 0.60, 0.78, 0.90, 0.97, 1.0])
        depth = np.array([0.03, 0.105, 0.115, 0.105, 0.118, 0.125, 0.105, 0.070, 0.050])
        width = np.array([0.05, 0.155, 0.165, 0.145, 0.160, 0.184, 0.178, 0.115, 0.060])
        bulky = 1.12 if look.outfit in ("coat", "jacket") else 1.0
        depth, width = depth * look.build * bulky, width * (0.5 + 0.5 * look.build) * bulky
        centers = base + share[:, None] * (pose.neck - base)
        centers[:, 0] += 0.012 * np.sin(np.pi * share)
        pelvis, chest = slice(0, 4), slice(2, None)
        lower = look.top if look.outfit in ("dress", "coat") else look.legs
        self._put(_rings(centers[pelvis], depth[pelvis] * 0.97, width[pelvis] * 0.97), lower)
        self._put(_rings(centers[chest], depth[chest], width[chest]), look.top)

    def arms(self, pose: _Pose) -> None:
        look = self._look
        bulk = look.build * (1.18 if look.outfit in ("coat", "jacket") else 1.0)
        sleeved = look.sleeves or look.outfit in ("coat", "jacket")
        for side, elbow, hand in zip((1, -1), pose.elbows, pose.hands, strict=True):
            shoulder = pose.neck + offset(-0.01, 0.165 * side, -0.075)
            line = [
                shoulder + offset(0, -0.02 * side, 0.025),
                shoulder + 0.3 * (elbow - shoulder),
                elbow,
            ]
            line += [elbow + 0.5 * (hand - elbow), hand]
            radii = np.array([0.045, 0.058, 0.045, 0.042, 0.034]) * bulk
            lateral = (0.25, 1.0, 0.1)
            self._put(tube(line[:3], radii[:3], lateral=lateral), look.top)
            lower = look.top if sleeved else look.skin
            material = Material.CLOTH if sleeved else Material.SKIN
            self._put(
                tube(line[2:], radii[2:] * (1 if sleeved else 0.85), lateral=lateral),
                lower,
                material,
            )
            fist = hand + 0.16 * (hand - elbow)
            self._put(
                sphere(fist, [0.045, 0.03, 0.055], sides=7, rings=5), look.skin, Material.SKIN
            )

    def head(self, pose: _Pose) -> None:
        look, size = self._look, self._look.head
        top = pose.neck + offset(0.035, 0, 0.088 + 0.085 * size)
        throat = tube(
            [pose.neck - [0.01, 0, 0.05], pose.neck + offset(0.02, 0, 0.12)], [0.058, 0.052]
        )
        self._put(throat, look.skin, Material.SKIN)
        skull = sphere(top, np.array([0.090, 0.074, 0.108]) * size, sides=12, rings=9)
        nose = sphere(
            top + np.array([0.092, 0, -0.015]) * size,
            np.array([0.02, 0.014, 0.024]),
            sides=6,
            rings=4,
        )
        self._put(skull, look.skin, Material.SKIN)
        self._put(nose, look.skin, Material.SKIN)
        hair = sphere(
            top + np.array([-0.022, 0, 0.030]) * size,
            np.array([0.092, 0.083, 0.103]) * size,
            sides=12,
            rings=8,
        )
        if look.headwear == "helmet":
            hair = sphere(
                top + np.array([-0.005, 0, 0.035]),
                np.array([0.116, 0.095, 0.100]) * size,
                sides=12,
                rings=8,
            )
            self._put(hair, look.bag_color, Material.PAINT)
        else:
            self._put(hair, look.hair)
            self._hat(top, size)
        if look.long_hair:
            fall = [
                top + offset(-0.05, 0, 0.03),
                top + offset(-0.075, 0, -0.08),
                top + offset(-0.085, 0, -0.21),
            ]
            self._put(tube(fall, [[0.06, 0.075], [0.055, 0.085], [0.02, 0.05]], sides=9), look.hair)

    def _hat(self, top: Array, size: float) -> None:
        look = self._look
        if look.headwear == "none":
            return
        crown = sphere(
            top + np.array([-0.008, 0, 0.055]) * size,
            np.array([0.103, 0.092, 0.088]) * size,
            sides=12,
            rings=7,
        )
        self._put(crown, look.bag_color)
        if look.headwear == "woolly":
            return
        ahead, brim = (
            (0.085, [0.075, 0.07, 0.012]) if look.headwear == "cap" else (0.0, [0.17, 0.155, 0.014])
        )
        self._put(
            sphere(top + np.array([ahead, 0, 0.05]) * size, brim, sides=12, rings=4), look.bag_color
        )

    def garment(self, pose: _Pose) -> None:
        """Skirts and the hanging part of coats and jackets."""
        look = self._look
        hems = {"skirt": 0.52, "dress": 0.48, "coat": 0.50, "jacket": 0.84}
        if look.outfit not in hems:
            return
        waist, hem = pose.hip[2] + 0.12, hems[look.outfit] + (pose.hip[2] - 0.92)
        open_by = 0.035 + 0.13 * abs(look.stride) * (0.92 - hem) / 0.45
        level = np.array([waist, pose.hip[2] - 0.02, (pose.hip[2] + hem) / 2, hem])
        depth = np.array([0.112, 0.135, 0.13 + open_by * 0.55, 0.135 + open_by]) * look.build
        width = np.array([0.155, 0.18, 0.19, 0.20]) * (0.5 + 0.5 * look.build)
        centers = np.stack([0 * level + pose.hip[0], 0 * level, level], -1)
        color = look.legs if look.outfit == "skirt" else look.top
        self._put(_rings(centers[::-1], depth[::-1], width[::-1]), color)

    def luggage(self, pose: _Pose) -> None:
        look = self._look
        if look.bag == "backpack":
            pack = sphere(
                pose.neck + offset(-0.185, 0, -0.24), [0.10, 0.155, 0.235], sides=10, rings=7
            )
            straps = boxes(
                [pose.neck + offset(0.03, side * 0.105, -0.17) for side in (1, -1)],
                [0.215, 0.035, 0.30],
            )
            self._put(pack, look.bag_color)
            self._put(straps, tuple(0.6 * c for c in look.bag_color))
        elif look.bag == "shoulder":
            self._put(
                boxes(pose.hip + offset(-0.03, 0.235, 0.06), [0.28, 0.10, 0.22]), look.bag_color
            )
            strap = tube(
                [pose.hip + offset(-0.02, 0.21, 0.15), pose.neck + offset(0.0, 0.12, -0.02)],
                [0.012, 0.012],
                sides=5,
            )
            self._put(strap, look.bag_color)
        elif look.bag == "carrier":
            hand = pose.hands[0]
            self._put(boxes(hand + offset(0.0, 0.01, -0.27), [0.30, 0.12, 0.34]), look.bag_color)
