"""Opening and closing pictures: from a file to a tab, and away again."""

from concurrent.futures import Executor, Future
from pathlib import Path
from typing import TYPE_CHECKING

from editor.document.files.raster import RAW_SUFFIXES
from editor.document.model import BACKGROUND, Document
from editor.ui import dialogs
from editor.ui.background import Call
from editor.ui.dialogs import SAMPLE
from editor.ui.opening import Opened, open_picture
from editor.ui.words import tr

if TYPE_CHECKING:
    from editor.ui.window import Window

PATIENCE = 0.4  # seconds that the window waits with its first paint for the first picture


class Documents:
    """What opens pictures into the window's tabs and closes them."""

    def __init__(self, files: Executor, window: "Window") -> None:
        self._files, self._window = files, window
        self._expecting = False  # a picture of the command line was not there in time

    def expect(self, path: Path, future: "Future[Opened]") -> None:
        """Show a picture that is being read, as soon as it is."""
        # The first picture, if it is nearly there, is waited for, so that the window comes up with it.
        first = not self._expecting and not self._window.tabs.count()
        try:
            opened = future.result(timeout=PATIENCE if first else 0)
        except Exception:  # not yet, or not at all
            self._expecting = True
            call = Call(future, self._window)
            call.done.connect(self._add)
            call.failed.connect(lambda error: self._report(path, error))
        else:
            self._add(opened)

    def open(self, path: str | Path) -> None:
        """Read a picture and show it in a tab of its own; one that is open comes to the front."""
        path = Path(path)
        if self._show_open(path.absolute()):
            return
        if path.suffix.lower() in RAW_SUFFIXES:
            self._develop(path)
            return
        call = Call(self._files.submit(open_picture, path), self._window)
        call.done.connect(self._add)
        call.failed.connect(lambda error: self._report(path, error))

    def ask(self) -> None:
        """Let the user choose what to open."""
        settings = self._window.settings
        folder = dialogs.first_folder(self._window.document, settings.last_folder)
        for path in dialogs.ask_what_to_open(self._window, folder):
            settings.last_folder = str(path.parent)
            self.open(path)

    def open_sample(self) -> None:
        self.open(SAMPLE)

    def show(self, opened: Opened, source: Path | None) -> None:
        """A tab of its own for a document; ``source`` is the file that it has just been read from."""
        self._window.add_tab(opened)
        self._window.recovery.keep(opened.document, source)

    def close_untouched(self, path: Path) -> None:
        """Close the tab of the picture in this file, if nothing was done to it."""
        index = self._window.tabs.index_of(path)
        if index is not None and not self._window.tabs.document_at(index).history.entries:
            self._window.close_tab(index)

    def close_current(self) -> None:
        if self._window.canvas is not None:
            self._window.close_tab(self._window.tabs.currentIndex())

    def _develop(self, path: Path) -> None:
        """Ask how a camera RAW file is to be developed, beside everything else."""
        from editor.ui.raw_dialog import RawDialog

        dialog = RawDialog(path, self._files, self._window)
        dialog.opened.connect(lambda opened: self._add(opened, as_read=False))
        dialog.failed.connect(self._report)
        dialog.show()

    def _show_open(self, path: Path) -> bool:
        """Bring the tab of a picture to the front; whether there is one."""
        index = self._window.tabs.index_of(path)
        if index is None:
            return False
        self._window.tabs.setCurrentIndex(index)
        return True

    def _add(self, opened: Opened, *, as_read: bool = True) -> None:
        """Show a picture; ``as_read``: it is just what opening its file gives."""
        document: Document = opened.document
        if document.path is not None and self._show_open(document.path):
            return  # it was asked for twice before it was read
        name_background(document)
        self.show(opened, document.path if as_read else None)
        if document.path is not None and document.path != SAMPLE:
            self._window.settings.add_recent(document.path)
        if document.notes:
            self._window.tell(dialogs.what_was_left_out(document, document.notes), "warning")

    def _report(self, path: Path, error: Exception) -> None:
        self._window.tell(dialogs.why_not_opened(path, error), "error")


def name_background(document: Document) -> None:
    """Call the layer of a file that has no names in the user's language."""
    layer = document.layers[0]
    keeps = dialogs.keeps_layers(document.path.suffix.lower() if document.path else "")
    if not keeps and layer.name == BACKGROUND:
        layer.name = tr(BACKGROUND)
