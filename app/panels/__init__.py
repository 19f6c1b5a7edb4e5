"""Every panel beside the canvas, top to bottom. Each takes the session and the controller."""

from app.panels.instances import InstancePanel
from app.panels.labels import LabelPanel
from app.panels.styles import StylePanel

PANELS = (LabelPanel, InstancePanel, StylePanel)

__all__ = ["PANELS", "InstancePanel", "LabelPanel", "StylePanel"]
