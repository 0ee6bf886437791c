"""A control for each kind of option that a tool has."""

from PySide6.QtCore import QObject, QSignalBlocker, QSize, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QWidget,
)

from editor.tools.base import Tool
from editor.tools.options import Choice, Deed, Number, Option, Switch
from editor.ui import theme
from editor.ui.slider import NumberSlider
from editor.ui.words import tr

_FIELD_WIDTH = 84  # for six figures and a unit


class Control(QObject):
    """``changed`` carries the attribute and its new value, ``deed`` the name of a method to call."""

    changed = Signal(str, object)
    deed = Signal(str)

    def __init__(self, attribute: str) -> None:
        super().__init__()
        self.attribute = attribute
        self.widget = QWidget()

    def show_value_of(self, tool: Tool) -> None:
        """Show what the tool has."""

    def _put(self, widget: QWidget, option: Option) -> None:
        self.widget = widget
        if option.tip:
            widget.setToolTip(tr(option.tip))
        widget.setAccessibleName(tr(option.label))


class _NumberControl(Control):
    def __init__(self, option: Number) -> None:
        super().__init__(option.attribute)
        self._scale = option.scale
        self._slider = NumberSlider(
            tr(option.label),
            option.low,
            option.high,
            value=option.low,
            step=option.step,
            suffix=option.suffix,
            logarithmic=option.logarithmic,
            compact=option.compact,
        )
        self._slider.changed.connect(lambda value: self.changed.emit(self.attribute, value / self._scale))
        self._put(self._slider, option)

    def show_value_of(self, tool: Tool) -> None:
        if not self._slider.adjusting:
            self._slider.set_value(getattr(tool, self.attribute) * self._scale)


class _FieldControl(Control):
    """A number that is typed or stepped."""

    def __init__(self, option: Number) -> None:
        super().__init__(option.attribute)
        self._scale = option.scale
        self._field = QDoubleSpinBox()
        self._field.setRange(option.low, option.high)
        self._field.setDecimals(0 if option.step >= 1 else 1)
        self._field.setSingleStep(1)
        self._field.setSuffix(f"\u00a0{option.suffix}" if option.suffix else "")
        self._field.setKeyboardTracking(False)
        self._field.setFixedWidth(_FIELD_WIDTH)
        self._field.valueChanged.connect(lambda value: self.changed.emit(self.attribute, value / self._scale))
        self._put(_captioned(option.label, self._field), option)
        self._field.setAccessibleName(tr(option.label))

    def show_value_of(self, tool: Tool) -> None:
        with QSignalBlocker(self._field):
            self._field.setValue(getattr(tool, self.attribute) * self._scale)


class _ListControl(Control):
    def __init__(self, option: Choice) -> None:
        super().__init__(option.attribute)
        self._box = QComboBox()
        for value, label, _ in option.choices:
            self._box.addItem(tr(label), value)
        self._box.activated.connect(
            lambda place: self.changed.emit(self.attribute, self._box.itemData(place))
        )
        self._put(_captioned(option.label, self._box), option)
        self._box.setAccessibleName(tr(option.label))

    def show_value_of(self, tool: Tool) -> None:
        self._box.setCurrentIndex(self._box.findData(getattr(tool, self.attribute)))


class _ButtonsControl(Control):
    def __init__(self, option: Choice) -> None:
        super().__init__(option.attribute)
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(2)
        self._group = QButtonGroup(row)
        self._values = []
        for value, label, icon in option.choices:
            button = icon_button(icon, tr(label))
            button.setCheckable(True)
            self._group.addButton(button, len(self._values))
            self._values.append(value)
            line.addWidget(button)
        self._group.idClicked.connect(lambda place: self.changed.emit(self.attribute, self._values[place]))
        self._put(row, option)

    def show_value_of(self, tool: Tool) -> None:
        value = getattr(tool, self.attribute)
        if value in self._values:
            self._group.button(self._values.index(value)).setChecked(True)


class _SwitchControl(Control):
    def __init__(self, option: Switch) -> None:
        super().__init__(option.attribute)
        if option.icon is None:
            self._button = QCheckBox(tr(option.label))
        else:
            self._button = icon_button(option.icon, tr(option.tip or option.label))
            self._button.setCheckable(True)
        self._button.clicked.connect(lambda on: self.changed.emit(self.attribute, on))
        self._put(self._button, option)

    def show_value_of(self, tool: Tool) -> None:
        self._button.setChecked(bool(getattr(tool, self.attribute)))


class _DeedControl(Control):
    def __init__(self, option: Deed) -> None:
        super().__init__("")
        if option.icon is None:
            button = QPushButton(tr(option.label))
            button.setProperty("primary", option.primary)
        else:
            button = icon_button(option.icon, tr(option.tip or option.label))
        button.clicked.connect(lambda: self.deed.emit(option.method))
        self._put(button, option)


def make_control(option: Option) -> Control:
    """The control for an option."""
    if isinstance(option, Number):
        return _NumberControl(option) if option.slides else _FieldControl(option)
    if isinstance(option, Choice):
        has_icons = all(icon is not None for _, _, icon in option.choices)
        return _ButtonsControl(option) if has_icons else _ListControl(option)
    if isinstance(option, Switch):
        return _SwitchControl(option)
    return _DeedControl(option)


def _captioned(label: str, control: QWidget) -> QWidget:
    """A control with its name before it, if it has one."""
    both = QWidget()
    line = QHBoxLayout(both)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(8)
    if label:
        caption = QLabel(tr(label))
        caption.setProperty("quiet", True)
        caption.setBuddy(control)
        line.addWidget(caption)
    line.addWidget(control)
    return both


def icon_button(icon: str, tip: str) -> QToolButton:
    """A small button without words; ``tip`` is also what it is called for those who do not see it."""
    button = QToolButton()
    button.setIcon(theme.icon(icon))
    button.setIconSize(QSize(theme.ICON, theme.ICON))
    button.setFixedSize(28, 28)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    return button
