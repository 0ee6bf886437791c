"""What a few letters find, and in which order."""

import pytest

from editor.ui.palette.matching import match


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
