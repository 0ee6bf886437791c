"""Enlarge with detail, as the window offers it: what it asks, how it runs, what there is without a model."""

import numpy as np
import pytest
from windows import WAIT, FakeEngine, open_pictures, wait_for_toast

from editor.document import guides
from editor.document.guide import LINE, Guide
from editor.ui import dialogs
from editor.ui.forms import enlarge as forms
from editor.ui.forms.enlarge import EnlargeForm
from engines import packs, registry, safetensors_file, store
from engines.upscale import models
from engines.upscale.engine import PictureUpscaler
from engines.upscale.requests import UpscaleResult
from tests.engines.upscalers import compact_tensors, installed_upscaler


class FakeUpscaler(FakeEngine):
    """Every pixel so many times a side, or an error; ``gate`` holds it up."""

    def run(self, request, progress):
        self.runs += 1
        self.begun.set()
        while not self.gate.wait(0.005):
            progress(0.5)
        if self.error is not None:
            raise self.error
        images = []
        for plane in request.planes:
            rows = np.linspace(0, plane.image.shape[0] - 1, plane.target.height).round().astype(int)
            columns = np.linspace(0, plane.image.shape[1] - 1, plane.target.width).round().astype(int)
            images.append(plane.image[rows][:, columns])
        return UpscaleResult(tuple(images), request.engine, request.model, "0" * 64, "cpu")


@pytest.fixture
def engine():
    return FakeUpscaler()


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("LACUNA_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data" / "models"


@pytest.fixture
def model(folder):
    return installed_upscaler(folder)


@pytest.fixture
def document(window, qtbot, picture, monkeypatch):
    monkeypatch.setattr(dialogs, "ask_to_stop", lambda *_: True)  # of a test that has failed
    open_pictures(qtbot, window, picture)
    return window.document


def asked(window):
    window.actions_by_id["image.enlarge"].trigger()
    (form,) = (form for form in window.findChildren(EnlargeForm) if form.isVisible())
    assert form.isModal()
    return form


def entries(document):
    return [entry.name for entry in document.history.entries]


def test_it_asks_for_a_factor_or_a_size(window, qtbot, document, model):
    form = asked(window)
    assert form.sides.whole == (1280, 960) and form.factor.currentData() == 2
    form.factor.setCurrentIndex(form.factor.findData(4))
    form.factor.activated.emit(form.factor.currentIndex())
    assert form.sides.whole == (2560, 1920)
    form.sides.width.setValue(1920)
    assert form.sides.whole == (1920, 1440) and form.factor.currentData() == 3
    form.sides.width.setValue(1000)
    assert form.sides.whole == (1000, 750) and form.factor.currentData() == 0
    qtbot.waitUntil(lambda: "memory" in form.facts.text(), timeout=WAIT)
    assert form.facts.text().startswith("About ")
    form.sides.width.setValue(600)
    assert not form.accept_button.isEnabled() and "no larger" in form._words.text()
    form.reject()


def test_the_whole_picture_grows_as_one_step(window, qtbot, document, model):
    guides.add(document, Guide(LINE, ((10.0, 20.0), (30.0, 40.0))))
    before = document.composite(document.rect)
    form = asked(window)
    form.detail.set_value(70)
    form.accept()
    qtbot.waitUntil(lambda: document.width == 1280, timeout=WAIT)
    qtbot.waitUntil(lambda: document.busy is None, timeout=WAIT)
    assert entries(document)[-1] == "Enlarge with detail" and document.height == 960
    assert document.guides[0].points == ((20.0, 40.0), (60.0, 80.0))
    assert document.composite(document.rect)[1::2, 1::2].shape == before.shape
    wait_for_toast(qtbot, window, "info", "Enlarged with detail")
    document.undo()
    assert document.width == 640 and np.array_equal(document.composite(document.rect), before)
    document.redo()
    assert document.width == 1280
    again = asked(window)
    assert again.detail.value == 70 and again.models.currentData() == str(model)
    again.reject()


def test_the_picture_is_busy_and_escape_stops_it(window, qtbot, document, model, engine):
    engine.gate.clear()
    asked(window).accept()
    qtbot.waitUntil(engine.begun.is_set, timeout=WAIT)
    assert document.busy is not None and not window.actions_by_id["image.image_size"].isEnabled()
    window._escape()
    qtbot.waitUntil(lambda: document.busy is None, timeout=WAIT)
    assert document.width == 640 and entries(document) == []
    wait_for_toast(qtbot, window, "info", "Nothing was changed")


def test_what_the_engine_says_is_told(window, qtbot, document, model, engine):
    from engines.base import EngineError

    engine.error = EngineError("The model could not be run: no. Choose another model.")
    asked(window).accept()
    qtbot.waitUntil(lambda: engine.runs > 0 and document.busy is None, timeout=WAIT)
    assert document.width == 640 and entries(document) == []
    wait_for_toast(qtbot, window, "warning", "Choose another model")


def test_without_a_model_it_says_what_to_get_and_gets_it(window, qtbot, document, folder, monkeypatch):
    entry = store.entry_of(registry.spec(registry.UPSCALER).starter)

    def install(weights_id, progress, **_):
        assert weights_id == entry.id
        folder.mkdir(parents=True)
        with (folder / entry.file).open("wb") as file:
            file.truncate(entry.bytes)
        return folder / entry.file

    monkeypatch.setattr(packs, "install", install)
    form = asked(window)
    assert not form.accept_button.isEnabled()
    told = form._offer._facts.text()
    assert "Real-ESRGAN" in told and "BSD-3-Clause" in told and "42.8 MB" in told
    form._offer.get.click()
    qtbot.waitUntil(form.accept_button.isEnabled, timeout=WAIT)
    assert form.models.currentData() == entry.id and form._offer is None
    form.reject()


def test_a_network_of_ones_own_is_taken_in(window, qtbot, document, tmp_path, monkeypatch):
    mine = tmp_path / "mine.safetensors"
    mine.write_bytes(safetensors_file.write(compact_tensors()))
    monkeypatch.setattr(forms, "ask_for_files", lambda *_: [mine])
    form = asked(window)
    form._offer.choose.click()
    assert form.models.currentText() == "mine" and form.accept_button.isEnabled()
    assert models.own_folder() in (tmp_path / "data" / "models" / "upscalers",)
    monkeypatch.setattr(forms, "ask_for_files", lambda *_: [tmp_path / "one.png"])
    form.own.click()
    assert form.models.count() == 1
    form.reject()


def test_a_real_network_runs_in_the_window(make_window, qtbot, picture, model):
    window = make_window(load=lambda engine_id, device="cpu": PictureUpscaler(device))
    open_pictures(qtbot, window, picture)
    document = window.document
    form = asked(window)
    form.sides.width.setValue(800)
    form.accept()
    qtbot.waitUntil(lambda: document.width == 800 and document.busy is None, timeout=6 * WAIT)
    key = window.removing.run_times.key(registry.UPSCALER, str(model))
    assert window.removing.run_times.expected(key, 1.0) > 0
