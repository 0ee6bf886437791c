"""How well a few letters fit a name."""

from dataclasses import dataclass

_PREFIX, _WORD, _INSIDE, _SCATTERED = 100.0, 80.0, 60.0, 40.0
_JUMP_COST = 1.0  # for going on at the beginning of a later word
_SKIP_COST = 4.0  # for each letter of a word that is passed over
_LEAST = 20.0  # of a scattered match: below, hardly anyone means it
_LENGTH_COST = 0.1  # the shorter of two names that fit is meant


@dataclass(frozen=True)
class Match:
    """``score`` is higher the better; ``places`` are the letters of the name that were meant."""

    score: float
    places: tuple[int, ...]


def match(query: str, name: str, *, scattered: bool = True) -> Match | None:
    """How ``name`` fits; None if a word of ``query`` is not in it, not even, if ``scattered``, as a few of
    its letters in order.

    Case does not matter. An empty query fits everything equally.
    """
    low = name.lower()
    if len(low) != len(name):  # a few letters grow in lower case, and places would be off
        low = name
    score, places = 0.0, []
    words = query.lower().split()
    for word in words:
        found = _word(word, low, scattered)
        if found is None:
            return None
        score += found.score
        places += found.places
    if words:
        score = score / len(words) - _LENGTH_COST * len(name)
    return Match(score, tuple(sorted(set(places))))


def _word(word: str, name: str, scattered: bool) -> Match | None:
    at = name.find(word)
    if at < 0:
        return _scattered(word, name) if scattered else None
    at_word = next((place for place in _starts(name) if name.startswith(word, place)), None)
    if name.startswith(word):
        score, at = _PREFIX, 0
    elif at_word is not None:
        score, at = _WORD, at_word
    else:
        score = _INSIDE
    return Match(score, tuple(range(at, at + len(word))))


def _starts(name: str) -> list[int]:
    """Where words begin."""
    return [place for place in range(len(name)) if not place or not name[place - 1].isalnum()]


def _scattered(word: str, name: str) -> Match | None:
    """The letters of ``word`` in their order, the first at the beginning of a word of ``name``."""
    best: Match | None = None
    starts = _starts(name)
    for start in starts:
        if name[start : start + 1] != word[:1]:
            continue
        found = _from(start, word, name, starts)
        if found is not None and (best is None or found.score > best.score):
            best = found
    return best


def _from(start: int, word: str, name: str, starts: list[int]) -> Match | None:
    """Each letter follows the one before, or else begins a later word, or else comes later in the same."""
    score, places, at = _SCATTERED, [start], start
    for letter in word[1:]:
        if name[at + 1 : at + 2] == letter:
            at += 1
        elif (
            jump := next((place for place in starts if place > at and name[place] == letter), None)
        ) is not None:
            at = jump
            score -= _JUMP_COST
        else:
            found = name.find(letter, at + 1)
            if found < 0:
                return None
            score -= _SKIP_COST * (found - at - 1)
            at = found
        places.append(at)
    return Match(score, tuple(places)) if score >= _LEAST else None
