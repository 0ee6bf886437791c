"""``python main.py models``: which models there are, and the installing and removing of them."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from editor import settings
from editor.cli.errors import DONE, Parser, complain, guarded
from editor.cli.kept import kept
from editor.jobs import adopting
from engines import fit, packs, registry, store
from engines.base import EngineError, Progress, WeightsWrong
from engines.installed import command
from engines.machine import Machine, machine

_WIDTH = 30  # of the progress bar
_INTERRUPTED = "Interrupted. Nothing was installed. The same command goes on with what has come."


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    out = Parser(
        prog=f"{command()} models",
        description="Models that Lacuna works with: those that come with it, and those to install.",
        epilog="Nothing is fetched but by install. Exit code: 0 done, 2 bad usage or unreadable input, "
        "3 model missing or damaged, 130 interrupted.",
    )
    verbs = out.add_subparsers(dest="verb", required=True, metavar="VERB", parser_class=Parser)
    for verb, help_, argument in (
        ("list", "all models, and whether they are on this machine", None),
        ("show", "all there is to tell of one", "ID"),
        ("install", "fetch one", "ID"),
        ("verify", "check one, byte for byte; without ID all that are on this machine", "[ID]"),
        (
            "import",
            "add a model, LoRA, ControlNet or part of a model; it is recognised by what is in it",
            "FILE",
        ),
        ("remove", "take one, or what has come of it so far, from this machine", "ID"),
        ("folder", "where models are kept; with FOLDER keep them there from now on", "[FOLDER]"),
    ):
        one = verbs.add_parser(
            verb, prog=f"{command()} models {verb}", help=help_, description=help_.capitalize() + "."
        )
        if argument == "FILE":
            one.add_argument("file", type=Path, metavar="FILE")
        elif argument == "[FOLDER]":
            one.add_argument("folder", type=Path, metavar="FOLDER", nargs="?")
        elif argument is not None:
            one.add_argument("id", metavar="ID", nargs="?" if argument == "[ID]" else None)
        if verb != "folder":
            one.add_argument("--json", action="store_true", help="print one JSON object for each model")
        if verb == "install":
            one.add_argument("--accept-licence", action="store_true", help="you have read its licence")
        if verb == "verify":
            one.add_argument("--repair", action="store_true", help="fetch anew what is damaged")
        if verb in ("install", "verify"):
            one.add_argument("--proxy", metavar="URL", help="fetch through it; else what the system says")
    return out


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code. Errors are one line each on stderr."""
    return guarded(lambda: _run(parser().parse_args(arguments)), _INTERRUPTED)


def _run(options: argparse.Namespace) -> int:
    options.settings = kept()
    _VERBS[options.verb](options)
    return DONE


def _list(options: argparse.Namespace) -> None:
    here = machine(store.packs_folder())
    for weights_id in store.catalog():
        report = facts(weights_id, here)
        if options.json:
            print(json.dumps(report), flush=True)
        else:
            state = _told(report)
            size = f"{report['bytes'] / 1e6:.0f} MB" if report["bytes"] else "?"
            print(
                f"{weights_id:23} {size:>7}  {report['licence']:18} {state:18} {report['fit']:11} "
                f"{report['purpose']}"
            )


def _show(options: argparse.Namespace) -> None:
    report = facts(options.id)
    if options.json:
        print(json.dumps(report), flush=True)
        return
    use = "for any use" if report["commercial"] else "not for commercial use"
    lines = [
        f"{report['id']}: {report['purpose']}",
        f"State: {_told(report)}",
        f"File: {report['file']}",
        f"Size: {str(report['bytes']) + ' bytes' if report['bytes'] else 'not known'}"
        + (f", {report['download']} to fetch" if report["download"] else ""),
        f"sha256: {report['sha256'] or 'not known'}",
        f"Licence: {report['licence']}, {use}",
        *(
            f"{registry.spec(name).title} on this machine: {found['fit']}. {found['why']}"
            for name, found in report["engines"].items()
        ),
        *(f"Source: {line}" for line in report["sources"]),
    ]
    print("\n".join(lines), flush=True)


def _install(options: argparse.Namespace) -> None:
    path = _fetch(options, options.id, accepted=options.accept_licence)
    _tell(options, options.id, f"{options.id} is installed: {path}")


def _fetch(options: argparse.Namespace, weights_id: str, *, accepted: bool) -> Path:
    proxy = options.proxy or options.settings.proxy
    try:
        return packs.install(weights_id, _bar(), accepted=accepted, proxy=proxy)
    finally:
        if sys.stderr.isatty():
            sys.stderr.write("\r\x1b[K")


def _verify(options: argparse.Namespace) -> None:
    chosen = [options.id] if options.id else [each for each in store.catalog() if _state(each) in _THERE]
    for weights_id in chosen:
        words = "is as it should be"
        try:
            packs.verify(weights_id)
        except WeightsWrong:
            if not options.repair:
                raise
            _fetch(options, weights_id, accepted=False)
            words = "was damaged and is repaired"
        _tell(options, weights_id, f"{weights_id} {words}.")


def _import(options: argparse.Namespace) -> None:
    found = adopting.adopt(options.file, _bar())
    name = found.name
    if name in store.catalog():
        _tell(options, name, f"{options.file.name} is {name} and is installed.")
    elif options.json:
        report = {"id": name, "file": str(found.path), "what": found.what, "lacking": found.lacking}
        print(json.dumps(report), flush=True)
    elif found.what:
        print(f"{name} was added: {found.what}.", flush=True)
    else:
        more = found.lacking or f"Fill with it: {command()} fill --model {name}"
        print(f"{name} is installed. {more}", flush=True)


def _remove(options: argparse.Namespace) -> None:
    packs.remove(options.id)
    _tell(options, options.id, f"{options.id} was removed.")


def _folder(options: argparse.Namespace) -> None:
    if options.folder is not None:
        options.settings.models_folder = str(options.folder.expanduser().absolute())
        if not settings.save(options.settings):
            raise EngineError(f"The settings in {settings.config_dir()} could not be written.")
        store.keep_in(options.settings.models_folder)
    print(store.packs_folder(), flush=True)
    if options.folder is not None and store.packs_folder() != Path(options.settings.models_folder):
        complain("LACUNA_DATA_DIR is set and is used instead.")


_VERBS: dict[str, Callable[[argparse.Namespace], None]] = {
    "list": _list,
    "show": _show,
    "install": _install,
    "verify": _verify,
    "import": _import,
    "remove": _remove,
    "folder": _folder,
}
_THERE = {"embedded": "comes with Lacuna", "installed": "installed"}


def facts(weights_id: str, here: Machine | None = None) -> dict:
    """What there is to tell of a model, and how it fits a machine, if not this one as it is now.

    Raises EngineError if there is none of that id.
    """
    entry = store.entry_of(weights_id)
    found = fit.of_weights(weights_id, here or machine(store.packs_folder()))
    return {
        "id": entry.id,
        "purpose": entry.purpose,
        "state": _state(weights_id),
        "file": str(store.path_of(weights_id)),
        "bytes": entry.bytes,
        "download": entry.download,
        "sha256": entry.sha256,
        "came": packs.came(weights_id),
        "licence": entry.licence,
        "commercial": entry.commercial,
        "fit": next((each.verdict for each in found.values()), ""),
        "engines": {name: {"fit": each.verdict, "why": each.reason} for name, each in found.items()},
        "sources": [f"{source.kind} {source.name}" for source in entry.sources],
    }


def _state(weights_id: str) -> str:
    if not store.is_present(weights_id):
        return "begun" if packs.came(weights_id) else "missing"
    return "embedded" if store.entry_of(weights_id).embedded else "installed"


def _told(report: dict) -> str:
    if report["state"] == "begun":
        share = 100 * report["came"] / max(report["download"], report["came"])
        return f"{share:.0f} % fetched"
    return _THERE.get(report["state"], "not installed")


def _tell(options: argparse.Namespace, weights_id: str, line: str) -> None:
    print(json.dumps(facts(weights_id)) if options.json else line, flush=True)


def _bar() -> Progress:
    """A progress bar, on a terminal only."""
    if not sys.stderr.isatty():
        return Progress()

    def show(fraction: float) -> None:
        sys.stderr.write(f"\r[{'=' * round(fraction * _WIDTH):<{_WIDTH}}] {fraction * 100:3.0f} %")
        sys.stderr.flush()

    return Progress(show)
