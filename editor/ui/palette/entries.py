"""What the palette offers: every entry of the menus, and the pictures that are open."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QMenu

from editor.ui import dialogs, theme
from editor.ui.commands import plain, shown_keys
from editor.ui.palette.matching import Match, match, match_loosely
from editor.ui.words import tr

if TYPE_CHECKING:
    from editor.ui.window import Window

_ENGLISH_SHARE, _LOOSE_SHARE = 0.95, 0.6  # of the score, if not the title itself fits
_OWN = "command_palette.show"  # is what one has just done
_RECENT_BONUS = 6.0  # at most, for what was used last
_OFF_COST = 20.0  # for what cannot be done now


@dataclass(frozen=True)
class Entry:
    """One line. ``place`` is the menu it is in; ``english`` its title in English, which finds it in every
    language; ``tip`` a sentence about it, or nothing; ``reason`` why it cannot be done now, if it is
    known."""

    id: str
    title: str
    place: str
    english: str
    tip: str
    keys: str
    icon: QIcon
    enabled: bool
    reason: str
    run: Callable[[], object]


@dataclass(frozen=True)
class Found:
    """An entry that fits, and the letters of its title that were meant."""

    entry: Entry
    places: tuple[int, ...]


def collect(window: "Window") -> list[Entry]:
    """All there is at the moment, in the order of the menus."""
    entries = []
    for action in window.menuBar().actions():
        if action.menu() is not None:
            entries += _of_menu(action.menu(), (plain(action.text()),), window)
    return [*entries, *_of_documents(window)]


def _of_menu(menu: QMenu, path: tuple[str, ...], window: "Window", enabled: bool = True) -> Iterator[Entry]:
    menu.aboutToShow.emit()  # some are filled only then
    for action in menu.actions():
        if action.isSeparator():
            continue
        if action.menu() is not None:
            yield from _of_menu(action.menu(), (*path, _words(action)), window, action.isEnabled())
        elif (
            action.isVisible() and action.objectName() != _OWN and (action.isEnabled() or action.objectName())
        ):
            yield _of_action(action, path, window, enabled and action.isEnabled())


def _of_action(action: QAction, path: tuple[str, ...], window: "Window", enabled: bool) -> Entry:
    words, _, lent = action.text().partition("\t")
    title, place = plain(words), " › ".join(path)
    # Without a picture that is the reason of all; with one only the command itself knows.
    reason = tr("Open a picture first") if not enabled and window.document is None else ""
    return Entry(
        action.objectName() or f"{place} › {title}",
        title,
        place,
        action.property("english") or title,
        action.property("tip") or "",
        shown_keys(action) or lent,
        action.icon(),
        enabled,
        reason,
        action.trigger,
    )


def _words(action: QAction) -> str:
    return plain(action.text().partition("\t")[0])


def _of_documents(window: "Window") -> Iterator[Entry]:
    for index, document in enumerate(window.tabs.documents()):
        yield Entry(
            f"tab › {document.path or index}",
            dialogs.title(document),
            tr("Open pictures"),
            dialogs.title(document),
            "",
            "",
            theme.icon("image"),
            True,
            "",
            lambda index=index: window.tabs.setCurrentIndex(index),
        )


def find(entries: list[Entry], query: str, recent: list[str]) -> list[Found]:
    """What fits ``query``, the best first; with an empty one everything, first what was used last.

    ``recent`` holds the ids of what was used, the last first.
    """
    ranks = {entry_id: place for place, entry_id in enumerate(recent)}
    scored = []
    for place, entry in enumerate(entries):
        found = _match(query, entry)
        if found is None:
            continue
        score = found.score
        if entry.id in ranks:
            score += _RECENT_BONUS * (1 - ranks[entry.id] / len(recent))
        if query and not entry.enabled:
            score -= _OFF_COST
        scored.append((-score, place, Found(entry, found.places)))
    return [found for _, _, found in sorted(scored, key=lambda each: each[:2])]


def _match(query: str, entry: Entry) -> Match | None:
    """By its title; by its English one; or with the help of its menu's name, its tip and other words."""
    found = match(query, entry.title)
    if entry.english != entry.title:
        found = _better(found, match(query, entry.english), _ENGLISH_SHARE)
    names = entry.title if entry.english == entry.title else f"{entry.title} {entry.english}"
    return _better(found, match_loosely(query, f"{entry.place} {names}", entry.tip), _LOOSE_SHARE)


def _better(first: Match | None, second: Match | None, share: float) -> Match | None:
    """``second`` counts for less, and none of its letters stand in the title."""
    if second is None or (first is not None and first.score >= second.score * share):
        return first
    return Match(second.score * share, ())
