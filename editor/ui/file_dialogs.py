"""The system's own dialogs for files and, where it has none, Qt's in the look of the window."""

from pathlib import Path

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, QStandardPaths, QUrl
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QFileDialog,
    QFileSystemModel,
    QFrame,
    QHeaderView,
    QLayout,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QTreeView,
    QWidget,
)

from editor.document import storage
from editor.document.files.raster import READ_SUFFIXES
from editor.ui import theme

_SIZE = QSize(880, 560)
_SIDEBAR = 176
_COLUMNS = (96, 104, 168)  # size, type and date
_BUTTONS = {  # of Qt's dialog, by their names
    "backButton": "chevron-left",
    "forwardButton": "chevron-right",
    "toParentButton": "chevron-up",
    "newFolderButton": "folder-plus",
    "listModeButton": "list",
    "detailModeButton": "details",
}
_PICTURES = frozenset((*storage.DOCUMENT_SUFFIXES, *READ_SUFFIXES))


def ask_for_files(
    parent: QWidget, title: str, folder: str, filters: str, *, many: bool = False
) -> list[Path]:
    """Files that exist, one at most unless ``many``; none if the user thinks better of it.

    ``filters`` as Qt has them: "Pictures (*.png *.jpg);;All files (*)". Their names alone are shown.
    """
    dialog = _made(parent, title, folder, filters)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles if many else QFileDialog.FileMode.ExistingFile)
    return _answered(dialog)


def ask_for_folder(parent: QWidget, title: str, start: str) -> Path | None:
    """A folder that exists, looked for from ``start`` on; None if the user thinks better of it."""
    dialog = _made(parent, title, start, "")
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    folders = _answered(dialog)
    return folders[0] if folders else None


def ask_for_name(
    parent: QWidget, title: str, start: Path, filters: str, chosen: str = "", suffix: str = ""
) -> tuple[Path | None, str]:
    """Where to write, ``start`` at first, and the filter that was chosen; None to let it be.

    A name without a suffix gets ``suffix``, ".png" say, if there is one.
    """
    dialog = _made(parent, title, str(start.parent), filters)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    if suffix:
        dialog.setDefaultSuffix(suffix.removeprefix("."))
    if chosen:
        dialog.selectNameFilter(chosen)
    dialog.selectFile(start.name)
    files = _answered(dialog)
    return (files[0] if files else None), dialog.selectedNameFilter()


def _made(parent: QWidget, title: str, folder: str, filters: str) -> QFileDialog:
    dialog = QFileDialog(parent, title, folder)
    dialog.setOption(QFileDialog.Option.HideNameFilterDetails)
    dialog.setNameFilters(filters.split(";;"))
    tree = dialog.findChild(QTreeView, "treeView")
    if tree is not None:  # it is Qt's own
        _dress(dialog, tree)
    return dialog


def _answered(dialog: QFileDialog) -> list[Path]:
    box = dialog.findChild(QDialogButtonBox, "buttonBox")
    if box is not None:  # its buttons are another's with each mode
        for button in box.buttons():
            button.setIcon(QIcon())  # Qt's own are coloured
            if box.buttonRole(button) == QDialogButtonBox.ButtonRole.AcceptRole:
                theme.make_primary(button)
    accepted = dialog.exec()
    dialog.deleteLater()
    return [Path(name) for name in dialog.selectedFiles()] if accepted else []


# -- the look of Qt's own -------------------------------------------------------------------------------


def _dress(dialog: QFileDialog, tree: QTreeView) -> None:
    """Give the dialog the icons, the columns and the margins of this program."""
    for name, icon in _BUTTONS.items():
        button = dialog.findChild(QToolButton, name)
        button.setIcon(theme.icon(icon))
        button.setIconSize(QSize(theme.ICON, theme.ICON))
        button.setFixedSize(28, 28)
    icons = _Icons(dialog)
    lists = [tree, *(dialog.findChild(QListView, name) for name in ("listView", "sidebar"))]
    for view in lists:
        view.setItemDelegate(icons)
        view.setIconSize(QSize(theme.ICON, theme.ICON))
        view.setFrameShape(QFrame.Shape.NoFrame)
    dialog.findChild(QComboBox, "lookInCombo").setIconSize(QSize(0, 0))  # they would be the system's
    dialog.setViewMode(QFileDialog.ViewMode.Detail)
    header = tree.header()
    header.setStretchLastSection(False)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    for column, width in enumerate(_COLUMNS, start=1):
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
        header.resizeSection(column, width)
    layout = dialog.layout()
    layout.setSizeConstraint(QLayout.SizeConstraint.SetDefaultConstraint)
    layout.setContentsMargins(16, 16, 16, 16)
    layout.setSpacing(8)
    dialog.setSidebarUrls(_places())
    dialog.resize(_SIZE)
    splitter = dialog.findChild(QFrame, "splitter")
    splitter.setSizes([_SIDEBAR, _SIZE.width() - _SIDEBAR])


def _places() -> list[QUrl]:
    """The folders at the side: those of the user that there are, and the whole computer."""
    location = QStandardPaths.StandardLocation
    kinds = (
        location.HomeLocation,
        location.DesktopLocation,
        location.PicturesLocation,
        location.DocumentsLocation,
        location.DownloadLocation,
    )
    paths = dict.fromkeys(QStandardPaths.writableLocation(kind) for kind in kinds)
    return [*(QUrl.fromLocalFile(path) for path in paths if Path(path).is_dir()), QUrl("file:")]


class _Icons(QStyledItemDelegate):
    """Our own icons for folders, pictures and other files. (An icon provider would be asked for them in
    another thread.)"""

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        if index.column() == 0:
            option.icon = theme.icon(_icon_of(index))

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return super().sizeHint(option, index).expandedTo(QSize(0, 28))


def _icon_of(index: QModelIndex | QPersistentModelIndex) -> str:
    model = index.model()
    if not isinstance(model, QFileSystemModel) or model.isDir(index):
        return "folder"  # the places at the side are folders, too
    return "image" if Path(model.fileName(index)).suffix.lower() in _PICTURES else "file"
