"""The menu of adjustments, which stands in the Layer menu and under a button of the panel."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from editor.ui.words import tr


class AdjustmentMenu(QMenu):
    """An entry for each kind, made when it is first opened; ``picked`` carries the kind."""

    picked = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(tr("New &adjustment layer"), parent)
        self.aboutToShow.connect(self.fill)

    def fill(self) -> None:
        """Make the entries; does nothing the second time."""
        if self.actions():
            return
        from editor.document.adjustments import ADJUSTMENTS

        for kind, adjustment in ADJUSTMENTS.items():
            action = self.addAction(tr(adjustment.title).replace("&", "&&"))
            action.setData(kind)
            action.setObjectName(f"adjustment.{kind}")
            action.setProperty("english", adjustment.title)  # the palette finds it so, too
            action.triggered.connect(lambda _=False, kind=kind: self.picked.emit(kind))
