"""The page of all shortcuts: look for a command, press other keys for it."""

from PySide6.QtCore import QEvent, QKeyCombination, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from editor.ui import theme
from editor.ui.preferences.rows import Page
from editor.ui.shortcuts import FIXED, Shortcuts
from editor.ui.words import tr

_ROW = 26
_NAME = 36  # two lines
_FORGETS = (QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.FocusOut, QEvent.Type.Timer)
_ID = Qt.ItemDataRole.UserRole
_NATIVE = QKeySequence.SequenceFormat.NativeText


class KeyboardPage(Page):
    """Every command by menu. The field below the list records keys for the chosen one."""

    def __init__(self, shortcuts: Shortcuts) -> None:
        super().__init__(tr("Keyboard"))
        self._shortcuts = shortcuts
        self._items: dict[str, QTreeWidgetItem] = {}
        self.column.setSpacing(12)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search by name or by keys"))
        self.search.setAccessibleName(tr("Search by name or by keys"))
        self.search.textChanged.connect(self._filter)
        self.tree = QTreeWidget()
        self.tree.setColumnCount(2)
        self.tree.setHeaderHidden(True)
        self.tree.setAccessibleName(tr("Commands and their shortcuts"))
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.tree.setUniformRowHeights(True)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.header().setStretchLastSection(False)
        self.tree.currentItemChanged.connect(lambda: self._show_chosen())
        self.tree.itemActivated.connect(lambda: self.recorder.edit.setFocus())
        self.recorder = _Recorder()
        self.recorder.pressed.connect(self._take)
        self.recorder.adding.connect(lambda keys: self._take(keys, add=True))
        self.recorder.none.clicked.connect(self._clear)
        self.recorder.reset.clicked.connect(self._reset)
        self.recorder.left.connect(self.tree.setFocus)
        self.question = _Question()
        self.everything = QPushButton(tr("Reset all…"))
        self.everything.setAutoDefault(False)
        self.everything.clicked.connect(self._ask_reset_all)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.search, 1)
        top.addWidget(self.everything)
        self.column.addLayout(top)
        self.column.addWidget(self.tree, 1)
        self.column.addWidget(self.recorder)
        self.column.addWidget(self.question)
        self._fill()
        self._show_chosen()

    # -- the list -------------------------------------------------------------------------------------

    def _fill(self) -> None:
        for group in self._shortcuts.groups():
            parent = QTreeWidgetItem(self.tree, [group.title])
            parent.setFlags(Qt.ItemFlag.ItemIsEnabled)
            parent.setSizeHint(0, QSize(0, _ROW))
            for command, title in group.commands:
                item = QTreeWidgetItem(parent, [title])
                item.setData(0, _ID, command.id)
                self._items[command.id] = item
            parent.setExpanded(True)
        self._refresh()

    def _refresh(self) -> None:
        for command_id, item in self._items.items():
            keys = self._shortcuts.keys(command_id)
            item.setText(1, ", ".join(each.toString(_NATIVE) for each in keys))
            font = item.font(1)
            font.setBold(self._shortcuts.is_own(command_id))
            item.setFont(1, font)
        self.everything.setEnabled(self._shortcuts.any_own)
        self._show_chosen()

    def _filter(self) -> None:
        words = self.search.text().lower().split()
        for place in range(self.tree.topLevelItemCount()):
            group = self.tree.topLevelItem(place)
            shown = 0
            for row in range(group.childCount()):
                item = group.child(row)
                text = f"{item.text(0)} {item.text(1)}".lower()
                fits = all(word in text for word in words)
                item.setHidden(not fits)
                shown += fits
            group.setHidden(not shown)

    @property
    def chosen(self) -> str | None:
        """The command that is chosen in the list."""
        item = self.tree.currentItem()
        return None if item is None else item.data(0, _ID)

    def choose(self, command_id: str) -> None:
        """Go to a command."""
        self.tree.setCurrentItem(self._items[command_id])

    def _show_chosen(self) -> None:
        chosen = self.chosen
        self.question.drop()
        if chosen is None:
            self.recorder.show_keys("", [], own=False)
        else:
            shortcuts = self._shortcuts
            title = shortcuts.title(chosen)
            self.recorder.show_keys(title, shortcuts.keys(chosen), own=shortcuts.is_own(chosen))

    # -- changes --------------------------------------------------------------------------------------

    def _take(self, keys: QKeySequence, *, add: bool = False) -> None:
        """Other keys were pressed for the chosen command."""
        chosen = self.chosen
        if chosen is None:
            return
        shown = keys.toString(_NATIVE)
        if keys in FIXED:
            self._show_chosen()
            self.question.say(tr("{keys} stays what it is in the picture.").format(keys=shown))
            return
        now = self._shortcuts.keys(chosen)
        wanted = ([*now, keys] if keys not in now else now) if add else [keys]
        holder = self._shortcuts.holder(keys, chosen)
        if holder is None:
            self._set(chosen, wanted)
            return
        self._show_chosen()
        self.question.ask(
            tr("{keys} belongs to “{command}”.").format(keys=shown, command=self._shortcuts.title(holder)),
            tr("Take it over"),
            lambda: self._set(chosen, wanted),
        )

    def _set(self, command_id: str, keys: list[QKeySequence]) -> None:
        self._shortcuts.set(command_id, keys)
        self._refresh()

    def _clear(self) -> None:
        if self.chosen is not None:
            self._set(self.chosen, [])

    def _reset(self) -> None:
        if self.chosen is None:
            return
        taken = self._shortcuts.reset(self.chosen)
        self._refresh()
        if taken:
            holder = self._shortcuts.holder(taken[0], self.chosen)
            words = tr("{keys} stays with “{command}”, as you chose.")
            self.question.say(
                words.format(keys=taken[0].toString(_NATIVE), command=self._shortcuts.title(holder))
            )

    def _ask_reset_all(self) -> None:
        self.question.ask(tr("Forget all shortcuts of your own?"), tr("Reset all"), self._reset_all)

    def _reset_all(self) -> None:
        self._shortcuts.reset_all()
        self._refresh()


class _Recorder(QWidget):
    """``pressed``: keys that are to take the place of the command's. ``adding``: keys beside those it has.
    ``left``: Escape was pressed."""

    pressed = Signal(QKeySequence)
    adding = Signal(QKeySequence)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._adds = False
        self._shown = QKeySequence()
        self._name = QLabel()
        self._name.setWordWrap(True)  # a long name makes the window no wider
        self._name.setFixedHeight(_NAME)
        self.edit = _Field()
        self.edit.setMaximumSequenceLength(1)
        self.edit.setFinishingKeyCombinations(
            [QKeyCombination(key) for key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape)]
        )
        self.edit.setAccessibleName(tr("Shortcut of the chosen command; press other keys for it"))
        # Queued: it goes on with what it has itself after it has told.
        self.edit.editingFinished.connect(self._on_finished, Qt.ConnectionType.QueuedConnection)
        self.edit.installEventFilter(self)
        self.edit.setFixedWidth(168)
        self.add = QPushButton(tr("Add another"))
        self.none = QPushButton(tr("None"))
        self.reset = QPushButton(tr("Reset"))
        self.add.clicked.connect(self._begin_adding)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self._name, 1)
        line.addWidget(self.edit)
        for button in (self.add, self.none, self.reset):
            button.setAutoDefault(False)
            line.addWidget(button)

    def show_keys(self, title: str, keys: list[QKeySequence], *, own: bool) -> None:
        """Show a command's name and its first keys."""
        self._adds = False
        self._name.setText(title or tr("Choose a command to change its keys."))
        self._put(keys[0] if keys else QKeySequence())
        self.edit.setEnabled(bool(title))
        self.add.setEnabled(bool(keys))
        self.none.setEnabled(bool(keys))
        self.reset.setEnabled(own)

    def _put(self, keys: QKeySequence) -> None:
        self._shown = keys
        self.edit.setKeySequence(keys)
        self.edit.say()

    def _begin_adding(self) -> None:
        self._adds = True
        self._put(QKeySequence())
        self.edit.setFocus()

    def _on_finished(self) -> None:
        keys = self.edit.keySequence()
        if not keys.isEmpty() and keys != self._shown:
            (self.adding if self._adds else self.pressed).emit(keys)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return True
        return super().eventFilter(watched, event)


class _Field(QKeySequenceEdit):
    """Says always the same while it is empty; by itself it goes back to Qt's words."""

    def say(self) -> None:
        self.findChild(QLineEdit).setPlaceholderText(tr("Press a shortcut"))

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() in _FORGETS:
            self.say()
        return done


class _Question(QWidget):
    """A line under the list, with a button if there is something to decide."""

    def __init__(self) -> None:
        super().__init__()
        self._then = lambda: None
        self._words = QLabel()
        self._words.setWordWrap(True)
        self.yes, self.no = QPushButton(tr("Take it over")), QPushButton(tr("Leave it"))
        self.yes.clicked.connect(self._agree)
        self.no.clicked.connect(self.drop)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(theme.Sign("warning", "amber"))
        line.addWidget(self._words, 1)
        for button in (self.yes, self.no):
            button.setAutoDefault(False)
            line.addWidget(button)
        self.setFixedHeight(28)
        self.drop()

    @property
    def words(self) -> str:
        """What is asked or said; empty if nothing is."""
        return self._words.text()

    def ask(self, words: str, yes: str, then) -> None:
        """Ask before something is done."""
        self._show(words)
        self._then = then
        self.yes.setText(yes)
        self.yes.show()
        self.no.show()
        self.yes.setFocus()

    def say(self, words: str) -> None:
        """Say why something was not done."""
        self._show(words)

    def _show(self, words: str) -> None:
        self._words.setText(words)
        for widget in self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            widget.setVisible(widget not in (self.yes, self.no))

    def drop(self) -> None:
        """Nothing is asked any more; its room stays."""
        self._words.clear()
        for widget in self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            widget.hide()

    def _agree(self) -> None:
        self.drop()
        self._then()
