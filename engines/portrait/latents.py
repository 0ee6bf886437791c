"""The space of latents in which a face is sought: whitened W+.

The styles that a generator's mapping network gives fill a bent part of their space. Before its last leaky
ReLU they are nearly Gaussian; a principal component analysis there, each component divided by its deviation,
gives coordinates in which every generated face is about equally far from the mean in each (Zhu, Abdal, Qin,
Femiani, Wonka: "Improved StyleGAN embedding: where are the good latents?", 2020, section 3.2). A step of an
optimisation is then as bold in one direction as in another, and the mean square of the coordinates says how
little a latent looks like a face: about 1 for a generated one.
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from engines.portrait.networks.mobilestylegan import MobileStyleGan

_SLOPE = 5.0  # that undoes the mapping network's leaky ReLU of 0.2
_SAMPLES = 10_000
_LEAST = 1e-3  # of the largest deviation: what varies less is left as it is


class Whitened:
    """Coordinates (..., width) of styles (..., width), and back; the same for each input of the generator."""

    def __init__(self, generator: MobileStyleGan, samples: int = _SAMPLES, seed: int = 0) -> None:
        random = np.random.default_rng(seed)
        noise = random.standard_normal((samples, generator.width), np.float32)
        with torch.no_grad():
            styles = generator.mapped(torch.from_numpy(noise).to(generator.device, generator.dtype)).float()
            before = F.leaky_relu(styles, _SLOPE)
            #: The mean of what the mapping network gives, (width,).
            self.mean = styles.mean(0)
            self._centre = before.mean(0)
            values, vectors = torch.linalg.eigh(torch.cov(before.T).double())
            deviations = values.clamp(min=0).sqrt()
            deviations = deviations.clamp(min=float(deviations.max()) * _LEAST)
            self._unfold = (vectors * deviations).T.float().contiguous()
            self._fold = (vectors / deviations).float().contiguous()

    def styles(self, coordinates: Tensor) -> Tensor:
        """Styles of coordinates; differentiable."""
        return F.leaky_relu(coordinates @ self._unfold + self._centre, 1 / _SLOPE)

    def coordinates(self, styles: Tensor) -> Tensor:
        """Coordinates of styles."""
        return (F.leaky_relu(styles, _SLOPE) - self._centre) @ self._fold
