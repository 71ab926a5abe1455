"""``odyssey-lab new TEMPLATE``: a ready-made study file on standard output, to be changed and run."""

from __future__ import annotations

import argparse
import sys

from lab_app.commands import Argument, command

TEMPLATES = ("which-quant", "context-length", "compare-two")


@command(
    "new",
    "print a ready-made study: which quant to run, how long a context, or two files compared",
    Argument("template", "which study", choices=TEMPLATES, required=True),
    Argument(
        "--model", "GGUF file the study is about (default: the demo model)", metavar="PATH", completes="file"
    ),
    Argument("--other", "second file, for compare-two", metavar="PATH", completes="file"),
)
def new(options: argparse.Namespace) -> int:
    from lab_app.studies.templates import render

    sys.stdout.write(render(options.template, options.model, options.other))
    return 0
