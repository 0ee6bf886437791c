"""The bar over the picture while the sketch of a face is there to be changed."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout

from editor.ui import theme
from editor.ui.canvas import Canvas
from editor.ui.floating import Floating
from editor.ui.models import phrases
from editor.ui.words import tr
from engines import registry

_MARGIN = 12
_TOOLS = (("pencil", "pen-sketch", "Draw", "Draw a line of the sketch"),)
_TOOLS += (("eraser", "eraser", "Erase", "Erase lines of the sketch"),)  # English, as above


class PortraitBar(Floating):
    """``run``: change the face as its sketch is. ``done``: the user is. ``wanted``: the sketch is to be
    changed with a tool, by its id."""

    run = Signal()
    done = Signal()
    wanted = Signal(str)

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas, at_top=True)
        words = QLabel(tr("Erase lines of the face and draw them as they are to be, then change the face."))
        words.setTextFormat(Qt.TextFormat.PlainText)
        self.setAccessibleName(words.text())
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)  # another tool may be in hand
        self._buttons: dict[str, QToolButton] = {}
        self._licence = QLabel(_licence())
        theme.make_quiet(self._licence)
        self._run = QPushButton(tr("Change the face"))
        self._run.setProperty("primary", True)
        self._run.setToolTip(tr("Have the photograph follow the sketch (Enter)"))
        self._run.clicked.connect(self.run)
        done = QPushButton(tr("Done"))
        done.setToolTip(tr("Hide the sketch; it stays among the layers (Esc)"))
        done.clicked.connect(self.done)
        line = QHBoxLayout()
        line.setSpacing(8)
        for tool_id, icon, name, tip in _TOOLS:
            line.addWidget(self._button(tool_id, icon, tr(name), tr(tip)))
        line.addStretch()
        line.addWidget(self._licence)
        for button in (self._run, done):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            line.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, 8, _MARGIN, 8)
        column.setSpacing(8)
        column.addWidget(words)
        column.addLayout(line)

    def _button(self, tool_id: str, icon: str, name: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(name)
        button.setIcon(theme.icon(icon))
        button.setIconSize(QSize(theme.ICON, theme.ICON))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setCheckable(True)
        button.setToolTip(tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setFixedHeight(28)
        button.clicked.connect(lambda: self.wanted.emit(tool_id))
        self._group.addButton(button)
        self._buttons[tool_id] = button
        return button

    @property
    def tools(self) -> tuple[str, ...]:
        """The ids of the tools that change the sketch."""
        return tuple(self._buttons)

    def show_tool(self, tool_id: str) -> None:
        """Which tool is in hand for the sketch; empty if that is hidden."""
        for each, button in self._buttons.items():
            button.setChecked(each == tool_id)

    def set_busy(self, busy: bool) -> None:
        """The face is being changed: nothing else can be begun."""
        for widget in (self._run, *self._buttons.values()):
            widget.setEnabled(not busy)

    def release(self) -> None:
        """Be gone."""
        self.hide()
        self.deleteLater()


def _licence() -> str:
    """What the generator may be used for: shown wherever it is."""
    weights = registry.weights(registry.spec(registry.PORTRAIT))
    names = {entry.licence for entry in weights if not entry.commercial}
    return tr("Face model: {licence}").format(licence=phrases.licences(sorted(names)))
