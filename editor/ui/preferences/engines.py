"""The page of the Preferences for engines: where they run, what memory they keep, how models are fetched."""

from concurrent.futures import Executor
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QWidget

from editor.ui.background import Call
from editor.ui.preferences.pages import size_words
from editor.ui.preferences.rows import Page, choice
from editor.ui.words import tr
from engines import registry

if TYPE_CHECKING:
    from editor.ui.window import Window

_MEMORY = (1024, 2048, 4096, 8192, 16384)  # MiB


def engines(files: Executor, window: "Window") -> Page:
    """``files`` finds out which devices there are."""
    chosen = window.settings
    page = Page(tr("Engines"))

    def take(value: str) -> None:
        chosen.device = value
        window.removing.use_device()

    everywhere = choice(_devices(), chosen.device, take)
    page.add_row(tr("Engines run on"), everywhere, tr("From the next run on."))
    one, own = _own_device(window)
    page.add_row(
        tr("One engine runs on"), one, tr("For an engine that does better elsewhere than the others.")
    )
    page.add_row(
        tr("Engines in memory"),
        choice(
            ((0, tr("What the machine can spare")), *((size, size_words(size)) for size in _MEMORY)),
            chosen.engine_memory,
            lambda value: setattr(chosen, "engine_memory", value),
            size_words(chosen.engine_memory),
        ),
        tr("What is kept ready starts at once. One that was not used for some minutes goes by itself."),
    )
    _add_plugins(page, window)
    _add_proxy(page, window)
    page.finish()
    call = Call(files.submit(_usable_devices), page)
    call.done.connect(lambda usable: [_grey_out(box, usable) for box in (everywhere, own)])
    return page


def _devices() -> tuple[tuple[str, str], ...]:
    return (
        ("auto", tr("The quickest there is")),
        ("cpu", tr("Processor")),
        ("cuda", tr("Graphics card (CUDA, DirectML)")),
        ("mps", tr("Graphics of Apple’s processors")),
    )


def _own_device(window: "Window") -> tuple[QWidget, QComboBox]:
    """A list of engines and, beside it, what the one that is picked runs on."""
    devices = window.settings.devices

    def take(value: str) -> None:
        if value:
            devices[which.currentData()] = value
        else:
            devices.pop(which.currentData(), None)
        window.removing.use_device()

    def show() -> None:
        own.setCurrentIndex(own.findData(devices.get(which.currentData(), "")))

    own = choice((("", tr("Like the others")), *_devices()), "", take)
    own.setAccessibleName(tr("What that engine runs on"))
    known = [(entry.id, tr(entry.title)) for entry in registry.engines() if entry.on_card]
    which = choice(known, known[0][0], lambda _: show())
    which.setAccessibleName(tr("Engine"))
    show()
    both = QWidget()
    line = QHBoxLayout(both)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(8)
    for box in (which, own):
        box.setMinimumWidth(200)
        line.addWidget(box)
    return both, own


def _add_plugins(page: Page, window: "Window") -> None:
    switch = QCheckBox(tr("Use engines of packages that I have installed"))
    switch.setChecked(window.settings.plugins)
    switch.clicked.connect(lambda on: window.plugins.set_enabled(on))
    hint = tr("A plug-in is a program: it may do whatever you may. The list of models names those there are.")
    page.add_row(tr("Plug-ins"), switch, hint)


def _add_proxy(page: Page, window: "Window") -> None:
    hint = tr("For models that you have fetched, if your network asks for one. Nothing else is ever fetched.")
    field = QLineEdit(window.settings.proxy)
    field.setPlaceholderText(tr("The system’s"))
    field.setMinimumWidth(320)
    words = page.add_row(tr("Proxy"), field, hint)

    def take() -> None:
        text = field.text().strip()
        if text and not _is_proxy(text):
            words.setText(tr("A proxy looks like http://proxy.example:8080. The one before is kept."))
            return
        window.settings.proxy = text
        words.setText(hint)

    field.editingFinished.connect(take)


def _is_proxy(text: str) -> bool:
    """Whether it is an address that can be asked: http or https, a host, perhaps a port."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:  # a port that is none
        return False


def _usable_devices() -> list[str]:
    """Off the GUI thread: the runtime that knows takes a second to load."""
    from engines import device
    from engines.base import EngineError

    usable = []
    for each in device.DEVICES:
        try:
            device.onnx_providers(each)
        except EngineError:
            continue
        usable.append(each)
    return usable


def _grey_out(box: QComboBox, usable: list[str]) -> None:
    for place in range(box.count()):
        if box.itemData(place) and box.itemData(place) not in usable:
            item = box.model().item(place)
            item.setEnabled(False)
            item.setText(tr("{device}, not on this machine").format(device=item.text()))
