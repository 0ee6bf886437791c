"""The bar over the picture while a fill is being changed."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
)

from editor.document.recipe import Recipe
from editor.jobs.remove import Removal
from editor.ui import theme
from editor.ui.canvas import Canvas
from editor.ui.engine_menu import EngineMenu
from editor.ui.floating import Floating
from editor.ui.grain_slider import grain_slider
from editor.ui.words import tr

_MARGIN = 12
_LARGEST_SEED = 2.0**53  # up to which the box counts one by one


class RefillBar(Floating):
    """What is changed, the engine and the seed it is to be made with, and what can be done."""

    run = Signal()
    vary = Signal()
    done = Signal()

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas, at_top=True)
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.MinimumExpanding)
        self._engines = EngineMenu()
        self._seed = QDoubleSpinBox()
        self._seed.setDecimals(0)
        self._seed.setRange(-_LARGEST_SEED, _LARGEST_SEED)
        self._seed.setAccessibleName(tr("Seed"))
        self._seed.setToolTip(tr("Another seed is another fill; the same seed is the same fill again."))
        self._seed.setFixedWidth(84)
        seed = QLabel(tr("Seed"))
        seed.setBuddy(self._seed)
        theme.make_quiet(seed)
        self._grain = grain_slider()
        self._vary = QPushButton(tr("Variations"))
        self._vary.setToolTip(tr("Make several to choose from (Ctrl+Enter)"))
        self._seed.lineEdit().returnPressed.connect(self.run)  # the window leaves Enter to a field
        self._vary.clicked.connect(self.vary)
        self._run = QPushButton(tr("Run again"))
        self._run.setProperty("primary", True)
        self._run.setIcon(theme.icon("rerun", on_accent=True))
        self._run.setToolTip(tr("Make the fill anew (Enter)"))
        self._run.clicked.connect(self.run)
        done = QPushButton(tr("Done"))
        done.setToolTip(tr("Leave the fill as it is (Esc)"))
        done.clicked.connect(self.done)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._engines)
        line.addWidget(seed)
        line.addWidget(self._seed)
        line.addWidget(self._grain)
        line.addStretch()
        for button in (self._vary, self._run, done):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            line.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, 8, _MARGIN, 8)
        column.setSpacing(8)
        column.addWidget(self._words)
        column.addLayout(line)

    def set_name(self, name: str) -> None:
        """Which fill it is."""
        words = tr("Changing the fill “{name}”: change the selection, engine or seed, then run again.")
        self._words.setText(words.format(name=name))
        self.setAccessibleName(self._words.text())

    def sizeHint(self) -> QSize:
        """Wide enough for the words in one line."""
        hint = super().sizeHint()
        words = self._words.fontMetrics().horizontalAdvance(self._words.text()) + 2 * _MARGIN + 4
        return QSize(max(hint.width(), words), hint.height())

    @property
    def what(self) -> Removal:
        """What is to be made, as it is shown."""
        return Removal(self._engines.currentData(), int(self._seed.value()), self._grain.value / 100)

    def set_recipe(self, recipe: Recipe) -> bool:
        """Show how the fill was made. Whether this version has the engine; if not, another one is chosen."""
        self._seed.setValue(recipe.seed)
        self._grain.set_value(100 * recipe.grain)
        return self._engines.choose(recipe.engine)

    def release(self) -> None:
        """Be gone."""
        self.hide()
        self.deleteLater()

    def set_busy(self, busy: bool) -> None:
        """A fill is being made, or looked at: nothing else can be begun."""
        for widget in (self._engines, self._seed, self._grain, self._vary, self._run):
            widget.setEnabled(not busy)
