"""What styles an instance is offered, in order, and how the one it has is described."""

from __future__ import annotations

from dataclasses import dataclass

from app.session import EditorSession
from app.style_edits import style_of
from app.translation import tr
from model.scene.scene import Style
from model.styles.book import StyleBook

DIGITS = "1234567890"


@dataclass(frozen=True, slots=True)
class Choice:
    """One tile.

    Attributes:
        caption: what stands on it: the key that takes it, or its name.
        tip: its name and what more there is to say.
    """

    style: Style
    name: str
    caption: str
    tip: str


def cluster_choices(book: StyleBook, label_id: int, label: str) -> list[Choice]:
    """The clusters of a label, the largest first."""
    count = book.count(label_id)
    shares = book.sizes[label_id] / book.sizes[label_id].sum() if count else ()
    found = []
    for cluster, share in enumerate(shares):
        name = tr("Style {number}", number=cluster + 1)
        tip = tr(
            "{style}: {percent} % of what was seen of {label}",
            style=name,
            percent=round(100 * share),
            label=label,
        )
        key = DIGITS[cluster : cluster + 1]
        found.append(Choice(book.style(label_id, cluster), name, key, tip))
    return found


def describe(session: EditorSession, instance_id: int, choices: list[Choice]) -> str:
    """Which style an instance has, and whether anybody chose it."""
    style = style_of(session, instance_id)
    if style is None:
        return tr("no style")
    same = [choice.name for choice in choices if choice.style.vector == style.vector]
    name = same[0] if same else tr("between styles")
    chosen = instance_id in session.document.styles
    return name if chosen else tr("{style}, drawn by the seed", style=name)
