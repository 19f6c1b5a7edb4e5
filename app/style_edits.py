"""Edits of styles, each one undo step; nothing happens in the middle of a stroke.

A style is the feature vector an instance is drawn with; one that nobody chose is the seed's draw.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping

from app.object_edits import require_seen
from app.session import EditorSession, instance_name
from app.translation import tr
from model.errors import InputError
from model.scene.labels import label_of
from model.scene.scene import Style
from model.scene.splitting import merge_instances, split_parts

LARGEST_SEED = 999_999


def style_of(session: EditorSession, instance_id: int) -> Style | None:
    """What an instance is drawn in, chosen or drawn; None where its label has no clusters.

    What was chosen for a checkpoint with other features counts as not chosen, as for the engine.
    """
    chosen, book = session.document.styles.get(instance_id), session.book
    if book is None or (chosen is not None and len(chosen.vector) == book.feature_channels):
        return chosen
    return book.draw(label_of(instance_id), instance_id, session.style_seed)


def style_selection(session: EditorSession, style: Style) -> None:
    """Draw the selected object in a style."""
    chosen = session.selection
    if chosen is not None:
        _set(session, f"Style of {instance_name(session.document, chosen)}", {chosen: style})


def pick_cluster(session: EditorSession, cluster: int) -> None:
    """Draw the selected object in a cluster of its label, if there are so many."""
    chosen, book = session.selection, session.book
    if chosen is not None and book is not None and cluster < book.count(label_of(chosen)):
        style_selection(session, book.style(label_of(chosen), cluster))


def reroll(session: EditorSession) -> None:
    """Draw the selected objects each in another cluster than now."""
    book = _require_book(session)
    if not session.selected:
        raise InputError(tr("Select an object to roll its style."))
    styles = {}
    for each in session.selected:
        label_id = label_of(each)
        now = style_of(session, each)
        others = [book.style(label_id, n) for n in range(book.count(label_id))]
        others = [style for style in others if now is None or style.vector != now.vector]
        if others:
            styles[each] = random.choice(others)
    if not styles:
        raise InputError(tr("The checkpoint has no other style for this label."))
    _set(session, "Roll style", styles)


def apply_to_all(session: EditorSession) -> None:
    """Draw every object of the selected one's label like it."""
    chosen, label_id = _chosen_label(session)
    style = style_of(session, chosen)
    if style is None:
        raise InputError(tr("The selected object has no style to give to others."))
    name = session.document.schema.by_id(label_id).name
    _set(session, f"One style for all {name}", dict.fromkeys(_alike(session, label_id), style))


def shuffle_all(session: EditorSession) -> None:
    """Draw every object of the selected one's label in a style of its own."""
    _, label_id = _chosen_label(session)
    alike = _alike(session, label_id)
    now = {each: style_of(session, each) for each in alike}
    styles = _drawn(session, alike, any_seed())
    for _ in range(20):  # chance may draw what is there
        if styles != now:
            break
        styles = _drawn(session, alike, any_seed())
    name = session.document.schema.by_id(label_id).name
    _set(session, f"Shuffle all {name}", styles)


def roll_scene(session: EditorSession, seed: int) -> None:
    """Draw every object in the scene in the style that a seed decides."""
    everything = (info.instance_id for info in session.document.instances())
    _set(session, f"Roll all styles ({seed})", _drawn(session, everything, seed))


def any_seed() -> int:
    return random.randint(0, LARGEST_SEED)


def separate_parts(session: EditorSession) -> None:
    """Make an instance of each connected part of the selected one, and select them."""
    chosen, document = session.selection, session.document
    if chosen is not None and not document.is_editing:
        require_seen(session, chosen)
        session.select_many(split_parts(document, chosen))


def merge_selection(session: EditorSession) -> None:
    """Make the selected objects one."""
    if session.selected and not session.document.is_editing:
        session.select(merge_instances(session.document, session.selected))


def _drawn(session: EditorSession, instance_ids: Iterable[int], seed: int) -> Mapping[int, Style]:
    book = _require_book(session)
    drawn = {each: book.draw(label_of(each), each, seed) for each in instance_ids}
    return {each: style for each, style in drawn.items() if style is not None}


def _require_book(session: EditorSession):  # noqa: ANN202
    if session.book is None:
        raise InputError(tr("Open a checkpoint that has styles first."))
    return session.book


def _chosen_label(session: EditorSession) -> tuple[int, int]:
    if session.selection is None:
        raise InputError(tr("Select an object first."))
    return session.selection, label_of(session.selection)


def _alike(session: EditorSession, label_id: int) -> list[int]:
    found = session.document.instances()
    return [info.instance_id for info in found if info.label_id == label_id]


def _set(session: EditorSession, name: str, styles: Mapping[int, Style]) -> None:
    if styles and not session.document.is_editing:
        session.document.set_styles(name, styles)
