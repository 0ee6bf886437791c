"""Fills with words in the real window, by mouse and keyboard; started by test_real_window.py.

    python drive_fill.py PICTURE X Y RADIUS MODEL

Brush, ask, see what is lacking, add a model's file in the Models window, look at what is being made, pick a
result, undo, redo, and fill anew from the recipe with another seed. Exits with 0 if everything was as it
should be. With LACUNA_E2E_SHOTS the screen is kept after each.
"""

import sys
from pathlib import Path

import numpy as np
from drive_removal import brush_over
from hands import User, click, run_editor, same, state, wait_until, write, xdotool
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton

from editor.ui.candidates import CandidateStrip
from editor.ui.panels.layer_list import LayersList
from editor.ui.panels.layer_row import places
from editor.ui.prompting.bar import PromptBar
from editor.ui.prompting.offer import Offer


def shown(user: User, kind):
    return next((each for each in user.window.canvas.findChildren(kind) if each.isVisible()), None)


def wait_for_bar(user: User) -> PromptBar:
    wait_until(lambda: shown(user, PromptBar) is not None, "the bar")
    bar = shown(user, PromptBar)
    wait_until(bar.words.hasFocus, "the keyboard to be with the words")
    user.look()  # until it is on the screen
    return bar


def wait_for_results(user: User) -> CandidateStrip:
    wait_until(lambda: shown(user, CandidateStrip) is not None, "the strip")
    wait_until(lambda: not user.window.removing.is_running(user.window.document), "the results")
    return shown(user, CandidateStrip)


def add_model(user: User, model: Path) -> None:
    """What there is, and one more."""
    user.key("ctrl+shift+m")
    work = user.window.models.work
    wait_until(lambda: user.window.models.dialog is not None, "the Models window")
    dialog = user.window.models.dialog
    wait_until(lambda: "migan" in dialog.list.rows, "the list")
    user.shoot("models")
    row = dialog.list.rows["migan"]
    assert row.item.fit.verdict == "comfortable" and row.item.is_here
    user.name_file(lambda: click(dialog.add_file), model)
    wait_until(lambda: any(row.item.checkpoint for row in dialog.list.rows.values()), "the model in the list")
    assert not work.adding
    user.shoot("added")
    dialog.close()
    user.focus()


def take_few_steps(user: User, bar: PromptBar) -> None:
    """The model is a tiny one, but at the size of a true one each takes more than a second."""
    click(next(each for each in bar.findChildren(QToolButton) if each.text() == "More"))
    wait_until(bar.more.isVisible, "what is folded away")
    click(bar.more.steps, bar.more.steps._number_rect())
    write("3")
    user.key("Return")
    wait_until(lambda: bar.what.sampling.steps == 3, "the steps")


def fill(user: User, x: float, y: float, radius: float, model: Path) -> None:
    window = user.window
    document = window.document
    user.point_away()
    user.focus()
    brush_over(user, x, y, radius)
    masked = state(window)
    user.point_away()
    user.key("ctrl+shift+f")
    wait_until(lambda: shown(user, Offer) is not None, "the offer")
    user.shoot("lacking")
    offer = shown(user, Offer)
    told = " ".join(label.text() for label in offer.findChildren(QLabel))
    assert "4.3 GB" in told and "OpenRAIL-M" in told and offer.get.isVisible()
    add_model(user, model)
    wait_until(lambda: shown(user, Offer) is None, "the offer to go")
    bar = wait_for_bar(user)
    take_few_steps(user, bar)
    click(bar.words)
    write("a ball of wool")
    wait_until(lambda: bar.words.text() == "a ball of wool", "the words")
    user.shoot("asked")
    user.key("Return")
    wait_until(lambda: window.canvas.covering is not None, "the first draft")
    user.shoot("being made")
    wait_for_results(user)
    assert len(shown(user, CandidateStrip).tiles) == 3
    user.shoot("results")
    user.key("2", "Return")
    wait_until(lambda: len(document.layers) == 2, "the result")
    layer = document.layers[-1]
    filled, recipe = state(window), layer.recipe
    outside = masked[1] == 0
    assert np.array_equal(filled[0][outside], masked[0][outside]), "something outside the mask changed"
    assert not np.array_equal(filled[0], masked[0])
    assert dict(recipe.settings)["prompt"] == "a ball of wool"
    user.shoot("kept")
    user.key("ctrl+z")
    wait_until(lambda: same(state(window), masked), "undo")
    user.key("ctrl+shift+z")
    wait_until(lambda: same(state(window), filled), "redo")

    rows = window.findChild(LayersList)
    index = rows.model().index(0, 0)
    picture = places(rows.visualRect(index), rows.model().rows[index.row()]).picture
    point = rows.viewport().mapToGlobal(picture.center())
    xdotool("mousemove", point.x(), point.y(), "click", "--repeat", 2, "--delay", 40, 1)
    bar = wait_for_bar(user)
    assert bar.words.text() == "a ball of wool"
    assert bar.what.sampling.seed == recipe.seed
    user.shoot("opened again")
    click(next(each for each in bar.findChildren(QPushButton) if each.text() == "Another seed"))
    wait_for_results(user)
    user.key("Return")
    wait_until(lambda: layer.recipe is not recipe, "the other fill")
    assert layer.recipe.seed != recipe.seed
    assert layer.recipe.settings == recipe.settings
    user.shoot("filled anew")
    user.key("Escape")
    wait_until(lambda: shown(user, PromptBar) is None, "the bar to go")
    assert np.array_equal(state(window)[0][outside], masked[0][outside])
    document.history.mark_saved(document.history.state)
    user.key("ctrl+q")


def main(arguments: list[str]) -> int:
    path, *place, model = arguments
    return run_editor(lambda user: fill(user, *map(float, place), Path(model)), Path(path))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
