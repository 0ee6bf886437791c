"""The line at the bottom: where one is, what runs, what it runs on."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from editor.document.model import Document


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
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(180, 4)
        self._bar.setAccessibleName("Progress")
        self._cancel = QPushButton("Cancel")
        self._cancel.setFlat(True)
        self._cancel.setToolTip("Stop and change nothing (Esc)")
        self._cancel.clicked.connect(self.cancel_clicked)
        self._engine = QLabel()
        for label in (self._zoom, self._facts, self._engine):
            label.setProperty("quiet", True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 0, 12, 0)
        layout.setSpacing(12)
        layout.addWidget(self._zoom)
        layout.addWidget(self._facts)
        layout.addStretch()
        layout.addWidget(self._task)
        layout.addWidget(self._bar)
        layout.addWidget(self._cancel)
        layout.addStretch()
        layout.addWidget(self._engine)
        self.set_progress(None)

    def set_zoom(self, zoom: float | None) -> None:
        self._zoom.setText("" if zoom is None else f"{zoom * 100:.4g} %")

    def set_document(self, document: Document | None) -> None:
        if document is None:
            self._facts.clear()
            return
        colours = "Grey" if document.grey else "RGB"
        self._facts.setText(f"{document.width} × {document.height}   {colours}, {document.bits} bit")

    def set_engine(self, text: str) -> None:
        self._engine.setText(text)

    def set_progress(self, fraction: float | None, task: str = "") -> None:
        """Show how far a job is, or, for None, that nothing runs."""
        running = fraction is not None
        for widget in (self._task, self._bar, self._cancel):
            widget.setVisible(running)
        if running:
            self._task.setText(task)
            self._bar.setValue(round(fraction * 1000))
