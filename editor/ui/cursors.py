"""The shapes of the pointer that tools ask for by name."""

from functools import cache

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QCursor, QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from editor.ui import theme

_SHAPES = {
    "arrow": Qt.CursorShape.ArrowCursor,
    "cross": Qt.CursorShape.CrossCursor,
    "move": Qt.CursorShape.SizeAllCursor,
    "hand": Qt.CursorShape.OpenHandCursor,
    "grabbing": Qt.CursorShape.ClosedHandCursor,
    "point": Qt.CursorShape.PointingHandCursor,
    "size-ns": Qt.CursorShape.SizeVerCursor,
    "size-ew": Qt.CursorShape.SizeHorCursor,
    "size-nwse": Qt.CursorShape.SizeFDiagCursor,
    "size-nesw": Qt.CursorShape.SizeBDiagCursor,
    "none": Qt.CursorShape.BlankCursor,
}
# Drawn from the icon of this name; the tip is at this part of its width and height.
_DRAWN = {
    "eyedropper": ("eyedropper", 0.15, 0.85),
    "zoom": ("zoom", 0.45, 0.45),
    "rotate": ("rotate-view", 0.5, 0.5),
}


@cache
def named(name: str) -> QCursor:
    """The cursor that a tool calls ``name``; see ``Tool.cursor``. Raises KeyError for an unknown one."""
    if name in _SHAPES:
        return QCursor(_SHAPES[name])
    icon, x, y = _DRAWN[name]
    ratio = QApplication.primaryScreen().devicePixelRatio()
    side = theme.ICON + 2
    image = QPixmap(round(side * ratio), round(side * ratio))
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    for step in (QPointF(0, 1), QPointF(2, 1), QPointF(1, 0), QPointF(1, 2)):  # a rim, to be seen on white
        painter.drawPixmap(step, theme.pixmap(icon, theme.ICON, ratio, "#000000"))
    painter.drawPixmap(QPointF(1, 1), theme.pixmap(icon, theme.ICON, ratio, "#ffffff"))
    painter.end()
    return QCursor(image, round(1 + x * theme.ICON), round(1 + y * theme.ICON))
