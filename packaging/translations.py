#!/usr/bin/env python3
"""Bring the window's translations up to date and compile them: ``make translations``.

``resources/translations/odyssey-lab_CODE.ts`` is what translators edit (Qt Linguist, or any editor);
``odyssey-lab_CODE.qm`` beside it is what the window loads. English needs only its plurals. A new language:

    python packaging/translations.py --new de

``--check`` changes nothing and exits with 3 when a file lacks a string of the source, a translation, or its
compiled form.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "resources" / "translations"
STEM = "odyssey-lab_"


def _tool(name: str, *arguments: object) -> None:
    import PySide6

    # The program itself: the script of the same name beside Python does the same, slower.
    program = Path(PySide6.__file__).parent / name
    subprocess.run([program, *map(str, arguments)], check=True)


def update(ts: Path) -> None:
    """Take over every text of the window's source into ``ts``; translations of texts that stay are kept."""
    code = ts.stem.removeprefix(STEM)
    sources = sorted((ROOT / "lab_app" / "gui").rglob("*.py"))
    options = [
        "-silent",
        "-no-obsolete",
        "-locations",
        "none",
        "-source-language",
        "en",
        "-target-language",
        code,
    ]
    _tool("lupdate", *sources, *options, *(["-pluralonly"] if code == "en" else []), "-ts", ts)


def compile_(ts: Path, qm: Path) -> None:
    _tool("lrelease", "-silent", ts, "-qm", qm)


def unfinished(ts: Path) -> list[str]:
    """Source texts that are not translated."""
    messages = ElementTree.parse(ts).getroot().iter("message")
    found = []
    for message in messages:
        translation = message.find("translation")
        if translation is None or translation.get("type") == "unfinished":
            found.append(message.findtext("source", ""))
    return found


def problems(ts: Path) -> list[str]:
    """What is not up to date, a sentence each."""
    found = [f"{ts.name}: not translated: {text!r}" for text in unfinished(ts)]
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / ts.name
        fresh.write_bytes(ts.read_bytes())
        update(fresh)
        known, wanted = (
            {
                (m.findtext("source"), m.findtext("comment"))
                for m in ElementTree.parse(file).getroot().iter("message")
            }
            for file in (ts, fresh)
        )
        found += [f"{ts.name}: lacks {source!r}" for source, _ in sorted(wanted - known, key=str)]
        qm = Path(folder) / "fresh.qm"
        compile_(ts, qm)
        compiled = ts.with_suffix(".qm")
        if not compiled.exists() or compiled.read_bytes() != qm.read_bytes():
            found.append(f"{compiled.name} is not what {ts.name} compiles to")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description="translations of the window")
    parser.add_argument("--new", metavar="CODE", help="begin a language, e.g. de or zh_CN")
    parser.add_argument(
        "--check", action="store_true", help="change nothing; exit code 3 when something is missing"
    )
    options = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    if options.new:
        update(FOLDER / f"{STEM}{options.new}.ts")
    files = sorted(FOLDER.glob(f"{STEM}*.ts"))
    if options.check:
        found = [problem for ts in files for problem in problems(ts)]
        print(*found, sep="\n")
        return 3 if found else 0
    for ts in files:
        update(ts)
        compile_(ts, ts.with_suffix(".qm"))
        print(f"{ts.name}: {len(unfinished(ts))} texts without a translation")
    return 0


if __name__ == "__main__":
    sys.exit(main())
