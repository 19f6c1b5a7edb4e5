"""Painting with the current label: what the tools share. Obeys locks and the paint-over mode."""

from __future__ import annotations

from app.session import EditorSession
from model.scene.geometry import BoolMask, Rect
from model.scene.raster import Point, Shape, capsule, square


def writable(session: EditorSession, rect: Rect, mask: BoolMask) -> Shape:
    """The part of a shape that lies in the picture and may be written on."""
    document = session.document
    inside = rect.intersection(document.bounds)
    allowed = session.protection.writable(
        document.label_map[inside.slices], document.instance_map[inside.slices]
    )
    return inside, mask[inside.slices_in(rect)] & allowed


def allowed(session: EditorSession) -> BoolMask:
    """(H, W), where anything may be put down."""
    document = session.document
    return session.protection.writable(document.label_map, document.instance_map)


def footprint(session: EditorSession, start: Point, end: Point) -> Shape:
    """What the brush covers from start to end inside the picture, at the pen's pressure."""
    radius = session.brush.radius * session.pressure
    draw = square if session.brush.square else capsule
    return draw(start, end, radius, session.document.bounds)


def paint_shape(
    session: EditorSession, verb: str, shape: Shape, continue_last: bool, covers: bool = True
) -> None:
    """Give a shape the current label, as one undo step named "verb label".

    covers: what was there stays hidden beneath an object; else it is replaced. Nothing but a mark
    at the pointer happens where nothing may be written on.
    """
    document, label = session.document, session.label
    rect, mask = writable(session, *shape)
    if not mask.any():
        if shape[1].any() and rect:
            session.refused.emit()
        return
    instance_id = session.stroke_instance(continue_last)
    with document.edit(f"{verb} {label.name}"):
        document.paint(rect, mask, label.id, instance_id, covers)
    if label.has_instances:
        session.select_if_present(instance_id)
