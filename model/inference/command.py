"""`render`: label maps to pictures, one file or a folder in the Cityscapes layout."""

from __future__ import annotations

import model.inference.process  # noqa: F401  must come before torch

# isort: split
import argparse
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from model.errors import CheckpointError, InputError, ResourceError
from model.formats.importing import import_scene
from model.inference.batch import own_share, work_through
from model.inference.request import BorrowRequest
from model.scene.export import painted_note
from model.scene.labels import LabelSchema, label_of, load_schema
from model.scene.maps import (
    find_instance_map,
    open_scene,
    read_instance_map,
    read_picture,
    write_picture,
)
from model.scene.matching import transferred
from model.scene.photo import open_photo
from model.scene.reading import parse_json, read_bytes
from model.scene.scene import InstanceMap, Scene, Style, Styles, instance_key

if TYPE_CHECKING:  # they load torch, which takes seconds: only when all arguments are right
    from model.checkpoint import Checkpoint
    from model.inference.engine import Engine

Pixels = NDArray[np.uint8]
DEFAULT_CHECKPOINT = Path(__file__).resolve().parents[2] / "checkpoints" / "streets"
PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg")
OTHER_SUFFIXES = (".bmp", ".gif", ".tif", ".tiff", ".webp", ".ppm")  # meant as files, not written
FOREIGN_SUFFIXES = (".json", ".zip")
_LABEL_MAPS = "*_labelIds.png"
_LABEL_FOLDER = "_label"


@dataclass(frozen=True, slots=True)
class Job:
    """One picture to paint."""

    labels: Path
    instances: Path | None
    output: Path


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `render`."""
    parser.add_argument(
        "labels",
        nargs="+",
        type=Path,
        metavar="LABEL",
        help="label map, file of another program (COCO panoptic, CVAT masks, labelme, polygons), "
        f"or a folder searched for {_LABEL_MAPS} and *{_LABEL_FOLDER}/ folders",
    )
    parser.add_argument(
        "--instances", type=Path, metavar="I", help="instance map; else looked for beside LABEL"
    )
    parser.add_argument(
        "--picture", metavar="NAME", help="which one, of a COCO or CVAT file with several"
    )
    parser.add_argument(
        "--styles", type=Path, metavar="FILE.json", help='{"26001": {"cluster": 2}, ...}'
    )
    parser.add_argument(
        "--style-seed", type=int, default=0, metavar="N", help="decides all other styles"
    )
    parser.add_argument(
        "--styles-from",
        nargs=3,
        type=Path,
        metavar=("PHOTO", "LABEL", "INST"),
        help="a photo with its maps: objects look like those of their label that lie most alike",
    )
    add_engine_arguments(parser)
    parser.add_argument(
        "--preview", action="store_true", help="quick: painted at half the size and enlarged"
    )
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="OUT", help="file, or else folder"
    )


def add_engine_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments that every command with an engine has."""
    parser.add_argument(
        "--checkpoint", type=Path, metavar="C", help="checkpoint folder; else the bundled one"
    )
    parser.add_argument(
        "--split", metavar="L+B+F", help="how an official generator's input divides: 35+1+3, rgb"
    )
    parser.add_argument(
        "--device", default="auto", metavar="D", help="cpu, cuda, mps or auto (default)"
    )
    parser.add_argument(
        "--precision",
        default="auto",
        choices=("auto", "float32", "bfloat16", "float16"),
        help="auto (default) takes what is fastest here",
    )
    parser.add_argument(
        "--memory",
        type=mebibytes,
        metavar="MIB",
        help="most that painting may take besides the program; larger pictures are painted in "
        "strips, the same but slower; else half of what the device has",
    )
    parser.add_argument("--quiet", action="store_true", help="no progress")


def mebibytes(text: str) -> int:
    """An argument: a whole number above 0."""
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of MiB")
    return int(text)


def run(args: argparse.Namespace) -> int:
    """Paints every label map. Everything is read and checked before the first is written."""
    jobs = plan_jobs(args.labels, args.instances, args.output)
    if args.picture is not None and not any(map(_is_foreign, jobs)):
        raise InputError("--picture goes with a .json or .zip file of several; leave it out.")
    entries = read_style_entries(args.styles) if args.styles else {}
    checkpoint = open_engine_checkpoint(args.checkpoint, args)
    styles = resolve_styles(entries, checkpoint, args.styles)
    if checkpoint.conditioning.rgb:
        if args.styles_from is not None or args.preview:
            raise InputError(
                f"{checkpoint.path} takes pictures; --styles-from and --preview are for label maps."
            )
        return _translate(jobs, checkpoint, args)
    schema = load_schema(checkpoint.schema_name)
    lender = _lender(args.styles_from, schema)

    def read(job: Job) -> Scene:
        return _scene(job, schema, args.picture)

    def painter(engine: Engine) -> Callable[[Scene], Pixels]:
        seen = {} if lender is None else engine.borrow(lender)

        def paint(scene: Scene) -> Pixels:
            lent = {} if lender is None else transferred(seen, lender.regions, scene.instance_map)
            scene = replace(scene, styles={**lent, **styles})
            return engine.draft(scene) if args.preview else engine.picture(scene)

        return paint

    return _paint_all(jobs, read, painter, checkpoint, args)


def _is_foreign(job: Job) -> bool:
    return job.labels.suffix.lower() in FOREIGN_SUFFIXES


def _scene(job: Job, schema: LabelSchema, picture: str | None) -> Scene:
    if _is_foreign(job):
        return import_scene(job.labels, schema, {}, picture)
    return open_scene(job.labels, job.instances, schema)


def _lender(files: list[Path] | None, schema: LabelSchema) -> BorrowRequest | None:
    """A photo with its instances as the regions whose styles are asked for."""
    if files is None:
        return None
    path, labels, instances = files
    photo = open_photo(path, schema, labels, instances)
    assert photo.instances is not None
    return BorrowRequest(photo.pixels, photo.instances)


def _translate(jobs: list[Job], checkpoint: Checkpoint, args: argparse.Namespace) -> int:
    """For a checkpoint that takes pictures, such as edges, instead of label maps."""

    def read(job: Job) -> tuple[Pixels, InstanceMap | None]:
        instances = None if job.instances is None else read_instance_map(job.instances)
        return read_picture(job.labels), instances

    def painter(engine: Engine) -> Callable[[tuple[Pixels, InstanceMap | None]], Pixels]:
        return lambda maps: engine.translated(*maps)

    return _paint_all(jobs, read, painter, checkpoint, args)


def _paint_all[Source](
    jobs: Sequence[Job],
    read: Callable[[Job], Source],
    painter: Callable[[Engine], Callable[[Source], Pixels]],
    checkpoint: Checkpoint,
    args: argparse.Namespace,
) -> int:
    """Paints this process's share. A job that fails later is reported, and the rest goes on."""
    share = own_share()
    jobs = share.of(jobs)
    for job in jobs:  # all of them, before hours of work meet a bad one
        read(job)
    engine = open_engine(checkpoint, args, args.style_seed)
    outcomes = work_through(jobs, read, painter(engine), _write)
    failures = []
    hidden = args.quiet or len(jobs) == 1 or share.rank > 0
    for job, error in tqdm(outcomes, "render", len(jobs), unit="picture", disable=hidden):
        if error is not None:
            failures.append(error)
            tqdm.write(f"{job.labels}: {error}", sys.stderr)
    if jobs and len(failures) == len(jobs) and isinstance(failures[0], InputError | ResourceError):
        raise failures[0]
    return 1 if failures else 0


def _write(job: Job, pixels: Pixels) -> None:
    make_folder(job.output.parent)
    write_picture(job.output, pixels, painted_note())


def save(engine: Engine, scene: Scene, output: Path) -> None:
    """Paints a scene into a file whose folder may have to be made."""
    make_folder(output.parent)
    write_picture(output, engine.picture(scene), painted_note())


def make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"The folder {folder} cannot be made ({error.strerror}); choose another output."
        ) from error


def open_engine_checkpoint(path: Path | None, args: argparse.Namespace) -> Checkpoint:
    """The checkpoint at `path`, or the bundled one, read as the command line says."""
    from model.checkpoint import open_checkpoint

    if path is None and not DEFAULT_CHECKPOINT.is_dir():
        raise CheckpointError(
            f"There is no bundled checkpoint in {DEFAULT_CHECKPOINT}; name one with --checkpoint."
        )
    checkpoint = open_checkpoint(path or DEFAULT_CHECKPOINT, args.split)
    if not args.quiet:
        checkpoint.tell_guess()
    return checkpoint


def open_engine(checkpoint: Checkpoint, args: argparse.Namespace, style_seed: int) -> Engine:
    import torch

    from model.inference.engine import Engine
    from model.inference.request import Limits

    limits = Limits(painting_mib=args.memory)
    device, share = args.device, own_share()
    if share.size > 1 and device in ("auto", "cuda") and torch.cuda.is_available():
        device = f"cuda:{share.local_rank}"
    return Engine(checkpoint, device, args.precision, style_seed, limits=limits)


def plan_jobs(labels: list[Path], instances: Path | None, output: Path) -> list[Job]:
    """What to paint where: a single file goes to the file OUT, everything else into a folder.

    Pictures of a folder keep their place below it. Raises InputError for whatever does not fit.
    """
    single = len(labels) == 1 and not labels[0].is_dir()
    if instances is not None and not single:
        raise InputError("--instances goes with one single label map; leave it out.")
    if is_picture_file(output):
        if not single:
            raise InputError(f"{output} must be a folder to hold the pictures; choose another.")
        outputs = {output: labels[0]}
    else:
        outputs = _outputs(labels, output)
    for path in outputs:
        if any(path.resolve() == source.resolve() for source in outputs.values()):
            raise InputError(f"{path} is a label map to read; choose another output.")
    return [
        Job(source, instances or find_instance_map(source), path)
        for path, source in outputs.items()
    ]


def is_picture_file(output: Path) -> bool:
    """Does OUT name a file? If not, then a folder; InputError when it can be neither."""
    if output.is_dir():
        return False
    if output.suffix.lower() in PICTURE_SUFFIXES:
        return True
    if output.is_file() or output.suffix.lower() in OTHER_SUFFIXES:
        raise InputError(
            f"The output {output} must be a .png, .jpg or .jpeg file or a folder; choose another."
        )
    return False


def _outputs(labels: list[Path], folder: Path) -> dict[Path, Path]:
    """Output file -> label map."""
    outputs: dict[Path, Path] = {}
    for path in labels:
        found = find_label_maps(path) if path.is_dir() else [path]
        for source in found:
            place = source.relative_to(path) if path.is_dir() else Path(source.name)
            output = folder / place.with_suffix(".png")
            if output in outputs:
                raise InputError(
                    f"{outputs[output]} and {source} would both become {output}; "
                    "render them one after the other."
                )
            outputs[output] = source
    return outputs


def find_label_maps(folder: Path) -> list[Path]:
    """Label maps below a folder by Cityscapes' names, or in folders called *_label; sorted."""
    pictures = (path for path in folder.rglob("*.png") if path.is_file())
    found = sorted(
        path
        for path in pictures
        if path.match(_LABEL_MAPS) or path.parent.name.endswith(_LABEL_FOLDER)
    )
    if not found:
        raise InputError(
            f"{folder} holds neither {_LABEL_MAPS} nor a folder *{_LABEL_FOLDER} with PNG files; "
            "name the label maps one by one."
        )
    return found


MAX_STYLES_BYTES = 16 * 2**20


def read_style_entries(path: Path) -> Mapping[int, Mapping[str, Any]]:
    """A styles file: instance id -> {"cluster": k} or {"vector": [...]}, not yet resolved."""
    data = read_bytes(path, InputError, MAX_STYLES_BYTES)
    try:
        return {instance_key(key): dict(entry) for key, entry in parse_json(data).items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise InputError(
            f'The styles file {path} must look like {{"26001": {{"cluster": 0}}}}; correct it.'
        ) from error


def resolve_styles(
    entries: Mapping[int, Mapping[str, Any]], checkpoint: Checkpoint, path: Path
) -> Styles:
    """Looks clusters up in the checkpoint's style book; `path` is the file they came from."""
    return {key: _resolved(key, entry, checkpoint, path) for key, entry in entries.items()}


def _resolved(
    instance_id: int, entry: Mapping[str, Any], checkpoint: Checkpoint, path: Path
) -> Style:
    try:
        if entry.keys() == {"cluster"} and checkpoint.style_book is not None:
            return checkpoint.style_book.style(label_of(instance_id), int(entry["cluster"]))
        if entry.keys() == {"vector"}:
            vector = tuple(float(value) for value in entry["vector"])
            fits = len(vector) == checkpoint.conditioning.feature_channels > 0
            if fits and all(map(math.isfinite, vector)):
                return Style(vector)
    except (LookupError, ValueError, TypeError, OverflowError):
        pass
    raise InputError(
        f"The style of instance {instance_id} in {path}, {dict(entry)}, is none that "
        f"{checkpoint.path} has; give a cluster of its label or a vector of "
        f"{checkpoint.conditioning.feature_channels} numbers."
    )
