"""The line at the bottom: where one is, what runs, what it runs on."""

import math
import time

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QWidget

from editor.document.model import Document
from editor.ui.words import tr

_SOONEST = 0.7  # seconds after which the pace of a job says something about the rest of it
_LEAST = 0.04  # ... and how much of it must be done


class StatusBar(QWidget):
    """Zoom and facts of the picture on the left, progress with Cancel in the middle, engine on the right."""

    cancel_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(32)
        self._zoom = QLabel()
        self._zoom.setMinimumWidth(56)
        self._facts = QLabel()
        self._task = QLabel()
        self._left = QLabel()
        self._left.setMinimumWidth(72)
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(180, 4)
        self._bar.setAccessibleName(tr("Progress"))
        self._cancel = QPushButton(tr("Cancel"))
        self._cancel.setFlat(True)
        self._cancel.setToolTip(tr("Stop and change nothing (Esc)"))
        self._cancel.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._cancel.clicked.connect(self.cancel_clicked)
        self._engine = QLabel()
        self._hint = _Hint()
        for label in (self._zoom, self._facts, self._hint, self._left, self._engine):
            label.setProperty("quiet", True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 0, 12, 0)
        layout.setSpacing(12)
        layout.addWidget(self._zoom)
        layout.addWidget(self._facts)
        layout.addWidget(self._hint, 1)
        layout.addWidget(self._task)
        layout.addWidget(self._bar)
        layout.addWidget(self._left)
        layout.addWidget(self._cancel)
        layout.addStretch()
        layout.addWidget(self._engine)
        self._since: float | None = None
        self.set_progress(None)

    def set_zoom(self, zoom: float | None) -> None:
        self._zoom.setText("" if zoom is None else QLocale().toString(zoom * 100, "g", 4) + " %")

    def set_document(self, document: Document | None) -> None:
        self._hint.setVisible(document is not None)  # tools have nothing to work on
        if document is None:
            self._facts.clear()
            return
        colours = tr("Grey") if document.grey else "RGB"
        depth = tr("{bits} bit").format(bits=document.bits)
        self._facts.setText(f"{document.width} × {document.height}   {colours}, {depth}")

    def set_hint(self, text: str) -> None:
        """What the tool in hand does, for while nothing runs."""
        self._hint.setText(text)

    def set_engine(self, text: str) -> None:
        self._engine.setText(text)

    def set_progress(self, fraction: float | None, task: str = "", *, since: float | None = None) -> None:
        """Show how far a job is, or, for None, that nothing runs.

        ``since`` is when it began (`time.monotonic`); without it, when it was first shown here.
        """
        running = fraction is not None
        for widget in (self._task, self._bar, self._left, self._cancel):
            widget.setVisible(running)
        if not running:
            self._since = None
            return
        if since is not None or self._since is None or not fraction:
            self._since = time.monotonic() if since is None else since
        self._task.setText(task)
        self._bar.setValue(round(fraction * 1000))
        self._left.setText(_left(fraction, time.monotonic() - self._since))


def _left(fraction: float, elapsed: float) -> str:
    """How much longer a job takes that has come to ``fraction`` in ``elapsed`` seconds; empty if unknown."""
    if elapsed < _SOONEST or fraction < _LEAST:
        return ""
    seconds = math.ceil(elapsed * (1 - fraction) / fraction)
    if seconds >= 100:
        return tr("{number} min left").format(number=round(seconds / 60))
    return tr("{number} s left").format(number=seconds)


class _Hint(QLabel):
    """Gives way to what is more urgent; words that have no room end in an ellipsis."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def paintEvent(self, event: QPaintEvent) -> None:
        words = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        place = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        self.style().drawItemText(
            QPainter(self), self.rect(), place, self.palette(), self.isEnabled(), words, self.foregroundRole()
        )
