"""``python main.py fill``: fill what is masked with words, without opening a window."""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from editor import settings
from editor.cli import lines_file
from editor.cli.errors import DONE, Parser, UsageError, complain, guarded, writable
from editor.cli.kept import Loader, kept
from editor.cli.remove import bar, open_with_mask
from editor.document import guides, storage
from editor.document.model import Document
from editor.jobs import fill, remove, wording
from engines import ladder, registry
from engines.base import EngineError
from engines.device import DEVICES
from engines.diffusion import checkpoints, presets
from engines.diffusion.requests import (
    CONTROLS,
    SCHEDULERS,
    TASKS,
    FillRequest,
    FillResult,
    Hint,
    Lora,
    Sampling,
    usual,
)
from engines.installed import command

_SIDES = "LEFT,TOP,RIGHT,BOTTOM"


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    out = Parser(
        prog=f"{command()} fill",
        description="Fill what a mask covers with what you describe, by a diffusion model on this machine. "
        "Nothing outside the mask changes, and nothing is fetched.",
        epilog="Exit code: 0 done, 2 bad usage or unreadable input, 3 model missing or damaged, 4 out of "
        "memory, 130 interrupted.",
    )
    out.add_argument("input", type=Path, metavar="INPUT", help="picture")
    out.add_argument(
        "--mask", type=Path, help="picture of the same size: white is filled, black is kept; grey is blended"
    )
    out.add_argument("-o", "--output", type=Path, required=True, help="file to write")
    out.add_argument("--prompt", default="", metavar="TEXT", help=_PROMPT_HELP)
    out.add_argument("--negative", default="", metavar="TEXT", help="what is not to be there")
    out.add_argument(
        "--style",
        metavar="NAME",
        help="words that are added: one of your own styles, or of "
        + ", ".join(each.name for each in wording.BUILT_IN),
    )
    out.add_argument(
        "--model",
        metavar="ID_OR_PATH",
        help="a .safetensors or .gguf file, a folder of diffusers, or an id; by default the first among your "
        "models",
    )
    out.add_argument("--task", choices=TASKS, default="fill", help=_TASK_HELP)
    out.add_argument("--expand", metavar=_SIDES, help="pixels to add at each side, for --task expand")
    out.add_argument("--scheduler", choices=SCHEDULERS, help="default dpm++, or what the model was made for")
    out.add_argument(
        "--preset",
        choices=("none", *presets.PRESETS),
        help="how models and LoRAs that need few steps are sampled; by default what the model's or a LoRA's "
        "name says",
    )
    for name, kind, help_ in (
        ("steps", int, "steps from noise to picture"),
        ("guidance", float, "how closely the words are followed"),
        ("rescale", float, "0..1, how far the guidance's contrast is drawn back"),
        ("strength", float, "0..1, how little of what was there shows through"),
        ("factor", int, "for ilvr: pixels below which the reference's detail is free"),
        ("until", float, "for ilvr: 0..1, the last share of the steps, which are free"),
        ("jump", int, "for resample: steps gone back at a time"),
        ("resamplings", int, "for resample: times that each stretch is run"),
        ("passes", int, "for sdedit: times that the whole is run"),
    ):
        out.add_argument(f"--{name}", type=kind, metavar="N", help=help_)
    out.add_argument("--seed", type=int, default=0, help="which of the possible fills (default %(default)s)")
    out.add_argument("--side", type=int, default=0, metavar="PIXELS", help="of the square the model sees")
    out.add_argument(
        "--second", type=float, default=0.0, metavar="0..1", help="strength of a second pass over large areas"
    )
    out.add_argument(
        "--lora", action="append", default=[], metavar="FILE[=WEIGHT]", help="add a LoRA; may be repeated"
    )
    out.add_argument(
        "--control",
        action="append",
        default=[],
        metavar="KIND=MODEL[=SCALE]",
        help=f"add a ControlNet; KIND is one of: {', '.join(CONTROLS)}; may be repeated",
    )
    out.add_argument(
        "--lines", type=Path, metavar="FILE", help="lines for a --control, as the command lines writes them"
    )
    out.add_argument(
        "--device", choices=DEVICES, default="auto", help="where to compute (default %(default)s)"
    )
    out.add_argument("--json", action="store_true", help="print one JSON object")
    return out


_PROMPT_HELP = (
    "what is to be there; {red|green} is one of these, __name__ a line of name.txt in the folder wildcards "
    "beside the models, by the seed"
)
_TASK_HELP = (
    "fill: what you describe; remove: what lies behind; expand: beyond the picture's sides; sdedit: a photo "
    "of the colours painted under the mask; ilvr: something that looks like what is under the mask; "
    "resample: slower, for models that cannot fill; soft: grey of the mask says how much changes "
    "(default %(default)s)"
)


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code. Errors are one line each on stderr."""
    return guarded(
        lambda: _run(parser().parse_args(arguments)),
        "Interrupted. Nothing was written.",
        remove.NothingMasked,
    )


def _run(options: argparse.Namespace) -> int:
    started = time.perf_counter()
    kept()
    output = writable(options.output)
    hints = _hints(options)
    if lacking := registry.lacks(registry.spec(registry.FILLER)):
        raise EngineError(lacking)
    model = options.model or _first_model()
    loras = _loras(options)
    sampling = _sampling(options, model, loras)
    document = _document(options)
    asked = fill.Filling(
        model,
        options.task,
        sampling,
        loras,
        hints,
        options.side,
        options.second,
        style=_style(options.style),
    )
    request = asked.request(document)
    result = ladder.run(Loader(registry.FILLER, options.device), request, bar(0, 1), complain)
    fill.apply(document, request, result, asked)
    storage.save(document, output)
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    for note in result.notes:
        complain(note)
    if options.json:
        _print_report(options, request, result, time.perf_counter() - started)
    return DONE


def _first_model() -> str:
    found = checkpoints.installed()
    if not found:
        raise EngineError(
            "No diffusion model is installed. Name one with --model: a .safetensors file of SD 1.5 or SDXL, "
            "or a folder of diffusers."
        )
    return str(found[0].path)


def _style(name: str | None) -> wording.Style:
    """The style of that name, however it is capitalised; none for None."""
    if name is None:
        return wording.NONE
    found = {each.name.lower(): each for each in wording.styles(settings.load().styles).values()}
    if name.lower() not in found:
        known = ", ".join(each.name for each in found.values())
        raise UsageError(f'--style: there is no style "{name}". There is: {known}')
    return found[name.lower()]


def _document(options: argparse.Namespace) -> Document:
    """The picture with what is to be filled masked. Raises UsageError, FileError."""
    if not options.input.is_file():
        raise UsageError(f"There is no file {options.input}")
    if options.task == "expand":
        document = storage.open_document(options.input)
        try:
            fill.expand(document, *_sides(options))
        except ValueError as error:
            raise UsageError(f"--expand: {error}") from None
    else:
        if options.mask is None:
            raise UsageError("--mask says what to fill; it is needed but for --task expand")
        if not options.mask.is_file():
            raise UsageError(f"There is no mask {options.mask}")
        document = open_with_mask(options.input, options.mask)
    if options.lines is not None:
        if not options.lines.is_file():
            raise UsageError(f"There is no file of lines {options.lines}")
        guides.add(document, *lines_file.read(options.lines, document.width, document.height))
    return document


def _sides(options: argparse.Namespace) -> tuple[int, ...]:
    try:
        sides = tuple(int(each) for each in (options.expand or "").split(","))
    except ValueError:
        sides = ()
    if len(sides) != 4:
        raise UsageError(f"--task expand needs --expand {_SIDES}, four whole numbers of pixels")
    return sides


_LEAST = {"steps": 1, "factor": 1, "jump": 1, "resamplings": 1, "passes": 1, "guidance": 0}
_SHARES = ("rescale", "strength", "until")


def _sampling(options: argparse.Namespace, model: str, loras: tuple[Lora, ...]) -> Sampling:
    """The sampling that the options ask for; what they leave open is as the preset has it, else as usual for
    task and model."""
    checkpoint = checkpoints.recognise(checkpoints.locate(model))
    given = {name: getattr(options, name) for name in (*_LEAST, *_SHARES)}
    for name, value in given.items():
        if value is not None and not _is_within(name, value):
            limits = "from 0 to 1" if name in _SHARES else f"{_LEAST[name]} or more"
            raise UsageError(f"--{name} is a number {limits}")
    if not 0 <= options.second <= 1:
        raise UsageError("--second is a number from 0 to 1")
    if options.side and not 64 <= options.side <= 4096:
        raise UsageError("--side is a number from 64 to 4096")
    scheduler = options.scheduler or checkpoint.scheduler
    out = usual(options.task, checkpoint.family, scheduler, distilled=checkpoint.distilled)
    if found := _preset(options, checkpoint, loras):
        out = presets.sampling_of(found[0], out, found[1])
        given["scheduler"] = options.scheduler
    words = {"prompt": options.prompt, "negative": options.negative, "seed": options.seed}
    return replace(out, **words, **{name: value for name, value in given.items() if value is not None})


def _preset(
    options: argparse.Namespace, checkpoint: checkpoints.Checkpoint, loras: tuple[Lora, ...]
) -> tuple[str, int] | None:
    """The preset that is asked for, else that of a LoRA or the model, and the steps that it was made for."""
    if options.preset == "none":
        return None
    paths = [*(checkpoints.locate(each.model) for each in loras), checkpoint.path]
    told = [found for found in map(presets.recognised, paths) if found]
    fitting = presets.for_family(checkpoint.family)
    if options.preset is None:
        return next((each for each in told if each[0] in fitting), None)
    if options.preset not in fitting:
        known = ", ".join(fitting) or "none"
        raise UsageError(f"--preset {options.preset} is for other models than this; there is: {known}")
    return next((each for each in told if each[0] == options.preset), (options.preset, 0))


def _is_within(name: str, value: float) -> bool:
    return 0 <= value <= 1 if name in _SHARES else _LEAST[name] <= value < 10_000


def _loras(options: argparse.Namespace) -> tuple[Lora, ...]:
    out = []
    for each in options.lora:
        model, _, weight = each.rpartition("=")
        try:
            out.append(Lora(model, float(weight)) if model else _unweighted(each))
        except ValueError:
            out.append(_unweighted(each))  # the = belongs to the name
    return tuple(out)


def _unweighted(model: str) -> Lora:
    """A LoRA with the weight that its authors recommend."""
    found = presets.recognised(checkpoints.locate(model))
    return Lora(model, presets.PRESETS[found[0]].weight if found else 1.0)


def _hints(options: argparse.Namespace) -> tuple[Hint, ...]:
    out = []
    for each in options.control:
        kind, _, rest = each.partition("=")
        model, _, scale = rest.rpartition("=")
        if kind not in CONTROLS or not rest:
            raise UsageError(f"--control {each}: write KIND=MODEL, KIND one of: {', '.join(CONTROLS)}")
        try:
            out.append(Hint(kind, model, float(scale)) if model else Hint(kind, rest))
        except ValueError:
            out.append(Hint(kind, rest))
    return tuple(out)


def _print_report(
    options: argparse.Namespace, request: FillRequest, result: FillResult, seconds: float
) -> None:
    sampling = request.sampling
    report = {
        "input": str(options.input),
        "output": str(options.output),
        "engine": result.engine,
        "model": request.model,
        "task": request.task,
        "device": result.device,
        "weights_sha256": result.weights_sha256,
        "prompt": sampling.prompt,
        "negative": sampling.negative,
        "steps": sampling.steps,
        "guidance": sampling.guidance,
        "strength": sampling.strength,
        "scheduler": sampling.scheduler,
        "spacing": sampling.spacing,
        "seed": sampling.seed,
        "parts": len(request.regions),
        "changed_pixels": int(sum((patch.alpha > 0).sum() for patch in result.patches)),
        "notes": list(result.notes),
        "seconds": round(seconds, 3),
    }
    print(json.dumps(report), flush=True)
