"""Goes through all that the window can show: for tests of every word and every control."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PySide6.QtCore import QAbstractListModel, QLocale, QModelIndex, Qt, QTimer, QTranslator
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QTabBar,
    QTextEdit,
    QWidget,
)

from editor.document import channels
from editor.document.adjustments import ADJUSTMENTS
from editor.document.recipe import Recipe
from editor.document.recovery import Recoverable
from editor.document.select import everything
from editor.document.stack import add_mask
from editor.tools import shelf
from editor.ui import dialogs, language, raw_dialog
from editor.ui.colour_picker import ColourPicker
from editor.ui.commands import Command, all_commands
from editor.ui.menus.bar import MENUS
from editor.ui.raw_dialog import RawDialog
from editor.ui.recovery_bar import RecoveryBar
from editor.ui.slider import NumberSlider
from editor.ui.start_page import StartPage
from editor.ui.window import Window
from engines.registry import DEFAULT_REMOVER

# In no menu: what they are called is told in the list of shortcuts.
HIDDEN = {command.id for command in all_commands(MENUS) if command.hidden}

Inspect = Callable[[str, QWidget], None]

_ROLES = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)
_WAIT = 10_000  # ms


@contextmanager
def speaking(name: str) -> Iterator[None]:
    """The program in a language, and afterwards as it was."""
    app = QApplication.instance()
    locale, direction = QLocale(), app.layoutDirection()
    before = set(app.findChildren(QTranslator))
    language.install(app, name)
    try:
        yield
    finally:
        for translator in set(app.findChildren(QTranslator)) - before:
            app.removeTranslator(translator)
        QLocale.setDefault(locale)
        app.setLayoutDirection(direction)


class Walk:
    """``inspect`` is called with each state of the window and the widget that is new in it."""

    def __init__(self, window: Window, qtbot, monkeypatch, inspect: Inspect) -> None:
        self._window, self._qtbot, self._look = window, qtbot, inspect
        monkeypatch.setattr(dialogs, "ask_what_to_open", lambda *_: [])  # the system's own
        for name in ("ask_where_to_save", "ask_where_to_copy"):
            monkeypatch.setattr(dialogs, name, lambda *_: None)
        monkeypatch.setattr(raw_dialog, "_preview", lambda *_: np.zeros((9, 9, 4), np.uint8))

    def everything(self) -> None:
        """One picture must be open, and its panels be filled."""
        self._inspect("window", self._window)
        self._beside()
        self.tools()
        self.panels()
        self._adjustments()
        self._dialogs()
        self._palette()
        self._over_the_picture()

    def _inspect(self, state: str, root: QWidget) -> None:
        QApplication.processEvents()  # layouts settle
        self._look(state, root)

    def tools(self) -> None:
        for tool_id in shelf.TOOLS:
            self._window.tools.use(tool_id)
            self._inspect(f"options of {tool_id}", self._window.options)
        self._window.tools.use(shelf.DEFAULT)

    def panels(self) -> None:
        for command in all_commands(MENUS):
            if command.slot == "panels.docks.toggle":
                dock = self._window.panels.docks[command.argument]
                dock.come_forward()
                self._qtbot.waitUntil(lambda dock=dock: dock.is_seen and dock.is_filled, timeout=_WAIT)
                self._inspect(f"panel {command.argument}", dock)

    def _adjustments(self) -> None:
        dock = self._window.panels.docks["adjustments"]
        for kind in ADJUSTMENTS:
            self._window.layers.add_adjustment(kind)
            QApplication.processEvents()
            for box in dock.findChildren(QComboBox):
                for place in range(box.count()):
                    box.setCurrentIndex(place)
                    box.activated.emit(place)
                    self._inspect(f"adjustment {kind}, {place}", dock)
                break
            self._inspect(f"adjustment {kind}", dock)

    def _dialogs(self) -> None:
        """Whatever the entries open that end in an ellipsis, and the pages of what has some."""
        document = self._window.document
        everything(document)
        channels.save_channel(document, "1")
        add_mask(document, document.layers[0])
        document.layers[0].recipe = Recipe("remove", DEFAULT_REMOVER, "0" * 64, "cpu", 0)
        self._window.panels.choose(document.layers[0])
        self._window.refresh_actions()
        for command in dialog_commands():
            self._open(command.id, self._window.actions_by_id[command.id])

    def _open(self, name: str, action: QAction) -> None:
        def answer() -> None:
            """A dialog that stops the others is looked at while it does."""
            dialog = QApplication.activeModalWidget()
            if dialog is not None and dialog.isVisible():
                self._look_at_pages(name, dialog)
                dialog.reject()

        before = set(_open_dialogs())
        timer = QTimer(interval=20)
        timer.timeout.connect(answer)
        timer.start()
        action.trigger()
        timer.stop()
        if name == "models.show":  # what it lists is looked up meanwhile
            models = self._window.models.dialog.list
            self._qtbot.waitUntil(lambda: models._groups["fill"].isVisibleTo(models), timeout=_WAIT)
        QApplication.processEvents()
        for dialog in set(_open_dialogs()) - before:
            self._look_at_pages(name, dialog)
            dialog.close()
        QApplication.processEvents()

    def _look_at_pages(self, name: str, dialog: QDialog) -> None:
        self._inspect(name, dialog)
        for view in dialog.findChildren(QAbstractItemView):
            if view.objectName() in ("preferencesPages", "helpTopics"):
                for row in range(1, view.model().rowCount()):
                    view.setCurrentIndex(view.model().index(row, 0))
                    QApplication.processEvents()
                    self._inspect(f"{name}, {row}", dialog)

    def _beside(self) -> None:
        """What is there before a picture is, or comes up beside it."""
        page = StartPage()
        self._show("start page", page)
        now = time.time()
        lost = [Recoverable(Path(name), name, None, now, 3, True) for name in "12"]
        broken = Recoverable(Path("3"), "3", None, now - 1e6, 0, True, problem="its journal is damaged")
        self._show("recovery", RecoveryBar([*lost, broken]))
        self._show("colour picker", ColourPicker())
        self._show("RAW", RawDialog(Path("1.dng"), self._window._files, self._window))

    def _show(self, state: str, widget: QWidget) -> None:
        self._qtbot.addWidget(widget)
        widget.show()
        self._inspect(state, widget)
        widget.close()

    def _over_the_picture(self) -> None:
        """The tour, a fill that is being changed, and results to choose from."""
        window = self._window
        window.actions_by_id["tour.show"].trigger()
        while window.tour.callout is not None:
            self._inspect("tour", window.tour.callout)
            window.tour.callout.next.click()
            QApplication.processEvents()
        window.actions_by_id["removing.change"].trigger()
        self._inspect("refill", window.canvas)
        window._escape()
        everything(window.document)
        window.actions_by_id["prompting.start"].trigger()
        self._inspect("prompt bar", window.canvas)
        window._escape()
        window.actions_by_id["removing.vary"].trigger()
        (results,) = window.removing._strips.values()
        self._qtbot.waitUntil(lambda: not results.is_running, timeout=_WAIT)
        self._inspect("results", window.canvas)
        results.discard()

    def _palette(self) -> None:
        self._window.command_palette.show()
        self._inspect("palette", self._window.command_palette.overlay)
        self._window.command_palette.show()


def dialog_commands() -> list[Command]:
    """The entries that open a dialog, but for the system's own and what is none."""
    others = ("documents.ask", "saving.save_as", "saving.save_copy", "command_palette.show")
    others += ("layers.make_again", "removing.change", "prompting.start", "prompting.expand")
    return [
        command
        for command in all_commands(MENUS)
        if (command.text.endswith("…") or command.slot.startswith("help.")) and command.id not in others
    ]


def _open_dialogs() -> list[QWidget]:
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible()]


def shown(root: QWidget) -> Iterator[QWidget]:
    """``root`` and what can be seen in it."""
    yield root
    yield from (each for each in root.findChildren(QWidget) if each.isVisibleTo(root))


def texts(root: QWidget) -> Iterator[tuple[QWidget, str]]:
    """All words in ``root``: what can be seen, what is told of it, and what opens from it."""
    for widget in shown(root):
        found = [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription()]
        if widget.isWindow():
            found.append(widget.windowTitle())
        for action in widget.actions():
            if action.objectName() not in HIDDEN:
                found += [action.text(), action.toolTip()]
        if isinstance(widget, QLabel | QAbstractButton):
            found.append(widget.text())
        elif isinstance(widget, QLineEdit):
            found.append(widget.placeholderText())
        elif isinstance(widget, QAbstractSpinBox):
            found += [widget.text(), widget.specialValueText()]
        elif isinstance(widget, QTextEdit):
            found.append(widget.toPlainText())
        elif isinstance(widget, NumberSlider):
            found.append(widget.text)
        elif isinstance(widget, QComboBox):
            found += [widget.itemText(place) for place in range(widget.count())]
        elif isinstance(widget, QTabBar):
            found += [widget.tabText(place) for place in range(widget.count())]
        elif isinstance(widget, QAbstractItemView) and widget.model() is not None:
            found += _in_model(widget.model(), QModelIndex())
        yield from ((widget, text) for text in found if text)


def _in_model(model, parent: QModelIndex) -> Iterator[str]:
    flat = isinstance(model, QAbstractListModel)
    columns = 1 if flat else model.columnCount(parent)
    for row in range(model.rowCount(parent)):
        for column in range(columns):
            index = model.index(row, column, parent)
            yield from (str(text) for role in _ROLES if isinstance(text := model.data(index, role), str))
        if not flat:
            yield from _in_model(model, model.index(row, 0, parent))


def menus(window: Window) -> Iterator[tuple[QMenu, QAction]]:
    """Every entry of the menus with the menu it is in, also of those that are filled when they open."""
    pending = [action.menu() for action in window.menuBar().actions()]
    while pending:
        menu = pending.pop()
        menu.aboutToShow.emit()
        for action in menu.actions():
            if action.menu() is not None:
                pending.append(action.menu())
            if not action.isSeparator():
                yield menu, action
