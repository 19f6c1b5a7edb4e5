"""Fails every write, flush and rename of a save, one after another, and looks at what is left.

    python -m tests.safety.fault_rounds 1000 project journal checkpoint state

Each round is a process of its own in which one call fails, is torn in half or is the last. What
was there before, or what was to be there, must be whole afterwards. Prints a line per subject.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np

from model.scene import files, journal, journal_records, project
from model.scene.document import Document
from model.scene.files import backup_of
from model.scene.journal_records import Facts
from model.scene.recovery import read_journal
from tests.safety.faults import Faults, faulty
from tests.safety.stories import digest, play, start_scene

KINDS = ("error", "torn", "kill")
Seen = str


@dataclass(frozen=True)
class Subject:
    """What is written: `old` prepares a folder, `new` writes over it, `look` names what it holds.

    `fine` lists what may be found after a failure at any call.
    """

    modules: tuple[ModuleType, ...]
    old: Callable[[Path], object]
    new: Callable[[Path], object]
    look: Callable[[Path], Seen]
    fine: tuple[Seen, ...] = ("old", "new")
    buffer: int = 0  # as in faulty()


def main(most: int, names: list[str]) -> int:
    """most: so many calls are failed, evenly chosen; all of them when there are fewer."""
    for name in names:
        subject = SUBJECTS[name]()
        count = number_of_calls(subject)
        calls = range(1, count + 1, max(1, count // most))
        results = [one_round(subject, kind, at) for kind in KINDS for at in calls]
        print(f"{name}: {count} calls, {len(results)} failures, {tally(results)}")
        assert set(results) <= set(subject.fine), f"{name}: {tally(results)}"
    return 0


def tally(results: list[Seen]) -> str:
    return ", ".join(f"{results.count(seen)} {seen}" for seen in sorted(set(results)))


def number_of_calls(subject: Subject) -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subject.old(folder)
        assert subject.look(folder) == "old"
        faults = Faults(None)
        with faulty(faults, *subject.modules, buffer=subject.buffer):
            subject.new(folder)
        assert subject.look(folder) == "new"
        return faults.calls


def one_round(subject: Subject, kind: str, at: int) -> Seen:
    folder = Path(tempfile.mkdtemp(prefix="fault-"))
    try:
        subject.old(folder)
        child = os.fork()
        if child == 0:
            status = 1
            try:
                with faulty(Faults(at, kind), *subject.modules, buffer=subject.buffer):
                    subject.new(folder)
                status = 0
            except Exception:
                status = 2  # told the person why
            finally:
                os._exit(status)
        _, ended = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(ended)
        seen = subject.look(folder)
        assert code in (0, 2, 9), f"{kind} at {at} ended with {code}"
        assert not (code == 0 and seen == "old"), f"{kind} at {at} kept quiet"
        left = [path.name for path in folder.rglob("*.tmp")]
        assert kind != "error" or not left, f"{kind} at {at} left {left}"
        return seen
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def project_subject() -> Subject:
    scenes = [start_scene(64, 48), start_scene(48, 64)]
    paths = "street.labelbrush"

    def look(folder: Path) -> Seen:
        size = project.load_project(folder / paths).scene.size
        kept = backup_of(folder / paths)
        if kept.exists():
            assert project.load_project(kept).scene.size == scenes[0].size
        return "old" if size == scenes[0].size else "new"

    def save(folder: Path, scene: object) -> None:
        project.save_project(folder / paths, project.ProjectFile(scene))  # type: ignore[arg-type]

    return Subject(
        (files, project),
        lambda folder: save(folder, scenes[0]),
        lambda folder: save(folder, scenes[1]),
        look,
    )


def journal_subject() -> Subject:
    """The last steps of a story, with a compaction among them; a failure must leave a prefix."""
    states: list[str] = []
    before = 6

    def tell(folder: Path, upto: int) -> None:
        document, rng = Document(start_scene(48, 32)), np.random.default_rng(3)
        record = journal.Journal(folder / "journals", document, Facts("street"), max_steps=4)
        record.wait()
        for _ in range(upto):
            play(document, rng)
        failed = record.failed
        record.close(delete=False)
        if failed:
            raise failed

    document, rng = Document(start_scene(48, 32)), np.random.default_rng(3)
    states.append(digest(document))
    document.step_listeners.append(lambda *_: states.append(digest(document)))
    for _ in range(before + 6):
        play(document, rng)

    def look(folder: Path) -> Seen:
        found = sorted((folder / "journals").glob("[!.]*/"))
        if not found:
            return "old"
        if not list(found[-1].glob("keyframe-*")):
            return "old"  # nothing was finished yet
        state = digest(read_journal(found[-1]).document)
        assert state in states, "no prefix of the story"
        return "new" if state == states[-1] else "old" if state == states[0] else "prefix"

    return Subject(
        (files, project, journal, journal_records),
        lambda folder: None,
        lambda folder: tell(folder, before + 6),
        look,
        ("old", "prefix", "new"),
    )


def checkpoint_subject() -> Subject:
    from model import checkpoint_folder

    return Subject(
        (files, checkpoint_folder),
        lambda folder: write_checkpoint(folder, 1.0, book=True),
        lambda folder: write_checkpoint(folder, 2.0, book=False),
        look_at_checkpoint,
    )


def write_checkpoint(folder: Path, value: float, book: bool) -> None:
    """A generator and an encoder whose every weight is value."""
    import torch

    from model.checkpoint import save_checkpoint
    from model.conditioning import ConditioningConfig
    from model.networks.encoder import Encoder, EncoderConfig
    from model.networks.global_generator import GlobalGenerator, GlobalGeneratorConfig
    from model.scene.labels import CITYSCAPES_NAME
    from model.styles.book import StyleBook

    conditioning = ConditioningConfig(feature_channels=3)
    config = GlobalGeneratorConfig(conditioning.input_channels, 3, 2, downsamples=1, blocks=1)
    encoder_config = EncoderConfig(output_channels=3, base_channels=2, downsamples=1)
    generator, encoder = GlobalGenerator(config), Encoder(encoder_config)
    for parameter in (*generator.parameters(), *encoder.parameters()):
        torch.nn.init.constant_(parameter, value)
    centers = {7: np.full((1, 3), value, np.float32)}
    save_checkpoint(
        folder / "checkpoint",
        generator=generator,
        generator_name="global",
        generator_config=config,
        conditioning=conditioning,
        schema_name=CITYSCAPES_NAME,
        encoder=encoder,
        encoder_config=encoder_config,
        style_book=StyleBook(centers, {7: np.ones(1)}) if book else None,
        facts={"value": value},
    )


def look_at_checkpoint(folder: Path) -> Seen:
    from model.checkpoint import load_encoder, load_generator, open_checkpoint

    opened = open_checkpoint(folder / "checkpoint")
    encoder = load_encoder(opened)
    assert encoder is not None
    values = {opened.facts["value"]}
    for network in (load_generator(opened), encoder):
        values |= {float(parameter.detach().mean()) for parameter in network.parameters()}
    assert len(values) == 1, f"a mixture: {values}"
    assert (opened.style_book is None) == (values == {2.0})
    return "old" if values == {1.0} else "new"


def state_subject() -> Subject:
    """The state of a run. Looking at it unpacks every tensor, without building the run anew."""
    import tomllib

    import torch

    from model.training.config import config_from
    from model.training.packing import unpack
    from model.training.run import Run
    from model.training.state_file import read_state
    from model.training.status import STATE
    from tests.versions.write import TINY

    torch.set_num_threads(1)
    home = Path(tempfile.mkdtemp(prefix="fault-run-"))
    run = Run(home, config_from(tomllib.loads(TINY), "tiny"), torch.device("cpu"))
    run.step = 1
    run.save()
    old = (home / STATE).read_bytes()
    shutil.rmtree(home)

    def write(folder: Path) -> None:
        run.folder, run.step = folder, 2
        run.save()

    def look(folder: Path) -> Seen:
        state = unpack(read_state(folder / STATE, folder / STATE))
        return {1: "old", 2: "new"}[state["step"]]

    return Subject(
        (files,), lambda folder: (folder / STATE).write_bytes(old), write, look, buffer=4096
    )


SUBJECTS = {
    "project": project_subject,
    "journal": journal_subject,
    "checkpoint": checkpoint_subject,
    "state": state_subject,
}

if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]), sys.argv[2:]))
