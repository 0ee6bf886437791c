"""Lines about models in the words of the window: what is written for a terminal says what to press here."""

import re
from collections.abc import Iterable

from editor.ui.models.listing import Item
from editor.ui.words import number, tr, tr_composed
from engines.diffusion.collection import FAMILIES

_IMPORT = re.compile(r"python main\.py models import FILE")
_INSTALL = re.compile(r"python main\.py models install [\w.-]+")

VERDICTS = {"comfortable": "Comfortable", "tight": "Tight", "slow": "Slow", "no": "Too large"}
STATES = {
    "embedded": "Comes with Lacuna",
    "installed": "Installed",
    "damaged": "Damaged",
    "begun": "Paused",
    "missing": "Not installed",
    "own": "Bring your own",
    "plugged": "From a package",
    "broken": "Not used",
}
NO_LICENCE, RESEARCH = "no written licence", "research, non-commercial"  # as the catalogue has them


def here(words: str) -> str:
    """A line of an engine or of the store, translated, with buttons in the place of commands."""
    words = tr_composed(words)
    words = _IMPORT.sub(lambda _: f"“{tr('Add a file…')}”", words)
    return _INSTALL.sub(lambda _: f"“{tr('Install')}”", words)


def of_error(error: BaseException) -> str:
    """One line for what went wrong."""
    if isinstance(error, MemoryError):
        return tr("There is not enough memory for this.")
    if isinstance(error, OSError) and error.strerror:
        name = f"{error.filename}: " if error.filename else ""
        return f"{name}{error.strerror}."
    return here(str(error))


def trouble(item: Item) -> str:
    """What keeps it from being used though it is here, or from being used once it is; may be empty."""
    if item.state == "damaged" and item.embedded:
        return tr("It is damaged or was changed, so it is not used. Install Lacuna again to restore it.")
    if item.state == "damaged":
        return tr("It is damaged or was changed, so it is not used.")
    return here(item.lacking)


def size(amount: int) -> str:
    """ "206 MB", "6.9 GB"; of what no one tells a dash."""
    if not amount:
        return "–"
    if amount >= 1e9:
        return number(amount / 1e9, 1) + " GB"
    return number(max(amount / 1e6, 0.1), 1 if amount < 1e7 else 0) + " MB"


def time(seconds: float) -> str:
    """About how long: "40 s", "3 min", "1 h 20 min"."""
    if seconds < 60:
        return tr("{number} s").format(number=number(max(seconds, 1)))
    minutes = round(seconds / 60)
    if minutes < 60:
        return tr("{number} min").format(number=minutes)
    return tr("{hours} h {minutes} min").format(hours=minutes // 60, minutes=minutes % 60)


def licence(item: Item) -> str:
    """The names of its licences; of a checkpoint of the user's no one knows."""
    if not item.licences:
        return tr("As its authors say")
    return licences(item.licences)


def licences(names: Iterable[str]) -> str:
    """Licences as the catalogue has them: those that are no names are translated."""
    told = {NO_LICENCE: tr("No written licence"), RESEARCH: tr("research, non-commercial")}
    return ", ".join(told.get(each, each) for each in names)


def use(item: Item) -> str:
    if not item.licences:
        return tr("see where you had it")
    if any("OpenRAIL" in each for each in item.licences):
        return tr("within its limits of use")
    return tr("for any use") if item.commercial else tr("not for commercial use")


def note(item: Item) -> str:
    """What it is good at; of one of the user's, what it is."""
    found = item.checkpoint
    if item.source:
        return "\n".join(filter(None, (item.note, tr("Plug-in of {package}").format(package=item.source))))
    if item.beside is not None:
        words = tr_composed(item.note)
        return words[:1].upper() + words[1:]
    if found is None:
        return tr_composed(item.note)
    kind = tr("made to fill") if found.inpaints else tr("made to paint, fills as well")
    layout = tr("folder") if found.layout == "folder" else tr("single file")
    return f"{FAMILIES[found.family]}, {kind}, {found.side} × {found.side} px, {layout}"
