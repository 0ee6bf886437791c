"""What will remove: which engine, on which device, for how long, under which licence, and what runs."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from editor.document.history import Part
from editor.document.model import Change, Document
from editor.ui import theme
from editor.ui.option_controls import icon_button
from editor.ui.panels.parts import scrolled
from editor.ui.run_times import RunTimes, megapixels_of
from editor.ui.words import number, tr, tr_composed
from engines import context, registry, store
from engines.base import Box, EngineError, RemoveRequest
from engines.manager import EngineManager, Job

_REST_MS = 300  # without a change, after which the time is told again

_ROWS = (("device", "Runs on"), ("time", "Time"), ("licence", "Licence"), ("model", "Model"))
_DEVICES = {
    "auto": "Chosen when it first runs",
    "cpu": "Processor",
    "cuda": "NVIDIA graphics",
    "mps": "Apple graphics",
}


class EnginePanel(QWidget):
    """``engine_id`` and ``device`` give what is chosen at the moment; ``refresh`` says that it is another."""

    def __init__(
        self,
        manager: EngineManager,
        times: RunTimes,
        engine_id: Callable[[], str],
        device: Callable[[], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._manager, self._times = manager, times
        self._engine_id, self._device = engine_id, device
        self._document: Document | None = None
        self._rows: dict[Job, _JobRow] = {}
        self._values: dict[str, QLabel] = {}
        self._soon = QTimer(self, singleShot=True, interval=_REST_MS)
        self._soon.timeout.connect(self.refresh)
        self._lay_out()
        manager.changed.connect(self._show_jobs)
        self.refresh()
        self._show_jobs()

    def _lay_out(self) -> None:
        self._title, self._note = QLabel(), QLabel()
        theme.make_quiet(self._note)
        self._note.setWordWrap(True)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        for row, (name, words) in enumerate(_ROWS):
            caption, value = QLabel(tr(words)), QLabel()
            theme.make_quiet(caption)
            value.setFont(theme.tabular(theme.quiet_font(value.font())))
            value.setWordWrap(True)
            value.setAccessibleName(tr(words))
            caption.setBuddy(value)
            self._values[name] = value
            grid.addWidget(caption, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, row, 1)
        grid.setColumnStretch(1, 1)
        self._jobs = QVBoxLayout()
        self._jobs.setSpacing(0)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(12, 4, 12, 8)
        column.setSpacing(4)
        column.addLayout(self._jobs)
        column.addWidget(self._title)
        column.addWidget(self._note)
        column.addSpacing(4)
        column.addLayout(grid)
        column.addStretch()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(inside))

    def sizeHint(self) -> QSize:
        return QSize(264, 180)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 84)

    def set_document(self, document: Document | None) -> None:
        """Expect times for what is selected in another document, or in none."""
        if document is self._document:
            return
        if self._document is not None:
            self._document.observers.remove(self._on_change)
        self._document = document
        if document is not None:
            document.observers.append(self._on_change)
        self.refresh()

    def _on_change(self, change: Change) -> None:
        if change.parts & (Part.SELECTION | Part.CANVAS):
            self._soon.start()

    # -- the engine -----------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Tell of the engine that is chosen now."""
        try:
            spec = registry.spec(self._engine_id())
        except EngineError as error:
            self._title.setText(tr_composed(str(error)))
            return
        self._title.setText(tr(spec.title))
        self._note.setText(tr(spec.note))
        weights = registry.weights(spec)
        free = all(each.commercial for each in weights)
        use = tr("for any use") if free else tr("not for commercial use")
        licences = dict.fromkeys(each.licence for each in weights) or ["Apache-2.0"]  # Lacuna's own
        words = tr("As its authors say") if spec.source else f"{', '.join(licences)}, {use}"
        self._values["licence"].setText(words)
        self._values["model"].setText(_model_words(weights))
        lacking = registry.lacks(spec)
        self._values["model"].setToolTip(tr_composed(lacking))
        self._values["device"].setText(self._device_words(spec.id))
        self._values["time"].setText(self._time_words(spec.id))

    def _device_words(self, engine_id: str) -> str:
        chosen, last = self._device(), self._times.device(engine_id)
        if chosen == "auto" and last:
            name, _, rest = last.partition(" ")
            last = f"{tr(_DEVICES.get(name, name))} {rest}".strip()
            return tr("{device}, as the last time").format(device=last)
        return tr(_DEVICES[chosen])

    def _time_words(self, engine_id: str) -> str:
        megapixels = 0.0 if self._document is None else _megapixels(self._document)
        seconds = self._times.expected(engine_id, megapixels or 1.0)
        if seconds is None:
            return tr("Known after the first run")
        if megapixels:
            return tr("About {time} for what is selected").format(time=_duration(seconds))
        return tr("About {time} for a megapixel").format(time=_duration(seconds))

    # -- the queue ------------------------------------------------------------------------------------

    def _show_jobs(self) -> None:
        jobs = self._manager.jobs
        for job in [job for job in self._rows if job not in jobs]:
            row = self._rows.pop(job)
            self._jobs.removeWidget(row)
            row.hide()
            row.deleteLater()
        running = sum(job.is_running for job in jobs)
        for place, job in enumerate(jobs):
            row = self._rows.get(job)
            if row is None:
                row = self._rows[job] = _JobRow(job, self._manager)
            if self._jobs.indexOf(row) != place:
                self._jobs.insertWidget(place, row)
            row.set_place(place - running)
        self.refresh()  # a run that has ended tells how long they take


class _JobRow(QWidget):
    """What runs or waits, how far it is, and buttons that call it off or let it come sooner."""

    def __init__(self, job: Job, manager: EngineManager) -> None:
        super().__init__()
        self._job = job
        self._place = 0  # among those that wait; less for one that runs
        self._label = label = QLabel()
        label.setFont(theme.quiet_font(label.font()))
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._name()
        cancel = icon_button("close", tr("Cancel"))
        cancel.clicked.connect(job.cancel)
        cancel.clicked.connect(lambda: cancel.setEnabled(False))
        self._sooner = icon_button("chevron-up", tr("Run sooner"))
        policy = self._sooner.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # the bars are of one length
        self._sooner.setSizePolicy(policy)
        self._sooner.clicked.connect(lambda: manager.move(job, self._place - 1))
        job.progressed.connect(self._follow)
        text = QVBoxLayout()
        text.setSpacing(4)
        text.addWidget(label)
        text.addWidget(self._bar)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 4, 0, 8)
        line.setSpacing(8)
        line.addLayout(text, 1)
        line.addWidget(self._sooner)
        line.addWidget(cancel)

    def set_place(self, place: int) -> None:
        """Whether it can come sooner: not if it runs, or is the next."""
        self._place = place
        self._sooner.setVisible(place > 0)

    def _follow(self, fraction: float) -> None:
        self._bar.setValue(round(fraction * 1000))
        self._name()

    def _name(self) -> None:
        """What is being done; how large it is comes out once the request has been made ready."""
        words = title = tr(registry.spec(self._job.engine_id).title)
        if isinstance(self._job.request, RemoveRequest):
            size = number(megapixels_of(self._job.request), 1)
            words = tr("Remove with {engine}, {size} megapixels").format(engine=title, size=size)
        if words != self._label.text():
            self._label.setText(words)
            self._bar.setAccessibleName(words)


def _model_words(weights: tuple[store.WeightFile, ...]) -> str:
    """How large the model is, as far as that is known, and whether it is here."""
    if not weights:
        return tr("None needed")
    size = number(sum(each.bytes for each in weights) / 1e6) + " MB"
    here = all(store.is_present(each.id) for each in weights)
    if not all(each.bytes for each in weights):
        return tr("On this machine") if here else tr("Missing")
    if here:
        return tr("{size}, on this machine").format(size=size)
    return tr("{size}, missing").format(size=size)


def _megapixels(document: Document) -> float:
    """About what an engine would look at for what is selected, in millions of pixels; 0 for nothing."""
    area = document.selection.bounds()
    if not area:
        return 0.0
    box = context.context_box(Box(area.x, area.y, area.width, area.height), (document.width, document.height))
    return box.width * box.height / 1e6


def _duration(seconds: float) -> str:
    if seconds < 90:
        return tr("{number} s").format(number=number(seconds, 1 if seconds < 10 else 0))
    return tr("{number} min").format(number=round(seconds / 60))
