"""What the window asks: which files to open, where to save, what to do with unsaved changes."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QLocale, QStandardPaths
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMessageBox, QWidget

from editor.document import storage
from editor.document.files.errors import FileError
from editor.document.files.raster import RAW_SUFFIXES, READ_SUFFIXES, WRITE_SUFFIXES
from editor.document.layers import Group, PixelLayer, walk
from editor.document.model import Document
from editor.ui import theme
from editor.ui.words import tr, tr_composed

_MOST_LINES = 8  # of a list in a question
_MOST_NOTES = 3  # in one message
_SIGN = 32  # pixels, in a question

SAMPLE = theme.RESOURCES / "samples" / "desert-hike.jpg"


def _save_filters() -> dict[str, str]:
    """What the dialog for saving offers, for Qt, and the suffix of each."""
    return {
        tr("OpenRaster, keeps everything") + " (*.ora)": ".ora",
        "PNG (*.png)": ".png",
        "JPEG (*.jpg *.jpeg)": ".jpg",
        "TIFF (*.tif *.tiff)": ".tif",
        "WebP (*.webp)": ".webp",
        "AVIF (*.avif)": ".avif",
        "JPEG XL (*.jxl)": ".jxl",
        "Photoshop (*.psd)": ".psd",
        tr("Photoshop, large") + " (*.psb)": ".psb",
    }


def read_filter() -> str:
    """What the dialog for opening offers, for Qt."""

    def patterns(suffixes: Iterable[str]) -> str:
        return " ".join(f"*{suffix} *{suffix.upper()}" for suffix in suffixes)  # cameras shout

    everything = patterns((*storage.DOCUMENT_SUFFIXES, *READ_SUFFIXES))
    return (
        f"{tr('Pictures')} ({everything});;{tr('With layers')} ({patterns(storage.DOCUMENT_SUFFIXES)});;"
        f"{tr('Camera RAW')} ({patterns(RAW_SUFFIXES)});;{tr('All files')} (*)"
    )


def ask_what_to_open(parent: QWidget, folder: str) -> list[Path]:
    """The pictures chosen; none if the user thinks better of it."""
    from editor.ui import file_dialogs

    return file_dialogs.ask_for_files(parent, tr("Open pictures"), folder, read_filter(), many=True)


def first_folder(document: Document | None, last: str) -> str:
    """Where a dialog begins: the folder of the picture in front, else the ``last`` one, else Pictures."""
    places = [last]
    if document is not None and document.path is not None and document.path != SAMPLE:
        places.insert(0, str(document.path.parent))
    places.append(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation))
    return next((each for each in places if each and Path(each).is_dir()), str(Path.home()))


def ask_where_to_save(
    parent: QWidget, document: Document, folder: str, suffix: str | None = None
) -> Path | None:
    """A name with a suffix that can be written, first offered in ``folder``; None to let it be.

    The format offered is ``suffix``'s or, if None, what suits the document.
    """
    stem = document.path.stem if document.path else tr("picture")
    suffix = suffix or suggested_suffix(document)
    return _ask_where(parent, tr("Save as"), Path(folder) / f"{stem}{suffix}", suffix)


def ask_where_to_copy(
    parent: QWidget, document: Document, folder: str, suffix: str | None = None
) -> Path | None:
    """The same for a copy; the name that is offered is another than the document's."""
    stem = document.path.stem if document.path else tr("picture")
    suffix = suffix or suggested_suffix(document)
    start = Path(folder) / f"{tr('{name} copy').format(name=stem)}{suffix}"
    return _ask_where(parent, tr("Save a copy"), start, suffix)


def _ask_where(parent: QWidget, title: str, start: Path, suffix: str) -> Path | None:
    from editor.ui import file_dialogs

    filters = _save_filters()
    chosen = next((text for text in filters if f"*{suffix}" in text), next(iter(filters)))
    path, chosen = file_dialogs.ask_for_name(parent, title, start, ";;".join(filters), chosen)
    if path is None:
        return None
    return path if can_write(path) else path.with_name(path.name + filters[chosen])


def ask_where_to_export(
    parent: QWidget, start: Path, format_name: str, suffixes: Sequence[str]
) -> Path | None:
    """A name with one of ``suffixes``, the first if none is typed; None to let it be."""
    from editor.ui import file_dialogs

    patterns = " ".join(f"*{suffix}" for suffix in suffixes)
    path, _ = file_dialogs.ask_for_name(
        parent, tr("Export"), start, f"{format_name} ({patterns})", suffix=suffixes[0]
    )
    if path is None:
        return None
    # Another suffix than the format's would make another format of it.
    return path if path.suffix.lower() in suffixes else path.with_name(path.name + suffixes[0])


def size_text(size: int) -> str:
    """Bytes for people: "1.2 MB"."""
    return QLocale().formattedDataSize(size, 1, QLocale.DataSizeFormat.DataSizeSIFormat)


def suggested_suffix(document: Document) -> str:
    """The format that the document came in or, if that does not keep its layers, one that does."""
    old = document.path.suffix.lower() if document.path is not None else ""
    if keeps_layers(old):
        return old
    if has_layers(document):
        return ".ora"
    if old in WRITE_SUFFIXES:
        return old
    return ".tif" if document.bits == 16 else ".png"


def keeps_layers(suffix: str) -> bool:
    return suffix in storage.DOCUMENT_SUFFIXES


def has_layers(document: Document) -> bool:
    """Whether it holds more than a flat picture can."""
    layer = document.layers[0]
    flat = len(document.layers) == 1 and isinstance(layer, PixelLayer) and layer.mask is None
    return not flat or bool(document.channels)


def can_write(path: Path) -> bool:
    """Whether the suffix names a format that pictures are saved in."""
    return path.suffix.lower() in (*storage.DOCUMENT_SUFFIXES, *WRITE_SUFFIXES)


def has_own_file(document: Document) -> bool:
    """Whether Save may write where the picture came from."""
    return document.path is not None and document.path != SAMPLE and can_write(document.path)


def ask_about_losses(parent: QWidget, path: Path, lost: list[str], *, is_flat: bool = False) -> str | None:
    """What to do though the file would not keep all: "save", "ora" to save as OpenRaster instead, or None.

    ``is_flat``: it would be one flat picture, so that OpenRaster is what is offered first.
    """
    words = tr("{name} will be one flat picture.") if is_flat else tr("{name} will not keep everything.")
    box = question(parent, words.format(name=path.name), _as_list(tr("What is lost:"), lost))
    flat = tr("Save flat") if is_flat else tr("Save")
    save = box.addButton(flat, QMessageBox.ButtonRole.AcceptRole)
    ora = box.addButton(tr("Save as .ora instead"), QMessageBox.ButtonRole.ActionRole)
    cancel = box.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(ora if is_flat else save)
    box.setEscapeButton(cancel)
    ask(box)
    return {save: "save", ora: "ora"}.get(box.clickedButton())


def _as_list(words: str, lines: Sequence[str]) -> str:
    """Rich text; the lines may hold anything, names of layers for one."""
    from html import escape  # the start does not wait for it

    shown = [_remark(line) for line in lines[:_MOST_LINES]]
    if len(lines) > _MOST_LINES:
        shown.append(tr("and {count} more").format(count=len(lines) - _MOST_LINES))
    items = "".join(f"<li>{escape(line)}</li>" for line in shown)
    return f'{words}<ul style="margin: 4px 0 0 -24px">{items}</ul>'


def _remark(line: str) -> str:
    """What is not kept of a file; after a colon the layers of which it is not."""
    what, colon, layers = line.partition(": ")
    if not colon or (whole := tr_composed(line)) != line:
        return whole if colon else tr_composed(line)
    return tr("{what}: {layers}").format(what=tr_composed(what), layers=tr_composed(layers))


def what_was_lost(document: Document, path: Path, lost: list[str]) -> str:
    """One line on what a flat file that has just been saved does not keep, and how to keep it."""
    if has_layers(document):
        words = tr("Saved {name} as one flat picture. Save as .ora to keep the {what}.")
        return words.format(name=path.name, what=_what_layers(document))
    words = tr("Saved {name}. This format does not keep {what}.")
    return words.format(name=path.name, what=tr(" and ").join(map(_remark, lost)))


def what_was_left_out(document: Document, notes: Sequence[str]) -> str:
    """One message on what a file has that could not be taken over."""
    shown = [_remark(note) for note in notes[:_MOST_NOTES]]
    if len(notes) > _MOST_NOTES:
        shown.append(tr("And {count} more").format(count=len(notes) - _MOST_NOTES))
    return tr("Opened {name}. {notes}.").format(name=title(document), notes=". ".join(shown))


def _what_layers(document: Document) -> str:
    count = sum(not isinstance(layer, Group) for layer in walk(document.layers))
    if count > 1:
        return tr("{count}\u00a0layers").format(count=count)
    if document.layers[0].mask is not None:
        return tr("layer mask")
    return tr("saved selections") if document.channels else tr("layers")


def ask_to_discard(parent: QWidget, name: str) -> bool:
    """Whether what was kept of a picture may go for good."""
    words = tr("Discard what was kept of {name}?").format(name=name)
    box = question(parent, words, tr("It cannot be recovered afterwards."))
    return is_meant(box, tr("Discard"), tr("Cancel"))


def ask_to_stop(parent: QWidget, document: Document) -> bool:
    """Whether an edit that still runs may be stopped, so that the document can be closed."""
    words = tr("{name} is still being worked on.").format(name=title(document))
    box = question(parent, words, tr("What has been done before stays as it is."))
    return is_meant(box, tr("Stop and close"), tr("Keep working"))


def is_meant(box: QMessageBox, yes: str, no: str) -> bool:
    """Ask with two buttons whether something may be lost; Enter and Escape are ``no``."""
    lose = box.addButton(yes, QMessageBox.ButtonRole.DestructiveRole)
    keep = box.addButton(no, QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(keep)
    box.setEscapeButton(keep)
    ask(box)
    return box.clickedButton() is lose


def ask_to_save(parent: QWidget, document: Document) -> QMessageBox.StandardButton:
    """Save, Discard or Cancel, for a document with unsaved changes."""
    words = tr("Save the changes to {name}?").format(name=title(document))
    box = question(parent, words, tr("What you do not save is lost."))
    buttons = QMessageBox.StandardButton
    box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
    box.setDefaultButton(buttons.Save)
    theme.make_primary(box.button(buttons.Save))
    for button in box.buttons():
        button.setIcon(QIcon())  # Qt's own are coloured
    return buttons(ask(box))


def question(parent: QWidget, words: str, more: str) -> QMessageBox:
    """A question about what may be lost, without its buttons."""
    box = QMessageBox(parent)
    box.setWindowTitle("Lacuna")
    box.setText(words)
    box.setInformativeText(more)
    ratio = 1.0 if parent is None else parent.devicePixelRatioF()
    box.setIconPixmap(theme.pixmap("warning", _SIGN, ratio, theme.now.amber))
    grid = box.layout()  # Qt makes another with each of the calls above
    grid.setContentsMargins(24, 24, 24, 20)
    grid.setVerticalSpacing(12)
    return box


def ask(box: QMessageBox) -> int:
    """Put the question, and give the button that was pressed, as QMessageBox has it.

    Each button is as wide as its words: Qt gives the box the room that they take without the style's padding.
    """
    for button in box.buttons():
        button.ensurePolished()
        button.setMinimumWidth(button.sizeHint().width())
    return box.exec()


def title(document: Document) -> str:
    """What a document is called in tabs and questions."""
    return document.path.name if document.path is not None else tr("Untitled")


def why_not_opened(path: Path, error: Exception) -> str:
    """One line for the user."""
    if isinstance(error, FileError):
        return str(error)
    if isinstance(error, MemoryError):
        return tr("There is not enough memory to open {name}.").format(name=path.name)
    return tr("{name} could not be opened: {reason}").format(name=path.name, reason=tr_composed(str(error)))


def why_not_saved(path: Path, error: Exception) -> str:
    """One line for the user."""
    if isinstance(error, FileError):
        return str(error)
    if isinstance(error, MemoryError):
        return tr("There is not enough memory to save {name}. Nothing was changed.").format(name=path.name)
    return tr("{name} could not be saved: {reason}. Nothing was changed.").format(
        name=path.name, reason=tr_composed(str(error))
    )
