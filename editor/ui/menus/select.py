"""The Select menu."""

from editor.ui.commands import Command, Submenu

MENU = Submenu(
    "&Select",
    (
        Command("&All", "selecting.everything", ("Ctrl+A",), None, "Select all"),
        Command("&Deselect", "selecting.nothing", ("Ctrl+D",), "clear"),
        Command("&Reselect", "selecting.again", ("Ctrl+Shift+D",), tip="Select what was last deselected"),
        Command("&Invert", "selecting.invert", ("Ctrl+Shift+I",), "invert", "Invert the selection"),
        None,
        Command("Sub&ject", "finding.subject", (), None, "Select what the photograph is of"),
        Command("&Colour range…", "selecting.colour_range", tip="Select by colours or tones"),
        Command("Gr&ow by colour", "selecting.grow_by_colour", tip="Take in what is next to it and alike"),
        Command("Si&milar", "selecting.similar", tip="Take in what is coloured like the selection"),
        None,
        Submenu(
            "&Edge",
            (
                Command("&Grow…", "selecting.grow", (), None, "Move the selection's edge outwards"),
                Command("&Shrink…", "selecting.shrink", (), None, "Move the selection's edge inwards"),
                Command("&Border…", "selecting.border", (), None, "Select a band along the edge"),
                Command("S&mooth…", "selecting.smooth", (), None, "Round off corners, and drop specks"),
                Command("&Feather…", "selecting.feather", ("Shift+F6",), None, "Soften the selection's edge"),
            ),
        ),
        None,
        Command("Sa&ve selection…", "selecting.save", tip="Keep the selection in the picture under a name"),
        Command("&Load selection…", "selecting.load", tip="Select what was saved under a name"),
    ),
)
