"""The Portrait menu."""

from editor.ui.commands import Command, Submenu

MENU = Submenu(
    "&Portrait",
    (
        Command(
            "&Sketch a face",
            "portrait.start",
            (),
            "portrait",
            "Find the faces, and show the sketch of one to change it",
        ),
        Command(
            "&Change the face",
            "portrait.run",
            (),
            "pen-sketch",
            "Have the photograph follow the sketch of its face (Enter)",
        ),
    ),
)
