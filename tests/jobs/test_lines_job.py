"""A search for lines as a job: what the engine is given, and what its answer does to the document."""

import numpy as np
import pytest

from editor.document import guides, masks
from editor.document.guide import INK, LINE, Guide
from editor.jobs import lines, remove
from engines.lines.results import CROSSING, JOINED, CompletedLine, LinesResult


def masked(document, values):
    document.edit("Mask", masks.replace(document.selection, values))
    return document


def answer(*completed):
    """A result with these lines: (points, enabled)."""
    made = tuple(
        CompletedLine(
            np.array(points, np.float32), 0.8 - index / 100, JOINED if enabled else CROSSING, enabled
        )
        for index, (points, enabled) in enumerate(completed)
    )
    return LinesResult(
        np.zeros((0, 4), np.float32), np.zeros(0, np.float32), made, np.zeros((0, 2), np.float32)
    )


LEVEL, STEEP = [(10, 20), (50, 20)], [(30, 5), (32, 45)]


def test_nothing_masked_is_told_with_what_to_do(make_document):
    with pytest.raises(remove.NothingMasked, match="Nothing is masked yet"):
        lines.request(make_document())


def test_the_request_holds_what_a_removal_looks_at(make_document, box_mask):
    document = masked(make_document(1200, 400), box_mask(1200, 400, (300, 100, 200, 200), (900, 150, 90, 90)))
    asked, removal = lines.request(document), remove.request(document)
    assert len(asked.regions) == 2
    for one, other in zip(asked.regions, removal.regions, strict=True):
        assert one.box == other.box
        for name in ("image", "hole", "target"):
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_the_lines_are_guides_in_one_entry(make_document, whole):
    document = make_document(60, 50)
    ink = Guide(INK, ((5, 6), (7, 8)))
    guides.add(document, ink)
    before = whole(document)
    added = lines.apply(document, answer((LEVEL, True), (STEEP, False)))
    assert added == (
        Guide(LINE, ((10, 20), (50, 20)), enabled=True),
        Guide(LINE, ((30, 5), (32, 45)), enabled=False),
    )
    assert document.guides == (ink, *added)
    assert [entry.name for entry in document.history.entries][-1] == "Find lines"
    assert len(document.history.entries) == 2
    assert whole(document) == before
    document.history.undo()
    assert document.guides == (ink,)
    document.history.redo()
    assert document.guides == (ink, *added)


def test_nothing_found_makes_no_entry(make_document):
    document = make_document()
    assert lines.apply(document, answer()) == ()
    assert document.history.entries == []


@pytest.mark.parametrize(
    "there",
    [
        [(10, 20), (50, 20)],
        [(50, 20), (10, 20)],  # drawn the other way
        [(11, 21.5), (50, 20.9)],
        [(0, 20), (90, 20.4)],  # the user made it longer
    ],
)
@pytest.mark.parametrize("enabled", [True, False])
def test_a_line_that_is_there_is_not_found_again(make_document, there, enabled):
    document = make_document(100, 50)
    guides.add(document, Guide(LINE, tuple(there), enabled=enabled))
    entries = len(document.history.entries)
    assert lines.apply(document, answer((LEVEL, True))) == ()
    assert len(document.history.entries) == entries
    (new,) = lines.apply(document, answer((LEVEL, True), (STEEP, True)))
    assert new.points == ((30, 5), (32, 45))


@pytest.mark.parametrize(
    "there",
    [
        [(10, 23), (50, 23)],  # beside it
        [(10, 20), (30, 20)],  # half of it
        [(10, 19), (50, 21)],  # turned
        [(20, 10), (20, 40)],  # across
    ],
)
def test_another_line_does_not_keep_one_out(make_document, there):
    document = make_document(100, 50)
    guides.add(document, Guide(LINE, tuple(there)))
    assert len(lines.apply(document, answer((LEVEL, True)))) == 1


def test_ink_keeps_no_line_out(make_document):
    document = make_document(100, 50)
    guides.add(document, Guide(INK, ((10, 20), (50, 20))))
    assert len(lines.apply(document, answer((LEVEL, True)))) == 1


def test_the_same_twice_in_one_answer_is_one(make_document):
    document = make_document(100, 50)
    assert len(lines.apply(document, answer((LEVEL, True), ([(50, 21), (10, 21)], True)))) == 1


def test_found_looks_at_no_document():
    assert lines.found(answer((LEVEL, True))) == (Guide(LINE, ((10, 20), (50, 20))),)
