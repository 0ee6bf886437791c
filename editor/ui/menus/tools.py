"""The Tools menu: every tool of the shelf, and what changes the one in hand."""

from editor.tools import shelf
from editor.ui.commands import Command, Submenu

_SHARED = {group[0].key for group in shelf.GROUPS if group is not None and len(group) > 1}


def _of(spec: shelf.Spec) -> Command:
    shared = spec.key in _SHARED
    return Command(
        spec.title,
        "tools.use",
        () if shared else (spec.key,),
        spec.icon,
        spec.tip or spec.title,
        needs_document=False,
        argument=spec.id,
        keys_of=f"tools.use_letter.{spec.key}" if shared else "",
    )


def _letters() -> tuple[Command, ...]:
    """A letter takes the tool of its group that was last in hand, with Shift the next one."""
    letters = []
    for group in shelf.GROUPS:
        if group is not None and len(group) > 1:
            names = " / ".join(spec.title for spec in group)
            key = group[0].key
            letters += [
                Command(names, "tools.use_letter", (key,), None, "", False, argument=key, hidden=True),
                Command(
                    names, "tools.use_next", (f"Shift+{key}",), None, "", False, argument=key, hidden=True
                ),
            ]
    return tuple(letters)


MENU = Submenu(
    "&Tools",
    (
        *(each for group in shelf.GROUPS for each in (map(_of, group) if group is not None else (None,))),
        None,
        *_letters(),
        Command("Smaller tip", "tools.smaller", ("[",), None, "A smaller brush", False),
        Command("Larger tip", "tools.larger", ("]",), None, "A larger brush", False),
        Command("Softer tip", "tools.softer", ("{",), None, "A softer edge", False),
        Command("Harder tip", "tools.harder", ("}",), None, "A harder edge", False),
        Command("Exchange the colours", "tools.swap_colours", ("X",), "swap-colours", needs_document=False),
        Command("Black and white", "tools.reset_colours", ("D",), "default-colours", needs_document=False),
        Command("Last tool", "tools.use_last", (), None, "Back to the tool from before this one", False),
    ),
)
