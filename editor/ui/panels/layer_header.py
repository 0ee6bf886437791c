"""Blend mode, opacity and locks of the chosen layer."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from editor.document.layers import Layer, Lock, PixelLayer
from editor.document.model import Document
from editor.ui.option_controls import icon_button
from editor.ui.panels.blend_box import BlendBox
from editor.ui.panels.live import LiveValue
from editor.ui.slider import NumberSlider
from editor.ui.words import tr

_LOCKS = (
    (Lock.ALPHA, "lock-alpha", "Lock transparent pixels", "Unlock transparent pixels"),
    (Lock.PIXELS, "lock-pixels", "Lock pixels", "Unlock pixels"),
    (Lock.ALL, "lock", "Lock layer", "Unlock layer"),
)


class LayerHeader(QWidget):
    """Every change is one entry of the history; modes and opacities are seen before."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document: Document | None = None
        self._layer: Layer | None = None
        self._mode_live = LiveValue("blend_mode", lambda: None, self.follow)
        self._opacity_live = LiveValue("opacity", self.finish, self.follow)
        self.mode = BlendBox()
        self.mode.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # letters are for the tools again once it is chosen
        self.mode.tried.connect(self._try_mode)
        self.mode.trying_ended.connect(self._mode_live.take_back)
        self.mode.activated.connect(self._record_mode)
        self.opacity = NumberSlider(tr("Opacity"), 0, 100, value=100, suffix="%")
        self.opacity.setAccessibleName(tr("Layer opacity"))
        self.opacity.setToolTip(tr("How far the layer covers what is below (1 … 9, 0)"))
        self.opacity.changed.connect(self._show_opacity)
        self.opacity.committed.connect(lambda _: self._opacity_live.record("Layer opacity"))
        self.locks: dict[Lock, QToolButton] = {}
        line = QHBoxLayout()
        line.setSpacing(4)
        line.addWidget(self.mode, 1)
        line.addSpacing(4)
        for lock, icon, tip, _ in _LOCKS:
            button = self.locks[lock] = icon_button(icon, tr(tip))
            button.setCheckable(True)
            button.clicked.connect(lambda on, lock=lock: self._record_lock(lock, on))
            line.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 4)
        column.setSpacing(4)
        column.addLayout(line)
        column.addWidget(self.opacity)

    def show_layer(self, document: Document | None, layer: Layer | None, *, free: bool) -> None:
        """Show another layer, or what has changed of it; ``free``: nothing locks it as a whole."""
        if layer is not self._layer:
            self.finish()
        self._document, self._layer = document, layer
        self.mode.setEnabled(free)
        self.opacity.setEnabled(free)
        has_pixels = isinstance(layer, PixelLayer)
        for lock, _, tip, other_tip in _LOCKS:
            button = self.locks[lock]
            on = layer is not None and bool(layer.lock & lock)
            button.setChecked(on)
            button.setToolTip(tr(other_tip if on else tip))
            button.setEnabled(layer is not None and (lock == Lock.ALL or (has_pixels and free)))
        self.follow()

    def follow(self) -> None:
        """Show what the layer has."""
        layer = self._layer
        self.mode.show_mode_of(layer)
        self.opacity.set_value(100 if layer is None else layer.opacity * 100)

    def finish(self) -> None:
        """Record what is only shown so far."""
        self._mode_live.take_back()
        self.opacity.finish()

    def interrupted(self) -> None:
        """Something else has changed the document."""
        self._mode_live.take_back()
        self._opacity_live.interrupted()

    # -- what the user does ---------------------------------------------------------------------------

    def _try_mode(self, mode: str) -> None:
        if self._document is not None and self._layer is not None:
            self._mode_live.show(self._document, self._layer, mode)

    def _record_mode(self, index: int) -> None:
        self.finish()
        mode = self.mode.itemData(index)
        if self._document is not None and self._layer is not None and mode != self._layer.blend_mode:
            self._document.set_layer(self._layer, "blend_mode", mode, "Blend mode")

    def _show_opacity(self, percent: float) -> None:
        layer, before = self._layer, self._opacity_live.before
        if self._document is None or layer is None:
            return
        # Back where it was, it is exactly what it was.
        exact = before is not None and percent == round(before * 100)
        self._opacity_live.show(self._document, layer, before if exact else percent / 100)

    def _record_lock(self, lock: Lock, on: bool) -> None:
        self.finish()
        if self._document is not None and self._layer is not None:
            name = next((tip if on else other) for each, _, tip, other in _LOCKS if each == lock)
            locks = self._layer.lock | lock if on else self._layer.lock & ~lock
            self._document.set_layer(self._layer, "lock", locks, name)
