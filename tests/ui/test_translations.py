"""The translations are complete and compiled, and lines put together below the window are found in them."""

import re
import shutil
import sys
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QMessageBox
from walking import speaking

from editor.document.files.errors import FileError
from editor.document.model import Document, Locked
from editor.ui import dialogs, language, words
from editor.ui.commands import plain
from editor.ui.recovery_bar import when
from editor.ui.words import tr, tr_composed

ROOT = Path(__file__).parents[2]
CHINESE = ROOT / "resources" / "translations" / "lacuna_zh_CN.ts"


@pytest.fixture(scope="module")
def translations():
    """packaging/translations.py, which is a program and in no package."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "packaging"))
        import translations

        yield translations
    for name in ("translations", "shown_words"):
        sys.modules.pop(name, None)


@pytest.fixture
def chinese(qapp) -> Iterator[None]:
    with speaking("zh_CN"):
        yield


# --- what is kept in resources/translations ---


def test_everything_is_translated_and_compiled(translations):
    assert not list(translations.problems(CHINESE))


def test_the_list_of_composed_lines_is_up_to_date(translations):
    kept = translations.COMPOSED.read_text(encoding="utf-8")
    assert kept == translations._composed(translations.words())


@pytest.mark.parametrize(
    ("source", "translation", "problem"),
    [
        ("Try the sample", '<translation type="unfinished"></translation>', "not translated: Try the sample"),
        ("Open {name}", "<translation>打开 {file}</translation>", "other parts: Open {name} -> 打开 {file}"),
        ("S&amp;kip", "<translation>跳过</translation>", "another mnemonic: S&kip -> 跳过"),
        ("&amp;Open…", "<translation>打开(&amp;O)</translation>", "another ending: &Open… -> 打开(&O)"),
    ],
)
def test_what_is_wrong_in_a_file_is_found(translations, tmp_path, source, translation, problem):
    path = tmp_path / CHINESE.name
    message = re.compile(rf"(<source>{re.escape(source)}</source>\s*)<translation>.*?</translation>")
    text, replaced = message.subn(rf"\1{translation}", CHINESE.read_text(encoding="utf-8"))
    assert replaced == 1
    path.write_text(text, encoding="utf-8")
    shutil.copy(CHINESE.with_suffix(".qm"), tmp_path)
    # What was compiled is not what is compiled now either.
    assert set(translations.problems(path)) == {problem, f"{path.stem}.qm is not what {path.name} gives"}


def test_what_is_no_longer_shown_is_found(translations, tmp_path):
    path = tmp_path / CHINESE.name
    text = CHINESE.read_text(encoding="utf-8")
    path.write_text(text.replace("<source>Try the sample<", "<source>Try it<"), encoding="utf-8")
    found = set(translations.problems(path))
    assert {"no longer in the program: Try it", "not translated: Try the sample"} <= found


def test_words_are_found_where_they_stand(translations):
    shown = translations.words()
    for text in (
        "Open a photograph",  # tr() in the window
        "Colour burn",  # a table of the window
        "&Undo",  # a command
        "Dither",  # an option of a tool
        "Merge down",  # the name of an edit
        "Delete lines",  # one in a table below the window
        "No layer is visible.",  # a refusal
        "Cannot open {0}: {1}.",  # of a file, put together
        "Text came in as pixels",  # a remark on a file
        "Midtones",  # a parameter of an adjustment, made of its name
    ):
        assert text in shown, text
    for text in ("no gradient is called {0}", "print the version and exit", "color-burn", "lock-alpha"):
        assert text not in shown, text


# --- lines that are put together ---


def test_a_composed_line_is_translated_with_its_parts(chinese):
    assert tr_composed("Cannot open a.png: the file does not exist.") == "无法打开 a.png：文件不存在。"


def test_a_message_within_a_message_is_translated_too(chinese):
    line = "Cannot save a.png: the disk is full. Nothing was changed."
    assert tr_composed(line) == "无法存储 a.png：磁盘已满。没有任何更改。"


def test_parts_may_stand_in_another_order(chinese):
    line = "Cannot open a.png: the disk reported an error (Input/output error)."
    assert tr_composed(line) == "无法打开 a.png：磁盘报告了错误（Input/output error）。"
    assert tr_composed("must be a whole number from 1 to 5") == "必须是 1 到 5 之间的整数"


def test_names_are_left_as_they_are(chinese):
    """A layer or a file may be called like something in the window."""
    refusal = str(Locked(Document.from_pixels(np.zeros((2, 2, 4), np.uint8)).layers[0]))
    assert "Background" in refusal and "Background" in tr_composed(refusal)
    assert tr_composed("Cannot open Layer: it is a folder.") == "无法打开 Layer：它是一个文件夹。"


def test_an_unknown_line_stays_as_it_is(chinese):
    assert tr_composed("libfoo: 17 bar") == "libfoo: 17 bar"
    assert tr_composed("") == ""


def test_in_english_every_line_stays_as_it_is(qapp):
    assert tr_composed("Cannot open Layer: it is a folder.") == "Cannot open Layer: it is a folder."


def test_every_composed_line_finds_its_own_translation(chinese):
    """No pattern is taken for another one."""
    numbers = count(100)
    for pattern in words.COMPOSED.read_text(encoding="utf-8").splitlines():
        parts = {name: str(next(numbers)) for name in dict.fromkeys(re.findall(r"\{\d+\}", pattern))}

        def filled(text: str, parts=parts) -> str:
            return re.sub(r"\{\d+\}", lambda part: parts[part[0]], text)

        assert tr_composed(filled(pattern)) == filled(tr(pattern)), pattern


# --- the language ---


def test_without_a_choice_the_system_decides(monkeypatch):
    monkeypatch.setattr(QLocale, "system", lambda: QLocale("zh_SG"))
    assert language.chosen("") == "zh_CN"
    monkeypatch.setattr(QLocale, "system", lambda: QLocale("fr_FR"))
    assert language.chosen("") == "en"
    assert language.chosen("zh_CN") == "zh_CN"
    assert language.chosen("tlh") == "en"


def test_qts_own_words_are_chinese_too(chinese, qtbot):
    box = QMessageBox()
    qtbot.addWidget(box)
    box.setStandardButtons(QMessageBox.StandardButton.Cancel | QMessageBox.StandardButton.Save)
    assert {plain(button.text()) for button in box.buttons()} == {"取消", "保存"}


def test_numbers_and_dates_are_written_as_in_the_language(chinese):
    assert dialogs.size_text(1_234_567) == "1.2 MB"
    then = datetime(2024, 3, 5, 9, 7)
    assert when(then.timestamp(), datetime(2024, 3, 5, 20)) == "今天 9:07"
    assert when(then.timestamp(), datetime(2025, 3, 5)) == "2024年3月5日, 9:07"


def test_the_window_runs_from_right_to_left_where_the_language_does(qapp, monkeypatch):
    monkeypatch.setitem(language.LANGUAGES, "ar", "العربية")
    with speaking("en"):
        assert qapp.layoutDirection() == Qt.LayoutDirection.LeftToRight
    with speaking("ar"):
        assert qapp.layoutDirection() == Qt.LayoutDirection.RightToLeft


def test_a_mnemonic_behind_the_words_is_no_part_of_them():
    assert plain("打开(&O)…") == "打开"
    assert plain("&Open…") == "Open"
    assert plain("R&&D") == "R&D"


def test_an_error_that_is_no_file_error_is_translated(chinese):
    words = dialogs.why_not_opened(Path("a.png"), ValueError("Nothing is selected."))
    assert words == "无法打开 a.png：没有选择任何内容。"
    assert dialogs.why_not_opened(Path("a.png"), FileError("x")) == "x"
