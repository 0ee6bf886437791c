"""How much of the window there is beside the picture: bars and panels put away, and full screen."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject, Qt
from PySide6.QtWidgets import QToolBar, QWidget

if TYPE_CHECKING:
    from editor.ui.canvas import Canvas
    from editor.ui.window import Window

_ALL, _NO_PANELS, _BARE = range(3)  # what is there: everything, all but the panels, the picture
_WINDOW, _FULL, _ALONE = range(3)  # full screen: not, with the menus, the picture alone
_ANY_HEIGHT = (1 << 24) - 1  # QWIDGETSIZE_MAX
_OVER_THE_PICTURE = ("screen.toggle_all", "screen.toggle_panels")


class ScreenModes(QObject):
    """Puts away what is around the picture and brings it back as it was."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self._shown = _ALL
        self._screen = _WINDOW
        self._before_full = (False, _ALL)  # whether the window was maximised, and what was there
        self._kept = QByteArray()  # the places of what is put away

    def adopt(self, canvas: "Canvas") -> None:
        """Over the picture Tab puts the panels away; elsewhere it goes from control to control."""
        for name in _OVER_THE_PICTURE:
            action = self._window.actions_by_id[name]
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            canvas.addAction(action)

    def refresh(self) -> None:
        """Show what is to be there."""
        window = self._window
        alone = self._screen == _ALONE
        window.options.setVisible(window.document is not None and self._shown != _BARE)
        window.tabs.setVisible(window.tabs.count() > 0 and not alone)
        window.status.setVisible(not alone)
        # Hidden, the menus' shortcuts would sleep.
        window.menuBar().setMaximumHeight(0 if alone else _ANY_HEIGHT)
        window.findChild(QToolBar, "tools").setVisible(self._shown != _BARE)
        for name, on in (
            ("toggle_all", self._shown == _BARE),
            ("toggle_panels", self._shown != _ALL),
            ("cycle", self._screen != _WINDOW),
        ):
            window.actions_by_id[f"screen.{name}"].setChecked(on)

    def toggle_all(self) -> None:
        """Put bars and panels away, or bring everything back."""
        self._show(_ALL if self._shown == _BARE else _BARE)

    def toggle_panels(self) -> None:
        """Put the panels away, or bring them back with the bars."""
        self._show(_NO_PANELS if self._shown == _ALL else _ALL)

    def cycle(self) -> None:
        """To full screen with the menus, to the picture alone, and back to the window."""
        window = self._window
        if self._screen == _WINDOW:
            self._before_full = window.isMaximized(), self._shown
            self._screen = _FULL
            window.showFullScreen()
        elif self._screen == _FULL:
            self._screen = _ALONE
            self._show(_BARE)
        else:
            self.leave()
        self.refresh()

    def leave(self) -> None:
        """The window as it was before full screen."""
        if self._screen == _WINDOW:
            return
        was_maximised, shown = self._before_full
        self._screen = _WINDOW
        self._show(shown)
        if was_maximised:
            self._window.showMaximized()
        else:
            self._window.showNormal()

    def bring_back(self) -> None:
        """Everything in its place in a plain window, for what is to be kept of it."""
        self.leave()
        self._show(_ALL)

    def _show(self, shown: int) -> None:
        window, before = self._window, self._shown
        self._shown = shown
        if before == _ALL and shown != _ALL:
            self._kept = window.saveState()
            window.panels.docks.put_away()
            if window.canvas is not None:
                window.canvas.setFocus()  # what had the keyboard may be gone
        elif before != _ALL and shown == _ALL:
            window.restoreState(self._kept)
        self.refresh()

    def next_area(self) -> None:
        """Give the keyboard to the next of: picture, options, each panel."""
        window = self._window
        picture = window.tabs.pages.currentWidget()
        areas = [picture, window.options, *window.panels.docks.seen()]
        areas = [area for area in areas if area.isVisible() and _first_stop(area) is not None]
        focus = window.focusWidget()
        here = next((place for place, area in enumerate(areas) if _holds(area, focus)), -1)
        if areas:
            stop = _first_stop(areas[(here + 1) % len(areas)])
            stop.window().activateWindow()
            stop.setFocus(Qt.FocusReason.TabFocusReason)


def _holds(area: QWidget, widget: QWidget | None) -> bool:
    return widget is not None and (area is widget or area.isAncestorOf(widget))


def _first_stop(area: QWidget) -> QWidget | None:
    """The first widget of an area that Tab would stop at."""
    widget = area
    while True:
        takes = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if takes and _holds(area, widget) and widget.isVisible() and widget.isEnabled():
            return widget
        widget = widget.nextInFocusChain()
        if widget is area:
            return None
