"""How grainy a removal is to be, wherever its engine is chosen."""

from PySide6.QtCore import Qt

from editor.ui.slider import NumberSlider
from editor.ui.words import tr


def grain_slider() -> NumberSlider:
    """A slider from 0 to 100 %, at 100 %."""
    slider = NumberSlider(tr("Grain"), 0, 100, value=100, default=100, suffix="%", compact=True)
    slider.setAccessibleName(tr("Grain"))
    slider.setToolTip(tr("How much of the noise around it a fill is given; 0 % leaves it smooth"))
    slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return slider
