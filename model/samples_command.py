"""The `samples` command: the scenes of assets/samples, and what a checkpoint makes of them.

Maps are those of modular streets, which the bundled generator knows; each object has the style
in which a checkpoint's encoder sees it in the rendered frame, so that an autumn street is painted
as one.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from model.checkpoint import Checkpoint, load_encoder, open_checkpoint
from model.conditioning import is_told
from model.errors import CheckpointError
from model.inference.engine import Engine
from model.scene.document import Document
from model.scene.labels import CITYSCAPES_NAME, LabelSchema, label_of, load_schema
from model.scene.project import EXTENSION, ProjectFile, load_project, save_project
from model.scene.raster import polygon
from model.scene.scene import Scene, Style
from model.styles.encode import encode_instances

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "assets" / "samples"
WIDTH, HEIGHT = 2048, 1024
THUMBNAIL = (448, 224)  # width, height
QUALITY = 88


@dataclass(frozen=True)
class Sample:
    """A street: its seed, the looks it must have, and whether every house is its own."""

    seed: int
    looks: Mapping[str, str]
    buildings: str = "each"


STREETS = {
    "city": Sample(810068, {"road": "asphalt", "sky": "cloudy", "vegetation": "summer"}),
    "residential": Sample(
        810063, {"road": "asphalt", "sky": "clear", "vegetation": "spring", "terrain": "grass"}
    ),
    "boulevard": Sample(810012, {"road": "asphalt", "sky": "clear", "vegetation": "summer"}),
    "old_town": Sample(
        810031,
        {"road": "cobblestone", "sidewalk": "paving", "building": "sandstone", "sky": "overcast"},
        "one",
    ),
    "wet_dusk": Sample(810044, {"road": "wet", "sky": "dusk", "vegetation": "summer"}),
    "autumn": Sample(
        810030, {"road": "asphalt", "sky": "overcast", "vegetation": "autumn", "terrain": "dry"}
    ),
    "glass_district": Sample(
        810050, {"road": "concrete", "sky": "clear", "building": "glass"}, "one"
    ),
}
EMPTY = "empty"
LIKE = "residential"  # the empty one has the most frequent styles of this one
CROWNS = tuple(
    (x / 40, 0.43 - 0.022 * abs(math.sin(1.7 * x)) - 0.02 * abs(x / 20 - 1)) for x in range(1, 40)
)
SURFACES = (  # of the empty one: label, corners as shares of the picture; behind them is sky
    ("terrain", ((0, 0.5), (1, 0.5), (1, 1), (0, 1))),
    ("vegetation", ((0, 0.5), (0, 0.4), *CROWNS, (1, 0.39), (1, 0.5))),
    ("building", ((0.16, 0.5), (0.16, 0.37), (0.23, 0.345), (0.3, 0.38), (0.3, 0.5))),
    ("building", ((0.72, 0.5), (0.72, 0.4), (0.84, 0.4), (0.84, 0.5))),
    ("sidewalk", ((0.47, 0.5), (0.53, 0.5), (1.25, 1), (-0.25, 1))),
    ("road", ((0.478, 0.5), (0.522, 0.5), (1.02, 1), (-0.02, 1))),
)


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="NAME", help="which ones; all by default")
    parser.add_argument("--checkpoint", type=Path, default=ROOT / "checkpoints" / "streets")
    parser.add_argument("--out", type=Path, default=SAMPLES)
    parser.add_argument(
        "--pictures", action="store_true", help="only paint again what is there, say anew trained"
    )


def run(args: argparse.Namespace) -> int:
    checkpoint = open_checkpoint(args.checkpoint)
    schema = load_schema(CITYSCAPES_NAME)
    args.out.mkdir(parents=True, exist_ok=True)
    for name in args.names or [*STREETS, EMPTY]:
        path = args.out / f"{name}{EXTENSION}"
        if args.pictures:
            scene = load_project(path).scene
        else:
            if name == EMPTY:
                like = load_project(args.out / f"{LIKE}{EXTENSION}").scene
                scene = replace(_empty(schema), styles=usual_styles(like, schema))
            else:
                scene = _street(STREETS[name], checkpoint, schema)
            save_project(path, ProjectFile(scene, args.checkpoint.name), backup=False)
        engine = Engine(checkpoint, schema=schema, previews="never")
        picture = engine.picture_unless(scene, lambda: False)
        assert picture is not None
        small = cv2.resize(picture, THUMBNAIL, interpolation=cv2.INTER_AREA)
        options = [cv2.IMWRITE_JPEG_QUALITY, QUALITY]
        cv2.imwrite(str(path.with_suffix(".jpg")), cv2.cvtColor(small, cv2.COLOR_RGB2BGR), options)
        print(f"{path.name}: {path.stat().st_size // 1024} KiB", flush=True)
    return 0


def _street(sample: Sample, checkpoint: Checkpoint, schema: LabelSchema) -> Scene:
    from model.streets.camera import view
    from model.streets.dataset import signals_shown
    from model.streets.render.passes import StreetRenderer
    from model.streets.street import build_street

    street = build_street(sample.seed, sample.looks, sample.buildings, modular=True)
    renderer = StreetRenderer((WIDTH, HEIGHT))
    renderer.load(street)
    frame = renderer.draw(view(street.plan, 0))
    scene = Scene(schema, frame.labels, frame.instances)
    modes = {**asdict(street.modes), **signals_shown(street.plan)}
    if street.buildings_differ:
        del modes["building"]
    modes = {schema.by_name(label).id: mode for label, mode in modes.items()}
    return replace(scene, styles=seen_styles(checkpoint, frame.picture, frame.instances, modes))


def seen_styles(
    checkpoint: Checkpoint, picture: np.ndarray, instances: np.ndarray, modes: Mapping[int, str]
) -> dict[int, Style]:
    """What the encoder sees, by instance, where its label has styles: the style nearest to that.

    Ground is as it is seen: a street has one of each kind, and no style of ten may be near a wet
    road. modes: of all things of a label, by label id; only styles that tell the same, such as
    cobbles, are taken for them.
    """
    conditioning = checkpoint.conditioning
    encoder, book = load_encoder(checkpoint), checkpoint.style_book
    if encoder is None or book is None:
        raise CheckpointError(f"{checkpoint.path} has no encoder or no styles; use another one.")
    rows = encode_instances(checkpoint, encoder, picture, instances)
    surface = conditioning.surface
    ground = () if surface is None else surface.ground
    styles = {}
    for instance_id, feature in zip(rows.ids.tolist(), rows.features, strict=True):
        label_id = label_of(instance_id)
        known = [book.style(label_id, number) for number in range(book.count(label_id))]
        if known and label_id in ground:
            known.append(Style(tuple(feature.tolist())))
        for drawing, labels, told in conditioning.drawn:
            if label_id in labels and label_id in modes:
                drawn = f"/{modes[label_id]}".endswith(drawing.modes)
                known = [s for s in known if is_told(told, s.vector) == drawn] or known
        if known:
            away = [np.linalg.norm(np.array(style.vector) - feature) for style in known]
            styles[instance_id] = known[int(np.argmin(away))]
    return styles


def usual_styles(scene: Scene, schema: LabelSchema) -> dict[int, Style]:
    """By label id, the style that most objects of that label have in a scene."""
    usual = {}
    for label in schema:
        styles = [style for each, style in scene.styles.items() if label_of(each) == label.id]
        if styles:
            most, _ = Counter(style.cluster for style in styles).most_common(1)[0]
            usual[label.id] = next(style for style in styles if style.cluster == most)
    return usual


def _empty(schema: LabelSchema) -> Scene:
    """A road to the horizon, grass, a hedge far away and the sky: everything is to be painted."""
    sky = schema.by_name("sky").id
    labels = np.full((HEIGHT, WIDTH), sky, np.uint8)
    document = Document(Scene(schema, labels, labels.astype(np.int32)))
    with document.edit("Build the street"):
        for name, corners in SURFACES:
            points = [(x * WIDTH, y * HEIGHT) for x, y in corners]
            label = schema.by_name(name).id
            document.paint(*polygon(points, document.bounds), label, label)
    return document.snapshot()
