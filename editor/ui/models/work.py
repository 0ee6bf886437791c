"""What is done with models meanwhile: downloads, and one thing at a time that reads or copies files."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from editor.ui.background import Call
from editor.ui.models import listing, phrases
from editor.ui.models.listing import Item, Listing
from editor.ui.models.pace import Pace
from editor.ui.words import tr, tr_composed
from engines import packs, registry, store
from engines.base import Cancelled, EngineError, Progress, WeightsWrong

if TYPE_CHECKING:
    from editor.jobs.adopting import Adopted
    from editor.ui.installing import Installing

_TICK = 100  # ms between two looks at how far things are
_EXPECTED = (EngineError, OSError, MemoryError)


class Download:
    """An item on its way."""

    def __init__(self, item: Item, installing: "Installing", files: list[str]) -> None:
        entry = store.entry_of(files[0])
        self.item, self.installing, self.then = item, installing, files[1:]
        self.pace = Pace(entry.download or entry.bytes, packs.came(entry.id))
        self.is_checked = False  # all has come, and is looked at
        self.is_ending = False

    def see(self, fraction: float) -> None:
        from engines.sources import FETCHED

        self.is_checked = fraction >= FETCHED
        self.pace.see(time.monotonic(), round(min(fraction / FETCHED, 1.0) * self.pace.total))


class Adding:
    """A file or folder of the user's that is put in its place."""

    def __init__(self, path: Path) -> None:
        self.path, self.fraction = path, 0.0
        self.progress = Progress(lambda fraction: setattr(self, "fraction", fraction))

    def run(self) -> "Adopted":
        from editor.jobs.adopting import adopt

        self.progress(0.0)  # it may have been called off before its turn came
        return adopt(self.path, self.progress)


class Work(QObject):
    """Everything that the window lets be done. All of it goes on when the window is closed."""

    listed = Signal(object)  # a Listing
    moved = Signal()  # something has come further
    told = Signal(str, str)  # "info", "warning" or "error", and a line
    failed = Signal(str)  # a line that is among ``troubles`` as well
    brought = Signal()  # other models are here than before

    def __init__(self, proxy: Callable[[], str], parent: QObject) -> None:
        super().__init__(parent)
        self._proxy = proxy
        self.downloads: dict[str, Download] = {}  # by item
        self.troubles: dict[str, str] = {}  # what went wrong last, in one line, by item
        self.busy: dict[str, str] = {}  # what is being done with an item, by item
        self.adding: list[Adding] = []  # the first is under way, the others wait
        self._damaged: set[str] = set()
        self._looks: ThreadPoolExecutor | None = None  # both are made when they are first needed
        self._hands: ThreadPoolExecutor | None = None
        self._is_looking = self._look_again = self._is_over = False
        self._timer = QTimer(self, interval=_TICK)
        self._timer.timeout.connect(self._tick)

    # -- the list -------------------------------------------------------------------------------------

    def look(self) -> None:
        """Make the list anew; ``listed`` follows. Asking twice meanwhile is asking once."""
        if self._is_looking or self._is_over:
            self._look_again = True
            return
        if self._looks is None:
            self._looks = ThreadPoolExecutor(1, "models-list")
        self._is_looking = True
        call = Call(self._looks.submit(listing.gather, frozenset(self._damaged)), self)
        call.done.connect(self._on_listing)
        call.failed.connect(self._on_no_listing)

    def _on_listing(self, found: Listing) -> None:
        self._is_looking = False
        if self._look_again and not self._is_over:
            self._look_again = False
            self.look()
        else:
            self.listed.emit(found)

    def _on_no_listing(self, error: BaseException) -> None:
        self._is_looking = False
        self.told.emit("error", phrases.of_error(error))

    # -- downloads ------------------------------------------------------------------------------------

    @property
    def is_busy(self) -> bool:
        """Whether the folder is being written to."""
        return bool(self.downloads or self.busy or self.adding)

    def install(self, item: Item) -> None:
        """Fetch what an item lacks, one file after the other; its licence has been accepted.

        Of one that is damaged every file is looked at, and those that are good stay.
        """
        if item.id not in self.downloads:
            self.troubles.pop(item.id, None)
            self._fetch(item, item.to_fetch or list(item.files))

    def _fetch(self, item: Item, files: list[str]) -> None:
        from editor.ui.installing import Installing

        installing = Installing(files[0], self, proxy=self._proxy())
        download = self.downloads[item.id] = Download(item, installing, files)
        installing.progressed.connect(download.see)
        installing.ended.connect(partial(self._on_ended, download))
        installing.start()
        self._timer.start()
        self.moved.emit()

    def pause(self, item: Item) -> None:
        """Let it be for now; what has come is kept."""
        self._end(item, lambda download: download.installing.pause())

    def cancel(self, item: Item) -> None:
        """Let it be; what has come goes."""
        self._end(item, lambda download: download.installing.cancel())

    def _end(self, item: Item, how: Callable[[Download], None]) -> None:
        download = self.downloads.get(item.id)
        if download is not None and not download.is_ending:
            download.is_ending = True
            how(download)
            self.moved.emit()

    def _on_ended(self, download: Download, level: str, words: str) -> None:
        item = download.item
        del self.downloads[item.id]
        if level == "error":
            self._fail(item, phrases.here(words))
        elif level == "info":
            if download.then and not self._is_over:
                self._fetch(item, download.then)
                return
            self._damaged.discard(item.id)
            self.brought.emit()
            self.told.emit("info", tr("{name} is installed.").format(name=tr(item.title)))
        self.moved.emit()
        self.look()

    def _tick(self) -> None:
        if not (self.downloads or self.adding):
            self._timer.stop()
        self.moved.emit()

    # -- one thing at a time --------------------------------------------------------------------------

    def check(self, item: Item) -> None:
        """Read it whole and say whether it is as it should be."""

        def sound(_: None) -> None:
            self._damaged.discard(item.id)
            self.told.emit("info", tr("{name} is whole.").format(name=tr(item.title)))

        def unsound(error: BaseException) -> None:
            if isinstance(error, WeightsWrong):
                self._damaged.add(item.id)

        self._do(item, tr("Checking"), listing.check, sound, unsound)

    def remove(self, item: Item) -> None:
        """Take it from the disk, or what has come of it."""

        def gone(_: None) -> None:
            self._damaged.discard(item.id)
            if item.is_here:
                words = tr("{name} was removed.")
                if item.size:
                    words = tr("{name} was removed. {size} are free again.")
                self.told.emit("info", words.format(name=tr(item.title), size=phrases.size(item.size)))
            self.brought.emit()

        self._do(item, tr("Removing"), listing.remove, gone)

    def _do(
        self,
        item: Item,
        doing: str,
        job: Callable[[Item], None],
        done: Callable[[Any], None],
        failed: Callable[[BaseException], None] = lambda error: None,
    ) -> None:
        if item.id in self.busy or item.id in self.downloads:
            return
        self.busy[item.id] = doing
        self.troubles.pop(item.id, None)

        def end() -> None:
            del self.busy[item.id]
            self.look()

        def fail(error: BaseException) -> None:
            if not isinstance(error, _EXPECTED):
                raise error
            failed(error)
            self._fail(item, phrases.of_error(error))
            end()

        call = Call(self._submit(job, item), self)
        call.done.connect(lambda result: (done(result), end()))
        call.failed.connect(fail)
        self.moved.emit()

    def _fail(self, item: Item, words: str) -> None:
        self.troubles[item.id] = words
        self.failed.emit(f"{tr(item.title)}: {words}")

    def add(self, paths: list[Path]) -> None:
        """Put files or folders of the user's in their places, one after the other."""
        for path in paths:
            adding = Adding(path)
            self.adding.append(adding)
            call = Call(self._submit(adding.run), self)
            call.done.connect(partial(self._on_added, adding))
            call.failed.connect(partial(self._on_not_added, adding))
        self._timer.start()
        self.moved.emit()

    def stop_adding(self) -> None:
        """Call off the copying of what is being added, and of what waits for it."""
        for adding in self.adding:
            adding.progress.cancel()

    def _on_added(self, adding: Adding, found: "Adopted") -> None:
        self.adding.remove(adding)
        self.told.emit("info", _added(adding.path, found))
        self.brought.emit()
        self.moved.emit()
        self.look()

    def _on_not_added(self, adding: Adding, error: BaseException) -> None:
        self.adding.remove(adding)
        if isinstance(error, Cancelled):
            self.told.emit("warning", tr("{name} was not added.").format(name=adding.path.name))
        elif isinstance(error, _EXPECTED):
            self.told.emit("error", phrases.of_error(error))
        else:
            raise error
        self.moved.emit()

    def _submit(self, job: Callable[..., Any], *arguments: Any) -> Any:
        if self._hands is None:
            self._hands = ThreadPoolExecutor(1, "models-work")
        return self._hands.submit(job, *arguments)

    # -- the end --------------------------------------------------------------------------------------

    def shut_down(self) -> None:
        """Pause all downloads, call off what copies, and wait for it. What has come is kept."""
        self._is_over = True
        self._timer.stop()
        for download in self.downloads.values():
            download.installing.pause()
        self.stop_adding()
        for download in self.downloads.values():
            download.installing.shut_down()
        for executor in (self._hands, self._looks):
            if executor is not None:
                executor.shutdown(wait=True)


def _added(path: Path, found: "Adopted") -> str:
    name = found.name
    if name in store.catalog():
        users = [tr(each.title) for each in registry.ENGINES if any(name in files for files in each.forms)]
        return tr("{file} was added, for {name}.").format(file=path.name, name=", ".join(users))
    if found.what:
        return tr("{file} was added: {what}.").format(file=name, what=tr_composed(found.what))
    if found.lacking:
        return phrases.here(found.lacking)
    return tr("{file} was added. It can fill with words now.").format(file=name)
