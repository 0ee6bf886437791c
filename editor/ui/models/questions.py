"""What is asked before a model comes or goes: its licence, what to bring along, and whether it may go."""

import re

from PySide6.QtCore import QSize
from PySide6.QtGui import QTextBlockFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from editor.ui import dialogs, theme
from editor.ui.models import phrases
from editor.ui.models.listing import Item
from editor.ui.words import tr

_SIZE = QSize(560, 460)
_MARGIN, _INDENT, _LINE = 14, 18, 115  # pixels, pixels, percent


class _Sheet(QDialog):
    """A heading, a few words, a text to read, and two buttons; it stays over its window until answered."""

    def __init__(self, parent: QWidget, heading: str, words: str, markdown: str, verb: str) -> None:
        super().__init__(parent)
        self.setWindowTitle("Lacuna")
        self.setModal(True)
        self.resize(_SIZE)
        title, told, text = QLabel(heading), QLabel(words), QTextBrowser()
        font = title.font()
        font.setPixelSize(16)
        title.setFont(font)
        for label in (title, told):
            label.setWordWrap(True)
        text.setObjectName("modelText")
        text.setMarkdown(markdown)
        _lay_out(text.document())
        text.setAccessibleName(heading)
        self.accept_button, cancel = QPushButton(verb), QPushButton(tr("Cancel"))
        self.accept_button.setProperty("primary", True)
        self.accept_button.clicked.connect(self.accept)
        cancel.clicked.connect(self.reject)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addStretch()
        line.addWidget(cancel)
        line.addWidget(self.accept_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        column.addWidget(title)
        column.addWidget(told)
        column.addWidget(text, 1)
        column.addSpacing(4)
        column.addLayout(line)
        cancel.setAutoDefault(False)
        self.accept_button.setDefault(True)


def _lay_out(document: QTextDocument) -> None:
    """Air around the words and between the paragraphs."""
    document.setDocumentMargin(_MARGIN)
    document.setIndentWidth(_INDENT)
    block = document.begin()
    while block.isValid():
        shape = QTextBlockFormat()
        shape.setLineHeight(_LINE, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        shape.setTopMargin(0)
        goes_on = block.textList() is not None and block.next().textList() is not None
        shape.setBottomMargin(4 if goes_on else 10)
        QTextCursor(block).mergeBlockFormat(shape)
        block = block.next()


def accepts_licence(parent: QWidget, item: Item) -> bool:
    """Show the licence of a model that is not free; whether the user says yes to it."""
    words = tr("{size} to fetch. Licence: {licence}, {use}.").format(
        size=phrases.size(item.download), licence=phrases.licence(item), use=phrases.use(item)
    )
    heading = tr("{name} is not free for every use").format(name=tr(item.title))
    return _answered(_Sheet(parent, heading, words, _licence_text(item), tr("Accept and install")))


def wants_to_bring(parent: QWidget, item: Item) -> bool:
    """Tell which files a model needs that cannot be fetched; whether the user has them."""
    words = tr(
        "Lacuna cannot fetch this model by itself. If you have its files, choose them, whatever they are "
        "called: they are recognised by what is in them."
    )
    markdown = "\n".join(
        (
            tr("What to look for:"),
            "",
            *(f"- {each}" for each in item.look_for),
            "",
            f"{phrases.licence(item)}, {phrases.use(item)}.",
        )
    )
    heading = tr("Bring your own: {name}").format(name=tr(item.title))
    return _answered(_Sheet(parent, heading, words, markdown, tr("Choose files…")))


def may_remove(parent: QWidget, item: Item) -> bool:
    """Whether a model, or what has come of it, may go; says what that frees."""
    size = phrases.size(item.came if item.state == "begun" else item.size)
    if item.state == "begun":
        more = tr("{size} have come so far and would have to be fetched again.").format(size=size)
    elif item.origins:
        more = tr("This frees {size}. It can be fetched again at any time.").format(size=size)
    else:
        more = tr("This frees {size}. Lacuna cannot fetch it: keep a copy if you may want it again.").format(
            size=size
        )
    box = dialogs.question(parent, tr("Remove {name}?").format(name=tr(item.title)), more)
    return dialogs.is_meant(box, tr("Remove"), tr("Keep"))


def _answered(sheet: QDialog) -> bool:
    accepted = sheet.exec()
    sheet.deleteLater()
    return bool(accepted)


def _licence_text(item: Item) -> str:
    """What its licence means, where it comes from, and what its card says."""
    parts = []
    if any(each == phrases.NO_LICENCE for each in item.licences):
        parts.append(
            tr(
                "The authors of this model have published it without a written licence. Nobody has given you "
                "the right to use it for more than the law allows by itself, in most places trying it out "
                "for yourself. For work that you sell or are paid for, ask its authors first."
            )
        )
    else:
        parts.append(tr("Its licence does not allow every use. Read it where the model was published."))
    parts.append(tr("It does not come with Lacuna, and is fetched only because you ask for it, from:"))
    parts += [f"- `{each}`" for each in item.origins]
    parts += filter(None, map(_card_on_licence, item.files))
    return "\n\n".join(parts)


def _card_on_licence(weights_id: str) -> str:
    """What is kept of a model's licence, in Markdown; empty if nothing is."""
    path = theme.RESOURCES / "models" / f"{weights_id}.md"
    try:
        found = re.search(r"^## Licence\n+(.*?)(?=^## |\Z)", path.read_text(encoding="utf-8"), re.S | re.M)
    except OSError:
        return ""
    return found[1].strip() if found else ""
