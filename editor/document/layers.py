"""Layers of a document."""

from editor.document.recipe import Recipe
from editor.document.tiles import TiledImage


class Layer:
    """Pixels over the layers below: ``image`` is RGBA, straight alpha, of the document's size and depth."""

    def __init__(
        self,
        name: str,
        image: TiledImage,
        *,
        visible: bool = True,
        opacity: float = 1.0,
        blend_mode: str = "normal",
        recipe: Recipe | None = None,
    ) -> None:
        self.name = name
        self.image = image
        self.visible = visible
        self.opacity = opacity  # 0..1
        self.blend_mode = blend_mode  # a key of blend.MODES
        self.recipe = recipe  # set on the result of an engine
