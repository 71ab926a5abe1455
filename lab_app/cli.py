"""``odyssey-lab``: arguments, exit codes, and which face to open. Everything heavy is imported late."""

from __future__ import annotations

import errno
import io
import os
import signal
import sys
from collections.abc import Sequence

from lab_app.system.errors import Cancelled, ExitCode, LabError, UsageError
from lab_app.system.signals import heard_by

_UNWRITABLE = (errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""Of the lab's own files the rooms speak; what comes as far as here is of the standard streams."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit code. Expected failures are one sentence on standard error."""
    try:
        with heard_by(signal.default_int_handler):  # also before there is any work to stop, and after it
            return _main(sys.argv[1:] if argv is None else list(argv))
    except KeyboardInterrupt:  # once more, while the first was told of
        return int(ExitCode.INTERRUPTED)


def _main(arguments: list[str]) -> int:
    _open_streams("--json" in arguments)
    try:
        try:
            code = _sentence(arguments)
        except Exception as error:
            if isinstance(error, OSError) and (error.errno in _UNWRITABLE or not _output_works()):
                raise
            code = _crash(error, "--json" in arguments)
        sys.stdout.flush()
    except OSError as error:  # also where the sentence about another error found no reader
        code = _unheard(error)
    return code


def _sentence(arguments: list[str]) -> int:
    """The exit code of what was asked; for what could not be done, after saying so."""
    try:
        code = _run(arguments)
        sys.stdout.flush()
        return code
    except LabError as error:
        return _fail(error, "--json" in arguments)
    except KeyboardInterrupt:
        return _fail(Cancelled("interrupted."), "--json" in arguments)


def _open_streams(as_json: bool) -> None:
    """Where a standard stream was closed by whoever started us, the next file opened would take its number, and get
    what is meant for the stream. JSON is UTF-8 in every locale; what an encoding lacks is shown as its escape, which
    for a byte of a name that is not UTF-8 is JSON's own."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            descriptor = os.open(os.devnull, os.O_RDONLY if number == 0 else os.O_WRONLY)
            setattr(sys, name, os.fdopen(descriptor, "r" if number == 0 else "w", encoding="utf-8"))
    if isinstance(sys.stdout, io.TextIOWrapper):
        if as_json:
            sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
        elif sys.stdout.errors == "strict":
            sys.stdout.reconfigure(errors="backslashreplace")


def _output_works() -> bool:
    """Whether standard output and error take what is waiting to be written to them."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        return False
    return True


def _unheard(error: OSError) -> int:
    """Our output leads nowhere: its reader has gone, which needs no words, or its disk is full."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:  # Python would try again at its end, and complain
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    if isinstance(error, BrokenPipeError):
        return int(ExitCode.INTERRUPTED)
    print(f"odyssey-lab: The output cannot be written: {error.strerror or error}.", file=sys.stderr)
    return int(ExitCode.RESOURCES)


def _run(arguments: list[str]) -> int:
    from lab_app.commands import build_parser

    parser = build_parser()
    options = parser.parse(arguments)
    if options.version:
        return _version(options.json)
    try:
        os.getcwd()  # which every relative path needs, and every absolute one is made with
    except OSError as error:
        raise UsageError("The current folder is not there any more.", "Change to another one.") from error
    from lab_app.system import network

    network.follow(getattr(options, "data_dir", None))
    if options.run:
        for name in ("batch", "resume", "dry_run", "language"):  # of no command, which would pass over them
            if getattr(options, name):
                option = f"--{name.replace('_', '-')}"
                raise UsageError(f"{option} does not go with a command.", "See odyssey-lab --help.")
        return int(options.run(options))
    if options.batch is not None:
        from lab_app import batch

        return batch.run(
            batch.Options(
                options.batch, out=options.out, json=options.json, resume=options.resume,
                dry_run=options.dry_run, data_dir=options.data_dir, language=options.language or "",
            )
        )  # fmt: skip
    for name in ("out", "resume", "dry_run", "json", "language"):
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
        _error_line(error.message, error.hint, error.exit_code)
    print(f"odyssey-lab: {error.message}", file=sys.stderr)
    if error.hint:
        print(f"  {error.hint}", file=sys.stderr)
    return int(error.exit_code)


def _error_line(message: str, hint: str | None, code: ExitCode) -> None:
    from lab_app.batch import wire

    wire.write(sys.stdout, wire.ErrorLine(message, hint, int(code)))


def _crash(error: Exception, as_json: bool) -> int:
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
    message = f"internal error: {type(error).__name__}: {error}"
    if as_json:
        _error_line(message, place, ExitCode.INTERNAL)
    print(f"odyssey-lab: {message}\n  {place}", file=sys.stderr)
    return int(ExitCode.INTERNAL)


if __name__ == "__main__":
    raise SystemExit(main())
