"""Several results for one hole: made one after the other, looked at in the picture, one of them kept."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from editor.document.history import Part
from editor.document.model import Change, Document
from editor.jobs.remove import Fill, NothingMasked
from editor.ui.candidate_tile import SIDE, CandidateTile
from editor.ui.candidates import CandidateStrip
from editor.ui.canvas import Canvas
from editor.ui.compare import Look
from editor.ui.engine_menu import removers
from editor.ui.fill_preview import FillPreview
from editor.ui.removal import Run, Target, put
from editor.ui.words import tr
from engines import registry
from engines.manager import EngineManager


@dataclass(eq=False)
class _Candidate:
    """One result: what it is to be made with and, once it is there, how the picture looks with it."""

    engine_id: str
    seed: int
    tile: CandidateTile
    preview: FillPreview | None = None
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
    ended = Signal(str, str)

    def __init__(
        self, canvas: Canvas, manager: EngineManager, target: Target, count: int, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._canvas, self._manager, self._target, self._count = canvas, manager, target, count
        self._document = canvas.document
        self._source: Document | None = None  # the picture that all results are made of
        self._candidates: list[_Candidate] = []
        self._grain = 1.0
        self._run: Run | None = None
        self._shown: int | None = None
        self._pinned: int | None = None  # the one on the left of the split; None: the picture without any
        self._is_open = True
        engines = [(each.id, tr(each.title)) for each in removers() if not registry.lacks(each)]
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

    def start(self, engine_id: str, seed: int = 0, grain: float = 1.0) -> None:
        """Make the first results, with ``seed`` and those after it; all have as much ``grain``."""
        self._grain = grain
        try:
            self._source = self._target.source(self._document).snapshot()
        except ValueError as error:
            self._close("warning", str(error))
            return
        if not self._source.selection.bounds():
            self._close("warning", str(NothingMasked()))
            return
        self._add(engine_id, seed)
        self._strip.avoid(self._canvas.view.widget_rect(self._source.selection.bounds()))
        self._strip.show()
        self._canvas.setFocus()
        self._next()

    def make(self, engine_id: str) -> None:
        """Make as many more with an engine; with that of the last result if none is named."""
        engine_id = engine_id or self._candidates[-1].engine_id
        seeds = [each.seed for each in self._candidates if each.engine_id == engine_id]
        self._add(engine_id, max(seeds) + 1 if seeds else 0)
        if self._run is None:
            self._next()

    def _add(self, engine_id: str, seed: int) -> None:
        for each in range(seed, seed + self._count):
            tile = self._strip.add_tile()
            tile.describe(self._named(len(self._candidates), engine_id, each))
            self._candidates.append(_Candidate(engine_id, each, tile))

    @staticmethod
    def _named(place: int, engine_id: str, seed: int) -> str:
        title = tr(registry.spec(engine_id).title)
        return tr("Result {number}: {engine}, seed {seed}").format(number=place + 1, engine=title, seed=seed)

    def _next(self) -> None:
        """Begin the next one that is missing, if the strip is still there."""
        if not self._is_open:
            return
        waiting = [each for each in self._candidates if each.is_waiting]
        if not waiting:
            self.progressed.emit(None)
            return
        candidate = waiting[0]
        run = self._run = Run(
            self._manager,
            self._document,
            candidate.engine_id,
            self.parent(),  # it may outlive the strip
            seed=candidate.seed,
            grain=self._grain,
            target=self._target,
            source=self._source,
        )
        run.progressed.connect(lambda fraction: self._on_progress(candidate, fraction))
        run.noted.connect(self.noted)
        run.filled.connect(lambda made: self._on_filled(candidate, made))
        run.ended.connect(lambda level, words: self._on_failed(candidate, level, words))
        self._on_progress(candidate, 0.0)
        run.start()

    def _on_progress(self, candidate: _Candidate, fraction: float) -> None:
        if candidate in self._candidates:
            candidate.tile.set_progress(max(fraction, 0.02))
            done = sum(not each.is_waiting for each in self._candidates)
            self.progressed.emit((done + fraction) / len(self._candidates))

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
