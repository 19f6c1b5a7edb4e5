"""What styles an instance is offered, in order, and how the one it has is described."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.session import EditorSession
from app.style_edits import style_of
from app.translation import tr
from model.scene.scene import Style
from model.styles.book import StyleBook
from model.styles.library import OwnStyle


@dataclass(frozen=True, slots=True)
class Choice:
    """One tile.

    Attributes:
        caption: what stands on it: its number or its name.
        tip: its name and what more there is to say.
        own: it is one of the user's library, under this name.
    """

    style: Style
    name: str
    caption: str
    tip: str
    own: bool = False


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
        found.append(Choice(book.style(label_id, cluster), name, str(cluster + 1), tip))
    return found


def own_choices(styles: Iterable[OwnStyle], label: str) -> list[Choice]:
    """Styles of the user's library, to be offered to a label."""
    return [
        Choice(
            each.style,
            each.name,
            each.name,
            each.name if each.label == label else f"{each.name} ({each.label})",
            own=True,
        )
        for each in styles
    ]


def describe(session: EditorSession, instance_id: int, choices: list[Choice]) -> str:
    """Which style an instance has, and whether anybody chose it."""
    style = style_of(session, instance_id)
    if style is None:
        return tr("no style")
    same = [choice for choice in choices if choice.style.vector == style.vector]
    same.sort(key=lambda choice: not choice.own)  # the user's name says more
    name = same[0].name if same else tr("between styles")
    chosen = instance_id in session.document.styles
    return name if chosen else tr("{style}, by the seed", style=name)
