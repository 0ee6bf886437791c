"""Remove, as the window offers it: starts it, shows how far it is, tells how it went."""

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton

from editor import black_box
from editor.document.model import Document
from editor.ui.words import tr, tr_composed
from engines import registry

if TYPE_CHECKING:  # imported with the first removal
    from editor.document.layers import Layer
    from editor.jobs.remove import Removal
    from editor.ui.canvas import Canvas
    from editor.ui.draft import Draft, DraftLook
    from editor.ui.line_finding import LineFinding
    from editor.ui.prompting.bar import PromptBar
    from editor.ui.refill import Refill
    from editor.ui.refill_bar import RefillBar
    from editor.ui.removal import Removals, Target, Wanted
    from editor.ui.run_times import RunTimes
    from editor.ui.variations import Variations
    from editor.ui.window import Window
    from engines.base import Engine
    from engines.manager import EngineManager

_COUNTS = (2, 3, 4, 6, 9)  # of variations, to choose from; the settings may have others


class RemoveCommands:
    """What Remove in the menu and the options bar does; ``manager`` is made if there is none yet."""

    def __init__(self, window: "Window", manager: "EngineManager | None") -> None:
        self._window, self._manager = window, manager
        self._strips: dict[Document, Variations] = {}  # results to choose from
        self._refills: dict[Document, Refill] = {}  # fills that are being changed
        self._drafts: dict[Document, tuple[Canvas, DraftLook]] = {}  # of what is being made

    @cached_property
    def manager(self) -> "EngineManager":
        """Runs the engines; how long they take is kept in the settings."""
        from engines.manager import EngineManager

        self._manager = self._manager or EngineManager(self._window, load=self._load, budget=self._budget)
        self._manager.finished.connect(self.run_times.record)
        return self._manager

    @cached_property
    def run_times(self) -> "RunTimes":
        """How long engines have taken on this machine."""
        from editor.ui.run_times import RunTimes

        return RunTimes(self._window.settings.run_times)

    @cached_property
    def _removals(self) -> "Removals":
        from editor.ui.removal import Removals

        removals = Removals(self.manager, self._window)
        removals.started.connect(self._on_started)
        removals.progressed.connect(self._on_progressed)
        removals.noted.connect(lambda _, line: self._note(line))
        removals.drafted.connect(self._on_drafted)
        removals.arrived.connect(self._window.settle)
        removals.ended.connect(self._on_ended)
        return removals

    @cached_property
    def _finding(self) -> "LineFinding":
        from editor.ui.line_finding import LineFinding

        return LineFinding(self.manager, self._window)

    def _is_finding(self, document: Document | None) -> bool:
        """Whether lines are being looked for in it."""
        return "_finding" in vars(self) and document is not None and self._finding.is_running(document)

    def _load(self, engine_id: str, device: str = "") -> "Engine":
        """In the worker's thread; on the device that the user has chosen for this engine, or for all."""
        settings = self._window.settings
        black_box.note(f"engine {engine_id} is loaded")
        return registry.load(engine_id, device or settings.devices.get(engine_id, settings.device))

    def _budget(self) -> int:
        """Bytes of engines that are kept; in the worker's thread, too."""
        from engines.manager import spare

        return self._window.settings.engine_memory << 20 or spare()

    def use_device(self) -> None:
        """The settings name another device: the next run takes it."""
        if self._manager is not None:
            self._manager.unload()

    def warm_up(self, engine_id: str = "") -> None:
        """Load an engine, or the one that removes, before it is asked for."""
        self.manager.warm_up(engine_id or self._window.options.engine_id)

    @property
    def _are_made(self) -> bool:
        return "_removals" in vars(self)

    # -- what can be asked for ------------------------------------------------------------------------

    def start(self) -> None:
        """Remove what is selected in the picture in front; or make the fill anew that is being changed."""
        document = self._ready()
        if document is None:
            return
        refill = self._refills.get(document)
        if refill is None:
            self._removals.start(document, self._removal)
        elif refill.bar.what.is_seen:
            self.choose(refill.bar.what, refill.target, refill.bar.count)
        else:
            self._removals.start(document, refill.bar.what, target=refill.target)

    def make(self, what: "Wanted", target: "Target") -> None:
        """Make something for the picture in front, and put it there as soon as it is made."""
        document = self._ready()
        if document is not None:
            self._removals.start(document, what, target=target)

    @property
    def _removal(self) -> "Removal":
        """As the options bar has it."""
        from editor.jobs.remove import Removal

        options = self._window.options
        return Removal(options.engine_id, grain=options.grain)

    def vary(self) -> None:
        """Make several results to choose from: of what is selected, or of the fill that is being changed."""
        document = self._ready()
        if document is None:
            return
        refill, count = self._refills.get(document), self._window.settings.variations
        if refill is None:
            from editor.jobs.remove import NewLayer

            self.choose(self._removal, NewLayer(tr("Removed")), count)
        else:
            self.choose(refill.bar.what, refill.target, count)

    def choose(self, what: "Wanted", target: "Target", count: int) -> "Variations | None":
        """Make ``count`` results for the picture in front, to choose from; they are returned unless something
        is being made for it already."""
        document = self._ready()
        if document is None:
            return None
        from editor.ui.variations import Variations

        window, refill = self._window, self._refills.get(document)
        if refill is not None:
            refill.show_selection()  # the strip shows what it has
        strip = Variations(window.canvas, self.manager, target, what, count, window)
        self._strips[document] = strip
        strip.arriving.connect(window.settle)
        strip.noted.connect(self._note)
        strip.progressed.connect(lambda fraction: self._on_progressed(document, fraction))
        strip.ended.connect(lambda level, message: self._on_varied(document, level, message))
        window.dismiss("warning")
        strip.start()
        window.refresh_actions()
        return strip

    def find_lines(self) -> None:
        """Find the structure lines that lead into what is selected: a fill follows those that are on."""
        if self._window.document is not None:
            self._finding.find()

    def offer_counts(self, button: QToolButton) -> None:
        """Give a button that makes variations a menu of how many."""
        menu = QMenu(button)
        menu.aboutToShow.connect(lambda: self._list_counts(menu))
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)

    def _list_counts(self, menu: QMenu) -> None:
        settings = self._window.settings
        menu.clear()
        for count in _COUNTS:
            action = menu.addAction(tr("{count} results").format(count=count))
            action.setCheckable(True)
            action.setChecked(count == settings.variations)
            action.triggered.connect(lambda _=False, count=count: setattr(settings, "variations", count))

    def change(self) -> None:
        """Change the fill that is chosen in the panel."""
        chosen = self._window.chosen_layers
        if chosen:
            self.change_layer(chosen[0])

    def change_layer(self, layer: "Layer") -> None:
        """Change how a layer was filled, if it was."""
        window, document = self._window, self._window.document
        if document is None or getattr(layer, "recipe", None) is None:
            return
        window.settle(document)
        if self.is_busy(document):
            window.tell(tr("Wait until the results are there, and keep or discard them first."), "warning")
            return
        if window.portrait.open_layer(layer):
            return
        if (other := self._refills.get(document)) is not None:
            if other.layer is layer:
                return
            self.leave(document)
        from editor.ui.refill import Refill

        bar = self._bar_for(layer)
        try:
            refill = Refill(window.canvas, layer, bar, self, window)
        except ValueError as refusal:
            bar.release()
            window.tell(str(refusal), "warning")
            return
        self._refills[document] = refill
        refill.ended.connect(lambda words: self._on_refilled(document, words))
        if not refill.knows_engine:
            words = tr("This version of Lacuna has no engine “{engine}”. Another one is chosen.")
            window.tell(words.format(engine=layer.recipe.engine), "warning")
        if not window.tools.current.selects:
            window.tools.use("remove-brush")
        window.editing.run(refill.load)
        window.refresh_actions()

    def _bar_for(self, layer: "Layer") -> "RefillBar | PromptBar":
        """What changes a fill as it was made."""
        if layer.recipe.engine == registry.FILLER:
            return self._window.prompting.bar()
        from editor.ui.refill_bar import RefillBar

        return RefillBar(self._window.canvas)

    def _ready(self) -> Document | None:
        """The document in front with nothing half done, None if something is being made for it already."""
        document = self._window.document
        self._window.settle(document)
        return None if document is None or self.is_busy(document) else document

    def enter(self) -> bool:
        """Enter: keep the result that is looked at; make the fill anew that is being changed. Whether there
        was either."""
        document = self._window.document
        if document in self._strips:
            self._strips[document].keep()
            return True
        if document in self._refills:
            self.start()
            return True
        return False

    def escape(self) -> None:
        """Escape: discard the results, call off what runs, be done with the fill that is being changed."""
        document = self._window.document
        if self._is_finding(document):
            self._finding.cancel(document)
        elif document in self._strips:
            self._strips[document].discard()
        elif self.is_running(document):
            self._removals.cancel(document)
        elif document in self._refills:
            self._refills[document].close()

    def cancel(self) -> None:
        """Call off what runs for the picture in front; results that are there stay."""
        document = self._window.document
        if self._is_finding(document):
            self._finding.cancel(document)
        elif document in self._strips:
            self._strips[document].cancel()
        elif self.is_running(document):
            self._removals.cancel(document)

    # -- how it is ------------------------------------------------------------------------------------

    def is_running(self, document: Document | None) -> bool:
        """Whether something is being made for it."""
        if document in self._strips:
            return self._strips[document].is_running
        return document is not None and self._are_made and self._removals.is_running(document)

    def doing(self, document: Document | None) -> str:
        """What is being made for it, in a few words."""
        if document in self._strips:
            return self._strips[document].doing
        return tr(self._removals.doing(document)) if self.is_running(document) else ""

    def is_busy(self, document: Document | None) -> bool:
        """The same, or whether there are results to choose from."""
        return document in self._strips or self.is_running(document)

    def refresh(self, actions: dict[str, QAction]) -> None:
        """Enable what can be done now."""
        document, chosen = self._window.document, self._window.chosen_layers
        free = document is not None and not self.is_busy(document)
        for name in ("removing.start", "removing.vary", "prompting.start", "prompting.expand"):
            actions[name].setEnabled(free)
        finds = document is not None and not self._is_finding(document)
        actions["removing.find_lines"].setEnabled(finds)
        is_fill = bool(chosen) and getattr(chosen[0], "recipe", None) is not None
        actions["removing.change"].setEnabled(document is not None and is_fill)
        if document in self._refills:
            self._refills[document].bar.set_busy(not free)

    def forget(self, document: Document) -> None:
        """The document goes, and what runs for it."""
        if document in self._strips:
            self._strips[document].discard()
        self.leave(document)
        self._drafts.pop(document, None)
        if self._is_finding(document):
            self._finding.forget(document)
        if self._are_made:
            self._removals.forget(document)

    def leave(self, document: Document) -> None:
        """Be done with the fill that is being changed, if one is; what is selected stays."""
        refill = self._refills.pop(document, None)
        if refill is not None:
            refill.close()

    def shut_down(self) -> None:
        if self._manager is not None:
            self._manager.shut_down()

    def _note(self, line: str) -> None:
        self._window.tell(tr_composed(line), "warning")

    def _on_started(self, document: Document) -> None:
        self._window.dismiss("warning")  # "Nothing is masked yet" has been heeded
        self._on_progressed(document, 0)
        self._window.refresh_actions()

    def _on_progressed(self, document: Document, fraction: float | None) -> None:
        if document is self._window.document:
            self._window.status.set_progress(fraction, self.doing(document))

    def _on_drafted(self, document: Document, draft: "Draft") -> None:
        """Show it in the picture, if that is in front."""
        from editor.ui.compare import Look
        from editor.ui.draft import DraftLook

        canvas = self._window.canvas
        if canvas is None or canvas.document is not document:
            return
        if document not in self._drafts:
            look = DraftLook(tr("Not finished"), canvas.picture, draft.area)
            self._drafts[document] = canvas, look
            canvas.comparison.set_sides(Look(tr("Before"), canvas.picture, draft.area), look)
        self._drafts[document][1].take(draft)
        canvas.update(canvas.view.widget_rect(draft.area))

    def _drop_draft(self, document: Document) -> None:
        shown = self._drafts.pop(document, None)
        if shown is not None:
            shown[0].comparison.clear_sides()

    def _on_varied(self, document: Document, level: str, message: str) -> None:
        """The strip is gone."""
        self._strips.pop(document, None)
        if message:
            self._on_ended(document, level, message)
        else:
            self._on_progressed(document, None)
            self._window.refresh_actions()

    def _on_refilled(self, document: Document, words: str) -> None:
        """The bar is gone."""
        refill = self._refills.pop(document, None)
        if refill is None:
            return
        if words:
            self._window.tell(words, "info")
        elif document is self._window.document:
            self._window.editing.run(refill.target.done)
        self._window.refresh_actions()

    def _on_ended(self, document: Document, level: str, message: str) -> None:
        self._drop_draft(document)
        if document is self._window.document:
            self._window.status.set_progress(None)
        self._window.refresh_actions()
        self._window.tell(message, level)
