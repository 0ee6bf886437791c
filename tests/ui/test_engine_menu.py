"""Every engine is in the menu; what cannot run here is grey and says what it needs."""

import dataclasses

import pytest
from PySide6.QtCore import Qt

from editor.ui.engine_menu import EngineMenu
from engines import registry, store


@pytest.fixture
def menu(qtbot, tmp_path, monkeypatch):
    """MI-GAN, and an engine whose model the user brings along."""
    own = store.WeightFile("own", "Trying out", "own.onnx", "MIT", True)
    entries = {"own": own, "migan-512": store.catalog()["migan-512"]}
    monkeypatch.setattr(store, "catalog", lambda: entries)
    other = dataclasses.replace(registry.ENGINES[0], id="other", title="Other", forms=(("own",),))
    monkeypatch.setattr(registry, "ENGINES", (registry.ENGINES[0], other))
    monkeypatch.setenv("LACUNA_MODELS", str(tmp_path))
    (tmp_path / "migan-512.onnx").write_bytes(bytes(entries["migan-512"].bytes))
    made = EngineMenu()
    qtbot.addWidget(made)
    return made


def row(menu, place):
    tip = menu.itemData(place, Qt.ItemDataRole.ToolTipRole)
    return menu.itemText(place), menu.model().item(place).isEnabled(), tip


def test_an_engine_without_its_model_is_grey_until_it_is_here(menu, tmp_path):
    note = registry.ENGINES[0].note
    assert row(menu, 0) == ("MI-GAN", True, note)
    assert row(menu, 1) == (
        "Other",
        False,
        f"{note}\nOther needs own.onnx. Add what you have with: python main.py models import FILE",
    )
    (tmp_path / "own.onnx").touch()
    menu.refresh()
    assert row(menu, 1) == ("Other", True, note)


def test_an_engine_is_chosen_by_its_id(menu):
    assert menu.choose("migan")
    assert not menu.choose("mugan")
    assert menu.currentData() == "migan"
