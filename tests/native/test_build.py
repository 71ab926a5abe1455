from __future__ import annotations

import fcntl
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import build
import manifest
import pytest
import sdist
import variants

from lab_app.system import paths

from .conftest import ROOT, RunBuild

NATIVE = str(ROOT / "native")


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        str(path.relative_to(folder)): (path.lstat().st_mtime_ns, path.lstat().st_ino)
        for path in folder.rglob("*")
        if path.name != ".lock"
    }


def test_a_finished_build_is_left_alone(finished: Path, options: list[str], run_build: RunBuild) -> None:
    before = stamps(finished.parent)
    for args in (options, ["--keep", *options], ["--verify", *options]):
        done = run_build(*args)
        assert done.returncode == 0, done.stderr
    assert stamps(finished.parent) == before


@pytest.mark.parametrize("damage", ["content", "size", "missing"])
def test_damage_makes_it_build_again(
    finished: Path, options: list[str], run_build: RunBuild, tmp_path: Path, damage: str
) -> None:
    whole: Any = manifest.read(finished)
    name = next(name for name in whole["files"] if "quantize" in name)
    victim = finished / name
    if damage == "missing":
        victim.unlink()
    else:
        data = bytearray(victim.read_bytes())
        data[len(data) // 2] ^= 1
        victim.write_bytes(data + (b"x" if damage == "size" else b""))
    wrong = tmp_path / "wrong.tar.gz"
    wrong.write_bytes(b"ends the build before it starts")
    done = run_build(*options, "--verify", "--sdist", wrong)
    assert f"{name} {'missing' if damage == 'missing' else 'changed'}" in done.stdout
    assert done.returncode == 4


def test_wrong_checksum(run_build: RunBuild, tmp_path: Path) -> None:
    wrong = tmp_path / "llama_cpp_python-0.3.36.tar.gz"
    wrong.write_bytes(b"not the archive")
    done = run_build("--quick", "--sdist", wrong)
    assert done.returncode == 4
    assert "wrong checksum" in done.stderr
    assert "Traceback" not in done.stderr
    assert not any((tmp_path / "build").glob("cpu*"))


def test_network_down(run_build: RunBuild) -> None:
    done = run_build(
        "--fetch-only",
        env={
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
            "PIP_EXTRA_INDEX_URL": "",
            "PIP_FIND_LINKS": "",
            "PIP_RETRIES": "0",
            "PIP_NO_CACHE_DIR": "1",
        },
    )
    assert done.returncode == 5
    announced, sentence = done.stderr.strip().splitlines()
    assert announced.startswith("getting")
    assert "could not be downloaded" in sentence
    assert done.stdout == ""


def test_no_compiler(run_build: RunBuild, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    done = run_build("--quick", env={"PATH": str(empty), "CXX": ""})
    assert done.returncode == 6
    assert "no C++ compiler" in done.stderr


def test_impossible_combination(run_build: RunBuild) -> None:
    done = run_build("--cuda-architectures", "90")
    assert done.returncode == 2
    assert "--variant cuda" in done.stderr


def test_a_compiler_that_fails(run_build: RunBuild, tmp_path: Path, archive: Path) -> None:
    done = run_build("--quick", "--sdist", archive, env={"CC": "false", "CXX": "false"})
    assert done.returncode == 3
    assert done.stderr.startswith("native/build.py: CMake could not configure the build: CMake Error")
    assert str(tmp_path / "build/build-cpu-quick.log") in done.stderr
    assert not (tmp_path / "build/cpu-quick").exists()
    assert not (tmp_path / "build/current").exists()


def test_two_builds_wait_for_each_other(finished: Path, options: list[str]) -> None:
    command = [sys.executable, f"{NATIVE}/build.py", "--build-dir", str(finished.parent), *options]
    with open(finished.parent / ".lock", "a+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert process.stderr is not None
        assert "another build" in process.stderr.readline()
        assert process.poll() is None
    rest = process.communicate(timeout=60)[0]
    assert process.returncode == 0
    assert "is ready" in rest


def test_the_archive_can_be_had_while_a_build_runs(
    finished: Path, run_build: RunBuild, archive: Path
) -> None:
    """make installs the bindings while the compiler runs; standard output is the path and nothing else."""
    with open(finished.parent / ".lock", "a+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = run_build("--fetch-only", "--sdist", archive)
    assert done.returncode == 0
    assert done.stdout == f"{archive}\n"


INSTALL = """
import sys
from pathlib import Path
import finish, sdist, variants
source, tree, folder = map(Path, sys.argv[1:4])
plan = variants.Plan("cpu", {"GGML_BACKEND_DL": "ON"}, variants.CORE_TOOLS)
print("go", flush=True)
finish.install(source, tree, sdist.read_lock(), plan, folder)
"""


def source_like(tmp_path: Path) -> Path:
    """The parts of a source tree that ``install`` copies, from the finished build."""
    convert = paths.native_dir() / "convert"
    if not convert.is_dir():
        pytest.skip("this native folder was not made by native/build.py")
    source = tmp_path / "sdist" / "vendor" / "llama.cpp"
    shutil.copytree(convert, source)
    shutil.copy2(paths.native_dir() / "licences/llama.cpp.txt", source / "LICENSE")
    shutil.copy2(paths.native_dir() / "licences/llama-cpp-python.txt", tmp_path / "sdist/LICENSE.md")
    return source


def test_killed_while_installing(tmp_path: Path) -> None:
    """kill -9 at random moments: the folder is absent or whole, and the next run needs no help."""
    source = source_like(tmp_path)
    tree = tmp_path / "tree"
    shutil.copytree(paths.native_dir(), tree / "bin", ignore=shutil.ignore_patterns("convert", "licences"))
    folder = tmp_path / "build" / "cpu"
    folder.parent.mkdir()
    lock = sdist.read_lock()
    plan = variants.Plan("cpu", {"GGML_BACKEND_DL": "ON"}, variants.CORE_TOOLS)
    command = [sys.executable, "-c", INSTALL, str(source), str(tree), str(folder)]
    env = {**os.environ, "PYTHONPATH": NATIVE}

    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    started = time.monotonic()
    assert process.wait() == 0
    whole = time.monotonic() - started
    assert manifest.differences(folder, lock, plan) == []

    chance = random.Random(7)
    outcomes = set()
    for attempt in range(12):
        if attempt % 2 == 0:
            shutil.rmtree(folder, ignore_errors=True)
        process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(chance.uniform(0, whole))
        process.send_signal(signal.SIGKILL)
        process.wait()
        outcomes.add(folder.exists())
        if folder.exists():
            assert manifest.differences(folder, lock, plan) == []
            assert manifest.changed_files(folder) == []
    assert False in outcomes
    subprocess.run(command, env=env, check=True, capture_output=True)
    assert manifest.changed_files(folder) == []


def test_leftovers_of_a_killed_run(finished: Path, options: list[str], run_build: RunBuild) -> None:
    """Killed between the two renames of an install: the old build comes back under its name."""
    variant = finished.name
    finished.rename(finished.with_name(f".old-{variant}"))
    staging = finished.with_name(f".staging-{variant}")
    staging.mkdir()
    (staging / "libllama.so").write_bytes(b"half a library")
    done = run_build(*options)
    assert done.returncode == 0, done.stderr
    assert manifest.changed_files(finished) == []
    assert {path.name for path in finished.parent.iterdir()} == {".lock", variant, "current"}


def test_current_follows_the_variant(finished: Path, options: list[str], run_build: RunBuild) -> None:
    current = finished.parent / "current"
    current.unlink()
    current.write_text("elsewhere\n")
    assert run_build(*options, "--no-use").returncode == 0
    assert current.read_text() == "elsewhere\n"
    assert run_build(*options).returncode == 0
    assert current.resolve() == finished


def test_keep_wants_the_tools_that_are_asked_for(finished: Path, run_build: RunBuild, tmp_path: Path) -> None:
    (finished / "llama-imatrix").unlink()
    wrong = tmp_path / "wrong.tar.gz"
    wrong.write_bytes(b"")
    assert run_build("--keep", "--quick", "--tools", "core", "--sdist", wrong).returncode == 4


def test_what_is_only_copied_is_copied_again(
    finished: Path, options: list[str], run_build: RunBuild, archive: Path
) -> None:
    """The converter gone from a finished build: copied, nothing compiled."""
    shutil.rmtree(finished / "convert")
    content: Any = manifest.read(finished)
    content["files"] = {name: e for name, e in content["files"].items() if not name.startswith("convert/")}
    manifest.write(finished, content)
    compiled = {path.name: path.stat().st_mtime_ns for path in finished.iterdir() if path.suffix == ".so"}
    assert "convert/convert_hf_to_gguf.py missing" in manifest.differences(finished, sdist.read_lock(), None)
    done = run_build(*options, "--sdist", archive)
    assert done.returncode == 0, done.stderr
    assert "copying into" in done.stdout and "compiling" not in done.stdout
    assert manifest.differences(finished, sdist.read_lock(), None) == []
    assert manifest.changed_files(finished) == []
    assert {name: (finished / name).stat().st_mtime_ns for name in compiled} == compiled
    assert not (finished.parent / f".tree-{finished.name}").exists()


def test_a_toolkit_without_cublas_is_said_so(tmp_path: Path) -> None:
    log = tmp_path / "build.log"
    log.write_text(
        "CMake Error at ggml/src/ggml-cuda/CMakeLists.txt:178 (target_link_libraries):\n"
        '  Target "ggml-cuda" links to:\n\n    CUDA::cublas\n\n  but the target was not found.\n'
    )
    assert "no cuBLAS" in str(build.failure("CMake could not configure the build", log))
