"""``odyssey-lab doctor``: is this machine able to do the work, and if not, what to do about it."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from lab_app.commands import DATA_DIR, JSON, command
from lab_app.system import display, native, paths
from lab_app.system.errors import ExitCode, LabError
from lab_app.system.terminal import wants_color

Status = Literal["ok", "warn", "fail"]

MIN_DISK = 2 << 30
MIN_MEMORY = 1 << 30


@dataclass(frozen=True, slots=True)
class Check:
    """One line: what was looked at, how it is, and what to do where it is not well."""

    name: str
    status: Status
    message: str
    todo: str = ""


@command("doctor", "check engine, devices, disk, memory and display, and say what to do", JSON, DATA_DIR)
def doctor(options: argparse.Namespace) -> int:
    """Exit code 0, or 6 when a check failed that the work needs."""
    checks: list[Check] = []
    color = wants_color(sys.stdout)
    for check in run_checks(getattr(options, "data_dir", None)):
        checks.append(check)
        if not options.json:
            _print(check, color)
    failed = any(check.status == "fail" for check in checks)
    if options.json:
        print(
            json.dumps({"ok": not failed, "checks": [asdict(check) for check in checks]}, ensure_ascii=False)
        )
    return int(ExitCode.RESOURCES if failed else ExitCode.OK)


def _print(check: Check, color: bool) -> None:
    mark = f"{check.status:<4}"
    if color:
        mark = {"ok": "\033[32m", "warn": "\033[33m", "fail": "\033[31m"}[check.status] + mark + "\033[0m"
    print(f"{mark}  {check.name}: {check.message}", flush=True)
    if check.todo:
        print(f"      → {check.todo}", flush=True)


def run_checks(data_dir: str | None = None) -> Iterator[Check]:
    """Every check in turn; none raises."""
    folder = paths.data_dir(data_dir)
    steps: tuple[tuple[str, Callable[[], Check]], ...] = (
        ("python", _python),
        ("native engine", _engine),
        ("worker and devices", _worker),
        ("memory", _memory),
        ("disk", lambda: _disk(folder)),
        ("data folder", lambda: _data_folder(folder)),
        ("window", _window),
        ("keyring", _keyring),
    )
    for name, step in steps:
        try:
            yield step()
        except LabError as error:
            yield Check(name, "fail", error.message, error.hint or "")
        except Exception as error:
            text = f"the check itself failed: {type(error).__name__}: {error}"
            yield Check(name, "fail", text, "Please report this.")


def _python() -> Check:
    return Check("python", "ok", ".".join(str(part) for part in sys.version_info[:3]))


def _engine() -> Check:
    folder = paths.native_dir()
    problems = native.verify()
    built = native.manifest()
    if problems:
        return Check("native engine", "fail", " ".join(problems), "Build it again: make native")
    return Check(
        "native engine", "ok",
        f"llama.cpp {built.commit}, variant {built.variant}, {len(built.files)} whole files in {folder}",
    )  # fmt: skip


def _worker() -> Check:
    """Start a process as jobs do, with their environment, and load the engine library in it."""
    from lab_app.system.host import gpus

    devices = load_engine_in_worker()
    listed = ", ".join(f"{item['name']} ({item['description']})" for item in devices)
    message = f"the engine loads in a worker process; devices: {listed or 'none'}"
    if not devices:
        return Check(
            "worker and devices", "fail", "the engine found no device", "Build it again: make native"
        )
    if gpus() and all(item["type"] == "cpu" for item in devices):
        names = ", ".join(str(card["name"]) for card in gpus())
        why, todo = why_unused(native.manifest())
        return Check("worker and devices", "warn", f"{message}; {names} is not used: {why}", todo)
    return Check("worker and devices", "ok", message)


def why_unused(built: native.Manifest) -> tuple[str, str]:
    """Why a build makes no use of an NVIDIA card that is there, and what to do."""
    if not any("cuda" in name for name in (built.variant, *built.backends)):
        return (
            f"this build (variant {built.variant}) has no CUDA",
            "make native NATIVE_FLAGS='--variant cuda'",
        )
    return (
        "this build has CUDA, but CUDA offers no card",
        "Update the driver, and look whether CUDA_VISIBLE_DEVICES hides the card.",
    )


def load_engine_in_worker() -> list[dict[str, str]]:
    """Devices as a fresh worker sees them. Raises ResourceError when it dies or does not answer."""
    import subprocess

    from lab_app.system.environment import import_root, worker_environment
    from lab_app.system.errors import ResourceError

    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import json, os\n"
        "channel = os.dup(1); os.dup2(2, 1)\n"
        "from lab_app.engines import native_api\n"
        "from lab_app.system.errors import LabError\n"
        "try:\n"
        "    found = [{'name': d.name, 'description': d.description, 'type': d.type}\n"
        "             for d in native_api.native().devices]\n"
        "    answer = {'devices': found}\n"
        "except LabError as error:\n"
        "    answer = {'message': error.message, 'hint': error.hint}\n"
        "os.write(channel, json.dumps(answer).encode())\n"
    )
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-c", code, str(import_root())],
            env=worker_environment(), capture_output=True, text=True, timeout=60, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise ResourceError(
            "The engine did not load within a minute.", "Build it again: make native"
        ) from None
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise ResourceError(
            f"A worker with the engine ended with code {done.returncode}: {last}",
            "Build it again: make native",
        ) from None
    if "devices" not in answer:
        raise ResourceError(answer["message"], answer["hint"])
    devices: list[dict[str, str]] = answer["devices"]
    return devices


def _memory() -> Check:
    from lab_app.system.host import available_memory

    free = available_memory()
    text = f"{free / (1 << 30):.1f} GiB available"
    if free < MIN_MEMORY:
        return Check("memory", "warn", text, "Close other programs, or choose smaller models.")
    return Check("memory", "ok", text)


def _disk(folder: Path) -> Check:
    from lab_app.system.host import free_disk

    free = free_disk(folder)
    text = f"{free / (1 << 30):.1f} GiB free for {folder}"
    if free < MIN_DISK:
        return Check("disk", "warn", text, "Free some space, or choose another folder with --data-dir.")
    return Check("disk", "ok", text)


def _data_folder(folder: Path) -> Check:
    """Writable, or to be made where it does not exist yet; nothing stays behind."""
    existing = folder
    while not existing.exists():
        existing = existing.parent
    todo = f"Correct its rights, or choose another with --data-dir or ${paths.DATA_VARIABLE}."
    if not existing.is_dir():
        return Check("data folder", "fail", f"{existing} is not a folder", todo)
    try:
        with tempfile.TemporaryFile(dir=existing):
            pass
    except OSError as error:
        return Check("data folder", "fail", f"{existing} cannot be written: {error.strerror or error}", todo)
    return Check(
        "data folder", "ok", f"{folder} is writable" if folder == existing else f"{folder} can be made"
    )


def _window() -> Check:
    """Needed for the window only, so never worse than a warning."""
    from importlib.util import find_spec

    if find_spec("PySide6") is None:
        return Check(
            "window",
            "warn",
            "Qt is not installed; --batch works without it",
            display.INSTALL,
        )
    if sys.platform.startswith("linux"):
        missing = display.missing_packages()
        if missing:
            return Check(
                "window", "warn", "system libraries that Qt needs are missing",
                f"Debian and Ubuntu: sudo apt install {' '.join(missing)}",
            )  # fmt: skip
        if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            return Check(
                "window",
                "warn",
                "no display here; --batch works without one",
                "Log in to a desktop, or use --batch.",
            )
    return Check("window", "ok", "Qt and a display are there")


def _keyring() -> Check:
    """Where access tokens would be kept; only needed for models behind a login."""
    try:
        import keyring
        from keyring.backends import fail

        backend = keyring.get_keyring()
    except Exception as error:
        return Check(
            "keyring",
            "warn",
            f"no keyring ({type(error).__name__})",
            "Tokens can be given by environment variable.",
        )
    if isinstance(backend, fail.Keyring):
        return Check(
            "keyring", "warn", "no keyring service is running", "Tokens can be given by environment variable."
        )
    return Check("keyring", "ok", type(backend).__module__.removeprefix("keyring.backends."))
