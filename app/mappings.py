"""What people said the labels of other files mean, by label schema; kept in the settings."""

from __future__ import annotations

from collections.abc import Mapping

from app.settings import Settings
from model.scene.labels import LabelSchema

SETTING = "files/mappings"
_GAP = "\t"
MOST = 2000


class Mappings:
    def __init__(self, settings: Settings, schema: LabelSchema) -> None:
        self._settings = settings
        self._schema = schema

    def get(self) -> dict[str, int]:
        """Label ids by what files call them; entries that make no sense are passed over."""
        known: dict[str, int] = {}
        for entry in self._settings.get(SETTING):
            parts = entry.split(_GAP)
            ours = len(parts) == 3 and parts[0] == self._schema.name and parts[2].isdecimal()
            if ours and int(parts[2]) in self._schema:
                known[parts[1]] = int(parts[2])
        return known

    def add(self, mapping: Mapping[str, int]) -> None:
        entries = list(self._settings.get(SETTING))
        name = self._schema.name
        entries += [_GAP.join((name, key, str(label))) for key, label in mapping.items()]
        self._settings.set(SETTING, entries[-MOST:])
