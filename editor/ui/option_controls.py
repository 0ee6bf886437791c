"""A control for each kind of option that a tool has."""

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QWidget,
)

from editor.tools.base import Tool
from editor.tools.options import Choice, Deed, Number, Option, Switch
from editor.ui import theme
from editor.ui.keyboard import leave_to_picture
from editor.ui.slider import NumberSlider
from editor.ui.words import tr

SIDE = 28  # of a button without words
_ANY = 16_777_215  # pixels: Qt's own bound


class Control(QObject):
    """``changed`` carries the attribute and its new value, ``deed`` the name of a method to call.

    ``settled``: a gesture is over, after which the tool may have another value than it was given.
    ``may_go``: where there is no room for it, it may be shown elsewhere.
    """

    changed = Signal(str, object)
    settled = Signal()
    deed = Signal(str)

    def __init__(self, attribute: str) -> None:
        super().__init__()
        self.attribute = attribute
        self.may_go = True
        self.widget = QWidget()

    def show_value_of(self, tool: Tool) -> None:
        """Show what the tool has."""

    def _put(self, widget: QWidget, option: Option) -> None:
        self.widget = widget
        if option.tip:
            widget.setToolTip(tr(option.tip))
        widget.setAccessibleName(tr(option.label))

    def spell_out(self, spelt: bool) -> None:
        """Show the name beside an icon, or the icon alone."""


class _NumberControl(Control):
    def __init__(self, option: Number, default: float | None) -> None:
        super().__init__(option.attribute)
        self._scale = option.scale
        self._slider = NumberSlider(
            tr(option.label),
            option.low,
            option.high,
            value=option.low,
            default=None if default is None else default * option.scale,
            step=option.step,
            suffix=option.suffix,
            logarithmic=option.logarithmic,
            compact=option.compact,
        )
        self._slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._shown = self._slider.value
        (self._slider.changed if option.live else self._slider.committed).connect(self._tell)
        self._slider.committed.connect(lambda _: self.settled.emit())
        self._put(self._slider, option)

    def _tell(self, value: float) -> None:
        if value != self._shown:
            self._shown = value
            self.changed.emit(self.attribute, value / self._scale)

    def show_value_of(self, tool: Tool) -> None:
        if not self._slider.adjusting:
            self._slider.set_value(getattr(tool, self.attribute) * self._scale)
            self._shown = self._slider.value


class _ListControl(Control):
    def __init__(self, option: Choice) -> None:
        super().__init__(option.attribute)
        self._box = QComboBox()
        self._box.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # one chooses with the mouse and paints on
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
            leave_to_picture(button)
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
            self._button = icon_button(option.icon, tr(option.label))
            self._button.setCheckable(True)
        leave_to_picture(self._button)
        self._button.clicked.connect(lambda on: self.changed.emit(self.attribute, on))
        self._put(self._button, option)
        _name_first(self._button, option)

    def spell_out(self, spelt: bool) -> None:
        _spell_out(self._button, spelt)

    def show_value_of(self, tool: Tool) -> None:
        self._button.setChecked(bool(getattr(tool, self.attribute)))


class _DeedControl(Control):
    def __init__(self, option: Deed) -> None:
        super().__init__("")
        self.may_go = not option.stays
        if option.icon is None:
            self._button = QPushButton(tr(option.label))
            self._button.setProperty("primary", option.primary)
        else:
            self._button = icon_button(option.icon, tr(option.label))
        leave_to_picture(self._button)
        self._button.clicked.connect(lambda: self.deed.emit(option.method))
        self._put(self._button, option)
        _name_first(self._button, option)

    def spell_out(self, spelt: bool) -> None:
        _spell_out(self._button, spelt)


def make_control(option: Option, fresh: Tool) -> Control:
    """The control for an option; numbers go back to the value that the ``fresh`` tool has."""
    if isinstance(option, Number):
        return _NumberControl(option, getattr(fresh, option.attribute) if option.lasting else None)
    if isinstance(option, Choice):
        has_icons = all(icon is not None for _, _, icon in option.choices)
        return _ButtonsControl(option) if has_icons else _ListControl(option)
    if isinstance(option, Switch):
        return _SwitchControl(option)
    return _DeedControl(option)


def _name_first(button: QAbstractButton, option: Switch | Deed) -> None:
    """Of a button with an icon the tool tip also says what it is called."""
    name, tip = tr(option.label), tr(option.tip) if option.tip else ""
    if option.icon is not None and tip and not tip.startswith(name):
        button.setToolTip(f"{name}\n{tip}")


def _spell_out(button: QAbstractButton, spelt: bool) -> None:
    if isinstance(button, QToolButton):
        style = (
            Qt.ToolButtonStyle.ToolButtonTextBesideIcon if spelt else Qt.ToolButtonStyle.ToolButtonIconOnly
        )
        button.setText(button.accessibleName())
        button.setToolButtonStyle(style)
        button.setMinimumWidth(SIDE)
        button.setMaximumWidth(_ANY if spelt else SIDE)


def _captioned(label: str, control: QWidget) -> QWidget:
    """A control with its name before it, if it has one."""
    both = QWidget()
    line = QHBoxLayout(both)
    line.setContentsMargins(4 if label else 0, 0, 0, 0)  # as far in as the name of a slider
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
    button.setFixedSize(SIDE, SIDE)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    return button
