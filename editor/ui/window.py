"""The main window: documents in tabs, tools on the left, panels on the right."""

import base64
import contextlib
import gc
import importlib
import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, Qt, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeySequence,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QLineEdit, QMainWindow, QVBoxLayout, QWidget

from editor import settings
from editor.document.files.raster import RAW_SUFFIXES
from editor.document.history import HistoryLost, Part
from editor.document.layers import Layer
from editor.document.model import Change, Document
from editor.tools.base import Tool
from editor.tools.brush import Brush
from editor.ui import dialogs, theme
from editor.ui.adjustment_menu import AdjustmentMenu
from editor.ui.background import Call
from editor.ui.canvas import Canvas
from editor.ui.commands import make_actions
from editor.ui.dialogs import SAMPLE
from editor.ui.document_tabs import DocumentTabs
from editor.ui.editing import Editing
from editor.ui.image_commands import ImageCommands
from editor.ui.opening import Opened, open_picture
from editor.ui.options_bar import OptionsBar
from editor.ui.recovering import Recovery
from editor.ui.recovery_offer import RecoveryOffer
from editor.ui.save_commands import SaveCommands
from editor.ui.select_commands import SelectCommands
from editor.ui.side_panels import SidePanels
from editor.ui.status_bar import StatusBar
from editor.ui.tool_bar import Tools
from engines import registry

if TYPE_CHECKING:  # imported with the first removal
    from editor.ui.layer_commands import LayerCommands
    from editor.ui.removal import Removals
    from engines.manager import EngineManager


class Window(QMainWindow):
    """``files`` runs whatever reads or writes pictures; the window shuts it down when it closes."""

    def __init__(self, files: Executor, manager: "EngineManager | None" = None) -> None:
        super().__init__()
        self.setWindowTitle("Lacuna")
        self.setWindowIcon(theme.app_icon())
        self.setAcceptDrops(True)
        self.resize(1360, 860)
        self._files = files
        self._settings = settings.load()
        self._manager = manager
        self._removals: Removals | None = None  # made with the engine manager for the first removal
        self._closing = False
        self._expecting = False  # a picture of the command line was not there in time
        self._saving = SaveCommands(files, self._settings, self)
        self._recovery = Recovery(files, self)
        self._offer = RecoveryOffer(self._recovery, self)
        self._editing = Editing(self)
        self.image = ImageCommands(self._editing)
        self.selecting = SelectCommands(self._editing)
        self.adjustment_menu = AdjustmentMenu(self)
        self.adjustment_menu.picked.connect(lambda kind: self.layers.add_adjustment(kind))

        self.tools = Tools(Brush(self._settings.brush_size, self._settings.brush_hardness), self)
        self._actions = make_actions(self)
        self.addToolBar(Qt.ToolBarArea.LeftToolBarArea, self.tools.bar(self._actions))
        self._options = OptionsBar(self._actions)
        self._status = StatusBar()
        self._start: QWidget | None = None  # made when it is first seen
        self._tabs = DocumentTabs()
        self._pages = self._tabs.pages
        self._panels = SidePanels(self)
        self._build_middle()
        self._connect()
        self.tools.use_brush()
        self._restore_geometry()
        self._refresh()

    # -- building -------------------------------------------------------------------------------------

    def _build_middle(self) -> None:
        middle = QWidget()
        layout = self._middle = QVBoxLayout(middle)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._options)
        layout.addWidget(self._tabs)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self._status)
        self.setCentralWidget(middle)

    def _connect(self) -> None:
        self._tabs.currentChanged.connect(self._show_tab)
        self._tabs.tabCloseRequested.connect(self.close_tab)
        self._options.tool_edited.connect(self._on_tool_edited)
        self.tools.chosen.connect(self._on_tool)
        self.tools.edited.connect(self._options.refresh)
        self.tools.edited.connect(self._on_tool_edited)
        self._status.cancel_clicked.connect(self._cancel_removal)
        self._saving.saved.connect(self._on_saved)
        self._panels.chosen_changed.connect(self.refresh_actions)
        self._panels.refused.connect(lambda words: self.tell(words, "warning"))
        self._recovery.troubled.connect(lambda words: self.tell(words, "warning"))
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            QShortcut(QKeySequence(key), self, self._enter)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self._escape)

    def _restore_geometry(self) -> None:
        if self._settings.window_geometry:
            with contextlib.suppress(ValueError):
                self.restoreGeometry(QByteArray(base64.b64decode(self._settings.window_geometry)))

    # -- documents ------------------------------------------------------------------------------------

    @property
    def canvas(self) -> Canvas | None:
        """The picture in front, None on the start page."""
        return self._tabs.canvas

    @property
    def document(self) -> Document | None:
        canvas = self.canvas
        return None if canvas is None else canvas.document

    @property
    def chosen_layers(self) -> list[Layer]:
        """The layers that are chosen in the panel, the uppermost first."""
        return self._panels.chosen

    @cached_property
    def layers(self) -> "LayerCommands":
        """The Layer menu's commands; the first paint does not wait for what they are made of."""
        from editor.ui.layer_commands import LayerCommands

        return LayerCommands(self._editing)

    def delete_layers(self) -> None:
        self._panels.delete_layers()

    def expect(self, path: Path, future: "Future[Opened]") -> None:
        """Show a picture that is being read, as soon as it is."""
        # The first picture, if it is nearly there, is waited for, so that the window comes up with it.
        try:
            opened = future.result(timeout=0 if self._expecting or self._tabs.count() else 0.4)
        except Exception:  # not yet, or not at all
            self._expecting = True
            call = Call(future, self)
            call.done.connect(self._add)
            call.failed.connect(lambda error: self._report_unopened(path, error))
        else:
            self._add(opened)

    def open_file(self, path: str | Path) -> None:
        """Read a picture and show it in a tab of its own; one that is open comes to the front."""
        path = Path(path)
        if self._show_open(path.absolute()):
            return
        if path.suffix.lower() in RAW_SUFFIXES:
            self._develop(path)
            return
        call = Call(self._files.submit(open_picture, path), self)
        call.done.connect(self._add)
        call.failed.connect(lambda error: self._report_unopened(path, error))

    def _develop(self, path: Path) -> None:
        """Ask how a camera RAW file is to be developed, beside everything else."""
        from editor.ui.raw_dialog import RawDialog

        dialog = RawDialog(path, self._files, self)
        dialog.opened.connect(lambda opened: self._add(opened, as_read=False))
        dialog.failed.connect(self._report_unopened)
        dialog.show()

    def _show_open(self, path: Path) -> bool:
        """Bring the tab of a picture to the front; whether there is one."""
        index = self._tabs.index_of(path)
        if index is None:
            return False
        self._tabs.setCurrentIndex(index)
        return True

    def open_dialog(self) -> None:
        for path in dialogs.ask_what_to_open(self, self._settings.last_folder):
            self._settings.last_folder = str(path.parent)
            self.open_file(path)

    def open_sample(self) -> None:
        self.open_file(SAMPLE)

    def _add(self, opened: Opened, *, as_read: bool = True) -> None:
        """Show a picture; ``as_read``: it is just what opening its file gives."""
        document = opened.document
        if document.path is not None and self._show_open(document.path):
            return  # it was asked for twice before it was read
        self.show_new(opened, document.path if as_read else None)
        if document.path is not None and document.path != SAMPLE:
            self._settings.add_recent(document.path)
        if opened.document.notes:
            self.tell(dialogs.what_was_left_out(document, opened.document.notes), "warning")

    def show_new(self, opened: Opened, source: Path | None) -> None:
        """A tab of its own for a document; ``source`` is the file that it has just been read from."""
        canvas = Canvas(opened, self.tools.current)
        canvas.view_changed.connect(self._refresh_zoom)
        canvas.first_painted.connect(self._after_first_paint, Qt.ConnectionType.QueuedConnection)
        opened.document.observers.append(self._on_changed)
        self._show_tab(self._tabs.add(canvas))
        self._recovery.keep(opened.document, source)

    def close_untouched(self, path: Path) -> None:
        """Close the tab of the picture in this file, if nothing was done to it."""
        index = self._tabs.index_of(path)
        if index is not None and not self._tabs.document_at(index).history.entries:
            self.close_tab(index)

    def show_bar(self, bar: QWidget) -> None:
        """Put a bar over everything in the middle of the window."""
        self._middle.insertWidget(0, bar)

    def _report_unopened(self, path: Path, error: Exception) -> None:
        self.tell(dialogs.why_not_opened(path, error), "error")

    def _show_tab(self, index: int) -> None:
        if index < 0:
            self._show_start_page()
        else:
            canvas = self._tabs.canvas_at(index)
            if canvas is None:
                return  # the tab is being added
            if self.canvas is not None and self.canvas is not canvas:
                self.canvas.cancel_tool()  # an open polygon stays with the picture it was drawn on
            if canvas.tool is not self.tools.current:
                canvas.set_tool(self.tools.current)
            self._pages.setCurrentWidget(canvas)
            canvas.setFocus()
        document = self.document
        self._panels.set_document(document)
        self._refresh()

    def _show_start_page(self) -> None:
        if self._start is None:
            from editor.ui.start_page import StartPage

            self._start = StartPage()
            self._start.open_clicked.connect(self.open_dialog)
            self._start.sample_clicked.connect(self.open_sample)
            self._start.file_clicked.connect(self.open_file)
            self._pages.addWidget(self._start)
        self._start.set_recent([Path(path) for path in self._settings.recent])
        self._pages.setCurrentWidget(self._start)

    def close_current(self) -> None:
        if self.canvas is not None:
            self.close_tab(self._tabs.currentIndex())

    def close_tab(self, index: int) -> None:
        canvas = self._tabs.canvas_at(index)
        document = canvas.document
        if not self._saving.may_close(document):
            return
        if self._removals is not None:
            self._removals.forget(document)
        canvas.cancel_tool()
        document.observers.remove(self._on_changed)
        self._recovery.close(document)
        self._tabs.remove(index)

    # -- saving ---------------------------------------------------------------------------------------

    def save(self) -> None:
        self._saving.save()

    def save_as(self) -> None:
        self._saving.save_as()

    def _on_saved(self, document: Document, path: Path, state: object) -> None:
        self._recovery.saved(document, path, state)
        self._refresh()

    # -- editing --------------------------------------------------------------------------------------

    def undo(self) -> None:
        self._panels.finish()
        canvas = self.canvas
        if canvas is not None and not canvas.cancel_tool():
            self._step(canvas.document.undo)

    def redo(self) -> None:
        self.settle(self.document)
        if self.document is not None:
            self._step(self.document.redo)

    def _step(self, step: Callable[[], None]) -> None:
        try:
            step()
        except HistoryLost as lost:
            self.tell(str(lost), "warning")
            self._refresh()

    def settle(self, document: Document | None) -> None:
        """Record what is half done, before anything else is done to the document."""
        self._panels.finish()
        if document is not None and document is self.document:
            self.canvas.tool.settle(document)

    def _on_tool(self, tool: Tool) -> None:
        self._options.set_tool(tool)
        if self.canvas is not None:
            self.canvas.set_tool(tool)

    def _on_tool_edited(self) -> None:
        if self.canvas is not None:
            self.canvas.tool_changed()

    def _enter(self) -> None:
        """Enter closes an open polygon; with nothing open it removes what is masked."""
        if self.canvas is not None and not self.canvas.finish_tool():
            self.remove()

    def _escape(self) -> None:
        if self.canvas is not None and not self.canvas.cancel_tool():
            self._cancel_removal()

    # -- removing -------------------------------------------------------------------------------------

    def remove(self) -> None:
        self.settle(self.document)
        if self.document is not None and self._actions["remove"].isEnabled():
            if self._removals is None:
                self._make_removals()
            self._removals.start(self.document, self._options.engine_id)

    def _make_removals(self) -> None:
        from editor.ui.removal import Removals
        from engines.manager import EngineManager

        self._manager = self._manager or EngineManager(self)
        self._removals = Removals(self._manager, self)
        self._removals.started.connect(self._on_removal_started)
        self._removals.progressed.connect(self._on_removal_progressed)
        self._removals.arrived.connect(self.settle)
        self._removals.ended.connect(self._on_removal_ended)

    def is_removing(self, document: Document | None) -> bool:
        return document is not None and self._removals is not None and self._removals.is_running(document)

    def _cancel_removal(self) -> None:
        if self.is_removing(self.document):
            self._removals.cancel(self.document)

    def _on_removal_started(self, document: Document) -> None:
        from editor.ui import toast

        toast.dismiss(self._pages, "warning")  # "Nothing is masked yet" has been heeded
        if document is self.document:
            self._status.set_progress(0, "Removing")
        self.refresh_actions()

    def _on_removal_progressed(self, document: Document, fraction: float) -> None:
        if document is self.document:
            self._status.set_progress(fraction, "Removing")

    def _on_removal_ended(self, document: Document, level: str, message: str) -> None:
        if document is self.document:
            self._status.set_progress(None)
        self.refresh_actions()
        self.tell(message, level)

    # -- view -----------------------------------------------------------------------------------------

    def zoom_in(self) -> None:
        if self.canvas is not None:
            self.canvas.zoom_by(1)

    def zoom_out(self) -> None:
        if self.canvas is not None:
            self.canvas.zoom_by(-1)

    def fit(self) -> None:
        if self.canvas is not None:
            self.canvas.fit()

    def actual_size(self) -> None:
        if self.canvas is not None:
            self.canvas.zoom_to(1.0)

    # -- keeping up -----------------------------------------------------------------------------------

    def _on_changed(self, change: Change) -> None:
        if change.parts & (Part.LAYERS | Part.CANVAS):
            self.refresh_actions()
        else:  # a stroke tells of every dab
            self._refresh_steps()
        self._refresh_titles()
        if change.parts & Part.CANVAS:
            self._status.set_document(self.document)

    def _refresh(self) -> None:
        self.refresh_actions()
        self._refresh_titles()
        self._refresh_zoom()
        document = self.document
        self._status.set_document(document)
        self._status.set_progress(0 if self.is_removing(document) else None, "Removing")
        self._status.set_engine("" if document is None else registry.spec(self._options.engine_id).title)
        self._options.setVisible(document is not None)
        self._tabs.setVisible(self._tabs.count() > 0)

    def refresh_actions(self) -> None:
        """Enable what can be done now."""
        document = self.document
        for action in self._actions.values():
            if action.property("needsDocument"):
                action.setEnabled(document is not None)
        self.adjustment_menu.setEnabled(document is not None)
        if document is not None and self._panels.are_filled:
            self.layers.refresh(self._actions)
        self.image.refresh(self._actions)
        self._refresh_steps()

    def _refresh_steps(self) -> None:
        """What each step of the history may enable."""
        document = self.document
        if document is not None:
            self._actions["undo"].setEnabled(document.history.can_undo)
            self._actions["redo"].setEnabled(document.history.can_redo)
            self._actions["selecting.nothing"].setEnabled(bool(document.selection.tiles))
            self._actions["remove"].setEnabled(not self.is_removing(document))
        self._actions["undo"].setText(_named("&Undo", document, -1))
        self._actions["redo"].setText(_named("&Redo", document, 0))

    def _refresh_titles(self) -> None:
        self._tabs.refresh_titles()
        document = self.document
        self.setWindowTitle("Lacuna" if document is None else f"{dialogs.title(document)} — Lacuna")

    def _refresh_zoom(self) -> None:
        canvas = self.canvas
        self._status.set_zoom(None if canvas is None else canvas.view.zoom)

    def _after_first_paint(self) -> None:
        """What could wait until the picture is on the screen."""
        self._end_start()
        QTimer.singleShot(300, self._load_opencv)

    def _end_start(self) -> None:
        """Take back what ``app.main`` does to start quickly, and make what was put off."""
        gc.enable()
        sys.setswitchinterval(0.005)
        if self._closing:
            return
        self._panels.fill(self._actions, self.adjustment_menu)
        self.refresh_actions()
        self._recovery.start(enabled=self._settings.recovery)

    def _load_opencv(self) -> None:
        """OpenCV draws lassos and zones; it loads while the user still looks at the picture."""
        if not self._closing:
            self._files.submit(importlib.import_module, "cv2")

    def tell(self, message: str, level: str) -> None:
        """Say how something went, over the picture."""
        from editor.ui.toast import show_message

        show_message(self._pages, message, level)

    def about(self) -> None:
        from editor.ui.app import installed_version

        dialogs.show_about(self, installed_version())

    # -- events ---------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and isinstance(self.focusWidget(), QLineEdit)
        ):
            event.accept()  # what is being typed is meant, not the picture
            return True
        return super().event(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._tabs.count() == 0:
            self._show_start_page()
            self._end_start()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self.open_file(url.toLocalFile())
        event.acceptProposedAction()

    def closeEvent(self, event: QCloseEvent) -> None:
        for index, document in enumerate(self._tabs.documents()):
            if document.history.modified:
                self._tabs.setCurrentIndex(index)
            if not self._saving.may_close(document):
                event.ignore()
                return
        self._settings.brush_size, self._settings.brush_hardness = (
            self.tools.brush.size,
            self.tools.brush.hardness,
        )
        self._settings.window_geometry = base64.b64encode(self.saveGeometry().data()).decode()
        settings.save(self._settings)
        self._closing = True
        if self._manager is not None:
            self._manager.shut_down()
        self._recovery.close_all()
        self._files.shutdown(wait=True)
        event.accept()


def _named(verb: str, document: Document | None, offset: int) -> str:
    """ "Undo Brush": the verb with the name of the entry that it would act on."""
    if document is not None:
        index = document.history.position + offset
        if 0 <= index < len(document.history.entries):
            return f"{verb} {document.history.entries[index].name}"
    return verb
