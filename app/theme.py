"""The look: Fusion with a neutral light and dark palette, and icons tinted by it.

Greys without a hue, because a coloured surround changes how a picture is judged.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from app.look import Look

ICONS = Path(__file__).parent.parent / "assets" / "icons"
ICON_SIZES = (16, 20, 24, 32, 40)  # 16 and 20 at the usual screen densities

Role = QPalette.ColorRole
_LIGHT = {
    Role.Window: "#ececec",
    Role.WindowText: "#1c1c1c",
    Role.Base: "#ffffff",
    Role.AlternateBase: "#f5f5f5",
    Role.Text: "#1c1c1c",
    Role.Button: "#f2f2f2",
    Role.ButtonText: "#1c1c1c",
    Role.BrightText: "#ffffff",
    Role.ToolTipBase: "#2b2b2b",
    Role.ToolTipText: "#f2f2f2",
    Role.PlaceholderText: "#636363",
    Role.Highlight: "#1f6fb8",
    Role.HighlightedText: "#ffffff",
    Role.Link: "#1a63a8",
    Role.Accent: "#1f6fb8",
    Role.Light: "#ffffff",
    Role.Midlight: "#f7f7f7",
    Role.Mid: "#c4c4c4",
    Role.Dark: "#a0a0a0",
    Role.Shadow: "#707070",
}
_DARK = {
    Role.Window: "#2b2b2b",
    Role.WindowText: "#e4e4e4",
    Role.Base: "#1f1f1f",
    Role.AlternateBase: "#262626",
    Role.Text: "#e4e4e4",
    Role.Button: "#383838",
    Role.ButtonText: "#e4e4e4",
    Role.BrightText: "#ffffff",
    Role.ToolTipBase: "#454545",
    Role.ToolTipText: "#f2f2f2",
    Role.PlaceholderText: "#a0a0a0",
    Role.Highlight: "#2a6fb0",
    Role.HighlightedText: "#ffffff",
    Role.Link: "#6cb2f0",
    Role.Accent: "#4a96dc",
    Role.Light: "#4a4a4a",
    Role.Midlight: "#404040",
    Role.Mid: "#1c1c1c",
    Role.Dark: "#181818",
    Role.Shadow: "#101010",
}
STATES = {  # dots beside words, 3:1 on both windows
    "idle": "#7f7f7f",
    "busy": "#b07a00",
    "good": "#2a8f3f",
    "bad": "#d64535",
}
_DISABLED = {"light": "#a2a2a2", "dark": "#6f6f6f"}
SCHEMES = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}


def apply_theme(app: QApplication, theme: str) -> None:
    """Dress the program in "light", "dark" or what the "system" prefers."""
    if not isinstance(app.style(), Look):
        app.setStyle(Look())
    hints = app.styleHints()
    hints.setColorScheme(SCHEMES[theme])
    wanted = SCHEMES[theme] if theme != "system" else hints.colorScheme()
    app.setPalette(_palette("dark" if wanted == Qt.ColorScheme.Dark else "light"))


def is_dark(palette: QPalette) -> bool:
    return palette.window().color().lightness() < 128


def _palette(name: str) -> QPalette:
    palette = QPalette()
    for role, color in (_DARK if name == "dark" else _LIGHT).items():
        palette.setColor(role, QColor(color))
    for role in (Role.WindowText, Role.Text, Role.ButtonText, Role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(_DISABLED[name]))
    palette.setColor(QPalette.ColorGroup.Disabled, Role.Highlight, palette.mid().color())
    return palette


def icon(name: str, palette: QPalette, opacity: float = 1.0) -> QIcon:
    """One of assets/icons in the palette's text colours; lists ask for it once per row."""
    normal, selected = palette.buttonText().color(), palette.highlightedText().color()
    disabled = palette.color(QPalette.ColorGroup.Disabled, Role.ButtonText)
    return _icon(name, normal.name(), disabled.name(), selected.name(), opacity)


@cache
def _icon(name: str, normal: str, disabled: str, selected: str, opacity: float) -> QIcon:
    tinted, mode = QIcon(), QIcon.Mode
    for each, color in (
        (mode.Normal, normal),
        (mode.Disabled, disabled),
        (mode.Selected, selected),
    ):
        for size in ICON_SIZES:
            tinted.addPixmap(_draw(name, size, color, opacity), each)
    return tinted


def window_icon() -> QIcon:
    return QIcon(str(ICONS / "labelbrush.svg"))


@cache
def _shape(name: str, size: int) -> QPixmap:
    """An icon without a colour: reading and drawing it is dear, tinting is not."""
    pixmap = QPixmap(QSize(size, size))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    _renderer(name).render(painter)
    painter.end()
    return pixmap


@cache
def _renderer(name: str) -> QSvgRenderer:
    return QSvgRenderer(str(ICONS / f"{name}.svg"))


@cache
def _draw(name: str, size: int, color: str, opacity: float) -> QPixmap:
    tint = QColor(color)
    tint.setAlphaF(opacity)
    pixmap = _shape(name, size).copy()
    painter = QPainter(pixmap)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(pixmap.rect(), tint)
    painter.end()
    return pixmap


def swatch(color: tuple[int, int, int], palette: QPalette, size: int = 16) -> QIcon:
    """A label's colour as a small square with a quiet outline."""
    return _swatch(color, palette.text().color().name(), size)


@cache
def _swatch(color: tuple[int, int, int], text_color: str, size: int) -> QIcon:
    result = QIcon()
    for ratio in (1, 2, 3):
        pixmap = QPixmap(size * ratio, size * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = QColor(text_color)
        edge.setAlpha(110)
        painter.setPen(edge)
        painter.setBrush(QColor(*color))
        painter.drawRoundedRect(QRectF(1.5, 1.5, size - 3, size - 3), 2.5, 2.5)
        painter.end()
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):
            result.addPixmap(pixmap, mode)
    return result
