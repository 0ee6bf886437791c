"""The Edit menu."""

from editor.ui.commands import Command, Keys, Submenu

MENU = Submenu(
    "&Edit",
    (
        Command("&Undo", "undo", (Keys.Undo,), "undo"),
        Command("&Redo", "redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo"),
        None,
        Command("Cu&t", "edit.cut", (Keys.Cut,), tip="Cut out what is selected"),
        Command("&Copy", "edit.copy", (Keys.Copy,), tip="Copy what is selected of the layer"),
        Command(
            "Copy &merged", "edit.copy_merged", ("Ctrl+Shift+C",), tip="Copy what is selected of all layers"
        ),
        Command("&Paste", "edit.paste", (Keys.Paste,), tip="Paste as a new layer"),
        Command("Paste in p&lace", "edit.paste_in_place", ("Ctrl+Shift+V",), tip="Paste where it was copied"),
        Command(
            "Cl&ear",
            "edit.clear",
            (Keys.Delete, "Backspace"),
            tip="Clear what is selected; with nothing selected, delete the layer",
        ),
        None,
        Command("F&ill…", "edit.fill", ("Shift+F5",), "bucket", "Fill the layer, or what is selected"),
        Command(
            "Fill with fore&ground",
            "edit.fill_foreground",
            ("Alt+Backspace",),
            tip="Fill with the foreground colour",
        ),
        Command(
            "Fill with &background",
            "edit.fill_background",
            ("Ctrl+Backspace",),
            tip="Fill with the background colour",
        ),
        None,
        Command(
            "&Free transform",
            "edit.free_transform",
            ("Ctrl+T",),
            "transform",
            "Scale, turn, distort and move the layer",
        ),
        None,
        Command("Comman&d palette…", "command_palette.show", ("Ctrl+K",), "search", "Find a command", False),
        Command(
            "M&odels…",
            "models.show",
            ("Ctrl+Shift+M",),
            "engine",
            "See which models there are, get them, and add your own",
            False,
        ),
        Command("Prefere&nces…", "preferences.show", ("Ctrl+,",), "settings", needs_document=False),
    ),
)
