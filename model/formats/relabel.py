"""A scene in another label schema: the same objects in the same places."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from model.formats.foreign import GROUP, Foreign, adopt, find_label
from model.scene.labels import LabelSchema
from model.scene.scene import Scene

_NUMBERED = re.compile(r"numbered-\d+")


def relabelled(scene: Scene, schema: LabelSchema, mapping: Mapping[str, int]) -> Scene:
    """The scene with the labels of another schema, without styles: they belong to a checkpoint.

    A label is found by its name; by its number too when one of the schemas has only numbers,
    because equal numbers of two lists of names mean nothing. mapping says the rest, by our names;
    UnknownLabels is raised for what it lacks.
    """
    places = np.zeros(256, np.int32)
    places[list(scene.schema.ids)] = np.arange(len(scene.schema.ids))
    keys = tuple(label.name for label in scene.schema)
    known = {**_by_number(scene.schema, schema), **mapping}
    objects = np.where(scene.instance_map < 1000, GROUP, scene.instance_map)
    return adopt(
        Foreign(keys, places[scene.label_map], objects),
        f"The picture in {schema.name!r}",
        schema,
        known,
    )


def _by_number(ours: LabelSchema, theirs: LabelSchema) -> dict[str, int]:
    if not any(_NUMBERED.fullmatch(each.name) for each in (ours, theirs)):
        return {}
    return {
        label.name: label.id
        for label in ours
        if label.id in theirs and find_label(label.name, theirs, {}) is None
    }
