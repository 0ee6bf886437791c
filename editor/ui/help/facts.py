"""What the guide says of an engine in numbers: from the registry and the catalogue, so that it stays true."""

from editor.ui.models import phrases
from editor.ui.words import number, tr
from engines import registry

_OWN_LICENCE = "Apache-2.0"  # of what needs no model: Lacuna's own
_LINES = {"strips": "Yes, by strips laid along them", "own channel": "Yes, in a channel of its own"}


def facts(engine_id: str) -> str:
    """A Markdown table without a head. Raises EngineError if there is no such engine."""
    spec = registry.spec(engine_id)
    rows = [(tr("Licence"), _licence(spec)), (tr("Model"), _model(spec))]
    rows.append((tr("Memory"), tr("About {size}").format(size=phrases.size(spec.memory << 20))))
    if spec.seconds:
        words = tr("About {seconds} s for 512 × 512 pixels, on two processor cores")
        rows.append((tr("Time"), words.format(seconds=number(spec.seconds, 1 if spec.seconds < 10 else 0))))
    place = tr("Graphics card or processor") if spec.on_card else tr("Processor")
    rows.append((tr("Runs on"), place))
    if spec.lines:
        rows.append((tr("Follows lines"), tr(_LINES[spec.lines])))
    rows.append((tr("On this machine"), phrases.here(registry.lacks(spec)) or tr("Ready")))
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {words} |" for name, words in rows)])


def _licence(spec: registry.EngineSpec) -> str:
    weights = registry.weights(spec)
    if _is_open(spec):
        return tr("As that of the model you choose")
    licences = ", ".join(dict.fromkeys(each.licence for each in weights)) or _OWN_LICENCE
    free = all(each.commercial for each in weights)
    return f"{licences}, {tr('for any use') if free else tr('not for commercial use')}"


def _model(spec: registry.EngineSpec) -> str:
    weights = registry.weights(spec)
    if _is_open(spec):
        return tr("Your own, or one that the Models window installs")
    if not weights:
        return tr("None")
    size = sum(each.bytes for each in weights) if all(each.bytes for each in weights) else 0
    where = (
        tr("comes with Lacuna")
        if all(each.embedded for each in weights)
        else tr("is fetched when you ask for it")
        if all(each.fetchable or each.embedded for each in weights)
        else tr("you bring it")
    )
    return f"{phrases.size(size)}, {where}" if size else where


def _is_open(spec: registry.EngineSpec) -> bool:
    """Whether it runs whatever model the user has of its kind, and has none of its own."""
    return bool(spec.starter) and spec.forms == ((),)
