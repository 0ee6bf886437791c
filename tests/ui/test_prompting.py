"""Filling with words in the window: the bar by the selection, what is seen meanwhile, and what follows."""

import threading
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("diffusers")

from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QComboBox, QPushButton
from windows import WAIT, FakeEngine, open_pictures, press_key, toasts, wait_for_toast

from editor.document import masks
from editor.document.geometry import Rect
from editor.jobs import wording
from editor.ui import draft
from editor.ui.candidates import CandidateStrip
from editor.ui.prompting import models
from editor.ui.prompting.bar import PromptBar
from engines import packs, registry, safetensors_file, store
from engines.base import Patch
from engines.diffusion import checkpoints
from engines.diffusion.engine import DiffusionFill
from engines.diffusion.requests import FillResult

KEYS = Qt.Key
LEFT = Qt.MouseButton.LeftButton
HOLE = Rect(300, 90, 60, 50)


class Filler(FakeEngine):
    """Shows white first, and then fills with a grey that says which seed it was."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: list = []

    def run(self, request, progress) -> FillResult:
        self.requests.append(request)
        patches = tuple(painted(region, 1.0) for region in request.regions)
        if progress.show is not None:
            progress.show(patches[0])
        super().run(request, progress)  # which waits at the gate
        value = shade(request.sampling.seed) / 255
        patches = tuple(painted(region, value) for region in request.regions)
        return FillResult(patches, request.engine, "0" * 64, "cpu")


def painted(region, value: float) -> Patch:
    rgb = np.full((*region.target.shape, 3), value, np.float32)
    return Patch(region.box, rgb, region.target)


def shade(seed: int) -> int:
    return 30 + 20 * (seed % 8)


@pytest.fixture
def engine() -> Filler:
    return Filler()


@pytest.fixture
def model(saved) -> Path:
    """A model among the user's."""
    folder = store.packs_folder()
    folder.mkdir(parents=True)
    path = folder / "tiny"
    path.symlink_to(saved["sd"])
    return path


@pytest.fixture
def document(window, qtbot, picture):
    open_pictures(qtbot, window, picture)
    qtbot.waitUntil(lambda: window.panels.are_filled)
    select(window.document)
    window.canvas.zoom_to(1.0)
    return window.document


def select(document) -> None:
    values = np.zeros((document.height, document.width), np.uint8)
    values[HOLE.slices] = 255
    document.edit("Mask", masks.replace(document.selection, values))


def find(window, kind):
    return next((each for each in window.canvas.findChildren(kind) if each.isVisible()), None)


def open_bar(window) -> PromptBar:
    QTest.keyClick(
        window.canvas, KEYS.Key_F, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    bar = find(window, PromptBar)
    if bar is not None:
        until_looked(bar)
    return bar


def until_looked(bar: PromptBar) -> None:
    """Wait until the bar, which has begun to look for models, shows what there is."""
    assert QSignalSpy(bar.looked).wait(WAIT)
    QTest.qWait(1)  # what it shows instead is laid out


def button(widget, text: str) -> QPushButton:
    return next(each for each in widget.findChildren(QPushButton) if each.text() == text)


def run(qtbot, window, bar: PromptBar) -> CandidateStrip:
    QTest.keyClick(bar.words, KEYS.Key_Return)
    return wait_for_results(qtbot, window)


def wait_for_results(qtbot, window) -> CandidateStrip:
    qtbot.waitUntil(lambda: find(window, CandidateStrip) is not None, timeout=WAIT)
    qtbot.waitUntil(lambda: not window.removing.is_running(window.document), timeout=WAIT)
    return find(window, CandidateStrip)


def entries(document) -> list[str]:
    return [entry.name for entry in document.history.entries]


def value_in_hole(document) -> int:
    return int(document.composite(Rect(HOLE.x + 20, HOLE.y + 20, 1, 1))[0, 0, 0])


# --- the bar ---


def test_the_bar_opens_under_the_selection_and_goes_with_escape(window, document, model):
    bar = open_bar(window)
    zone = window.canvas.view.widget_rect(HOLE)
    assert bar.geometry().top() >= zone.bottom()
    assert bar.geometry().top() - zone.bottom() < 24
    assert window.canvas.rect().contains(bar.geometry())
    assert bar.words.hasFocus()
    QTest.keyClick(bar.words, KEYS.Key_Escape)
    assert find(window, PromptBar) is None
    assert window.canvas.hasFocus()
    assert entries(document) == ["Mask"]


def test_a_flux_that_lacks_its_parts_is_offered_last(window, document, model, saved):
    (model.parent / "a flux.safetensors").symlink_to(saved["flux file"])
    bar = open_bar(window)
    assert [each.path.name for each in bar.models.models] == ["tiny", "a flux.safetensors"]
    assert bar.models.model.path == model


def test_where_there_is_no_room_below_it_lies_over_the_selection(window, document, model):
    canvas = window.canvas
    canvas.centre_on(HOLE.x, HOLE.y - canvas.height() / 2 + 120)
    bar = open_bar(window)
    assert bar.geometry().bottom() <= canvas.view.widget_rect(HOLE).top()
    assert canvas.rect().contains(bar.geometry())


def test_it_follows_the_picture(window, document, model):
    bar = open_bar(window)
    before = bar.pos()
    window.canvas.centre_on(HOLE.x + 60, HOLE.y)
    assert bar.x() < before.x()


def test_nothing_selected_is_a_hint(window, qtbot, document, model):
    document.edit("Deselect", masks.clear(document.selection))
    assert open_bar(window) is None
    wait_for_toast(qtbot, window, "warning", "Nothing is selected yet")


def test_arrows_bring_what_was_asked_for_before(window, document, model):
    window.settings.prompts = ["a boat", "a tree"]
    bar = open_bar(window)
    QTest.keyClicks(bar.words, "a ho")
    shown = []
    for key in (KEYS.Key_Up, KEYS.Key_Up, KEYS.Key_Up, KEYS.Key_Down, KEYS.Key_Down, KEYS.Key_Down):
        QTest.keyClick(bar.words, key)
        shown.append(bar.words.text())
    assert shown == ["a boat", "a tree", "a tree", "a boat", "a ho", "a ho"]


def test_every_control_can_be_reached_and_has_a_name(window, document, model):
    bar = open_bar(window)
    bar._fold.click()
    bar.words.setFocus()
    seen = set()
    for _ in range(40):
        focus = window.focusWidget()
        if not bar.isAncestorOf(focus):
            break
        seen.add(focus)
        window.focusNextChild()
    wanted = [bar.words, bar.models, bar.results, bar._fold, bar._close, bar.more.negative, bar.more.steps]
    assert not [each.accessibleName() for each in wanted if each not in seen]
    assert all(each.accessibleName() or getattr(each, "text", str)() for each in seen)


# --- filling ---


def test_enter_fills_and_what_is_kept_is_one_entry_with_its_recipe(window, qtbot, document, model, engine):
    before = document.composite(document.rect)
    bar = open_bar(window)
    bar.results.set_value(2)
    bar.more.negative.setText("fog")
    bar.more.seed.setValue(3)
    QTest.keyClicks(bar.words, "a boat")
    run(qtbot, window, bar)
    assert not bar.isVisible()
    assert [each.sampling.seed for each in engine.requests] == [3, 4]
    request = engine.requests[0]
    assert (request.task, request.model) == ("fill", str(model))
    assert (request.sampling.prompt, request.sampling.negative) == ("a boat", "fog")
    assert entries(document) == ["Mask"]
    press_key(window, KEYS.Key_2)
    press_key(window, KEYS.Key_Return)
    assert entries(document) == ["Mask", "Fill with words"]
    layer = document.layers[-1]
    assert (layer.name, layer.recipe.seed, value_in_hole(document)) == ("Filled", 4, shade(4))
    assert dict(layer.recipe.settings)["prompt"] == "a boat"
    assert find(window, PromptBar) is None
    assert window.settings.prompts == ["a boat"]
    after = document.composite(document.rect)
    outside = np.ones(after.shape[:2], bool)
    outside[HOLE.slices] = False
    assert np.array_equal(after[outside], before[outside])
    document.undo()
    assert np.array_equal(document.composite(document.rect), before)
    document.redo()
    assert np.array_equal(document.composite(document.rect), after)


def test_what_is_being_made_is_seen_in_the_picture(window, qtbot, document, model, engine, monkeypatch):
    threads = []
    drawn = draft.drawn
    monkeypatch.setattr(
        "editor.ui.removal.drawn",
        lambda patch, *, grey: threads.append(threading.current_thread()) or drawn(patch, grey=grey),
    )
    engine.gate.clear()
    bar = open_bar(window)
    QTest.keyClick(bar.words, KEYS.Key_Return)
    qtbot.waitUntil(lambda: window.canvas.covering is not None, timeout=WAIT)
    place = window.canvas.view.to_widget(HOLE.x + 20, HOLE.y + 20).toPoint()
    shown = window.canvas.grab().toImage()
    ratio = window.canvas.devicePixelRatioF()
    assert shown.pixelColor(round(place.x() * ratio), round(place.y() * ratio)).getRgb()[:3] == (255,) * 3
    assert threading.main_thread() not in threads
    assert window.status._task.text().startswith("Filling, 1 of 3, step")
    assert document.composite(HOLE)[..., :3].max() < 255  # it is not in the picture
    press_key(window, KEYS.Key_Escape)
    qtbot.waitUntil(lambda: not window.removing.is_busy(document), timeout=WAIT)
    assert window.canvas.covering is None
    assert entries(document) == ["Mask"]
    assert find(window, PromptBar) is bar


def test_discarding_brings_the_bar_back_with_the_words_and_other_seeds(
    window, qtbot, document, model, engine
):
    bar = open_bar(window)
    bar.more.seed.setValue(10)
    QTest.keyClicks(bar.words, "a boat")
    run(qtbot, window, bar)
    press_key(window, KEYS.Key_Escape)
    assert find(window, PromptBar) is bar
    assert bar.words.text() == "a boat"
    assert bar.words.hasFocus()
    run(qtbot, window, bar)
    assert [each.sampling.seed for each in engine.requests] == [10, 11, 12, 13, 14, 15]


def test_a_double_click_opens_it_as_it_was_and_another_seed_runs_again(
    window, qtbot, document, model, engine
):
    bar = open_bar(window)
    bar.results.set_value(1)
    bar.more.steps.set_value(7)
    bar.more.strength.set_value(60)
    bar.more.seed.setValue(5)
    QTest.keyClicks(bar.words, "a boat")
    run(qtbot, window, bar)
    press_key(window, KEYS.Key_Return)
    first = engine.requests[-1]
    layer = document.layers[-1]
    window.panels.recipe_opened.emit(layer)
    bar = find(window, PromptBar)
    assert document.selection.bounds() == HOLE
    assert bar.what.sampling == first.sampling
    assert bar.words.text() == "a boat"
    QTest.mouseClick(button(bar, "Another seed"), LEFT)
    wait_for_results(qtbot, window)
    press_key(window, KEYS.Key_Return)
    again = engine.requests[-1]
    assert again.sampling.seed != 5
    assert (again.sampling.steps, again.sampling.strength) == (7, 0.6)
    assert document.layers[-1] is layer
    assert layer.recipe.seed == again.sampling.seed
    assert entries(document)[-1] == "Change fill"
    bar = find(window, PromptBar)
    assert bar.what.seed == again.sampling.seed
    document.undo()
    assert (layer.recipe.seed, value_in_hole(document)) == (5, shade(5))
    press_key(window, KEYS.Key_Escape)
    assert find(window, PromptBar) is None


def test_paint_to_photo_goes_as_far_as_its_slider_says(window, qtbot, document, model, engine):
    bar = open_bar(window)
    bar.set_task("sdedit")
    bar.realism.slider.set_value(35)
    run(qtbot, window, bar)
    request = engine.requests[0]
    assert (request.task, request.sampling.strength) == ("sdedit", 0.35)
    assert not request.regions[0].hole[HOLE.y - request.regions[0].box.y + 5].all()  # it is seen


@pytest.mark.parametrize("keeps", [True, False])
def test_the_picture_grows_and_shrinks_again_if_nothing_is_kept(
    window, qtbot, document, model, engine, keeps
):
    size, before = (document.width, document.height), document.composite(document.rect)
    window.actions_by_id["prompting.expand"].trigger()
    bar = find(window, PromptBar)
    for slider, value in zip(bar.sides.sliders, (10, 20, 30, 40), strict=True):
        slider.set_value(value)
    run(qtbot, window, bar)
    assert (document.width, document.height) == (size[0] + 40, size[1] + 60)
    if keeps:
        press_key(window, KEYS.Key_Return)
        assert document.layers[-1].name == "Expanded"
        inside = document.composite(Rect(10, 20, *size))
        assert np.array_equal(inside, before)
    else:
        press_key(window, KEYS.Key_Escape)
        assert (document.width, document.height) == size
        assert np.array_equal(document.composite(document.rect), before)
        assert find(window, PromptBar) is bar


# --- what is folded away ---


def test_the_scheduler_is_the_usual_one_until_another_is_chosen(window, document, model):
    bar = open_bar(window)
    assert (bar.what.sampling.scheduler, bar.what.sampling.spacing) == ("dpm++", "")
    bar.more.use_preset("hyper")
    assert (bar.what.sampling.scheduler, bar.what.sampling.spacing) == ("ddim", "trailing")
    bar.more.use_preset("")
    assert (bar.what.sampling.scheduler, bar.what.sampling.spacing) == ("dpm++", "")


def test_resampling_is_offered_only_where_the_model_cannot_fill(window, document, model, saved):
    plain = store.packs_folder() / "plain"
    plain.symlink_to(saved["sd4"])
    bar = open_bar(window)
    bar.models.choose(model)
    bar.models.picked.emit()
    assert bar.tasks.findData("resample") < 0
    bar.models.choose(plain)
    bar.models.picked.emit()
    bar.set_task("resample")
    assert bar.repeats.isVisible() and not bar.closeness.isVisible()
    bar.models.choose(model)
    bar.models.picked.emit()
    assert bar.what.task != "resample"


def test_all_that_is_folded_away_is_asked_for_and_shown_again(window, qtbot, document, model, engine):
    folder = store.packs_folder() / "loras"
    folder.mkdir()
    for name, width in (("mine", 768), ("large", 2048)):
        key = "lora_unet_down_blocks_0_attn2_to_k.lora_down.weight"
        content = safetensors_file.write({key: np.zeros((4, width), np.float16)})
        (folder / f"{name}.safetensors").write_bytes(content)
    bar = open_bar(window)
    qtbot.waitUntil(lambda: len(bar.fold.loras.rows) == 2, timeout=WAIT)
    large, mine = bar.fold.loras.rows
    assert not large.box.isEnabled()
    assert "Made for Stable Diffusion XL" in large.box.toolTip()
    mine.box.click()
    mine.weight.set_value(0.6)
    bar.more.use_preset("lcm")
    bar.more.second.set_value(40)
    style = next(each for each in wording.BUILT_IN if each.name == "Watercolour")
    bar.fold.style_page.tell(style)
    bar.set_task("ilvr")
    bar.closeness.slider.set_value(75)
    bar.results.set_value(1)
    QTest.keyClicks(bar.words, "a {red|green} boat")
    asked = bar.what
    run(qtbot, window, bar)
    press_key(window, KEYS.Key_Return)
    request = engine.requests[-1]
    assert request.task == "ilvr" and request.sampling.factor == 16 and request.second == 0.4
    assert (request.sampling.steps, request.sampling.guidance, request.sampling.scheduler) == (6, 1.0, "lcm")
    assert [(Path(each.model).stem, each.weight) for each in request.loras] == [("mine", 0.6)]
    assert request.sampling.prompt.endswith(" boat, watercolour painting on rough paper, soft edges")
    window.panels.recipe_opened.emit(document.layers[-1])
    bar = find(window, PromptBar)
    assert bar.what == asked
    until_looked(bar)
    assert bar.what == asked
    qtbot.waitUntil(lambda: len(bar.fold.loras.rows) == 2, timeout=WAIT)
    assert bar.what == asked
    assert bar.words.text() == "a {red|green} boat"
    assert bar.more.preset.currentData() == "lcm"


# --- models ---


def test_without_a_model_it_says_what_to_get_and_gets_it(window, qtbot, document, saved, monkeypatch):
    asked = []

    def install(weights_id, progress, *, accepted, proxy):
        asked.append((weights_id, accepted))
        progress(0.5)
        path = store.path_of(weights_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(saved["sd file"])

    monkeypatch.setattr(packs, "install", install)
    bar = open_bar(window)
    entry = store.entry_of("sd15-inpaint")
    told = " ".join(label.text() for label in bar.findChildren(type(bar._note)) if label.isVisible())
    assert entry.title in told
    assert entry.licence in told
    assert "4.3 GB" in told
    assert not bar._form.isVisible()
    get = button(bar, "Get it (4.3 GB)")

    assert get.hasFocus()
    get.click()
    qtbot.waitUntil(lambda: bar._form.isVisible(), timeout=WAIT)
    assert asked == [("sd15-inpaint", True)]
    assert bar.models.currentText() == entry.title
    assert ("info", "sd15-inpaint is installed.") in toasts(window)


def test_without_the_libraries_it_says_in_one_line_what_to_do(window, document, model, monkeypatch):
    monkeypatch.setattr(registry, "_has_extra", lambda entry: not entry.extra)
    bar = open_bar(window)
    labels = [label.text() for label in bar.findChildren(type(bar._note)) if label.isVisible()]
    assert labels == ["Diffusion needs more libraries. Install them with: pip install 'lacuna[diffusion]'"]
    assert not [each for each in bar.findChildren(QPushButton) if each.isVisible()]


def test_a_model_of_ones_own_is_offered_from_then_on(window, document, saved, monkeypatch):
    path = saved["sd4 file"]
    monkeypatch.setattr("editor.ui.prompting.models.ask_for_files", lambda *_: [path])
    bar = open_bar(window)
    button(bar, "Choose a file…").click()
    until_looked(bar)
    assert bar.what.model == str(path)
    window.prompting.escape()
    assert open_bar(window).what.model == str(path)


def test_a_klein_is_called_so_and_run_as_its_authors_do(window, document, model, saved, monkeypatch):
    index = saved["flux2-quick"] / "model_index.json"
    monkeypatch.setattr("editor.ui.prompting.models.ask_for_files", lambda *_: [index])
    bar = open_bar(window)
    bar.models.asked.emit()
    until_looked(bar)
    assert bar.what.model == str(index.parent)
    assert "FLUX.2 klein, for any picture" in bar.models.toolTip()
    assert (bar.what.sampling.steps, bar.what.sampling.guidance) == (4, 1.0)
    assert bar.models.choose(model)
    bar.models.picked.emit()
    assert bar.what.sampling.guidance == 7.5


def test_what_is_no_model_is_told_in_one_line(window, document, model, tmp_path, monkeypatch):
    wrong = tmp_path / "notes.safetensors"
    wrong.write_bytes(b"no model")
    monkeypatch.setattr("editor.ui.prompting.models.ask_for_files", lambda *_: [wrong])
    bar = open_bar(window)
    bar.models.asked.emit()
    assert bar._note.isVisible()
    assert "notes.safetensors" in bar._note.text()
    assert bar.what.model == str(model)


def test_a_file_that_is_of_no_use_is_shown_with_the_reason_and_cannot_be_chosen(
    window, document, model, monkeypatch
):
    folder = checkpoints.own_folder()
    folder.mkdir()
    (folder / "broken.safetensors").write_bytes(b"cut off")
    menu = open_bar(window).models
    assert [each.path for each in menu.models] == [model]
    place = menu.findText("broken")
    assert not QComboBox.model(menu).item(place).isEnabled()
    assert "broken.safetensors" in menu.itemData(place, Qt.ItemDataRole.ToolTipRole)
    asked = []
    monkeypatch.setattr("editor.ui.prompting.models.ask_for_files", lambda *_: asked.append(1))
    QTest.keyClick(menu, KEYS.Key_Down)  # passes over it, to what asks for a file
    assert asked and menu.model.path == model


def test_what_is_asked_for_before_the_models_are_known_is_done_then(
    window, qtbot, document, model, engine, monkeypatch
):
    gate = threading.Event()
    found = models.found
    monkeypatch.setattr(models, "found", lambda others: gate.wait(WAIT / 1000) and found(others))
    window.prompting.start()
    bar = find(window, PromptBar)
    QTest.keyClicks(bar.words, "a boat")
    QTest.keyClick(bar.words, KEYS.Key_Return)
    qtbot.wait(50)
    assert not engine.requests
    gate.set()
    wait_for_results(qtbot, window)
    assert engine.requests[0].sampling.prompt == "a boat"


# --- a real one ---


@pytest.mark.usefixtures("one_thread", "no_network")
def test_a_real_model_is_seen_at_each_step_and_stops_within_one(make_window, qtbot, picture, model):
    window = make_window(lambda engine_id, device="": DiffusionFill("cpu"))
    open_pictures(qtbot, window, picture)
    select(window.document)
    bar = open_bar(window)
    bar.results.set_value(1)
    bar.more.steps.set_value(4)
    fractions, drafts = [], []
    QTest.keyClicks(bar.words, "a boat")
    QTest.keyClick(bar.words, KEYS.Key_Return)
    (strip,) = window.removing._strips.values()
    strip._run.progressed.connect(fractions.append)
    strip._run.drafted.connect(drafts.append)
    wait_for_results(qtbot, window)
    assert len(drafts) == 4
    assert {0.25, 0.5, 0.75} <= set(fractions)
    press_key(window, KEYS.Key_Return)
    document = window.document
    assert document.layers[-1].recipe.engine == "diffusion"
    document.undo()
    bar = open_bar(window)
    bar.more.steps.set_value(100)
    drafts.clear()
    QTest.keyClick(bar.words, KEYS.Key_Return)
    (strip,) = window.removing._strips.values()
    strip._run.drafted.connect(drafts.append)
    qtbot.waitUntil(lambda: len(drafts) >= 2, timeout=WAIT)
    seen = len(drafts)
    press_key(window, KEYS.Key_Escape)
    qtbot.waitUntil(lambda: not window.removing.manager.jobs, timeout=WAIT)
    assert len(drafts) <= seen + 1
    assert document.history.position == 1
