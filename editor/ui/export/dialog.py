"""How to export: format, quality, size, colours, metadata; and how large the file becomes."""

from dataclasses import replace
from itertools import chain, count
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from editor.document import export
from editor.document.model import Document
from editor.ui import dialogs, theme
from editor.ui.export.estimate import Estimate
from editor.ui.slider import NumberSlider
from editor.ui.words import tr

_LABELS = 96
_CONTROLS = 320


class ExportDialog(QDialog):
    """Asks about ``document``, a snapshot. ``chosen`` carries the path, the choices and the flat picture that
    was made by them."""

    chosen = Signal(object, object, object)

    def __init__(self, document: Document, name: str, choices: export.Choices, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Export {name}").format(name=name))
        self._document, self._name, self._choices = document, name, choices
        self._folder = parent.settings.last_folder or dialogs.first_folder(document, "")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._estimate = Estimate(document, Path(name).stem, self)
        self._estimate.told.connect(self._on_told)
        self._build()
        self._show_choices()
        self._estimate.ask(self._choices)

    # -- building -------------------------------------------------------------------------------------

    def _build(self) -> None:
        choices = self._choices
        self.format = QComboBox()
        for each in export.FORMATS.values():
            self.format.addItem(each.title, each.id)
            if not each.is_there:
                self.format.model().item(self.format.count() - 1).setEnabled(False)
        if not choices.target.is_there:
            choices = self._choices = replace(choices, format="jpeg")
        self.format.setCurrentIndex(self.format.findData(choices.format))
        self.quality = NumberSlider("", 1, 100, value=choices.quality or 90)
        self.resize_by = QComboBox()
        for kind, words in (
            ("none", tr("As it is")),
            ("longest", tr("Longer side")),
            ("percent", tr("Per cent")),
        ):
            self.resize_by.addItem(words, kind)
        self.resize_by.setCurrentIndex(self.resize_by.findData(choices.resize))
        longest = max(self._document.width, self._document.height, export.SMALLEST + 1)
        self.side = NumberSlider(
            "", export.SMALLEST, longest, value=min(choices.side, longest), suffix="px", logarithmic=True
        )
        self.percent = NumberSlider("", 1, 100, value=choices.percent, suffix="%")
        self.pixels = QLabel()
        self.srgb = QCheckBox(tr("Convert to sRGB, for the web"))
        self.srgb.setChecked(choices.srgb)
        self.metadata = QCheckBox(tr("Keep camera data and copyright"))
        self.metadata.setChecked(choices.metadata)
        self.deep = QCheckBox(tr("16 bits per channel"))
        self.deep.setChecked(choices.deep)
        self.bytes = QLabel()
        self.bytes.setWordWrap(True)
        self.accept_button, cancel = QPushButton(tr("Export…")), QPushButton(tr("Cancel"))
        self.accept_button.setProperty("primary", True)
        self.accept_button.clicked.connect(self._export)
        cancel.clicked.connect(self.reject)
        for widget, label in (
            (self.quality, tr("Quality")),
            (self.side, tr("Longer side")),
            (self.percent, tr("Per cent")),
            (self.bytes, tr("Size of the file")),
        ):
            widget.setAccessibleName(label)
        self._lay_out(cancel)
        for box in (self.format, self.resize_by):
            box.activated.connect(self._take)
        for slider in (self.quality, self.side, self.percent):
            slider.changed.connect(self._take)
        for switch in (self.srgb, self.metadata, self.deep):
            switch.clicked.connect(self._take)

    def _lay_out(self, cancel: QPushButton) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnMinimumWidth(0, _LABELS)
        grid.setColumnMinimumWidth(1, _CONTROLS)
        self._labels = {}
        rows = (
            (tr("Format"), (self.format,)),
            (tr("Quality"), (self.quality,)),
            (tr("Size"), (self.resize_by, self.side, self.percent, self.pixels)),
            (tr("Colours"), (self.srgb, self.deep)),
            (tr("Metadata"), (self.metadata,)),
        )
        line = 0
        for words, widgets in rows:
            label = QLabel(words)
            label.setBuddy(widgets[0])
            self._labels[widgets[0]] = label
            grid.addWidget(label, line, 0)
            for widget in widgets:
                grid.addWidget(widget, line, 1)
                line += 1
            grid.setRowMinimumHeight(line, 4)
            line += 1
        theme.make_quiet(self.pixels)
        self.bytes.setFont(theme.tabular(self.bytes.font()))
        bottom = QHBoxLayout()
        bottom.setSpacing(8)
        bottom.addWidget(self.bytes, 1)
        bottom.addWidget(cancel)
        bottom.addWidget(self.accept_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(16)
        column.addLayout(grid)
        column.addStretch()
        column.addLayout(bottom)
        cancel.setAutoDefault(False)
        self.accept_button.setDefault(True)  # only now that it lies in the dialog
        self.format.setFocus(Qt.FocusReason.TabFocusReason)

    # -- choices --------------------------------------------------------------------------------------

    @property
    def choices(self) -> export.Choices:
        """What is chosen now."""
        return self._choices

    def _take(self) -> None:
        before = self._choices
        qualities = dict(before.qualities)
        kind = self.format.currentData()
        if kind == before.format and kind in qualities:
            qualities[kind] = round(self.quality.value)
        self._choices = replace(
            before,
            format=kind,
            qualities=qualities,
            resize=self.resize_by.currentData(),
            side=round(self.side.value),
            percent=round(self.percent.value),
            srgb=self.srgb.isChecked() if self.srgb.isEnabled() else before.srgb,
            metadata=self.metadata.isChecked(),
            deep=self.deep.isChecked() if self.deep.isEnabled() else before.deep,
        )
        if self._choices != before:
            self._show_choices()
            self._estimate.ask(self._choices)

    def _show_choices(self) -> None:
        """What goes with the choices, and what cannot be chosen with them."""
        choices, target = self._choices, self._choices.target
        has_quality = choices.quality is not None
        if has_quality and not self.quality.adjusting:
            self.quality.set_value(choices.quality)
        for widget in (self.quality, self._labels[self.quality]):
            widget.setVisible(has_quality)
        self.side.setVisible(choices.resize == "longest")
        self.percent.setVisible(choices.resize == "percent")
        width, height = export.size(self._document.width, self._document.height, choices)
        self.pixels.setText(tr("{width} × {height} pixels").format(width=width, height=height))
        foreign = export.needs_srgb(self._document)
        self.srgb.setEnabled(foreign)
        self.srgb.setChecked(choices.srgb or not foreign)
        deep = self._document.bits == 16
        self.deep.setVisible(deep)
        self.deep.setEnabled(target.deep)
        self.deep.setChecked(choices.deep and target.deep)
        self.bytes.setText(tr("Working out the size…"))
        self.accept_button.setEnabled(False)

    def _on_told(self, words: str, usable: bool) -> None:
        self.bytes.setText(words)
        self.accept_button.setEnabled(usable)

    # -- ending ---------------------------------------------------------------------------------------

    def _export(self) -> None:
        target = self._choices.target
        folder = Path(dialogs.first_folder(None, self._folder))
        start = free_name(folder, Path(self._name).stem, target.suffix, self._document.path)
        path = dialogs.ask_where_to_export(self, start, target.title, target.suffixes)
        if path is not None:
            self.chosen.emit(path, self._choices, self._estimate.picture)
            self.accept()

    def done(self, result: int) -> None:
        self._estimate.stop()
        super().done(result)


def free_name(folder: Path, stem: str, suffix: str, own: Path | None) -> Path:
    """A file in ``folder`` that is not there yet, nor is the document's ``own``."""
    names = chain([stem, f"{stem}-web"], (f"{stem}-web-{number}" for number in count(2)))
    paths = (folder / f"{name}{suffix}" for name in names)
    return next(path for path in paths if path != own and not path.exists())
