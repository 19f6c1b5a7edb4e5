"""CheckpointList: the checkpoints that are known here, and what is remembered of each.

Bundled ones, those of training runs beside the program, and those that were added or opened.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QImageWriter

from app.checkpoints import BUNDLED
from app.errors import Notice
from app.jobs import Jobs, Report
from app.rendering.status import RenderStatus
from app.settings import Settings
from app.translation import decimal, tr
from model.errors import CheckpointError
from model.inference.card import Card, Pixels, draw_sample, read_card
from model.scene.reading import parse_json, read_bytes

DESCRIPTION = "checkpoint.json"
RUNS = Path("runs")
RUN_CHECKPOINT = "checkpoint"
FOLDER = "checkpoints"
TIMES = "times.json"
KEPT_TIMES = 9  # frames; their median is shown
MOST = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """Attributes:
    origin: "bundled", "run" or "added".
    card: None until it was looked at; problem: why there is none, in one sentence.
    picture: a PNG file of a small sample, if there is one.
    """

    path: Path
    origin: str
    card: Card | None = None
    problem: str = ""
    picture: Path | None = None


class CheckpointList(QObject):
    """Looks at checkpoints and paints their samples beside the window.

    Signals:
    changed: an entry came, went or became known.
    """

    changed = Signal()

    def __init__(self, settings: Settings, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._jobs = jobs
        self._folder = settings.data_folder / FOLDER
        self._cards: dict[str, Card | str] = {}  # a problem instead of a card
        self._asked: set[str] = set()  # to be looked at, or painted
        self._times = _read_times(self._folder / TIMES)
        self._wanted = False  # whether samples are to be painted

    def entries(self) -> list[Entry]:
        bundled = sorted(path.parent for path in BUNDLED.glob(f"*/{DESCRIPTION}"))
        runs = [found for run in _subfolders(RUNS) for found in find_checkpoints(run)]
        added = map(Path, self._settings.get("checkpoints/added"))
        removed = set(self._settings.get("checkpoints/removed"))
        entries: dict[Path, Entry] = {}
        for origin, paths in (("bundled", bundled), ("run", runs), ("added", added)):
            for path in paths:
                path = path.resolve()
                if str(path) not in removed:
                    entries.setdefault(path, self._entry(path, origin))
        return list(entries.values())

    def add(self, path: Path) -> list[Path]:
        """Take a checkpoint, or all that lie in a folder, into the list.

        Raises CheckpointError when there is none.
        """
        found = [each.resolve() for each in find_checkpoints(path)]
        if not found:
            raise CheckpointError(
                f"{path} is no checkpoint: it needs {DESCRIPTION} or the official latest_net_G.pth."
            )
        texts = [str(each) for each in found]
        self._keep("checkpoints/added", texts, [])
        self._keep("checkpoints/removed", [], texts)
        self.refresh()
        return found

    def remove(self, path: Path) -> None:
        """Take a checkpoint out of the list; its files stay."""
        self._keep("checkpoints/added", [], [str(path)])
        self._keep("checkpoints/removed", [str(path)], [])
        self.changed.emit()

    def refresh(self) -> None:
        """Look again at everything, and paint the samples that are missing."""
        self._wanted = True
        self._cards = {key: card for key, card in self._cards.items() if isinstance(card, Card)}
        for entry in self.entries():
            if entry.card is None:
                self._look(entry.path)
            else:
                self._paint(entry)
        self.changed.emit()

    def record(self, path: Path, status: RenderStatus, size: tuple[int, int]) -> None:
        """Remember what an exact frame of (height, width) took."""
        if status.info is None or not status.seconds:
            return
        where = f"{status.info.device} {status.info.precision}"
        kind = f"{size[1]}x{size[0]}, {where}"
        kinds = self._times.setdefault(_key(path), {})
        times = kinds.pop(kind, deque(maxlen=KEPT_TIMES))
        times.append(round(status.seconds, 4))
        kinds[kind] = times  # the newest kind stands last
        if len(times) == 1:
            self.changed.emit()

    def frame_time(self, path: Path) -> str:
        """The measured time of a frame and below it where; "" when none was painted yet."""
        kinds = self._times.get(_key(path), {})
        if not kinds:
            return ""
        kind, times = list(kinds.items())[-1]
        seconds = median(times)
        shown = f"{decimal(seconds)} s" if seconds >= 1 else f"{1000 * seconds:.0f} ms"
        return f"{shown}\n{kind}"

    def save_times(self) -> None:
        content = {
            key: {kind: list(times) for kind, times in kinds.items()}
            for key, kinds in list(self._times.items())[-MOST:]
        }
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / TIMES).write_text(json.dumps(content), "utf-8")

    def _entry(self, path: Path, origin: str) -> Entry:
        known = self._cards.get(_key(path))
        picture = self._picture(path)
        entry = Entry(path, origin, picture=picture if os.path.exists(picture) else None)
        if isinstance(known, Card):
            return replace(entry, card=known)
        return replace(entry, problem=known or "")

    def _look(self, path: Path) -> None:
        key = _key(path)
        if key in self._asked:
            return
        self._asked.add(key)

        def know(card: Card | str) -> None:
            self._asked.discard(key)
            self._cards[key] = card
            self.changed.emit()
            entry = next((each for each in self.entries() if each.path == path), None)
            if entry is not None and entry.card is not None and self._wanted:
                self._paint(entry)

        def refuse(notice: Notice) -> None:
            know(notice.text)

        self._jobs.run(
            tr("Look at {checkpoint}", checkpoint=path.name),
            lambda _: read_card(path),
            know,
            refuse,
        )

    def _paint(self, entry: Entry) -> None:
        card, key = entry.card, f"picture {_key(entry.path)}"
        if entry.picture is not None or key in self._asked or card is None or not card.fits:
            return
        self._asked.add(key)  # once: what failed would fail again

        def work(report: Report) -> Pixels:
            pixels = draw_sample(entry.path)
            report(1, 1)
            return pixels

        keep = partial(self._keep_picture, self._picture(entry.path))
        title = tr("Sample of {checkpoint}", checkpoint=entry.path.name)
        self._jobs.run(title, work, keep, lambda _: None)

    def _keep_picture(self, file: Path, pixels: Pixels) -> None:
        height, width, _ = pixels.shape
        image = QImage(pixels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            QImageWriter(str(file), b"png").write(image)
            self.changed.emit()

    def _picture(self, path: Path) -> Path:
        return self._folder / f"{_key(path)}.png"

    def _keep(self, setting: str, more: Iterable[str], less: Iterable[str]) -> None:
        gone = {*more, *less}
        kept = [text for text in self._settings.get(setting) if text not in gone]
        self._settings.set(setting, [*kept, *more][-MOST:])


def find_checkpoints(path: Path) -> list[Path]:
    """The checkpoint that a path is, that of a training run, or those one folder below."""
    if path.name == DESCRIPTION:
        path = path.parent
    if _is_checkpoint(path):
        return [path]
    if _is_checkpoint(path / RUN_CHECKPOINT):
        return [path / RUN_CHECKPOINT]
    return [each for folder in _subfolders(path) for each in _direct(folder)]


def _direct(path: Path) -> list[Path]:
    choices = (path, path / RUN_CHECKPOINT)
    return [choice for choice in choices if _is_checkpoint(choice)][:1]


def _is_checkpoint(path: Path) -> bool:
    """By the names of its files; whether it is whole is seen when it is looked at."""
    if os.path.isfile(path):
        return path.suffix == ".pth"
    if any(os.path.isfile(path / inner / DESCRIPTION) for inner in ("", "next")):
        return True
    return os.path.isdir(path) and any(path.glob("*_net_G.pth"))


def _subfolders(path: Path) -> list[Path]:
    try:
        return sorted(each for each in path.iterdir() if os.path.isdir(each))
    except OSError:
        return []


def _key(path: Path) -> str:
    """Of the weights as they are now: those of a run that goes on are others."""
    path = path.resolve()
    described = path / DESCRIPTION
    try:
        when = (described if os.path.exists(described) else path).stat().st_mtime_ns
    except OSError:
        when = 0
    return hashlib.sha256(os.fsencode(path) + str(when).encode()).hexdigest()[:24]


MAX_TIMES_BYTES = 2**20


def _read_times(file: Path) -> dict[str, dict[str, deque[float]]]:
    """Nothing when there is no such file, or it makes no sense."""
    try:
        content = parse_json(read_bytes(file, CheckpointError, MAX_TIMES_BYTES))
        return {
            str(key): {
                str(kind): deque((float(each) for each in times), KEPT_TIMES)
                for kind, times in kinds.items()
                if times
            }
            for key, kinds in content.items()
        }
    except (CheckpointError, ValueError, TypeError, AttributeError, OverflowError):
        return {}
