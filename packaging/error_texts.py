"""The sentences of errors, checks and progress, read out of the source for translators: ``make translations``.

Errors are raised with plain (f-)strings, in English, and nothing marks them. Here every one is found in the syntax
tree and written as a template, ``{0} is not a file.``; :mod:`lab_app.system.said` finds the template of a sentence
again when it is shown.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path

CALLS = {
    **dict.fromkeys(
        ("LabError", "UsageError", "JobFailedError", "IntegrityError", "NetworkError", "ResourceError", "Unreachable",
         "Cancelled", "Failure"), (0, 1),
    ),
    "_bad": (1,),  # what is wrong with a GGUF file
    "fail": (0,),
    "add": (1,),  # problems.add(place, sentence)
    "Check": (0, 2, 3),  # of ``odyssey-lab doctor``
    "progress": (2,),
}  # fmt: skip
"""Calls that take sentences, and as which of their arguments."""
RETURNS = {"_sentence", "nearest"}
"""Functions of ``studies/problems.py`` that make sentences, or what is put into them."""
PHRASES = (
    "the hub", "This file", "this repository", "This revision of {0}",
    " A private repository needs an access token.", "in {0} seconds", "in some minutes", "A file", "the model cache",
    "failed", "was cancelled", "the base", "the quant type {0}", "the model", "at least {0}", "between {0} and {1}",
    "greater than", "at least", "less than", "at most", "a multiple of", "a text in quotes", "a whole number",
    "a number", "true or false", "a list in square brackets", "a table", "a finite number", "a list",
    'a size such as "6 GiB"',
    "the text {0}", "the header", "{0} tokens", '"{0}" or "{1}"',
    " (of a Hugging Face model it would hold config.json)", "There is no model file in {0} either.",
    "There is no text file in {0} either.", "Did you mean {0}?", "Possible: {0}.", "tensor {0} of {1}",
    "metadata pair {0} of {1}",
    "the value of {0}", "the tensor {0}",
    "quantizing it again loses more than quantizing the original; use the original, or set allow_requantize = true.",
    "must lie between {0} and {1}",
    "{0} is a link to a file that is not there ({1}).", "{0} holds no tensors, so it is no model.",
    "Internal error: {0}: {1}.",
    "{0} ({1} of {2})", "number {0}", "prefill", "generation",
    "this lab", "Hugging Face cache", "folder", "imported", "kept here", "where it lay",
)  # fmt: skip
"""What is filled into sentences and is said in words, too."""
NOT_SHOWN = {"commands", "batch", "cli.py", "gguf/lora.py", "gguf/split.py", "system/display.py"}
"""Rooms and files whose errors do not reach the window …"""
SHOWN = {"commands/doctor.py"}
"""… but for these."""
_GAP = "\0"
_LETTERS = 3
"""What holds fewer letters than this says nothing: ``{0}: {1}``."""


def templates(root: Path) -> list[str]:
    """Every sentence below ``root`` (``lab_app``), with ``{0}``, ``{1}`` … where something is filled in."""
    found = dict.fromkeys(PHRASES)
    for file in sorted(root.rglob("*.py")):
        place = file.relative_to(root)
        if place.as_posix() in SHOWN or not NOT_SHOWN & {place.parts[0], place.as_posix()}:
            found.update(dict.fromkeys(_of_module(ast.parse(file.read_text(encoding="utf-8")))))
    return list(found)


def _of_module(tree: ast.Module) -> Iterator[str]:
    named: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    named.setdefault(target.id, []).append(node.value)
    for node in ast.walk(tree):
        for argument in _sentences(node):
            for text in (line.strip() for found in _texts(argument, named) for line in found.splitlines()):
                if sum(letter.isalpha() for letter in text) >= _LETTERS:
                    yield _numbered(text)


def _sentences(node: ast.AST) -> Iterable[ast.expr]:
    if isinstance(node, ast.FunctionDef) and node.name in RETURNS:
        return [
            part.value for part in ast.walk(node) if isinstance(part, ast.Return) and part.value is not None
        ]
    if not isinstance(node, ast.Call):
        return []
    function = node.func
    name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
    if name == "__init__" and "super()" in ast.unparse(function):
        name = "LabError"
    places = CALLS.get(name, ())
    given = [node.args[place] for place in places if place < len(node.args)]
    return [*given, *(key.value for key in node.keywords if places and key.arg in ("message", "hint"))]


def _texts(node: ast.expr, named: dict[str, list[ast.expr]]) -> list[str]:
    """What an expression may say, with a gap where it is not known before."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=parts):
            return ["".join(str(p.value) if isinstance(p, ast.Constant) else _GAP for p in parts)]
        case ast.IfExp(body=one, orelse=other):
            return _texts(one, named) + _texts(other, named)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return [a + b for a, b in product(_texts(left, named) or [_GAP], _texts(right, named) or [_GAP])]
        case ast.Name(id=name):
            return [text for value in named.get(name, []) for text in _texts(value, {})]
        case ast.Call(func=ast.Attribute(attr="redact"), args=[inner]):
            return _texts(inner, named)
        case ast.Call(func=ast.Attribute(value=inner, attr="rstrip" | "strip" | "capitalize")):
            return _texts(inner, named)
    return []


def _numbered(text: str) -> str:
    first, *rest = text.split(_GAP)
    return first + "".join(f"{{{number}}}{part}" for number, part in enumerate(rest))
