"""The colours of the two themes.

Surfaces are greys without tint, so that the colours of the picture are judged right. Words keep a contrast of
at least 4.5:1 (WCAG 2.2, 1.4.3) on every surface. The names are also the ``$names`` in
``resources/style/studio.qss``.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Colours:
    """All colours of one theme, as ``#rrggbb``."""

    surround: str  # around the picture, and between panels
    well: str  # what is typed into
    panel: str
    raised: str  # buttons, menus, messages
    hover: str  # a row under the pointer
    selected: str  # a chosen row
    lit: str  # a button or a menu entry under the pointer, or switched on
    line: str
    scroll: str  # handles of scroll bars, tracks of sliders
    disabled: str
    dim: str  # quiet words
    text: str
    accent: str  # focus, selection, progress
    accent_hover: str
    accent_pressed: str
    on_accent: str
    amber: str  # warnings
    red: str  # loss
    checker: tuple[str, str]  # what shows through transparency


DARK = Colours(
    surround="#1b1b1b",
    well="#1b1b1b",
    panel="#252525",
    raised="#2e2e2e",
    hover="#2a2a2a",
    selected="#2f2f2f",  # as light as the accent at 4.5:1 allows
    lit="#3a3a3a",
    line="#3a3a3a",
    scroll="#484848",
    disabled="#5f5f5f",
    dim="#9a9a9a",
    text="#d6d6d6",
    accent="#4c9be8",
    accent_hover="#62a8ec",
    accent_pressed="#3f8ad2",
    on_accent="#0e1419",
    amber="#e2a33c",
    red="#ee7a70",
    checker=("#4a4a4a", "#565656"),
)

LIGHT = Colours(
    surround="#d4d4d4",
    well="#ffffff",
    panel="#ececec",
    raised="#f8f8f8",
    hover="#e4e4e4",
    selected="#dadada",
    lit="#dedede",
    line="#c8c8c8",
    scroll="#b2b2b2",
    disabled="#9c9c9c",
    dim="#585858",
    text="#1f1f1f",
    accent="#1a5ca0",
    accent_hover="#2a6db5",
    accent_pressed="#164f8a",
    on_accent="#ffffff",
    amber="#854a00",
    red="#ab2118",
    checker=("#e9e9e9", "#f5f5f5"),
)
