"""The bar by the selection: what is to be there, and how it is to be made."""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from editor.document.history import Part
from editor.document.model import Change
from editor.document.recipe import Recipe
from editor.jobs.fill import Filling
from editor.settings import Settings
from editor.ui import theme
from editor.ui.background import Call
from editor.ui.canvas import Canvas
from editor.ui.floating import GAP, MARGIN, Floating
from editor.ui.installer import Installer
from editor.ui.option_controls import icon_button
from editor.ui.prompting import models
from editor.ui.prompting.fold import Fold
from editor.ui.prompting.models import Found, ModelMenu
from editor.ui.prompting.offer import Offer
from editor.ui.prompting.tasks import Closeness, Realism, Repeats, Sides, SoftHint, TaskMenu
from editor.ui.prompting.words_edit import WordsEdit
from editor.ui.slider import NumberSlider
from editor.ui.words import tr
from engines import registry
from engines.base import EngineError
from engines.diffusion.requests import usual

WIDTH = 560
_PADDING = 12
_FOLLOW_MS = 80  # after the last change of the selection, at which the bar follows it
_MOST_RESULTS = 9
_RESULTS = 3


class PromptBar(Floating):
    """``run``: fill with ``what`` is shown; ``vary`` comes never, as there always are ``count`` results.
    ``done``: the user is. ``looked``: the models that there are are shown, or what to get.

    It reads and writes the ``settings``: what was chosen the last time, and what was asked for before.
    """

    run = Signal()
    vary = Signal()
    done = Signal()
    looked = Signal()

    def __init__(self, canvas: Canvas, settings: Settings, files: Executor, installer: Installer) -> None:
        super().__init__(canvas, at_top=None)
        self._settings, self._files, self._installer = settings, files, installer
        self._base = Filling("")  # what is not shown here stays as this has it
        self._is_anew = False  # a fill that is there is changed
        self._is_untold = False  # not all of it could be shown before the models are known
        self._look: Call | None = None  # for models, while it lasts
        self._asked: Callable[[], object] | None = None  # what the user asked for before it was over
        self.setAccessibleName(tr("Fill with words"))
        self._note = QLabel()
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.setWordWrap(True)
        theme.make_quiet(self._note)
        self._note.hide()
        self._offer: Offer | None = None
        self._form = QWidget()
        self._make_form()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(_PADDING, _PADDING, _PADDING, _PADDING)
        self._column.setSpacing(8)
        self._column.addWidget(self._note)
        self._column.addWidget(self._form)
        self._follow = QTimer(self, singleShot=True, interval=_FOLLOW_MS)
        self._follow.timeout.connect(self.arrange)
        canvas.view_changed.connect(self.arrange)
        canvas.document.observers.append(self._on_document)
        self._is_watching = True
        self._recall()
        self._show_task()
        self.refresh_models()

    # -- building -------------------------------------------------------------------------------------

    def _make_form(self) -> None:
        self.tasks = TaskMenu()
        self.tasks.changed.connect(self._on_choice)
        self.words = WordsEdit(self._settings.prompts)
        self.words.returnPressed.connect(self._go)
        self._run = QPushButton()
        self._run.setProperty("primary", True)
        self._run.setIcon(theme.icon("prompt", on_accent=True))
        self._run.setToolTip(tr("Make it (Enter)"))
        self._run.clicked.connect(self._go)
        self._another = QPushButton(tr("Another seed"))
        self._another.setToolTip(tr("Make another fill of the same words"))
        self._another.clicked.connect(self._go_on)
        self._another.hide()
        self._close = icon_button("close", tr("Close (Esc)"))
        self._close.clicked.connect(self.done)
        self.models = ModelMenu()
        self.models.picked.connect(self._on_choice)
        self.models.asked.connect(self._ask_for_model)
        self.results = NumberSlider(
            tr("Results"), 1, _MOST_RESULTS, value=_RESULTS, default=_RESULTS, compact=True
        )
        self.results.setToolTip(tr("How many are made to choose from"))
        self.sides, self.soft_hint = Sides(), SoftHint()
        self.realism, self.closeness, self.repeats = Realism(), Closeness(), Repeats()
        self._own = {"sdedit": self.realism, "ilvr": self.closeness, "resample": self.repeats}
        self.fold = Fold(self._settings, self._files, self._canvas.document)
        self.more = self.fold.more
        self.fold.entered.connect(self._go)
        self.fold.refused.connect(self._tell)
        self.fold.hide()
        self._fold = QToolButton()
        self._fold.setText(tr("More"))
        self._fold.setCheckable(True)
        self._fold.setToolTip(tr("How it is made: steps, strength and seed, styles, lines to follow, LoRAs"))
        self._fold.setIcon(theme.icon("settings"))
        self._fold.setIconSize(QSize(theme.ICON, theme.ICON))
        self._fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._fold.setFixedHeight(28)
        self._fold.toggled.connect(self._unfold)
        for widget in (self._run, self._another, self._close, self._fold, self.models, self.tasks):
            widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.results.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._lay_out_form()

    def _lay_out_form(self) -> None:
        first = _row(self.tasks, self.words, self._run, self._close)
        first.setStretch(1, 1)
        second = _row(self.models, None, self._another, self.results, self._fold)
        column = QVBoxLayout(self._form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(first)
        column.addWidget(self.sides)
        for widget in (*self._own.values(), self.soft_hint):
            column.addWidget(widget)
        column.addLayout(second)
        column.addWidget(self.fold)

    # -- what is shown --------------------------------------------------------------------------------

    @property
    def what(self) -> Filling:
        """What is to be made, as it is shown."""
        made = self.fold.over(self._base)
        sampling = replace(made.sampling, prompt=self.words.text().strip())
        if self.tasks.task in self._own:
            sampling = self._own[self.tasks.task].over(sampling)
        model = self.models.model
        path = self._base.model if model is None else str(model.path)
        return replace(made, model=path, task=self.tasks.task, sampling=sampling)

    @property
    def count(self) -> int:
        """How many results are to be made."""
        return round(self.results.value)

    def set_task(self, task: str) -> None:
        self.tasks.choose(task)

    def set_recipe(self, recipe: Recipe) -> bool:
        """Show all of how a fill was made, which is now to be changed."""
        self._is_anew = True
        self._base = Filling.of(recipe)
        self.words.setText(self._base.sampling.prompt)
        self.words.setCursorPosition(0)
        self._another.show()
        self._show_recipe()
        self._is_untold = True
        return True

    def _show_recipe(self) -> None:
        self._fit()
        self.tasks.choose(self._base.task)
        self.fold.tell(self._base)
        for controls in self._own.values():
            controls.tell(self._base.sampling)
        self._show_task()

    def set_name(self, name: str) -> None:
        """Which fill is changed."""
        self.setAccessibleName(tr("Changing the fill “{name}”").format(name=name))

    def set_busy(self, busy: bool) -> None:
        """A fill is being made, or looked at: the picture is left to it."""
        self.setVisible(not busy)

    def write(self) -> None:
        """Give the words the keyboard."""
        if self._offer is not None:
            self._offer.take_focus()
            return
        self.words.setFocus(Qt.FocusReason.OtherFocusReason)
        self.words.selectAll()

    def next_seed(self) -> None:
        """The results that were made were not wanted: the next ones are to be others."""
        self.more.next_seed(self.count)

    def refresh_models(self) -> None:
        """Look for models again, in another thread."""
        self._look = look = Call(self._files.submit(models.found, self._others()), self)
        look.done.connect(lambda found: self._on_looked(look, found))

    def _on_looked(self, look: Call, found: Found) -> None:
        if look is not self._look:
            return  # another one is under way
        self._look = None
        self._show_models(found)
        self.looked.emit()
        asked, self._asked = self._asked, None
        if asked is not None:
            asked()

    def _show_models(self, found: Found) -> None:
        """Offer the models that there are; where there is none, show what to get."""
        lacking = registry.lacks(registry.spec(registry.FILLER))
        offers = bool(lacking) or not found.models
        self.models.fill(found)
        last = self._base.model if self._is_anew else self._settings.filling.get("model")
        is_there = isinstance(last, str) and self.models.choose(Path(last))
        if self._is_untold and not is_there and found.models:
            note = tr("The model “{name}” is not on this machine any more. Another one is chosen.")
            self._tell(note.format(name=self._base.made_with))
        if offers and self._offer is None:
            self._offer = Offer(
                self._files,
                self._installer,
                registry.FILLER,
                tr("Filling with words needs a diffusion model. There is none here yet."),
                tr("A model that you have: a .safetensors file, or a folder of diffusers"),
            )
            self._offer.got.connect(self.refresh_models)
            self._offer.asked.connect(self._ask_for_model)
            self._offer.done.connect(self.done)
            self._column.addWidget(self._offer)
        elif not offers and self._offer is not None:
            self._offer.hide()
            self._offer.deleteLater()
            self._offer = None
        had = self._form.isVisible()
        self._form.setVisible(not offers)
        if self.isVisible() and had == offers:  # what had the keyboard is gone
            QTimer.singleShot(0, self, self.write)
        self._on_choice()
        if self._is_untold:
            self._is_untold = False
            self._show_recipe()
        self.arrange()

    def _others(self) -> list[str]:
        others = self._settings.filling.get("models", [])
        return [each for each in others if isinstance(each, str)] if isinstance(others, list) else []

    def _ask_for_model(self) -> None:
        try:
            model = models.ask(self.window())
        except (EngineError, OSError) as error:
            self._tell(str(error))
            return
        if model is not None:
            path = str(model.path)
            self._settings.filling["models"] = [path, *(each for each in self._others() if each != path)]
            self._settings.filling["model"] = path
            self._note.hide()
            self._base = replace(self._base, model=path)  # of a fill that is changed, too
            self.refresh_models()
            self.write()

    def _tell(self, words: str) -> None:
        self._note.setText(words)
        self._note.show()

    def _fit(self) -> None:
        """Offer what goes with the model."""
        if self.models.model is not None:
            self.tasks.fit(self.models.model)
            self.fold.fit(self.models.model)

    def _on_choice(self) -> None:
        self._fit()
        self._show_usual()
        self._show_task()

    def _show_usual(self) -> None:
        model = self.models.model
        if model is None or self._is_anew:
            return
        sampling = usual(self.tasks.task, model.family, model.scheduler, distilled=model.distilled)
        self._base = replace(self._base, sampling=sampling)
        self.more.show_usual(sampling)

    def _show_task(self) -> None:
        task = self.tasks.task
        self.words.setPlaceholderText(self.tasks.placeholder)
        self.words.setAccessibleName(tr("What is to be there"))
        self._run.setText(tr("Run again") if self._is_anew else self.tasks.verb)
        self.sides.setVisible(task == "expand" and not self._is_anew)
        self.soft_hint.setVisible(task == "soft")
        for name, controls in self._own.items():
            controls.setVisible(task == name)
        self.more.strength.setVisible(task != "sdedit")

    def _unfold(self, unfolded: bool) -> None:
        self.fold.setVisible(unfolded)

    # -- running --------------------------------------------------------------------------------------

    def _go(self) -> None:
        if self._look is not None:
            self._asked = self._go
        elif self.models.model is not None and self._form.isVisibleTo(self):
            self._keep()
            self.run.emit()

    def _go_on(self) -> None:
        if self._look is not None:
            self._asked = self._go_on
            return
        self.more.draw_seed()
        self._go()

    def enter(self) -> None:
        """Enter was pressed elsewhere, with the bar open."""
        self._go()

    def _recall(self) -> None:
        kept = self._settings.filling
        count = kept.get("results")
        if isinstance(count, int) and 1 <= count <= _MOST_RESULTS:
            self.results.set_value(count)
        self._fold.setChecked(kept.get("more") is True)

    def _keep(self) -> None:
        self._settings.add_prompt(self.words.text().strip())
        self.words.forget_place(self._settings.prompts)
        self._settings.filling |= {
            "model": str(self.models.model.path),
            "results": self.count,
            "more": self._fold.isChecked(),
        }

    # -- its place ------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, self.heightForWidth(min(WIDTH, self.room)))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        height = self._column.heightForWidth(width) if self._column.hasHeightForWidth() else -1
        return height if height > 0 else self._column.sizeHint().height()

    def place(self, width: int, height: int) -> QRect:
        """Under the selection; over it where there is no room; else at the lower edge."""
        canvas = self._canvas
        whole = canvas.rect()
        area = canvas.document.selection.bounds()
        zone = canvas.view.widget_rect(area).intersected(whole) if area else QRect()
        if zone.isEmpty():
            zone = QRect(whole.center().x(), whole.bottom(), 1, 1)
        x = min(max(zone.center().x() - width // 2, MARGIN), whole.width() - MARGIN - width)
        y = zone.bottom() + GAP
        if y + height > whole.height() - MARGIN:
            y = zone.top() - GAP - height
        if y < MARGIN:
            y = whole.height() - MARGIN - height
        return QRect(max(x, 0), max(y, 0), width, height)

    def _on_document(self, change: Change) -> None:
        if change.parts & (Part.SELECTION | Part.CANVAS):
            self._follow.start()
        if change.parts & Part.GUIDES:
            self.fold.show_lines()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            self.write()

    def hideEvent(self, event: QHideEvent) -> None:
        self._follow.stop()
        super().hideEvent(event)

    def release(self) -> None:
        """Be gone: nothing of the picture is watched any more. Safe to call twice."""
        if self._is_watching:
            self._is_watching = False
            self._canvas.document.observers.remove(self._on_document)
            self._canvas.view_changed.disconnect(self.arrange)
            self.hide()
            self.deleteLater()


def _row(*widgets: QWidget | None) -> QHBoxLayout:
    """Side by side; None is a gap that grows."""
    row = QHBoxLayout()
    row.setSpacing(8)
    for widget in widgets:
        if widget is None:
            row.addStretch()
        else:
            row.addWidget(widget)
    return row
