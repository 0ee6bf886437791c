"""What is remembered survives a restart, and a damaged file never stops one."""

import json
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from editor import settings
from editor.settings import Settings


def test_everything_comes_back(tmp_path):
    saved = Settings(
        recent=["/a/é.jpg", "/b.png"],
        window_geometry="AdnQywAD",
        tools={"remove-brush": {"size": 33.5}},
        shortcuts={"view.fit": ["Ctrl+9", "F"], "undo": []},
        panels={"shown": ["layers"]},
        units="mm",
        language="zh_CN",
        theme="light",
        overlay_colour="#00a0ff",
        overlay_opacity=0.3,
        history_memory=2048,
        history_disk=0,
        cache_memory=512,
        device="cuda",
        devices={"migan": "cpu"},
        engine_memory=4096,
        models_folder="/media/models",
        proxy="http://proxy.example:3128",
        recovery=False,
        export={"format": "webp", "quality": 80},
        tour_seen=True,
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
        "tools": {"brush": {"size": 5}, "pen": 7},
        "shortcuts": {"undo": ["Ctrl+Z"], "redo": "Ctrl+Y", "close": [1]},
        "theme": "solarised",
        "window_geometry": None,
        "last_folder": "/kept",
    }
    (tmp_path / "settings.json").write_text(json.dumps(values))
    assert settings.load(tmp_path) == Settings(
        recent=["/a.png"],
        tools={"brush": {"size": 5}},
        shortcuts={"undo": ["Ctrl+Z"]},
        last_folder="/kept",
    )


WRONG = {
    "units": ["", "km", 1, None, ["px"]],
    "language": ["de", "zh", 0, None],
    "theme": ["", "Dark", True, {}],
    "device": ["gpu", "", None, 3],
    "devices": [[], "cpu", None],
    "engine_memory": [-1, (1 << 20) + 1, 0.5, "1", True, None],
    "models_folder": [1, None, []],
    "proxy": [1, None, []],
    "overlay_colour": ["red", "#fff", "#FF4A6E", "ff4a6e", "#ff4a6eff", 16730734, None],
    "overlay_opacity": [0, 1, -0.5, "0.5", True, None, float("nan"), float("inf")],
    "history_memory": [0, 127, 65537, 512.5, "512", True, None, float("nan")],
    "history_disk": [-1, (1 << 20) + 1, 0.5, False, "0"],
    "cache_memory": [63, 16385, 100.25, None],
    "plugins": [0, 1, "no", None, []],
    "recovery": [0, 1, "no", None, []],
    "tour_seen": [0, 1, "yes", None],
    "display_profile": [5, None, ["/a.icc"]],
    "recent": ["/a.png", {}, None, 7],
    "palette": ["undo", None],
    "prompts": ["a boat", None],
    "filling": [[], "x", None],
    "enlarging": [[], "x", None],
    "styles": [[], "x", None],
    "tools": [[], "x", None],
    "run_times": [[], "x", None],
    "variations": [1, 10, 3.5, "4", True, None],
    "shortcuts": [[], "x", None],
    "panels": [[], 1, None],
    "export": [[], "jpeg", None],
    "new_picture": [[], "A4", None],
    "last_folder": [1, None, []],
    "window_geometry": [1, None, []],
}


@pytest.mark.parametrize("name", WRONG)
def test_what_makes_no_sense_is_replaced_by_its_default(tmp_path, name):
    for value in WRONG[name]:
        (tmp_path / "settings.json").write_text(json.dumps({"last_folder": "/kept"} | {name: value}))
        expected = Settings() if name == "last_folder" else Settings(last_folder="/kept")
        assert settings.load(tmp_path) == expected, value


def test_every_field_has_its_rule():
    """A field without one would be read unchecked, or not at all."""
    known = {entry.name for entry in fields(Settings)} - {"unknown"}
    assert set(WRONG) == set(settings._RULES) == known
    for name, rule in settings._RULES.items():
        assert rule(getattr(Settings(), name)) == getattr(Settings(), name)


def test_whole_numbers_stay_whole(tmp_path):
    (tmp_path / "settings.json").write_text('{"history_memory": 512.0, "overlay_opacity": 0.5}')
    loaded = settings.load(tmp_path)
    assert loaded.history_memory == 512
    assert isinstance(loaded.history_memory, int)


def test_choices_are_those_of_the_parts_they_are_for():
    from editor.ui import language, theme
    from engines import device

    assert settings.DEVICES == device.DEVICES
    assert set(settings.LANGUAGES) == {"", *language.LANGUAGES}
    assert set(settings.THEMES) == set(theme._SCHEMES)


def test_what_no_file_can_hold_keeps_the_old_file(tmp_path):
    settings.save(Settings(last_folder="/old"), tmp_path)
    assert not settings.save(Settings(tools={"brush": {"tip": object()}}), tmp_path)
    assert settings.load(tmp_path).last_folder == "/old"
    assert [path.name for path in tmp_path.iterdir()] == ["settings.json"]


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
