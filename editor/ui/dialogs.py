"""What the window asks: which files to open, where to save, what to do with unsaved changes."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from editor.document import storage
from editor.document.files.errors import FileError
from editor.document.files.raster import RAW_SUFFIXES, READ_SUFFIXES, WRITE_SUFFIXES
from editor.document.layers import Group, PixelLayer, walk
from editor.document.model import Document
from editor.ui import theme

_MOST_LINES = 8  # of a list in a question
_MOST_NOTES = 3  # in one message

SAMPLE = theme.RESOURCES / "samples" / "desert-hike.jpg"

_SAVE_FILTERS = {
    "OpenRaster, keeps everything (*.ora)": ".ora",
    "PNG (*.png)": ".png",
    "JPEG (*.jpg *.jpeg)": ".jpg",
    "TIFF (*.tif *.tiff)": ".tif",
    "WebP (*.webp)": ".webp",
    "AVIF (*.avif)": ".avif",
    "JPEG XL (*.jxl)": ".jxl",
    "Photoshop (*.psd)": ".psd",
    "Photoshop, large (*.psb)": ".psb",
}


def read_filter() -> str:
    """What the dialog for opening offers, for Qt."""

    def patterns(suffixes: Iterable[str]) -> str:
        return " ".join(f"*{suffix} *{suffix.upper()}" for suffix in suffixes)  # cameras shout

    everything = patterns((*storage.DOCUMENT_SUFFIXES, *READ_SUFFIXES))
    return (
        f"Pictures ({everything});;With layers ({patterns(storage.DOCUMENT_SUFFIXES)});;"
        f"Camera RAW ({patterns(RAW_SUFFIXES)});;All files (*)"
    )


def ask_what_to_open(parent: QWidget, folder: str) -> list[Path]:
    """The pictures chosen; none if the user thinks better of it."""
    names, _ = QFileDialog.getOpenFileNames(parent, "Open pictures", folder, read_filter())
    return [Path(name) for name in names]


def ask_where_to_save(
    parent: QWidget, document: Document, folder: str, suffix: str | None = None
) -> Path | None:
    """A name with a suffix that can be written, first offered in ``folder``; None to let it be.

    The format offered is ``suffix``'s or, if None, what suits the document.
    """
    suffix = suffix or suggested_suffix(document)
    filters = [text for text, ending in _SAVE_FILTERS.items() if can_write(Path(f"picture{ending}"))]
    chosen = next((text for text in filters if f"*{suffix}" in text), filters[0])
    start = str(Path(folder) / f"{document.path.stem if document.path else 'picture'}{suffix}")
    name, chosen = QFileDialog.getSaveFileName(parent, "Save as", start, ";;".join(filters), chosen)
    if not name:
        return None
    path = Path(name)
    return path if can_write(path) else path.with_name(path.name + _SAVE_FILTERS[chosen])


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


def ask_about_losses(parent: QWidget, path: Path, lost: list[str]) -> str | None:
    """What to do though the file would not keep all: "save", "ora" to save as OpenRaster instead, or None."""
    box = QMessageBox(parent)
    box.setWindowTitle("Lacuna")
    box.setText(f"{path.name} will not keep everything.")
    box.setInformativeText(_as_list("What is lost:", lost))
    save = box.addButton("Save", QMessageBox.ButtonRole.AcceptRole)
    ora = box.addButton("Save as .ora instead", QMessageBox.ButtonRole.ActionRole)
    cancel = box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(save)
    box.setEscapeButton(cancel)
    box.exec()
    return {save: "save", ora: "ora"}.get(box.clickedButton())


def _as_list(words: str, lines: Sequence[str]) -> str:
    """Rich text; the lines may hold anything, names of layers for one."""
    from html import escape  # the start does not wait for it

    shown = list(lines[:_MOST_LINES])
    if len(lines) > _MOST_LINES:
        shown.append(f"and {len(lines) - _MOST_LINES} more")
    items = "".join(f"<li>{escape(line)}</li>" for line in shown)
    return f'{words}<ul style="margin: 4px 0 0 -24px">{items}</ul>'


def what_was_lost(document: Document, path: Path, lost: list[str]) -> str:
    """One line on what a flat file that has just been saved does not keep, and how to keep it."""
    if has_layers(document):
        kept = _what_layers(document)
        return f"Saved {path.name} as one flat picture. Save as .ora to keep the {kept}."
    return f"Saved {path.name}. This format does not keep {' and '.join(lost)}."


def what_was_left_out(document: Document, notes: Sequence[str]) -> str:
    """One message on what a file has that could not be taken over."""
    shown = list(notes[:_MOST_NOTES])
    if len(notes) > _MOST_NOTES:
        shown.append(f"And {len(notes) - _MOST_NOTES} more")
    return f"Opened {title(document)}. {'. '.join(shown)}."


def _what_layers(document: Document) -> str:
    count = sum(not isinstance(layer, Group) for layer in walk(document.layers))
    if count > 1:
        return f"{count}\u00a0layers"
    if document.layers[0].mask is not None:
        return "layer mask"
    return "saved selections" if document.channels else "layers"


def ask_to_discard(parent: QWidget, name: str) -> bool:
    """Whether what was kept of a picture may go for good."""
    box = QMessageBox(parent)
    box.setWindowTitle("Lacuna")
    box.setText(f"Discard what was kept of {name}?")
    box.setInformativeText("It cannot be recovered afterwards.")
    discard = box.addButton("Discard", QMessageBox.ButtonRole.DestructiveRole)
    cancel = box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(cancel)
    box.setEscapeButton(cancel)
    box.exec()
    return box.clickedButton() is discard


def ask_to_save(parent: QWidget, document: Document) -> QMessageBox.StandardButton:
    """Save, Discard or Cancel, for a document with unsaved changes."""
    box = QMessageBox(parent)
    box.setWindowTitle("Lacuna")
    box.setText(f"Save the changes to {title(document)}?")
    box.setInformativeText("What you do not save is lost.")
    buttons = QMessageBox.StandardButton
    box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
    box.setDefaultButton(buttons.Save)
    for button in box.buttons():
        button.setIcon(QIcon())  # Qt's own are coloured
    return buttons(box.exec())


def show_about(parent: QWidget, version: str) -> None:
    QMessageBox.about(
        parent,
        "About Lacuna",
        f"<b>Lacuna {version}</b><p>Retouches photos on your own machine. Nothing leaves it.</p>"
        "<p>Apache License 2.0. Removal by MI-GAN (Sargsyan et al., 2023), MIT licence, Picsart AI "
        "Research. Built with Qt, NumPy, Pillow, OpenCV and ONNX Runtime.</p>",
    )


def title(document: Document) -> str:
    """What a document is called in tabs and questions."""
    return document.path.name if document.path is not None else "Untitled"


def why_not_opened(path: Path, error: Exception) -> str:
    """One line for the user."""
    if isinstance(error, FileError):
        return str(error)
    if isinstance(error, MemoryError):
        return f"There is not enough memory to open {path.name}."
    return f"{path.name} could not be opened: {error}"


def why_not_saved(path: Path, error: Exception) -> str:
    """One line for the user."""
    if isinstance(error, FileError):
        return str(error)
    if isinstance(error, MemoryError):
        return f"There is not enough memory to save {path.name}. Nothing was changed."
    return f"{path.name} could not be saved: {error}. Nothing was changed."
