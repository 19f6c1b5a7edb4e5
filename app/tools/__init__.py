"""Every tool the editor offers, in toolbar order. To add one: write its module, add it here."""

from app.tools.brush import BrushTool
from app.tools.dropper import DropperTool
from app.tools.eraser import EraserTool
from app.tools.fill import FillTool
from app.tools.polygon import PolygonTool
from app.tools.select import SelectTool
from app.tools.tool import Tool

TOOLS: tuple[type[Tool], ...] = (
    SelectTool,
    BrushTool,
    EraserTool,
    FillTool,
    PolygonTool,
    DropperTool,
)

__all__ = ["TOOLS", "Tool"]
