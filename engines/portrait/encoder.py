"""The first guess of a face's latent, from which an inversion goes on.

What two networks that the inversion needs anyway see in the aligned face, VGG16 of LPIPS at five depths on a
grid of 8 x 8 and MobileFaceNet's last maps and identity, and its colours on a grid of 16 x 16, goes through a
regression to styles, one for each of three groups of the generator's inputs: coarse, middle and fine as
StyleGAN has them (Karras et al. 2019, section 3.1). The regression was fitted to faces of the generator's
own, whose latents are known (packaging/train_encoder); an encoder into the latent space in the sense of
Richardson et al. (pSp, CVPR 2021), but for the training through the generator, which asks for a GPU.
"""

from collections.abc import Mapping

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from engines.base import WeightsWrong
from engines.portrait.identity import Identity
from engines.portrait.networks.lpips import Lpips

WEIGHTS = "portrait-encoder"
SIDE = 128  # pixels that are looked at
GROUPS = (4, 6, 13)  # of the generator's inputs: up to 8 pixels, to 32, and the rest
GRID, COLOURS = 8, 16  # cells of a side: of what VGG sees, of colours
CHANNELS = (24, 32, 48, 64, 64)  # principal components of VGG's channels that are kept at each depth
_SLOPE = 0.2  # of the mapping network's last leaky ReLU


def unfolded(styles: Tensor) -> Tensor:
    """Styles as they were before the mapping network's last leaky ReLU, where they are nearly Gaussian."""
    return F.leaky_relu(styles, 1 / _SLOPE)


def latent_of_groups(styles: np.ndarray) -> np.ndarray:
    """The latent (23, width) of a style for each group of inputs, (3, width)."""
    return np.repeat(styles, GROUPS, axis=0)


def maps(look: Lpips, pictures: Tensor) -> list[Tensor]:
    """What VGG sees in pictures (n, 3, SIDE, SIDE) at each depth: (n, channels, GRID, GRID)."""
    return [F.adaptive_avg_pool2d(one.float(), GRID) for one in look.features(pictures)]


def features(look: Lpips, identity: Identity, bases: list[Tensor], pictures: Tensor) -> Tensor:
    """What the regression takes of pictures (n, 3, SIDE, SIDE) in [0, 1]: (n, features).

    ``bases`` are (channels, kept) for each depth.
    """
    seen = [
        torch.einsum("nchw,ck->nkhw", one, basis)
        for one, basis in zip(maps(look, pictures), bases, strict=True)
    ]
    seen += [F.adaptive_avg_pool2d(pictures, COLOURS), identity.seen(pictures)]
    return torch.cat([one.flatten(1) for one in seen], 1)


class Encoder:
    """The loaded regression. ``tensors`` are those of the weights `WEIGHTS`; ``look`` and ``identity`` are
    the networks that the inversion has loaded, on one device. Raises WeightsWrong if the tensors do not fit.
    """

    def __init__(self, tensors: Mapping[str, np.ndarray], look: Lpips, identity: Identity) -> None:
        self._look, self._identity = look, identity
        try:
            self._device = look.weights["conv0.weight"].device
            kept = {
                name: torch.from_numpy(np.array(tensors[name], np.float32)).to(self._device)
                for name in tensors
            }
            self._bases = [kept[f"basis.{depth}"] for depth in range(len(CHANNELS))]
            self._mean, self._into, self._out = kept["mean"], kept["into"], kept["out"]
            self._centre = kept["centre"]
            self.guess(np.zeros((SIDE, SIDE, 3), np.float32))
        except (KeyError, RuntimeError, ValueError) as error:
            reason = str(error).splitlines()[0]
            raise WeightsWrong(
                f"The weights of the portrait encoder do not fit it ({reason}). Get them again."
            ) from None

    @torch.inference_mode()
    def guess(self, picture: np.ndarray) -> np.ndarray:
        """The latent (23, width) float32 of an aligned face (n, n, 3) float32 RGB [0, 1] of any size."""
        value = torch.from_numpy(np.array(picture, np.float32)).to(self._device).permute(2, 0, 1)[None]
        value = F.interpolate(value, (SIDE, SIDE), mode="bilinear", antialias=True, align_corners=False)
        seen = features(self._look, self._identity, self._bases, value.clamp(0, 1))
        unfolded_styles = ((seen - self._mean) @ self._into) @ self._out + self._centre
        styles = F.leaky_relu(unfolded_styles, _SLOPE).view(len(GROUPS), -1)
        return latent_of_groups(styles.cpu().numpy())
