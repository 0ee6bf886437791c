"""The panels around the picture: what is in them, and what the rest of the window asks of them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from editor.document.layers import Layer
from editor.document.model import Document
from editor.ui.background import Call
from editor.ui.panels.docks import Docks
from editor.ui.panels.mask_view import MaskView

if TYPE_CHECKING:
    from editor.ui.canvas import Canvas
    from editor.ui.panels.adjustments import AdjustmentsPanel
    from editor.ui.panels.engine import EnginePanel
    from editor.ui.panels.history import HistoryPanel
    from editor.ui.panels.info import InfoPanel
    from editor.ui.panels.layers import LayersPanel
    from editor.ui.panels.navigator import NavigatorPanel
    from editor.ui.window import Window


class SidePanels(QObject):
    """The panels of the document in front.

    Their ``docks`` take their room at once; what is in them is made after the first picture is painted, which
    is what someone who opens a photograph waits for, and of those behind other tabs when they are first seen.
    ``chosen_changed``: other layers are chosen. ``refused``: why something was not done, in one line.
    ``recipe_opened`` carries a layer that an engine made and that is to be made again.
    """

    chosen_changed = Signal()
    refused = Signal(str)
    recipe_opened = Signal(object)

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self.docks = Docks(window)
        self.docks.settled.connect(self._fill_seen)
        self.mask_view = MaskView(self)
        self._document: Document | None = None
        self._actions: dict[str, QAction] = {}
        self._adjustment_menu: QMenu | None = None
        # Histogram and navigator, one call each at a time, and the loading of panels.
        self._work = ThreadPoolExecutor(3, thread_name_prefix="panels")
        self._makers: dict[str, Callable[[], QWidget]] = {}
        self._begun: list[str] = []  # panels in the order in which they are made
        self._made = 0  # how many of them are
        self._is_loading = False
        self._is_shut = False
        self._layers: LayersPanel | None = None
        self._adjustments: AdjustmentsPanel | None = None
        self._history: HistoryPanel | None = None
        self._navigator: NavigatorPanel | None = None
        self._info: InfoPanel | None = None
        self._engine: EnginePanel | None = None

    @property
    def are_filled(self) -> bool:
        return self._layers is not None

    def fill(self, actions: dict[str, QAction], adjustments: QMenu) -> None:
        """Make the panels, with buttons for some of ``actions``; does nothing the second time."""
        if self._layers is not None:
            return
        self._actions = actions
        self._adjustment_menu = adjustments
        self._makers = {
            "layers": self._make_layers,
            "adjustments": self._make_adjustments,
            "history": self._make_history,
            "navigator": self._make_navigator,
            "info": self._make_info,
            "engine": self._make_engine,
        }
        self._begin("layers")  # it says which layers are chosen, and may not be seen
        self.docks.use(actions)

    def _fill_seen(self) -> None:
        """Make what is in the docks that can be seen now."""
        for dock in self.docks.seen():
            if dock.objectName() in self._makers:
                self._begin(dock.objectName())

    def _begin(self, panel_id: str) -> None:
        """Have a panel made, after those that were asked for before."""
        if panel_id not in self._begun:
            self._begun.append(panel_id)
            self._load_next()

    def _load_next(self) -> None:
        """Load what a panel is made of in another thread. One at a time: the window is in use meanwhile."""
        if self._made < len(self._begun) and not self._is_loading and not self._is_shut:
            self._is_loading = True
            name = self._begun[self._made]
            loading = self._work.submit(import_module, f"editor.ui.panels.{name}")
            Call(loading, self).done.connect(lambda _: self._put(name))

    def _put(self, panel_id: str) -> None:
        if not self._is_shut:
            self.docks[panel_id].put(self._makers[panel_id]())
            self._made += 1
            self._is_loading = False
            QTimer.singleShot(0, self, self._load_next)

    def _make_layers(self) -> QWidget:
        from editor.ui.panels.layers import LayersPanel

        self._layers = LayersPanel(self._actions, self._adjustment_menu)
        self._layers.chosen_changed.connect(self.chosen_changed)
        self._layers.refused.connect(self.refused)
        self._layers.picked.connect(self._window.layers.select)
        self._layers.mask_viewed.connect(self.mask_view.show)
        self._layers.followed.connect(self.mask_view.follow)
        self._layers.recipe_opened.connect(self.recipe_opened)
        self._layers.adjustment_opened.connect(self.docks["adjustments"].come_forward)
        self._layers.set_document(self._document)
        self.chosen_changed.emit()
        return self._layers

    def _make_adjustments(self) -> QWidget:
        from editor.ui.panels.adjustments import AdjustmentsPanel

        panel = self._adjustments = AdjustmentsPanel(self._work, self._adjustment_menu)
        panel.picked.connect(self._window.layers.add_adjustment)
        panel.refused.connect(self.refused)
        panel.set_document(self._document)
        self._layers.followed.connect(self._follow_layer)
        self._layers.finishing.connect(panel.finish)
        self._follow_layer()
        return panel

    def _follow_layer(self) -> None:
        """The Layers panel shows another layer, or another state of it."""
        layers = self._layers
        if self._adjustments is not None:
            self._adjustments.set_layer(layers.document, layers.current_layer, enabled=layers.is_free)

    def _make_history(self) -> QWidget:
        from editor.ui.panels.history import HistoryPanel

        self._history = HistoryPanel()
        self._history.wanted.connect(self._window.editing.go_to)
        self._history.about_to_clear.connect(self.finish)
        self._history.set_document(self._document)
        return self._history

    def _make_navigator(self) -> QWidget:
        from editor.ui.panels.navigator import NavigatorPanel

        self._navigator = NavigatorPanel(self._work)
        self._navigator.set_canvas(self._window.canvas)
        return self._navigator

    def _make_info(self) -> QWidget:
        from editor.ui.panels.info import InfoPanel

        self._info = InfoPanel(lambda: self.current_layer)
        self._info.set_canvas(self._window.canvas)
        return self._info

    def _make_engine(self) -> QWidget:
        from editor.ui.panels.engine import EnginePanel

        removing, options, settings = self._window.removing, self._window.options, self._window.settings
        self._engine = EnginePanel(
            removing.manager, removing.run_times, lambda: options.engine_id, lambda: settings.device
        )
        options.engine_changed.connect(self._engine.refresh)
        self._engine.set_document(self._document)
        return self._engine

    def refresh_engine(self) -> None:
        """Other models are on this machine than before."""
        if self._engine is not None:
            self._engine.refresh()

    def set_document(self, document: Document | None) -> None:
        """Show another document, which is that of the window's canvas, or none."""
        self._document = document
        self.mask_view.follow()
        for panel in (self._adjustments, self._layers, self._history, self._engine):
            if panel is not None:
                panel.set_document(document)
        for panel in (self._navigator, self._info):
            if panel is not None:
                panel.set_canvas(self._window.canvas)

    @property
    def canvas(self) -> "Canvas | None":
        """The picture in front."""
        return self._window.canvas

    @property
    def current_layer(self) -> Layer | None:
        """The layer that the Layers panel shows."""
        return None if self._layers is None else self._layers.current_layer

    @property
    def chosen(self) -> list[Layer]:
        """The chosen layers, the uppermost first."""
        if self._layers is not None:
            return self._layers.chosen
        return [] if self._document is None else [self._document.layers[-1]]

    @property
    def on_mask(self) -> bool:
        """Whether the mask of the chosen layer is meant, rather than its pixels."""
        return self._layers is not None and self._layers.on_mask

    def set_on_mask(self, on_mask: bool) -> None:
        """Mean the mask of the chosen layer, or its pixels."""
        if self._layers is not None:
            self._layers.set_on_mask(on_mask)

    def choose(self, layer: Layer) -> None:
        """Choose a layer, as a click on it does."""
        if self._layers is not None:
            self._layers.select(layer)

    def delete_layers(self) -> None:
        """Delete the chosen layers."""
        if self._layers is not None:
            self._layers.delete_current()

    def rename_layer(self) -> None:
        """Let the chosen layer's name be typed."""
        if self._layers is not None:
            self.docks["layers"].come_forward()
            self._layers.rename()

    def type_opacity(self, percent: float) -> None:
        """Give the chosen layer an opacity, 0..100."""
        if self._layers is not None:
            self._layers.type_opacity(percent)

    def step(self, *, up: bool) -> None:
        """Choose the layer in the row above, or below."""
        if self._layers is not None:
            self._layers.step(up)

    def finish(self) -> None:
        """Record what is being adjusted in a panel, before anything else is done to the document."""
        if self._layers is not None:
            self._layers.finish()  # and with it the adjustments

    def shut_down(self) -> None:
        """The window goes: wait for what is being counted."""
        self._is_shut = True
        self._work.shutdown(wait=True)
