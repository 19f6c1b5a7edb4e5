"""Edits of the selected objects, each one undo step; nothing happens in the middle of a stroke."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from app.painting import allowed
from app.session import EditorSession
from app.translation import tr
from model.errors import InputError
from model.scene.document import Document
from model.scene.filling import CANDIDATES, Filling
from model.scene.instances import is_object
from model.scene.operations import relabel_instance, remove_instances, whole_of
from model.scene.ordering import hide_objects, show_objects
from model.scene.specks import fill_holes, remove_specks
from model.scene.transform import Move, duplicate_instances, move_instances

FillingAct = Callable[[Filling], object]
OrderAct = Callable[[Document, Sequence[int]], object]
BESIDE = 1.15  # widths of the object between it and its duplicate


@dataclass(frozen=True, slots=True)
class Refill:
    """An edit that filled a place, to be done again with the next candidate.

    Attributes:
        state: of the history right after it; once that is another, it is too late.
    """

    state: int
    filling: Filling
    act: FillingAct


def edit_with_filling(session: EditorSession, act: FillingAct) -> None:
    """Do an edit, of one undo step, that fills a place; next_filling() can do it otherwise."""
    filling = Filling(horizon=session.horizon)
    before = session.document.history.state
    session.attempt(lambda: act(filling))
    after = session.document.history.state
    session.refill = Refill(after, filling, act) if after != before else None


def can_refill(session: EditorSession) -> bool:
    refill = session.refill
    return refill is not None and refill.state == session.document.history.state


def next_filling(session: EditorSession) -> None:
    """Right after an edit that filled a place: fill it with the next candidate that differs."""
    refill, document = session.refill, session.document
    if refill is None or not can_refill(session) or document.is_editing:
        return
    shown, chosen, filling = _maps(document), session.selected, refill.filling
    for _ in CANDIDATES:
        filling = filling.next
        document.undo()
        refill.act(filling)
        if any((now != then).any() for now, then in zip(_maps(document), shown, strict=True)):
            break
    session.refill = Refill(document.history.state, filling, refill.act)
    session.select_many(each for each in chosen if each in document.instance_map)


def remove_selection(session: EditorSession) -> None:
    """Remove the selected objects; their surroundings close the gap."""
    chosen, document = _editable_selection(session), session.document
    if chosen:
        edit_with_filling(session, lambda filling: remove_instances(document, chosen, filling))


def move_selection(session: EditorSession, move: Move, ordered: bool) -> None:
    """Move and scale the selected objects; what was behind them is filled."""
    chosen, document = _editable_selection(session), session.document
    if chosen and move.changes and all(is_object(each) for each in chosen):
        edit_with_filling(
            session,
            lambda filling: move_instances(
                document, chosen, move, filling, ordered, allowed(session)
            ),
        )


def nudge_selection(session: EditorSession, dx: int, dy: int) -> None:
    """Move the selected objects by whole pixels, at the size they have."""
    move_selection(session, Move(dx, dy), ordered=True)


def duplicate_selection(session: EditorSession) -> None:
    """Put a copy of the selected objects beside them, and select it."""
    chosen, document = _editable_selection(session), session.document
    if not chosen or not all(is_object(each) for each in chosen):
        return
    rect, _ = whole_of(document, chosen)
    right = rect.x1 + rect.width <= document.bounds.width
    move = Move(round(BESIDE * rect.width) * (1 if right else -1), 0)
    free = allowed(session)
    session.attempt(
        lambda: _select_seen(session, duplicate_instances(document, chosen, move, free))
    )


def _select_seen(session: EditorSession, made: Sequence[int]) -> None:
    """Select what was put down; where locks or nearer things left nothing of it, say so."""
    if made:
        session.select_many(made)
    else:
        session.refused.emit()


def fill_holes_of_selection(session: EditorSession) -> None:
    """What the selected objects enclose becomes theirs; locked labels in it stay."""

    def fill(instance_id: int) -> None:
        require_seen(session, instance_id)
        fill_holes(session.document, instance_id, session.protection)

    for instance_id in _editable_selection(session)[:1]:
        session.attempt(partial(fill, instance_id))


def remove_specks_of_selection(session: EditorSession) -> None:
    """Small separate bits of the selected objects, or of all, become what is around them."""
    if not session.document.is_editing:
        remove_specks(session.document, session.selected or None, session.protection)


def relabel_selection(session: EditorSession, label_id: int) -> None:
    """Give the selected object another label, and select what it became."""
    chosen = _editable_selection(session)
    if chosen:
        session.attempt(
            lambda: session.select(relabel_instance(session.document, chosen[0], label_id))
        )


def order_selection(session: EditorSession, act: OrderAct) -> None:
    """Bring the selected objects forward, or send them back."""
    chosen = [each for each in _editable_selection(session) if is_object(each)]
    if chosen:
        act(session.document, chosen)


def toggle_shown(session: EditorSession, instance_ids: Sequence[int]) -> None:
    """Hide objects, as if they were not there, or show them when none of them is seen."""
    document = session.document
    chosen = [each for each in _editable(session, instance_ids) if is_object(each)]
    seen = [each for each in chosen if session.is_seen(each)]
    if seen:
        edit_with_filling(session, lambda filling: hide_objects(document, seen, filling))
    elif chosen:
        show_objects(document, chosen)


def require_seen(session: EditorSession, instance_id: int) -> None:
    """Raises InputError when no pixel shows an object, and so its shape is not to be worked on."""
    if not session.is_seen(instance_id):
        raise InputError(
            tr("Nothing of the selected object is seen; show it or bring it forward first.")
        )


def toggle_locked(session: EditorSession, instance_ids: Sequence[int]) -> None:
    """Lock objects, or unlock them when all are locked."""
    chosen, locked = frozenset(instance_ids), session.protection.objects
    session.set_protection(objects=locked - chosen if chosen <= locked else locked | chosen)


def _editable_selection(session: EditorSession) -> Sequence[int]:
    return _editable(session, session.selected)


def _editable(session: EditorSession, instance_ids: Sequence[int]) -> Sequence[int]:
    """What may be edited now; with something locked among it nothing, and the pointer says so."""
    if session.document.is_editing:
        return ()
    if any(map(session.protection.locks, instance_ids)):
        session.refused.emit()
        return ()
    return instance_ids


def _maps(document: Document) -> tuple[np.ndarray, np.ndarray]:
    return document.label_map.copy(), document.instance_map.copy()
