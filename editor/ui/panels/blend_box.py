"""The box in which a layer's blend mode is chosen."""

from PySide6.QtWidgets import QComboBox

from editor.document.blend import MODES
from editor.document.layers import PASS_THROUGH, Group, Layer

_LINES = ("darken", "lighten", "overlay", "difference", "hue")  # modes with a line above them
_TITLES = {"linear-dodge": "Linear dodge (add)"}


class BlendBox(QComboBox):
    """All modes in Photoshop's groups; the data of an entry is the mode's id."""

    def __init__(self) -> None:
        super().__init__()
        for mode in MODES:
            if mode in _LINES:
                self.insertSeparator(self.count())
            self.addItem(_TITLES.get(mode, mode.replace("-", " ").capitalize()), mode)
        self.setMaxVisibleItems(self.count() + 1)
        self.setAccessibleName("Blend mode")
        self.setToolTip("Blend mode")

    def show_mode_of(self, layer: Layer | None) -> None:
        """Show a layer's mode; groups may also let their layers blend with what is below."""
        place = self.findData(PASS_THROUGH)
        if isinstance(layer, Group) and place < 0:
            self.insertItem(0, "Pass through", PASS_THROUGH)
        elif not isinstance(layer, Group) and place >= 0:
            self.removeItem(place)
        self.setCurrentIndex(self.findData("normal" if layer is None else layer.blend_mode))
