"""The list of engines to choose from; what cannot run on this machine is there, but grey."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox

from editor.ui.words import tr, tr_composed
from engines import registry


def removers() -> list[registry.EngineSpec]:
    """The engines that remove, in the order of the list."""
    return [entry for entry in registry.engines() if entry.task == "remove"]


class EngineMenu(QComboBox):
    """Its ``currentData`` is the id of an engine. What an engine needs is looked up each time it opens."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Engine"))
        self.refresh()

    def showPopup(self) -> None:
        self.refresh()
        super().showPopup()

    def refresh(self) -> None:
        """List what there is now, grey out what lacks its model or its library, and say in the tooltip what
        that is."""
        entries = removers()
        if [entry.id for entry in entries] != [self.itemData(place) for place in range(self.count())]:
            self._list(entries)
        model = self.model()
        assert isinstance(model, QStandardItemModel)
        for place in range(self.count()):
            entry = registry.spec(self.itemData(place))
            lacking = registry.lacks(entry)
            model.item(place).setEnabled(not lacking)
            source = tr("Plug-in of {package}").format(package=entry.source) if entry.source else ""
            words = "\n".join(filter(None, (tr(entry.note), source, tr_composed(lacking))))
            self.setItemData(place, words, Qt.ItemDataRole.ToolTipRole)

    def _list(self, entries: list[registry.EngineSpec]) -> None:
        """The one that is chosen stays so, unless it has gone with its plug-in."""
        chosen, blocked = self.currentData(), self.blockSignals(True)
        self.clear()
        for entry in entries:
            self.addItem(tr(entry.title), entry.id)
        self.setCurrentIndex(max(self.findData(chosen), 0))
        self.blockSignals(blocked)
        if chosen is not None and self.currentData() != chosen:
            self.currentIndexChanged.emit(self.currentIndex())

    def choose(self, engine_id: str) -> bool:
        """Make an engine the current one; False if there is none of this id."""
        place = self.findData(engine_id)
        if place >= 0:
            self.setCurrentIndex(place)
        return place >= 0
