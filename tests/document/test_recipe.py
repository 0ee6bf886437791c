import json

import pytest

from editor.document.recipe import Recipe

RECIPE = Recipe("remove", "migan", "ab" * 32, "cpu", 7, grain=0.25)


def test_a_recipe_comes_back_from_json():
    assert Recipe.from_dict(json.loads(json.dumps(RECIPE.to_dict()))) == RECIPE


def test_settings_come_back_from_json():
    recipe = Recipe("fill", "diffusion", "ab" * 32, "cpu", 7, settings=(("prompt", "a “boat”"), ("steps", 4)))
    plain = json.loads(json.dumps(recipe.to_dict()))
    assert plain["settings"] == {"prompt": "a “boat”", "steps": 4}
    assert Recipe.from_dict(plain) == recipe
    assert "settings" not in RECIPE.to_dict()


@pytest.mark.parametrize(
    "settings",
    [
        [["steps", 4]], None, "steps", {"steps": None}, {"steps": True}, {"steps": [4]},
        {"guidance": 10**400}, {"guidance": float("nan")}, {"guidance": float("inf")},
        {"prompt": "a" * 10_001}, {"a" * 10_001: 1},
        {str(number): number for number in range(201)},
    ],
)  # fmt: skip
def test_settings_that_can_not_be_are_refused(settings):
    with pytest.raises(ValueError, match="setting"):
        Recipe.from_dict(RECIPE.to_dict() | {"settings": settings})


def test_one_from_before_there_was_grain_has_all_of_it():
    plain = RECIPE.to_dict()
    del plain["grain"]
    assert Recipe.from_dict(plain).grain == 1.0


@pytest.mark.parametrize("grain", [-0.1, 1.5, float("nan"), float("inf"), "1", None, True, 10**400])
def test_grain_that_can_not_be_is_refused(grain):
    with pytest.raises(ValueError, match="grain"):
        Recipe.from_dict(RECIPE.to_dict() | {"grain": grain})
