"""The picture beside what it was, or may become: one in place of the other, or both, split by a line."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath

from editor.document.geometry import Rect
from editor.document.history import Part
from editor.document.model import Change
from editor.ui import monitor
from editor.ui.canvas import Canvas
from editor.ui.compare_handle import SplitHandle
from editor.ui.painting import draw_label
from editor.ui.picture import Picture
from editor.ui.view import View
from editor.ui.words import tr

BUDGET = 96 << 20  # bytes of what is drawn of the picture as it was
_LABEL_GAP = 8  # pixels between a label and the knob, or the canvas's corner


@dataclass(frozen=True, eq=False)
class Look:
    """One state of the picture. ``zone``: where alone it differs from the present one, in pixels of the
    picture; None: it may do so anywhere."""

    title: str
    picture: Picture
    zone: Rect | None = None

    def draw(self, painter: QPainter, view: View, exposed: QRect) -> None:
        """Draw it over what is on the canvas already."""
        painter.save()
        painter.setClipRect(exposed, Qt.ClipOperation.IntersectClip)
        if self.zone is not None:
            path = QPainterPath()
            path.addPolygon(view.outline(self.zone))
            painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
            exposed = exposed.intersected(view.widget_rect(self.zone))
        if exposed:
            self.picture.draw(painter, exposed, veil=False)
        painter.restore()


class Comparison(QObject):
    """What one canvas shows over its picture: the side before, the side after, or both.

    Unless ``set_sides`` names others, before is the picture as it was when it was opened, and after is the
    canvas as it is. The canvas's ``compared`` tells that something else is shown.
    """

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._sides: tuple[Look, Look, Look] | None = None  # before, left of the split, after
        self._opened: tuple[bytes | None, Look] | None = None  # with the monitor's profile it is made for
        self._shows_before = False
        self._handle: SplitHandle | None = None
        canvas.document.observers.append(self._on_document)

    # -- what is shown --------------------------------------------------------------------------------

    @property
    def refusal(self) -> str:
        """Why the sides cannot be laid over each other; empty where they can."""
        if self._sides is not None or self._canvas.document.selection is self._canvas.opened_places:
            return ""
        return tr("The picture was cropped, resized or turned since it was opened, so it cannot be compared.")

    @property
    def shows_before(self) -> bool:
        return self._shows_before

    def show_before(self, on: bool) -> None:
        """Show the side before in place of the one after. Nothing happens while there is a ``refusal``."""
        if on != self._shows_before and not (on and self.refusal):
            self._shows_before = on
            self._refresh()

    @property
    def split(self) -> str:
        """How the canvas is split: "" for not at all, "columns" side by side, "rows" one above the other."""
        if self._handle is None:
            return ""
        return "rows" if self._handle.is_level else "columns"

    def set_split(self, split: str) -> None:
        """Nothing happens while there is a ``refusal``."""
        if split == self.split or (split and self.refusal):
            return
        if not split:
            self._drop_handle()
        else:
            if self._handle is None:
                self._handle = SplitHandle(self._canvas)
                self._handle.moved.connect(self._canvas.update)
                self._handle.turned.connect(self._canvas.compared)
                self._handle.lower()  # panels over the picture lie over the line, too
            self._handle.set_level(split == "rows")
        self._refresh()

    def end(self) -> bool:
        """Show the picture as it is. Whether anything else was shown; sides that were set stay."""
        had = self._shows_before or self._handle is not None
        if had:
            self._shows_before = False
            self._drop_handle()
            self._refresh()
        return had

    def set_sides(self, before: Look, after: Look, left: Look | None = None) -> None:
        """Compare these two. The one after is shown from now on in any case; where the canvas is split it is
        beside ``left``, if that is not the one before."""
        self._sides = before, left or before, after
        self._refresh()

    def clear_sides(self) -> None:
        """Go back to the picture as it is and as it was, of which nothing is shown at first."""
        self._sides = None
        self._shows_before = False
        self._drop_handle()
        self._refresh()

    def _drop_handle(self) -> None:
        if self._handle is not None:
            self._handle.hide()
            self._handle.deleteLater()
            self._handle = None

    def _refresh(self) -> None:
        if self._handle is not None:
            self._handle.setVisible(not self._shows_before)
        shown = self._sides is not None or self._shows_before or self._handle is not None
        self._canvas.covering = self.draw if shown else None
        self._canvas.update()
        self._canvas.compared.emit()

    def _on_document(self, change: Change) -> None:
        if change.parts & Part.CANVAS and (refusal := self.refusal) and self.end():
            self._canvas.refused.emit(refusal)

    # -- drawing --------------------------------------------------------------------------------------

    def draw(self, painter: QPainter, exposed: QRect) -> None:
        """Over the canvas, whose picture and overlays are painted already."""
        view, handle = self._canvas.view, self._handle
        if self._sides is None:
            before = left = self._as_opened()
            after = None
        else:
            before, left, after = self._sides
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if self._shows_before:
            before.draw(painter, view, exposed)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            corner = QPointF(_LABEL_GAP, _LABEL_GAP)
            draw_label(painter, before.title, corner, QRectF(self._canvas.rect()))
        elif handle is None:
            after.draw(painter, view, exposed)
        else:
            first, second = handle.parts()
            left.draw(painter, view, exposed.intersected(first))
            if after is not None:
                after.draw(painter, view, exposed.intersected(second))
            self._draw_titles(painter, left.title, tr("Now") if after is None else after.title)

    def _draw_titles(self, painter: QPainter, before: str, after: str) -> None:
        """On both sides of the knob."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bounds = QRectF(self._canvas.rect())
        knob = QRectF(self._handle.knob())
        height = painter.fontMetrics().height() + 8
        if self._handle.is_level:
            left = knob.right() + _LABEL_GAP
            places = (left, knob.center().y() - _LABEL_GAP - height), (left, knob.center().y() + _LABEL_GAP)
        else:
            top = knob.center().y() - height / 2
            places = (knob.left() - _LABEL_GAP, top), (knob.right() + _LABEL_GAP, top)
        for title, place, right in zip(
            (before, after), places, (not self._handle.is_level, False), strict=True
        ):
            draw_label(painter, title, QPointF(*place), bounds, right=right)

    def _as_opened(self) -> Look:
        profile = monitor.profile()
        if self._opened is None or self._opened[0] is not profile:
            opened = self._canvas.opened
            opened.has_alpha = True  # what was recovered may have holes that its file had not
            picture = Picture(opened, self._canvas.view, None, self)
            picture.set_budget(BUDGET)
            self._opened = profile, Look(tr("Before"), picture)
        return self._opened[1]
