"""Coverage-guided fuzzing of the GGUF reader and of what works on its headers, without end until it finds something.

    python -m venv /tmp/fuzz && /tmp/fuzz/bin/pip install atheris
    PYTHONPATH=. /tmp/fuzz/bin/python tests/gguf/fuzz_reader.py CORPUS_FOLDER -max_total_time=600 -timeout=10

The corpus folder gets a whole file first. Needs only the standard library besides atheris.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["lab_app"]):
    from tests.gguf.reading import use

FOLDER = tempfile.mkdtemp(dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
PATH = Path(FOLDER, "fuzz.gguf")


def one(data: bytes) -> None:
    PATH.write_bytes(data)
    use(PATH)


if __name__ == "__main__":
    if len(sys.argv) > 1 and not sys.argv[1].startswith("-"):
        from tests.gguf.whole import whole_file

        os.makedirs(sys.argv[1], exist_ok=True)
        Path(sys.argv[1], "whole.gguf").write_bytes(whole_file())
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
