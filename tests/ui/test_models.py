"""The Models window: what it lists, installing with pause and resume, adding, checking and removing."""

import dataclasses
import hashlib
import os
import threading
import time

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QTextBrowser
from windows import WAIT, wait_for_toast

from editor import settings
from editor.ui import file_dialogs
from editor.ui.models import listing, questions
from editor.ui.models.pace import Pace
from editor.ui.toast import Toast
from engines import packs, sources, store
from engines.diffusion import checkpoints
from tests.engines.bad_server import BadServer, answers, stalling
from tests.engines.diffusion import beside
from tests.engines.diffusion.test_collection import diffusers_folder, single_file

CONTENT = bytes(range(256)) * 1000
HALF = 100_000
TOY = "u2netp"  # stands for a model of one file that needs no library


@pytest.fixture
def server(monkeypatch):
    """Serves a model that is not free: half of it and then, asked again, the rest."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    gate = threading.Event()
    with BadServer(CONTENT, [stalling(HALF, gate)]).running() as running:
        digest = hashlib.sha256(CONTENT).hexdigest()
        source = sources.source_of({"web": running.url, "sha256": digest})
        entries = dict(store.catalog())
        entries[TOY] = dataclasses.replace(
            entries[TOY],
            sources=(source,),
            sha256=digest,
            bytes=len(CONTENT),
            download=len(CONTENT),
            licence="research only",
            commercial=False,
        )
        monkeypatch.setattr(store, "catalog", lambda: entries)
        yield running
        gate.set()


@pytest.fixture
def yes(monkeypatch):
    """The user says yes to every licence and removal; what was asked about."""
    asked = []

    def says(parent, item):
        asked.append(item)
        return True

    for name in ("accepts_licence", "may_remove", "wants_to_bring"):
        monkeypatch.setattr(questions, name, says)
    return asked


@pytest.fixture
def open_models(window, qtbot):
    def open_models():
        shown = []
        window.actions_by_id["models.show"].trigger()
        dialog = window.models.dialog
        dialog.list.shown.connect(lambda: shown.append(True))
        qtbot.waitUntil(lambda: bool(shown), timeout=WAIT)
        return dialog

    return open_models


def words_of(row) -> list[str]:
    return [each.text() for each in row.findChildren(QLabel) if each.isVisibleTo(row) and each.text()]


def press(row, words: str) -> None:
    """Press the button of a row that can be seen and has these words."""
    found = [each for each in row.findChildren(QPushButton) if each.text() == words]
    (button,) = [each for each in found if each.isVisibleTo(row) and each.isEnabled()]
    button.click()


def choose(row, words: str) -> None:
    """Choose an entry of a row's menu."""
    (action,) = [each for each in row._menu.actions() if each.text() == words]
    action.trigger()


def toasts(dialog) -> list[str]:
    return [each.text for each in dialog.findChildren(Toast)]


def drop(dialog, *paths) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    copy = Qt.DropAction.CopyAction
    entering = QDragEnterEvent(QPoint(9, 9), copy, data, buttons, keys)
    dialog.dragEnterEvent(entering)
    assert entering.isAccepted() and dialog._hint.isVisible()
    dialog.dropEvent(QDropEvent(QPointF(9, 9), copy, data, buttons, keys))
    assert not dialog._hint.isVisible()


def install(qtbot, dialog) -> None:
    press(dialog.list.rows[TOY], "Install")
    qtbot.waitUntil(lambda: packs.came(TOY) == HALF, timeout=WAIT)


# --- what it lists ---


@pytest.mark.usefixtures("no_network")
def test_every_engine_is_there_with_what_there_is_to_know(open_models):
    dialog = open_models()
    rows = dialog.list.rows
    assert {"migan", "patches", "lama", "zits", "lines", "mobile-sam", "u2netp"} <= rows.keys()
    assert words_of(rows["migan"])[:4] == [
        "MI-GAN",
        "Small and quick. Comes with Lacuna and works offline.",
        "29 MB",
        "MIT",
    ]
    assert {"for any use", "Comes with Lacuna"} <= set(words_of(rows["migan"]))
    assert {"No written licence", "not for commercial use"} <= set(words_of(rows["zits"]))
    for row in rows.values():
        assert row._verdict.toolTip() and row.accessibleName().startswith(row._title.text())
    assert dialog.storage._path.toolTip() == str(store.packs_folder())


def test_other_files_of_an_engine_are_folded_away(open_models):
    dialog = open_models()
    others = [row for row in dialog.list.rows.values() if row.item.form_of == "LaMa"]
    assert len(others) == 5 and not any(row.isVisible() for row in others)
    (fold,) = dialog.list._groups["remove"]._folds.values()
    assert fold.text() == "5 other files that LaMa can use"
    fold.click()
    assert all(row.isVisibleTo(dialog) for row in others)


def test_a_flux_that_lacks_its_parts_is_listed(open_models, saved):
    checkpoints.own_folder().mkdir(parents=True)
    (checkpoints.own_folder() / "a flux.safetensors").symlink_to(saved["flux file"])
    (found,) = (row.item for row in open_models().list.rows.values() if row.item.checkpoint is not None)
    assert found.title == "a flux" and found.state == "installed" and found.checkpoint.family == "flux"


def test_a_long_name_does_not_push_the_columns_aside(open_models):
    name = f"{'a very long name ' * 9}.safetensors"
    checkpoints.own_folder().mkdir(parents=True)
    single_file(checkpoints.own_folder() / name)
    dialog = open_models()
    dialog.resize(dialog.minimumSize())
    QApplication.processEvents()
    rows = [row for row in dialog.list.rows.values() if row.isVisible()]
    assert any(row.item.checkpoint is not None for row in rows)
    area = dialog.list._area
    assert all(row.width() <= area.viewport().width() for row in rows)
    head = next(each for each in dialog.list.findChildren(QLabel) if each.text() == "Licence")
    (place,) = {row._licence.mapTo(dialog, QPoint()).x() for row in rows}
    assert abs(place - head.mapTo(dialog, QPoint()).x()) <= 2  # without the style sheet bars are wider


def test_the_keyboard_goes_through_the_list_from_above(open_models):
    dialog = open_models()
    assert dialog.list._area.hasFocus() or dialog.focusWidget() is dialog.list._area
    seen = []
    for _ in range(6):
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
        seen.append(dialog.focusWidget())
    tops = [each.mapTo(dialog, QPoint()).y() for each in seen]
    assert tops == sorted(tops) and all(each.accessibleName() for each in seen)


def test_the_window_goes_on_while_the_list_is_made(window, qtbot, monkeypatch):
    gather = listing.gather

    def slow(damaged):
        time.sleep(0.4)
        return gather(damaged)

    monkeypatch.setattr(listing, "gather", slow)
    window.actions_by_id["models.show"].trigger()
    beats = []
    timer = QTimer(interval=10)
    timer.timeout.connect(lambda: beats.append(time.monotonic()))
    timer.start()
    qtbot.waitUntil(lambda: "migan" in window.models.dialog.list.rows, timeout=WAIT)
    assert len(beats) >= 10
    timer.stop()
    assert not window.models.dialog.isModal()


# --- installing ---


def test_paused_and_resumed(open_models, server, qtbot, yes):
    dialog = open_models()
    row = dialog.list.rows[TOY]
    install(qtbot, dialog)
    assert [item.id for item in yes] == [TOY]
    qtbot.waitUntil(lambda: any("0.1 MB of 0.3 MB" in each for each in words_of(row)), timeout=WAIT)
    assert not dialog.storage.another.isEnabled()
    press(row, "Pause")
    qtbot.waitUntil(lambda: "Paused at 39 %" in words_of(row), timeout=WAIT)
    assert packs.came(TOY) == HALF
    press(row, "Resume")
    qtbot.waitUntil(lambda: "Installed" in words_of(row), timeout=WAIT)
    assert server.asked[1]["range"] == f"bytes={HALF}-"
    assert store.check(TOY).read_bytes() == CONTENT
    assert len(yes) == 1  # the licence that was accepted is not shown again


def test_without_a_yes_nothing_is_fetched(open_models, server, qtbot, monkeypatch):
    monkeypatch.setattr(questions, "accepts_licence", lambda parent, item: False)
    dialog = open_models()
    press(dialog.list.rows[TOY], "Install")
    qtbot.wait(50)
    assert not server.asked and not dialog._work.downloads


def test_called_off_nothing_stays(open_models, server, qtbot, yes):
    dialog = open_models()
    install(qtbot, dialog)
    press(dialog.list.rows[TOY], "Cancel")
    qtbot.waitUntil(lambda: not dialog._work.downloads, timeout=WAIT)
    assert packs.came(TOY) == 0 and not store.is_present(TOY)


def test_closing_lets_it_go_on_and_quitting_keeps_what_has_come(open_models, window, server, qtbot, yes):
    dialog = open_models()
    install(qtbot, dialog)
    dialog.close()
    qtbot.wait(150)
    assert TOY in window.models.work.downloads
    assert window.close()
    assert packs.came(TOY) == HALF
    assert not [each for each in threading.enumerate() if each.name.startswith(("install", "models"))]


def test_closed_the_window_tells_that_it_is_installed(open_models, window, server, qtbot, yes):
    server.ways.clear()
    dialog = open_models()
    press(dialog.list.rows[TOY], "Install")
    dialog.close()
    wait_for_toast(qtbot, window, "info", "U2-Net is installed.")


def test_what_goes_wrong_is_one_line_that_says_what_to_do(open_models, server, qtbot, yes):
    server.ways[:] = [answers("404 Not Found")]
    server.always = answers("404 Not Found")
    entries = store.catalog()
    own = sources.source_of({"own": "u2netp.onnx, as rembg publishes it"})
    entries[TOY] = dataclasses.replace(entries[TOY], sources=(*entries[TOY].sources, own))
    dialog = open_models()
    row = dialog.list.rows[TOY]
    press(row, "Install")
    qtbot.waitUntil(lambda: TOY in dialog._work.troubles, timeout=WAIT)
    words = dialog._work.troubles[TOY]
    assert words in words_of(row) and "404" in words and "\n" not in words
    assert "python" not in words and "add it with: “Add a file…”" in words
    assert not toasts(dialog)  # it is said once
    press(row, "Install")  # and may be tried again
    assert TOY not in dialog._work.troubles


def test_closed_the_window_tells_what_went_wrong(open_models, window, server, qtbot, yes):
    server.ways.clear()
    server.always = answers("404 Not Found")
    dialog = open_models()
    press(dialog.list.rows[TOY], "Install")
    dialog.close()
    assert "404" in wait_for_toast(qtbot, window, "error", "U2-Net: ")


# --- checking and removing ---


@pytest.fixture
def installed(server):
    folder = store.packs_folder()
    folder.mkdir(parents=True)
    path = folder / store.entry_of(TOY).file
    path.write_bytes(CONTENT)
    server.ways.clear()
    return path


def test_damage_is_found_and_repaired(open_models, installed, qtbot, yes):
    dialog = open_models()
    row = dialog.list.rows[TOY]
    choose(row, "Check that it is whole")
    qtbot.waitUntil(lambda: "U2-Net is whole." in toasts(dialog), timeout=WAIT)
    installed.write_bytes(CONTENT[:-1] + b"x")
    choose(row, "Check that it is whole")
    qtbot.waitUntil(lambda: "Damaged" in words_of(row), timeout=WAIT)
    assert any("damaged or was changed" in each for each in words_of(row))
    press(row, "Repair")
    qtbot.waitUntil(lambda: "Installed" in words_of(row), timeout=WAIT)
    assert installed.read_bytes() == CONTENT


def test_a_file_of_another_size_shows_at_once(open_models, installed):
    installed.write_bytes(b"short")
    assert "Damaged" in words_of(open_models().list.rows[TOY])


def test_removed_after_one_question(open_models, installed, qtbot, yes):
    dialog = open_models()
    row = dialog.list.rows[TOY]
    assert row.item.state == "installed" and "0.3 MB used" in dialog.storage._sizes.text()
    choose(row, "Remove…")
    qtbot.waitUntil(lambda: row.item.state == "missing", timeout=WAIT)
    assert not installed.exists() and [item.id for item in yes] == [TOY]
    assert "U2-Net was removed. 0.3 MB are free again." in toasts(dialog)


def test_what_comes_with_lacuna_cannot_be_removed(open_models):
    row = open_models().list.rows["migan"]
    assert [each.text() for each in row._menu.actions()] == ["Check that it is whole", "Show in its folder"]


# --- adding ---


@pytest.mark.parametrize("make", [single_file, diffusers_folder])
def test_a_checkpoint_is_dropped_and_removed(open_models, qtbot, tmp_path, yes, make):
    dialog = open_models()
    assert dialog.list._groups["fill"]._empty.isVisibleTo(dialog)
    drop(dialog, make(tmp_path / "mine.safetensors"))
    qtbot.waitUntil(lambda: len(checkpoints.installed()) == 1 and not dialog._work.adding, timeout=WAIT)
    (found,) = checkpoints.installed()
    qtbot.waitUntil(lambda: f"checkpoint {found.path}" in dialog.list.rows, timeout=WAIT)
    row = dialog.list.rows[f"checkpoint {found.path}"]
    qtbot.waitUntil(row.isVisible, timeout=WAIT)
    assert words_of(row)[1].startswith("SD 1.5, made to fill, 512 × 512 px")
    assert not dialog.list._groups["fill"]._empty.isVisibleTo(dialog)
    choose(row, "Remove…")
    qtbot.waitUntil(lambda: f"checkpoint {found.path}" not in dialog.list.rows, timeout=WAIT)
    assert not found.path.exists() and len(yes) == 1


def test_a_known_file_is_added_by_the_button_whatever_its_name(
    open_models, server, qtbot, tmp_path, monkeypatch
):
    path = tmp_path / "what is this"
    path.write_bytes(CONTENT)
    monkeypatch.setattr(file_dialogs, "ask_for_files", lambda *_, **__: [path])
    dialog = open_models()
    dialog.add_file.click()
    qtbot.waitUntil(lambda: "Installed" in words_of(dialog.list.rows[TOY]), timeout=WAIT)
    assert not server.asked and "what is this was added, for U2-Net." in toasts(dialog)


def test_a_folder_is_added_by_its_button(open_models, qtbot, tmp_path, monkeypatch):
    folder = diffusers_folder(tmp_path / "mine")
    monkeypatch.setattr(file_dialogs, "ask_for_folder", lambda *_: folder)
    dialog = open_models()
    dialog.add_folder.click()
    qtbot.waitUntil(lambda: "mine was added. It can fill with words now." in toasts(dialog), timeout=WAIT)


def test_what_is_no_model_is_told_and_the_rest_goes_on(open_models, qtbot, tmp_path):
    dialog = open_models()
    text = tmp_path / "notes.txt"
    text.write_text("no model")
    drop(dialog, text, single_file(tmp_path / "mine.safetensors"))
    qtbot.waitUntil(lambda: not dialog._work.adding, timeout=WAIT)
    assert any("notes.txt is no model file that Lacuna knows" in each for each in toasts(dialog))
    assert [each.path.name for each in checkpoints.installed()] == ["mine.safetensors"]


@pytest.mark.parametrize(
    ("name", "made", "folder", "title", "words"),
    [
        ("style.safetensors", beside.lora, "loras", "style", "a LoRA for SD 1.5"),
        ("scribble.safetensors", beside.controlnet, "controlnets", "scribble", "a ControlNet for SD 1.5"),
        ("t5xxl.gguf", beside.t5_gguf, "parts", "t5xxl.gguf", "the text encoder T5-XXL"),
        ("spiece.model", beside.spiece, "parts", "spiece.model", "T5's tokenizer"),
    ],
)
def test_what_goes_with_a_model_is_dropped_checked_and_removed(
    open_models, qtbot, tmp_path, yes, name, made, folder, title, words
):
    dialog = open_models()
    group = dialog.list._groups["beside"]
    assert not group.isVisibleTo(dialog)
    mine = made(tmp_path / name)
    drop(dialog, mine)
    path = store.packs_folder() / folder / name
    qtbot.waitUntil(lambda: f"beside {path}" in dialog.list.rows and not dialog._work.adding, timeout=WAIT)
    assert f"{name} was added: {words}." in toasts(dialog)
    row = dialog.list.rows[f"beside {path}"]
    qtbot.waitUntil(row.isVisible, timeout=WAIT)
    told = words_of(row)
    assert told[:3] == [title, words[0].upper() + words[1:], "0.1 MB"] and "Comfortable" not in told
    assert group.isVisibleTo(dialog) and row.accessibleName().startswith(f"{title}, 0.1 MB, ")
    assert dialog.list._groups["fill"]._empty.isVisibleTo(dialog)  # it fills nothing by itself
    choose(row, "Check that it is whole")
    qtbot.waitUntil(lambda: f"{title} is whole." in toasts(dialog), timeout=WAIT)
    with path.open("r+b") as file:  # never shorter, while the list is made
        file.seek(-1, os.SEEK_END)
        file.write(b"?")
    choose(row, "Check that it is whole")
    qtbot.waitUntil(lambda: "Damaged" in words_of(row), timeout=WAIT)
    choose(row, "Remove…")
    qtbot.waitUntil(lambda: f"beside {path}" not in dialog.list.rows, timeout=WAIT)
    qtbot.waitUntil(lambda: not group.isVisibleTo(dialog), timeout=WAIT)
    assert not path.exists() and mine.exists()


def test_what_a_transformer_alone_lacks_is_told_until_it_is_there(open_models, qtbot, tmp_path):
    dialog = open_models()
    drop(dialog, beside.flux(tmp_path / "fill.gguf"))
    path = checkpoints.own_folder() / "fill.gguf"
    qtbot.waitUntil(
        lambda: f"checkpoint {path}" in dialog.list.rows and not dialog._work.adding, timeout=WAIT
    )
    row = dialog.list.rows[f"checkpoint {path}"]
    (toast,) = toasts(dialog)
    assert toast.startswith("fill.gguf also needs the text encoder CLIP-L") and "“Add a file…”" in toast
    qtbot.waitUntil(lambda: toast in words_of(row), timeout=WAIT)
    parts = (beside.clip, beside.t5_gguf, beside.autoencoder, beside.spiece)
    names = ("clip.safetensors", "t5.gguf", "ae.safetensors", "spiece.model")
    drop(dialog, *(make(tmp_path / name) for make, name in zip(parts, names, strict=True)))
    qtbot.waitUntil(lambda: not dialog._work.adding, timeout=WAIT)
    qtbot.waitUntil(lambda: not row.item.lacking, timeout=WAIT)
    assert toast not in words_of(row)


def test_files_of_every_kind_can_be_chosen(open_models, monkeypatch):
    filters = []
    monkeypatch.setattr(file_dialogs, "ask_for_files", lambda *told, **_: filters.append(told[3]) or [])
    open_models().add_file.click()
    assert {"*.safetensors", "*.gguf", "spiece.model"} <= set(filters[0].replace("(", " ").split())


def test_what_waits_to_be_added_can_be_called_off(open_models, qtbot, tmp_path):
    dialog, gate = open_models(), threading.Event()
    dialog._work._submit(gate.wait, 20)  # something else is being done
    drop(dialog, *(single_file(tmp_path / f"{name}.safetensors") for name in "ab"))
    assert dialog._adding.isVisibleTo(dialog)
    dialog._adding._stop.click()
    gate.set()
    qtbot.waitUntil(lambda: not dialog._work.adding, timeout=WAIT)
    assert {"a.safetensors was not added.", "b.safetensors was not added."} <= set(toasts(dialog))
    assert not checkpoints.installed() and not dialog._adding.isVisibleTo(dialog)


# --- where they are kept ---


@pytest.fixture
def usual_place(monkeypatch, tmp_path):
    """Models are kept where the settings say."""
    monkeypatch.delenv("LACUNA_DATA_DIR")
    monkeypatch.setattr(store.platformdirs, "user_data_path", lambda *_, **__: tmp_path / "usual")
    yield
    store.keep_in("")


def test_another_folder_is_chosen_and_left_again(
    usual_place, open_models, window, qtbot, tmp_path, monkeypatch
):
    other = tmp_path / "stick"
    other.mkdir()
    monkeypatch.setattr(file_dialogs, "ask_for_folder", lambda *_: other)
    dialog = open_models()
    assert dialog.storage.another.isEnabled() and not dialog.storage.usual.isVisible()
    dialog.storage.another.click()
    qtbot.waitUntil(lambda: dialog.storage._path.toolTip() == str(other), timeout=WAIT)
    assert store.packs_folder() == other and settings.load().models_folder == str(other)
    dialog.storage.usual.click()
    qtbot.waitUntil(
        lambda: dialog.storage._path.toolTip() == str(tmp_path / "usual" / "models"), timeout=WAIT
    )
    assert settings.load().models_folder == ""


def test_a_folder_that_the_system_says_is_not_changed_here(open_models):
    dialog = open_models()
    assert not dialog.storage.another.isEnabled() and "LACUNA_DATA_DIR" in dialog.storage.another.toolTip()


# --- what is asked ---


def _answer(button: str, seen: list) -> None:
    sheet = QApplication.activeModalWidget()
    seen += [each.text() for each in sheet.findChildren(QLabel)]
    seen += [each.toPlainText() for each in sheet.findChildren(QTextBrowser)]
    next(each for each in sheet.findChildren(QPushButton) if each.text() == button).click()


@pytest.mark.parametrize(("button", "answer"), [("Accept and install", True), ("Cancel", False)])
def test_the_licence_is_shown(open_models, button, answer):
    dialog, seen = open_models(), []
    item = next(row.item for row in dialog.list.rows.values() if "lama-torchscript" in row.item.files)
    QTimer.singleShot(50, lambda: _answer(button, seen))
    assert questions.accepts_licence(dialog, item) is answer
    text = "\n".join(seen)
    assert "206 MB to fetch. Licence: No written licence, not for commercial use." in text
    assert "without a written licence" in text and "release" in text and item.origins[0] in text
    assert "Places, on which they were trained" in text  # of what is kept with the program


def test_what_to_bring_is_told(open_models):
    dialog, seen = open_models(), []
    QTimer.singleShot(50, lambda: _answer("Choose files…", seen))
    assert questions.wants_to_bring(dialog, dialog.list.rows["zits"].item)
    assert all(
        store.entry_of(each).file in seen[-1]
        for each in ("zits-tsr", "zits-ssu", "zits-wireframe", "zits-ftr")
    )


def test_a_removal_says_what_it_frees(open_models, installed):
    dialog, seen = open_models(), []
    item = dialog.list.rows[TOY].item
    QTimer.singleShot(50, lambda: _answer("Keep", seen))
    assert not questions.may_remove(dialog, item)
    assert "This frees 0.3 MB. It can be fetched again at any time." in seen
    own = dataclasses.replace(item, origins=())
    QTimer.singleShot(50, lambda: _answer("Remove", seen))
    assert questions.may_remove(dialog, own)
    assert any("keep a copy" in each for each in seen)


# --- how quickly ---


def test_a_pace_is_that_of_the_last_seconds():
    pace = Pace(total=1000, begun=100)
    pace.see(0.0, 0)  # before it has looked at what is there
    pace.see(0.0, 100)
    assert pace.rate == 0 and pace.remaining is None and pace.done == 100
    for second in range(1, 21):
        pace.see(second, 100 + 10 * second)
    assert pace.rate == pytest.approx(10) and pace.remaining == pytest.approx(70)
    for second in range(21, 31):
        pace.see(second, 300 + 50 * (second - 20))
    assert pace.rate == pytest.approx(50) and pace.remaining == pytest.approx(4)


def test_a_pace_begins_anew_with_another_source():
    pace = Pace(total=1000)
    for second, done in ((0, 0), (1, 500), (2, 0), (3, 100), (4, 200)):
        pace.see(second, done)
    assert pace.rate == pytest.approx(100) and pace.remaining == pytest.approx(8)


def test_a_model_of_the_catalogue_that_fills_is_offered_and_then_listed_once(open_models, monkeypatch, qtbot):
    dialog = open_models()
    row = dialog.list.rows["model sd15-inpaint"]
    told = words_of(row)
    assert told[0] == "Stable Diffusion 1.5 Inpainting" and "4.3 GB" in told
    assert "CreativeML OpenRAIL-M" in told and "within its limits of use" in told
    assert [each.text() for each in row.findChildren(QPushButton) if each.isVisibleTo(row)] == ["Install"]
    assert dialog.list._groups["fill"]._empty.isVisibleTo(dialog)
    path = store.path_of("sd15-inpaint")
    path.parent.mkdir(parents=True)
    size = single_file(path).stat().st_size
    entries = dict(store.catalog())
    entries["sd15-inpaint"] = dataclasses.replace(entries["sd15-inpaint"], bytes=size)
    monkeypatch.setattr(store, "catalog", lambda: entries)
    assert [each.path for each in checkpoints.installed()] == [path]
    dialog._work.look()
    qtbot.waitUntil(lambda: row.item.is_here, timeout=WAIT)
    assert [each for each in dialog.list.rows if each.startswith("checkpoint")] == []
    assert not dialog.list._groups["fill"]._empty.isVisibleTo(dialog)


def test_a_network_that_enlarges_is_dropped_checked_and_removed(open_models, qtbot, tmp_path, yes):
    from engines import safetensors_file
    from engines.upscale import models
    from tests.engines.upscalers import compact_tensors

    mine = tmp_path / "mine.safetensors"
    mine.write_bytes(safetensors_file.write(compact_tensors()))
    dialog = open_models()
    drop(dialog, mine)
    qtbot.waitUntil(lambda: len(models.installed()) == 1 and not dialog._work.adding, timeout=WAIT)
    (found,) = models.installed()
    qtbot.waitUntil(lambda: f"network {found.path}" in dialog.list.rows, timeout=WAIT)
    row = dialog.list.rows[f"network {found.path}"]
    choose(row, "Check that it is whole")
    qtbot.waitUntil(lambda: "mine is whole." in toasts(dialog), timeout=WAIT)
    choose(row, "Remove…")
    qtbot.waitUntil(lambda: f"network {found.path}" not in dialog.list.rows, timeout=WAIT)
    assert not found.path.exists() and mine.exists()
