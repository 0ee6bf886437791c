"""The Image menu."""

from editor.ui.commands import Command, Submenu

MENU = Submenu(
    "&Image",
    (
        Submenu(
            "&Mode",
            (
                Command("&8 bits per channel", "image.to_8_bits", checkable=True),
                Command("&16 bits per channel", "image.to_16_bits", checkable=True),
                None,
                Command(
                    "&Assign profile…",
                    "image.assign_profile",
                    tip="Say what the colours mean, without changing them",
                ),
                Command(
                    "&Convert to profile…",
                    "image.convert_profile",
                    tip="Change the colours so that they look the same in another profile",
                ),
            ),
        ),
        None,
        Command(
            "&Image size…", "image.image_size", ("Ctrl+Alt+I",), None, "Make the picture larger or smaller"
        ),
        Command(
            "&Enlarge with detail…",
            "image.enlarge",
            tip="Make the picture larger and add the detail that a larger one would have had",
        ),
        Command(
            "Canvas &size…", "image.canvas_size", ("Ctrl+Alt+C",), None, "Room around the picture, or less"
        ),
        Command("&Crop to selection", "image.crop", tip="Cut the picture to what is selected"),
        Command("&Trim…", "image.trim", tip="Cut off edges with nothing on them"),
        Command("Re&veal all", "image.reveal", tip="Make room for all that layers have beyond the canvas"),
        None,
        Submenu(
            "R&otate",
            (
                Command("Rotate 90° to the &right", "image.rotate_right", (), "rotate-right"),
                Command("Rotate 90° to the &left", "image.rotate_left", (), "rotate-left"),
                Command("Rotate 1&80°", "image.rotate_half"),
                Command("&By an angle…", "image.rotate_by", tip="Turn the picture by any angle"),
            ),
        ),
        Command("Flip &horizontally", "image.flip_horizontally", (), "flip-horizontal"),
        Command("Flip verticall&y", "image.flip_vertically", (), "flip-vertical"),
    ),
)
