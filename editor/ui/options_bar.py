"""The bar above the canvas: how the current tool works, the engine, and Remove."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from editor.tools.base import Tool
from editor.tools.brush import LARGEST, SMALLEST, Brush
from editor.ui import theme
from editor.ui.slider import NumberSlider
from engines.registry import DEFAULT_REMOVER, ENGINES


class OptionsBar(QWidget):
    """Edits the tool it was last given."""

    tool_edited = Signal()

    def __init__(self, actions: dict[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("optionsBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(44)
        self._tool: Tool | None = None
        self._name = QLabel()
        self._name.setMinimumWidth(64)
        self.size_slider = NumberSlider(
            "Size", SMALLEST, LARGEST, value=80, step=1, suffix="px", logarithmic=True
        )
        self.size_slider.setToolTip("Diameter of the brush ([ and ])")
        self.hardness_slider = NumberSlider("Hardness", 0, 100, value=100, step=1, suffix="%")
        self.hardness_slider.setToolTip("100 % has a sharp edge, 0 % fades out from the middle")
        self.size_slider.changed.connect(self._take_size)
        self.hardness_slider.changed.connect(self._take_hardness)
        self._add = self._mode_button("plus", "Add to the selection (hold Alt to subtract)")
        self._subtract = self._mode_button("minus", "Take away from the selection (hold Alt to add)")
        modes = QButtonGroup(self)
        modes.addButton(self._add)
        modes.addButton(self._subtract)
        self._subtract.toggled.connect(self._take_mode)
        self._engines = QComboBox()
        self._engines.setAccessibleName("Engine")
        for entry in ENGINES:
            if entry.task == "remove":
                self._engines.addItem(entry.title, entry.id)
                self._engines.setItemData(self._engines.count() - 1, entry.note, Qt.ItemDataRole.ToolTipRole)
        self._engines.setCurrentIndex(self._engines.findData(DEFAULT_REMOVER))
        self.remove_button = QPushButton("Remove")
        self.remove_button.setProperty("primary", True)
        self.remove_button.setIcon(theme.icon("remove"))
        self.remove_button.setToolTip("Remove what is selected (Enter)")
        self.remove_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        remove = actions["remove"]
        self.remove_button.clicked.connect(remove.trigger)
        remove.enabledChanged.connect(self.remove_button.setEnabled)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 0, 12, 0)
        layout.setSpacing(8)
        layout.addWidget(self._name)
        layout.addWidget(self.size_slider)
        layout.addWidget(self.hardness_slider)
        layout.addSpacing(8)
        layout.addWidget(self._add)
        layout.addWidget(self._subtract)
        layout.addSpacing(8)
        for slot in ("selecting.nothing", "selecting.invert"):
            button = QToolButton()
            button.setDefaultAction(actions[slot])
            button.setIconSize(QSize(20, 20))
            button.setFixedSize(28, 28)
            layout.addWidget(button)
        layout.addStretch()
        layout.addWidget(self._engines)
        layout.addWidget(self.remove_button)

    def _mode_button(self, icon: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(theme.icon(icon))
        button.setIconSize(QSize(20, 20))
        button.setFixedSize(28, 28)
        button.setCheckable(True)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        return button

    @property
    def engine_id(self) -> str:
        return self._engines.currentData()

    def set_tool(self, tool: Tool) -> None:
        """Show the options of ``tool``."""
        self._tool = tool
        self._name.setText(tool.name)
        is_brush = isinstance(tool, Brush)
        self.size_slider.setVisible(is_brush)
        self.hardness_slider.setVisible(is_brush)
        (self._subtract if tool.subtract else self._add).setChecked(True)
        self.refresh()

    def refresh(self) -> None:
        """The tool was changed from elsewhere (a shortcut)."""
        if isinstance(self._tool, Brush):
            self.size_slider.set_value(self._tool.size)
            self.hardness_slider.set_value(self._tool.hardness * 100)

    def _take_size(self, value: float) -> None:
        if isinstance(self._tool, Brush):
            self._tool.size = value
            self.tool_edited.emit()

    def _take_hardness(self, value: float) -> None:
        if isinstance(self._tool, Brush):
            self._tool.hardness = value / 100
            self.tool_edited.emit()

    def _take_mode(self, subtract: bool) -> None:
        if self._tool is not None:
            self._tool.subtract = subtract
