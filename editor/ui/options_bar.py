"""The bar above the canvas: how the current tool works, the engine, and Remove."""

from functools import partial

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from editor.tools import shelf
from editor.tools.base import Tool
from editor.ui import theme
from editor.ui.engine_menu import EngineMenu
from editor.ui.grain_slider import grain_slider
from editor.ui.keyboard import leave_to_picture, to_picture
from editor.ui.option_controls import Control, make_control
from editor.ui.overflow import Overflow
from editor.ui.words import tr
from engines.registry import DEFAULT_REMOVER

_MARGIN, _GAP = 12, 8
_FIRST = 2  # of a tool's options, that stay for longer than the engine


class OptionsBar(QWidget):
    """Edits the tool it was last given; the controls of each tool are made once.

    ``tool_edited``: an option was changed here. ``engine_picked``: the user chose another engine. ``deed``: a
    button was pressed that calls the method of this name of the tool. What there is no room for is found
    behind "…": of no other part does it depend whether what ends a thing (Remove, Apply, Cancel) can be
    pressed.
    """

    tool_edited = Signal()
    engine_changed = Signal()
    engine_picked = Signal()
    deed = Signal(str)

    def __init__(self, actions: dict[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("optionsBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(44)
        self._tool: Tool | None = None
        self._rows: dict[str, tuple[QWidget, list[Control]]] = {}
        self._name = QLabel()  # as wide for each tool, so that the options begin at one place
        self._engines = EngineMenu()
        self._engines.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._engines.choose(DEFAULT_REMOVER)
        self._engines.currentIndexChanged.connect(lambda _: self.engine_changed.emit())
        self._engines.activated.connect(lambda _: self.engine_picked.emit())
        self._grain = grain_slider()
        self.remove_button = QPushButton(tr("Remove"))
        self.remove_button.setProperty("primary", True)
        self.remove_button.setIcon(theme.icon("remove", on_accent=True))
        self.remove_button.setToolTip(tr("Remove what is selected (Enter)"))
        leave_to_picture(self.remove_button)
        remove = actions["removing.start"]
        self.remove_button.clicked.connect(remove.trigger)
        remove.enabledChanged.connect(self.remove_button.setEnabled)
        self.vary_button = QToolButton()
        self.vary_button.setDefaultAction(actions["removing.vary"])
        self.vary_button.setIconSize(QSize(theme.ICON, theme.ICON))
        self.vary_button.setFixedHeight(28)
        leave_to_picture(self.vary_button)
        self.lines_button = QToolButton()
        self.lines_button.setDefaultAction(actions["removing.find_lines"])
        self.lines_button.setIconSize(QSize(theme.ICON, theme.ICON))
        self.lines_button.setFixedHeight(28)
        leave_to_picture(self.lines_button)
        self._selecting = QWidget()  # what is of use with every tool that selects
        selecting = QHBoxLayout(self._selecting)
        selecting.setContentsMargins(0, 0, 0, 0)
        selecting.setSpacing(_GAP)
        for slot in ("selecting.nothing", "selecting.invert"):
            button = QToolButton()
            button.setDefaultAction(actions[slot])
            button.setIconSize(QSize(theme.ICON, theme.ICON))
            button.setFixedSize(28, 28)
            leave_to_picture(button)
            selecting.addWidget(button)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        self._layout.setSpacing(_GAP)
        self._layout.addWidget(self._name)
        self._layout.addWidget(self._selecting)
        self.more = Overflow(self)
        self._layout.addWidget(self.more)
        self._layout.addStretch()
        self._layout.addWidget(self._grain)
        self._layout.addWidget(self._engines)
        self._layout.addWidget(self.lines_button)
        self._layout.addWidget(self.vary_button)
        self._layout.addWidget(self.remove_button)
        self._measure_name()

    def minimumSizeHint(self) -> QSize:
        """The bar does not hold the window open: what it has no room for goes behind "…"."""
        return QSize(0, self.height())

    @property
    def engine_id(self) -> str:
        return self._engines.currentData()

    @property
    def grain(self) -> float:
        """How much a removal is to have, 0 .. 1."""
        return self._grain.value / 100

    def refresh_engines(self) -> None:
        """There may be others now."""
        self._engines.refresh()

    def set_engine(self, engine_id: str) -> None:
        """Choose an engine, if there is one of this id."""
        self._engines.choose(engine_id)

    def set_tool(self, tool: Tool) -> None:
        """Show the options of ``tool``."""
        if self.isAncestorOf(QApplication.focusWidget() or self.window()):
            to_picture(self)  # what was being typed is for the tool from before
        self.more.give_back()
        self._tool = tool
        self._name.setText(tr(tool.name))
        if tool.id not in self._rows:
            self._rows[tool.id] = self._make_row(tool)
        for tool_id, (row, _) in self._rows.items():
            row.setVisible(tool_id == tool.id)
        for widget in (
            self._selecting,
            self._grain,
            self._engines,
            self.lines_button,
            self.vary_button,
            self.remove_button,
        ):
            widget.setVisible(tool.selects)
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._measure_name()
            self._fit()

    def _measure_name(self) -> None:
        metrics = self._name.fontMetrics()
        names = (tr(spec.title) for spec in shelf.TOOLS.values())
        self._name.setFixedWidth(max(metrics.horizontalAdvance(name) for name in names) + _GAP)

    def _fit(self) -> None:
        """Put behind "…" what there is no room for; the tool's name gives way before that."""
        if self._tool is None:
            return
        _, controls = self._rows[self._tool.id]
        used = [control for control in controls if control.attribute not in self._tool.unused]
        stays = [self.remove_button] if self._tool.selects else []
        stays += [control.widget for control in used if not control.may_go]
        goes = [control.widget for control in reversed(used) if control.may_go]  # the first goes first
        if self._tool.selects:
            less, most = goes[:-_FIRST], goes[-_FIRST:]
            asking = (self.vary_button, self._engines, self.lines_button)
            goes = [self._grain, self._selecting, *less, *asking, *most]
        room = self.width() - 2 * _MARGIN - 2 * _GAP  # beside the stretch there are gaps too
        needed = sum(self.more.width_of(widget) + _GAP for widget in (*stays, *goes))
        away = 0
        if needed > room:
            needed += self.more.width() + _GAP
            while away < len(goes) and needed > room:
                needed -= self.more.width_of(goes[away]) + _GAP
                away += 1
        by_widget = {control.widget: control for control in controls}
        self.more.take([(widget, by_widget.get(widget)) for widget in goes[:away]])
        self._name.setVisible(not away and needed + self._name.width() + _GAP <= room)

    def refresh(self) -> None:
        """The tool was changed from elsewhere (a shortcut)."""
        if self._tool is not None:
            for control in self._rows[self._tool.id][1]:
                control.show_value_of(self._tool)
                control.widget.setVisible(control.attribute not in self._tool.unused)
            self._fit()

    def control(self, attribute: str) -> QWidget:
        """The control of an option of the tool in hand. Raises KeyError if there is none."""
        for control in self._rows[self._tool.id][1]:
            if control.attribute == attribute:
                return control.widget
        raise KeyError(attribute)

    def _make_row(self, tool: Tool) -> tuple[QWidget, list[Control]]:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(_GAP)
        controls = []
        fresh = shelf.TOOLS[tool.id].make(tool.bench)
        for option in tool.options:
            control = make_control(option, fresh)
            control.changed.connect(partial(self._take, tool))
            control.settled.connect(self.refresh)
            control.deed.connect(self.deed)
            line.addWidget(control.widget)
            control.widget.setVisible(control.attribute not in tool.unused)
            controls.append(control)
        self._layout.insertWidget(1, row)
        return row, controls

    def _take(self, tool: Tool, attribute: str, value: object) -> None:
        setattr(tool, attribute, value)
        self.refresh()  # one option may decide another
        self.tool_edited.emit()
