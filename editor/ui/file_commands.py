"""The File menu beyond opening and saving: new pictures, back to the saved state, closing all."""

from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING

from editor.document.files.raster import RAW_SUFFIXES
from editor.document.model import Document
from editor.ui import dialogs
from editor.ui.background import Call
from editor.ui.opening import made_ready
from editor.ui.words import tr

if TYPE_CHECKING:
    from editor.ui.window import Window


class FileCommands:
    """What these entries of the File menu do."""

    def __init__(self, files: Executor, window: "Window") -> None:
        self._files, self._window = files, window

    def new(self) -> None:
        """Ask for a size, and open an empty picture."""
        from editor.ui.forms.new_picture import NewPictureForm

        window = self._window
        dialog = NewPictureForm(window.settings, window.bench, window)
        dialog.made.connect(self._open)
        dialog.open()

    def _open(self, document: Document) -> None:
        call = Call(self._files.submit(made_ready, document), self._window)
        call.done.connect(lambda opened: self._window.documents.show(opened, None))
        call.failed.connect(
            lambda _: self._window.tell(tr("There is not enough memory for a picture this large."), "error")
        )

    def close_all(self) -> None:
        """Close one after the other, until the user keeps one."""
        tabs = self._window.tabs
        while (before := tabs.count()) > 0:
            self._window.close_tab(before - 1)
            if tabs.count() == before:
                return

    def revert(self) -> None:
        """Back to what is in the file; undo brings the present state again."""
        window = self._window
        document = window.document
        if document is None:
            return
        path = document.path
        if path is None:
            window.tell(tr("This picture was never saved: there is nothing to go back to."), "warning")
        elif path.suffix.lower() in RAW_SUFFIXES:
            window.tell(tr("A camera RAW file is developed anew: open it again."), "warning")
        elif not document.history.modified:
            window.tell(tr("The picture is as it was saved."), "info")
        else:
            from editor.document import storage

            call = Call(self._files.submit(storage.open_document, path), window)
            call.done.connect(lambda saved: self._revert(document, saved))
            call.failed.connect(lambda error: window.tell(dialogs.why_not_opened(path, error), "error"))

    def _revert(self, document: Document, saved: Document) -> None:
        from editor.document import revert

        window = self._window
        if document is not window.document:
            return  # the user has gone on to something else
        window.editing.run(lambda document: revert.revert(document, saved))
        path: Path = document.path
        window.tell(
            tr("{name} is as it was saved. Undo brings your changes back.").format(name=path.name), "info"
        )
