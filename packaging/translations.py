#!/usr/bin/env python3
"""Bring the translations up to date and compile them: ``make translations``.

``resources/translations/odyssey-lab_CODE.ts`` is what translators edit (Qt Linguist, or any editor);
``odyssey-lab_CODE.qm`` beside it is what the window loads, and ``odyssey-lab_CODE.json`` the texts of everything
below the window (:mod:`lab_app.system.translation`). English needs only its plurals. A new language:

    python packaging/translations.py --new de

``--check`` changes nothing and exits with 3 when a file lacks a string of the source, a translation, or its
compiled form.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "resources" / "translations"
STEM = "odyssey-lab_"
sys.path[:0] = [str(ROOT), str(ROOT / "packaging")]

import error_texts  # noqa: E402

from lab_app.system.said import CONTEXT  # noqa: E402
from lab_app.system.translation import CONTEXTS  # noqa: E402


def _tool(name: str, *arguments: object) -> None:
    import PySide6

    # The program itself: the script of the same name beside Python does the same, slower.
    program = Path(PySide6.__file__).parent / name
    subprocess.run([program, *map(str, arguments)], check=True)


def update(ts: Path) -> None:
    """Take over every text of the source into ``ts``; translations of texts that stay are kept."""
    code = ts.stem.removeprefix(STEM)
    sources = sorted((ROOT / "lab_app").rglob("*.py"))
    options = [
        "-tr-function-alias",
        "QT_TRANSLATE_NOOP+=note,tr+=plural",
        "-silent",
        "-no-obsolete",
        "-locations",
        "none",
        "-source-language",
        "en",
        "-target-language",
        code,
    ]
    with tempfile.TemporaryDirectory() as folder:
        errors = Path(folder) / "errors.py"
        texts = error_texts.templates(ROOT / "lab_app")
        lines = (f"note({CONTEXT!r}, {json.dumps(text, ensure_ascii=False)})\n" for text in texts)
        errors.write_text("".join(lines), encoding="utf-8")
        _tool("lupdate", *sources, errors, *options, *(["-pluralonly"] if code == "en" else []), "-ts", ts)


def compile_(ts: Path, qm: Path) -> None:
    _tool("lrelease", "-silent", ts, "-qm", qm)


def catalogue(ts: Path) -> str:
    """The texts that are said below the window, as JSON: context → text → translation, or the forms of a plural."""
    texts: dict[str, dict[str, str | list[str]]] = {}
    for context in ElementTree.parse(ts).getroot().iter("context"):
        name = context.findtext("name") or ""
        if name not in CONTEXTS:
            continue
        for message in context.iter("message"):
            translation = message.find("translation")
            if translation is None or translation.get("type") == "unfinished":
                continue
            source = message.findtext("source", "")
            forms = [form.text or "" for form in translation.iter("numerusform")]
            texts.setdefault(name, {})[source] = forms or translation.text or ""
    forms = max((len(f) for f in texts.get("", {}).values() if isinstance(f, list)), default=1)
    return json.dumps({"forms": forms, "texts": texts}, ensure_ascii=False, indent=0, sort_keys=True) + "\n"


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
        table = ts.with_suffix(".json")
        if not table.exists() or table.read_text(encoding="utf-8") != catalogue(ts):
            found.append(f"{table.name} is not what {ts.name} compiles to")
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
        ts.with_suffix(".json").write_text(catalogue(ts), encoding="utf-8")
        print(f"{ts.name}: {len(unfinished(ts))} texts without a translation")
    return 0


if __name__ == "__main__":
    sys.exit(main())
