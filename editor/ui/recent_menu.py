"""The menu of recent pictures."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from editor.ui.words import tr

if TYPE_CHECKING:
    from editor.ui.window import Window


class RecentMenu(QMenu):
    """Filled anew each time it opens."""

    def __init__(self, window: "Window") -> None:
        super().__init__(tr("Open &recent"), window)
        self._window = window
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self.clear()
        recent = self._window.settings.recent
        for name in recent:
            path = Path(name)
            twins = sum(Path(other).name == path.name for other in recent) > 1
            words = f"{path.name}   ({path.parent.name})" if twins else path.name
            action = self.addAction(words.replace("&", "&&"))
            action.setToolTip(name)
            action.setObjectName(f"recent › {name}")
            action.triggered.connect(lambda _=False, path=path: self._window.documents.open(path))
        if recent:
            self.addSeparator()
            self.addAction(tr("Clear the list"), self._clear)
        else:
            self.addAction(tr("Nothing was opened yet")).setEnabled(False)

    def _clear(self) -> None:
        self._window.settings.recent = []
