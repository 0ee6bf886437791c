"""The window's actions: their words, shortcuts and icons, in one table, and the menus made of them."""

from dataclasses import dataclass
from operator import attrgetter

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from editor.ui import theme

Keys = QKeySequence.StandardKey


@dataclass(frozen=True)
class Command:
    """One entry of a menu. ``slot`` names what it calls: a method of the window, or of one of its parts."""

    text: str
    slot: str
    keys: tuple[str | QKeySequence.StandardKey, ...] = ()
    icon: str | None = None
    tip: str = ""
    needs_document: bool = True
    checkable: bool = False


@dataclass(frozen=True)
class Submenu:
    """A menu within a menu: of its own entries, or one that the window has as ``attribute``."""

    text: str
    commands: "tuple[Command | Submenu | None, ...]" = ()
    attribute: str = ""


MENUS = (
    Submenu(
        "&File",
        (
            Command("&Open…", "open_dialog", (Keys.Open,), "open", needs_document=False),
            Command("&Save", "save", (Keys.Save,), "save"),
            Command("Save &As…", "save_as", ("Ctrl+Shift+S",)),
            None,
            Command("&Close", "close_current", ("Ctrl+W",)),
            Command("&Quit", "close", ("Ctrl+Q",), needs_document=False),
        ),
    ),
    Submenu(
        "&Edit",
        (
            Command("&Undo", "undo", (Keys.Undo,), "undo"),
            Command("&Redo", "redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo"),
        ),
    ),
    Submenu(
        "&Image",
        (
            Submenu(
                "&Mode",
                (
                    Command("&8 bits per channel", "image.to_8_bits", checkable=True),
                    Command("&16 bits per channel", "image.to_16_bits", checkable=True),
                ),
            ),
            None,
            Command("Rotate 90° to the &right", "image.rotate_right"),
            Command("Rotate 90° to the &left", "image.rotate_left"),
            Command("Rotate 1&80°", "image.rotate_half"),
            Command("Flip &horizontally", "image.flip_horizontally"),
            Command("Flip &vertically", "image.flip_vertically"),
        ),
    ),
    Submenu(
        "&Layer",
        (
            Command("&New layer", "layers.new_layer", ("Ctrl+Shift+N",), "new-layer"),
            Submenu("New &adjustment layer", attribute="adjustment_menu"),
            Command("&Duplicate layer", "layers.duplicate", ("Ctrl+J",), "duplicate"),
            Command("Dele&te layer", "layers.delete", (), "trash", "Delete layer (Delete, in the list)"),
            None,
            Command("&Group layers", "layers.new_group", ("Ctrl+G",), "folder-plus"),
            Command("&Ungroup layers", "layers.ungroup", ("Ctrl+Shift+G",)),
            None,
            Command("Add layer &mask", "layers.add_mask", (), "mask", "Add a layer mask from the selection"),
            Command("A&pply layer mask", "layers.apply_mask"),
            Command("Disa&ble layer mask", "layers.toggle_mask", (), None, "Shift+click on the mask"),
            Command("Delete layer mas&k", "layers.delete_mask"),
            Command("&Clip to layer below", "layers.toggle_clipping", ("Ctrl+Alt+G",)),
            Command("&Hide layer", "layers.toggle_visible", ("Ctrl+,",)),
            Command("&Lock layer", "layers.toggle_lock", ("Ctrl+/",), "lock"),
            None,
            Command("M&erge down", "layers.merge_down", ("Ctrl+E",), "merge-down"),
            Command("Merge &visible", "layers.merge_visible", ("Ctrl+Shift+E",)),
            Command("&Flatten picture", "layers.flatten"),
        ),
    ),
    Submenu(
        "&Select",
        (
            Command("&All", "selecting.everything", ("Ctrl+A",), None, "Select all"),
            Command("&Deselect", "selecting.nothing", ("Ctrl+D",), "clear"),
            Command("&Invert", "selecting.invert", ("Ctrl+Shift+I",), "invert", "Invert the selection"),
            None,
            Command("&Grow…", "selecting.grow", (), None, "Move the selection's edge outwards"),
            Command("&Shrink…", "selecting.shrink", (), None, "Move the selection's edge inwards"),
            Command("&Feather…", "selecting.feather", ("Shift+F6",), None, "Soften the selection's edge"),
            None,
            Command("&Brush", "tools.use_brush", ("B",), "brush", "Brush over what should go", False),
            Command("&Lasso", "tools.use_lasso", ("L",), "lasso", "Draw around what should go", False),
            Command(
                "&Polygon",
                "tools.use_polygon",
                ("P",),
                "polygon",
                "Click corners around what should go",
                False,
            ),
            Command("Smaller brush", "tools.smaller_brush", ("[",), needs_document=False),
            Command("Larger brush", "tools.larger_brush", ("]",), needs_document=False),
        ),
    ),
    Submenu("F&ill", (Command("&Remove", "remove", (), "remove", "Remove what is selected (Enter)"),)),
    Submenu(
        "&View",
        (
            Command("Zoom &in", "zoom_in", ("Ctrl++", "Ctrl+="), "zoom"),
            Command("Zoom &out", "zoom_out", ("Ctrl+-",)),
            Command("&Fit on screen", "fit", ("Ctrl+0",)),
            Command("&100 %", "actual_size", ("Ctrl+1",)),
        ),
    ),
    Submenu("&Help", (Command("&About Lacuna", "about", needs_document=False),)),
)


def make_actions(window: QMainWindow) -> dict[str, QAction]:
    """Fill the window's menu bar; the actions by the name of their slot."""
    actions: dict[str, QAction] = {}
    for menu in MENUS:
        _fill(window.menuBar().addMenu(menu.text), menu.commands, window, actions)
    return actions


def _fill(menu: QMenu, commands: tuple, window: QMainWindow, actions: dict[str, QAction]) -> None:
    for command in commands:
        if command is None:
            menu.addSeparator()
        elif isinstance(command, Command):
            actions[command.slot] = _make(command, menu, window)
        elif command.attribute:
            menu.addMenu(getattr(window, command.attribute))
        else:
            _fill(menu.addMenu(command.text), command.commands, window, actions)


def _make(command: Command, menu: QMenu, window: QMainWindow) -> QAction:
    action = menu.addAction(command.text)
    action.setShortcuts([QKeySequence(keys) for keys in command.keys])
    action.setProperty("needsDocument", command.needs_document)
    action.setCheckable(command.checkable)
    plain = command.text.replace("&", "").rstrip("…")
    shown = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    tip = command.tip or plain
    action.setToolTip(f"{tip} ({shown})" if shown else tip)
    if command.icon is not None:
        action.setIcon(theme.icon(command.icon))
        action.setIconVisibleInMenu(False)
    action.triggered.connect(lambda _=False: attrgetter(command.slot)(window)())
    return action
