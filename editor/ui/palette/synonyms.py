"""Words that people look for and that the menus do not have."""

# Of no meaning by themselves; only what is looked for beside them counts.
FILLERS = frozenset(("a", "an", "and", "i", "in", "it", "my", "of", "on", "the", "this", "to", "with"))

SYNONYMS = {
    "bigger": ("larger", "grow"),
    "checkpoint": ("models",),
    "clone": ("stamp",),
    "color": ("colour",),
    "combine": ("merge",),
    "contract": ("shrink",),
    "darker": ("levels", "curves", "exposure"),
    "delete": ("remove", "clear"),
    "download": ("models",),
    "enlarge": ("size", "grow"),
    "erase": ("eraser", "remove"),
    "expand": ("grow",),
    "fix": ("healing", "remove"),
    "gray": ("grey", "black & white"),
    "hardness": ("harder", "softer"),
    "hotkeys": ("shortcuts",),
    "image": ("picture",),
    "install": ("models",),
    "join": ("merge",),
    "lighter": ("levels", "curves", "exposure"),
    "manual": ("guide",),
    "mirror": ("flip",),
    "options": ("preferences",),
    "original": ("before",),
    "photo": ("picture", "image"),
    "picture": ("image",),
    "resize": ("size", "transform"),
    "settings": ("preferences",),
    "smaller": ("shrink",),
    "softness": ("softer", "feather"),
    "straighten": ("crop", "rotate"),
    "turn": ("rotate",),
    "undelete": ("undo", "revert"),
    "unselect": ("deselect",),
    "weights": ("models",),
}

_LEAST = 4  # letters of a word that is still being typed


def meant(word: str) -> tuple[str, ...]:
    """What else ``word``, in lower case, can mean; nothing if it has no other meaning. Its beginning is
    enough."""
    if word in SYNONYMS:
        return SYNONYMS[word]
    if len(word) < _LEAST:
        return ()
    return tuple(other for known, others in SYNONYMS.items() if known.startswith(word) for other in others)
