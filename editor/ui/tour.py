"""The first-run tour: three callouts that point at what a first removal takes. They hold up nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent, QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from editor import settings
from editor.jobs import remove
from editor.ui import theme
from editor.ui.commands import shown_keys
from editor.ui.words import tr

if TYPE_CHECKING:
    from editor.ui.window import Window

_DELAY_MS = 1200  # after the first picture is painted
_WIDTH = 300
_ARROW = 8  # how far it reaches out
_GAP = 4  # between the arrow and what it points at
_RADIUS = 8


@dataclass(frozen=True)
class _Step:
    """``side`` is the side of ``anchor`` that the callout stands at: "right", "below" or "inside"."""

    title: str
    words: str
    anchor: Callable[[], QWidget | None]
    side: str


class Tour(QObject):
    """Shown once of its own accord, and again whenever it is asked for."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self._steps: tuple[_Step, ...] = ()
        self._place = 0
        self.callout: Callout | None = None

    def offer(self) -> None:
        """Begin soon, unless it has begun meanwhile."""
        QTimer.singleShot(_DELAY_MS, self, self._begin_first)

    def show(self) -> None:
        """Begin, with the keyboard on the first callout."""
        if self._window.canvas is None:
            self._window.tell(tr("Open a picture first, or try the sample."), "warning")
            return
        self._begin(with_focus=True)

    def _begin_first(self) -> None:
        window = self._window
        if window.isVisible() and window.canvas is not None and not window.settings.tour_seen:
            self._begin(with_focus=False)  # the user may have begun to work

    def _begin(self, *, with_focus: bool) -> None:
        self.end()
        self._window.settings.tour_seen = True
        settings.save(self._window.settings)
        self._steps = self._made_steps()
        self._place = 0
        self._window.installEventFilter(self)
        self._window.tabs.pages.currentChanged.connect(self._on_page)
        self._show_step(with_focus=with_focus)

    def _made_steps(self) -> tuple[_Step, ...]:
        window = self._window

        def keys(command_id: str) -> str:
            return shown_keys(window.actions_by_id[command_id]) or tr("no key")

        return (
            _Step(
                tr("Brush over what should go"),
                tr(
                    "Take the Remove brush ({letter}) and paint over it, its shadow too. {smaller} and "
                    "{larger} change the size."
                ).format(
                    letter=keys("tools.use_letter.J"),
                    smaller=keys("tools.smaller"),
                    larger=keys("tools.larger"),
                ),
                lambda: window.tools.button("remove-brush"),
                "right",
            ),
            _Step(
                tr("Look around"),
                tr(
                    "The wheel zooms where the pointer is, Space and a drag move the picture. {fit} shows "
                    "it whole."
                ).format(fit=keys("view.fit")),
                lambda: window.canvas,
                "inside",
            ),
            _Step(
                tr("Remove"),
                tr(
                    "Press Enter, or this button. The result is a layer of its own, and {undo} brings "
                    "everything back. {palette} finds every command, {help} opens the guide."
                ).format(undo=keys("undo"), palette=keys("command_palette.show"), help=keys("help.guide")),
                lambda: window.options.remove_button,
                "below",
            ),
        )

    def _show_step(self, *, with_focus: bool) -> None:
        step = self._steps[self._place]
        self._drop()
        self.callout = Callout(self._window, step.title, step.words, self._place + 1, len(self._steps))
        self.callout.next.clicked.connect(self._go_on)
        self.callout.skip.clicked.connect(self.end)
        self._arrange()
        self.callout.show()
        if with_focus:
            self.callout.next.setFocus(Qt.FocusReason.OtherFocusReason)
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleEvent(self.callout, QAccessible.Event.Alert))

    def go_on(self) -> bool:
        """Press the blue button of the callout that is shown; False if none is.

        Who has brushed over something and has the keyboard on the picture means the picture: the tour ends.
        """
        if self.callout is None:
            return False
        canvas = self._window.canvas
        if canvas is not None and canvas.hasFocus() and remove.is_masked(canvas.document):
            self.end()
            return False
        self.callout.next.click()
        return True

    def _go_on(self) -> None:
        had_focus = self.callout.isAncestorOf(self._window.focusWidget() or self._window)
        self._place += 1
        if self._place == len(self._steps):
            self.end()
        else:
            self._show_step(with_focus=had_focus)

    def end(self) -> None:
        """Take the callout away; the keyboard goes back to the picture if it was on it."""
        if self.callout is None:
            return
        self._window.removeEventFilter(self)
        self._window.tabs.pages.currentChanged.disconnect(self._on_page)
        focus = self._window.focusWidget()
        had_focus = focus is not None and self.callout.isAncestorOf(focus)
        self._drop()
        if had_focus and self._window.canvas is not None:
            self._window.canvas.setFocus()

    def _drop(self) -> None:
        if self.callout is not None:
            self.callout.hide()
            self.callout.deleteLater()
            self.callout = None

    def _on_page(self) -> None:
        if self._window.canvas is None:
            self.end()

    def _arrange(self) -> None:
        step = self._steps[self._place]
        anchor = step.anchor()
        side = step.side
        if anchor is None or not anchor.isVisible():  # its bar is put away, say
            anchor, side = self._window.tabs.pages, "inside"
        place = QRect(anchor.mapTo(self._window, QPoint(0, 0)), anchor.size())
        if side == "right" and anchor.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            side = "left"
        self.callout.point_at(place, side)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self.callout is not None:
            if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
                self._arrange()
            elif event.type() == QEvent.Type.Close:
                self.end()
        return super().eventFilter(watched, event)


class Callout(QWidget):
    """A few words with an arrow to what they are about."""

    def __init__(self, parent: QWidget, title: str, words: str, number: int, count: int) -> None:
        super().__init__(parent)
        self._side, self._tip = "inside", QPointF()
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.setAccessibleName(f"{title}. {words}")
        heading = QLabel(title)
        font = heading.font()
        font.setWeight(font.Weight.DemiBold)
        heading.setFont(font)
        text = QLabel(words)
        text.setWordWrap(True)
        step = QLabel(tr("{number} of {count}").format(number=number, count=count))
        theme.make_quiet(step)
        last = number == count
        # The letters after & work with Alt while the keyboard is elsewhere.
        self.skip, self.next = QPushButton(tr("S&kip")), QPushButton(tr("&Done") if last else tr("&Next"))
        self.next.setProperty("primary", True)
        self.skip.setVisible(not last)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(step, 1)
        line.addWidget(self.skip)
        line.addWidget(self.next)
        column = QVBoxLayout(self)
        margin = 12 + _ARROW
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(8)
        column.addWidget(heading)
        column.addWidget(text)
        column.addSpacing(4)
        column.addLayout(line)

    def point_at(self, place: QRect, side: str) -> None:
        """Stand beside ``place``, a rectangle of the parent, at its ``side``, and within the parent."""
        self._side = side
        room = self.parentWidget().rect()
        width = min(_WIDTH + 2 * _ARROW, room.width())
        size = QSize(width, self.heightForWidth(width))
        if side in ("right", "left"):
            at = place.right() + _GAP if side == "right" else place.left() - _GAP - width
            corner = QPoint(at, place.center().y() - size.height() // 2)
        elif side == "below":
            corner = QPoint(place.center().x() - width // 2, place.bottom() + _GAP)
        else:
            corner = QPoint(place.center().x() - width // 2, place.top() + place.height() // 8)
        corner.setX(max(min(corner.x(), room.width() - width), 0))
        corner.setY(max(min(corner.y(), room.height() - size.height()), 0))
        self.setGeometry(QRect(corner, size))
        self._tip = QPointF(place.center() - corner)
        self.raise_()
        self.update()

    def keyPressEvent(self, event: QEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.skip.click()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
            event.accept()  # while the keyboard is here, Escape means the callout
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.now.accent), 1))
        painter.setBrush(QColor(theme.now.raised))
        painter.drawPath(self._outline())

    def _outline(self) -> QPainterPath:
        box = QRectF(self.rect()).adjusted(_ARROW, _ARROW, -_ARROW, -_ARROW).adjusted(0.5, 0.5, -0.5, -0.5)
        path = QPainterPath()
        path.addRoundedRect(box, _RADIUS, _RADIUS)
        far = _RADIUS + _ARROW
        x = min(max(self._tip.x(), box.left() + far), box.right() - far)
        y = min(max(self._tip.y(), box.top() + far), box.bottom() - far)
        tips = {
            "right": ((box.left() + 1, y - _ARROW), (box.left() - _ARROW, y), (box.left() + 1, y + _ARROW)),
            "left": ((box.right() - 1, y - _ARROW), (box.right() + _ARROW, y), (box.right() - 1, y + _ARROW)),
            "below": ((x - _ARROW, box.top() + 1), (x, box.top() - _ARROW), (x + _ARROW, box.top() + 1)),
        }
        if self._side in tips:
            arrow = QPainterPath()
            first, *rest = (QPointF(*point) for point in tips[self._side])
            arrow.moveTo(first)
            for point in rest:
                arrow.lineTo(point)
            arrow.closeSubpath()
            path = path.united(arrow)
        return path
