"""What the user's settings say to commands that use models."""

from editor import settings
from engines import store


def kept() -> settings.Settings:
    """The settings; models are looked for where these say from now on."""
    found = settings.load()
    store.keep_in(found.models_folder)
    return found
