"""The View menu."""

from editor.ui.commands import Command, Submenu

MENU = Submenu(
    "&View",
    (
        Command("Zoom &in", "view.zoom_in", ("Ctrl++", "Ctrl+="), "zoom-in"),
        Command("Zoom &out", "view.zoom_out", ("Ctrl+-",), "zoom-out"),
        Command("&Fit on screen", "view.fit", ("Ctrl+0",)),
        Command("&100 %", "view.zoom_to", ("Ctrl+1",), argument=1.0),
        Command("&200 %", "view.zoom_to", argument=2.0),
        None,
        Command("Turn the view to the &right", "view.turn_right"),
        Command("Turn the view to the &left", "view.turn_left"),
        Command("View &upright", "view.turn_upright", tip="Turn the view back"),
        None,
        Command(
            "Show the picture as it &was",
            "comparing.toggle_before",
            ("\\",),
            "before-after",
            "Hold to see the picture as it was when it was opened",
            checkable=True,
        ),
        Command(
            "&Split view",
            "comparing.toggle_columns",
            ("Shift+\\",),
            "split-view",
            "Before on the left of a line that can be dragged, now on the right of it",
            checkable=True,
        ),
        Command(
            "Split view, top and &bottom",
            "comparing.toggle_rows",
            tip="Before above a line that can be dragged, now below it",
            checkable=True,
        ),
        None,
        Command(
            "Selection and li&nes",
            "view.toggle_extras",
            ("Ctrl+H",),
            tip="Show or hide the selection and lines over the picture",
            checkable=True,
        ),
    ),
)
