#!/usr/bin/env python3
"""Builds llama.cpp, libraries and tools, from the pinned llama-cpp-python source. Standard library only.

    python native/build.py                     # all CPU variants, every tool
    python native/build.py --quick             # for this machine's CPU only
    python native/build.py --variant cuda --cuda-architectures 90

Each variant lies in ``native/build/VARIANT`` with a manifest; ``native/build/current`` names the one in
use. Running it again does nothing when there is nothing to do; a build that was killed goes on.
See native/README.md.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import finish
import manifest
import sdist
import toolchain
import variants
from problems import FAILED, INTERRUPTED, RESOURCES, USAGE, BuildError

HERE = Path(__file__).resolve().parent
DISK_NEEDED = {"cpu": 700, "cuda": 4000, "metal": 800, "vulkan": 1200}
"""MB free before a build from nothing: source, build tree and staging together."""


def main(argv: list[str] | None = None) -> int:
    args = parse(argv)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return run(args)
    except BuildError as error:
        print(f"native/build.py: {error}", file=sys.stderr)
        return error.code
    except KeyboardInterrupt:
        print("native/build.py: interrupted; the next run goes on from here.", file=sys.stderr)
        return INTERRUPTED


def parse(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="native/build.py", description="Build the native engine (llama.cpp)."
    )
    parser.add_argument("--variant", choices=variants.VARIANTS, default="cpu")
    parser.add_argument(
        "--quick", action="store_true", help="CPU code for this machine only (for developers)"
    )
    parser.add_argument(
        "--tools", choices=("all", "core"), default="all", help="core leaves out server and cli"
    )
    parser.add_argument(
        "--cuda-architectures", metavar="LIST", help="e.g. 86;90 (default: llama.cpp's own list)"
    )
    parser.add_argument(
        "--keep", action="store_true", help="be content with any finished variant that is in use"
    )
    parser.add_argument(
        "--verify", action="store_true", help="compare every file with the manifest by content first"
    )
    parser.add_argument("--build-dir", type=Path, default=HERE / "build", help="default: native/build")
    parser.add_argument(
        "--sdist", type=Path, metavar="FILE", help="use this archive instead of downloading it"
    )
    parser.add_argument(
        "--fetch-only", action="store_true", help="download and check the archive, print its path"
    )
    parser.add_argument("--no-use", action="store_true", help="do not point `current` at this variant")
    parser.add_argument("-j", "--jobs", type=int, help="parallel compilations (default: by cores and memory)")
    parser.add_argument(
        "--manifest-only", type=Path, metavar="DIR", help="describe a folder built by other means"
    )
    return parser.parse_args(argv)


def run(args: argparse.Namespace) -> int:
    lock = sdist.read_lock()
    build_dir: Path = args.build_dir.absolute()
    if args.fetch_only:
        print(fetch(args, lock, build_dir))
        return 0
    current = build_dir / "current"
    if args.keep and not args.verify:
        folder = finish.follow(current)
        usable = not manifest.differences(folder, lock, None) and runs_here(folder, args.tools)
        if usable:
            print(f"native engine: {folder.name} is in use and complete")
            return 0
    wanted = variants.plan(
        args.variant,
        quick=args.quick,
        core_only=args.tools == "core",
        cuda_architectures=args.cuda_architectures,
    )
    if args.manifest_only:
        return describe(args.manifest_only.absolute(), lock, wanted)
    folder = build_dir / wanted.name
    with one_at_a_time(build_dir, ".lock") as lock_fd:
        finish.clean_leftovers(build_dir)
        reasons = manifest.differences(folder, lock, wanted)
        if not reasons and args.verify:
            reasons = [f"{name} changed" for name in manifest.changed_files(folder)]
        if reasons and manifest.only_copied(reasons):
            print(f"native engine: copying into {wanted.name} ({', '.join(reasons[:3])})", flush=True)
            archive = fetch(args, lock, build_dir)
            finish.copy_again(sdist.unpack(lock, archive, build_dir / ".source"), folder)
        elif reasons:
            print(f"native engine: building {wanted.name} ({', '.join(reasons[:3])})", flush=True)
            build(args, lock, wanted, folder, lock_fd)
        if not args.no_use:
            finish.point(current, wanted.name)
    print(f"native engine: {wanted.name} is ready in {folder}")
    return 0


def build(
    args: argparse.Namespace, lock: sdist.Lock, plan: variants.Plan, folder: Path, lock_fd: int
) -> None:
    """From archive to finished folder. Every step can be killed and is done again or gone on with."""
    started = time.monotonic()
    build_dir = folder.parent
    tree = build_dir / f".tree-{plan.name}"
    need_space(build_dir, 100 if (tree / "CMakeCache.txt").is_file() else DISK_NEEDED[args.variant])
    before = manifest.read(folder)
    if before is not None and not manifest.differences(folder, lock, None):
        # Never take tools away: a build with more of them serves those who need fewer.
        kept = tuple(name for name in variants.ALL_TOOLS if name in before["tools"] or name in plan.tools)
        plan = variants.Plan(plan.name, plan.flags, kept, plan.plumbing)
    tools = toolchain.find(build_dir / ".tools")
    archive = fetch(args, lock, build_dir)
    source = sdist.unpack(lock, archive, build_dir / ".source")
    log = build_dir / f"build-{plan.name}.log"
    with open(log, "w", encoding="utf-8") as stream:
        configure(tools, source, tree, lock, plan, stream.fileno(), lock_fd, log)
        compile_all(tools, tree, plan, args.jobs or default_jobs(args.variant), stream.fileno(), lock_fd, log)
    finish.install(source, tree, lock, plan, folder)
    print(f"native engine: built in {time.monotonic() - started:.0f} s", flush=True)


def fetch(args: argparse.Namespace, lock: sdist.Lock, build_dir: Path) -> Path:
    """The checked archive. Under a lock of its own: the bindings are installed while the engine compiles."""
    with one_at_a_time(build_dir, ".lock-download"):
        return sdist.fetch(lock, build_dir / "downloads", args.sdist)


def configure(
    tools: toolchain.Tools,
    source: Path,
    tree: Path,
    lock: sdist.Lock,
    plan: variants.Plan,
    log_fd: int,
    lock_fd: int,
    log: Path,
) -> None:
    definitions = (
        plan.flags
        | plan.plumbing
        | {
            "LLAMA_BUILD_NUMBER": str(lock.build_number),
            "LLAMA_BUILD_COMMIT": lock.llama_cpp_commit,
        }
    )
    stamp = tree / ".configured"
    lines = [str(source), str(tools), *(f"{name}={value}" for name, value in definitions.items())]
    text = "\n".join(lines)
    before = stamp.read_text(encoding="utf-8") if stamp.is_file() else ""
    known = (tree / tools.build_file).is_file()
    if before == text and known:
        return
    print("configuring", flush=True)
    if not known or not set(before.splitlines()) <= set(lines):
        # A tree of another source or other flags is of no use, and old caches mislead CMake. Where settings were
        # only added, what is compiled already stays.
        shutil.rmtree(tree, ignore_errors=True)
        tree.mkdir(parents=True)
    command = [tools.cmake, "-S", str(source), "-B", str(tree), "-G", tools.generator]
    if tools.make_program:
        command.append(f"-DCMAKE_MAKE_PROGRAM={tools.make_program}")
    command += [f"-D{name}={value}" for name, value in definitions.items()]
    done = subprocess.run(
        command, stdout=log_fd, stderr=log_fd, env=environment(tree), pass_fds=inherited(lock_fd), check=False
    )
    if done.returncode != 0:
        raise failure("CMake could not configure the build", log)
    stamp.write_text(text, encoding="utf-8")


def compile_all(
    tools: toolchain.Tools, tree: Path, plan: variants.Plan, jobs: int, log_fd: int, lock_fd: int, log: Path
) -> None:
    print(f"compiling with {jobs} parallel jobs", flush=True)
    command = [tools.cmake, "--build", str(tree), "--parallel", str(jobs), "--target", *plan.targets]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=environment(tree),
        # The lock goes along, so that a compiler that outlives a killed build.py still holds it.
        pass_fds=inherited(lock_fd),
    )
    assert process.stdout is not None
    with open(log_fd, "a", encoding="utf-8", closefd=False) as out, progress() as show:
        try:
            for line in process.stdout:
                out.write(line)
                show(line)
        except BaseException:
            process.terminate()
            process.wait()
            raise
    if process.wait() != 0:
        raise failure("llama.cpp could not be compiled", log)


def describe(folder: Path, lock: sdist.Lock, plan: variants.Plan) -> int:
    tree = folder.parent
    if not folder.is_dir():
        raise BuildError(USAGE, f"{folder} is not a folder.")
    manifest.write(folder, manifest.make(folder, lock, plan, manifest.cached_flags(tree, plan.flags), tree))
    print(f"wrote {folder / manifest.NAME}")
    return 0


# ---------------------------------------------------------------- small parts


def runs_here(folder: Path, tools: str) -> bool:
    """False for a quick build that was made for another CPU, or one that lacks tools."""
    found = manifest.read(folder)
    assert found is not None
    names = variants.CORE_TOOLS if tools == "core" else variants.ALL_TOOLS
    if not set(names) <= {name.removesuffix(".exe") for name in found["tools"]}:
        return False
    if not str(found["variant"]).endswith("-quick"):
        return True
    here = variants.cpu_flags(quick=True)
    return all(found["flags"].get(name) == value for name, value in here.items())


@contextlib.contextmanager
def one_at_a_time(build_dir: Path, name: str) -> Iterator[int]:
    """Holds the lock file ``name``; waits until another process lets it go. Yields the descriptor."""
    try:
        build_dir.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(build_dir / name, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise BuildError(RESOURCES, f"{build_dir} cannot be written to: {error.strerror}.") from error
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print("another build of the native engine is running; waiting for it", file=sys.stderr)
                fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Yields a function of a line; shows ``[n/N]`` or ``[ n%]`` on one line, or now and then in a log."""
    tty = sys.stdout.isatty()
    last = 0.0

    def show(line: str) -> None:
        nonlocal last
        match = re.match(r"\[\s*(\d+(?:/\d+|%))\]\s*(.*)", line)
        if not match:
            return
        name = match[2].rsplit(" ", 1)[-1].rsplit("/", 1)[-1]
        if tty:
            print(f"\r[{match[1]}] {name:<60.60}", end="", flush=True)
        elif time.monotonic() - last > 15:
            print(f"[{match[1]}] {name}", flush=True)
            last = time.monotonic()

    try:
        yield show
    finally:
        if tty:
            print()


def failure(what: str, log: Path) -> BuildError:
    """The first error of a log as a sentence."""
    text = log.read_text(encoding="utf-8", errors="replace")
    if "No space left on device" in text:
        return BuildError(
            RESOURCES, "The disk is full.", "Free some space and run it again; it goes on from here."
        )
    if re.search(r"Killed signal terminated program|fatal error: Killed|out of memory", text):
        return BuildError(RESOURCES, "The compiler ran out of memory.", "Run it again with fewer jobs: -j 1.")
    if re.search(r"CUDA::cublas\s+but the target was not found", text):
        return BuildError(RESOURCES, "The CUDA toolkit has no cuBLAS.", "Debian: apt install libcublas-dev-…")
    found = re.search(r"^.*(?:\berror:|CMake Error).*(?:\n\s.*)*", text, re.MULTILINE)
    reason = " ".join(found[0].split())[:300] if found else "no message"
    return BuildError(FAILED, f"{what}: {reason}", f"The whole log is {log}.")


def need_space(folder: Path, megabytes: int) -> None:
    free = shutil.disk_usage(folder).free // 1_000_000
    if free < megabytes:
        raise BuildError(RESOURCES, f"The build needs {megabytes} MB free at {folder}; {free} MB are.")


def default_jobs(variant: str) -> int:
    """Cores this process may use, but no more than memory allows (1 GB a C++ file, 3 GB a CUDA file)."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9
    except (ValueError, OSError, AttributeError):
        return cores
    return max(1, min(cores, int(memory / (3 if variant == "cuda" else 1))))


def environment(tree: Path) -> dict[str, str]:
    """The caller's, except that git finds no repository: llama.cpp would take ours for its own."""
    return {**os.environ, "GIT_DIR": str(tree / "no-repository"), "NINJA_STATUS": "[%f/%t] "}


def inherited(lock_fd: int) -> tuple[int, ...]:
    """Descriptors a child gets: the lock, where the system can hand it on."""
    return () if sys.platform == "win32" else (lock_fd,)


def _interrupt(signum: int, frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
