"""The window's menus, a module for each, as tables of commands."""

from editor.ui.menus import edit, file, fill, help, image, layer, select, tools, view, window

MENUS = (
    file.MENU,
    edit.MENU,
    image.MENU,
    layer.MENU,
    select.MENU,
    tools.MENU,
    fill.MENU,
    view.MENU,
    window.MENU,
    help.MENU,
)
