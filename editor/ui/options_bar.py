"""The bar above the canvas: how the current tool works, the engine, and Remove."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from editor.tools.base import Tool
from editor.ui import theme
from editor.ui.option_controls import Control, make_control
from editor.ui.words import tr
from engines.registry import DEFAULT_REMOVER, ENGINES

_NAME = 64  # least width of the tool's name


class OptionsBar(QWidget):
    """Edits the tool it was last given; the controls of each tool are made once.

    ``tool_edited``: an option was changed here. ``deed``: a button was pressed that calls the method of this
    name of the tool.
    """

    tool_edited = Signal()
    engine_changed = Signal()
    deed = Signal(str)

    def __init__(self, actions: dict[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("optionsBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(44)
        self._tool: Tool | None = None
        self._rows: dict[str, tuple[QWidget, list[Control]]] = {}
        self._name = QLabel()
        self._engines = QComboBox()
        self._engines.setAccessibleName(tr("Engine"))
        for entry in ENGINES:
            if entry.task == "remove":
                self._engines.addItem(entry.title, entry.id)
                self._engines.setItemData(
                    self._engines.count() - 1, tr(entry.note), Qt.ItemDataRole.ToolTipRole
                )
        self._engines.setCurrentIndex(self._engines.findData(DEFAULT_REMOVER))
        self._engines.currentIndexChanged.connect(lambda _: self.engine_changed.emit())
        self.remove_button = QPushButton(tr("Remove"))
        self.remove_button.setProperty("primary", True)
        self.remove_button.setIcon(theme.icon("remove", on_accent=True))
        self.remove_button.setToolTip(tr("Remove what is selected (Enter)"))
        self.remove_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        remove = actions["removing.start"]
        self.remove_button.clicked.connect(remove.trigger)
        remove.enabledChanged.connect(self.remove_button.setEnabled)
        self.vary_button = QToolButton()
        self.vary_button.setDefaultAction(actions["removing.vary"])
        self.vary_button.setIconSize(QSize(theme.ICON, theme.ICON))
        self.vary_button.setFixedHeight(28)
        self.vary_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._selecting = QWidget()  # what is of use with every tool that selects
        selecting = QHBoxLayout(self._selecting)
        selecting.setContentsMargins(0, 0, 0, 0)
        selecting.setSpacing(8)
        for slot in ("selecting.nothing", "selecting.invert"):
            button = QToolButton()
            button.setDefaultAction(actions[slot])
            button.setIconSize(QSize(theme.ICON, theme.ICON))
            button.setFixedSize(28, 28)
            selecting.addWidget(button)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(12, 0, 12, 0)
        self._layout.setSpacing(8)
        self._layout.addWidget(self._name)
        self._layout.addWidget(self._selecting)
        self._layout.addStretch()
        self._layout.addWidget(self._engines)
        self._layout.addWidget(self.vary_button)
        self._layout.addWidget(self.remove_button)

    def minimumSizeHint(self) -> QSize:
        """The bar does not hold the window open: a narrow one cuts it off."""
        return QSize(0, self.height())

    @property
    def engine_id(self) -> str:
        return self._engines.currentData()

    def set_engine(self, engine_id: str) -> None:
        """Choose an engine, if there is one of this id."""
        place = self._engines.findData(engine_id)
        if place >= 0:
            self._engines.setCurrentIndex(place)

    def set_tool(self, tool: Tool) -> None:
        """Show the options of ``tool``."""
        self._tool = tool
        self._name.setText(tr(tool.name))
        self._name.setMinimumWidth(max(self._name.sizeHint().width(), _NAME))
        if tool.id not in self._rows:
            self._rows[tool.id] = self._make_row(tool)
        for tool_id, (row, _) in self._rows.items():
            row.setVisible(tool_id == tool.id)
        for widget in (self._selecting, self._engines, self.vary_button, self.remove_button):
            widget.setVisible(tool.selects)
        self.refresh()
        self._fit_name()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_name()

    def _fit_name(self) -> None:
        """The tool's name gives way to its options where there is no room for both."""
        row = self._rows.get(self._tool.id) if self._tool is not None else None
        needed = 0 if row is None else row[0].minimumSizeHint().width()
        if self._tool is not None and self._tool.selects:
            needed += sum(
                each.minimumSizeHint().width() + 8
                for each in (self._selecting, self._engines, self.remove_button)
            )
        self._name.setVisible(self._name.sizeHint().width() + needed + 56 <= self.width())

    def refresh(self) -> None:
        """The tool was changed from elsewhere (a shortcut)."""
        if self._tool is not None:
            for control in self._rows[self._tool.id][1]:
                control.show_value_of(self._tool)
                control.widget.setVisible(control.attribute not in self._tool.unused)

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
        line.setSpacing(8)
        controls = []
        for option in tool.options:
            control = make_control(option)
            control.changed.connect(self._take)
            control.deed.connect(self.deed)
            line.addWidget(control.widget)
            control.widget.setVisible(control.attribute not in tool.unused)
            controls.append(control)
        self._layout.insertWidget(1, row)
        return row, controls

    def _take(self, attribute: str, value: object) -> None:
        if self._tool is not None:
            setattr(self._tool, attribute, value)
            self.refresh()  # one option may decide another
            self.tool_edited.emit()
