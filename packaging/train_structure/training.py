"""One training: the network, its critic, their optimisers and the running average, step by step."""

import contextlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import nn

from engines.removal.networks.migan import GuidedMiGan

from . import losses, state

Look = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]

PENALISED = 16  # every so many steps the critic's gradient is (lazy regularisation: Karras et al. 2020)
AVERAGED = 0.999  # of the running average stays at each step, less at first


@dataclass(frozen=True)
class Settings:
    """What a training is run with, kept with its state. ``base_rate`` is MI-GAN's own; 0 freezes it."""

    seed: int = 0
    batch: int = 16
    side: int = 512
    rate: float = 1e-3
    base_rate: float = 0.0
    critic_rate: float = 4e-4
    l1: float = 1.0
    lpips: float = 2.0
    adversarial: float = 0.05
    line: float = 1.0


def seen_of(picture: torch.Tensor, maps: torch.Tensor) -> torch.Tensor:
    """The four channels that MI-GAN takes, of a truth in [-1, 1] and its maps."""
    known = 1 - maps[:, 2:]
    return torch.cat([known - 0.5, picture * known], dim=1)


class Training:
    """``network`` is learnt in place, on ``device``; ``look`` is the perceptual distance."""

    def __init__(self, network: GuidedMiGan, settings: Settings, look: Look, device: torch.device) -> None:
        self.settings, self.step, self._look, self._device = settings, 0, look, device
        self.network = network.to(device)
        network.model.requires_grad_(settings.base_rate > 0)
        for name, parameter in network.model.named_parameters():
            if ".downsample." in name:
                parameter.requires_grad_(False)
        torch.manual_seed(settings.seed + 1)
        self.critic = losses.Critic().to(device)
        groups = [{"params": list(network.structure.parameters()), "lr": settings.rate}]
        if settings.base_rate > 0:
            base = [one for one in network.model.parameters() if one.requires_grad]
            groups.append({"params": base, "lr": settings.base_rate})
        self._optimiser = torch.optim.Adam(groups, betas=(0.9, 0.99))
        self._judging = torch.optim.Adam(self.critic.parameters(), settings.critic_rate, betas=(0.0, 0.99))
        self.average = {name: one.detach().clone() for name, one in self._learnt().items()}

    def _learnt(self) -> dict[str, nn.Parameter]:
        return {name: one for name, one in self.network.named_parameters() if one.requires_grad}

    def _half_precision(self) -> contextlib.AbstractContextManager:
        if self._device.type == "cuda":
            return torch.autocast("cuda", torch.bfloat16)
        return contextlib.nullcontext()

    def learn(self, batch: dict[str, torch.Tensor]) -> dict[str, float]:
        """One step on a batch of `data.tensors`; each loss before its weight. Raises FloatingPointError."""
        s = self.settings
        picture, maps, along = (
            batch[name].to(self._device, non_blocking=True) for name in ("picture", "maps", "along")
        )
        hole = maps[:, 2:]
        with self._half_precision():
            out = self.network(seen_of(picture, maps), maps)
        out = out.float()
        filled = losses.composed(out, picture, hole)
        self.critic.requires_grad_(False)
        with self._half_precision():
            verdict = self.critic(filled, maps)
        parts = {
            "l1": losses.difference(out, picture, hole),
            # At the photographs' own scale, where the benchmarks take it too.
            "lpips": self._look(_smaller(filled), _smaller(picture)),
            "adversarial": losses.fooled(verdict.float(), hole),
            "line": losses.line_consistency(filled, picture, along),
        }
        total = sum(getattr(s, name) * value for name, value in parts.items())
        if not torch.isfinite(total):
            raise FloatingPointError(f"The loss is no number any more at step {self.step + 1}.")
        self._optimiser.zero_grad(set_to_none=True)
        total.backward()
        nn.utils.clip_grad_norm_(list(self._learnt().values()), 1.0)
        self._optimiser.step()

        self.critic.requires_grad_(True)
        with self._half_precision():
            real, fake = self.critic(picture, maps), self.critic(filled.detach(), maps)
        parts["critic"] = losses.critic_loss(real.float(), fake.float(), hole)
        judged = parts["critic"]
        if self.step % PENALISED == 0:
            judged = judged + PENALISED * losses.r1(self.critic, picture, maps)
        self._judging.zero_grad(set_to_none=True)
        judged.backward()
        self._judging.step()

        self.step += 1
        stays = min(AVERAGED, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for name, parameter in self._learnt().items():
                self.average[name].lerp_(parameter, 1 - stays)
        numbers = {name: float(value.detach()) for name, value in parts.items()}
        gates = [one for name, one in self.network.structure.named_parameters() if name.endswith("gate")]
        numbers["gate"] = float(torch.cat([one.detach().flatten() for one in gates]).abs().mean())
        return numbers

    def save(self, folder: Path) -> None:
        """Write the state, and go on with what was written. Needs at least one step."""
        learnt = {name: one.detach() for name, one in self._learnt().items()}
        exact = {f"network/{name}": one for name, one in learnt.items()}
        exact |= {f"critic/{name}": one.detach() for name, one in self.critic.named_parameters()}
        half = {f"average/{name}": self.average[name] - one for name, one in learnt.items()}
        for kind, network, optimiser in self._optimisers():
            half |= {f"{kind}/{key}": value for key, value in state.moments(network, optimiser).items()}
        state.write(folder, exact, half, {"step": self.step, "settings": asdict(self.settings)})
        self._take(exact, {name: state.halved(one) for name, one in half.items()}, self.step)

    def _optimisers(self):
        return (
            ("moments", self.network, self._optimiser),
            ("judging", self.critic, self._judging),
        )

    def load(self, folder: Path) -> None:
        """Go on from a saved state. Raises OSError, WeightsWrong, or KeyError if it is of other settings."""
        exact, half, facts = state.read(folder)
        self._take(exact, half, facts["step"])

    def _take(self, exact: state.Tensors, half: state.Tensors, step: int) -> None:
        with torch.no_grad():
            for name, parameter in self._learnt().items():
                parameter.copy_(exact[f"network/{name}"])
                self.average[name] = parameter + half[f"average/{name}"].to(parameter)
            for name, parameter in self.critic.named_parameters():
                parameter.copy_(exact[f"critic/{name}"])
        for kind, network, optimiser in self._optimisers():
            own = {key.removeprefix(f"{kind}/"): value for key, value in half.items()}
            state.restore_moments(network, optimiser, own, step)
        self.step = step

    @contextlib.contextmanager
    def averaged(self):
        """The network with its running average inside the block, which is what is shown and exported."""
        kept = {name: one.detach().clone() for name, one in self._learnt().items()}
        self._set(self.average)
        try:
            yield self.network
        finally:
            self._set(kept)

    def _set(self, values: state.Tensors) -> None:
        with torch.no_grad():
            for name, parameter in self._learnt().items():
                parameter.copy_(values[name])


def _smaller(picture: torch.Tensor) -> torch.Tensor:
    return nn.functional.avg_pool2d(picture, 2)
