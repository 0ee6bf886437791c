"""What Edit > Models opens, and what goes on when it is closed."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from editor.ui.models.work import Work

if TYPE_CHECKING:
    from editor.ui.models.dialog import ModelsDialog
    from editor.ui.window import Window


class Models(QObject):
    """The dialog is made when it is first asked for; ``work`` outlives it."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self._dialog: ModelsDialog | None = None
        self.work = Work(lambda: window.settings.proxy, self)
        self.work.told.connect(self._tell)
        self.work.failed.connect(self._tell_failure)
        self.work.brought.connect(window.panels.refresh_engine)
        self.work.brought.connect(window.prompting.refresh_models)

    def show(self, group: str = "") -> None:
        """Open the list, which stops nothing else, at one of its groups if there is one: "fill", say."""
        from editor.ui.models.dialog import ModelsDialog

        if self._dialog is None:
            self._dialog = ModelsDialog(self.work, self._window)
        if self._dialog.isVisible():  # behind the window perhaps
            self._dialog.raise_()
        self._dialog.show()
        self._dialog.activateWindow()
        self._dialog.turn_to(group)

    @property
    def dialog(self) -> "ModelsDialog | None":
        """None while it was never asked for."""
        return self._dialog

    def shut_down(self) -> None:
        """Pause and wait; what has come of downloads is kept."""
        self.work.shut_down()

    def _tell_failure(self, words: str) -> None:
        if self._dialog is None or not self._dialog.isVisible():  # there its line says so
            self._tell("error", words)

    def _tell(self, level: str, words: str) -> None:
        """Where one looks at the moment."""
        if self._dialog is not None and self._dialog.isVisible():
            self._dialog.tell(level, words)
        elif not self._window._closing:
            self._window.tell(words, level)
