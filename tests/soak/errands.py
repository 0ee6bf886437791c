"""What the monkey does in several steps, each with something that has to be so afterwards."""

import shutil

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDialog, QToolButton, QWidget

from editor import settings as kept
from editor.document import export, recovery
from editor.document import select as selecting
from editor.document.files import raster
from editor.document.guide import LINE
from editor.document.journal.session import recovery_dir
from editor.ui import language
from editor.ui.background import Call
from editor.ui.toast import Toast
from editor.ui.words import tr
from engines import registry, store
from tests.soak.hands import Hands
from tests.soak.watch import compare, hold, whole

_NO_KEYS = Qt.KeyboardModifier.NoModifier
_ESCAPES = 3  # the first ones may be for what the tool has open
_EXACT = ("png", "tiff")  # formats of which the file has the very pixels that were to go into it


def export_picture(hands: Hands) -> str:
    """Export in any format and size; the file has the size that was promised and, if it loses nothing, the
    pixels."""
    window, random = hands.window, hands.random
    document = window.document
    target = random.choice([each for each in export.FORMATS.values() if each.is_there])
    wanted = export.Choices(
        target.id,
        resize=random.choice(export.RESIZES),
        side=random.randint(export.SMALLEST, 1500),
        percent=random.randint(1, 100),
        srgb=random.random() < 0.5,
        metadata=random.random() < 0.5,
        deep=random.random() < 0.5,
    )
    window.settings.export = wanted.values
    path = hands.folder / f"exported-{random.getrandbits(32):08x}{target.suffix}"
    with hands.alone():
        window.exporting.show()
        dialog = _modal(hands, "the dialog for exporting")
        hands.until(lambda: dialog.bytes.text() != tr("Working out the size…"), "the size of the file")
        if not dialog.accept_button.isEnabled() or random.random() < 0.2:
            dialog.reject()
            return f"{target.id} let be: {dialog.bytes.text()}"
        choices = dialog.choices
        prepared = export.picture(document.snapshot(), choices)
        with hands.names(path):
            dialog.accept_button.click()
        hands.until(lambda: any(path.name in words for words in _told(window)), "the export to be told of")
    told = next((words for words in _told(window) if path.name in words), "")
    hold("deed", path.exists(), f"nothing was exported: {told}")
    read = raster.read(path)
    height, width = read.pixels.shape[:2]
    size = export.size(document.width, document.height, choices)
    hold("deed", (width, height) == size, f"exported with {width} x {height} pixels, not {size}")
    if target.id in _EXACT:
        same = np.array_equal(read.pixels, prepared.pixels)
        hold("deed", same, f"{target.id} has other pixels than were exported")
    path.unlink()
    return f"{target.id} {width} x {height}"


def choose_language(hands: Hands) -> str:
    """Another language in the Preferences; it is kept for the next start."""
    window, name = hands.window, hands.random.choice(("", *language.LANGUAGES))
    with hands.alone():
        window.preferences.show()
        dialog = window.preferences.dialog
        dialog.names.setCurrentRow(0)
        boxes = [box for box in dialog.page(0).findChildren(QComboBox) if box.findData("zh_CN") >= 0]
        hold("deed", len(boxes) == 1, f"{len(boxes)} lists of languages")
        place = boxes[0].findData(name)
        boxes[0].setCurrentIndex(place)
        boxes[0].activated.emit(place)
        dialog.close()
        hands.settle()
    hold("deed", window.settings.language == name, f"the language is {window.settings.language!r}")
    hold("deed", kept.load().language == name, f"the language that is kept is not {name!r}")
    return name or "the system's"


def prompt(hands: Hands) -> str:
    """Open the bar that fills with words and close it: without a model it says what to get."""
    window, document = hands.window, _free(hands)
    if document is None:
        return "busy"
    _select(hands)
    before = document.history.state
    open_bar = hands.random.choice((window.prompting.start, window.prompting.expand))
    open_bar()
    bar = window.prompting._bars.get(document)
    hold("deed", bar is not None and bar.isVisible(), "the bar for words does not open")
    hands.until(lambda: bar._look is None, "models to be looked for")
    if not bar.models.count() and not registry.lacks(registry.spec(registry.FILLER)):
        hold("deed", bar._offer is not None and bar._offer.isVisible(), "no model is offered")
        hold("deed", not bar._form.isVisible(), "there is a form, but no model that could fill")
    if hands.random.random() < 0.5:
        for _ in range(_ESCAPES):
            if document in window.prompting._bars:
                QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    else:
        bar.done.emit()
    hands.settle()
    hold("deed", document not in window.prompting._bars, "the bar for words does not close")
    hold("deed", document.history.state is before, "the bar for words has changed the picture")
    return open_bar.__name__


def enlarge(hands: Hands) -> str:
    """Open the dialog that enlarges with detail, and cancel it: without a network there is nothing to
    accept."""
    window, document = hands.window, _free(hands)
    if document is None:
        return "busy"
    before = document.history.state, document.rect
    with hands.alone():
        window.image.enlarge()
        form = _modal(hands, "the dialog for enlarging")
        form.factor.setCurrentIndex(hands.random.randrange(form.factor.count()))
        form.factor.activated.emit(form.factor.currentIndex())
        hands.settle()
        if not form.models.count():
            hold("deed", form._offer is not None and form._offer.isVisible(), "no network is offered")
            hold("deed", not form.accept_button.isEnabled(), "it would enlarge without a network")
        form.reject()
        hands.settle()
    now = document.history.state, document.rect
    hold("deed", now == before, "a dialog that was cancelled has changed the picture")
    return "cancelled"


def find_lines(hands: Hands) -> str:
    """Shift+Enter: what is found are new lines, as one entry that an undo takes away."""
    window, document = hands.window, _free(hands)
    if document is None:
        return "busy"
    _select(hands)
    history = document.history
    lines, position = _lines(document), history.position
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    called_off = hands.random.random() < 0.2
    if called_off:
        window.removing.cancel()
    hands.until(lambda: not window.removing._is_finding(document), "lines to be found")
    found = _lines(document)
    hold("deed", found[: len(lines)] == lines, "other lines than before, apart from those that were found")
    entries = 1 if len(found) > len(lines) else 0
    hold("deed", history.position == position + entries, f"{history.position - position} entries of lines")
    if entries and hands.random.random() < 0.5:
        window.undo()
        hands.settle()
        hold("deed", _lines(document) == lines, "an undo does not take the lines away")
    return "called off" if called_off else f"{len(found) - len(lines)} found"


def object_select(hands: Hands) -> str:
    """Click on an object with a tool whose model is not here: it is offered, refused, and nothing is done."""
    window, document = hands.window, _free(hands)
    (weights,) = registry.form(registry.spec(registry.OBJECT_FINDER))
    if document is None or store.is_present(weights):
        return "busy" if document is None else "the model is here"
    before = document.history.state
    window.tools.use("object-select")
    QTest.mouseClick(window.canvas, Qt.MouseButton.LeftButton, _NO_KEYS, hands.place())
    hands.settle()
    offers = [toast for toast in _toasts(window) if store.entry_of(weights).licence in toast.text]
    hold("deed", len(offers) == 1, f"the model is offered {len(offers)} times")
    offers[0].findChild(QToolButton).click()
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    hands.settle()
    hold("deed", not window.installer.is_busy, "a model is fetched that was refused")
    hold("deed", offers[0] not in _toasts(window), "an offer that was refused stays")
    hold("deed", document.history.state is before, "nothing was selected, yet the picture is another")
    window.tools.use("remove-brush")
    return "refused"


def recover(hands: Hands) -> str:
    """What a crash would leave behind now is offered, and is the same picture with the same history."""
    # Another picture that is being opened would come to the front meanwhile.
    hands.until(lambda: not hands.window.findChildren(Call), "pictures to be opened")
    window, document = hands.window, _free(hands)
    journal = None if document is None else window.recovery._journals.get(document)
    if journal is None:
        return "busy"
    hands.until(lambda: journal.wait(0), "the journal to be written")
    before, steps = whole(document), [entry.name for entry in document.history.entries]
    position = document.history.position
    left = recovery_dir() / f"{hands.random.getrandbits(64):016x}"
    shutil.copytree(journal._writer._session.folder, left, ignore=shutil.ignore_patterns("lock"))
    found = [each for each in recovery.pending() if each.folder == left]
    if not found:
        hold("deed", not steps and document.path is not None, "nothing is offered of a changed picture")
        return "nothing to recover"
    count = window.tabs.count()
    window.recovery.offered.emit(found)
    hands.settle()
    bar = window.recovery_bar
    hold("deed", bar is not None and bar.isVisible(), "what a crash left is not offered")
    bar._start_all()
    hands.until(lambda: found[0] not in bar._rows or bool(_told_errors(window)), "the recovery")
    hold("deed", found[0] not in bar._rows, f"not recovered: {_told_errors(window)}")
    hold("deed", window.tabs.count() in (count, count + 1), "other tabs than what was recovered")
    again = window.document
    compare("deed", before, whole(again), "recovered")
    names = [entry.name for entry in again.history.entries]
    hold("deed", names == steps, f"recovered with the steps {names}, not {steps}")
    hold("deed", again.history.position == position, "recovered at another step")
    again.history.mark_saved(again.history.state)
    window.documents.close_current()
    hands.settle()
    bar.deleteLater()  # at the next start there would be another
    return f"{len(steps)} steps"


def _free(hands: Hands):
    """The picture in front with nothing under way; None if something is."""
    document = hands.window.document
    hands.window.settle(document)
    hands.settle()
    busy = document.busy is not None or hands.window.removing.is_busy(document)
    return None if busy or document in hands.window.removing._refills else document


def _select(hands: Hands) -> None:
    """A rectangle somewhere in the picture."""
    document, random = hands.window.document, hands.random
    width, height = (max(min(random.randint(8, 60), side), 1) for side in (document.width, document.height))
    place = random.randint(0, document.width - width), random.randint(0, document.height - height)
    hands.window.editing.run(lambda document: selecting.rectangle(document, (*place, width, height)))
    hands.settle()


def _modal(hands: Hands, what: str) -> QDialog:
    """The dialog that has just been opened."""
    found: list[QWidget] = []

    def is_there() -> bool:
        found[:] = [
            each for each in hands.window.findChildren(QDialog) if each.isVisible() and each.isModal()
        ]
        return bool(found)

    hands.until(is_there, what)
    return found[-1]


def _toasts(window) -> list[Toast]:
    return [each for each in window.findChildren(Toast) if not each.leaving]


def _told(window) -> list[str]:
    return [each.text for each in _toasts(window)]


def _told_errors(window) -> list[str]:
    return [each.text for each in _toasts(window) if each.level.value == "error"]


def _lines(document) -> list:
    return [guide for guide in document.guides if guide.kind == LINE]


ERRANDS = {
    "export": (export_picture, 3, True),
    "language": (choose_language, 1, False),
    "prompt": (prompt, 2, True),
    "enlarge": (enlarge, 2, True),
    "lines": (find_lines, 2, True),
    "object": (object_select, 2, True),
    "recover": (recover, 2, True),
}
