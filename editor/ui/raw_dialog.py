"""How a camera RAW file is developed, with a preview."""

from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from editor.document.colour import display_transform
from editor.document.files.raw import DevelopSettings
from editor.document.files.temperature import HIGHEST, LOWEST
from editor.ui import monitor, theme
from editor.ui.background import Call
from editor.ui.opening import open_raw
from editor.ui.pyramid import as_qimage
from editor.ui.slider import NumberSlider
from editor.ui.words import tr

_SIDE = 1400  # pixels of the preview's longer side
_PAUSE_MS = 150  # without a change, before the preview is made again

_BALANCES = {"As shot": "as shot", "Auto": "auto", "Daylight": "daylight", "Custom": "custom"}
_HIGHLIGHTS = {"Clip": "clip", "Blend": "blend", "Reconstruct": "reconstruct"}
_SPACES = ("sRGB", "Adobe RGB", "ProPhoto RGB")


class RawDialog(QDialog):
    """Stays open, without stopping anything else, until the picture is opened or the user leaves.

    ``opened`` carries an Opened, ``failed`` the path and the exception.
    """

    opened = Signal(object)
    failed = Signal(object, object)

    def __init__(self, path: Path, files: Executor, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Develop {name}").format(name=path.name))
        self.resize(1040, 640)
        self._path, self._files = path, files
        self._left = False  # what still arrives is not wanted any more
        self._running = self._again = False
        self._settings = DevelopSettings()
        self._build()
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._make_preview)
        self._make_preview()

    @property
    def settings(self) -> DevelopSettings:
        """What is chosen now."""
        return self._settings

    def _build(self) -> None:
        self._preview = _Preview()
        self._balance = _box(tr("White balance"), _BALANCES)
        self._temperature = NumberSlider(
            tr("Temperature"), LOWEST, HIGHEST, value=5500, step=50, suffix="K", logarithmic=True
        )
        self._tint = NumberSlider(tr("Tint"), -150, 150, value=0)
        self._exposure = NumberSlider(tr("Exposure"), -2, 3, value=0, step=0.05, suffix="EV")
        self._highlights = _box(tr("Highlights"), _HIGHLIGHTS)
        self._space = _box(tr("Colour space"), {name: name for name in _SPACES})
        NumberSlider.align((self._temperature, self._tint, self._exposure))
        for slider in (self._temperature, self._tint):
            slider.changed.connect(self._take_custom)
        self._exposure.changed.connect(self._take)
        for box in (self._balance, self._highlights, self._space):
            box.currentIndexChanged.connect(self._take)
        self._open, cancel = QPushButton(tr("Open")), QPushButton(tr("Cancel"))
        self._open.setProperty("primary", True)
        self._open.clicked.connect(self._develop)
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(cancel)
        buttons.addWidget(self._open)
        self._controls = QWidget()
        column = QVBoxLayout(self._controls)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for words, widgets in (
            (tr("White balance"), (self._balance, self._temperature, self._tint)),
            (tr("Brightness"), (self._exposure,)),
            (tr("Highlights where a channel is full"), (self._highlights,)),
            (tr("Colour space, 16 bits per channel"), (self._space,)),
        ):
            label = QLabel(words)
            theme.make_quiet(label)
            column.addWidget(label)
            for widget in widgets:
                column.addWidget(widget)
            column.addSpacing(12)
        column.addStretch()
        side = QWidget()
        side.setFixedWidth(304)
        right = QVBoxLayout(side)
        right.setContentsMargins(16, 16, 16, 16)
        right.addWidget(self._controls, 1)
        right.addLayout(buttons)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self._preview, 1)
        line.addWidget(side)
        cancel.setAutoDefault(False)
        self._open.setDefault(True)  # only now that it lies in the dialog

    # -- settings -------------------------------------------------------------------------------------

    @Slot()
    def _take_custom(self) -> None:
        """A temperature or tint of one's own."""
        self._balance.setCurrentIndex(self._balance.findData("custom"))
        self._take()

    @Slot()
    def _take(self) -> None:
        settings = replace(
            self._settings,
            white_balance=self._balance.currentData(),
            temperature=self._temperature.value,
            tint=self._tint.value,
            exposure=self._exposure.value,
            highlights=self._highlights.currentData(),
            space=self._space.currentData(),
        )
        if settings != self._settings:
            self._settings = settings
            self._pause.start()

    # -- the preview ----------------------------------------------------------------------------------

    @Slot()
    def _make_preview(self) -> None:
        if self._running:
            self._again = True
            return
        self._running, self._again = True, False
        self._preview.say(tr("Developing…"))
        call = Call(self._files.submit(_preview, self._path, self._settings), self.parent())
        call.done.connect(self._show_preview)
        call.failed.connect(self._on_no_preview)

    @Slot(object)
    def _show_preview(self, pixels: np.ndarray) -> None:
        if self._left:
            return
        self._running = False
        self._preview.show_picture(as_qimage(pixels))
        if self._again:
            self._make_preview()

    @Slot(object)
    def _on_no_preview(self, error: Exception) -> None:
        if not self._left:
            self.failed.emit(self._path, error)
            self.reject()

    # -- opening --------------------------------------------------------------------------------------

    @Slot()
    def _develop(self) -> None:
        self._pause.stop()
        self._again = False
        self._controls.setEnabled(False)
        self._open.setEnabled(False)
        self._preview.say(tr("Opening…"))
        call = Call(self._files.submit(open_raw, self._path, self._settings), self.parent())
        call.done.connect(self._on_developed)
        call.failed.connect(self._on_not_developed)

    @Slot(object)
    def _on_developed(self, opened: object) -> None:
        if not self._left:
            self.opened.emit(opened)
            self.accept()

    @Slot(object)
    def _on_not_developed(self, error: Exception) -> None:
        if not self._left:
            self._controls.setEnabled(True)
            self._open.setEnabled(True)
            self._preview.say("")
            self.failed.emit(self._path, error)

    def done(self, result: int) -> None:
        """However it is left: by a button, by Escape or by the window's own cross."""
        self._left = True
        self._pause.stop()
        super().done(result)
        self.deleteLater()


def _preview(path: Path, settings: DevelopSettings) -> np.ndarray:
    """The picture as the monitor shows it, (h, w, 4) uint8."""
    from editor.document.files import raw

    picture = raw.preview(path, settings, _SIDE)
    pixels = (picture.pixels >> 8).astype(np.uint8)
    shown = display_transform(picture.metadata.icc, monitor.profile())
    return pixels if shown is None else shown(pixels)


def _box(name: str, choices: dict[str, str]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    for title, value in choices.items():
        box.addItem(tr(title), value)
    return box


class _Preview(QWidget):
    """The picture in the middle, and a word on what is going on."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Preview"))
        self._image: QImage | None = None
        self._scaled: QImage | None = None
        self._words = ""

    def sizeHint(self) -> QSize:
        return QSize(720, 560)

    def show_picture(self, image: QImage) -> None:
        self._image, self._scaled, self._words = image, None, ""
        self.update()

    def say(self, words: str) -> None:
        self._words = words
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.now.surround))
        if self._image is not None:
            ratio = self.devicePixelRatioF()
            room = self.rect().adjusted(16, 16, -16, -16).size() * ratio
            if self._scaled is None or self._scaled.size() != self._image.size().scaled(
                room, Qt.AspectRatioMode.KeepAspectRatio
            ):
                self._scaled = self._image.scaled(
                    room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
                )
            image = self._scaled
            image.setDevicePixelRatio(ratio)
            size = image.deviceIndependentSize().toSize()
            corner = self.rect().center() - QPoint(size.width() // 2, size.height() // 2)
            painter.drawImage(corner, image)
        if self._words:
            self._paint_words(painter)

    def _paint_words(self, painter: QPainter) -> None:
        width = painter.fontMetrics().horizontalAdvance(self._words) + 24
        rect = QRect(self.width() // 2 - width // 2, self.height() - 56, width, 32)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(theme.now.line))
        painter.setBrush(QColor(theme.now.raised))
        painter.drawRoundedRect(rect, 6, 6)
        painter.setPen(QColor(theme.now.text))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._words)
