"""What the Help menu opens."""

from concurrent.futures import Executor
from typing import TYPE_CHECKING

from editor.ui.help.guide import SHORTCUTS, Guide

if TYPE_CHECKING:
    from pathlib import Path

    from editor.ui.help.window import HelpWindow
    from editor.ui.window import Window


class Help:
    """Windows beside the picture, made when they are first asked for."""

    def __init__(self, files: Executor, window: "Window") -> None:
        self._files, self._window = files, window
        self._help: HelpWindow | None = None

    def guide(self) -> None:
        """The guide, where it was last read."""
        self._show("")

    def shortcuts(self) -> None:
        """Every shortcut there is."""
        self._show(SHORTCUTS)

    def about(self) -> None:
        """What this is, and what it is made of."""
        from editor.ui.about import AboutDialog

        dialog = AboutDialog(self._files, self._window)
        dialog.show()

    def reports(self, path: "Path | None" = None) -> None:
        """What went wrong lately, or one report of it."""
        from editor.ui.report_window import ReportWindow

        ReportWindow(path, self._window).show()

    @property
    def window(self) -> "HelpWindow | None":
        """None while it was never asked for."""
        return self._help

    def _show(self, page: str) -> None:
        from editor.ui.help.window import HelpWindow
        from editor.ui.menus.bar import MENUS

        window = self._window
        if self._help is None:
            self._help = HelpWindow(window)
        if self._help.isVisible():  # behind the window perhaps
            self._help.raise_()
        self._help.show_pages(Guide(MENUS, window.actions_by_id).pages(window.settings.language), page)
        self._help.show()
        self._help.activateWindow()
