"""What an adjustment layer does, with a control for each of its parameters."""

from collections.abc import Callable
from dataclasses import fields

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from editor.document.adjustments.parameters import Adjustment, Flag, Number
from editor.document.layers import AdjustmentLayer, Layer
from editor.document.model import Document
from editor.ui import theme
from editor.ui.panels.live import LiveValue
from editor.ui.panels.parameters import Entry, changed, entries, get, groups, title
from editor.ui.slider import NumberSlider

_FIRST = "midtones"  # of the groups of parameters this one is shown at first, if it is there


class AdjustmentProperties(QWidget):
    """Sliders and boxes made from the parameters' rules.

    A slider shows its effect at once, and is one entry of the history when it is let go. Where several
    parameters hold several numbers each (Levels' channels), one at a time is shown. Points, stops and colours
    have no control here. ``refused`` tells why a change was not made.
    """

    refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("properties")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._document: Document | None = None
        self._layer: AdjustmentLayer | None = None
        self._kind: type[Adjustment] | None = None
        self._group = ""
        self._entries: dict[str, Entry] = {}
        self._sliders: dict[str, NumberSlider] = {}
        self._boxes: dict[str, QCheckBox] = {}
        self.live = LiveValue("adjustment", self.finish, self.follow)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(8, 4, 8, 8)
        self._column.setSpacing(0)

    def set_layer(self, document: Document | None, layer: Layer | None, *, enabled: bool) -> None:
        """Show the parameters of ``layer``, if it is an adjustment; nothing otherwise."""
        if layer is not self._layer:
            self.finish()
        self._document = document
        self._layer = layer if isinstance(layer, AdjustmentLayer) else None
        kind = None if self._layer is None else type(self._layer.adjustment)
        if kind is not self._kind:
            self._kind = kind
            names = [] if kind is None else groups(kind)
            self._build(_FIRST if _FIRST in names else names[0] if names else "")
        self.setVisible(kind is not None)
        self.setEnabled(enabled)
        self.follow()

    def finish(self) -> None:
        """Record what is only shown so far."""
        for slider in list(self._sliders.values()):
            slider.finish()

    def follow(self) -> None:
        """Show what the layer's adjustment says."""
        if self._layer is None or self.live.showing:
            return
        adjustment = self._layer.adjustment
        for name, slider in self._sliders.items():
            slider.set_value(get(adjustment, name))
            switch = self._entries[name].switch  # what a switch that is off decides has no effect
            slider.setEnabled(not switch or get(adjustment, switch))
        for name, box in self._boxes.items():
            box.setChecked(get(adjustment, name))

    # -- the controls ---------------------------------------------------------------------------------

    def _build(self, group: str) -> None:
        self._group = group
        self._entries.clear()
        self._sliders.clear()
        self._boxes.clear()
        while item := self._column.takeAt(0):
            item.widget().hide()
            item.widget().deleteLater()
        if self._kind is None:
            return
        self._add_words(self._kind.title)
        if group:
            self._column.addWidget(self._chooser(groups(self._kind)))
        for entry in entries(self._kind, group):
            self._add(entry)
        NumberSlider.align(self._sliders.values())
        if not self._entries:
            has_some = bool(fields(self._kind))
            self._add_words(f"{self._kind.title} has no sliders yet." if has_some else "Nothing to set here.")

    def _add_words(self, words: str) -> None:
        label = QLabel(words)
        theme.make_quiet(label)
        label.setContentsMargins(4, 4, 0, 4)
        self._column.addWidget(label)

    def _chooser(self, names: list[str]) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(f"Part of {self._kind.title}")
        for name in names:
            box.addItem(title(name), name)
        box.setCurrentIndex(names.index(self._group))
        box.activated.connect(lambda place: self._choose(names[place]))
        return box

    def _choose(self, group: str) -> None:
        if group != self._group:
            self.finish()
            self._build(group)
            self.follow()

    def _add(self, entry: Entry) -> None:
        rule, name = entry.rule, entry.name
        self._entries[name] = entry
        if isinstance(rule, Number):
            slider = NumberSlider(
                entry.title,
                rule.low,
                rule.high,
                value=entry.default,
                step=entry.step,
                logarithmic=entry.is_logarithmic,
            )
            slider.changed.connect(self._shower(name, rule))
            slider.committed.connect(lambda _: self._record())
            self._sliders[name] = slider
            self._column.addWidget(slider)
        elif isinstance(rule, Flag):
            box = QCheckBox(entry.title)
            box.setFixedHeight(28)
            box.clicked.connect(self._setter(name))
            self._boxes[name] = box
            holder = QWidget()  # the box begins where the sliders' words do
            line = QHBoxLayout(holder)
            line.setContentsMargins(4, 0, 0, 0)
            line.addWidget(box)
            self._column.addWidget(holder)

    # -- changes --------------------------------------------------------------------------------------

    def _shower(self, name: str, rule: Number) -> Callable[[float], None]:
        def show(value: float) -> None:
            try:
                adjustment = changed(self._layer.adjustment, name, round(value) if rule.whole else value)
            except ValueError:
                return  # the picture stays at the last value that the others allow, and so will the slider
            self.live.show(self._document, self._layer, adjustment)

        return show

    def _setter(self, name: str) -> Callable[[bool], None]:
        def put(value: bool) -> None:
            self.finish()
            try:
                adjustment = changed(self._layer.adjustment, name, value)
            except ValueError as error:
                self.refused.emit(f"This cannot be set: {error}.")
            else:
                self._document.set_layer(self._layer, "adjustment", adjustment, adjustment.title)
            self.follow()

        return put

    def _record(self) -> None:
        self.live.record(self._kind.title)
        self.follow()
