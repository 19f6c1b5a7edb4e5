"""Every panel beside the canvas, top to bottom. Each takes the session and the controller."""

from app.panels.history import HistoryPanel
from app.panels.instances import InstancePanel
from app.panels.labels import LabelPanel
from app.panels.render import RenderPanel
from app.panels.stamps import StampPanel
from app.panels.styles import StylePanel

PANELS = (LabelPanel, InstancePanel, StampPanel, StylePanel, HistoryPanel, RenderPanel)
STACKED = {
    InstancePanel: LabelPanel,
    StampPanel: LabelPanel,
    HistoryPanel: StylePanel,
    RenderPanel: StylePanel,
}
"""Panels that share the place of another, as tabs."""

__all__ = [
    "PANELS",
    "STACKED",
    "HistoryPanel",
    "InstancePanel",
    "LabelPanel",
    "RenderPanel",
    "StampPanel",
    "StylePanel",
]
