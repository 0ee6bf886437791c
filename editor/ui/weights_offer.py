"""What an engine lacks is offered in one line, with a button that gets it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from editor.ui.words import number, tr, tr_composed
from engines import registry, store

if TYPE_CHECKING:
    from editor.ui.window import Window


def has_weights(window: "Window", engine_id: str, then: Callable[[], None]) -> bool:
    """Whether an engine's weights are there. If not they are offered, all that are missing at once, and
    ``then`` follows; of one that lacks libraries it is told how to get them."""
    spec = registry.spec(engine_id)
    files = registry.form(spec)
    missing = [store.entry_of(each) for each in files if not store.is_present(each)]
    if lacking := registry.lacks_libraries(spec, files):
        window.tell(tr_composed(lacking), "warning")
        return False
    if not missing:
        return True
    if window.installer.is_busy:
        return False
    from editor.ui.models import phrases

    licences = phrases.licences(dict.fromkeys(entry.licence for entry in missing))
    use = tr("for any use") if all(entry.commercial for entry in missing) else tr("not for commercial use")
    words = tr(
        "{note} The model for it is not on this machine yet: {title}, {size} MB to fetch, "
        "licence {licence}, {use}."
    ).format(
        note=tr(spec.note),
        title=tr(spec.title),
        size=number(sum(entry.download for entry in missing) / 1e6),
        licence=licences,
        use=use,
    )
    window.offer(words, tr("Install"), lambda: _install(window, [entry.id for entry in missing], then))
    return False


def _install(window: "Window", missing: list[str], then: Callable[[], None]) -> None:
    """One after the other; one that fails is the last."""
    first, *others = missing
    window.installer.install(first, lambda: _install(window, others, then) if others else then())
