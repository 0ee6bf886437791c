"""What the settings mean for a picture that is open."""

from collections.abc import Iterable

from editor import settings as kept
from editor.settings import Settings
from editor.ui import monitor
from editor.ui.canvas import Canvas

_MIB = 1 << 20


def to_canvas(settings: Settings, canvas: Canvas) -> None:
    """Show a picture, and keep its history, as the settings say."""
    number = int(settings.overlay_colour.removeprefix("#"), 16)
    colour = number >> 16, number >> 8 & 255, number & 255
    canvas.picture.set_veil(colour, settings.overlay_opacity)
    canvas.picture.set_budget(settings.cache_memory * _MIB)
    canvas.document.history.set_budgets(settings.history_memory * _MIB, settings.history_disk * _MIB)


def monitor_profile(settings: Settings, canvases: Iterable[Canvas]) -> None:
    """Another profile of the monitor was chosen: show every picture in its colours."""
    kept.save(
        settings
    )  # it is looked up in the file, for the first picture is made ready before the window is
    monitor.profile.cache_clear()
    for canvas in canvases:
        canvas.picture.reset()
        canvas.update()
