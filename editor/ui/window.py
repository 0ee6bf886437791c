"""The main window: documents in tabs, tools on the left, panels on the right."""

import base64
import contextlib
import gc
import importlib
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeySequence,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QDockWidget,
    QLineEdit,
    QMainWindow,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from editor import black_box, settings
from editor.document.history import Part
from editor.document.layers import Layer
from editor.document.model import Change, Document
from editor.tools.base import Tool
from editor.tools.bench import Bench
from editor.ui import dialogs, keyboard, menus, theme
from editor.ui.adjustment_menu import AdjustmentMenu
from editor.ui.canvas import Canvas
from editor.ui.commands import fill_menu, lend_keys
from editor.ui.document_tabs import DocumentTabs
from editor.ui.documents import Documents
from editor.ui.editing import Editing
from editor.ui.finding import Finding
from editor.ui.giving_back import GivingBack
from editor.ui.image_commands import ImageCommands
from editor.ui.installer import Installer
from editor.ui.opening import Opened
from editor.ui.options_bar import OptionsBar
from editor.ui.portrait.commands import PortraitCommands
from editor.ui.preferences import apply
from editor.ui.prompting.commands import PromptCommands
from editor.ui.recovering import Recovery
from editor.ui.recovery_offer import RecoveryOffer
from editor.ui.remove_commands import RemoveCommands
from editor.ui.save_commands import SaveCommands
from editor.ui.screen_modes import ScreenModes
from editor.ui.select_commands import SelectCommands
from editor.ui.side_panels import SidePanels
from editor.ui.status_bar import StatusBar
from editor.ui.toolbox import Toolbox
from editor.ui.view_commands import ViewCommands
from editor.ui.words import tr, tr_composed
from engines import registry

if TYPE_CHECKING:
    from editor.ui.compare_commands import CompareCommands
    from editor.ui.edit_commands import EditCommands
    from editor.ui.export.commands import Exporting
    from editor.ui.file_commands import FileCommands
    from editor.ui.help.commands import Help
    from editor.ui.layer_commands import LayerCommands
    from editor.ui.models.commands import Models
    from editor.ui.palette.overlay import CommandPalette
    from editor.ui.plugging_in import PluginSearch
    from editor.ui.preferences.dialog import Preferences
    from editor.ui.recent_menu import RecentMenu
    from editor.ui.recovery_bar import RecoveryBar
    from editor.ui.tour import Tour
    from engines.manager import EngineManager

# Seconds for which a thread that journals, saves or counts may keep Python to itself. The window lets
# go of it with each call into Qt, and would wait as long as that each time.
SWITCH = 0.0005


_APART = 10  # ms from the painting of one part of the window to the next, when all have changed


class Window(QMainWindow):
    """``files`` runs whatever reads or writes pictures; the window shuts it down when it closes.

    ``started``: the first picture, or the start page, is on the screen, and the rest of the window is there.
    """

    started = Signal()

    def __init__(self, files: Executor, manager: "EngineManager | None" = None) -> None:
        super().__init__()
        self.setWindowTitle("Lacuna")
        self.setWindowIcon(theme.app_icon())
        self.setAcceptDrops(True)
        self.resize(1360, 860)
        self._files = files
        self.settings = settings.load()
        self._closing = False
        self.documents = Documents(files, self)
        self.saving = SaveCommands(files, self.settings, self)
        self.removing = RemoveCommands(self, manager)
        self.recovery = Recovery(files, self)
        self._offer = RecoveryOffer(self.recovery, self)
        self._giving_back = GivingBack(self)
        self.editing = Editing(self)
        self.image = ImageCommands(self.editing)
        self.selecting = SelectCommands(self.editing)
        self.prompting = PromptCommands(self)
        self.installer = Installer(self)
        self.finding = Finding(self)
        self.portrait = PortraitCommands(self)
        self.view = ViewCommands(self)
        self.adjustment_menu = AdjustmentMenu(self)
        self.adjustment_menu.picked.connect(lambda kind: self.layers.add_adjustment(kind))
        self.bench = Bench(self.tell)
        self.tools = Toolbox(self.bench, self.settings.tools, self)
        self.actions_by_id: dict[str, QAction] = {}
        self._menus = {name: self.menuBar().addMenu(tr(title)) for name, title in menus.TITLES}
        self._are_menus_filled = False
        self._fill_menus(menus.FIRST)
        keyboard.leave_menus(self.menuBar())
        self.addToolBar(Qt.ToolBarArea.LeftToolBarArea, self.tools.bar(self.actions_by_id))
        self.options = OptionsBar(self.actions_by_id)
        self.removing.offer_counts(self.options.vary_button)
        self.status = StatusBar()
        self._start: QWidget | None = None  # made when it is first seen
        self.tabs = DocumentTabs()
        self.panels = SidePanels(self)
        self.bench.picked = self.panels.choose
        self.bench.take, self.bench.put_down = self.tools.use, self.tools.put_down
        self.bench.tool_changed = self._on_tool_changed
        self.bench.run = lambda _, edit: self.editing.run(edit)
        self.bench.look, self.bench.find = self.finding.look, self.finding.find
        self.bench.faces, self.bench.sketch = self.portrait.faces, self.portrait.sketch
        self.screen = ScreenModes(self)
        self._build_middle()
        self._connect()
        self.tools.use(self.tools.current.id)
        self._restore_geometry()
        self._refresh()

    # -- building -------------------------------------------------------------------------------------

    def _fill_menus(self, names: Iterable[str]) -> None:
        for name in names:
            entries = menus.load(name)
            fill_menu(self._menus[name], entries, self, self.actions_by_id, self.settings.shortcuts)
        lend_keys(self.actions_by_id)

    def _build_middle(self) -> None:
        middle = QWidget()
        layout = self._middle = QVBoxLayout(middle)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.options)
        layout.addWidget(self.tabs)
        layout.addWidget(self.tabs.pages, 1)
        layout.addWidget(self.status)
        self.setCentralWidget(middle)

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(self._show_tab)
        self.tabs.tabCloseRequested.connect(self.close_tab)
        self.options.tool_edited.connect(self._on_tool_edited)
        self.options.engine_picked.connect(self.removing.warm_up)
        self.options.deed.connect(self._on_deed)
        self.tools.chosen.connect(self._on_tool)
        self.tools.edited.connect(self.options.refresh)
        self.tools.edited.connect(self._on_tool_edited)
        self.status.cancel_clicked.connect(self.removing.cancel)
        self.status.cancel_clicked.connect(self.installer.cancel)
        self.saving.saved.connect(self._on_saved)
        self.panels.chosen_changed.connect(self._on_chosen)
        self.panels.recipe_opened.connect(self.removing.change_layer)
        self.panels.refused.connect(lambda words: self.tell(words, "warning"))
        self.recovery.troubled.connect(lambda words: self.tell(words, "warning"))
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            QShortcut(QKeySequence(key), self, self._enter)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self._escape)

    def _restore_geometry(self) -> None:
        if self.settings.window_geometry:
            with contextlib.suppress(ValueError):
                self.restoreGeometry(QByteArray(base64.b64decode(self.settings.window_geometry)))
        self.panels.docks.restore(self.settings.panels)

    # -- documents ------------------------------------------------------------------------------------

    @property
    def recovery_bar(self) -> "RecoveryBar | None":
        """None as long as nothing was left behind that could be recovered."""
        return self._offer.bar

    @property
    def canvas(self) -> Canvas | None:
        """The picture in front, None on the start page."""
        return self.tabs.canvas

    @property
    def document(self) -> Document | None:
        canvas = self.canvas
        return None if canvas is None else canvas.document

    @property
    def chosen_layers(self) -> list[Layer]:
        """The layers that are chosen in the panel, the uppermost first."""
        return self.panels.chosen

    @cached_property
    def recent_menu(self) -> "RecentMenu":
        from editor.ui.recent_menu import RecentMenu

        return RecentMenu(self)

    @cached_property
    def layers(self) -> "LayerCommands":
        """The Layer menu's commands; the first paint does not wait for what they are made of."""
        from editor.ui.layer_commands import LayerCommands

        return LayerCommands(self.editing)

    @cached_property
    def tour(self) -> "Tour":
        from editor.ui.tour import Tour

        return Tour(self)

    @cached_property
    def help(self) -> "Help":
        from editor.ui.help.commands import Help

        return Help(self._files, self)

    @cached_property
    def exporting(self) -> "Exporting":
        from editor.ui.export.commands import Exporting

        return Exporting(self._files, self)

    @cached_property
    def file_commands(self) -> "FileCommands":
        from editor.ui.file_commands import FileCommands

        return FileCommands(self._files, self)

    @cached_property
    def edit(self) -> "EditCommands":
        from editor.ui.edit_commands import EditCommands

        return EditCommands(self)

    @cached_property
    def preferences(self) -> "Preferences":
        from editor.ui.preferences.dialog import Preferences

        return Preferences(self._files, self)

    @cached_property
    def plugins(self) -> "PluginSearch":
        from editor.ui.plugging_in import PluginSearch

        return PluginSearch(self)

    @cached_property
    def models(self) -> "Models":
        from editor.ui.models.commands import Models

        return Models(self)

    @cached_property
    def comparing(self) -> "CompareCommands":
        from editor.ui.compare_commands import CompareCommands

        return CompareCommands(self)

    @cached_property
    def command_palette(self) -> "CommandPalette":
        from editor.ui.palette.overlay import CommandPalette

        return CommandPalette(self)

    def delete_layers(self) -> None:
        self.panels.delete_layers()

    def add_tab(self, opened: Opened) -> None:
        """A tab of its own for a document, in front."""
        document = opened.document
        black_box.note(f"opened {document.width} x {document.height}, {len(document.layers)} layers")
        canvas = Canvas(opened, self.tools.current)
        apply.to_canvas(self.settings, canvas)
        canvas.view_changed.connect(self._refresh_zoom)
        canvas.pen_turned.connect(self.tools.turn_pen)
        canvas.refused.connect(lambda words: self.tell(words, "warning"))
        canvas.compared.connect(lambda: self.view.refresh(self.actions_by_id))
        canvas.first_painted.connect(self._after_first_paint, Qt.ConnectionType.QueuedConnection)
        opened.document.observers.append(self._on_changed)
        self.screen.adopt(canvas)
        self._paint_picture_first()
        self._show_tab(self.tabs.add(canvas))

    def _paint_picture_first(self) -> None:
        """Let what is around the picture be painted a moment later: all at once would hold up the window."""
        around = [*self.findChildren(QDockWidget), *self.findChildren(QToolBar), self.options, self.status]
        around = [widget for widget in around if widget.updatesEnabled()]

        def go_on() -> None:
            if around:
                around.pop().setUpdatesEnabled(True)
                QTimer.singleShot(_APART, self, go_on)

        for widget in around:
            widget.setUpdatesEnabled(False)
        QTimer.singleShot(_APART, self, go_on)

    def show_bar(self, bar: QWidget) -> None:
        """Put a bar over everything in the middle of the window."""
        self._middle.insertWidget(0, bar)

    def _show_tab(self, index: int) -> None:
        if index < 0:
            self._show_start_page()
        else:
            canvas = self.tabs.canvas_at(index)
            if canvas is None:
                return  # the tab is being added
            if self.canvas is not None and self.canvas is not canvas:
                self.canvas.settle_tool()
                self.canvas.cancel_tool()  # an open polygon stays with the picture it was drawn on
            if canvas.tool is not self.tools.current:
                canvas.set_tool(self.tools.current)
            else:
                canvas.tool.arrive(canvas.document)
            self.tabs.pages.setCurrentWidget(canvas)
            canvas.setFocus()
        self.panels.set_document(self.document)
        self._on_chosen()
        self._refresh()

    def _show_start_page(self) -> None:
        if self._start is None:
            from editor.ui.start_page import StartPage

            self._start = StartPage()
            self._start.open_clicked.connect(self.documents.ask)
            self._start.sample_clicked.connect(self.documents.open_sample)
            self._start.file_clicked.connect(self.documents.open)
            self._start.models_clicked.connect(lambda: self.models.show())
            self.tabs.pages.addWidget(self._start)
        self._start.set_recent([Path(path) for path in self.settings.recent])
        self._start.ready.look(self._files)
        self.tabs.pages.setCurrentWidget(self._start)

    def close_tab(self, index: int) -> None:
        canvas = self.tabs.canvas_at(index)
        document = canvas.document
        if not self.saving.may_close(document):
            return
        self.removing.forget(document)
        self.prompting.forget(document)
        self.finding.forget(document)
        self.portrait.forget(document)
        canvas.cancel_tool()
        document.observers.remove(self._on_changed)
        self.recovery.close(document)
        self.tabs.remove(index)
        self._giving_back.soon()

    def _on_saved(self, document: Document, path: Path, state: object) -> None:
        self.recovery.saved(document, path, state)
        self._refresh()

    # -- editing --------------------------------------------------------------------------------------

    def undo(self) -> None:
        self.panels.finish()
        canvas = self.canvas
        if canvas is not None and not canvas.take_back():
            self.editing.undo()

    def redo(self) -> None:
        self.editing.redo()

    def settle(self, document: Document | None) -> None:
        """Record what is half done, before anything else is done to the document."""
        self.panels.finish()
        if document is not None and document is self.document:
            self.canvas.tool.settle(document)

    def _on_chosen(self) -> None:
        """Other layers are chosen in the panel."""
        chosen = self.chosen_layers
        self.bench.layer = chosen[0] if chosen else None
        self.bench.on_mask = self.panels.on_mask
        self.refresh_actions()

    def _on_tool(self, tool: Tool) -> None:
        self.options.set_tool(tool)
        self.status.set_hint(tr(tool.hint))
        if self.canvas is not None:
            self.canvas.set_tool(tool)
        self.portrait.refresh()

    def _on_tool_changed(self) -> None:
        """A tool has changed its options by itself, or has something open that undo takes back."""
        self.options.refresh()
        self._refresh_steps()

    def _on_tool_edited(self) -> None:
        if self.canvas is not None:
            self.canvas.tool_changed()

    def _on_deed(self, method: str) -> None:
        if self.canvas is not None:
            self.canvas.perform(method)

    def _enter(self) -> None:
        """Enter goes on with the tour while that is shown; else it completes what the tool has open; with
        nothing open it removes what is selected."""
        if "tour" in vars(self) and self.tour.go_on():  # not loaded for this
            return
        if self.canvas is None or self.canvas.finish_tool() or self.removing.enter():
            return
        if self.prompting.enter() or self.portrait.enter():
            return
        if self.tools.current.selects:
            self.removing.start()

    def _escape(self) -> None:
        if self.editing.cancel():
            return
        if self.canvas is None or self.canvas.cancel_tool() or self.comparing.end():
            return
        if self.removing.is_busy(self.document) or not (self.prompting.escape() or self.portrait.escape()):
            self.removing.escape()

    # -- keeping up -----------------------------------------------------------------------------------

    def _on_changed(self, change: Change) -> None:
        if change.parts & (Part.LAYERS | Part.CANVAS):
            self.refresh_actions()
        else:  # a stroke tells of every dab
            self._refresh_steps()
        self._refresh_titles()
        if change.parts & Part.CANVAS:
            self.status.set_document(self.document)

    def _refresh(self) -> None:
        self.refresh_actions()
        self._refresh_titles()
        self._refresh_zoom()
        document = self.document
        self.status.set_document(document)
        self.status.set_progress(
            0 if self.removing.is_running(document) else None, self.removing.doing(document)
        )
        self.status.set_engine("" if document is None else tr(registry.spec(self.options.engine_id).title))
        self.screen.refresh()

    def refresh_actions(self) -> None:
        """Enable what can be done now."""
        document = self.document
        for action in self.actions_by_id.values():
            if action.property("needsDocument"):
                action.setEnabled(document is not None)
        self.removing.refresh(self.actions_by_id)
        self.portrait.refresh()
        if not self._are_menus_filled:
            return
        self.adjustment_menu.setEnabled(document is not None)
        if document is not None and self.panels.are_filled:
            self.layers.refresh(self.actions_by_id)
        self.image.refresh(self.actions_by_id)
        self.view.refresh(self.actions_by_id)
        self._refresh_steps()

    def _refresh_steps(self) -> None:
        """What each step of the history may enable."""
        document, actions = self.document, self.actions_by_id
        if not self._are_menus_filled:
            return
        is_open = document is not None and self.canvas.tool.is_open  # undo takes that back first
        if document is not None:
            actions["undo"].setEnabled(document.history.can_undo or is_open)
            actions["redo"].setEnabled(document.history.can_redo)
            actions["selecting.nothing"].setEnabled(bool(document.selection.tiles))
        actions["undo"].setText(_named(tr("&Undo"), None if is_open else document, -1))
        actions["redo"].setText(_named(tr("&Redo"), document, 0))
        self.editing.refresh(actions)

    def _refresh_titles(self) -> None:
        self.tabs.refresh_titles()
        document = self.document
        title = "Lacuna" if document is None else f"{dialogs.title(document)} — Lacuna"
        if title != self.windowTitle():  # a stroke asks often, and the X server is far
            self.setWindowTitle(title)

    def _refresh_zoom(self) -> None:
        canvas = self.canvas
        self.status.set_zoom(None if canvas is None else canvas.view.zoom)

    def _after_first_paint(self) -> None:
        """What could wait until the picture is on the screen."""
        self._end_start()
        QTimer.singleShot(300, self._load_opencv)
        if not self.settings.tour_seen:
            self.tour.offer()

    def _end_start(self) -> None:
        """Take back what ``app.main`` does to start quickly, and make what was put off."""
        gc.enable()
        sys.setswitchinterval(SWITCH)
        if self._closing:
            return
        if is_first := not self._are_menus_filled:
            self._fill_menus(name for name, _ in menus.TITLES if name not in menus.FIRST)
            self._are_menus_filled = True
        self.panels.fill(self.actions_by_id, self.adjustment_menu)
        self.comparing.listen()
        self.refresh_actions()
        self.recovery.start(enabled=self.settings.recovery)
        if is_first:
            QTimer.singleShot(0, self.started.emit)

    def _load_opencv(self) -> None:
        """OpenCV draws lassos and zones; it and what is large besides load while one looks at the picture."""
        if not self._closing:
            for name in ("cv2", "editor.ui.palette.overlay", "editor.ui.models.dialog"):
                self._files.submit(importlib.import_module, name)

    def tell(self, message: str, level: str) -> None:
        """Say how something went, over the picture: "info", "warning" or "error"."""
        from editor.ui.toast import show_message

        if level != "info":
            black_box.note(f"{level}: {message}")
        show_message(self.tabs.pages, tr_composed(message), level)

    def offer(self, message: str, button: str, take: Callable[[], object]) -> None:
        """Say what could be done, with a button that does it."""
        from editor.ui.toast import show_message

        show_message(self.tabs.pages, message, "info", (button, take))

    def dismiss(self, level: str) -> None:
        """Take away messages that have been heeded."""
        from editor.ui import toast

        toast.dismiss(self.tabs.pages, level)

    # -- events ---------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and isinstance(self.focusWidget(), QLineEdit | QAbstractSpinBox)
        ):
            event.accept()  # what is being typed is meant, not the picture
            return True
        return super().event(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        focus = self.focusWidget()
        if self.canvas is not None and focus is not None and not (focus.isVisible() and focus.isEnabled()):
            self.canvas.setFocus()  # it has gone with the keyboard, and what is next to it was not asked for
            return True
        return super().focusNextPrevChild(forward)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.tabs.count() == 0:
            self._show_start_page()
            self._end_start()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        urls = event.mimeData().urls()
        for url in urls:
            if url.isLocalFile():
                self.documents.open(url.toLocalFile())
        if not all(url.isLocalFile() for url in urls):
            self.tell(tr("Only files on this machine can be opened. Save the picture first."), "warning")
        event.acceptProposedAction()

    def closeEvent(self, event: QCloseEvent) -> None:
        for index, document in enumerate(self.tabs.documents()):
            if document.history.modified:
                self.tabs.setCurrentIndex(index)
            if not self.saving.may_close(document):
                event.ignore()
                return
        self.settings.tools = self.tools.values
        self.screen.bring_back()
        self.settings.panels = self.panels.docks.save()
        self.settings.window_geometry = base64.b64encode(self.saveGeometry().data()).decode()
        settings.save(self.settings)
        self._closing = True
        if "models" in vars(self):  # not loaded for this
            self.models.shut_down()
        self.finding.shut_down()
        self.installer.shut_down()
        self.removing.shut_down()
        self.recovery.close_all()
        self.panels.shut_down()
        self._files.shutdown(wait=True)
        event.accept()


def _named(verb: str, document: Document | None, offset: int) -> str:
    """ "Undo Brush": the verb with the name of the entry that it would act on."""
    if document is not None:
        index = document.history.position + offset
        if 0 <= index < len(document.history.entries):
            return f"{verb} {tr_composed(document.history.entries[index].name)}"
    return verb
