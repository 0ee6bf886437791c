"""The Fill menu."""

from editor.ui.commands import Command, Submenu

MENU = Submenu(
    "F&ill",
    (
        Command(
            "Fill with &words…",
            "prompting.start",
            ("Ctrl+Shift+F",),
            "prompt",
            "Fill what is selected with what you describe",
        ),
        Command(
            "E&xpand with words…",
            "prompting.expand",
            (),
            "expand",
            "Make the picture larger, and paint what is new",
        ),
        None,
        Command("&Remove", "removing.start", (), "remove", "Remove what is selected (Enter)"),
        Command(
            "Make &variations",
            "removing.vary",
            ("Ctrl+Enter", "Ctrl+Return"),
            "candidates",
            "Remove what is selected in several ways, and choose",
        ),
        Command(
            "&Find lines",
            "removing.find_lines",
            ("Shift+Enter", "Shift+Return"),
            "line-find",
            "Find the lines that lead into what is selected; Remove follows them",
        ),
        None,
        Command(
            "&Change fill…",
            "removing.change",
            (),
            "rerun",
            "Change how the chosen layer was filled (double click on its thumbnail)",
        ),
    ),
)
