"""Who has the keyboard: it goes back to the picture when something else is done with it."""

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QMenuBar, QWidget


def to_picture(widget: QWidget) -> bool:
    """Give the keyboard to the picture in the window that ``widget`` is in. Whether there is one: not in a
    dialog, and not on the start page."""
    window = widget.window()
    while window.parentWidget() is not None and not isinstance(window, QDialog):
        window = window.parentWidget().window()  # a panel that floats, or what pops up
    canvas = getattr(window, "canvas", None)
    if canvas is None:
        return False
    canvas.setFocus()
    return True


def leave_to_picture(button: QAbstractButton) -> None:
    """A click on ``button`` leaves the keyboard to the picture, and what is being typed elsewhere is taken
    first. Tab still reaches it."""
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.pressed.connect(lambda: button.hasFocus() or to_picture(button))


def leave_menus(bar: QMenuBar) -> None:
    """Let Escape in a menu end the matter: by itself the bar would keep the keyboard, and one menu lit."""

    def leave() -> None:
        if bar.hasFocus() and QApplication.activePopupWidget() is None:
            escape = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
            QApplication.sendEvent(bar, escape)

    for action in bar.actions():
        # When it hides one does not know yet whether the one beside it comes.
        action.menu().aboutToHide.connect(lambda: QTimer.singleShot(0, bar, leave))
