"""Words as they are typed, and what a model reads of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.jobs import wording
from editor.jobs.wording import Style, resolve
from engines.base import EngineError

SEEDS = st.integers(-(2**53), 2**53)
PLAIN = st.text(st.characters(exclude_characters="{}|_", exclude_categories=["Cs"]), max_size=30)


@pytest.fixture
def lists(tmp_path, monkeypatch):
    """Writes a list of words."""
    monkeypatch.setenv("LACUNA_DATA_DIR", str(tmp_path))
    wording.folder().mkdir(parents=True)
    return lambda name, text: (wording.folder() / f"{name}.txt").write_text(text, encoding="utf-8")


@given(PLAIN, SEEDS)
def test_words_without_choices_stay_as_they_are(text, seed):
    assert resolve(text, seed) == text


@given(st.lists(PLAIN.map(str.strip), min_size=2, max_size=6), SEEDS, PLAIN, PLAIN)
def test_a_choice_is_one_of_what_is_offered_and_the_same_each_time(options, seed, before, after):
    text = f"{before}{{{'|'.join(options)}}}{after}"
    found = resolve(text, seed)
    assert found in {f"{before}{each}{after}" for each in options}
    assert resolve(text, seed) == found


@given(
    st.recursive(
        PLAIN,
        lambda inner: st.lists(inner, min_size=2, max_size=3).map(lambda each: "{" + "|".join(each) + "}"),
        max_leaves=12,
    ),
    SEEDS,
)
def test_choices_within_choices_are_all_made(text, seed):
    assert not set("{|}") & set(resolve(text, seed))


def test_seeds_differ_and_every_choice_comes():
    found = [resolve("{red|green|blue} {a|b}", seed) for seed in range(200)]
    assert len(set(found)) == 6
    assert 40 < sum(each.startswith("red") for each in found) < 95


def test_two_texts_of_one_seed_choose_for_themselves():
    text = "{" + "|".join(map(str, range(1000))) + "}"
    assert resolve(text, 1) != resolve(text, 1, "negative")


def test_braces_without_a_bar_are_words():
    assert resolve("a {b} c", 0) == "a {b} c"


def test_lists_are_read_line_by_line_and_may_hold_choices_and_lists(lists):
    lists("colour", "\ufeff# of the wall\n\nred\n  {dark|light} blue \n")
    lists("old_thing", "a __colour__ jug\n")
    found = {resolve("__old_thing__ on a table", seed) for seed in range(60)}
    assert found == {f"a {each} jug on a table" for each in ("red", "dark blue", "light blue")}
    assert wording.lists() == ["colour", "old_thing"]


@pytest.mark.parametrize(
    ("content", "words"), [(None, "no list of words"), ("# none\n\n", "is empty"), ("__x__, __x__", "circle")]
)
def test_a_list_that_gives_nothing_is_told_in_one_line(lists, content, words):
    if content is not None:
        lists("x", content)
    with pytest.raises(EngineError, match=words) as caught:
        resolve("a __x__", 3)
    assert "\n" not in str(caught.value)


def test_no_list_lies_outside_the_folder(lists, tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    assert resolve("__../../secret__", 0) == "__../../secret__"


def test_a_style_puts_what_is_typed_where_it_says():
    style = Style("Old", "an old photograph of {prompt}, sepia", "colour")
    assert style.over("a boat", "fog") == ("an old photograph of a boat, sepia", "fog, colour")
    assert Style("Grain", "film grain").over("a boat", "") == ("a boat, film grain", "")
    assert Style("Grain", "{prompt}, film grain").over("", "") == ("film grain", "")
    assert wording.NONE.over("a boat", "fog") == ("a boat", "fog")


def test_ones_own_styles_stand_beside_the_built_in_ones_or_in_their_place():
    own = {
        "Mine": wording.kept(Style("Mine", "m", "n")),
        "Watercolour": {"prompt": "wet"},
        "bad": {"prompt": 3},
    }
    found = wording.styles(own)
    assert found["Mine"] == Style("Mine", "m", "n")
    assert found["Watercolour"] == Style("Watercolour", "wet")
    assert "bad" not in found
    assert len(found) == len(wording.BUILT_IN) + 1
