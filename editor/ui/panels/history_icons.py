"""What kind of step an entry of the history was, as an icon."""

from functools import cache

from editor.document.adjustments import ADJUSTMENTS
from editor.tools import shelf
from editor.ui.panels.parts import adjustment_icon
from editor.ui.words import tr

# Parts of names, of which the first that is found counts.
_FRAGMENTS = (
    ("layer mask", "mask"),
    ("Remove", "remove"),
    ("fill", "rerun"),
    ("clipping", "clip"),
    ("Clip to", "clip"),
    ("lock", "lock"),
    ("Lock", "lock"),
    ("Hide", "eye-off"),
    ("Show", "eye"),
    ("Rename", "rename"),
    ("election", "select-rectangle"),
    ("elect", "select-rectangle"),
    ("Merge", "merge-down"),
    ("Flatten", "merge-down"),
    ("Delete", "trash"),
    ("Duplicate", "duplicate"),
    ("Paste", "duplicate"),
    ("roup", "folder"),
    ("ransform", "transform"),
    ("Crop", "crop"),
    ("Straighten", "straighten"),
    ("to the left", "rotate-left"),
    ("Rotate", "rotate-right"),
    ("vertically", "flip-vertical"),
    ("Flip", "flip-horizontal"),
    ("ketch", "pen-sketch"),
    ("line", "line"),
    ("Clear", "clear"),
    ("size", "image"),
    ("profile", "image"),
    ("bits", "image"),
    ("layer", "layers"),
    ("Add", "new-layer"),
    ("Blend", "layers"),
    ("Move", "move"),
)
_ANY = "history"


@cache
def icon_for(name: str) -> str:
    """The icon for an entry called ``name``, in English."""
    for adjustment in ADJUSTMENTS.values():
        if name in (adjustment.title, *(f"Add {each}" for each in (adjustment.title, tr(adjustment.title)))):
            return adjustment_icon(adjustment.kind)
    for spec in shelf.TOOLS.values():
        if name == spec.title:
            return spec.icon
    return next((icon for fragment, icon in _FRAGMENTS if fragment in name), _ANY)
