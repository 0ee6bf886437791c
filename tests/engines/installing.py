"""Weight files of a test put where the store looks, and into its catalogue. Needs no torch."""

import dataclasses
import hashlib

from engines import store


def install(monkeypatch, folder, files: dict[str, bytes], pinned: bool = True) -> None:
    """Put files where the store looks for them, and what they are into its catalogue."""
    entries = dict(store.catalog())
    for name, content in files.items():
        (folder / entries[name].file).write_bytes(content)
        digest = hashlib.sha256(content).hexdigest() if pinned else ""
        entries[name] = dataclasses.replace(entries[name], bytes=len(content), sha256=digest)
    monkeypatch.setattr(store, "catalog", lambda: entries)
    monkeypatch.setenv("LACUNA_MODELS", str(folder))
