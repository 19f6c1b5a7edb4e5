"""Every tool the editor offers, in toolbar order. To add one: write its module, add it here."""

from app.tools.brush import BrushTool
from app.tools.dropper import DropperTool
from app.tools.eraser import EraserTool
from app.tools.fill import FillTool
from app.tools.polygon import LassoTool, PolygonTool
from app.tools.relabel import RelabelTool
from app.tools.select import SelectTool
from app.tools.separate import SeparateTool
from app.tools.shapes import LineTool, RectangleTool
from app.tools.stamp import StampTool
from app.tools.style import StyleTool
from app.tools.tool import Tool
from app.tools.wand import WandTool

TOOLS: tuple[type[Tool], ...] = (
    SelectTool,
    WandTool,
    StampTool,
    BrushTool,
    EraserTool,
    LineTool,
    RectangleTool,
    PolygonTool,
    LassoTool,
    FillTool,
    RelabelTool,
    SeparateTool,
    StyleTool,
    DropperTool,
)

__all__ = ["TOOLS", "Tool"]
