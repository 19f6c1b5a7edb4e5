"""Edits of the selected object, each one undo step; nothing happens in the middle of a stroke."""

from __future__ import annotations

from app.session import EditorSession, instance_name
from model.scene.operations import relabel_instance, remove_instance
from model.scene.scene import Style


def remove_selection(session: EditorSession) -> None:
    """Remove the selected object; its surroundings close the gap."""
    chosen = _editable_selection(session)
    if chosen is not None:
        session.attempt(lambda: remove_instance(session.document, chosen))


def relabel_selection(session: EditorSession, label_id: int) -> None:
    """Give the selected object another label, and select what it became."""
    chosen = _editable_selection(session)
    if chosen is not None:
        session.attempt(
            lambda: session.select(relabel_instance(session.document, chosen, label_id))
        )


def style_selection(session: EditorSession, style: Style) -> None:
    """Draw the selected object in a style."""
    chosen = _editable_selection(session)
    if chosen is not None:
        name = f"Style of {instance_name(session.document, chosen)}"
        session.document.set_styles(name, {chosen: style})


def _editable_selection(session: EditorSession) -> int | None:
    return None if session.document.is_editing else session.selection
