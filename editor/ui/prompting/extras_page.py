"""LoRAs, and ControlNets that follow lines: pages of what is folded away in the bar."""

from pathlib import Path
from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from editor.document.guide import INK
from editor.document.model import Document
from editor.ui import theme
from editor.ui.slider import NumberSlider
from editor.ui.words import tr, tr_composed
from engines.diffusion.checkpoints import Checkpoint
from engines.diffusion.extras import Extra
from engines.diffusion.requests import Hint, Lora

_TALLEST = 4 * 32  # pixels of the rows; more are scrolled to
_KINDS = {
    "scribble": "scribble", "lineart": "line drawing", "softedge": "soft edges", "inpaint": "filling",
}  # fmt: skip


class _Row(QWidget):
    """One that may be used, and how much it counts; or why it may not."""

    def __init__(self, extra: Extra, weight: float, *, used: bool, refusal: str) -> None:
        super().__init__()
        self.extra, self.fits = extra, not refusal
        self.box = QCheckBox(extra.name)
        self.box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.box.setChecked(used)
        self.box.setEnabled(self.fits)
        self.box.setToolTip(f"{tr_composed(refusal)}\n{extra.path}" if refusal else str(extra.path))
        low = -2 if extra.what == "lora" else 0
        self.weight = NumberSlider(tr("Weight"), low, 2, value=weight, default=extra.weight, step=0.05)
        self.weight.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.weight.setAccessibleName(tr("Weight of {name}").format(name=extra.name))
        self.weight.setVisible(used and self.fits)
        self.box.toggled.connect(lambda on: self.weight.setVisible(on))
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 8, 0)
        row.setSpacing(8)
        row.addWidget(self.box)
        row.addStretch()
        remark = tr_composed(refusal) if refusal else tr(_KINDS.get(extra.kind, ""))
        if remark:
            label = QLabel(remark)
            label.setEnabled(self.fits)
            theme.make_quiet(label)
            row.addWidget(label)
        row.addWidget(self.weight)
        self.setFixedHeight(28)


class ExtrasPage(QWidget):
    """Those of one kind that are on this machine, each with a switch and a weight.

    ``asked``: the user has another file. ``taken``: this one was switched on.
    """

    asked = Signal()
    taken = Signal(object)

    def __init__(self, what: Literal["lora", "control"], none: str) -> None:
        super().__init__()
        self._what = what
        self._extras: list[Extra] = []
        self._told: dict[Path, tuple[str, float]] = {}  # of a recipe: kind and weight
        self._is_known = False  # what is there: it is looked for in another thread
        self._model: Checkpoint | None = None
        self.rows: list[_Row] = []
        self._none = QLabel(none)
        self._none.setWordWrap(True)
        theme.make_quiet(self._none)
        self._list = QWidget()
        self._list_column = QVBoxLayout(self._list)
        self._list_column.setContentsMargins(0, 0, 0, 0)
        self._list_column.setSpacing(4)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self._list)
        self._choose = QPushButton(tr("Add a file…"))
        self._choose.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._choose.clicked.connect(self.asked)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._none, 1)
        foot.addWidget(self._choose, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(8)
        self.column.addWidget(self._area)
        self.column.addLayout(foot)
        self._build()

    def show_extras(self, extras: list[Extra], fresh: Path | None = None) -> None:
        """What is on this machine; what the user has just pointed at is switched on."""
        chosen = self._chosen()
        self._extras = [each for each in extras if each.what == self._what]
        self._is_known = True
        for each in self._extras:
            if each.path == fresh:
                chosen[each.path] = each.kind, each.weight
        self._told = chosen
        self._build()
        if fresh in chosen:
            self.taken.emit(next(each for each in self._extras if each.path == fresh))

    def fit(self, model: Checkpoint) -> None:
        """Which of them can be used with a model."""
        if model != self._model:
            self._told, self._model = self._chosen(), model
            self._build()

    def tell(self, chosen: dict[Path, tuple[str, float]]) -> None:
        """Those that a fill was made with, by their paths, with kind and weight."""
        self._told = dict(chosen)
        self._build()

    def used(self) -> list[tuple[str, Path, float]]:
        """Kind, path and weight of each that is switched on and can be used."""
        refused = {row.extra.path for row in self.rows if not row.fits}
        return [
            (kind, path, weight) for path, (kind, weight) in self._chosen().items() if path not in refused
        ]

    def _chosen(self) -> dict[Path, tuple[str, float]]:
        if not self._is_known:
            return dict(self._told)
        kinds = {path: kind for path, (kind, _) in self._told.items()}
        return {
            row.extra.path: (kinds.get(row.extra.path) or row.extra.kind, row.weight.value)
            for row in self.rows
            if row.box.isChecked()
        }

    def _build(self) -> None:
        for row in self.rows:
            self._list_column.removeWidget(row)
            row.hide()
            row.deleteLater()
        there = {extra.path for extra in self._extras}
        gone = [Extra(path, self._what, "") for path in self._told if path not in there]
        self.rows = []
        for extra in (*self._extras, *gone):
            refusal = extra.refusal(self._model) if self._model is not None else ""
            if extra in gone:
                refusal = tr("It is not on this machine any more.") if self._is_known else ""
            weight = self._told.get(extra.path, ("", extra.weight))[1]
            row = _Row(extra, weight, used=extra.path in self._told, refusal=refusal)
            row.box.toggled.connect(lambda on, extra=extra: on and self.taken.emit(extra))
            self.rows.append(row)
            self._list_column.addWidget(row)
        height = min(len(self.rows) * 32 - 4, _TALLEST) if self.rows else 0
        self._area.setFixedHeight(max(height, 0))
        self._area.setVisible(bool(self.rows))
        self._none.setVisible(not self.rows)


class LoraPage(ExtrasPage):
    """LoRAs."""

    def __init__(self) -> None:
        super().__init__(
            "lora",
            tr("No LoRA is here yet. Put files into the folder “loras” of the models, or add one."),
        )

    @property
    def loras(self) -> tuple[Lora, ...]:
        return tuple(Lora(str(path), weight) for _, path, weight in self.used())


class SketchPage(ExtrasPage):
    """ControlNets, and which lines they follow."""

    def __init__(self) -> None:
        super().__init__(
            "control",
            tr(
                "Following lines needs a ControlNet. Get one for scribble, lineart or softedge that fits the "
                "model, put it into the folder “controlnets” of the models, or add it here."
            ),
        )
        self.lines = QLabel()
        self.lines.setWordWrap(True)
        self.lines.setContentsMargins(4, 0, 0, 0)
        theme.make_quiet(self.lines)
        self.column.insertWidget(0, self.lines)

    def show_lines(self, document: Document) -> None:
        """Which lines of the document are followed: those that are turned on."""
        on = [guide for guide in document.guides if guide.enabled]
        ink = sum(guide.kind == INK for guide in on)
        if not on:
            words = tr(
                "There are no lines to follow. Draw some with the Sketch pen (P) or the Line tool (U)."
            )
        else:
            words = tr("Followed: strokes of the sketch: {ink}, structure lines: {lines}.")
            words = words.format(ink=ink, lines=len(on) - ink)
        self.lines.setText(words)

    @property
    def hints(self) -> tuple[Hint, ...]:
        return tuple(Hint(kind, str(path), weight) for kind, path, weight in self.used() if kind)
