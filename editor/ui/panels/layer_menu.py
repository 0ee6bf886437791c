"""The menu over a row of the layers panel, and the one over a mask, made of the window's actions."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

# None is a line.
_ROW = (
    "layers.rename",
    "layers.duplicate",
    "layers.delete",
    None,
    "layers.new_group",
    "layers.ungroup",
    "layers.toggle_clipping",
    None,
    "layers.add_mask",
    "layers.select_pixels",
    "layers.make_again",
    None,
    "layers.merge_down",
    "layers.merge_visible",
    "layers.flatten",
)
_MASK = (
    "layers.edit_mask",
    "panels.mask_view.toggle",
    "layers.toggle_mask",
    "layers.invert_mask",
    "layers.feather_mask",
    "layers.select_mask",
    None,
    "layers.apply_mask",
    "layers.delete_mask",
)
_ONLY_IF_POSSIBLE = ("layers.ungroup", "layers.make_again")


def make_menu(actions: dict[str, QAction], on_mask: bool, parent: QWidget) -> QMenu:
    """A menu for the chosen layer, or for its mask, that goes when it is closed."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for name in _MASK if on_mask else _ROW:
        if name is None:
            menu.addSeparator()
        elif name in actions and (actions[name].isEnabled() or name not in _ONLY_IF_POSSIBLE):
            menu.addAction(actions[name])
    return menu
