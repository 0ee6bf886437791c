"""Offers what an earlier run of Lacuna left behind, and opens what the user wants back."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from editor.ui import dialogs
from editor.ui.documents import name_background
from editor.ui.opening import Opened
from editor.ui.recovering import Recovery

if TYPE_CHECKING:
    from editor.document.recovery import Recoverable
    from editor.ui.recovery_bar import RecoveryBar
    from editor.ui.window import Window


class RecoveryOffer(QObject):
    """The bar, and what its buttons do. ``bar`` is None as long as there was nothing to offer."""

    def __init__(self, recovery: Recovery, window: "Window") -> None:
        super().__init__(window)
        self._recovery, self._window = recovery, window
        self.bar: RecoveryBar | None = None
        recovery.offered.connect(self._show)
        recovery.recovered.connect(self._on_recovered)
        recovery.failed.connect(self._on_failed)

    def _show(self, found: "list[Recoverable]") -> None:
        from editor.ui.recovery_bar import RecoveryBar

        self.bar = RecoveryBar(found)
        self.bar.recover.connect(self._recovery.load)
        self.bar.discard.connect(self._discard)
        self._window.show_bar(self.bar)

    def _discard(self, recoverable: "Recoverable") -> None:
        if dialogs.ask_to_discard(self._window, recoverable.name):
            self._recovery.discard(recoverable)
            self.bar.remove(recoverable)

    def _on_recovered(self, recoverable: "Recoverable", opened: Opened) -> None:
        if opened.document.path is not None:
            # The file as it was is what the recovered document begins with.
            self._window.documents.close_untouched(opened.document.path)
        name_background(opened.document)
        self._window.documents.show(opened, None)
        self.bar.remove(recoverable)

    def _on_failed(self, recoverable: "Recoverable", words: str) -> None:
        self.bar.set_busy(recoverable, False)
        self._window.tell(words, "error")
