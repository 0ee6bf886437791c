"""The Window menu."""

from editor.ui.commands import Command, Submenu
from editor.ui.panels.docks import PANELS, Panel


def _toggle(panel: Panel) -> Command:
    return Command(
        panel.title,
        "panels.docks.toggle",
        (panel.keys,) if panel.keys else (),
        tip="Show this panel, or close it",
        needs_document=False,
        checkable=True,
        argument=panel.id,
    )


MENU = Submenu(
    "&Window",
    (
        *map(_toggle, PANELS),
        None,
        Command("&Reset panels", "panels.docks.reset", (), None, "Every panel in its first place", False),
        None,
        Command(
            "&Hide bars and panels",
            "screen.toggle_all",
            ("Tab",),
            tip="Nothing but the picture, or everything again (Tab, over the picture)",
            needs_document=False,
            checkable=True,
        ),
        Command(
            "Hide &panels",
            "screen.toggle_panels",
            ("Shift+Tab",),
            tip="The picture and its tools, or the panels again",
            needs_document=False,
            checkable=True,
        ),
        Command(
            "&Full screen",
            "screen.cycle",
            ("F", "F11"),
            tip="Full screen with the menus, then the picture alone, then the window again",
            needs_document=False,
            checkable=True,
        ),
        None,
        Command(
            "&Next area",
            "screen.next_area",
            ("F6",),
            tip="Give the keyboard to the options, a panel or the picture",
            needs_document=False,
        ),
    ),
)
