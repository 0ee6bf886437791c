"""What the monkey can do to the window. Each draws from its hands' ``random``, and says what it did."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from editor.document import select as selecting
from editor.document import stack
from editor.document.blend import MODES
from editor.document.layers import walk
from editor.tools.options import Choice, Number, Switch
from editor.tools.shelf import TOOLS
from editor.ui import theme
from tests.soak.hands import Hands
from tests.soak.watch import hold

# Commands that leave the program.
LEAVING = {"close"}
_FAR = 500  # a number of a tool goes no further: pixels outside every picture tell little
_LEFT, _NO_KEYS = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
_KEYS = (_NO_KEYS,) * 5 + (Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier)


def take_tool(hands: Hands) -> str:
    """A tool of the shelf, some of its options changed."""
    random, window = hands.random, hands.window
    tool = window.tools.use(random.choice(list(TOOLS)))
    changed = []
    for option in tool.options:
        if random.random() < 0.5 or not isinstance(option, Number | Choice | Switch):
            continue
        if isinstance(option, Number):
            value = random.uniform(max(option.low, -_FAR), min(option.high, _FAR)) / option.scale
            if isinstance(getattr(tool, option.attribute), int):
                value = round(value)
        elif isinstance(option, Choice):
            value = random.choice(option.choices)[0]
        else:
            value = random.random() < 0.5
        setattr(tool, option.attribute, value)
        changed.append(f"{option.attribute}={value}")
    window.tools.edited.emit()
    return f"{tool.id} {' '.join(changed)}"


def drag(hands: Hands) -> str:
    """Drag the mouse over the canvas with the tool in hand."""
    random, canvas = hands.random, hands.window.canvas
    points, keys = [hands.place() for _ in range(random.randint(2, 6))], random.choice(_KEYS)
    QTest.mousePress(canvas, _LEFT, keys, points[0])
    for point in points[1:]:
        QTest.mouseMove(canvas, point)
        QApplication.processEvents()
    QTest.mouseRelease(canvas, _LEFT, keys, points[-1])
    return f"{len(points)} points"


def press_pen(hands: Hands) -> str:
    """A stroke of the pen, pressed now more and now less."""
    random, canvas, kinds = hands.random, hands.window.canvas, QEvent.Type
    points = [QPointF(hands.place()) for _ in range(random.randint(2, 8))]
    for number, point in enumerate(points):
        last = number == len(points) - 1
        kind = kinds.TabletPress if not number else kinds.TabletRelease if last else kinds.TabletMove
        pressure = 0.0 if last else random.random()
        button = Qt.MouseButton.NoButton if kind == kinds.TabletMove else _LEFT
        buttons = Qt.MouseButton.NoButton if last else _LEFT
        place = canvas.mapToGlobal(point)
        event = QTabletEvent(
            kind, hands.pen, point, place, pressure, 0, 0, 0, 0, 0, _NO_KEYS, button, buttons
        )
        QApplication.sendEvent(canvas, event)
        QApplication.processEvents()
    return f"{len(points)} points"


def click(hands: Hands) -> str:
    place = hands.place()
    press = QTest.mouseDClick if hands.random.random() < 0.2 else QTest.mouseClick
    press(hands.window.canvas, _LEFT, hands.random.choice(_KEYS), place)
    return f"{place.x()},{place.y()}"


def press_key(hands: Hands) -> str:
    keys = Qt.Key
    key = hands.random.choice(
        (keys.Key_Return, keys.Key_Escape, keys.Key_Delete, keys.Key_Left, keys.Key_Up, keys.Key_Backslash)
    )
    QTest.keyClick(hands.window.canvas, key, hands.random.choice(_KEYS))
    return key.name


def command(hands: Hands) -> str:
    """Any command of the menus that can be given now."""
    actions = hands.window.actions_by_id
    can = [name for name, action in actions.items() if name not in LEAVING and action.isEnabled()]
    name = hands.random.choice(sorted(can))
    hands.say(name)  # a command that hangs or crashes must have been named
    actions[name].trigger()
    return name


def history(hands: Hands) -> str:
    window, random = hands.window, hands.random
    position = random.randint(0, len(window.document.history.entries))
    do = random.choice((window.undo, window.undo, window.redo, lambda: window.editing.go_to(position)))
    do()
    return f"at {window.document.history.position}"


def layer(hands: Hands) -> str:
    """Name, look and place of a layer."""
    window, random = hands.window, hands.random
    document = window.document
    chosen = random.choice(list(walk(document.layers)))
    what, value = random.choice(
        (
            ("name", f"Layer {random.randrange(100)} é<&>"),
            ("opacity", random.random()),
            ("visible", random.random() < 0.7),
            ("blend_mode", random.choice(list(MODES))),
            ("place", 0),
        )
    )
    if what == "place":
        window.editing.run(lambda document: stack.move(document, chosen, document, value))
    elif hasattr(chosen, what):
        window.editing.run(lambda document: document.set_layer(chosen, what, value, what))
    return f"{what} {value}"


def view(hands: Hands) -> str:
    canvas, random = hands.window.canvas, hands.random
    centre = QPointF(canvas.rect().center())
    canvas.view.zoom_at(centre, random.choice((0.1, 0.5, 1.0, 3.0, 16.0)))
    canvas.view.pan(random.randint(-200, 200), random.randint(-200, 200))
    if random.random() < 0.3:
        canvas.view.turn_at(centre, random.uniform(-180, 180))
    canvas.view.keep_in_sight(canvas.size())
    canvas.update()
    canvas.view_changed.emit()
    return f"zoom {canvas.view.zoom:.2f}"


def change_theme(hands: Hands) -> str:
    choice = hands.random.choice(("dark", "light"))
    theme.apply(QApplication.instance(), choice)
    return choice


def engine(hands: Hands) -> str:
    """Remove something small, or make variations of it; now and then think better of it."""
    window, random = hands.window, hands.random
    document = window.document
    name = random.choice(("patches", "migan"))
    side = min(random.randint(4, 48), document.rect.width, document.rect.height)
    x, y = random.randint(0, document.rect.width - side), random.randint(0, document.rect.height - side)
    window.settle(document)
    if document.busy is not None or window.removing.is_busy(document):
        return "busy"
    window.editing.run(lambda document: selecting.rectangle(document, (x, y, side, side)))
    hands.settle()
    window.options.set_engine(name)
    many = random.random() < 0.25
    hands.say(f"{name} {'variations' if many else 'remove'} {side} at {x},{y}")
    (window.removing.vary if many else window.removing.start)()
    if random.random() < 0.3:
        QTest.qWait(random.randint(0, 150))
        window.removing.cancel()
        return "cancelled"
    if not many:
        before = document.composite(document.rect)
        outside = document.selection.read(document.rect)[..., 0] == 0
        hands.settle()
        _check_outside(before, document.composite(document.rect), outside)
    return name


def _check_outside(before: np.ndarray, after: np.ndarray, outside: np.ndarray) -> None:
    changed = (before != after).any(axis=-1) & outside
    rows, columns = np.nonzero(changed)
    words = f"a fill changed {len(rows)} pixels outside its mask"
    if len(rows):
        words += f", x {columns.min()}..{columns.max()}, y {rows.min()}..{rows.max()}"
    hold("fill", not len(rows), words)


def open_picture(hands: Hands) -> str:
    path = hands.random.choice(hands.pictures)
    hands.window.documents.open(path)
    return path.name


def save(hands: Hands) -> str:
    """Save a copy, or save, in any format; the file dialog is answered by ``hands``."""
    saving = hands.window.saving
    name = hands.random.choice(("save", "save_as", "save_copy"))
    getattr(saving, name)()
    return name


def close_tab(hands: Hands) -> str:
    hands.window.documents.close_current()
    return f"{hands.window.tabs.count()} left"


def switch_tab(hands: Hands) -> str:
    index = hands.random.randrange(hands.window.tabs.count())
    hands.window.tabs.setCurrentIndex(index)
    return str(index)


# What is done, how often, and whether it needs a picture.
ACTIONS: dict[str, tuple[Callable[[Hands], str], int, bool]] = {
    "tool": (take_tool, 10, False),
    "drag": (drag, 16, True),
    "pen": (press_pen, 8, True),
    "click": (click, 6, True),
    "key": (press_key, 6, True),
    "command": (command, 24, False),
    "history": (history, 10, True),
    "layer": (layer, 8, True),
    "view": (view, 6, True),
    "theme": (change_theme, 1, False),
    "engine": (engine, 4, True),
    "open": (open_picture, 3, False),
    "save": (save, 3, True),
    "close": (close_tab, 2, True),
    "switch": (switch_tab, 2, True),
}
