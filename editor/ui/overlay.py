"""Draws what a tool shows over the picture, in pixels of the screen."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from editor.document.guide import INK
from editor.document.model import Document
from editor.tools.overlay import Handle, Line, Look, Note, Shade, Shape
from editor.ui import theme
from editor.ui.painting import draw_label, two_tone
from editor.ui.view import View

HANDLE = 8.0  # side, in logical pixels of the screen
_DARK, _LIGHT = QColor(0, 0, 0, 150), QColor(255, 255, 255, 235)
_FAINT = QColor(255, 255, 255, 130)
_SHADE = QColor(0, 0, 0, 140)
_INK = QColor("#e8433c")
_STRUCTURE_OFF = QColor(190, 190, 190, 190)


def draw_shapes(painter: QPainter, view: View, shapes: tuple[Shape, ...], bounds: QRectF) -> None:
    """Shades lie under lines, lines under handles. ``bounds``: the widget's own rectangle."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for kind in (Shade, Line, Handle, Note):
        for shape in shapes:
            if isinstance(shape, kind):
                _DRAW[kind](painter, view, shape, bounds)
    painter.restore()


def guide_shapes(document: Document) -> list[Shape]:
    """The document's structure lines and ink, as they are shown with any tool."""
    shapes: list[Shape] = []
    for guide in document.guides:
        if guide.kind == INK:
            shapes.append(Line(guide.points, Look.INK, width=guide.width, pressures=guide.pressures))
        else:
            shapes.append(Line(guide.points, Look.STRUCTURE if guide.enabled else Look.STRUCTURE_OFF))
    return shapes


def _polygon(view: View, points: tuple[tuple[float, float], ...]) -> QPolygonF:
    return QPolygonF([view.to_widget(*point) for point in points])


def _draw_shade(painter: QPainter, view: View, shade: Shade, bounds: QRectF) -> None:
    path = QPainterPath()
    path.addRect(bounds)
    path.addPolygon(_polygon(view, shade.inside))
    path.closeSubpath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    painter.fillPath(path, _SHADE)


def _draw_line(painter: QPainter, view: View, line: Line, bounds: QRectF) -> None:
    path = QPainterPath()
    path.addPolygon(_polygon(view, line.points))
    if line.closed:
        path.closeSubpath()
    if line.look is Look.DASHES:
        two_tone(painter, path)
        return
    if line.look is Look.INK:
        _draw_ink(painter, view, line, path)
        return
    if line.look is Look.GRID:
        _stroke(painter, path, _FAINT, 1.0)
        return
    colour = {
        Look.LINE: _LIGHT,
        Look.GUIDE: QColor(theme.now.accent),
        Look.STRUCTURE: QColor(theme.now.accent),
        Look.STRUCTURE_OFF: _STRUCTURE_OFF,
    }[line.look]
    width = 1.0 if line.look in (Look.LINE, Look.GUIDE) else 2.0
    _stroke(painter, path, _DARK, width + 2)
    _stroke(painter, path, colour, width)


def _draw_ink(painter: QPainter, view: View, line: Line, path: QPainterPath) -> None:
    width = line.width * view.zoom / view.ratio
    if len(line.points) == 1:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_INK)
        radius = max(width * (line.pressures or (1,))[0], 1.0) / 2
        painter.drawEllipse(view.to_widget(*line.points[0]), radius, radius)
    elif line.pressures is None:
        _stroke(painter, path, _INK, max(width, 1.0))
    else:
        places = [view.to_widget(*point) for point in line.points]
        for number in range(1, len(places)):
            piece = QPainterPath(places[number - 1])
            piece.lineTo(places[number])
            pressure = (line.pressures[number - 1] + line.pressures[number]) / 2
            _stroke(painter, piece, _INK, max(width * pressure, 1.0))


def _stroke(painter: QPainter, path: QPainterPath, colour: QColor, width: float) -> None:
    pen = QPen(colour, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(path, pen)


def _draw_handle(painter: QPainter, view: View, handle: Handle, bounds: QRectF) -> None:
    middle = view.to_widget(*handle.at)
    square = QRectF(middle.x() - HANDLE / 2, middle.y() - HANDLE / 2, HANDLE, HANDLE)
    painter.setPen(QPen(QColor(theme.now.accent), 1.5))
    painter.setBrush(QColor(theme.now.accent) if handle.hot else QColor("#ffffff"))
    if handle.round:
        painter.drawEllipse(square)
    else:
        painter.drawRect(square)


def _draw_note(painter: QPainter, view: View, note: Note, bounds: QRectF) -> None:
    draw_label(painter, note.text, view.to_widget(*note.at) + QPointF(14, 14), bounds)


_DRAW = {Shade: _draw_shade, Line: _draw_line, Handle: _draw_handle, Note: _draw_note}
