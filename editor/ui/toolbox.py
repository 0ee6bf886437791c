"""The tools and their bar on the left."""

from PySide6.QtCore import QEvent, QObject, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QColor, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QMenu, QToolBar, QToolButton, QToolTip

from editor.tools import shelf
from editor.tools.base import SizedTool, Tool
from editor.tools.bench import Bench
from editor.tools.options import Choice, Deed, Number, Switch
from editor.ui import theme
from editor.ui.colour_swatches import ColourSwatches
from editor.ui.commands import plain, shown_keys
from editor.ui.keyboard import leave_to_picture
from editor.ui.words import tr

_CORNER, _CORNER_GAP = 5, 3  # pixels: the mark of a button that has several tools, and its distance


class Toolbox(QObject):
    """Makes each tool when it is first used, and knows which is in use.

    ``chosen`` carries the tool that is in use from now on; ``edited``: a shortcut has changed its options.
    ``kept`` are the values of tools' options from the last time, by tool and attribute.
    """

    chosen = Signal(object)
    edited = Signal()

    def __init__(self, bench: Bench, kept: dict[str, dict[str, object]], parent: QObject) -> None:
        super().__init__(parent)
        self.bench = bench
        self._kept = kept
        self._tools: dict[str, Tool] = {}
        self._actions: dict[str, QAction] = {}
        self._buttons: dict[str, QToolButton] = {}  # by the tool's id; those of a group share one
        self._together: QActionGroup | None = None  # made with the bar
        self._before: str | None = None
        self.current = self.tool(shelf.DEFAULT)

    def tool(self, tool_id: str) -> Tool:
        """The tool of this id, made if it was not yet."""
        if tool_id not in self._tools:
            tool = self._tools[tool_id] = shelf.TOOLS[tool_id].make(self.bench)
            _restore(tool, self._kept.get(tool_id, {}))
        return self._tools[tool_id]

    @property
    def values(self) -> dict[str, dict[str, object]]:
        """The options of all tools, to be kept for the next time."""
        return self._kept | {tool_id: _values(tool) for tool_id, tool in self._tools.items()}

    def bar(self, actions: dict[str, QAction]) -> QToolBar:
        """The bar, made of the actions that choose the tools."""
        bar = QToolBar(tr("Tools"))
        bar.setObjectName("tools")
        bar.setOrientation(Qt.Orientation.Vertical)
        bar.setMovable(False)
        bar.setIconSize(QSize(theme.ICON, theme.ICON))
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self._together = QActionGroup(self)
        for group in shelf.GROUPS:
            if group is None:
                bar.addSeparator()
                continue
            button = _ToolButton()
            button.setProperty("tool", True)
            leave_to_picture(button)
            for spec in group:
                action = self._actions[spec.id] = actions[f"tools.use.{spec.id}"]
                action.setCheckable(True)
                self._together.addAction(action)
                self._buttons[spec.id] = button
            button.setDefaultAction(self._actions[group[0].id])
            if len(group) > 1:
                menu = QMenu(button)
                menu.addActions([self._actions[spec.id] for spec in group])
                button.setMenu(menu)
                button.setPopupMode(QToolButton.ToolButtonPopupMode.DelayedPopup)
                button.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
                button.customContextMenuRequested.connect(lambda _, button=button: button.showMenu())
            bar.addWidget(button)
        bar.addSeparator()
        bar.addWidget(ColourSwatches(self.bench))
        return bar

    def button(self, tool_id: str) -> QToolButton:
        """The button of the bar that has this tool."""
        return self._buttons[tool_id]

    def swap_colours(self) -> None:
        self.bench.swap_colours()

    def reset_colours(self) -> None:
        self.bench.reset_colours()

    def use(self, tool_id: str) -> Tool:
        """Take a tool in hand."""
        if self.current.id != tool_id:
            self._before = self.current.id
        self.current = self.tool(tool_id)
        if tool_id in self._actions:
            self._actions[tool_id].setChecked(True)
            self._buttons[tool_id].setDefaultAction(self._actions[tool_id])
        elif (
            self._together is not None and self._together.checkedAction() is not None
        ):  # one that has no button is in hand
            self._together.setExclusive(False)
            self._together.checkedAction().setChecked(False)
            self._together.setExclusive(True)
        self.chosen.emit(self.current)
        return self.current

    def put_down(self, tool: Tool) -> None:
        """A tool is done: if it is still in hand, back to the one from before."""
        if self.current is tool:
            self.use_last()

    def use_last(self) -> None:
        """Back to the tool from before this one."""
        if self._before is not None:
            self.use(self._before)

    def turn_pen(self, erasing: bool) -> None:
        """The pen's eraser takes the eraser in hand, its tip what was in hand before."""
        if erasing:
            self.use("eraser")
        elif self.current.id == "eraser":
            self.use_last()

    def use_letter(self, key: str) -> None:
        """Of the tools that share a letter the one that was last in hand."""
        tools = shelf.with_key(key)
        shown = self._buttons[tools[0].id].defaultAction()
        self.use(next(spec.id for spec in tools if self._actions[spec.id] is shown))

    def use_next(self, key: str) -> None:
        """The next tool of those that share a letter."""
        tools = [spec.id for spec in shelf.with_key(key)]
        place = tools.index(self.current.id) if self.current.id in tools else -1
        self.use(tools[(place + 1) % len(tools)])

    def smaller(self) -> None:
        self._resize(-1)

    def larger(self) -> None:
        self._resize(1)

    def _resize(self, steps: int) -> None:
        if isinstance(self.current, SizedTool):
            self.current.resize(steps)
            self.edited.emit()

    def softer(self) -> None:
        self._harden(-0.25)

    def harder(self) -> None:
        self._harden(0.25)

    def _harden(self, change: float) -> None:
        if hasattr(self.current, "hardness"):
            self.current.hardness = min(max(self.current.hardness + change, 0.0), 1.0)
            self.edited.emit()


class _ToolButton(QToolButton):
    """Tells what its tool is called and what it is for; a corner is marked if there are others behind it."""

    @property
    def words(self) -> str:
        """Two lines: name and key, and what it does."""
        action = self.defaultAction()
        name, _, lent = action.text().partition("\t")
        keys, tip = shown_keys(action) or lent, action.property("tip")
        first = f"{plain(name)} ({keys})" if keys else plain(name)
        return first if tip == plain(name) else f"{first}\n{tip}"

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.words, self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.menu() is not None:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.now.dim))
            right, bottom = self.width() - _CORNER_GAP, self.height() - _CORNER_GAP
            corners = (right, bottom), (right - _CORNER, bottom), (right, bottom - _CORNER)
            painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))


def _values(tool: Tool) -> dict[str, object]:
    return {option.attribute: getattr(tool, option.attribute) for option in _lasting(tool)}


def _restore(tool: Tool, values: dict[str, object]) -> None:
    """Give a tool's options kept values, as far as they may still be had."""
    for option in _lasting(tool):
        if option.attribute in values and option.accepts(values[option.attribute]):
            setattr(tool, option.attribute, values[option.attribute])


def _lasting(tool: Tool) -> list[Number | Choice | Switch]:
    """The options that are kept for the next time."""
    return [option for option in tool.options if not isinstance(option, Deed) and option.lasting]
