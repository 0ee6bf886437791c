"""What the engines for faces take and give: plain frozen data. Importing this imports no network.

The *aligned face* is the square that the generator sees: a crop of the photograph turned upright, as FFHQ's
faces were cut (Karras et al. 2019, appendix A). Its pictures are float32 RGB [0, 1], (n, n, 3), whatever n
is; a *sketch* is float32 (n, n), 1 = paper, 0 = ink. A *latent* is W+: one style for each style input of the
generator, (inputs, 512) float32.
"""

from dataclasses import dataclass, field

import numpy as np

from engines.base import Box, Patch


@dataclass(frozen=True)
class Face:
    """One face of a photograph. Points are x, y in its pixels, the centre of the first at (0.5, 0.5)."""

    box: Box  # around its landmarks, as far as the photograph goes
    score: float  # 0 .. 1, how sure the detector is
    landmarks: np.ndarray  # (478, 2) float32, in the order of MediaPipe's face mesh
    square: np.ndarray  # (4, 2) float64: the aligned face's corners, from the top left clockwise


@dataclass(frozen=True)
class FindFaces:
    """A photograph to find faces in."""

    image: np.ndarray  # (h, w, 3) float32 RGB [0, 1]


@dataclass(frozen=True)
class FacesFound:
    """The faces of a photograph, the largest first; none is no error."""

    faces: tuple[Face, ...]


@dataclass(frozen=True)
class Inversion:
    """A face as the generator has it: what an edit begins from."""

    latent: np.ndarray  # (inputs, 512) float32
    tuned: dict[str, np.ndarray] = field(default_factory=dict)  # weights changed for likeness, by name


@dataclass(frozen=True)
class PortraitRequest:
    """Everything that decides a change of one face. Arrays are this request's own and are not written to.

    Without ``start`` the face is inverted first; with neither sketch nor attributes that is all that is done.
    """

    engine: str
    box: Box  # where ``image`` lies in the photograph: around the square, as far as the photograph goes
    image: np.ndarray  # (h, w, 3) float32 RGB [0, 1]
    square: np.ndarray  # (4, 2) float64, as `Face.square` but in pixels of ``image``
    zone: np.ndarray  # (h, w) float32 [0, 1]: how far each pixel may change; 1 everywhere if all of it may
    start: Inversion | None = None
    before: np.ndarray | None = None  # the latent that a run with other strokes came to, to go on from
    sketch: np.ndarray | None = None  # (n, n): what the face's sketch should become
    touched: np.ndarray | None = None  # (n, n) bool: where the user has drawn or erased
    attributes: tuple[tuple[str, float], ...] = ()  # names and strengths, -1 .. 1
    steps: int = 60  # of the optimisation towards the sketch
    inversion_steps: int = 40
    tuning_steps: int = 0  # pivotal tuning (Roich et al. 2021); 0: none
    seed: int = 0


@dataclass(frozen=True)
class PortraitResult:
    """What a change of a face came to."""

    patch: Patch | None  # the changed pixels of the photograph; None if the face was only inverted
    inversion: Inversion
    latent: np.ndarray  # after the change
    face: np.ndarray  # (n, n, 3): the generator's picture of it
    sketch: np.ndarray  # (n, n): the sketch of the photograph's own aligned face, before any change
    identity: float | None  # cosine between the face before and after; None without the network for it
    engine: str
    weights_sha256: str
    device: str
