"""``odyssey-lab``: arguments, exit codes, and which face to open. Everything heavy is imported late."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from lab_app.system.errors import ExitCode, LabError, UsageError


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit code. Expected failures are one sentence on standard error."""
    arguments = sys.argv[1:] if argv is None else list(argv)
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except LabError as error:
        code = _fail(error, "--json" in arguments)
    except BrokenPipeError:
        # Whoever read our output has seen enough; a second message when Python flushes would be noise.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = int(ExitCode.INTERRUPTED)
    except KeyboardInterrupt:
        print("odyssey-lab: interrupted.", file=sys.stderr)
        code = int(ExitCode.INTERRUPTED)
    except Exception as error:
        code = _crash(error)
    return code


def _run(arguments: list[str]) -> int:
    from lab_app.commands import build_parser

    parser = build_parser()
    options = parser.parse(arguments)
    if options.version:
        return _version(options.json)
    if options.run:
        return int(options.run(options))
    if options.batch:
        from lab_app import batch

        return batch.run(
            batch.Options(
                options.batch, out=options.out, json=options.json, resume=options.resume,
                dry_run=options.dry_run, data_dir=options.data_dir,
            )
        )  # fmt: skip
    for name in ("out", "resume", "dry_run", "json"):
        if getattr(options, name):
            option = f"--{name.replace('_', '-')}"
            raise UsageError(f"{option} goes with --batch STUDY.toml.", "See odyssey-lab --help.")
    from lab_app import gui

    return gui.run(options.data_dir)


def _version(as_json: bool) -> int:
    from lab_app.system import versions

    if as_json:
        import json

        print(json.dumps(versions.report(), ensure_ascii=False))
    else:
        print(versions.text())
    return int(ExitCode.OK)


def _fail(error: LabError, as_json: bool) -> int:
    if as_json:
        import json

        line = {
            "event": "error", "message": error.message, "hint": error.hint, "exit_code": int(error.exit_code),
        }  # fmt: skip
        print(json.dumps(line, ensure_ascii=False), flush=True)
    print(f"odyssey-lab: {error.message}", file=sys.stderr)
    if error.hint:
        print(f"  {error.hint}", file=sys.stderr)
    return int(error.exit_code)


def _crash(error: Exception) -> int:
    """A fault of ours: one sentence, and the traceback where it helps a bug report."""
    import tempfile
    import traceback

    text = "".join(traceback.format_exception(error))
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="odyssey-lab-crash-", suffix=".txt", delete=False, encoding="utf-8"
        ) as stream:
            stream.write(text)
        place = f"Details for a bug report: {stream.name}"
    except OSError:
        place = text
    print(f"odyssey-lab: internal error: {type(error).__name__}: {error}\n  {place}", file=sys.stderr)
    return int(ExitCode.INTERNAL)


if __name__ == "__main__":
    raise SystemExit(main())
