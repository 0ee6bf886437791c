"""Several results for one hole: made one after the other, looked at in the picture, one of them kept."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from editor.document.geometry import Rect
from editor.document.history import Part
from editor.document.model import Change, Document
from editor.jobs.remove import Fill, NothingMasked
from editor.ui.candidate_tile import SIDE, CandidateTile
from editor.ui.candidates import CandidateStrip
from editor.ui.canvas import Canvas
from editor.ui.compare import Look
from editor.ui.draft import Draft, DraftLook, over
from editor.ui.fill_preview import AROUND, FillPreview, around, thumbnail
from editor.ui.removal import Run, Target, Wanted, put
from editor.ui.words import tr
from engines import registry
from engines.manager import EngineManager


@dataclass(eq=False)
class _Candidate:
    """One result: what it is to be made with and, once it is there, how the picture looks with it."""

    what: Wanted
    tile: CandidateTile
    preview: FillPreview | None = None
    progress: float = 0.0
    failed: bool = False

    @property
    def is_waiting(self) -> bool:
        return self.preview is None and not self.failed


class Variations(QObject):
    """What one document is offered. Nothing is in its history until ``keep``.

    ``ended`` comes last: the strip is gone. It carries "info", "warning" or "error" and a line, both empty if
    there is nothing to be told. ``progressed``: how much of all is done, 0..1, or None if nothing runs.
    """

    arriving = Signal(object)  # the document, which a result is about to be put into
    progressed = Signal(object)
    noted = Signal(str)  # a line about something that had to be done otherwise
    kept = Signal()
    ended = Signal(str, str)

    def __init__(
        self,
        canvas: Canvas,
        manager: EngineManager,
        target: Target,
        what: Wanted,
        count: int,
        parent: QObject,
    ) -> None:
        """``what`` the first of ``count`` is made of; those after it have other seeds."""
        super().__init__(parent)
        self._what = what
        self._canvas, self._manager, self._target, self._count = canvas, manager, target, count
        self._document = canvas.document
        self._source: Document | None = None  # the picture that all results are made of
        self._candidates: list[_Candidate] = []
        self._draft: DraftLook | None = None  # what is being made, as long as there is nothing else to show
        self._around: tuple[QImage, Rect] | None = None  # the hole, as small as a tile
        self._run: Run | None = None
        self._shown: int | None = None
        self._pinned: int | None = None  # the one on the left of the split; None: the picture without any
        self._is_open = True
        task = registry.spec(what.engine).task
        usable = [each for each in registry.engines() if each.task == task and not registry.lacks(each)]
        engines = [(each.id, tr(each.title)) for each in usable]
        self._strip = strip = CandidateStrip(canvas, engines, count)
        strip.picked.connect(self.show)
        strip.pinned.connect(self.pin)
        strip.stepped.connect(self._step)
        strip.pin_stepped.connect(self._step_pin)
        strip.split.connect(self._toggle_split)
        strip.more.connect(self.make)
        strip.kept.connect(self.keep)
        strip.discarded.connect(self.discard)
        canvas.compared.connect(self._on_comparison)
        self._document.observers.append(self._on_document)

    # -- making ---------------------------------------------------------------------------------------

    @property
    def is_running(self) -> bool:
        return self._run is not None

    @property
    def doing(self) -> str:
        """What is being done, in a few words."""
        making = self._making
        if making is None or not making.what.is_seen:
            return tr("Removing")
        steps = making.what.steps
        step = min(int(making.progress * steps) + 1, steps)
        if len(self._candidates) == 1:
            return tr("Filling, step {step} of {steps}").format(step=step, steps=steps)
        number, count = self._candidates.index(making) + 1, len(self._candidates)
        words = tr("Filling, {number} of {count}, step {step} of {steps}")
        return words.format(number=number, count=count, step=step, steps=steps)

    @property
    def _making(self) -> "_Candidate | None":
        """The one that is being made."""
        return next((each for each in self._candidates if each.is_waiting), None)

    def start(self) -> None:
        """Make the first results."""
        try:
            self._source = self._target.source(self._document).snapshot()
        except ValueError as error:
            self._close("warning", str(error))
            return
        if not self._source.selection.bounds():
            self._close("warning", str(NothingMasked()))
            return
        self._add(self._what)
        self._strip.avoid(self._canvas.view.widget_rect(self._source.selection.bounds()))
        self._strip.show()
        self._canvas.setFocus()
        self._next()

    def make(self, engine_id: str) -> None:
        """Make as many more with an engine; with that of the last result if none is named."""
        what = self._candidates[-1].what
        what = replace(what, engine=engine_id) if engine_id else what
        seeds = [each.what.seed for each in self._candidates if each.what.engine == what.engine]
        self._add(what.seeded(max(seeds) + 1 if seeds else 0))
        if self._run is None:
            self._next()

    def _add(self, what: Wanted) -> None:
        for seed in range(what.seed, what.seed + self._count):
            tile, title = self._strip.add_tile(), tr(what.made_with)
            words = tr("Result {number}: {engine}, seed {seed}")
            tile.describe(words.format(number=len(self._candidates) + 1, engine=title, seed=seed))
            self._candidates.append(_Candidate(what.seeded(seed), tile))

    def _next(self) -> None:
        """Begin the next one that is missing, if the strip is still there."""
        if not self._is_open:
            return
        candidate = self._making
        if candidate is None:
            self.progressed.emit(None)
            return
        run = self._run = Run(
            self._manager,
            self._document,
            candidate.what,
            self.parent(),  # it may outlive the strip
            target=self._target,
            source=self._source,
        )
        run.progressed.connect(lambda fraction: self._on_progress(candidate, fraction))
        run.noted.connect(self.noted)
        run.drafted.connect(lambda draft: self._on_draft(candidate, draft))
        run.filled.connect(lambda made: self._on_filled(candidate, made))
        run.ended.connect(lambda level, words: self._on_failed(candidate, level, words))
        self._on_progress(candidate, 0.0)
        run.start()

    def _on_progress(self, candidate: _Candidate, fraction: float) -> None:
        if candidate in self._candidates:
            candidate.progress = fraction
            candidate.tile.set_progress(max(fraction, 0.02))
            done = sum(not each.is_waiting for each in self._candidates)
            self.progressed.emit((done + fraction) / len(self._candidates))

    def _on_draft(self, candidate: _Candidate, draft: Draft) -> None:
        """Show it in the picture, unless a result is looked at there, and in its tile."""
        if candidate not in self._candidates:
            return
        if self._around is None:
            area = around(self._source.selection.bounds(), self._document.rect)
            side = round(SIDE * self._strip.devicePixelRatioF())
            self._around = thumbnail(self._source, area, side), area
        small, area = self._around
        candidate.tile.set_draft(over(draft, small, area))
        if self._shown is not None:
            return
        if self._draft is None:
            area = self._source.selection.bounds().grown(AROUND).intersected(self._document.rect)
            self._draft = DraftLook(tr("Not finished"), self._canvas.picture, area)
            before = Look(tr("Before"), self._canvas.picture, area)
            self._canvas.comparison.set_sides(before, self._draft)
        self._draft.take(draft)
        self._canvas.update(self._canvas.view.widget_rect(draft.area))

    def _on_filled(self, candidate: _Candidate, made: Fill) -> None:
        self._run = None
        if candidate not in self._candidates:
            self._next()
            return
        place = self._candidates.index(candidate)
        title = tr("Result {number}").format(number=place + 1)
        candidate.preview = FillPreview(self._canvas, self._target, made, title, self)
        ratio = self._strip.devicePixelRatioF()
        candidate.tile.set_image(candidate.preview.thumbnail(round(SIDE * ratio)))
        if self._shown is None:
            self.show(place)
        self._next()

    def _on_failed(self, candidate: _Candidate, level: str, words: str) -> None:
        self._run = None
        if candidate in self._candidates:
            candidate.failed = True
            if not self._ready():
                self._close(level, words)  # the others would not fare better
                return
            candidate.tile.set_fault(words)
        self._next()

    # -- looking --------------------------------------------------------------------------------------

    def show(self, place: int) -> None:
        """Show a result in the picture, if it is there."""
        if self._candidates[place].preview is not None:
            self._shown = place
            self._refresh()

    def pin(self, place: int) -> None:
        """Compare with this result, or, a second time, with the picture without any."""
        if self._candidates[place].preview is not None:
            self._pinned = None if self._pinned == place else place
            if self._pinned is not None and not self._canvas.comparison.split:
                self._canvas.comparison.set_split("columns")
            self._refresh()

    def _ready(self) -> list[int]:
        return [place for place, each in enumerate(self._candidates) if each.preview is not None]

    def _step(self, by: int) -> None:
        ready = self._ready()
        if self._shown is not None:
            self.show(ready[(ready.index(self._shown) + by) % len(ready)])

    def _step_pin(self, by: int) -> None:
        choices: list[int | None] = [None, *self._ready()]
        self._pinned = choices[(choices.index(self._pinned) + by) % len(choices)]
        self._refresh()

    def _toggle_split(self) -> None:
        comparison = self._canvas.comparison
        comparison.set_split("" if comparison.split else "columns")

    def _refresh(self) -> None:
        after = self._candidates[self._shown].preview.look
        before = Look(tr("Before"), self._canvas.picture, after.zone)
        left = None if self._pinned is None else self._candidates[self._pinned].preview.look
        self._canvas.comparison.set_sides(before, after, left)
        self._strip.mark(self._shown, self._pinned)

    def _on_comparison(self) -> None:
        self._strip.split_button.setChecked(bool(self._canvas.comparison.split))

    def _on_document(self, change: Change) -> None:
        if change.parts & Part.CANVAS:
            self._close("warning", tr("The picture changed its shape. The results were discarded."))
        elif not self._target.is_there(self._document):
            self._close("warning", tr("The fill is no longer in the picture. The results were discarded."))
        else:
            for candidate in self._candidates:
                if candidate.preview is not None:
                    candidate.preview.follow(change)

    # -- ending ---------------------------------------------------------------------------------------

    def keep(self) -> None:
        """Put the result that is shown into the document, as one entry, and be done."""
        if self._shown is None:
            return
        made = self._candidates[self._shown].preview.made
        self.kept.emit()
        self._leave()
        self.arriving.emit(self._document)
        self.ended.emit(*put(self._document, self._target, made))

    def discard(self) -> None:
        """Be done, with the picture as it was."""
        self._close("", "")

    def cancel(self) -> None:
        """Make no more; what is there stays to be chosen from. With nothing there it is a discard."""
        if not self._ready():
            self._close("info", tr("Cancelled. Nothing was changed."))
            return
        while self._candidates[-1].is_waiting:
            self._candidates.pop()
            self._strip.remove_last()
        if self._run is not None:
            self._run.cancel()

    def _close(self, level: str, words: str) -> None:
        if self._is_open:
            self._leave()
            self.ended.emit(level, words)

    def _leave(self) -> None:
        self._is_open = False
        self._candidates = []
        self._document.observers.remove(self._on_document)
        self._canvas.compared.disconnect(self._on_comparison)
        self._canvas.comparison.clear_sides()
        if self._run is not None:
            self._run.cancel()
        self._strip.hide()
        self._strip.deleteLater()
        self.deleteLater()
