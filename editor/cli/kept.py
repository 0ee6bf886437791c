"""What commands that use models have in common: the user's settings, and engines that are kept."""

from editor import settings
from engines import registry, store
from engines.base import Engine


def kept() -> settings.Settings:
    """The settings; models are looked for where these say from now on."""
    found = settings.load()
    store.keep_in(found.models_folder)
    return found


class Loader:
    """An engine for `engines.ladder`, loaded once and kept, and given up for one on the processor."""

    def __init__(self, engine_id: str, device: str) -> None:
        self._id, self._device = engine_id, device
        self._engine: Engine | None = None

    def __call__(self, on_processor: bool) -> Engine:
        if on_processor:
            self._engine = None
            self._device = "cpu"
        if self._engine is None:
            self._engine = registry.load(self._id, self._device)
        return self._engine
