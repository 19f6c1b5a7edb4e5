"""READERS: everything that reads bytes from outside, by what it reads."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch

from app.settings import DEFAULTS, Settings
from model.checkpoint import load_encoder, load_generator, open_checkpoint
from model.formats.importing import import_scene
from model.inference.command import read_style_entries
from model.official.options import read_options
from model.official.unpickle import read_label_arrays
from model.scene.labels import CITYSCAPES_NAME, load_schema
from model.scene.maps import read_instance_map, read_label_map, read_picture
from model.scene.project import load_project
from model.scene.recovery import read_journal
from model.scene.stamps import load_stamp
from model.styles.book import load_book
from model.styles.library import load_library
from model.training.config import load_config
from model.training.run import Run
from model.training.status import status

logging.disable(logging.WARNING)
SCHEMA = load_schema(CITYSCAPES_NAME)


def _checkpoint(path: Path) -> None:
    checkpoint = open_checkpoint(path)
    load_generator(checkpoint)
    load_encoder(checkpoint)


def _official(path: Path) -> None:
    checkpoint = open_checkpoint(path, "35+1")
    load_generator(checkpoint)


def _settings(path: Path) -> None:
    settings = Settings(path)
    for name in DEFAULTS:
        settings.get(name)


READERS: dict[str, Callable[[Path], object]] = {
    "picture": read_picture,
    "labels": lambda path: read_label_map(path, SCHEMA),
    "instances": read_instance_map,
    "stamp": load_stamp,
    "project": load_project,
    "journal": read_journal,
    "schema": load_schema,
    "foreign": lambda path: import_scene(path, SCHEMA, {}),
    "checkpoint": _checkpoint,
    "styles": load_book,
    "library": load_library,
    "official": _official,
    "clusters": read_label_arrays,
    "options": read_options,
    "state": lambda folder: Run.resume(folder, torch.device("cpu")),
    "config": lambda path: load_config(path=path),
    "status": status,
    "entries": read_style_entries,
    "settings": _settings,
}
