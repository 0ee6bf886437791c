"""What the window shows before a picture is open."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QRect, QRectF, QSize, Qt, QThread, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QColorSpace,
    QFontMetrics,
    QHideEvent,
    QImage,
    QImageIOHandler,
    QImageReader,
    QKeySequence,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from editor.ui import theme
from editor.ui.ready_line import ReadyLine
from editor.ui.words import tr

MAX_CARDS = 8
_MARK = 64
_NAME_PIXELS = 24
_PICTURE = QSize(148, 100)
_CARD = QSize(_PICTURE.width(), _PICTURE.height() + 28)
_CARD_GAP = 12
_CAPTION = 28  # height of the word above the cards
_SIDE = 24  # least room left and right of everything
_LOW = 440  # a page lower than this has no room for the cards
_MAX_RATIO = 2  # thumbnails are read for screens up to this device pixel ratio
_FORMATS = (b"jpeg", b"png", b"webp", b"tiff", b"bmp", b"gif")
_MAX_PIXELS = 80_000_000  # beyond, only JPEG gets a thumbnail: other kinds have to be read in full


class StartPage(QWidget):
    """A way in: open, try the sample, or go on with a recent picture; and what is ready."""

    open_clicked = Signal()
    sample_clicked = Signal()
    file_clicked = Signal(str)
    models_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recent: list[Path] = []
        self._loader: _Loader | None = None
        self._lay_out()
        self._show_row()

    def _lay_out(self) -> None:
        opening = _Button(tr("Open a photograph"), QKeySequence(QKeySequence.StandardKey.Open))
        opening.setProperty("primary", True)
        opening.clicked.connect(self.open_clicked)
        sample = _Button(tr("Try the sample"))
        sample.clicked.connect(self.sample_clicked)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(opening)
        buttons.addWidget(sample)
        buttons.addStretch()
        name = QLabel("Lacuna")
        font = name.font()
        font.setPixelSize(_NAME_PIXELS)
        font.setWeight(font.Weight.Light)
        name.setFont(font)
        hint = QLabel(tr("or drop a picture here"))
        theme.make_quiet(hint)
        self._row = _CardRow()
        self._row.picked.connect(self.file_clicked)
        self.ready = ReadyLine()
        self.ready.models_clicked.connect(self.models_clicked)
        centre = Qt.AlignmentFlag.AlignHCenter
        column = QVBoxLayout(self)
        column.setContentsMargins(_SIDE, 16, _SIDE, 16)
        column.setSpacing(0)
        column.addStretch(4)
        column.addWidget(_Mark(), 0, centre)
        column.addSpacing(12)
        column.addWidget(name, 0, centre)
        column.addSpacing(24)
        column.addLayout(buttons)
        column.addSpacing(12)
        column.addWidget(hint, 0, centre)
        column.addSpacing(12)
        column.addWidget(self.ready)
        column.addSpacing(20)
        column.addWidget(self._row)
        column.addStretch(5)

    def minimumSizeHint(self) -> QSize:
        return QSize(360, 280)

    def set_recent(self, paths: list[Path]) -> None:
        """Offer these pictures, newest first; those that are no longer there are left out."""
        self._recent = list(paths)
        self._row.clear()
        self._show_row()
        if self.isVisible():
            self._load()

    @Slot()
    def stop(self) -> None:
        """Stop reading thumbnails and wait until nothing is read any more."""
        if self._loader is not None:
            self._loader.stop()

    def _load(self) -> None:
        """Look for the recent pictures and read their thumbnails, off this thread."""
        if self._loader is not None:
            self._loader.requestInterruption()
            self._loader.found.disconnect(self._on_found)
            self._loader.loaded.disconnect(self._row.show_picture)
            self._loader = None
        if not self._recent:
            return
        loader = _Loader(self._recent)
        loader.found.connect(self._on_found)
        loader.loaded.connect(self._row.show_picture)
        self.destroyed.connect(loader.stop)
        QCoreApplication.instance().aboutToQuit.connect(loader.stop)
        self._loader = loader
        loader.begin()

    @Slot(list)
    def _on_found(self, paths: list[str]) -> None:
        self._row.set_paths(paths)
        self._show_row()

    def _show_row(self) -> None:
        # Before the first picture is found its place is kept, so that nothing jumps.
        self._row.setVisible(bool(self._recent) and self._row.expecting and self.height() >= _LOW)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(event.rect(), QColor(theme.now.surround))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._recent and not self._row.complete:
            self._load()

    def hideEvent(self, event: QHideEvent) -> None:
        if self._loader is not None:
            self._loader.requestInterruption()
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_row()


class _Mark(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(_MARK, _MARK)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme.app_icon().paint(painter, self.rect())


class _Button(QPushButton):
    """A button that shows its key; the key itself is the window's."""

    def __init__(self, text: str, key: QKeySequence | None = None) -> None:
        super().__init__(text)
        self._key = key.toString(QKeySequence.SequenceFormat.NativeText) if key is not None else ""
        self.setAccessibleName(text)
        if self._key:
            room = QFontMetrics(self.font()).horizontalAdvance(self._key) + 28
            self.setStyleSheet(f"QPushButton {{ padding-left: 16px; padding-right: {room}px; }}")
        else:
            self.setStyleSheet("QPushButton { padding: 0 16px; }")

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._key:
            painter = QPainter(self)
            painter.setPen(QColor(theme.now.on_accent))
            painter.setOpacity(0.8)
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(self.rect().adjusted(14, 0, -14, 0), right, self._key)


class _CardRow(QWidget):
    """As many cards in one row as there is room for, in the middle."""

    picked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(_CAPTION + _CARD.height())
        self._caption = QLabel(tr("Recent"), self)
        theme.make_quiet(self._caption)
        self._cards: dict[str, _Card] = {}
        self.expecting = True  # not yet known that there is nothing to show

    @property
    def complete(self) -> bool:
        return bool(self._cards) and all(card.tried for card in self._cards.values())

    def clear(self) -> None:
        for card in self._cards.values():
            card.deleteLater()
            card.hide()
        self._cards.clear()
        self._caption.hide()
        self.expecting = True

    def set_paths(self, paths: list[str]) -> None:
        if paths and paths == list(self._cards):
            return
        self.clear()
        for path in paths:
            card = _Card(path, self)
            card.clicked.connect(self._on_clicked)
            self._cards[path] = card
        self._caption.setVisible(bool(paths))
        self.expecting = bool(paths)
        self._place()

    @Slot()
    def _on_clicked(self) -> None:
        self.picked.emit(self.sender().path)

    @Slot(str, QImage)
    def show_picture(self, path: str, image: QImage) -> None:
        card = self._cards.get(path)
        if card is not None:
            card.set_image(image)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        pitch = _CARD.width() + _CARD_GAP
        fitting = min((self.width() + _CARD_GAP) // pitch, len(self._cards))
        left = (self.width() - fitting * pitch + _CARD_GAP) // 2
        self._caption.setGeometry(left, 0, _CARD.width(), 20)
        for number, card in enumerate(self._cards.values()):
            card.move(left + number * pitch, _CAPTION)
            card.setVisible(number < fitting)


class _Card(QAbstractButton):
    """One recent picture: its thumbnail and its name."""

    def __init__(self, path: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.path = path
        self.tried = False
        self._image = QImage()
        self._name = Path(path).name
        self.setFixedSize(_CARD)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setToolTip(path)
        self.setAccessibleName(tr("Open {name}").format(name=self._name))

    def set_image(self, image: QImage) -> None:
        self._image, self.tried = image, True
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        picture = QRect(0, 0, _PICTURE.width(), _PICTURE.height())
        frame = QRectF(picture).adjusted(0.5, 0.5, -0.5, -0.5)
        shape = QPainterPath()
        shape.addRoundedRect(frame, 4, 4)
        painter.fillPath(shape, QColor(theme.now.panel))
        if self._image.isNull():
            theme.paint_icon(painter, "image", picture, theme.now.disabled)
        else:
            painter.setClipPath(shape)
            painter.drawImage(QRectF(picture), self._image, _covering(self._image.size(), _PICTURE))
            painter.setClipping(False)
        lit = self.underMouse() or self.isDown()
        if self.hasFocus():
            frame = frame.adjusted(0.5, 0.5, -0.5, -0.5)
            painter.setPen(QPen(QColor(theme.now.accent), 2))
        else:
            painter.setPen(QPen(QColor(theme.now.dim if lit else theme.now.line), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(frame, 4, 4)
        painter.setFont(theme.quiet_font(self.font()))
        painter.setPen(QColor(theme.now.text if lit or self.hasFocus() else theme.now.dim))
        room = QRect(0, _PICTURE.height() + 4, _CARD.width(), 24)
        name = painter.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)


def _covering(size: QSize, target: QSize) -> QRectF:
    """The middle part of a picture that has the shape of ``target``."""
    scale = min(size.width() / target.width(), size.height() / target.height())
    width, height = target.width() * scale, target.height() * scale
    return QRectF((size.width() - width) / 2, (size.height() - height) / 2, width, height)


class _Loader(QThread):
    """Finds which pictures are there, then reads their thumbnails one after the other.

    A disk or a network drive that answers slowly must not hold up the window.
    """

    found = Signal(list)  # of str
    loaded = Signal(str, QImage)  # a null image if there is none to be had

    _running: "set[_Loader]" = set()  # noqa: RUF012 - a thread must outlive the page that no longer needs it

    def __init__(self, paths: list[Path]) -> None:
        super().__init__()
        self._paths = paths
        self.finished.connect(self._on_finished)

    def begin(self) -> None:
        self._running.add(self)
        self.start(QThread.Priority.LowPriority)

    @Slot()
    def stop(self) -> None:
        self.requestInterruption()
        self.wait()

    @Slot()
    def _on_finished(self) -> None:
        self._running.discard(self)

    def run(self) -> None:
        there = [str(path) for path in self._paths if _is_file(path)][:MAX_CARDS]
        self.found.emit(there)
        for path in there:
            if self.isInterruptionRequested():
                return
            self.loaded.emit(path, read_thumbnail(path))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False


def read_thumbnail(path: str) -> QImage:
    """A small sRGB picture that covers a card, upright; a null image if the file cannot be read quickly."""
    reader = QImageReader(path)
    reader.setDecideFormatFromContent(True)
    if bytes(reader.format().data()) not in _FORMATS:  # Qt would draw an SVG, which may name other files
        return QImage()
    reader.setAutoTransform(True)
    size = reader.size()
    if not size.isValid() or size.isEmpty():
        return QImage()
    if bytes(reader.format().data()) != b"jpeg" and size.width() * size.height() > _MAX_PIXELS:
        return QImage()
    target = _PICTURE * _MAX_RATIO
    if reader.transformation() & QImageIOHandler.Transformation.TransformationRotate90:
        target.transpose()
    scaled = size.scaled(target, Qt.AspectRatioMode.KeepAspectRatioByExpanding)
    if scaled.width() < size.width():
        reader.setScaledSize(scaled)
    image = reader.read()
    if image.colorSpace().isValid():
        image.convertToColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
    return image
