"""Writes one small file for the present version of every format, once.

    python -m tests.versions.write

What is there already is never written again: files of older versions were written by the program
of that time, and have to stay readable. Raise a version, run this, commit what it wrote.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

DATA = Path(__file__).parent / "data"
VALUE = 0.5  # of every weight
STYLE = ((0.25, -1.0, 0.5), 3)
SEED = 7


def scene() -> Any:
    """Sky, road and two cars, one with a style of its own."""
    from model.scene.labels import load_schema
    from model.scene.scene import Scene, Style

    ids = np.full((6, 8), 23, np.int32)
    ids[3:] = 7
    ids[2:4, 1:3], ids[2:4, 5:7] = 26001, 26002
    labels = np.where(ids >= 1000, ids // 1000, ids).astype(np.uint8)
    return Scene(load_schema("cityscapes"), labels, ids, {26001: Style(*STYLE)})


def edit(document: Any) -> None:
    """Two steps; the second is undone."""
    for label_id, name in ((8, "Paint sidewalk"), (11, "Paint building")):
        with document.edit(name):
            mask = np.eye(6, 8, label_id % 3, dtype=np.bool_)
            document.paint(document.bounds, mask, label_id, label_id)
    document.undo()


def centers() -> dict[int, np.ndarray]:
    return {7: np.array([[0.5, 1.0, -0.25], [0.0, 0.25, 1.0]]), 26: np.array([[1.0, 0.0, 0.5]])}


def write_project(path: Path) -> None:
    from model.scene import project

    content = scene()
    before = type(content)(content.schema, content.label_map.copy(), content.instance_map.copy())
    project.save_project(path, project.ProjectFile(content, "streets", SEED, before, **_more()))


def _more() -> dict[str, Any]:
    """What projects hold from version 2 on."""
    from model.scene import project

    return {} if project.VERSION == 1 else {"extras": extras(), "pins": (pin(),)}


def write_journal(path: Path) -> None:
    from model.scene.document import Document
    from model.scene.journal import Journal
    from model.scene.journal_records import VERSION, Facts

    more = {} if VERSION == 1 else {"extras": extras()}
    with tempfile.TemporaryDirectory() as root:
        document = Document(scene())
        facts = Facts("street", None, "streets", SEED, **more)
        journal = Journal(Path(root), document, facts)
        edit(document)
        journal.close(delete=False)
        shutil.copytree(journal.folder, path)


def write_checkpoint(path: Path) -> None:
    from model.checkpoint import save_checkpoint
    from model.conditioning import ConditioningConfig
    from model.networks.encoder import Encoder, EncoderConfig
    from model.networks.global_generator import GlobalGenerator, GlobalGeneratorConfig

    conditioning = ConditioningConfig(feature_channels=3)
    config = GlobalGeneratorConfig(
        conditioning.input_channels, base_channels=1, downsamples=1, blocks=1
    )
    encoder_config = EncoderConfig(output_channels=3, base_channels=1, downsamples=1)
    save_checkpoint(
        path,
        generator=_filled(GlobalGenerator(config)),
        generator_name="global",
        generator_config=config,
        conditioning=conditioning,
        schema_name="cityscapes",
        encoder=_filled(Encoder(encoder_config)),
        encoder_config=encoder_config,
        facts={"steps": 12},
    )


def write_styles(path: Path) -> None:
    from model.styles.book import FORMAT_VERSION, StyleBook, book_bytes

    found = centers()
    sizes = {label: np.arange(len(rows), 0, -1) for label, rows in found.items()}
    crops = {label: np.full((len(rows), 4, 6, 3), label) for label, rows in found.items()}
    more = {} if FORMAT_VERSION == 1 else {"crops": {k: v.astype("u1") for k, v in crops.items()}}
    path.write_bytes(book_bytes(StyleBook(found, sizes, **more)))


def write_library(path: Path) -> None:
    from model.styles.library import save_library

    save_library(path, library())


def library() -> Any:
    from model.styles.library import OwnStyle, StyleLibrary

    return StyleLibrary("identity", "streets", (OwnStyle("the red", "car", STYLE[0]),))


def write_state(path: Path) -> None:
    import tomllib

    import torch

    from model.training.config import config_from
    from model.training.run import Run

    with tempfile.TemporaryDirectory() as folder:
        config = config_from(tomllib.loads(TINY), "tiny")
        run = Run(Path(folder), config, torch.device("cpu"))
        for _, network in run.trainer.networks.items():
            _filled(network)
        run.step = 3
        run.save()
        shutil.copy(run.folder / "state.pt", path)


TINY = """
[generator_options]
base_channels = 1
global_downsamples = 1
global_blocks = 1
local_blocks = 1
[discriminator_options]
base_channels = 1
layers = 1
scales = 2
[losses]
perceptual = 0.0
[[stages]]
steps = 4
"""


def extras() -> Any:
    from model.scene.extras import Extras

    return Extras({26001: "the red one"}, horizon=2.5, hold_still=False)


def pin() -> Any:
    from model.scene.extras import Pin

    content = scene()
    return Pin("Paint car", content, np.full((3, 4, 3), 200, np.uint8))


def _filled(network: Any) -> Any:
    import torch

    for parameter in network.parameters():
        torch.nn.init.constant_(parameter, VALUE)
    return network


def versions() -> dict[str, int]:
    """The present version of every format."""
    from model.checkpoint_description import FORMAT_VERSION
    from model.scene import journal_records, project
    from model.styles import book
    from model.styles.library import VERSION
    from model.training.run import STATE_VERSION

    return {
        "project": project.VERSION,
        "journal": journal_records.VERSION,
        "checkpoint": FORMAT_VERSION,
        "styles": book.FORMAT_VERSION,
        "state": STATE_VERSION,
        "library": VERSION,
    }


WRITERS: dict[str, tuple[str, Callable[[Path], None]]] = {
    "project": (".labelbrush", write_project),
    "journal": ("", write_journal),
    "checkpoint": ("", write_checkpoint),
    "styles": (".npz", write_styles),
    "state": (".pt", write_state),
    "library": (".json", write_library),
}


def fixture(kind: str, version: int) -> Path:
    return DATA / f"{kind}-{version}{WRITERS[kind][0]}"


def main(kinds: list[str]) -> int:
    DATA.mkdir(exist_ok=True)
    for kind, version in versions().items():
        path = fixture(kind, version)
        if not path.exists() and (not kinds or kind in kinds):
            WRITERS[kind][1](path)
            print(path)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
