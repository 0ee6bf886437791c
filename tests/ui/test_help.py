"""The guide says of the program's words what they are now, in both languages; About names every part."""

import re
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QKeySequence, QTextDocument
from PySide6.QtTest import QTest
from walking import speaking

from editor.ui import about_parts, theme
from editor.ui.about import AboutDialog
from editor.ui.commands import give_keys, plain
from editor.ui.help.guide import FOLDER, SHORTCUTS, Guide
from editor.ui.menus.bar import MENUS
from engines import registry

ROOT = Path(__file__).parents[2]
LANGUAGES = ("en", "zh_CN")
ENGINES = (
    *("migan", "patches", "lama", "lama-refined", "zits"),
    *("diffusion", "lines", "mobile-sam", "u2netp", "upscale", "faces", "portrait"),
)
TASKS = (
    *("remove", "warmer", "straighten", "select", "heal"),
    *("combine", "lines", "export", "recover", "later"),
)
PAGES = (*TASKS, *(f"engine-{name}" for name in ENGINES))


@pytest.fixture
def guide(window) -> Guide:
    return Guide(MENUS, window.actions_by_id)


def texts(language: str) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted((FOLDER / language).glob("*.md"))}


# -- what it says -------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_ten_tasks_and_every_engine_are_there_and_every_mark_is_filled(guide, language):
    pages = guide.pages(language)
    assert [page.id for page in pages] == [*PAGES, SHORTCUTS]
    for page in pages:
        assert page.title and page.text.startswith(f"# {page.title}")
        assert not re.search(r"\{(menu|keys|tool|ui|facts)", page.text), page.id


def test_both_languages_say_the_same():
    """The same files with the same marks, the same links, and as many steps."""
    english, chinese = texts("en"), texts("zh_CN")
    assert english.keys() == chinese.keys()
    for name, text in english.items():
        for pattern in (r"\{[^}]+\}", r"\]\((.+?)\)", r"(?m)^\d+\. ", r"(?m)^## "):
            found = sorted(re.findall(pattern, text)), sorted(re.findall(pattern, chinese[name]))
            assert found[0] == found[1], (name, pattern)


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_lead_to_pages(language):
    for name, text in texts(language).items():
        for picture in re.findall(r"!\[[^]]+\]\((.+?)\)", text):
            assert (FOLDER / language / picture).is_file(), (name, picture)
        for link in re.findall(r"[^!]\[[^]]+\]\((.+?)\)", text):
            assert link.removesuffix(".md") in PAGES, (name, link)


def test_words_on_the_screen_are_the_programs(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    from shown_words import words

    shown = {plain(each) for each in words()} | {"JPEG", "WebP", "AVIF"}
    for name, text in texts("en").items():
        for each in re.findall(r"\{ui:([^}]+)\}", text):
            assert plain(each) in shown, (name, each)


def test_menus_tools_and_shortcuts_are_those_of_now(guide, window):
    def page(name: str) -> str:
        return next(each.text for each in guide.pages("en") if each.id == name)

    assert "**File › Open** (`Ctrl+O`)" in page("remove")
    assert "**Remove brush** (`J`)" in page("remove")
    assert "**Layer › Layer mask › Add layer mask**" in page("select")
    give_keys(window.actions_by_id["documents.ask"], [QKeySequence("Ctrl+F9")])
    assert "**File › Open** (`Ctrl+F9`)" in page("remove")
    give_keys(window.actions_by_id["documents.ask"], [])
    assert "**File › Open**," in page("remove")
    assert "| Open |" not in page(SHORTCUTS)
    assert "| Duplicate layer | `Ctrl+J` |" in page(SHORTCUTS)


def test_in_chinese_the_programs_words_are_chinese(make_window):
    with speaking("zh_CN"):
        window = make_window()
        page = Guide(MENUS, window.actions_by_id).pages("zh_CN")[0].text
        assert "Open" not in page
        assert "Remove brush" not in page


def test_every_engine_has_a_page_with_its_cost_licence_and_paper(guide):
    assert set(ENGINES) == {entry.id for entry in registry.ENGINES}
    pages = {page.id: page.text for page in guide.pages("en")}
    for entry in registry.ENGINES:
        text = pages[f"engine-{entry.id}"]
        assert text.startswith(f"# Engine: {entry.title}\n")
        assert "Paper" in text and "**Not good at**" in text, entry.id
        for weights in registry.weights(entry):
            assert weights.licence in text
    assert "| Model | 29 MB, comes with Lacuna |" in pages["engine-migan"]
    assert "| Time | About 0.5 s for 512 × 512 pixels, on two processor cores |" in pages["engine-migan"]
    assert "| On this machine | Ready |" in pages["engine-migan"]
    assert "“Add a file…”" in pages["engine-zits"] and "main.py" not in "".join(pages.values())


# -- its window ---------------------------------------------------------------------------------------


@pytest.fixture
def shown(window, qtbot):
    window.actions_by_id["help.guide"].trigger()
    found = window.help.window
    qtbot.waitUntil(found.isVisible)
    yield found
    found.close()


def listed(shown) -> list[str]:
    rows = (shown.topics.item(row) for row in range(shown.topics.count()))
    return [item.data(Qt.ItemDataRole.UserRole) for item in rows if not item.isHidden()]


def test_every_task_has_its_picture_in_the_window(shown):
    for row, name in enumerate(TASKS):
        shown.topics.setCurrentRow(row)
        document = shown.text.document()
        picture = document.resource(QTextDocument.ResourceType.ImageResource, QUrl(f"pictures/{name}.webp"))
        assert picture is not None, name
        assert "\N{OBJECT REPLACEMENT CHARACTER}" in document.toRawText(), name
        assert document.idealWidth() <= shown.text.viewport().width()


def test_f1_opens_it_beside_the_picture(shown, window):
    assert window.actions_by_id["help.guide"].shortcut() == QKeySequence("F1")
    assert not shown.isModal()
    assert listed(shown) == [*PAGES, SHORTCUTS]
    assert shown.page == "remove"
    assert "Take something out of a photograph" in shown.text.toPlainText()
    assert "{" not in shown.text.toPlainText()


def test_search_lists_the_pages_that_have_all_the_words(shown):
    QTest.keyClicks(shown.search, "horizon frame")
    assert listed(shown) == ["straighten"]
    assert shown.page == "straighten"
    marked = {mark.cursor.selectedText().lower() for mark in shown.text.extraSelections()}
    assert marked == {"horizon", "frame"}
    shown.search.setText("nothing has these words")
    assert listed(shown) == []
    assert shown.nothing.isVisible()
    shown.search.clear()
    assert listed(shown) == [*PAGES, SHORTCUTS]
    assert not shown.text.extraSelections()


def test_links_go_to_other_pages(shown):
    shown.search.setText("hiker")
    shown.text.anchorClicked.emit(QUrl("later.md"))
    assert shown.page == "later"
    assert shown.topics.currentItem().data(Qt.ItemDataRole.UserRole) == "later"
    assert "Run again" in shown.text.toPlainText()


def test_it_opens_where_it_was_left_and_with_the_shortcuts_of_now(shown, window):
    shown.topics.setCurrentRow(3)
    shown.close()
    give_keys(window.actions_by_id["layers.add_mask"], [QKeySequence("Ctrl+F9")])
    window.help.guide()
    assert shown.page == "select"
    assert "Ctrl+F9" in shown.text.toPlainText()
    shown.close()
    window.help.shortcuts()
    assert shown.page == SHORTCUTS
    assert "Duplicate layer" in shown.text.toPlainText()


def test_it_follows_the_theme(shown, qapp):
    before = shown.text.document().toHtml()
    try:
        theme.apply(qapp, "light")
        assert shown.text.document().toHtml() != before
    finally:
        theme.apply(qapp, "dark")


# -- about --------------------------------------------------------------------------------------------


def parts() -> dict[str, about_parts.Part]:
    return {part.name: part for part in about_parts.collect()}


def test_every_part_has_a_licence_and_its_words():
    found = parts()
    assert next(iter(found)) == "Lacuna"
    wanted = {"Lacuna", "Python", "numpy", "pillow", "PySide6_Essentials", "MI-GAN 512", "Sample photograph"}
    assert wanted <= found.keys()
    for part in found.values():
        assert part.licence, part.name
        assert all(part.texts) and any(len(text) > 50 for text in part.texts), part.name


def test_what_only_developers_install_is_no_part():
    found = {name.lower() for name in parts()}
    assert not found & {"pytest", "ruff", "hypothesis", "import-linter", "onnx"}


def test_what_is_needed_by_what_is_needed_is_a_part():
    assert "shiboken6" in parts()


def test_requirements_are_read_as_they_are_written():
    lines = [
        "psd-tools>=1.26,<2",
        "pi_heif",
        "rawpy<0.29; extra == 'raw'",
        'pytest ; extra == "test"',
        "pyjpegxl>=0.3 ; (sys_platform == 'linux')",
    ]
    assert list(about_parts._needed(lines, extras=True)) == ["psd-tools", "pi-heif", "rawpy", "pyjpegxl"]
    assert list(about_parts._needed(lines)) == ["psd-tools", "pi-heif", "pyjpegxl"]


def test_it_works_where_nothing_but_the_program_is_installed(monkeypatch, tmp_path):
    """As packaged: there is no source tree, and Lacuna may not be registered."""
    monkeypatch.setattr(about_parts, "ROOT", tmp_path)
    try:
        names = set(about_parts._requirements())
    except about_parts.metadata.PackageNotFoundError:
        pytest.skip("not installed here")
    assert {"numpy", "pillow"} <= names


def test_it_needs_no_qt():
    source = Path(sys.modules["editor.ui.about_parts"].__file__).read_text(encoding="utf-8")
    assert "PySide6" not in source


def test_the_dialog_shows_them(window, qtbot):
    window.actions_by_id["help.about"].trigger()
    dialog = window.findChild(AboutDialog)
    qtbot.waitUntil(lambda: dialog.parts.count() > 10, timeout=20_000)
    assert "Apache License" in dialog.text.toPlainText()
    names = [dialog.parts.item(row).text() for row in range(dialog.parts.count())]
    dialog.parts.setCurrentRow(next(row for row, name in enumerate(names) if name.startswith("PySide6")))
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in dialog.text.toPlainText()
    dialog.close()


def test_closing_it_before_it_is_filled_does_no_harm(window, qtbot):
    window.help.about()
    window.findChild(AboutDialog).close()
    QTest.qWait(10)
