"""The window's actions: their words, shortcuts and icons, in one table, and the menus made of them."""

from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from editor.ui import theme

Keys = QKeySequence.StandardKey


@dataclass(frozen=True)
class Command:
    """One entry of a menu. ``slot`` names the window's method that it calls."""

    text: str
    slot: str
    keys: tuple[str | QKeySequence.StandardKey, ...] = ()
    icon: str | None = None
    tip: str = ""
    needs_document: bool = True


MENUS: dict[str, tuple[Command | None, ...]] = {
    "&File": (
        Command("&Open…", "open_dialog", (Keys.Open,), "open", needs_document=False),
        Command("&Save", "save", (Keys.Save,), "save"),
        Command("Save &As…", "save_as", ("Ctrl+Shift+S",)),
        None,
        Command("&Close", "close_current", ("Ctrl+W",)),
        Command("&Quit", "close", ("Ctrl+Q",), needs_document=False),
    ),
    "&Edit": (
        Command("&Undo", "undo", (Keys.Undo,), "undo"),
        Command("&Redo", "redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo"),
    ),
    "&Mask": (
        Command("&Brush", "use_brush", ("B",), "brush", "Brush over what should go", False),
        Command("&Lasso", "use_lasso", ("L",), "lasso", "Draw around what should go", False),
        Command("&Polygon", "use_polygon", ("P",), "polygon", "Click corners around what should go", False),
        None,
        Command("&Clear mask", "clear_mask", ("Ctrl+D",), "clear"),
        Command("&Invert mask", "invert_mask", ("Ctrl+Shift+I",), "invert"),
        None,
        Command("Smaller brush", "smaller_brush", ("[",), needs_document=False),
        Command("Larger brush", "larger_brush", ("]",), needs_document=False),
    ),
    "F&ill": (Command("&Remove", "remove", (), "remove", "Remove what is masked (Enter)"),),
    "&View": (
        Command("Zoom &in", "zoom_in", ("Ctrl++", "Ctrl+="), "zoom"),
        Command("Zoom &out", "zoom_out", ("Ctrl+-",)),
        Command("&Fit on screen", "fit", ("Ctrl+0",)),
        Command("&100 %", "actual_size", ("Ctrl+1",)),
    ),
    "&Help": (Command("&About Lacuna", "about", needs_document=False),),
}


def make_actions(window: QMainWindow) -> dict[str, QAction]:
    """Fill the window's menu bar; the actions by the name of their slot."""
    actions: dict[str, QAction] = {}
    for title, commands in MENUS.items():
        menu: QMenu = window.menuBar().addMenu(title)
        for command in commands:
            if command is None:
                menu.addSeparator()
                continue
            action = menu.addAction(command.text)
            action.setShortcuts([QKeySequence(keys) for keys in command.keys])
            action.setProperty("needsDocument", command.needs_document)
            plain = command.text.replace("&", "").rstrip("…")
            shown = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            tip = command.tip or plain
            action.setToolTip(f"{tip} ({shown})" if shown else tip)
            if command.icon is not None:
                action.setIcon(theme.icon(command.icon))
                action.setIconVisibleInMenu(False)
            action.triggered.connect(getattr(window, command.slot))
            actions[command.slot] = action
    return actions
