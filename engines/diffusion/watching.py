"""A run that can be called off in the middle of a step, which may take many seconds."""

from collections.abc import Iterator
from contextlib import contextmanager

from torch import nn

from engines.base import Cancelled, Progress

# Lists of the blocks that a UNet, a ControlNet or a transformer goes through in one step, and those of Qwen3.
_BLOCKS = ("down_blocks", "up_blocks", "transformer_blocks", "single_transformer_blocks", "layers")


@contextmanager
def watched(networks: tuple[nn.Module, ...], progress: Progress) -> Iterator[None]:
    """Within this, each block of the networks raises Cancelled once ``progress`` is cancelled."""

    def look(*_: object) -> None:
        if progress.cancelled:
            raise Cancelled

    blocks = [block for network in networks for name in _BLOCKS for block in getattr(network, name, ())]
    hooks = [block.register_forward_pre_hook(look) for block in blocks]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()
