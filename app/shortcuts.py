"""Shortcuts: keys that a person chose instead of the table's, kept in the settings."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence

from app.actions import ActionTable
from app.settings import Settings

NAME = "keys/changed"  # a list of "action id=key; key"


class Shortcuts:
    """Applies what the settings say when made, and keeps what set() changes."""

    def __init__(self, table: ActionTable, settings: Settings) -> None:
        self._table = table
        self._settings = settings
        self._changed: dict[str, str] = {}
        for entry in settings.get(NAME):
            action_id, _, text = entry.partition("=")
            if action_id in table.by_id:
                self._changed[action_id] = text
                table.set_keys(action_id, _keys(text))

    def keys(self, action_id: str) -> list[QKeySequence]:
        return self._table.by_id[action_id].shortcuts()

    def is_changed(self, action_id: str) -> bool:
        return action_id in self._changed

    def users_of(self, key: QKeySequence, but: str = "") -> list[str]:
        """Ids of the actions that have that key."""
        return [
            action_id
            for action_id, action in self._table.by_id.items()
            if action_id != but and key in action.shortcuts()
        ]

    def set(self, action_id: str, key: QKeySequence) -> None:
        """Give an action one key, or with an empty one none; whoever had it loses it."""
        for other in self.users_of(key, but=action_id) if not key.isEmpty() else []:
            self._store(other, [each for each in self.keys(other) if each != key])
        self._store(action_id, [] if key.isEmpty() else [key])

    def reset(self, action_id: str) -> None:
        """The table's keys again; whoever was given one of them loses it."""
        self._changed.pop(action_id, None)
        self._table.set_keys(action_id, None)
        for key in self.keys(action_id):
            for other in self.users_of(key, but=action_id):
                self._store(other, [each for each in self.keys(other) if each != key])
        self._save()

    def reset_all(self) -> None:
        self._changed.clear()
        for action_id in self._table.by_id:
            self._table.set_keys(action_id, None)
        self._save()

    def _store(self, action_id: str, keys: list[QKeySequence]) -> None:
        self._changed[action_id] = "; ".join(key.toString(PORTABLE) for key in keys)
        self._table.set_keys(action_id, keys)
        self._save()

    def _save(self) -> None:
        self._settings.set(NAME, [f"{name}={text}" for name, text in self._changed.items()])


PORTABLE = QKeySequence.SequenceFormat.PortableText


def _keys(text: str) -> list[QKeySequence]:
    return QKeySequence.listFromString(text, PORTABLE) if text else []
