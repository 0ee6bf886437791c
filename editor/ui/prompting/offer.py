"""What is shown where an engine has no model: what to get, how large it is, under which licence."""

from concurrent.futures import Executor, Future

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from editor.ui import theme
from editor.ui.dialogs import size_text
from editor.ui.installer import Installer
from editor.ui.option_controls import icon_button
from editor.ui.words import tr, tr_composed
from engines import fit, machine, registry, store


class Offer(QWidget):
    """``got``: a model was installed. ``done``: the user is. ``asked``: the user has one in a file."""

    got = Signal()
    done = Signal()
    asked = Signal()
    _judged = Signal(str)  # from the thread

    def __init__(self, files: Executor, installer: Installer, engine_id: str, words: str, own: str) -> None:
        """``words`` say that the engine has none; ``own`` is what a model of the user's would be."""
        super().__init__()
        self._installer = installer
        self._spec = registry.spec(engine_id)
        self._entry = store.entry_of(self._spec.starter)
        lacking = registry.lacks_libraries(self._spec, (self._spec.starter,))
        title = QLabel(words)
        if lacking:
            title.setText(tr_composed(lacking))
            title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        title.setWordWrap(True)
        self._facts = QLabel(self._described())
        self._fit = QLabel()
        for label in (self._facts, self._fit):
            theme.make_quiet(label)
            label.setWordWrap(True)
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(4)
        self._bar.setAccessibleName(tr("Progress"))
        self.get = QPushButton(tr("Get it ({size})").format(size=size_text(self._entry.download)))
        self.get.setProperty("primary", True)
        self.get.setToolTip(tr("Fetch it once, check it, and keep it on this machine"))
        self.get.clicked.connect(self._install)
        self.cancel = QPushButton(tr("Cancel"))
        self.cancel.clicked.connect(installer.cancel)
        self.choose = QPushButton(tr("Choose a file…"))
        self.choose.setToolTip(own)
        self.choose.clicked.connect(self.asked)
        self._close = icon_button("close", tr("Close (Esc)"))
        self._close.clicked.connect(self.done)
        self._lay_out(title)
        for label in (self._facts, self._fit):  # not before they are in here: each would be a window
            label.setVisible(not lacking)
        self._is_lacking = bool(lacking)
        installer.progressed.connect(self._follow)
        self._follow(0.0 if installer.is_busy else None)
        self._judged.connect(self._show_fit)
        if not lacking:
            files.submit(_fits, self._spec).add_done_callback(self._hand_over)

    def _lay_out(self, title: QLabel) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._bar, 1)
        buttons.addStretch()
        for button in (self.choose, self.cancel, self.get):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(title, 1)
        head.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        column.addWidget(self._facts)
        column.addWidget(self._fit)
        column.addSpacing(4)
        column.addLayout(buttons)

    def _described(self) -> str:
        entry = self._entry
        use = tr("commercial use allowed") if entry.commercial else tr("not for commercial use")
        words = tr("{title}: {size} to fetch, licence {licence}, {use}.")
        return words.format(title=entry.title, size=size_text(entry.download), licence=entry.licence, use=use)

    def take_focus(self) -> None:
        """Give the keyboard to what can be pressed."""
        buttons = (self.get, self.cancel, self._close)
        next(each for each in buttons if each.isVisibleTo(self)).setFocus(Qt.FocusReason.OtherFocusReason)

    def _install(self) -> None:
        self._installer.install(self._entry.id, self._tell)

    def _tell(self) -> None:
        try:
            self.got.emit()
        except RuntimeError:
            pass  # this is gone meanwhile

    def _follow(self, fraction: float | None) -> None:
        """Show how far the installation is; None: there is none."""
        runs = fraction is not None
        self._bar.setValue(round((fraction or 0.0) * 1000))
        self._bar.setVisible(runs)
        self.cancel.setVisible(runs)
        self.get.setVisible(not runs and not self._is_lacking)
        self.choose.setVisible(not runs and not self._is_lacking)

    def _hand_over(self, judged: Future) -> None:
        if not judged.cancelled() and judged.exception() is None:
            try:
                self._judged.emit(judged.result())
            except RuntimeError:
                pass  # the bar is gone

    def _show_fit(self, reason: str) -> None:
        self._fit.setText(tr_composed(reason))


def _fits(spec: registry.EngineSpec) -> str:
    """How that model would fit this machine; asking takes a moment."""
    return fit.fit(spec, machine.machine(store.packs_folder()), (spec.starter,)).reason
