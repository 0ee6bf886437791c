"""The list of all models, in groups by what they are for."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QToolButton, QVBoxLayout, QWidget

from editor.ui import theme
from editor.ui.models import phrases
from editor.ui.models.listing import Item, Listing
from editor.ui.models.row import FIT, GAP, LICENCE, SIDES, SIZE, STATE, ModelRow
from editor.ui.models.work import Work
from editor.ui.panels.parts import scrolled
from editor.ui.words import tr

_GROUPS = (
    ("remove", "Removing"),
    ("select", "Selecting"),
    ("lines", "Finding lines"),
    ("faces", "Finding faces"),
    ("portrait", "Changing faces"),
    ("enlarge", "Enlarging"),
    ("fill", "Filling with words"),
    ("beside", "LoRAs, ControlNets and parts of models"),
)
_NO_FILLER = (
    "Install the one that is listed, or add one that you have: Stable Diffusion 1.5, SDXL, FLUX Fill or "
    "FLUX.2 klein, as a .safetensors file or a diffusers folder. Those that are made to fill do it best."
)


class ModelList(QWidget):
    """``asked`` is that of the rows; ``shown``: a list that was given is there whole."""

    asked = Signal(str, object)
    shown = Signal()

    def __init__(self, work: Work) -> None:
        super().__init__()
        self._work = work
        self.rows: dict[str, ModelRow] = {}
        self._groups = {name: _Group(tr(title)) for name, title in _GROUPS}
        self._groups["fill"].set_empty_words(tr(_NO_FILLER))
        self._found: Listing | None = None  # while its rows are being made
        self._inside = inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 0, 16)
        self._column.setSpacing(0)
        for group in self._groups.values():
            group.hide()
            self._column.addWidget(group)
        self._column.addStretch()
        self._waiting = QLabel(tr("Looking at what is there…"))
        theme.make_quiet(self._waiting)
        self._waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._column.insertWidget(0, self._waiting)
        self._area: QScrollArea = scrolled(inside)
        self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the arrow keys move the list
        self._area.setAccessibleName(tr("Models"))
        self.setFocusProxy(self._area)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(_head())
        column.addWidget(self._area, 1)

    def show_listing(self, found: Listing) -> None:
        """Show another list; rows of what was there before stay, and with them the keyboard.

        New ones are made one at a time, so that the window is not held up; ``shown`` follows.
        """
        self._found = found
        self._grow()

    def _grow(self) -> None:
        if self._found is None:
            return
        new = next((item for item in self._found.items if item.id not in self.rows), None)
        if new is None:
            found, self._found = self._found, None
            self._arrange(found)
            self.shown.emit()
            return
        row = self.rows[new.id] = ModelRow(new, self._inside)
        row.asked.connect(self.asked)
        row.show_item(new, self._work)
        QTimer.singleShot(0, self, self._grow)

    def _arrange(self, found: Listing) -> None:
        self._waiting.hide()
        there = {item.id for item in found.items}
        for gone in [each for each in self.rows if each not in there]:
            row = self.rows.pop(gone)
            row.hide()
            row.deleteLater()
        for item in found.items:
            self.rows[item.id].show_item(item, self._work)
        for name, group in self._groups.items():
            rows = [self.rows[item.id] for item in found.items if item.group == name]
            group.show_rows(rows, self._work, phrases.here(found.filling) if name == "fill" else "")
            group.setVisible(bool(rows) or name != "beside")
        self._put_in_order([self.rows[item.id] for item in found.items])

    def _put_in_order(self, rows: list[ModelRow]) -> None:
        """Let the Tab key go from the list through the rows, from above."""
        before: QWidget = self._area
        for name in self._groups:
            for row in (each for each in rows if each.item.group == name):
                for control in row.controls:
                    QWidget.setTabOrder(before, control)
                    before = control

    def follow(self) -> None:
        """How far things have come."""
        for row in self.rows.values():
            row.follow(self._work)

    def turn_to(self, group: str) -> None:
        """Bring a group into sight."""
        if group in self._groups:
            self._area.verticalScrollBar().setValue(self._groups[group].y())


def _head() -> QWidget:
    """What the columns are, over them."""
    head = QWidget()
    head.setObjectName("modelsHead")
    head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    line = QHBoxLayout(head)
    line.setContentsMargins(SIDES, 6, SIDES, 6)
    line.setSpacing(GAP)
    columns = (
        (tr("Model"), 0, Qt.AlignmentFlag.AlignLeading),
        (tr("Size"), SIZE, Qt.AlignmentFlag.AlignTrailing),
        (tr("Licence"), LICENCE, Qt.AlignmentFlag.AlignLeading),
        (tr("On this machine"), FIT, Qt.AlignmentFlag.AlignLeading),
        ("", STATE, Qt.AlignmentFlag.AlignLeading),
    )
    for words, width, side in columns:
        label = QLabel(words)
        theme.make_quiet(label)
        label.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        if width:
            label.setFixedWidth(width)
        line.addWidget(label, 0 if width else 1)
    return head


class _Group(QWidget):
    """A caption and its rows; files that do as well as others are folded away."""

    def __init__(self, title: str) -> None:
        super().__init__()
        caption = QLabel(title)
        font = caption.font()
        font.setPixelSize(15)
        caption.setFont(font)
        caption.setContentsMargins(SIDES, 18, SIDES, 6)
        self._empty, self._lacking, self._lacking_words = QLabel(), QWidget(), QLabel()
        for label in (self._empty, self._lacking_words):
            theme.make_quiet(label)
            label.setWordWrap(True)
        self._empty.setContentsMargins(SIDES, 4, SIDES, 10)
        lacking = QHBoxLayout(self._lacking)
        lacking.setContentsMargins(SIDES, 2, SIDES, 8)
        lacking.setSpacing(6)
        lacking.addWidget(theme.Sign("warning", "amber"), 0, Qt.AlignmentFlag.AlignTop)
        lacking.addWidget(self._lacking_words, 1)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (caption, self._lacking, self._empty):
            column.addWidget(widget)
        column.addLayout(self._rows)
        self._folds: dict[str, _Fold] = {}

    def set_empty_words(self, words: str) -> None:
        """What is said where nothing is here yet."""
        self._empty.setText(words)

    def show_rows(self, rows: list[ModelRow], work: Work, lacking: str) -> None:
        """Put rows in their order; ``lacking`` is a line over them, if there is anything to say."""
        is_empty = not any(row.item.is_here for row in rows)
        self._empty.setVisible(is_empty and bool(self._empty.text()))
        self._lacking_words.setText(lacking)
        self._lacking.setVisible(bool(lacking))
        order: list[QWidget] = []
        folded: dict[str, list[ModelRow]] = {}
        for row in rows:
            if row.item.form_of and not _matters(row.item, work):
                folded.setdefault(row.item.form_of, []).append(row)
            else:
                order.append(row)
                row.show()
        for title, others in folded.items():
            fold = self._folds.setdefault(title, _Fold(title))
            fold.show_rows(others)
            last = max(place for place, each in enumerate(order) if _belongs(each, title))
            order[last + 1 : last + 1] = [fold, *others]
        for title in [each for each in self._folds if each not in folded]:
            self._folds.pop(title).deleteLater()
        for place, widget in enumerate(order):
            if self._rows.indexOf(widget) != place:
                self._rows.insertWidget(place, widget)


class _Fold(QToolButton):
    """Opens the rows of files that an engine can use as well."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setObjectName("modelsFold")
        self._title = title
        self._others: list[ModelRow] = []
        self._is_open = False
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        theme.make_quiet(self)
        self.clicked.connect(self._turn)

    def show_rows(self, others: list[ModelRow]) -> None:
        self._others = others
        self._show()

    def _turn(self) -> None:
        self._is_open = not self._is_open
        self._show()

    def _show(self) -> None:
        closed = "chevron-right" if self.isLeftToRight() else "chevron-left"
        self.setIcon(theme.icon("chevron-down" if self._is_open else closed, quiet=True))
        words = tr("{count} other files that {name} can use")
        self.setText(words.format(count=len(self._others), name=tr(self._title)))
        for row in self._others:
            row.setVisible(self._is_open)


def _matters(item: Item, work: Work) -> bool:
    """Whether it is shown though others do as well."""
    return item.is_here or item.state == "begun" or item.id in work.downloads or item.id in work.troubles


def _belongs(widget: QWidget, title: str) -> bool:
    return isinstance(widget, ModelRow) and title in (widget.item.title, widget.item.form_of)
