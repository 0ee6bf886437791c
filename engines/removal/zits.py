"""ZITS (Dong, Cao and Fu, "Incremental Transformer Structure Enhanced Image Inpainting with Masking
Positional Encoding", CVPR 2022): structure first, then texture that follows it.

Four networks, each a TorchScript: HAWP finds the lines beside the hole (512 pixels, the hole grey); the
structure transformer, TSR, continues edges and lines through it (256 pixels, surest places first, in rounds);
the upsampler, SSU, doubles them until they are as large as the picture; FTR, a LaMa, paints with them.

The user's lines join what TSR made of its own: TSR blanks all structure in the hole, so before it they would
be lost. FTR takes RGB in [0, 1] and a mask with 1 = hole, squares of a multiple of 32 pixels; TSR takes RGB
in [-1, 1]. It knows no chance: a seed is another view (engines.removal.views).
"""

import hashlib
from collections.abc import Callable, Sequence

import cv2
import numpy as np
import torch
from torch.nn import functional

from engines import store
from engines.base import Cancelled, Patch, Progress, Region, RemoveRequest, RemoveResult
from engines.context import NATIVE
from engines.device import torch_device
from engines.ladder import Rung, smaller
from engines.removal import structure
from engines.removal.filling import fill_region
from engines.removal.running import fill_regions, through_views
from engines.removal.torchscript import load_script, running

ROUNDS = 5
MULTIPLE, SMALLEST = 32, 256  # of FTR's squares
SIDES = (NATIVE, 384, SMALLEST)  # of what it is shown, in pixels; the less, the less memory
_STRUCTURE, _WIREFRAME = 256, 512  # sides of what TSR and HAWP see
_SURE_LINE = 0.85  # score of HAWP from which a line is one
_EDGE = 0.25  # of TSR's answer, from which there is an edge
_MEAN = np.float32([109.730, 103.832, 98.681])  # HAWP's, of 0..255
_DEVIATION = np.float32([22.275, 22.124, 23.229])
_GREY = np.float32(127.5)  # what HAWP sees in the hole


class Zits:
    """The loaded engine. Raises the errors of ``load_script``, and EngineError if the device is not there."""

    def __init__(self, device: str, tsr: str, ssu: str, wireframe: str, ftr: str) -> None:
        self.device = torch_device(device)
        files = (tsr, ssu, wireframe, ftr)
        self._tsr, self._ssu, self._wireframe, self._ftr = (load_script(each, self.device) for each in files)
        self._use(NATIVE)
        digests = "".join(store.catalog()[each].sha256 for each in files)
        self._sha256 = hashlib.sha256(digests.encode()).hexdigest()

    def rungs(self) -> tuple[Rung, ...]:
        """Smaller squares."""
        return (smaller(SIDES, self._use),)

    def _use(self, side: int) -> None:
        self._side = side

    def run(self, request: RemoveRequest, progress: Progress) -> RemoveResult:
        """Fill every region of the request along its guides, seen the way that its seed stands for."""

        def fill(region: Region, step: Callable[[float], None]) -> Patch:
            return fill_region(
                region,
                lambda image, known, lines: self._fill(image, known, lines, progress),
                step,
                seed=request.seed,
                grain=request.grain,
                size=self._side,
                own_lines=True,
            )

        patches = fill_regions(request, through_views(request.seed, fill), progress)
        return RemoveResult(patches, request.engine, self._sha256, self.device)

    def _fill(
        self, image: np.ndarray, known: np.ndarray, lines: Sequence[np.ndarray], progress: Progress
    ) -> np.ndarray:
        """(side, side, 3) from a square of that shape, what is known of it and lines in its pixels."""
        side = len(known)
        image, known = _padded(image, known)
        with running():
            edge, line = self._structure(image, known, progress)
            scale = _STRUCTURE / len(known)
            # SSU is for lines a pixel thin, as those of 256 pixels are.
            own = self._tensor(structure.drawn([each * scale for each in lines], (_STRUCTURE, _STRUCTURE)))
            edge, line = torch.maximum(edge, own), torch.maximum(line, own)
            edge, line = (self._enlarged(each, len(known)) for each in (edge, line))
            steps, corners = structure.positions(~known)
            _stop_if(progress)
            out = self._ftr(
                self._tensor(image * known[..., None]),
                self._tensor(~known),
                edge,
                line,
                torch.from_numpy(steps)[None].to(self.device),
                torch.from_numpy(corners)[None].to(self.device),
            )
            return out[0, :, :side, :side].permute(1, 2, 0).cpu().numpy()

    def _structure(
        self, image: np.ndarray, known: np.ndarray, progress: Progress
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Edges, 0 or 1, and lines, 0 to 1, of the whole square, each (1, 1, 256, 256)."""
        picture, hole = _resized(image, known, _STRUCTURE)
        # Where the hole is, edges of what it showed would reach beyond its border: it goes on smoothly.
        smooth = cv2.inpaint(
            np.rint(picture * 255).astype(np.uint8), hole.astype(np.uint8), 3, cv2.INPAINT_NS
        )
        edge = structure.edges(cv2.cvtColor(smooth, cv2.COLOR_RGB2GRAY) / np.float32(255))
        line = self._lines_beside(image, known)
        return self._continued(
            self._tensor(picture * 2 - 1),
            self._tensor(edge),
            self._tensor(line),
            self._tensor(hole),
            progress,
        )

    def _lines_beside(self, image: np.ndarray, known: np.ndarray) -> np.ndarray:
        """HAWP's lines, drawn in (256, 256) float32."""
        picture, hole = _resized(image, known, _WIREFRAME)
        seen = np.where(hole[..., None], _GREY, picture * 255)
        found = self._wireframe(self._tensor((seen - _MEAN) / _DEVIATION))
        if int(found["num_proposals"]) == 0:
            return np.zeros((_STRUCTURE, _STRUCTURE), np.float32)
        sure = found["lines_score"].cpu().numpy() > _SURE_LINE
        ends = found["lines_pred"].cpu().numpy()[sure].reshape(-1, 2, 2) * _STRUCTURE
        return structure.drawn(list(np.floor(ends) + 0.5), (_STRUCTURE, _STRUCTURE))

    def _continued(
        self,
        picture: torch.Tensor,
        edge: torch.Tensor,
        line: torch.Tensor,
        hole: torch.Tensor,
        progress: Progress,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """TSR's rounds: each keeps the surest of the places that are still open and takes them as known.

        In round i of n they are i / n of those open, as in the authors' sampling.
        """
        picture = picture * (1 - hole)
        edge, line, left = edge * (1 - hole), line * (1 - hole), hole.clone()
        for turn in range(1, ROUNDS + 1):
            _stop_if(progress)
            edge_logits, line_logits = self._tsr(picture, edge, line, masks=left)
            edge_now, line_now = torch.sigmoid(edge_logits), torch.sigmoid((line_logits + 0.05) * 4)
            edge = ((edge + edge_now * left) >= _EDGE).float()
            line = line + line_now * left
            # What is there counts for more than its absence: few places have any.
            surety = torch.maximum(1 - edge_now, edge_now + 0.5) + torch.maximum(1 - line_now, line_now + 0.5)
            order = torch.argsort((surety - 200 * (1 - left)).flatten(), descending=True, stable=True)
            keep = int(turn * int(left.sum()) / ROUNDS)
            left = left.flatten().index_fill(0, order[:keep], 0.0).reshape(left.shape)
            edge, line = edge * (1 - left), line * (1 - left)
        return edge, line

    def _enlarged(self, drawing: torch.Tensor, side: int) -> torch.Tensor:
        """(1, 1, side, side) of a drawing of 256 pixels."""
        while drawing.shape[-1] < side:
            drawing = torch.sigmoid((self._ssu(drawing) + 2) * 2)
        if drawing.shape[-1] == side:
            return drawing
        return functional.interpolate(drawing, size=(side, side), mode="bilinear", align_corners=False)

    def _tensor(self, picture: np.ndarray) -> torch.Tensor:
        """(1, c, h, w) float32 of a picture (h, w, c) or (h, w)."""
        planes = picture.transpose(2, 0, 1) if picture.ndim == 3 else picture[None]
        return torch.from_numpy(np.ascontiguousarray(planes[None], np.float32)).to(self.device)


def _stop_if(progress: Progress) -> None:
    if progress.cancelled:
        raise Cancelled


def _padded(image: np.ndarray, known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The square mirrored on at the right and the bottom to a side that FTR takes."""
    side = len(known)
    more = max(side + -side % MULTIPLE, SMALLEST) - side
    return (
        np.pad(image, ((0, more), (0, more), (0, 0)), mode="symmetric"),
        np.pad(known, ((0, more), (0, more)), mode="symmetric"),
    )


def _resized(image: np.ndarray, known: np.ndarray, side: int) -> tuple[np.ndarray, np.ndarray]:
    """Picture (side, side, 3) with no colour of the hole in it, and its hole (side, side) bool: each pixel
    that the hole has any part of."""
    how = cv2.INTER_AREA if len(known) > side else cv2.INTER_LINEAR
    seen = known.astype(np.float32)
    picture = cv2.resize(image * seen[..., None], (side, side), interpolation=how)
    share = cv2.resize(seen, (side, side), interpolation=how)
    return picture * (share > 1 - 1e-4)[..., None], share <= 1 - 1e-4
