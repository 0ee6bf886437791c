"""What the window asks: which files to open, where to save, what to do with unsaved changes."""

from pathlib import Path

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from editor.document.files.errors import FileError
from editor.document.files.raster import READ_SUFFIXES, WRITE_SUFFIXES
from editor.document.model import Document

_READ_FILTER = "Pictures (" + " ".join("*" + suffix for suffix in READ_SUFFIXES) + ");;All files (*)"
_SAVE_FILTERS = {
    "PNG (*.png)": ".png",
    "JPEG (*.jpg *.jpeg)": ".jpg",
    "TIFF (*.tif *.tiff)": ".tif",
    "WebP (*.webp)": ".webp",
}


def ask_what_to_open(parent: QWidget, folder: str) -> list[Path]:
    """The pictures chosen; none if the user thinks better of it."""
    names, _ = QFileDialog.getOpenFileNames(parent, "Open pictures", folder, _READ_FILTER)
    return [Path(name) for name in names]


def ask_where_to_save(parent: QWidget, document: Document, folder: str) -> Path | None:
    """A name with a suffix that can be written, first offered in ``folder``; None to let it be."""
    old = document.path
    suffix = old.suffix.lower() if old is not None and can_write(old) else ".png"
    filters = list(_SAVE_FILTERS)
    chosen = next((text for text in filters if suffix in text), filters[0])
    start = str(Path(folder) / f"{old.stem if old else 'picture'}{suffix}")
    name, chosen = QFileDialog.getSaveFileName(parent, "Save as", start, ";;".join(filters), chosen)
    if not name:
        return None
    path = Path(name)
    return path if can_write(path) else path.with_name(path.name + _SAVE_FILTERS[chosen])


def can_write(path: Path) -> bool:
    """Whether the suffix names a format that pictures are saved in."""
    return path.suffix.lower() in WRITE_SUFFIXES


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
