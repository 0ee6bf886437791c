"""Styles and lists of words: a page of what is folded away in the bar."""

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from editor.jobs import wording
from editor.jobs.wording import NONE, Style
from editor.settings import Settings
from editor.ui import theme
from editor.ui.option_controls import icon_button
from editor.ui.prompting.words_edit import MOST
from editor.ui.words import tr

_BUILT_IN = {style.name: style for style in wording.BUILT_IN}
_LONGEST_NAME = 60  # characters


class StylePage(QWidget):
    """Which words are added to those that are typed; the user's own are made, changed and deleted here.

    ``entered``: Enter was pressed in one of the fields.
    """

    entered = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self.menu = QComboBox()
        self.menu.setAccessibleName(tr("Style"))
        self.menu.setToolTip(tr("Words that are added to yours"))
        self.menu.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.menu.activated.connect(self._show)
        self.new = icon_button("plus", tr("New style"))
        self.new.clicked.connect(self._make)
        self.delete = icon_button("trash", tr("Delete style"))
        self.delete.clicked.connect(self._delete)
        self.name, self.words, self.negative = (
            self._field(name, most)
            for name, most in (
                (tr("Name"), _LONGEST_NAME),
                (tr("Added words"), MOST),
                (tr("Not to be seen"), MOST),
            )
        )
        self.words.setToolTip(tr("Where {prompt} stands in them, your own words go; else they come after"))
        self._lists = QLabel()
        self._lists.setTextFormat(Qt.TextFormat.PlainText)
        self._lists.setWordWrap(True)
        theme.make_quiet(self._lists)
        self._folder = QPushButton(tr("Lists of words…"))
        self._folder.setToolTip(tr("Open the folder where they are: text files with one choice to a line"))
        self._folder.clicked.connect(_open_lists)
        for widget in (self.new, self.delete, self._folder):
            widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._lay_out()
        self.show_lists([])
        self._fill(NONE)

    def _field(self, name: str, most: int) -> QLineEdit:
        field = QLineEdit()
        field.setAccessibleName(name)
        field.setMaxLength(most)
        field.editingFinished.connect(self._keep)
        field.returnPressed.connect(self.entered)
        return field

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self.menu, 1)
        top.addWidget(self.new)
        top.addWidget(self.delete)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._lists, 1)
        foot.addWidget(self._folder, 0, Qt.AlignmentFlag.AlignTop)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        grid.addWidget(_caption(self.menu), 0, 0)
        grid.addLayout(top, 0, 1)
        self._own = []
        for row, field in enumerate((self.name, self.words, self.negative), 1):
            caption = _caption(field)
            self._own += [caption, field]
            grid.addWidget(caption, row, 0)
            grid.addWidget(field, row, 1)
        grid.addLayout(foot, 4, 0, 1, 2)
        grid.setColumnStretch(1, 1)

    # -- what is chosen -------------------------------------------------------------------------------

    @property
    def style_(self) -> Style:
        """The one that is chosen."""
        return self.menu.currentData()

    def tell(self, style: Style) -> None:
        """Show the style that a fill was made with, whatever one of that name may be by now."""
        self._fill(style)

    def show_lists(self, names: list[str]) -> None:
        """Which lists of words there are."""
        words = tr("In your words {red|green} is one of these, and __name__ a line of the list name.txt.")
        if names:
            words += " " + tr("Lists here: {names}").format(names=", ".join(names))
        self._lists.setText(words)

    def _fill(self, chosen: Style) -> None:
        self.menu.clear()
        self.menu.addItem(tr("None"), NONE)
        place = 0
        found = wording.styles(self._settings.styles)
        if chosen != NONE:
            found[chosen.name] = chosen
        for name, style in found.items():
            self.menu.addItem(tr(name) if name in _BUILT_IN else name, style)
            place = self.menu.count() - 1 if style == chosen else place
        self.menu.setCurrentIndex(place)
        self._show()

    def _show(self) -> None:
        style = self.style_
        for widget in self._own:
            widget.setVisible(style != NONE)
        self.name.setText(tr(style.name) if style.name in _BUILT_IN else style.name)
        self.name.setReadOnly(style.name in _BUILT_IN)
        for field, text in ((self.words, style.prompt), (self.negative, style.negative)):
            field.setText(text)
            field.setCursorPosition(0)
        is_own = style.name in self._settings.styles
        self.delete.setEnabled(is_own)
        restores = is_own and style.name in _BUILT_IN
        self.delete.setToolTip(tr("Back to how it was") if restores else tr("Delete style"))

    # -- changing -------------------------------------------------------------------------------------

    def _make(self) -> None:
        taken = wording.styles(self._settings.styles)
        name, number = tr("My style"), 1
        while name in taken:
            number += 1
            name = f"{tr('My style')} {number}"
        style = Style(name, wording.PROMPT + ", ")
        self._settings.styles[name] = wording.kept(style)
        self._fill(style)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)
        self.name.selectAll()

    def _keep(self) -> None:
        before = self.style_
        if before == NONE:
            return
        name = before.name if self.name.isReadOnly() else self.name.text().strip()
        if not name or (name != before.name and name in wording.styles(self._settings.styles)):
            name = before.name  # another has it
        style = Style(name, self.words.text().strip(), self.negative.text().strip())
        if style != before:
            self._settings.styles.pop(before.name, None)
            self._settings.styles[name] = wording.kept(style)
            self._fill(style)

    def _delete(self) -> None:
        name = self.style_.name
        self._settings.styles.pop(name, None)
        self._fill(_BUILT_IN.get(name, NONE))


def _caption(buddy: QWidget) -> QLabel:
    label = QLabel(buddy.accessibleName())
    label.setContentsMargins(4, 0, 0, 0)
    label.setBuddy(buddy)
    label.setProperty("quiet", True)
    return label


def _open_lists() -> None:
    folder = wording.folder()
    folder.mkdir(parents=True, exist_ok=True)
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
