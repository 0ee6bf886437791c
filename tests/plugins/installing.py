"""Puts packages where ``pip install --target`` would put them, without pip."""

import shutil
import sys
from pathlib import Path

import pytest

from engines import plugins, registry

SAMPLE = Path(__file__).parent


def install(name: str, version: str, points: dict[str, str], modules: dict[str, str]) -> None:
    """A package with these entry points and modules, in the folder for plug-ins."""
    folder = plugins.folder()
    folder.mkdir(parents=True, exist_ok=True)
    for module, text in modules.items():
        (folder / f"{module}.py").write_text(text)
    facts = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    lines = "".join(f"{point} = {place}\n" for point, place in points.items())
    (facts / "entry_points.txt").write_text(f"[{plugins.GROUP}]\n{lines}")


def install_sample() -> None:
    """The package beside this file."""
    install("lacuna-mirror", "1.2.0", {"mirror": "lacuna_mirror:ENGINE"}, {})
    shutil.copytree(SAMPLE / "lacuna_mirror", plugins.folder() / "lacuna_mirror")


@pytest.fixture
def clean():
    """No plug-in before or after, and nothing of one imported."""
    path, modules = list(sys.path), set(sys.modules)
    plugins.forget()
    yield
    plugins.forget()
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        if name.split(".")[0].startswith(("lacuna_", "plugged_")):
            del sys.modules[name]
    assert all(not entry.source for entry in registry.engines())
