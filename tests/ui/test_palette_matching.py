"""What a few letters find, and in which order."""

import pytest

from editor.ui.palette.matching import match, match_loosely
from editor.ui.palette.synonyms import FILLERS, SYNONYMS


def order(query: str, names: list[str]) -> list[str]:
    found = [(match(query, name), name) for name in names]
    return [name for hit, name in sorted(found, key=lambda each: -(each[0].score if each[0] else 0)) if hit]


def test_the_beginning_counts_most_then_words_then_parts_then_scattered_letters():
    names = ["Flatten picture", "Add layer mask", "Unlock layer", "Delete layer mask", "Clear"]
    assert order("la", names)[:3] == ["Unlock layer", "Add layer mask", "Delete layer mask"]
    assert order("fl", ["Reflow", "Go to flat", "Flatten", "Free lasso"]) == [
        "Flatten",
        "Go to flat",
        "Reflow",
        "Free lasso",
    ]


def test_the_shorter_of_two_that_fit_is_meant():
    assert order("save", ["Save a copy", "Save As", "Save"]) == ["Save", "Save As", "Save a copy"]


@pytest.mark.parametrize(
    ("query", "name", "places"),
    [
        ("mrgv", "Merge visible", (0, 2, 3, 6)),
        ("r9", "Rotate 90° to the right", (0, 7)),
        ("mask add", "Add layer mask", (0, 1, 2, 10, 11, 12, 13)),
        ("图层", "新建图层", (2, 3)),
        ("FLAT", "flatten picture", (0, 1, 2, 3)),
    ],
)
def test_the_letters_that_were_meant(query, name, places):
    assert match(query, name).places == places


@pytest.mark.parametrize(
    ("query", "name"),
    [("fla", "Flip vertically"), ("zoom", "Free lasso"), ("lfa", "Flatten"), ("flat mask", "Flatten")],
)
def test_what_hardly_anyone_means_does_not_fit(query, name):
    assert match(query, name) is None


def test_scattered_letters_can_be_left_out():
    assert match("mrgv", "Merge visible", scattered=False) is None
    assert match("merge", "Merge visible", scattered=False) is not None


def test_an_empty_query_fits_everything_equally():
    assert match("", "Anything").score == match(" ", "Else, and longer").score == 0


def test_letters_that_grow_in_lower_case_do_no_harm():
    assert match("stan", "İstanbul") is not None


def test_words_that_only_fill_a_sentence_are_left_out():
    assert match("the flat of a picture", "Flatten picture") is not None
    assert match("to", "Free lasso") is None  # alone it counts like any other
    assert match("a", "Add") is not None


def test_the_name_itself_comes_first():
    assert (
        order("layer mask", ["Layer mask from the mask", "Add layer mask", "Layer mask"])[0] == "Layer mask"
    )


@pytest.mark.parametrize(
    "query", ["grow the sel", "selection grow", "outwards", "select grow", "expand selection", "expan"]
)
def test_a_line_is_found_by_its_menu_its_tip_and_other_words(query):
    assert match_loosely(query, "Select › Edge › Grow", "Move the selection's edge outwards") is not None


@pytest.mark.parametrize("query", ["", "grow mask", "utwards", "hard"])
def test_what_is_in_none_of_them_does_not_fit(query):
    assert match_loosely(query, "Select › Edge › Grow", "Move the selection's edge outwards") is None


def test_a_tip_in_chinese_is_found_by_its_parts():
    assert match_loosely("边缘", "选择 › 扩展", "向外移动选区的边缘") is not None


def test_its_own_word_counts_more_than_another_for_it():
    own, other = match_loosely("shrink", "Shrink", ""), match_loosely("contract", "Shrink", "")
    assert own.score > other.score


def test_the_table_of_other_words_is_one_of_lower_case_words_that_count():
    for word, others in SYNONYMS.items():
        assert word == word.lower() and word not in FILLERS
        assert others and word not in others
