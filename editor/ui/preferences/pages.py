"""The pages of the Preferences but those for engines and the keyboard. What is chosen is in force at once,
but for the language."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QWidget,
)

from editor import settings
from editor.ui import language, theme, units
from editor.ui.preferences import apply
from editor.ui.preferences.rows import Page, choice
from editor.ui.preferences.swatches import OverlayColours
from editor.ui.slider import NumberSlider
from editor.ui.words import tr

if TYPE_CHECKING:
    from editor.ui.window import Window

_MEMORY = (256, 512, 1024, 2048, 4096, 8192, 16384)  # MiB
_DISK = (0, 1024, 4096, 8192, 16384, 65536)
_CACHE = (128, 256, 512, 1024, 2048)
_MOST_PROFILE = 4 << 20  # bytes


def general(window: "Window") -> Page:
    """Units, language, recent pictures."""
    chosen = window.settings
    page = Page(tr("General"))
    page.add_row(
        tr("Units"),
        choice(units.names(), chosen.units, lambda value: setattr(chosen, "units", value)),
        tr("Of sizes in dialogs. How large a pixel is, the picture’s resolution says."),
    )
    languages = (("", tr("The system’s")), *language.LANGUAGES.items())
    page.add_row(
        tr("Language"),
        choice(languages, chosen.language, lambda value: setattr(chosen, "language", value)),
        tr("Lacuna speaks it from the next start on."),
    )
    forget = QPushButton(tr("Clear the list"))
    forget.setEnabled(bool(chosen.recent))

    def clear() -> None:
        chosen.recent = []
        forget.setEnabled(False)

    forget.clicked.connect(clear)
    page.add_row(tr("Recent pictures"), forget, tr("The pictures themselves stay where they are."))
    page.finish()
    return page


def interface(window: "Window") -> Page:
    """Theme, and how a selection lies over the picture."""
    chosen = window.settings
    page = Page(tr("Interface"))

    def take_theme(value: str) -> None:
        chosen.theme = value
        theme.apply(QApplication.instance(), value)

    page.add_row(
        tr("Theme"),
        choice(
            (("dark", tr("Dark")), ("light", tr("Light")), ("system", tr("The system’s"))),
            chosen.theme,
            take_theme,
        ),
    )
    colours = OverlayColours(chosen.overlay_colour)

    def take_colour(value: str) -> None:
        chosen.overlay_colour = value
        _show(window)

    colours.chosen.connect(take_colour)
    page.add_row(
        tr("Selection’s colour"),
        colours,
        tr("Of what is selected, over the picture. All but the first are told apart by every eye."),
    )
    low, high = settings.OVERLAY_OPACITY
    opacity = NumberSlider(
        "",
        low * 100,
        high * 100,
        value=chosen.overlay_opacity * 100,
        default=settings.Settings.overlay_opacity * 100,
        suffix="%",
    )
    opacity.setFixedWidth(256)

    def take_opacity(value: float) -> None:
        chosen.overlay_opacity = value / 100
        _show(window)

    opacity.changed.connect(take_opacity)
    page.add_row(tr("Selection’s opacity"), opacity)
    page.finish()
    return page


def performance(window: "Window") -> Page:
    """Memory and disk for the history, memory for drawing."""
    chosen = window.settings
    page = Page(tr("Performance"))

    def take(name: str) -> Callable[[int], None]:
        def took(value: int) -> None:
            setattr(chosen, name, value)
            _show(window)

        return took

    page.add_row(
        tr("History in memory"),
        _sizes(_MEMORY, chosen.history_memory, take("history_memory")),
        tr("For each open picture. Older steps go to the disk."),
    )
    page.add_row(
        tr("History on disk"),
        _sizes(_DISK, chosen.history_disk, take("history_disk")),
        tr("For each open picture. Beyond that the oldest steps are forgotten."),
    )
    page.add_row(
        tr("Memory for drawing"),
        _sizes(_CACHE, chosen.cache_memory, take("cache_memory")),
        tr("For each open picture. More makes moving about in large pictures smoother."),
    )
    page.finish()
    return page


def colour(window: "Window") -> Page:
    """The monitor's profile."""
    chosen = window.settings
    page = Page(tr("Colour"))
    box = QComboBox()
    box.setMinimumWidth(240)
    browse = QPushButton(tr("Choose a file…"))
    both = QWidget()
    line = QHBoxLayout(both)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(8)
    line.addWidget(box)
    line.addWidget(browse)

    def show() -> None:
        box.clear()
        box.addItem(tr("What the system says"), "")
        if chosen.display_profile:
            box.addItem(Path(chosen.display_profile).name, chosen.display_profile)
        box.setCurrentIndex(box.findData(chosen.display_profile))

    def take(path: str) -> None:
        if path != chosen.display_profile:
            chosen.display_profile = path
            apply.monitor_profile(window.settings, window.tabs.canvases())

    def ask() -> None:
        from editor.ui import file_dialogs

        files = file_dialogs.ask_for_files(
            page,
            tr("Choose the monitor’s profile"),
            str(Path.home()),
            f"{tr('Profiles')} (*.icc *.icm *.ICC *.ICM)",
        )
        if files and (trouble := _trouble(files[0])):
            words.setText(trouble)
        elif files:
            take(str(files[0]))
            words.setText(hint)
            show()

    hint = tr("Pictures are shown in its colours. Files are not changed by it.")
    show()
    box.activated.connect(lambda place: take(box.itemData(place)))
    browse.clicked.connect(ask)
    box.setAccessibleName(tr("Monitor’s profile"))
    words = page.add_row(tr("Monitor’s profile"), both, hint)
    page.finish()
    return page


def recovery(window: "Window") -> Page:
    """Whether open pictures are kept for after a crash."""
    chosen = window.settings
    page = Page(tr("Recovery"))
    switch = QCheckBox(tr("Keep open pictures on the disk while I work"))
    switch.setChecked(chosen.recovery)

    def take(on: bool) -> None:
        chosen.recovery = on
        window.recovery.set_enabled(on, window.tabs.documents())

    switch.clicked.connect(take)
    page.add_row(
        tr("After a crash"),
        switch,
        tr(
            "After a crash or a power cut Lacuna offers each picture again, with its layers and its history. "
            "What is kept of a picture goes when you close it."
        ),
    )
    page.finish()
    return page


def _show(window: "Window") -> None:
    for canvas in window.tabs.canvases():
        apply.to_canvas(window.settings, canvas)


def _sizes(sizes: tuple[int, ...], value: int, chosen: Callable[[int], None]) -> QComboBox:
    return choice(((size, size_words(size)) for size in sizes), value, chosen, size_words(value))


def size_words(mebibytes: int) -> str:
    """ "512 MB", "4 GB"."""
    if mebibytes == 0:
        return tr("None")
    return f"{mebibytes / 1024:g} GB" if mebibytes >= 1024 else f"{mebibytes} MB"


def _trouble(path: Path) -> str:
    """What is wrong with a profile, in one line; empty if nothing is."""
    from editor.document import icc

    try:
        content = path.read_bytes() if path.stat().st_size <= _MOST_PROFILE else b""
        if icc.space(content) == "RGB":
            return ""
    except OSError:
        return tr("{name} cannot be read.").format(name=path.name)
    except ValueError:
        pass
    return tr("{name} is no profile of a monitor.").format(name=path.name)
