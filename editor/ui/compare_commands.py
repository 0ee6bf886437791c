"""Before and after, as the View menu offers it: in place of each other, or split by a line."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QShortcutEvent

from editor.ui.compare import Comparison

if TYPE_CHECKING:
    from editor.ui.window import Window

_MODIFIERS = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr)
_LEAVING = (QEvent.Type.ApplicationDeactivate, QEvent.Type.WindowDeactivate)


class CompareCommands(QObject):
    """The key of "Show the picture as it was" shows it for as long as it is held; the menu's entry leaves it
    on until it is chosen again."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self._held: Qt.Key | None = None
        self._action = window.actions_by_id["comparing.toggle_before"]

    def listen(self) -> None:
        """From now on the key shows the picture as it was only for as long as it is held."""
        self._action.setAutoRepeat(False)
        self._action.installEventFilter(self)

    def toggle_before(self) -> None:
        comparison = self._possible()
        if comparison is not None:
            comparison.show_before(not comparison.shows_before)
        self._refresh()

    def toggle_columns(self) -> None:
        self._toggle("columns")

    def toggle_rows(self) -> None:
        self._toggle("rows")

    def end(self) -> bool:
        """Escape: show the picture in front as it is. Whether anything else was shown."""
        canvas = self._window.canvas
        return canvas is not None and canvas.covering is not None and canvas.comparison.end()

    def _toggle(self, split: str) -> None:
        comparison = self._possible()
        if comparison is not None:
            comparison.set_split("" if comparison.split == split else split)
        self._refresh()

    def _possible(self) -> Comparison | None:
        """The comparison of the picture in front; None where there is none, which is told."""
        canvas = self._window.canvas
        if canvas is None:
            return None
        if refusal := canvas.comparison.refusal:
            self._window.tell(refusal, "warning")
            return None
        return canvas.comparison

    def _refresh(self) -> None:
        self._window.view.refresh(self._window.actions_by_id)

    # -- the key that is held -------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._action:
            if event.type() == QEvent.Type.Shortcut and isinstance(event, QShortcutEvent):
                self._hold(event.key()[0].key())
                return True
        elif event.type() in _LEAVING or (
            event.type() == QEvent.Type.KeyRelease
            and isinstance(event, QKeyEvent)
            and not event.isAutoRepeat()
            and (event.key() == self._held or event.key() in _MODIFIERS)
        ):
            self._let_go()
        return False

    def _hold(self, key: Qt.Key) -> None:
        comparison = self._possible()
        if comparison is not None and self._held is None:
            self._held = key
            QCoreApplication.instance().installEventFilter(self)
            comparison.show_before(True)

    def _let_go(self) -> None:
        self._held = None
        QCoreApplication.instance().removeEventFilter(self)
        for comparison in self._shown():
            comparison.show_before(False)

    def _shown(self) -> Iterator[Comparison]:
        """Of all pictures: another one may have come to the front meanwhile."""
        tabs = self._window.tabs
        for index in range(tabs.count()):
            canvas = tabs.canvas_at(index)
            if canvas is not None and canvas.covering is not None:
                yield canvas.comparison
