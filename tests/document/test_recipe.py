import json

import pytest

from editor.document.recipe import Recipe

RECIPE = Recipe("remove", "migan", "ab" * 32, "cpu", 7, grain=0.25)


def test_a_recipe_comes_back_from_json():
    assert Recipe.from_dict(json.loads(json.dumps(RECIPE.to_dict()))) == RECIPE


def test_one_from_before_there_was_grain_has_all_of_it():
    plain = RECIPE.to_dict()
    del plain["grain"]
    assert Recipe.from_dict(plain).grain == 1.0


@pytest.mark.parametrize("grain", [-0.1, 1.5, float("nan"), float("inf"), "1", None, True, 10**400])
def test_grain_that_can_not_be_is_refused(grain):
    with pytest.raises(ValueError, match="grain"):
        Recipe.from_dict(RECIPE.to_dict() | {"grain": grain})
