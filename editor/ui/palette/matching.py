"""How well a few letters fit a name."""

from dataclasses import dataclass

from editor.ui.palette.synonyms import FILLERS, meant

_EXACT = 120.0
_PREFIX, _WORD, _INSIDE, _SCATTERED = 100.0, 80.0, 60.0, 40.0
_IN_TIP = 40.0
_SYNONYM_SHARE = 0.9
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

    Case, the order of the words and those that only fill a sentence do not matter. An empty query fits
    everything equally.
    """
    low = name.lower()
    if len(low) != len(name):  # a few letters grow in lower case, and places would be off
        low = name
    score, places = 0.0, []
    words = meaningful(query)
    for word in words:
        found = _word(word, low, scattered)
        if found is None:
            return None
        score += found.score
        places += found.places
    if words:
        is_exact = query.lower().split() == low.split()
        score = (_EXACT if is_exact else score / len(words)) - _LENGTH_COST * len(name)
    return Match(score, tuple(sorted(set(places))))


def match_loosely(query: str, title: str, tip: str) -> Match | None:
    """How a line fits whose ``title`` is its name with all that leads to it, and whose ``tip`` is a sentence
    about it; None if a word of ``query`` is in neither, nor what else it can mean."""
    title, tip = title.lower(), tip.lower()
    scores = [_loose_word(word, title, tip) for word in meaningful(query)]
    if not scores or None in scores:
        return None
    return Match(sum(scores) / len(scores) - _LENGTH_COST * len(title), ())


def meaningful(query: str) -> list[str]:
    """The words of ``query`` in lower case without those that only fill it; all if it has no others."""
    words = query.lower().split()
    return [word for word in words if word not in FILLERS] or words


def _loose_word(word: str, title: str, tip: str) -> float | None:
    best = _loose_score(word, title, tip)
    for other in meant(word):
        score = _loose_score(other, title, tip)
        if score is not None:
            best = max(best or 0.0, score * _SYNONYM_SHARE)
    return best


def _loose_score(word: str, title: str, tip: str) -> float | None:
    found = _word(word, title, scattered=False)
    if found is not None:
        return found.score
    # A sentence has too many letters for parts of its words to mean anything; where words are not parted
    # by spaces every part may be one.
    fits = word in tip if not word.isascii() else any(tip.startswith(word, place) for place in _starts(tip))
    return _IN_TIP if fits else None


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
