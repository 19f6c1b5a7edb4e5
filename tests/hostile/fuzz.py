"""Gives readers randomly changed files; anything but opening or refusing them is a failure.

    python -m tests.hostile.fuzz 20000 --seed 1

Inputs follow from the seed alone. Each batch is a process with 1 GiB more than the program itself
and a limit of work, so that running out of memory and hanging count, too. Prints a line for every
subject, with the number of inputs; exits with 1 after a failure, whose input is then kept.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import resource
import shutil
import signal
import sys
import tempfile
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np

from model.errors import InputError
from model.formats import FORMATS
from tests.hostile.crafting import labels, picture
from tests.hostile.mutation import (
    Change,
    bytes_changed,
    edits_changed,
    json_changed,
    records_changed,
    safetensors_changed,
    text_changed,
    zip_changed,
)
from tests.hostile.readers import READERS, SCHEMA
from tests.hostile.rounds import GIB, own_bytes
from tests.versions.write import TINY, fixture

BATCH = 250
CPU_SECONDS = 10  # of a batch, and 50 ms more for every input


@dataclass(frozen=True)
class Subject:
    """What is changed and read.

    Attributes:
        reader: key in READERS.
        write: makes whole files in a folder, and returns what the reader is given.
        changes: how a file is changed, by what its name ends with; one file per input.
    """

    reader: str
    write: Callable[[Path], Path]
    changes: dict[str, Change]


def whole(kind: str, version: int) -> Callable[[Path], Path]:
    """A stored file of a version."""

    def write(folder: Path) -> Path:
        source = fixture(kind, version)
        target = folder / source.name
        copy = shutil.copytree if source.is_dir() else shutil.copyfile
        copy(source, target)
        return target

    return write


def content(name: str, data: bytes) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        (folder / name).write_bytes(data)
        return folder / name

    return write


def exported(kind: str) -> Callable[[Path], Path]:
    """What a format of another program is written as."""

    def write(folder: Path) -> Path:
        from tests.versions.write import scene

        chosen = next(each for each in FORMATS if each.id == kind)
        path = folder / f"a{chosen.ending}"
        chosen.write(path, scene())
        return path

    return write


def kept_history(folder: Path) -> Path:
    """A project that keeps its edits."""
    from model.scene.document import Document
    from model.scene.project import ProjectFile, save_project
    from tests.versions.write import edit, scene

    document = Document(scene())
    edit(document)
    path = folder / "a.labelbrush"
    save_project(path, ProjectFile(document.snapshot(), edits=tuple(document.history.edits)))
    return path


def training_state(folder: Path) -> Path:
    shutil.copyfile(fixture("state", 2), folder / "state.pt")
    return folder


def official(folder: Path) -> Path:
    import torch

    from model.networks.global_generator import GlobalGenerator, GlobalGeneratorConfig

    network = GlobalGenerator(GlobalGeneratorConfig(36, base_channels=1, downsamples=1, blocks=1))
    torch.save(network.state_dict(), folder / "latest_net_G.pth")
    return folder / "latest_net_G.pth"


def legacy(folder: Path) -> Path:
    import torch

    path = official(folder)
    state = torch.load(path, weights_only=True)
    torch.save(state, path, _use_new_zipfile_serialization=False)
    return path


def clusters(folder: Path) -> Path:
    from model.official.unpickle import write_label_arrays

    write_label_arrays(folder / "features_clustered_010.npy", {7: np.ones((2, 3))})
    return folder / "features_clustered_010.npy"


def stamp(folder: Path) -> Path:
    from model.scene.stamps import Stamp, save_stamp

    save_stamp(folder / "a.png", Stamp("side", ("car",), np.ones((6, 9), np.uint8), 1.5))
    return folder / "a.png"


def schema_text() -> bytes:
    rows = [f'[[labels]]\nid = {each.id}\nname = "{each.name}"\n' for each in SCHEMA.labels[:6]]
    return ('name = "mine"\n' + "".join(f"{row}color = [1, 2, 3]\n" for row in rows)).encode()


def styles_text() -> bytes:
    return json.dumps({"26001": {"cluster": 0}, "7": {"vector": [0.5, 1.0]}}).encode()


PIXELS = np.random.default_rng(1).integers(0, 255, (20, 30, 3)).astype(np.uint8)
PROJECT = zip_changed((".json", json_changed), (".png", bytes_changed))
TORCH = zip_changed(("data.pkl", bytes_changed), ("data/", bytes_changed))
PICTURES = {
    f"{kind.lower()} picture": Subject(
        "picture", content("a", picture(PIXELS, kind)), {"": bytes_changed}
    )
    for kind in ("PNG", "JPEG", "BMP", "TIFF", "WEBP")
}
SUBJECTS: dict[str, Subject] = {
    "project": Subject("project", whole("project", 2), {"": PROJECT}),
    "old project": Subject("project", whole("project", 1), {"": PROJECT}),
    "kept history": Subject("project", kept_history, {"": zip_changed(("history", edits_changed))}),
    "schema": Subject("schema", content("a.toml", schema_text()), {"": text_changed}),
    "styles": Subject("styles", whole("styles", 2), {"": zip_changed((".npy", bytes_changed))}),
    "checkpoint": Subject(
        "checkpoint",
        whole("checkpoint", 1),
        {".json": json_changed, ".safetensors": safetensors_changed},
    ),
    "official": Subject("official", official, {"": TORCH}),
    "old official": Subject("official", legacy, {"": bytes_changed}),
    "clusters": Subject("clusters", clusters, {"": bytes_changed}),
    "state": Subject("state", training_state, {"": TORCH}),
    "journal": Subject(
        "journal", whole("journal", 2), {".log": records_changed, ".labelbrush": PROJECT}
    ),
    "polygons": Subject("foreign", exported("polygons"), {"": json_changed}),
    "labelme": Subject("foreign", exported("labelme"), {"": json_changed}),
    "panoptic": Subject(
        "foreign", exported("panoptic"), {".json": json_changed, ".png": bytes_changed}
    ),
    "cvat": Subject(
        "foreign",
        exported("cvat"),
        {"": zip_changed((".txt", text_changed), (".png", bytes_changed))},
    ),
    "maps": Subject("foreign", exported("cityscapes"), {"": bytes_changed}),
    "labels": Subject("labels", content("a.png", labels()), {"": bytes_changed}),
    "stamp": Subject("stamp", stamp, {"": bytes_changed}),
    "library": Subject("library", whole("library", 1), {"": json_changed}),
    "configuration": Subject("config", content("a.toml", TINY.encode()), {"": text_changed}),
    "style entries": Subject("entries", content("a.json", styles_text()), {"": json_changed}),
    **PICTURES,
}


@dataclass
class Tally:
    opened: int = 0
    refused: int = 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("inputs", type=int, help="of every subject")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--subject", choices=SUBJECTS, action="append")
    args = parser.parse_args()
    root, tried, failed = Path(tempfile.mkdtemp(prefix="fuzz-")), 0, False
    READERS["state"](training_state(root))  # what torch loads late is loaded now
    for name in args.subject or SUBJECTS:
        tally = Tally()
        for start in range(0, args.inputs, BATCH):
            numbers = range(start, min(start + BATCH, args.inputs))
            failed |= not batch(name, numbers, args.seed, root, tally)
        inputs = tally.opened + tally.refused
        tried += inputs
        print(
            f"{name}: {inputs} inputs, {tally.opened} opened, {tally.refused} refused", flush=True
        )
    print(f"{tried} inputs tried, {'some failed' if failed else 'none failed'}")
    if not failed:
        shutil.rmtree(root)
    return 1 if failed else 0


def batch(name: str, numbers: range, seed: int, root: Path, tally: Tally) -> bool:
    """Whether every input of a range was opened or refused; each failure is printed."""
    folder = root / f"{name.replace(' ', '-')}-{numbers.start}"
    folder.mkdir()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        status = 1
        try:
            with os.fdopen(writing, "wb") as pipe:
                play(SUBJECTS[name], name, numbers, seed, folder, pipe)
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    last, whole = numbers.start - 1, True
    with os.fdopen(reading, "rb") as pipe:
        while True:
            try:
                last, outcome = pickle.load(pipe)
            except EOFError:
                break
            tally.opened += outcome == "opened"
            tally.refused += outcome == "refused"
            if outcome not in ("opened", "refused"):
                whole = False
                print(f"{name} {last}, seed {seed}: {outcome}; kept in {folder}")
    _, status = os.waitpid(child, 0)
    if status:
        ended = signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else "itself"
        print(f"{name} {last + 1}, seed {seed}: ended by {ended}; kept in {folder}")
    return whole and not status


def play(subject: Subject, name: str, numbers: range, seed: int, folder: Path, pipe) -> None:
    """In a child: change, read, report; a failed input stays in its folder."""
    warnings.simplefilter("ignore")
    most = own_bytes(virtual=True) + GIB
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    seconds = CPU_SECONDS + len(numbers) // 20
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    given = subject.write(folder)
    originals = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for number in numbers:
        random = Random(f"{seed} {name} {number}")
        path, change = chosen(subject, originals, random)
        path.write_bytes(change(originals[path], random))
        outcome = "opened"
        try:
            READERS[subject.reader](given)
        except InputError as error:
            shown = str(error)
            outcome = "refused" if shown.isprintable() and shown else f"sentence {shown!r}"
        except BaseException as error:
            outcome = f"{type(error).__name__}: {error}"[:2000]
        if outcome not in ("opened", "refused"):
            shutil.copyfile(path, folder.parent / f"{folder.name}-{number}-{path.name}")
        pickle.dump((number, outcome), pipe)
        pipe.flush()
        path.write_bytes(originals[path])


def chosen(subject: Subject, originals: dict[Path, bytes], random: Random) -> tuple[Path, Change]:
    path = random.choice(
        [p for p in sorted(originals) if any(map(p.name.endswith, subject.changes))]
    )
    return path, next(c for end, c in subject.changes.items() if path.name.endswith(end))


if __name__ == "__main__":
    sys.exit(main())
