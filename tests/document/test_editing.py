"""All kinds of edits in any order: undone, they give the first bytes back, redone the last ones."""

import zlib
from dataclasses import replace

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from editor.document import (
    adjustments,
    blend,
    canvas,
    channels,
    colour,
    guides,
    paint,
    select,
    stack,
    transform,
)
from editor.document.files import profiles
from editor.document.files.metadata import Metadata
from editor.document.geometry import Rect
from editor.document.guide import INK, LINE, Guide
from editor.document.layers import (
    PASS_THROUGH,
    AdjustmentLayer,
    Group,
    LayerMask,
    Lock,
    PixelLayer,
    walk,
)
from editor.document.model import Document
from editor.document.tiles import TiledImage

WIDTH, HEIGHT = 300, 280  # four tiles
BUDGET = 1_200_000  # a few tiles: most edits go to disk
MOST_LAYERS = 7
LARGEST_SIDE = 420

places = st.tuples(st.integers(-40, WIDTH + 40), st.integers(-40, HEIGHT + 40))
inside = st.tuples(*[st.integers(0, 250)] * 2)
boxes = st.tuples(*(st.integers(*ends) for ends in ((-20, 250), (-20, 250), (1, 200), (1, 200))))
sizes = st.tuples(*[st.sampled_from((0, 1, 77, 256, 290, 300, 310, LARGEST_SIDE))] * 2)
degrees = st.sampled_from((0, 90, 180, 270, -90, 33.3, -2.5))
# Corners somewhere in the four quarters, clockwise; not all of them make a picture.
near, far = st.integers(-30, 120), st.integers(140, 330)
quads = st.tuples(*(st.tuples(*axes) for axes in ((near, near), (far, near), (far, far), (near, far))))
hows = st.sampled_from(select.HOWS)
numbers = st.integers(0, 99)
colours = st.tuples(*[st.sampled_from((0.0, 0.25, 0.7, 1.0))] * 3)
locks = st.sampled_from((Lock.NONE, Lock.NONE, Lock.NONE, Lock.ALPHA, Lock.PIXELS, Lock.ALL))
kinds = st.sampled_from(list(adjustments.ADJUSTMENTS.values()))
shapes = st.sampled_from((select.rectangle, select.ellipse))
profile = st.sampled_from((None, profiles.profile(profiles.DISPLAY_P3), profiles.profile(profiles.ADOBE_RGB)))


def state(document):
    """All there is in a document, tiles as checksums."""
    return (
        (document.width, document.height, document.dtype.name, document.grey, document.has_alpha),
        document.metadata,
        plane_state(document.selection),
        tuple((channel.name, plane_state(channel.image)) for channel in document.channels),
        document.guides,
        tuple(map(layer_state, document.layers)),
    )


def layer_state(layer):
    held = {name: value for name, value in vars(layer).items() if name not in ("image", "mask", "children")}
    mask = layer.mask and (layer.mask.enabled, plane_state(layer.mask.image))
    pixels = plane_state(layer.image) if isinstance(layer, PixelLayer) else None
    children = tuple(map(layer_state, layer.children)) if isinstance(layer, Group) else None
    return id(layer), tuple(held.items()), mask, pixels, children


def plane_state(plane):
    tiles = (
        (key, zlib.crc32(np.ascontiguousarray(tile)))
        for key, tile in plane.tiles.items()
        if (tile != plane.default).any()
    )
    return plane.channels, plane.dtype.name, plane.default, tuple(sorted(tiles))


OPERATIONS = {}  # strategies for the arguments of each, by its name


def operation(**arguments):
    """Makes a method one of the things that a step may do."""

    def register(method):
        OPERATIONS[method.__name__] = st.fixed_dictionaries(arguments)
        return method

    return register


class Editing(RuleBasedStateMachine):
    """Edits a document and keeps what it was at each position of its history."""

    dtype = np.uint8

    @initialize(data=st.data(), seed=st.integers(0, 3), selected=st.booleans())
    def open(self, data, seed, selected):
        self.order = data.draw(st.permutations([*OPERATIONS, "undo", "redo", "go_to", "undo", "stroke"]))
        metadata = Metadata(icc=profiles.profile(profiles.DISPLAY_P3) if seed % 2 else None, dpi=(72.0, 96.0))
        upper = TiledImage.from_array(self.noise(seed + 1, 200, 150), 60, -40)
        mask = TiledImage.from_array(self.noise(seed, 90, 80).astype(np.uint8)[..., :1], 70, 20, default=255)
        layers = [
            PixelLayer("Background", TiledImage.from_array(self.noise(seed, WIDTH, HEIGHT))),
            Group("Group", [PixelLayer("Inside", upper, opacity=0.7, mask=LayerMask(mask))]),
            AdjustmentLayer("Exposure", adjustments.Exposure(0.5), clipping=True),
        ]
        self.document = Document(WIDTH, HEIGHT, self.dtype, layers, has_alpha=True, metadata=metadata)
        self.history = self.document.history
        self.history.budget = BUDGET
        self.states = [state(self.document)]
        self.position = 0
        if selected:
            self.attempt(lambda: select.ellipse(self.document, (50, 60, 190, 140)))

    # One rule and not many, of which Hypothesis would leave out most in any one example.
    @rule(data=st.data())
    def step(self, data):
        name = self.order.pop() if self.order else data.draw(st.sampled_from(sorted(OPERATIONS)))
        getattr(self, name)(**data.draw(OPERATIONS[name]))

    # -- how --

    def noise(self, seed, width, height):
        random = np.random.default_rng(seed)
        pixels = random.integers(0, np.iinfo(self.dtype).max, (height, width, 4), self.dtype, endpoint=True)
        pixels[..., 3] = np.where(random.random((height, width)) < 0.5, np.iinfo(self.dtype).max, 0)
        pixels[: height // 2, :, :3] = pixels[:1, :1, :3]  # something for the wand
        return pixels

    def attempt(self, edit):
        """Make an edit, which may be refused: then, and if it changes nothing, nothing has happened."""
        entries = list(self.history.entries)
        try:
            edit()
        except ValueError as error:
            assert "\n" not in str(error)
            assert str(error)
            made = False
        else:
            made = self.history.entries != entries
        if made:
            assert self.history.entries[:-1] == entries[: self.position]  # just one more
            del self.states[self.position + 1 :]
            self.states.append(state(self.document))
            self.position += 1
            assert self.history.entries[-1].name
        else:
            assert self.history.entries == entries
            assert state(self.document) == self.states[self.position]

    def layer(self, number, kind=object):
        """A layer of the kind; where there is none, any."""
        layers = list(walk(self.document.layers))
        some = [layer for layer in layers if isinstance(layer, kind)] or layers
        return some[number % len(some)]

    def has_room(self):
        return len(list(walk(self.document.layers))) < MOST_LAYERS

    # -- the stack --

    @operation(number=numbers, seed=numbers, corner=places, bits=st.sampled_from((8, 16)))
    def paste(self, number, seed, corner, bits):
        if self.has_room():
            pixels = self.noise(seed, 120, 90)
            if bits != self.document.bits:
                pixels = pixels.astype(np.uint8 if bits == 8 else np.uint16)
            above = self.layer(number)
            self.attempt(lambda: paint.paste(self.document, pixels, *corner, above=above))

    @operation(
        number=numbers, kind=st.sampled_from(list(adjustments.ADJUSTMENTS.values())), clipping=st.booleans()
    )
    def add_adjustment(self, number, kind, clipping):
        if self.has_room():
            layer = AdjustmentLayer("Adjustment", kind(), clipping=clipping)
            self.attempt(lambda: stack.add(self.document, layer, above=self.layer(number)))

    @operation(number=numbers, stops=st.floats(-2, 2))
    def set_adjustment(self, number, stops):
        layer = self.layer(number, AdjustmentLayer)
        if isinstance(layer, AdjustmentLayer):
            value = adjustments.Exposure(stops)
            self.attempt(lambda: stack.set_adjustment(self.document, layer, value))

    @operation(number=numbers)
    def add_empty(self, number):
        if self.has_room():
            self.attempt(lambda: stack.add_pixels(self.document, above=self.layer(number)))

    @operation(first=numbers, second=numbers)
    def delete(self, first, second):
        layers = list({self.layer(first), self.layer(second)})
        self.attempt(lambda: stack.delete(self.document, layers))

    @operation(number=numbers, into=st.none() | numbers, place=st.integers(0, 4))
    def move_in_stack(self, number, into, place):
        container = self.document if into is None else self.layer(into, Group)
        if isinstance(container, Document | Group):
            self.attempt(lambda: stack.move(self.document, self.layer(number), container, place))

    @operation(number=numbers)
    def duplicate(self, number):
        if self.has_room():
            self.attempt(lambda: stack.duplicate(self.document, self.layer(number)))

    @operation(first=numbers, second=numbers)
    def group(self, first, second):
        if self.has_room():
            layers = list({self.layer(first), self.layer(second)})
            self.attempt(lambda: stack.group(self.document, layers))

    @operation(number=numbers)
    def ungroup(self, number):
        group = self.layer(number, Group)
        if isinstance(group, Group):
            self.attempt(lambda: stack.ungroup(self.document, group))

    @operation(number=numbers)
    def merge_down(self, number):
        self.attempt(lambda: stack.merge_down(self.document, self.layer(number)))

    @operation(number=numbers)
    def merge_group(self, number):
        group = self.layer(number, Group)
        if isinstance(group, Group):
            self.attempt(lambda: stack.merge_group(self.document, group))

    @operation(flat=st.booleans())
    def merge_all(self, flat):
        self.attempt(lambda: (stack.flatten if flat else stack.merge_visible)(self.document))

    @operation(number=numbers, from_selection=st.booleans())
    def add_mask(self, number, from_selection):
        self.attempt(lambda: stack.add_mask(self.document, self.layer(number), from_selection=from_selection))

    @operation(number=numbers, how=st.sampled_from(("apply", "delete", "disable")))
    def end_mask(self, number, how):
        masked = [layer for layer in walk(self.document.layers) if layer.mask is not None]
        if masked:
            layer = masked[number % len(masked)]
            if how == "delete":
                self.attempt(lambda: stack.set_mask(self.document, layer, None, "Delete mask"))
            elif how == "disable":
                mask = replace(layer.mask, enabled=not layer.mask.enabled)
                self.attempt(lambda: stack.set_mask(self.document, layer, mask, "Disable mask"))
            elif isinstance(layer, PixelLayer):
                self.attempt(lambda: stack.apply_mask(self.document, layer))

    @operation(
        number=numbers,
        change=st.tuples(st.just("visible"), st.booleans())
        | st.tuples(st.just("opacity"), st.sampled_from((0.0, 0.3, 1.0)))
        | st.tuples(st.just("clipping"), st.booleans())
        | st.tuples(st.just("lock"), locks)
        | st.tuples(st.just("name"), st.text(max_size=4)),
    )
    def attribute(self, number, change):
        self.attempt(lambda: self.document.set_layer(self.layer(number), *change, "Attribute"))

    @operation(number=numbers, mode=st.sampled_from([*blend.MODES, PASS_THROUGH]))
    def blend_mode(self, number, mode):
        layer = self.layer(number)
        if mode != PASS_THROUGH or isinstance(layer, Group):
            self.attempt(lambda: self.document.set_layer(layer, "blend_mode", mode, "Mode"))

    # -- the selection --

    @operation(
        shape=st.sampled_from((select.rectangle, select.ellipse)),
        box=boxes,
        how=hows,
        antialias=st.booleans(),
    )
    def shape(self, shape, box, how, antialias):
        box = tuple(side + 0.3 for side in box)
        self.attempt(lambda: shape(self.document, box, how, antialias=antialias))

    @operation(points=st.lists(places, max_size=6), how=hows)
    def polygon(self, points, how):
        self.attempt(lambda: select.polygon(self.document, points, how))

    @operation(point=inside, number=st.none() | numbers, contiguous=st.booleans(), how=hows)
    def wand(self, point, number, contiguous, how):
        layer = None if number is None else self.layer(number)
        self.attempt(lambda: select.wand(self.document, point, 32, how, layer=layer, contiguous=contiguous))

    @operation(contiguous=st.booleans(), tolerance=st.integers(0, 60))
    def similar(self, contiguous, tolerance):
        self.attempt(lambda: select.similar(self.document, tolerance, contiguous=contiguous))

    @operation(colour=st.tuples(*[st.integers(0, 255)] * 3), how=hows)
    def colour_range(self, colour, how):
        self.attempt(lambda: select.colour_range(self.document, [colour], 60, how))

    @operation(tone=st.sampled_from(("shadows", "midtones", "highlights", "none")), how=hows)
    def tonal_range(self, tone, how):
        self.attempt(lambda: select.tonal_range(self.document, tone, how))

    @operation(
        change=st.sampled_from(
            (select.grow, select.shrink, select.border, select.feather, select.smooth, select.grow)
        ),
        radius=st.integers(-1, 12),
    )
    def edge(self, change, radius):
        self.attempt(lambda: change(self.document, radius))

    @operation(change=st.sampled_from((select.invert, select.everything, select.nothing)))
    def whole(self, change):
        self.attempt(lambda: change(self.document))

    @operation(number=numbers, how=hows, mask=st.booleans())
    def from_layer(self, number, how, mask):
        change = select.from_mask if mask else select.from_alpha
        self.attempt(lambda: change(self.document, self.layer(number), how))

    @operation(name=st.sampled_from(("a", "b", "c", " ")))
    def save_channel(self, name):
        self.attempt(lambda: channels.save_channel(self.document, name))

    @operation(number=numbers, how=hows, what=st.sampled_from(("load", "load", "delete", "rename")))
    def channel(self, number, how, what):
        kept = self.document.channels
        if kept:
            channel = kept[number % len(kept)]
            if what == "load":
                self.attempt(lambda: channels.load_channel(self.document, channel, how))
            elif what == "delete":
                self.attempt(lambda: channels.delete_channel(self.document, channel))
            else:
                self.attempt(lambda: channels.rename_channel(self.document, channel, "b"))

    # -- guides --

    @operation(points=st.tuples(places, places), enabled=st.booleans())
    def add_line(self, points, enabled):
        self.attempt(lambda: guides.add(self.document, Guide(LINE, points, enabled=enabled)))

    @operation(
        points=st.lists(places, min_size=1, max_size=6),
        width=st.sampled_from((0.5, 3, 40)),
        pressed=st.none() | st.floats(0, 1),
    )
    def add_ink(self, points, width, pressed):
        pressures = None if pressed is None else [pressed] * len(points)
        self.attempt(lambda: guides.add(self.document, Guide(INK, points, width, pressures)))

    @operation(number=numbers, shift=st.sampled_from((0, 0.25, -70)), enabled=st.booleans())
    def replace_guide(self, number, shift, enabled):
        kept = self.document.guides
        if kept:
            old = kept[number % len(kept)]
            points = tuple((x + shift, y) for x, y in old.points)
            new = replace(old, points=points, enabled=enabled)
            self.attempt(lambda: guides.replace(self.document, old, new))

    @operation(number=numbers, count=st.integers(0, 3), other=st.booleans())
    def delete_guides(self, number, count, other):
        kept = self.document.guides
        gone = list(kept[number % max(len(kept), 1) :][:count])
        if other:
            gone.append(Guide(LINE, ((-999, -999), (-998, -998))))
        self.attempt(lambda: guides.delete(self.document, gone))

    @operation(kind=st.sampled_from((LINE, INK, INK, None)))
    def clear_guides(self, kind):
        self.attempt(lambda: guides.clear(self.document, kind))

    @operation(path=st.lists(places, max_size=4), radius=st.sampled_from((1, 12, 60)))
    def erase_guides(self, path, radius):
        def edit(commit):
            eraser = guides.Eraser(self.document, radius)
            for point in path:
                eraser.line_to(*point)
            if commit:
                eraser.commit()
            else:
                eraser.roll_back()

        self.attempt(lambda: edit(commit=False))
        self.attempt(lambda: edit(commit=True))

    # -- pixels --

    @operation(
        number=numbers,
        points=st.lists(places, min_size=1, max_size=4),
        brush=st.tuples(*map(st.sampled_from, ((1, 20, 300), (0, 1), (0.3, 1, 0), (0.2, 1)))),
        colour=colours,
        erase=st.booleans(),
        on_mask=st.booleans(),
    )
    def stroke(self, number, points, brush, colour, erase, on_mask):
        layer = self.layer(number, object if on_mask else PixelLayer)
        size, hardness, opacity, flow = brush

        def edit(commit):
            stroke = paint.Stroke(
                self.document,
                layer,
                colour,
                size,
                hardness=hardness,
                opacity=opacity,
                flow=flow,
                erase=erase,
                on_mask=on_mask and layer.mask is not None,
            )
            for place, point in enumerate(points):
                stroke.line_to(*point, 1 - place / 5)
            if commit:
                stroke.commit()
            else:
                stroke.roll_back()

        self.attempt(lambda: edit(commit=False))
        self.attempt(lambda: edit(commit=True))

    @operation(number=numbers, colour=colours, opacity=st.sampled_from((1, 1, 0.4)), on_mask=st.booleans())
    def fill(self, number, colour, opacity, on_mask):
        layer = self.layer(number, object if on_mask else PixelLayer)
        self.attempt(lambda: paint.fill(self.document, layer, colour, opacity=opacity, on_mask=on_mask))

    @operation(number=numbers)
    def clear(self, number):
        layer = self.layer(number, PixelLayer if number % 3 else object)
        self.attempt(lambda: paint.clear(self.document, layer))

    # -- everything --

    @operation(box=boxes, delete_outside=st.booleans())
    def crop(self, box, delete_outside):
        self.attempt(lambda: canvas.crop(self.document, Rect(*box), delete_outside=delete_outside))

    @operation(size=sizes, anchor=st.sampled_from(((0, 0), (0.5, 1))))
    def canvas_size(self, size, anchor):
        self.attempt(lambda: canvas.canvas_size(self.document, *size, anchor))

    @operation(
        size=sizes,
        method=st.sampled_from(("auto", "auto", "nearest", "bilinear", "none")),
        dpi=st.sampled_from((None, None, (300.0, 300.0), (0.0, 1.0))),
    )
    def image_size(self, size, method, dpi):
        # Planes that reach far beyond a tiny canvas would become huge.
        if min(size) > min(self.document.width, self.document.height) * 1.5:
            size = size[0] // 4, size[1] // 4
        self.attempt(lambda: canvas.image_size(self.document, *size, method, dpi=dpi))

    @operation(horizontal=st.booleans())
    def flip(self, horizontal):
        self.attempt(lambda: canvas.flip(self.document, horizontal=horizontal))

    @operation(degrees=degrees, how=st.sampled_from(canvas.CANVASES))
    def rotate(self, degrees, how):
        if max(self.document.width, self.document.height) > LARGEST_SIDE and degrees % 90:
            how = "crop"
        self.attempt(lambda: canvas.rotate(self.document, degrees, how))

    @operation(
        number=numbers,
        previews=st.lists(
            st.tuples(*map(st.sampled_from, ((0, 20, 90, -135), (0.5, 1, 1.3, -1), (0, 30)))), max_size=2
        ),
        corners=st.none() | quads,
    )
    def free_transform(self, number, previews, corners):
        layer = self.layer(number, PixelLayer if number % 3 else object)

        def edit(commit):
            free = transform.FreeTransform(self.document, layer)
            try:
                for degrees, scale, shift in previews:
                    matrix = transform.rotation(degrees, (100, 100)) @ transform.scaling(scale, 1, (0, 0))
                    free.set_matrix(matrix @ transform.translation(shift, 0))
                if corners is not None:
                    free.set_corners(corners)
            except ValueError:
                free.cancel()
                raise
            if commit:
                free.commit()
            else:
                free.cancel()

        self.attempt(lambda: edit(commit=False))
        self.attempt(lambda: edit(commit=True))

    @operation(number=numbers, dx=st.sampled_from((-256, 0, 1, 30, 256)), dy=st.sampled_from((-70, 0, 512)))
    def move_pixels(self, number, dx, dy):
        self.attempt(lambda: transform.move(self.document, self.layer(number), dx, dy))

    @operation(profile=profile, intent=st.sampled_from(("relative", "perceptual", "absolute", "none")))
    def convert_profile(self, profile, intent):
        self.attempt(lambda: colour.convert_profile(self.document, profile, intent))

    @operation(profile=profile | st.just(b"no profile"))
    def assign_profile(self, profile):
        self.attempt(lambda: colour.assign_profile(self.document, profile))

    @operation(bits=st.sampled_from((8, 16, 12)), dither=st.booleans())
    def convert_depth(self, bits, dither):
        self.attempt(lambda: colour.convert_depth(self.document, bits, dither=dither))

    # -- the history --

    @operation(times=st.integers(1, 3))
    def undo(self, times):
        for _ in range(times):
            self.document.undo()
        self.position = max(self.position - times, 0)

    @operation(times=st.integers(1, 3))
    def redo(self, times):
        for _ in range(times):
            self.document.redo()
        self.position = min(self.position + times, len(self.states) - 1)

    @operation(part=st.floats(0, 1))
    def go_to(self, part):
        self.position = round(part * (len(self.states) - 1))
        self.document.go_to(self.position)

    @invariant()
    def is_where_it_should_be(self):
        self.keeps_to_its_budget()
        assert len(self.history.entries) == len(self.states) - 1
        assert self.history.position == self.position
        assert state(self.document) == self.states[self.position]

    def keeps_to_its_budget(self):
        stores = [store for entry in self.history.entries for store in entry.edit.stores()]
        tiles = [tile for store in stores for tile in store.values() if isinstance(tile, np.ndarray)]
        assert sum(tile.nbytes for tile in tiles) == self.history.size <= BUDGET

    def teardown(self):
        if not hasattr(self, "document"):
            return
        for position in (0, len(self.states) - 1, 0, len(self.states) - 1):
            while self.history.position != position:
                (self.document.undo if self.history.position > position else self.document.redo)()
                self.keeps_to_its_budget()
                assert state(self.document) == self.states[self.history.position]
        assert self.document.composite(self.document.rect).dtype == self.document.dtype
        self.history.close()


class Editing16Bit(Editing):
    dtype = np.uint16


often = settings(
    max_examples=20,
    stateful_step_count=50,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
for machine in (Editing, Editing16Bit):
    machine.TestCase.settings = often
TestEditing = Editing.TestCase
TestEditing16Bit = Editing16Bit.TestCase
