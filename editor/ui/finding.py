"""Objects and subjects are found: the engines look at the picture in the background and answer the tools.

If what an engine needs is not on this machine, that is said, and it is installed if the user wants it.
"""

import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from editor.document.history import Part
from editor.document.model import Change, Document
from editor.ui.weights_offer import has_weights
from editor.ui.words import tr
from engines import registry

if TYPE_CHECKING:
    from editor.jobs.select import Selected
    from editor.tools.click_select import Where
    from editor.ui.window import Window
    from engines.manager import Job
    from engines.select.requests import Seen

_SHOWS = Part.PIXELS | Part.LAYERS | Part.CANVAS  # what changes how a picture looks

Answer = Callable[["Selected | None"], None]


class Finding(QObject):
    """One for the window. A picture is looked at once, and again only after it has changed."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self._views: dict[Document, _View] = {}

    # -- what can be asked for ------------------------------------------------------------------------

    def look(self, document: Document) -> None:
        """Look at a picture, so that the first click need not wait; or offer what that takes. Answers what
        was asked."""
        if has_weights(self._window, registry.OBJECT_FINDER, self._look_later(document)):
            self._view(document).look()

    def _look_later(self, document: Document) -> Callable[[], None]:
        """What follows an installation: a look at the picture, if it is still open then."""
        # An offer stands until it is taken or clicked away, and keeps no picture that is closed meanwhile.
        picture = weakref.ref(document)

        def look() -> None:
            if (document := picture()) in self._window.tabs.documents():
                self.look(document)

        return look

    def find(self, document: Document, where: "Where", answer: Answer) -> None:
        """Answer with the object that is meant, or with None if there is none or it cannot be found."""
        self._view(document).ask(where, answer)
        self.look(document)

    def subject(self) -> None:
        """Select what the photograph in front is of."""
        document = self._window.document
        if document is None or not has_weights(self._window, registry.SUBJECT_FINDER, self.subject):
            return
        from editor.jobs import select

        self._window.settle(document)
        snapshot, size = document.snapshot(), (document.width, document.height)
        job = self._window.removing.manager.submit(
            registry.SUBJECT_FINDER,
            prepare=lambda progress: select.look(snapshot),
            conclude=lambda _, found: select.selected(found, *size),
        )
        self._show(document, 0.0)

        def finish(chosen: "Selected") -> None:
            self._show(document, None)
            if size != (document.width, document.height):
                self._window.tell(
                    tr("The picture changed its shape meanwhile. Nothing was selected."), "warning"
                )
            else:
                self._window.editing.run(
                    lambda document: select.apply(document, chosen, "replace"), document=document
                )

        job.finished.connect(finish)
        job.failed.connect(lambda words: self._fail(document, words))
        job.cancelled.connect(lambda: self._show(document, None))

    def forget(self, document: Document) -> None:
        """The document goes, and what runs for it."""
        view = self._views.pop(document, None)
        if view is not None:
            view.close()

    def shut_down(self) -> None:
        """Call everything off; the engines' manager is shut down apart."""
        for document in list(self._views):
            self.forget(document)

    def _view(self, document: Document) -> "_View":
        if document not in self._views:
            self._views[document] = _View(document, self)
        return self._views[document]

    # -- showing it -----------------------------------------------------------------------------------

    def _show(self, document: Document, fraction: float | None) -> None:
        if document is self._window.document and not self._window.installer.is_busy:
            self._window.status.set_progress(fraction, tr("Looking at the picture"))

    def _fail(self, document: Document, words: str) -> None:
        self._show(document, None)
        self._window.tell(words, "warning")

    def _repaint(self, document: Document) -> None:
        if document is self._window.document:
            self._window.canvas.tool_changed()


class _View:
    """What was seen of one document, and what is asked about it."""

    def __init__(self, document: Document, finding: Finding) -> None:
        self._document, self._finding = document, finding
        self._seen: Seen | None = None
        self._looking: Job | None = None
        self._asking: Job | None = None
        self._closer: Job | None = None  # looks at a small object once more
        self._question: tuple[Where, Answer] | None = None  # for once the picture has been looked at
        document.observers.append(self._on_change)

    def close(self) -> None:
        self._document.observers.remove(self._on_change)
        self._question = None
        self._drop_questions()
        if self._looking is not None:
            self._looking.cancel()
        self._looking = None

    def _on_change(self, change: Change) -> None:
        if not change.parts & _SHOWS:
            return
        self._seen = None
        if self._closer is not None:
            self._closer.cancel()
            self._closer = None
        if self._looking is not None:  # it looks at what was there before
            self._looking.cancel()
            self._looking = None
            if self._question is not None:
                self.look()
            else:
                self._finding._show(self._document, None)

    def ask(self, where: "Where", answer: Answer) -> None:
        """Have this answered in place of what was asked before, once the picture has been looked at."""
        self._drop_questions()
        self._question = where, answer

    def _drop_questions(self) -> None:
        for job in (self._asking, self._closer):
            if job is not None:
                job.cancel()
        self._asking = self._closer = None

    def look(self) -> None:
        """Look at the picture unless that has been done; then answer what was asked."""
        if self._seen is not None:
            self._find()
        if self._seen is not None or self._looking is not None:
            return
        from editor.jobs import select

        snapshot = self._document.snapshot()
        job = self._submit(prepare=lambda progress: select.look(snapshot))
        self._looking = job
        self._finding._show(self._document, 0.0)
        job.finished.connect(lambda seen: self._on_seen(job, seen))
        job.failed.connect(lambda words: self._on_blind(job, words))

    def _on_seen(self, job: "Job", seen: "Seen") -> None:
        if job is not self._looking:
            return
        self._looking, self._seen = None, seen
        self._finding._show(self._document, None)
        self._find()

    def _on_blind(self, job: "Job", words: str) -> None:
        if job is self._looking:
            self._looking = None
            question, self._question = self._question, None
            self._finding._fail(self._document, words)
            if question is not None:
                self._answer(question[1], None)

    def _find(self) -> None:
        if self._question is None:
            return
        (where, answer), self._question = self._question, None
        from editor.jobs import select

        rect = self._document.rect
        job = self._submit(
            request=select.click(self._seen, rect, where.wanted, where.unwanted, where.box, where.before),
            conclude=lambda _, found: select.selected(found, rect.width, rect.height, where.margin),
        )
        self._asking = job
        job.finished.connect(lambda chosen: self._on_found(job, where, answer, chosen))
        job.failed.connect(lambda words: self._on_lost(job, answer, words))

    def _on_found(self, job: "Job", where: "Where", answer: Answer, chosen: "Selected") -> None:
        if job is self._asking:
            self._asking = None
            self._answer(answer, chosen)
            self._look_closer(where, answer, chosen)

    def _look_closer(self, where: "Where", answer: Answer, chosen: "Selected") -> None:
        """Answer once more if the object is so small that a second look tells more of it."""
        from editor.jobs import select

        region = select.closer(chosen)
        if region is None:
            return
        snapshot = self._document.snapshot()
        job = self._closer = self._submit(prepare=lambda progress: select.look(snapshot, region))

        def ask(seen: "Seen") -> None:
            if job is not self._closer:
                return
            self._closer = last = self._submit(
                request=select.click_closer(seen, region, chosen, where.wanted, where.unwanted),
                conclude=lambda _, found: select.refined(chosen, found, region),
            )
            last.finished.connect(lambda better: self._on_better(last, answer, better))

        job.finished.connect(ask)

    def _on_better(self, job: "Job", answer: Answer, chosen: "Selected") -> None:
        if job is self._closer:
            self._closer = None
            self._answer(answer, chosen)

    def _on_lost(self, job: "Job", answer: Answer, words: str) -> None:
        if job is self._asking:
            self._asking = None
            self._finding._window.tell(words, "warning")
            self._answer(answer, None)

    def _answer(self, answer: Answer, chosen: "Selected | None") -> None:
        answer(chosen)
        self._finding._repaint(self._document)

    def _submit(self, **what: Any) -> "Job":
        return self._finding._window.removing.manager.submit(registry.OBJECT_FINDER, **what)
