"""Which labels are locked or hidden, and what may be painted over.

None of it is a step of the history: undo brings back the picture, never what one looks at, and an
eye closed by mistake must not cost the strokes made since. What changes many labels at once takes
itself back when it is done again.
"""

from __future__ import annotations

from app.session import EditorSession, instance_name
from app.translation import mark, tr
from model.scene.protection import PaintOver


def toggle_lock(session: EditorSession, label_id: int) -> None:
    session.set_protection(locked=session.protection.locked ^ {label_id})


def lock_others(session: EditorSession) -> None:
    """Lock every label but the current; when that is so already, those that were before."""
    others = frozenset(session.document.schema.ids) - {session.brush.label_id}
    locked, before = session.protection.locked, session.locked_before
    session.locked_before = frozenset() if locked == others else locked
    session.set_protection(locked=before if locked == others else others)


def toggle_hidden(session: EditorSession, label_id: int) -> None:
    session.hide_labels(session.hidden ^ {label_id})


def solo(session: EditorSession, label_id: int) -> None:
    """Show only that label; when that is so already, those that were shown before."""
    others = frozenset(session.document.schema.ids) - {label_id}
    hidden, before = session.hidden, session.hidden_before
    session.hidden_before = frozenset() if hidden == others else hidden
    session.hide_labels(before if hidden == others else others)


def show_all(session: EditorSession) -> None:
    """Show and unlock all labels; when that is so already, as it was before."""
    hidden, locked = session.hidden, session.protection.locked
    before = (session.hidden_before, session.locked_before)
    session.hidden_before, session.locked_before = hidden, locked
    hidden, locked = (frozenset(), frozenset()) if hidden or locked else before
    session.hide_labels(hidden)
    session.set_protection(locked=locked)


def next_over(session: EditorSession, label_id: int) -> None:
    """The next paint-over mode; over that label, or inside the selected instance."""
    modes = list(PaintOver)
    if session.selection is None:
        modes.remove(PaintOver.INSTANCE)
    now = session.protection.over
    place = modes.index(now) if now in modes else 0
    set_over(session, modes[(place + 1) % len(modes)], label_id)


def set_over(session: EditorSession, over: PaintOver, label_id: int) -> None:
    instance_id = session.selection or session.protection.instance_id
    session.set_protection(over=over, label_id=label_id, instance_id=instance_id)


def over_name(session: EditorSession, over: PaintOver) -> str:
    """How a person reads a mode, with what it is about while it is in use."""
    protection, document = session.protection, session.document
    if over is PaintOver.LABEL and protection.over is over:
        return tr("Only over {label}", label=document.schema.by_id(protection.label_id).name)
    if over is PaintOver.INSTANCE and protection.over is over:
        return tr("Only inside {name}", name=instance_name(document, protection.instance_id))
    return tr(OVER_NAMES[over])


OVER_NAMES = {
    PaintOver.UNLOCKED: mark("All unlocked labels"),
    PaintOver.EVERYTHING: mark("Everything, locks or not"),
    PaintOver.LABEL: mark("Only over one label"),
    PaintOver.INSTANCE: mark("Only inside the selected object"),
}
