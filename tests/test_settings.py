"""What is remembered survives a restart, and a damaged file never stops one."""

import json
import sys
from pathlib import Path

import pytest

from editor import settings
from editor.settings import Settings


def test_everything_comes_back(tmp_path):
    saved = Settings(
        recent=["/a/é.jpg", "/b.png"],
        window_geometry="AdnQywAD",
        brush_size=33.5,
        brush_hardness=0.25,
        last_folder="/a",
    )
    assert settings.save(saved, tmp_path / "new" / "folder")
    assert settings.load(tmp_path / "new" / "folder") == saved


def test_defaults_without_a_file(tmp_path):
    assert settings.load(tmp_path) == Settings()
    assert list(tmp_path.iterdir()) == []


def test_environment_names_the_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("LACUNA_CONFIG_DIR", str(tmp_path))
    assert settings.save(Settings(last_folder="/pictures"))
    assert (tmp_path / "settings.json").is_file()
    assert settings.load().last_folder == "/pictures"


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe\x00", b"[1, 2]", b'"text"', b"[" * 100_000], ids=range(6)
)
def test_corrupt_file_is_set_aside_whole(tmp_path, content):
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    assert settings.load(tmp_path) == Settings()
    assert not path.exists()
    assert (tmp_path / "settings.json.broken-1").read_bytes() == content


def test_each_corrupt_file_gets_its_own_number(tmp_path):
    for content in (b"first", b"second"):
        (tmp_path / "settings.json").write_bytes(content)
        settings.load(tmp_path)
    assert (tmp_path / "settings.json.broken-1").read_bytes() == b"first"
    assert (tmp_path / "settings.json.broken-2").read_bytes() == b"second"


def test_folder_in_place_of_the_file_is_survived(tmp_path):
    (tmp_path / "settings.json").mkdir()
    assert settings.load(tmp_path) == Settings()


def test_single_wrong_values_become_defaults_and_the_rest_stays(tmp_path):
    values = {
        "recent": ["/a.png", 5, "", None],
        "brush_size": "large",
        "brush_hardness": 7,
        "window_geometry": None,
        "last_folder": "/kept",
    }
    (tmp_path / "settings.json").write_text(json.dumps(values))
    assert settings.load(tmp_path) == Settings(recent=["/a.png"], last_folder="/kept")


def test_not_a_number_is_no_brush_size(tmp_path):
    (tmp_path / "settings.json").write_text('{"brush_size": NaN, "brush_hardness": true}')
    assert settings.load(tmp_path) == Settings()


def test_unknown_keys_are_written_back(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text('{"from_the_future": {"a": [1]}, "last_folder": "/x"}')
    loaded = settings.load(tmp_path)
    loaded.last_folder = "/y"
    settings.save(loaded, tmp_path)
    values = json.loads(path.read_text())
    assert values["from_the_future"] == {"a": [1]}
    assert values["last_folder"] == "/y"
    assert "unknown" not in values


def test_failed_save_keeps_the_old_file(tmp_path):
    settings.save(Settings(last_folder="/old"), tmp_path)
    # A lone surrogate, as of a file name that is not UTF-8, cannot be written.
    assert not settings.save(Settings(last_folder="\udcff"), tmp_path)
    assert settings.load(tmp_path).last_folder == "/old"
    assert [path.name for path in tmp_path.iterdir()] == ["settings.json"]


def test_recent_is_newest_first_without_doubles_and_bounded(tmp_path):
    chosen = Settings()
    for number in range(20):
        chosen.add_recent(tmp_path / f"{number}.png")
    chosen.add_recent(tmp_path / "15.png")
    assert chosen.recent[:2] == [str(tmp_path / "15.png"), str(tmp_path / "19.png")]
    assert len(chosen.recent) == len(set(chosen.recent)) == settings.MAX_RECENT


def test_needs_no_qt():
    source = sys.modules["editor.settings"].__file__
    assert "PySide6" not in Path(source).read_text(encoding="utf-8")


@pytest.mark.parametrize("value", [0, "no", None, []])
def test_recovery_stays_on_unless_it_was_switched_off(tmp_path, value):
    (tmp_path / "settings.json").write_text(json.dumps({"recovery": value}))
    assert settings.load(tmp_path).recovery is True
    (tmp_path / "settings.json").write_text(json.dumps({"recovery": False, "display_profile": "/a.icc"}))
    assert settings.load(tmp_path) == Settings(recovery=False, display_profile="/a.icc")
