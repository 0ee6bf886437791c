"""The start page offers what is there and leaves nothing running."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QPushButton

from editor.ui import start_page
from editor.ui.start_page import MAX_CARDS, StartPage


@pytest.fixture
def page(qtbot):
    page = StartPage()
    qtbot.addWidget(page)
    page.resize(1400, 800)
    page.show()
    yield page
    page.stop()


@pytest.fixture
def pictures(tmp_path):
    paths = []
    for number in range(10):
        path = tmp_path / f"picture {number}.png"
        Image.fromarray(np.full((90, 160, 3), 20 * number, np.uint8)).save(path)
        paths.append(path)
    return paths


def _shown(page: StartPage) -> list:
    return [card for card in page._row._cards.values() if card.isVisible()]


def _button(page: StartPage, name: str) -> QPushButton:
    return next(button for button in page.findChildren(QPushButton) if button.accessibleName() == name)


def test_buttons_say_what_is_wanted(page, qtbot):
    with qtbot.waitSignal(page.open_clicked):
        qtbot.mouseClick(_button(page, "Open a photograph"), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(page.sample_clicked):
        qtbot.keyClick(_button(page, "Try the sample"), Qt.Key.Key_Space)


def test_recent_pictures_without_the_missing_ones(page, pictures, qtbot, tmp_path):
    pictures[1].unlink()
    page.set_recent([tmp_path, *pictures])
    qtbot.waitUntil(lambda: page._row.complete)
    cards = _shown(page)
    assert [card.path for card in cards] == [str(path) for path in (pictures[0], *pictures[2:9])]
    assert len(cards) == MAX_CARDS
    assert all(not card._image.isNull() for card in cards)
    assert cards[0].accessibleName() == "Open picture 0.png"


def test_a_card_opens_its_picture(page, pictures, qtbot):
    page.set_recent(pictures[:2])
    qtbot.waitUntil(lambda: len(_shown(page)) == 2)
    with qtbot.waitSignal(page.file_clicked) as heard:
        qtbot.mouseClick(_shown(page)[1], Qt.MouseButton.LeftButton)
    assert heard.args == [str(pictures[1])]
    with qtbot.waitSignal(page.file_clicked) as heard:
        qtbot.keyClick(_shown(page)[0], Qt.Key.Key_Space)
    assert heard.args == [str(pictures[0])]


def test_only_as_many_as_fit_and_none_in_a_low_window(page, pictures, qtbot):
    page.set_recent(pictures)
    qtbot.waitUntil(lambda: page._row.complete)
    page.resize(600, 800)
    assert 1 <= len(_shown(page)) <= 3
    page.resize(600, 300)
    assert not page._row.isVisible()
    page.resize(1400, 800)
    assert len(_shown(page)) == MAX_CARDS


def test_nothing_recent_shows_no_empty_row(page, qtbot, tmp_path):
    assert not page._row.isVisible()
    page.set_recent([tmp_path / "gone.png"])
    qtbot.waitUntil(lambda: not page._row.isVisible())


def test_a_newer_list_wins(page, pictures, qtbot):
    page.set_recent(pictures)
    page.set_recent(pictures[3:5])
    qtbot.waitUntil(lambda: page._row.complete)
    assert [card.path for card in _shown(page)] == [str(path) for path in pictures[3:5]]


def test_a_file_that_is_no_picture_keeps_its_card(page, tmp_path, qtbot):
    path = tmp_path / "notes.png"
    path.write_text("not a picture")
    page.set_recent([path])
    qtbot.waitUntil(lambda: page._row.complete)
    assert _shown(page)[0]._image.isNull()
    page.grab()


def test_nothing_is_read_before_the_page_is_seen(qtbot, pictures):
    page = StartPage()
    qtbot.addWidget(page)
    page.set_recent(pictures)
    assert page._loader is None
    page.show()
    qtbot.waitUntil(lambda: page._row.complete)


def test_no_thread_is_left_after_stop_or_after_the_page_is_gone(qtbot, pictures):
    page = StartPage()
    page.show()
    page.set_recent(pictures)
    loader = page._loader
    page.stop()
    assert not loader.isRunning()
    page.set_recent(pictures[:5])
    loader = page._loader
    page.deleteLater()
    qtbot.waitUntil(lambda: loader.isFinished())


def test_thumbnail_covers_a_card_and_stands_upright(tmp_path, qapp):
    path = tmp_path / "turned.jpg"
    picture = Image.new("RGB", (1200, 800), "red")
    exif = picture.getexif()
    exif[0x0112] = 6  # turned a quarter
    picture.save(path, exif=exif)
    image = start_page.read_thumbnail(str(path))
    assert image.width() < image.height()
    wanted = start_page._PICTURE * start_page._MAX_RATIO
    assert image.width() >= wanted.width()
    assert image.height() >= wanted.height()
    assert image.height() < 800


def test_a_huge_picture_that_must_be_read_in_full_gets_no_thumbnail(tmp_path, monkeypatch, qapp):
    path = tmp_path / "large.png"
    Image.new("L", (50, 50)).save(path)
    assert start_page.read_thumbnail(str(path)).size() == QSize(50, 50)
    monkeypatch.setattr(start_page, "_MAX_PIXELS", 2000)
    assert start_page.read_thumbnail(str(path)) == QImage()
