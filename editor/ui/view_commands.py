"""The View menu: what changes how the picture is seen and never the picture."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction

if TYPE_CHECKING:
    from editor.ui.window import Window

TURN = 15.0  # degrees


class ViewCommands:
    """What the entries of the View menu do."""

    def __init__(self, window: "Window") -> None:
        self._window = window

    def refresh(self, actions: dict[str, QAction]) -> None:
        """Mark what is switched on."""
        canvas = self._window.canvas
        actions["view.toggle_extras"].setChecked(canvas is None or canvas.shows_extras)
        comparison = None if canvas is None or canvas.covering is None else canvas.comparison
        before = actions["comparing.toggle_before"]
        before.setChecked(comparison is not None and comparison.shows_before)
        for split in ("columns", "rows"):
            action = actions[f"comparing.toggle_{split}"]
            action.setChecked(comparison is not None and comparison.split == split)

    def zoom_in(self) -> None:
        self._zoom_by(1)

    def zoom_out(self) -> None:
        self._zoom_by(-1)

    def _zoom_by(self, steps: int) -> None:
        if self._window.canvas is not None:
            self._window.canvas.zoom_by(steps)

    def fit(self) -> None:
        if self._window.canvas is not None:
            self._window.canvas.fit()

    def zoom_to(self, zoom: float) -> None:
        if self._window.canvas is not None:
            self._window.canvas.zoom_to(zoom)

    def turn_right(self) -> None:
        self._turn_by(TURN)

    def turn_left(self) -> None:
        self._turn_by(-TURN)

    def _turn_by(self, degrees: float) -> None:
        canvas = self._window.canvas
        if canvas is not None:
            canvas.turn_to(canvas.view.angle + degrees)

    def turn_upright(self) -> None:
        if self._window.canvas is not None:
            self._window.canvas.turn_to(0.0)

    def toggle_extras(self) -> None:
        """The selection, its edge and the lines over the picture, shown or not."""
        canvas = self._window.canvas
        if canvas is not None:
            canvas.shows_extras = not canvas.shows_extras
        self._window.refresh_actions()
