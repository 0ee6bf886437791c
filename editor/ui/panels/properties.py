"""What an adjustment layer does, with a control for each of its parameters."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from editor.document.adjustments.parameters import Adjustment
from editor.document.layers import AdjustmentLayer
from editor.document.model import Document
from editor.ui import theme
from editor.ui.keyboard import leave_to_picture
from editor.ui.panels.editors.base import ValueEditor
from editor.ui.panels.editors.colour import ColourField
from editor.ui.panels.editors.curve import CurveEditor
from editor.ui.panels.editors.hues import HuesEditor
from editor.ui.panels.editors.levels import LevelsEditor
from editor.ui.panels.editors.stops import StopsEditor
from editor.ui.panels.histogram import Counts
from editor.ui.panels.live import LiveValue
from editor.ui.panels.parameters import Entry, changed, entries, get, groups, title
from editor.ui.slider import NumberSlider
from editor.ui.words import tr, tr_composed

_FIRST = "midtones"  # of the groups of parameters this one is shown at first, if it is there
_CHANNELS = ("red", "green", "blue")


class AdjustmentProperties(QWidget):
    """Sliders, boxes and editors made from the parameters' rules.

    A control shows its effect at once, and is one entry of the history when it is let go. Where several
    parameters hold several values each (Levels' channels), one at a time is shown. ``refused`` tells why a
    change was not made.
    """

    refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document: Document | None = None
        self._layer: AdjustmentLayer | None = None
        self._kind: type[Adjustment] | None = None
        self._group = ""
        self._counts: Counts | None = None
        self._entries: dict[str, Entry] = {}
        self._sliders: dict[str, NumberSlider] = {}
        self._boxes: dict[str, QCheckBox] = {}
        self._editors: dict[str, ValueEditor] = {}
        self.live = LiveValue("adjustment", self.finish, self.follow)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(8, 0, 8, 8)
        self._column.setSpacing(0)

    @property
    def wants_counts(self) -> bool:
        """Whether a histogram of what the adjustment is given is shown."""
        return any(isinstance(each, CurveEditor | LevelsEditor) for each in self._editors.values())

    def set_layer(self, document: Document | None, layer: AdjustmentLayer | None, *, enabled: bool) -> None:
        """Show the parameters of ``layer``, or nothing."""
        self.live.interrupted()  # to follow would end a gesture without a word
        if layer is not self._layer:
            self.finish()
            self.set_counts(None)
        self._document, self._layer = document, layer
        kind = None if layer is None else type(layer.adjustment)
        if kind is not self._kind:
            self._kind = kind
            names = [] if kind is None else groups(kind)
            self._build(_FIRST if _FIRST in names else names[0] if names else "")
        self.setEnabled(enabled)
        self.follow()

    def set_counts(self, counts: Counts | None) -> None:
        """The histogram of what the adjustment is given."""
        self._counts = counts
        for editor in self._editors.values():
            if isinstance(editor, CurveEditor | LevelsEditor):
                editor.set_counts(counts)

    def finish(self) -> None:
        """Record what is only shown so far."""
        for control in (*self._sliders.values(), *self._editors.values()):
            control.finish()

    def reset(self) -> None:
        """Everything as it was when the adjustment was made."""
        self.finish()
        if self._layer is not None and self._layer.adjustment != self._kind():
            self._document.set_layer(self._layer, "adjustment", self._kind(), "Reset adjustment")

    def follow(self) -> None:
        """Show what the layer's adjustment says."""
        if self._layer is None or LiveValue.showing:
            return
        adjustment = self._layer.adjustment
        for name, slider in self._sliders.items():
            slider.set_value(get(adjustment, name))
        for name, box in self._boxes.items():
            box.setChecked(get(adjustment, name))
        for name, editor in self._editors.items():
            editor.set_value(get(adjustment, name))
        for name, control in (self._sliders | self._editors).items():
            switch = self._entries[name].switch  # what a switch that is off decides has no effect
            control.setEnabled(not switch or get(adjustment, switch))

    # -- the controls ---------------------------------------------------------------------------------

    def _build(self, group: str) -> None:
        self._group = group
        for kept in (self._entries, self._sliders, self._boxes, self._editors):
            kept.clear()
        while item := self._column.takeAt(0):
            if (widget := item.widget()) is not None:
                widget.setParent(None)
                widget.deleteLater()
        if self._kind is None:
            return
        names = groups(self._kind)
        if names:
            self._column.addWidget(self._chooser(names))
        for entry in entries(self._kind, group):
            self._add(entry)
        NumberSlider.align(self._sliders.values())
        if not self._entries:
            label = QLabel(tr("Nothing to set here."))
            theme.make_quiet(label)
            label.setContentsMargins(4, 4, 0, 4)
            self._column.addWidget(label)
        self._column.addStretch()
        self.set_counts(self._counts)

    def _chooser(self, names: list[str]) -> QComboBox:
        box = QComboBox()
        box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        box.setAccessibleName(tr("Part of {adjustment}").format(adjustment=tr(self._kind.title)))
        for name in names:
            box.addItem(tr(title(name)), name)
        box.setCurrentIndex(names.index(self._group))
        box.activated.connect(lambda place: self._choose(names[place]))
        box.installEventFilter(self)
        return box

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The wheel scrolls the page, and turns only what has the keyboard."""
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _choose(self, group: str) -> None:
        if group != self._group:
            self.finish()
            self._build(group)
            self.follow()

    def _add(self, entry: Entry) -> None:
        self._entries[entry.name] = entry
        if entry.control == "number":
            self._add_slider(entry)
        elif entry.control == "flag":
            self._add_box(entry)
        else:
            editor = self._editors[entry.name] = _make_editor(entry)
            editor.changed.connect(self._shower(entry.name))
            editor.committed.connect(self._record)
            self._column.addSpacing(4)
            self._column.addWidget(editor)
            self._column.addSpacing(4)

    def _add_slider(self, entry: Entry) -> None:
        rule = entry.rule
        slider = self._sliders[entry.name] = NumberSlider(
            tr(entry.title),
            rule.low,
            rule.high,
            value=entry.default,
            step=entry.step,
            logarithmic=entry.is_logarithmic,
        )
        show = self._shower(entry.name)
        slider.changed.connect(lambda value: show(round(value) if rule.whole else value))
        slider.committed.connect(lambda _: self._record())
        slider.installEventFilter(self)
        self._column.addWidget(slider)

    def _add_box(self, entry: Entry) -> None:
        box = self._boxes[entry.name] = QCheckBox(tr(entry.title))
        box.setFixedHeight(28)
        leave_to_picture(box)
        box.clicked.connect(self._setter(entry.name))
        holder = QWidget()  # the box begins where the sliders' words do
        line = QHBoxLayout(holder)
        line.setContentsMargins(4, 0, 0, 0)
        line.addWidget(box)
        self._column.addWidget(holder)

    # -- changes --------------------------------------------------------------------------------------

    def _shower(self, name: str) -> Callable[[object], None]:
        def show(value: object) -> None:
            try:
                adjustment = changed(self._layer.adjustment, name, value)
            except ValueError:
                return  # the picture stays at the last value that the others allow, and so will the control
            self.live.show(self._document, self._layer, adjustment)
            # What shows the same value another way follows; the one that is held has it already.
            for other, control in (self._sliders | self._editors).items():
                if other != name and (other.startswith(f"{name}.") or name.startswith(f"{other}.")):
                    control.set_value(get(adjustment, other))

        return show

    def _setter(self, name: str) -> Callable[[bool], None]:
        def put(value: bool) -> None:
            self.finish()
            try:
                adjustment = changed(self._layer.adjustment, name, value)
            except ValueError as error:
                self.refused.emit(tr("This cannot be set: {reason}.").format(reason=tr_composed(str(error))))
            else:
                self._document.set_layer(self._layer, "adjustment", adjustment, adjustment.title)
            self.follow()

        return put

    def _record(self) -> None:
        if self._kind is not None:
            self.live.record(self._kind.title)
        self.follow()


def _make_editor(entry: Entry) -> ValueEditor:
    """The editor for what is no number and no switch."""
    label, channel = tr(entry.title), None
    if entry.name in _CHANNELS:
        channel = _CHANNELS.index(entry.name)
    if entry.control == "curve":
        return CurveEditor(label, entry.default, channel)
    if entry.control == "levels":
        return LevelsEditor(label, entry.default, channel)
    if entry.control == "hues":
        return HuesEditor(label, entry.default)
    if entry.control == "stops":
        return StopsEditor(label, entry.default)
    return ColourField(label, entry.default)
