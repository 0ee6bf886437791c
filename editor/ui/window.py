"""The main window: documents in tabs, tools on the left, panels on the right."""

import base64
import contextlib
import gc
import importlib
import sys
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QSize, Qt, QTimer
from PySide6.QtGui import (
    QActionGroup,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeySequence,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QMainWindow,
    QMessageBox,
    QStackedWidget,
    QTabBar,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from editor import settings
from editor.document import masks
from editor.document.model import Change, Document
from editor.tools.base import Tool
from editor.tools.brush import Brush
from editor.tools.lasso import Lasso, Polygon
from editor.ui import dialogs, theme
from editor.ui.background import Call
from editor.ui.canvas import Canvas
from editor.ui.commands import make_actions
from editor.ui.opening import Opened, open_picture
from editor.ui.options_bar import OptionsBar
from editor.ui.saving import Saves
from editor.ui.side_panels import SidePanels
from editor.ui.status_bar import StatusBar
from engines import registry

if TYPE_CHECKING:  # imported with the first removal
    from editor.ui.removal import Removals
    from engines.manager import EngineManager

SAMPLE = theme.RESOURCES / "samples" / "desert-hike.jpg"


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
        self._saves = Saves(files, self)

        self._brush = Brush(self._settings.brush_size, self._settings.brush_hardness)
        self._tool: Tool = self._brush
        self._tools: dict[str, Tool] = {
            "use_brush": self._brush,
            "use_lasso": Lasso(),
            "use_polygon": Polygon(),
        }
        self._actions = make_actions(self)
        self._build_tool_bar()
        self._options = OptionsBar(self._actions)
        self._status = StatusBar()
        self._start: QWidget | None = None  # made when it is first seen
        self._tabs = QTabBar()
        self._pages = QStackedWidget()
        self._panels = SidePanels(self)
        self._build_middle()
        self._connect()
        self._use(self._tool)
        self._restore_geometry()
        self._refresh()

    # -- building -------------------------------------------------------------------------------------

    def _build_tool_bar(self) -> None:
        bar = QToolBar("Tools")
        bar.setObjectName("tools")
        bar.setOrientation(Qt.Orientation.Vertical)
        bar.setMovable(False)
        bar.setIconSize(QSize(20, 20))
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        group = QActionGroup(self)
        for slot in self._tools:
            action = self._actions[slot]
            action.setCheckable(True)
            group.addAction(action)
            bar.addAction(action)
        self.addToolBar(Qt.ToolBarArea.LeftToolBarArea, bar)

    def _build_middle(self) -> None:
        self._tabs.setDocumentMode(True)
        self._tabs.setDrawBase(False)
        self._tabs.setTabsClosable(True)
        self._tabs.setExpanding(False)
        self._tabs.setElideMode(Qt.TextElideMode.ElideMiddle)
        self._tabs.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._tabs.setAccessibleName("Open pictures")
        middle = QWidget()
        layout = QVBoxLayout(middle)
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
        self._options.tool_edited.connect(self._tool_edited)
        self._status.cancel_clicked.connect(self._cancel_removal)
        self._saves.saved.connect(self._on_saved)
        self._saves.failed.connect(self._on_not_saved)
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
        widget = self._pages.currentWidget()
        return widget if isinstance(widget, Canvas) else None

    @property
    def document(self) -> Document | None:
        canvas = self.canvas
        return None if canvas is None else canvas.document

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
        call = Call(self._files.submit(open_picture, path), self)
        call.done.connect(self._add)
        call.failed.connect(lambda error: self._report_unopened(path, error))

    def _show_open(self, path: Path) -> bool:
        """Bring the tab of a picture to the front; whether there is one."""
        for index in range(self._tabs.count()):
            if self._document_at(index).path == path:
                self._tabs.setCurrentIndex(index)
                return True
        return False

    def open_dialog(self) -> None:
        for path in dialogs.ask_what_to_open(self, self._settings.last_folder):
            self._settings.last_folder = str(path.parent)
            self.open_file(path)

    def open_sample(self) -> None:
        self.open_file(SAMPLE)

    def _add(self, opened: Opened) -> None:
        document = opened.document
        if document.path is not None and self._show_open(document.path):
            return  # it was asked for twice before it was read
        canvas = Canvas(opened, self._tool)
        canvas.view_changed.connect(self._refresh_zoom)
        canvas.first_painted.connect(self._after_first_paint, Qt.ConnectionType.QueuedConnection)
        document.observers.append(self._on_changed)
        self._pages.addWidget(canvas)
        index = self._tabs.addTab("")
        self._tabs.setTabData(index, canvas)
        self._tabs.setCurrentIndex(index)
        self._show_tab(index)
        if document.path is not None and document.path != SAMPLE:
            self._settings.add_recent(document.path)

    def _report_unopened(self, path: Path, error: Exception) -> None:
        self._tell(dialogs.why_not_opened(path, error), "error")

    def _canvas_at(self, index: int) -> Canvas:
        return self._tabs.tabData(index)

    def _document_at(self, index: int) -> Document:
        return self._canvas_at(index).document

    def _show_tab(self, index: int) -> None:
        if index < 0:
            self._show_start_page()
        else:
            canvas = self._canvas_at(index)
            if canvas is None:
                return  # the tab is being added
            if self.canvas is not None and self.canvas is not canvas:
                self.canvas.cancel_tool()  # an open polygon stays with the picture it was drawn on
            if canvas.tool is not self._tool:
                canvas.set_tool(self._tool)
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
        canvas = self._canvas_at(index)
        document = canvas.document
        if not self._may_close(document):
            return
        if self._removals is not None:
            self._removals.forget(document)
        canvas.cancel_tool()
        document.observers.remove(self._on_changed)
        canvas.release_document()
        self._pages.removeWidget(canvas)
        self._tabs.removeTab(index)
        canvas.deleteLater()

    def _may_close(self, document: Document) -> bool:
        """Ask what to do with unsaved changes; False if the user thinks better of it."""
        self._saves.wait(document)
        if not document.history.modified:
            return True
        answer = dialogs.ask_to_save(self, document)
        if answer == QMessageBox.StandardButton.Save:
            return self._save_and_wait(document)
        return answer == QMessageBox.StandardButton.Discard

    # -- saving ---------------------------------------------------------------------------------------

    def save(self) -> None:
        document = self.document
        if document is None:
            return
        if _has_own_file(document):
            self._start_saving(document, document.path)
        else:
            self.save_as()

    def save_as(self) -> None:
        document = self.document
        if document is None:
            return
        path = self._ask_for_name(document)
        if path is not None:
            self._start_saving(document, path)

    def _ask_for_name(self, document: Document) -> Path | None:
        own = _has_own_file(document)
        folder = str(document.path.parent) if own else self._settings.last_folder or str(Path.home())
        path = dialogs.ask_where_to_save(self, document, folder)
        if path is not None:
            self._settings.last_folder = str(path.parent)
        return path

    def _start_saving(self, document: Document, path: Path) -> None:
        self._panels.finish()
        self._saves.start(document, path)

    def _on_saved(self, document: Document, path: Path) -> None:
        self._settings.add_recent(document.path)
        self._refresh()
        self._tell(f"Saved {path.name}.", "info")

    def _on_not_saved(self, document: Document, path: Path, error: Exception) -> None:
        self._tell(dialogs.why_not_saved(path, error), "error")

    def _save_and_wait(self, document: Document) -> bool:
        """Save before closing; False, with the reason shown, if that fails."""
        path = document.path if _has_own_file(document) else self._ask_for_name(document)
        if path is None:
            return False
        QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            self._saves.save_now(document, path)
        except Exception as error:  # whatever it is, the picture must not go with the window
            self._tell(dialogs.why_not_saved(path, error), "error")
            return False
        finally:
            QApplication.restoreOverrideCursor()
        self._settings.add_recent(document.path)
        self._refresh_titles()
        return True

    # -- editing --------------------------------------------------------------------------------------

    def undo(self) -> None:
        self._panels.finish()
        canvas = self.canvas
        if canvas is not None and not canvas.cancel_tool():
            canvas.document.undo()

    def redo(self) -> None:
        self._settle(self.document)
        if self.document is not None:
            self.document.redo()

    def _settle(self, document: Document | None) -> None:
        """Record what is half done, before anything else is done to the document."""
        self._panels.finish()
        if document is not None and document is self.document:
            self.canvas.tool.settle(document)

    def clear_mask(self) -> None:
        document = self.document
        self._settle(document)
        if document is not None and document.selection.tiles:
            document.edit("Clear mask", masks.clear(document.selection))

    def invert_mask(self) -> None:
        document = self.document
        self._settle(document)
        if document is not None:
            document.edit("Invert mask", masks.invert(document.selection, document.rect))

    def use_brush(self) -> None:
        self._use(self._tools["use_brush"])

    def use_lasso(self) -> None:
        self._use(self._tools["use_lasso"])

    def use_polygon(self) -> None:
        self._use(self._tools["use_polygon"])

    def _use(self, tool: Tool) -> None:
        self._tool = tool
        slot = next(slot for slot, known in self._tools.items() if known is tool)
        self._actions[slot].setChecked(True)
        self._options.set_tool(tool)
        if self.canvas is not None:
            self.canvas.set_tool(tool)

    def smaller_brush(self) -> None:
        self._resize_brush(-1)

    def larger_brush(self) -> None:
        self._resize_brush(1)

    def _resize_brush(self, steps: int) -> None:
        self._brush.resize(steps)
        self._options.refresh()
        self._tool_edited()

    def _tool_edited(self) -> None:
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
        self._settle(self.document)
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
        self._removals.arrived.connect(self._settle)
        self._removals.ended.connect(self._on_removal_ended)

    def _is_removing(self, document: Document | None) -> bool:
        return document is not None and self._removals is not None and self._removals.is_running(document)

    def _cancel_removal(self) -> None:
        if self._is_removing(self.document):
            self._removals.cancel(self.document)

    def _on_removal_started(self, document: Document) -> None:
        from editor.ui import toast

        toast.dismiss(self._pages, "warning")  # "Nothing is masked yet" has been heeded
        if document is self.document:
            self._status.set_progress(0, "Removing")
        self._refresh_actions()

    def _on_removal_progressed(self, document: Document, fraction: float) -> None:
        if document is self.document:
            self._status.set_progress(fraction, "Removing")

    def _on_removal_ended(self, document: Document, level: str, message: str) -> None:
        if document is self.document:
            self._status.set_progress(None)
        self._refresh_actions()
        self._tell(message, level)

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
        self._refresh_actions()
        self._refresh_titles()

    def _refresh(self) -> None:
        self._refresh_actions()
        self._refresh_titles()
        self._refresh_zoom()
        document = self.document
        self._status.set_document(document)
        self._status.set_progress(0 if self._is_removing(document) else None, "Removing")
        self._status.set_engine("" if document is None else registry.spec(self._options.engine_id).title)
        self._options.setVisible(document is not None)
        self._tabs.setVisible(self._tabs.count() > 0)

    def _refresh_actions(self) -> None:
        document = self.document
        for action in self._actions.values():
            if action.property("needsDocument"):
                action.setEnabled(document is not None)
        if document is not None:
            self._actions["undo"].setEnabled(document.history.can_undo)
            self._actions["redo"].setEnabled(document.history.can_redo)
            self._actions["clear_mask"].setEnabled(bool(document.selection.tiles))
            self._actions["remove"].setEnabled(not self._is_removing(document))
        self._actions["undo"].setText(_named("&Undo", document, -1))
        self._actions["redo"].setText(_named("&Redo", document, 0))

    def _refresh_titles(self) -> None:
        for index in range(self._tabs.count()):
            if self._canvas_at(index) is not None:
                document = self._document_at(index)
                mark = " •" if document.history.modified else ""
                self._tabs.setTabText(index, dialogs.title(document) + mark)
                self._tabs.setTabToolTip(index, str(document.path or ""))
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
        self._panels.fill()

    def _load_opencv(self) -> None:
        """OpenCV draws lassos and zones; it loads while the user still looks at the picture."""
        if not self._closing:
            self._files.submit(importlib.import_module, "cv2")

    def _tell(self, message: str, level: str) -> None:
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
        for index in range(self._tabs.count()):
            document = self._document_at(index)
            if document.history.modified:
                self._tabs.setCurrentIndex(index)
            if not self._may_close(document):
                event.ignore()
                return
        self._settings.brush_size, self._settings.brush_hardness = self._brush.size, self._brush.hardness
        self._settings.window_geometry = base64.b64encode(self.saveGeometry().data()).decode()
        settings.save(self._settings)
        self._closing = True
        if self._manager is not None:
            self._manager.shut_down()
        self._files.shutdown(wait=True)
        event.accept()


def _has_own_file(document: Document) -> bool:
    """Whether Save may write where the picture came from."""
    return document.path is not None and document.path != SAMPLE and dialogs.can_write(document.path)


def _named(verb: str, document: Document | None, offset: int) -> str:
    """ "Undo Brush": the verb with the name of the entry that it would act on."""
    if document is not None:
        index = document.history.position + offset
        if 0 <= index < len(document.history.entries):
            return f"{verb} {document.history.entries[index].name}"
    return verb
