"""The tools and their bar on the left."""

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QToolBar

from editor.tools.base import Tool
from editor.tools.brush import Brush
from editor.tools.lasso import Lasso, Polygon


class Tools(QObject):
    """One of each tool, and which is in use.

    ``chosen`` carries the tool that is in use from now on; ``edited``: a shortcut has changed the brush.
    """

    chosen = Signal(object)
    edited = Signal()

    def __init__(self, brush: Brush, parent: QObject) -> None:
        super().__init__(parent)
        self.brush = brush
        self.current: Tool = brush
        # By the slot of the action that chooses it.
        self._tools: dict[str, Tool] = {
            "tools.use_brush": brush,
            "tools.use_lasso": Lasso(),
            "tools.use_polygon": Polygon(),
        }
        self._actions: dict[str, QAction] = {}

    def bar(self, actions: dict[str, QAction]) -> QToolBar:
        """The bar, made of the actions that choose the tools."""
        self._actions = actions
        bar = QToolBar("Tools")
        bar.setObjectName("tools")
        bar.setOrientation(Qt.Orientation.Vertical)
        bar.setMovable(False)
        bar.setIconSize(QSize(20, 20))
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        group = QActionGroup(self)
        for slot in self._tools:
            actions[slot].setCheckable(True)
            group.addAction(actions[slot])
            bar.addAction(actions[slot])
        return bar

    def use_brush(self) -> None:
        self._use("tools.use_brush")

    def use_lasso(self) -> None:
        self._use("tools.use_lasso")

    def use_polygon(self) -> None:
        self._use("tools.use_polygon")

    def _use(self, slot: str) -> None:
        self.current = self._tools[slot]
        self._actions[slot].setChecked(True)
        self.chosen.emit(self.current)

    def smaller_brush(self) -> None:
        self._resize(-1)

    def larger_brush(self) -> None:
        self._resize(1)

    def _resize(self, steps: int) -> None:
        self.brush.resize(steps)
        self.edited.emit()
