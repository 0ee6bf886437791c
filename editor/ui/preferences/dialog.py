"""The Preferences' window: the names of the pages on one side, the page on the other."""

from collections.abc import Callable
from concurrent.futures import Executor
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QListWidgetItem, QStackedWidget, QWidget

from editor import settings
from editor.ui import theme
from editor.ui.preferences import pages
from editor.ui.preferences.engines import engines
from editor.ui.preferences.rows import Page
from editor.ui.words import tr

if TYPE_CHECKING:
    from editor.ui.window import Window

_SIZE = QSize(920, 540)  # wide enough for the keyboard page, the widest
_NAMES = 168  # width of the column of names


class Preferences:
    """What Edit > Preferences opens; the dialog is made when it is first asked for, and so is each page."""

    def __init__(self, files: Executor, window: "Window") -> None:
        self._files, self._window = files, window
        self._dialog: PreferencesDialog | None = None

    def show(self) -> None:
        """Open the dialog, which stops nothing else."""
        if self._dialog is None:
            self._dialog = PreferencesDialog(self._files, self._window)
        if self._dialog.isVisible():  # behind the window perhaps
            self._dialog.raise_()
        self._dialog.show()
        self._dialog.activateWindow()

    @property
    def dialog(self) -> "PreferencesDialog | None":
        """None while it was never asked for."""
        return self._dialog


class PreferencesDialog(QDialog):
    """Whatever is chosen is in force at once: there is nothing to confirm."""

    def __init__(self, files: Executor, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self.setWindowTitle(tr("Preferences"))
        self.resize(_SIZE)
        self.setFixedWidth(_SIZE.width())  # the same on every page
        self._makers: list[Callable[[], Page]] = [
            lambda: pages.general(window),
            lambda: pages.interface(window),
            lambda: pages.performance(window),
            lambda: engines(files, window),
            lambda: pages.colour(window),
            self._make_keyboard,
            lambda: pages.recovery(window),
        ]
        names = (
            ("settings", tr("General")),
            ("panel", tr("Interface")),
            ("memory", tr("Performance")),
            ("engine", tr("Engines")),
            ("eyedropper", tr("Colour")),
            ("keyboard", tr("Keyboard")),
            ("history", tr("Recovery")),
        )
        self.names = QListWidget()
        self.names.setObjectName("preferencesPages")
        self.names.setFixedWidth(_NAMES)
        self.names.setIconSize(QSize(theme.ICON, theme.ICON))
        self.names.setAccessibleName(tr("Pages"))
        for icon, name in names:
            item = QListWidgetItem(theme.icon(icon), name, self.names)
            item.setSizeHint(QSize(0, 36))
        self._stack = QStackedWidget()
        self._pages: dict[int, Page] = {}
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self.names)
        line.addWidget(self._stack, 1)
        self.names.currentRowChanged.connect(self._turn_to)
        self.names.setCurrentRow(0)
        self.finished.connect(lambda _: settings.save(window.settings))

    def page(self, place: int) -> QWidget:
        """The page at a place of the list, made if it was not yet."""
        if place not in self._pages:
            self._pages[place] = self._makers[place]()
            self._stack.addWidget(self._pages[place])
        return self._pages[place]

    def _turn_to(self, place: int) -> None:
        self._stack.setCurrentWidget(self.page(place))

    def _make_keyboard(self) -> Page:
        from editor.ui.menus.bar import MENUS
        from editor.ui.preferences.keyboard import KeyboardPage
        from editor.ui.shortcuts import Shortcuts

        window = self._window
        return KeyboardPage(Shortcuts(MENUS, window.actions_by_id, window.settings.shortcuts))
