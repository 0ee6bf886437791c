"""Finds every word that the program shows: what there is to translate.

In editor/ui the words stand in ``tr("...")``, or in tables and calls whose words go through it later. Below
it nothing knows of languages: there they are titles and hints of tools and options, names of edits, what
exceptions say and what is told of a file, and are found by how they stand. What is put together (f-strings)
is kept with {0}, {1} ... for the parts. What only a programmer would see is left out, as far as it can be
told: the small words of a ``ValueError`` or ``TypeError`` outside of what reads files.
"""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# Arguments of these calls are shown, be they one word only: by name, which positions and keywords.
CALLS: dict[str, tuple[tuple[int, ...], tuple[str, ...]]] = {
    "tr": ((0,), ()),
    "tell": ((0,), ()),
    "Command": ((0,), ("text", "tip")),
    "Submenu": ((0,), ("text",)),
    "Panel": ((1,), ("title",)),
    "Spec": ((1, 5), ("title", "tip")),
    "Number": ((1,), ("label", "tip")),
    "Choice": ((1,), ("label", "tip")),
    "Switch": ((1, 3), ("label", "tip")),
    "Deed": ((1, 4), ("label", "tip")),
    "EngineSpec": ((), ("note",)),
    # Names of edits, in the history.
    "edit": ((0,), ()),
    "record": ((0,), ()),
    "commit": ((0,), ("name",)),
    "set_layer": ((3,), ("name",)),
    "set_layers": ((1,), ("name",)),
    "set_mask": ((3,), ("name",)),
    "add": ((), ("name",)),
    "delete": ((2,), ("name",)),
    "_shape": ((5,), ()),
    "_apply": ((3,), ()),
    "_modify": ((3,), ()),
    "_change": ((1,), ()),
    "_everywhere": ((3,), ()),
    "_put": ((3,), ()),
    "_set_channels": ((2,), ()),
    "PixelLayer": ((0,), ()),
    "Group": ((0,), ()),
}
# What stands in these calls is read by the program itself.
SILENT_CALLS = {
    "compile",
    "TypeVar",
    "cast",
    "ContextVar",
    "Struct",
    "startswith",
    "getLogger",
    "setStyleSheet",
}
# Class attributes, variables and arguments that hold what is shown.
ATTRIBUTES = ("name", "hint", "title", "label", "tip", "note")
BELOW = ("editor/document", "editor/tools", "editor/jobs", "engines")
# Their small words can end in a message to the user: what is wrong with a file, or with a setting.
QUOTED = (
    "editor/document/files",
    "editor/document/adjustments",
    "editor/document/recipe.py",
    "editor/document/guide.py",
)
# The command line, parts of names, and reports, which are for those who mend the program.
SILENT = (
    "editor/black_box.py",
    "editor/reports.py",
    "editor/cli",
    "editor/ui/app.py",
    "editor/ui/panels/history_icons.py",
)
# Words that stand as those that are shown do: values, keys, names that are the same in every language.
IGNORED = {
    "No copyright, use freely",
    "Raw profile type exif",
    "as shot",
    "bad allocation",
    "out of memory",
    "failed to allocate",
    "not enough memory",
    "recovery journal",
    "cpu (OpenVINO)",
    "English",
    "Lacuna",
    "{0} — Lacuna",
    "Tab",
    "Apache",
    "License :: OSI Approved :: ",
    "Backspace",
    "noise",
    "rest",
    "lifted",
    "top left",
    "bottom right",
    "multipliers must be above 0",
    "JPEG XL",
    "Adobe RGB",
    "Adobe RGB (1998)",
    "Display P3",
    "ProPhoto RGB",
    "SD 1.5",
    "licences",
    "sha256",
    "{0} --hash=sha256:{1}\n",
    "Pages free",
    "Pages inactive",
    "Pages speculative",
    r"bytes (\d+)-\d+/(\d+|\*)",
    "lora {0}",
    "lora {0} weight",
    "control {0}",
    "control {0} scale",
}
_NOISE = re.compile(r"\w+:\w|.*[<>\\{]\s|.* \| |.*\.(png|xml)$|.*\(\*\.|</|Lacuna \{0\}$|Alpha \{0\}$")
_PARTS_ONLY = re.compile(r"(?:\{\d+\}|[^a-zA-Z]|px|MB|GB)*")


@cache
def words() -> tuple[str, ...]:
    """Everything that is shown, each once, in the order of the files."""
    found: dict[str, None] = {}
    for path in sorted(p for top in ("editor", "engines") for p in (ROOT / top).rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        if place.startswith(SILENT):
            continue
        finder = _Finder(place)
        finder.visit(ast.parse(path.read_text(encoding="utf-8")))
        found.update(dict.fromkeys(finder.found))
    found.update(dict.fromkeys(_parameter_titles()))
    found.update(dict.fromkeys(_purposes()))
    return tuple(
        text for text in found if not (_PARTS_ONLY.fullmatch(text) or _NOISE.match(text) or text in IGNORED)
    )


def _parameter_titles() -> Iterator[str]:
    """What the parameters of adjustments are called, which is made of their names."""
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    from editor.document.adjustments import ADJUSTMENTS
    from editor.ui.panels import parameters

    for kind in ADJUSTMENTS.values():
        names = parameters.groups(kind)
        yield from map(parameters.title, names)
        for group in names or [""]:
            for entry in parameters.entries(kind, group):
                yield entry.title


def _purposes() -> Iterator[str]:
    """What the models of the catalogue are for."""
    from engines import store

    for entry in store.catalog().values():
        yield entry.purpose


class _Finder(ast.NodeVisitor):
    """Collects in ``found`` what one module shows."""

    def __init__(self, place: str) -> None:
        self.found: list[str] = []
        self._below = place.startswith(BELOW)
        self._quoted = place.startswith(QUOTED)

    # -- what is not shown ------------------------------------------------------------------------------

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring
            self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        for each in (node.left, *node.comparators):
            if isinstance(each, ast.Call | ast.NamedExpr):  # words are compared, and not shown
                self.visit(each)

    def visit_Assert(self, node: ast.Assert) -> None:
        pass

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        arguments = node.args.args[len(node.args.args) - len(node.args.defaults) :]
        pairs = [*zip(arguments, node.args.defaults, strict=True)]
        pairs += [*zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)]
        for argument, default in pairs:
            if default is not None:
                self.visit(default)
                if argument.arg in ATTRIBUTES and self._below:
                    self._show_name(default)
        for statement in node.body:
            self.visit(statement)

    # -- what is ------------------------------------------------------------------------------------------

    def visit_Call(self, node: ast.Call) -> None:
        name = _name(node.func)
        if name in SILENT_CALLS:
            return
        positions, keywords = CALLS.get(name, ((), ()))
        for position in positions:
            if position < len(node.args):
                self._show(node.args[position])
        for keyword in node.keywords:
            if keyword.arg in keywords:
                self._show(keyword.value)
        if name == "Choice":  # (value, label, icon) each
            for value in [*node.args[2:3], *(each.value for each in node.keywords if each.arg == "choices")]:
                for entry in ast.walk(value):
                    if isinstance(entry, ast.Tuple) and len(entry.elts) == 3:
                        self._show(entry.elts[1])
        self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        if not isinstance(node.exc, ast.Call):
            return
        for argument in node.exc.args:
            for text in _texts(argument):
                plain = _name(node.exc.func) in ("ValueError", "TypeError")
                if self._below and not (plain and text[0].islower() and not self._quoted):
                    self.found.append(text)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for statement in node.body:
            if isinstance(statement, ast.Assign) and _name(statement.targets[0]) in ATTRIBUTES:
                self._show_name(statement.value)
        self.generic_visit(node)

    def visit_Module(self, node: ast.Module) -> None:
        for statement in node.body:
            if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
                self._show_table(statement)
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        if _name(node.targets[0]) in ATTRIBUTES:
            self._show_name(node.value)
        self.visit(node.value)

    def visit_Constant(self, node: ast.Constant) -> None:
        self._show_sentence(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        self._show_sentence(node)
        for value in node.values:
            if isinstance(value, ast.FormattedValue):
                self.visit(value.value)

    def _show(self, node: ast.expr) -> None:
        self.found += (text for text in _texts(node) if any(letter.isalpha() for letter in text))

    def _show_name(self, node: ast.expr) -> None:
        """Names of edits and titles have a capital, names of attributes and files have not."""
        self.found += (text for text in _texts(node) if not text[0].islower())

    def _show_sentence(self, node: ast.expr) -> None:
        """Several words are meant for people; in the window a capital tells them from names and styles."""
        for text in _texts(node):
            if " " in text.strip() and not _NOISE.match(text) and (self._below or text[0].isupper()):
                self.found.append(text)

    def _show_table(self, statement: ast.Assign | ast.AnnAssign) -> None:
        """Single words of a module's tables, where ids are small and words have a capital."""
        if self._quoted:
            return
        target = statement.target if isinstance(statement, ast.AnnAssign) else statement.targets[0]
        if not _name(target).lstrip("_").isupper() or _name(target).startswith("__"):
            return
        for node in ast.walk(statement.value):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = node.value
                if re.fullmatch(r"[A-Z][a-z]+( [a-z]+)*", text):
                    self.found.append(text)


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _texts(node: ast.expr) -> Iterator[str]:
    """The words of an expression: a text, one of two, or one that is put together."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if node.value:
            yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _texts(value)
    elif isinstance(node, ast.JoinedStr):
        parts, number = [], 0
        for value in node.values:
            if isinstance(value, ast.Constant):
                parts.append(str(value.value))
            else:
                parts.append(f"{{{number}}}")
                number += 1
        yield "".join(parts)
