"""What is told where the program is a bundle, to which no library can be added."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from engines import installed, registry, store
from engines.base import NotFetched, Progress
from engines.sources import fetch, source_of

ROOT = Path(__file__).parents[2]


@pytest.fixture
def bundle(monkeypatch):
    """As PyInstaller's starter leaves it."""
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("LACUNA_COMMAND", raising=False)


def test_a_source_tree_is_no_bundle():
    assert not installed.is_bundle()
    assert installed.command() == "python main.py"


def test_a_bundle_is_started_by_the_name_that_it_was_started_by(bundle, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["lacuna", "models"])
    assert installed.command() == "lacuna"
    monkeypatch.setenv("LACUNA_COMMAND", "./My Programs/Lacuna-x86_64.run")
    assert installed.command() == "'./My Programs/Lacuna-x86_64.run'"


def test_commands_have_a_program_with_a_console_on_windows(bundle, monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "executable", "/Lacuna/lacuna.exe")
    assert Path(installed.command().strip('"')) == Path("/Lacuna/lacuna-cli.exe")


def test_nobody_is_told_to_install_into_a_bundle(bundle, monkeypatch):
    monkeypatch.setattr(registry, "is_installed", lambda package: False)
    told = registry.lacks(registry.spec(registry.FILLER))
    assert "Lacuna Full" in told and "pip" not in told


def test_what_can_be_done_on_the_command_line_names_the_bundle(bundle, monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "argv", ["lacuna"])
    monkeypatch.setenv("LACUNA_DATA_DIR", str(tmp_path))
    assert "lacuna models install mobile-sam" in store._to_restore(store.entry_of("mobile-sam"))
    assert "main.py" not in registry.lacks(registry.spec("lama"))


def test_a_bundle_runs_no_pip_of_its_own(bundle, monkeypatch, tmp_path):
    """Its executable is the program: with ``-m pip`` it would open a window."""
    monkeypatch.setenv("PATH", str(tmp_path))
    source = source_of({"pypi": "nothing==1", "sha256": "0" * 64, "archive_sha256": "0" * 64})
    with pytest.raises(NotFetched, match="pip, which fetches nothing==1, is not on this machine"):
        fetch(source, tmp_path, 1, Progress())


@pytest.mark.parametrize("before", [None, "/usr/local/lib"])
def test_programs_that_a_bundle_starts_get_the_systems_libraries(bundle, monkeypatch, before):
    monkeypatch.setenv("LD_LIBRARY_PATH", "/bundle/_internal")
    if before is not None:
        monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", before)
    installed.free_children()
    child = [sys.executable, "-c", "import os; print(os.environ.get('LD_LIBRARY_PATH'))"]
    assert subprocess.run(child, capture_output=True, text=True, check=True).stdout.strip() == str(before)
    assert "LD_LIBRARY_PATH_ORIG" not in os.environ


def test_a_source_tree_keeps_its_library_path(monkeypatch):
    monkeypatch.setenv("LD_LIBRARY_PATH", "/somewhere")
    installed.free_children()
    assert os.environ["LD_LIBRARY_PATH"] == "/somewhere"
