"""The docks of the panels: where they are first, where they were left, and which of them can be seen."""

import base64
import contextlib
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QByteArray, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QMenu, QTabBar, QTabWidget

from editor.ui.panels.dock import WIDTH, PanelDock
from editor.ui.panels.tab_drag import TabDrag
from editor.ui.words import tr

_LAYOUT = 1  # counts the first places; what was kept of others does not fit


@dataclass(frozen=True)
class Panel:
    """One panel; those of the same ``row`` share a place, as tabs."""

    id: str
    title: str  # English
    row: int
    keys: str = ""


PANELS = (
    Panel("layers", "Layers", 0, "F7"),
    Panel("adjustments", "Adjustments", 1),
    Panel("history", "History", 1),
    Panel("navigator", "Navigator", 2),
    Panel("info", "Info", 2, "F8"),
    Panel("engine", "Engine", 2),
)
_HEIGHTS = (400, 262, 164)  # of the rows, in proportion


class Docks(QObject):
    """The panels of a window can be moved, tabbed, floated and closed. ``settled``: some were."""

    settled = Signal()

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._actions: dict[str, QAction] = {}
        window.setDockOptions(
            QMainWindow.DockOption.AnimatedDocks
            | QMainWindow.DockOption.AllowNestedDocks
            | QMainWindow.DockOption.AllowTabbedDocks
        )
        window.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        window.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        window.customContextMenuRequested.connect(self._show_menu)
        self._settle = QTimer(self, singleShot=True, interval=0)
        self._settle.timeout.connect(self._after_moves)
        self._tab_drag = TabDrag(self, self._titled)
        self._docks = {each.id: self._make(each) for each in PANELS}
        self._arrange()
        self._bring_first_forward()

    def __getitem__(self, panel_id: str) -> PanelDock:
        return self._docks[panel_id]

    def _make(self, panel: Panel) -> PanelDock:
        dock = PanelDock(panel.id, tr(panel.title), _HEIGHTS[panel.row], self._window)
        dock.seen_changed.connect(self._settle.start)
        dock.topLevelChanged.connect(lambda _: self._settle.start())
        dock.dockLocationChanged.connect(lambda _: self._settle.start())
        return dock

    def use(self, actions: dict[str, QAction]) -> None:
        """From now on the window's ``actions`` show which panels can be seen."""
        self._actions = actions
        self._settle.start()

    def _titled(self, title: str) -> PanelDock | None:
        return next((dock for dock in self._docks.values() if dock.windowTitle() == title), None)

    def _after_moves(self) -> None:
        for bar in self._window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
            self._tab_drag.watch(bar)
        for dock in self._docks.values():
            dock.refresh_caption()
        for panel in PANELS:
            action = self._actions.get(f"panels.docks.toggle.{panel.id}")
            if action is not None:
                action.setChecked(self._docks[panel.id].is_seen)
        self.settled.emit()

    # -- places ---------------------------------------------------------------------------------------

    def reset(self) -> None:
        """Put every panel in its first place."""
        for dock in self._docks.values():
            dock.setFloating(False)
            self._window.removeDockWidget(dock)
        self._arrange()
        for dock in self._docks.values():
            dock.show()
        self._bring_first_forward()

    def _arrange(self) -> None:
        first: list[PanelDock] = []
        for panel in PANELS:
            dock = self._docks[panel.id]
            self._window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
            if panel.row < len(first):
                self._window.tabifyDockWidget(first[panel.row], dock)
            else:
                first.append(dock)
        self._window.resizeDocks(first, list(_HEIGHTS), Qt.Orientation.Vertical)
        self._window.resizeDocks(first[:1], [WIDTH], Qt.Orientation.Horizontal)

    def _bring_first_forward(self) -> None:
        for row in range(len(_HEIGHTS)):
            self._docks[next(panel.id for panel in PANELS if panel.row == row)].raise_()

    def restore(self, kept: dict[str, Any]) -> None:
        """Put the panels where they were when ``save`` was called, if that can still be told."""
        state = kept.get("state")
        if isinstance(state, str):
            with contextlib.suppress(ValueError):
                self._window.restoreState(QByteArray(base64.b64decode(state)), _LAYOUT)

    def save(self) -> dict[str, Any]:
        """Where the panels are, for a settings file."""
        return {"state": base64.b64encode(self._window.saveState(_LAYOUT).data()).decode()}

    # -- which there are ------------------------------------------------------------------------------

    def seen(self) -> list[PanelDock]:
        """Those that are not closed, nor behind others."""
        return [dock for dock in self._docks.values() if dock.is_seen]

    def toggle(self, panel_id: str) -> None:
        """Close a panel that can be seen; bring forward one that cannot."""
        dock = self._docks[panel_id]
        if dock.is_seen:
            dock.close()
        else:
            dock.come_forward()
        self._settle.start()  # the action has changed its mark by itself

    def put_away(self) -> None:
        """Hide all panels for now."""
        for dock in self._docks.values():
            dock.hide()

    def _show_menu(self, point: QPoint) -> None:
        """Over a caption or a tab: which panels there are."""
        if not self._actions:
            return
        menu = QMenu(self._window)
        menu.addActions([self._actions[f"panels.docks.toggle.{panel.id}"] for panel in PANELS])
        menu.addSeparator()
        menu.addAction(self._actions["panels.docks.reset"])
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._window.mapToGlobal(point))
