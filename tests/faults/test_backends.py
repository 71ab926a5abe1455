"""Native libraries from the wrong place: planted, missing, of another version. Each case is a fresh process."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lab_app.system import paths
from lab_app.system.environment import worker_environment
from tests.commandline import lab, lines
from tests.e2e.conftest import SMALL, make_studio

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="builds ELF and Mach-O libraries")

USE_ENGINE = """
import sys
from lab_app.engines import native_api, open_engine
from lab_app.engines.base import EngineSettings
engine = open_engine("llama", sys.argv[1], EngineSettings(threads=1))
tokens = engine.generate(engine.tokenize("One, two,"), max_tokens=2).tokens
print(len(tokens), *native_api.native().backends)
engine.close()
"""
LOAD = """
from lab_app.engines import native_api
from lab_app.system.errors import LabError
try:
    native_api.native()
    print("loaded")
except LabError as error:
    print(type(error).__name__ + ": " + str(error))
"""
LOAD_ANYWHERE = """
import ctypes, os, sys
library = ctypes.CDLL(os.path.join(sys.argv[1], sys.argv[2]))
library.ggml_backend_load_all()
"""


@pytest.fixture
def evil(tmp_path: Path) -> Path:
    """A folder of libraries that write ``marker`` there the moment anything loads them."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler")
    folder = tmp_path / "evil"
    folder.mkdir()
    source = tmp_path / "evil.c"
    source.write_text(
        "#include <stdio.h>\n"
        "__attribute__((constructor)) static void run(void) {\n"
        f'    FILE * marker = fopen("{folder}/marker", "a");\n'
        '    if (marker) { fputs("loaded\\n", marker); fclose(marker); }\n'
        "}\n"
        "int ggml_backend_score(void) { return 1000000; }\n"
        "void * ggml_backend_init(void) { return 0; }\n"
    )
    first = folder / "libggml-cpu-evil.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", first, source], check=True)
    for name in ("libggml-base.so", "libggml-base.so.0", "libggml.so", "libggml.so.0", "libllama.so", "libllama.so.0",
                 "libggml-blas-evil.so", "libggml-cpu.so", "libggml-cuda.so"):  # fmt: skip
        shutil.copy(first, folder / name)
    return folder


@pytest.fixture
def other_native(tmp_path: Path) -> Path:
    """A copy of the native folder that a test may damage."""
    source, target = paths.native_dir(), tmp_path / "native"
    target.mkdir()
    for path in source.iterdir():
        if path.is_symlink():
            (target / path.name).symlink_to(os.readlink(path))
        elif path.is_file() and (".so" in path.name or path.suffix in (".json", ".dylib")):
            shutil.copy2(path, target / path.name)
    return target


def _run(code: str, *arguments: object, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("GGML_", "LD_"))}
    environment |= {
        "PYTHONPATH": str(paths.PACKAGE_ROOT.parent),
        "ODYSSEY_LAB_NATIVE": str(paths.native_dir()),
    }
    return subprocess.run(
        [sys.executable, "-P", "-c", code, *map(str, arguments)],
        cwd=cwd,
        env={**environment, **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def _edit_manifest(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    path = folder / "manifest.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    change(data)
    path.write_text(json.dumps(data), encoding="utf-8")


def test_the_planted_library_is_a_real_danger(evil: Path) -> None:
    """The other tests could not fail if llama.cpp's own search did not load it from the working directory."""
    suffix = "dylib" if sys.platform == "darwin" else "so"
    _run(LOAD_ANYWHERE, paths.native_dir(), f"libggml.{suffix}", cwd=evil)
    assert (evil / "marker").exists()


def test_planted_libraries_are_never_loaded(evil: Path, demo_model: Path) -> None:
    done = _run(
        USE_ENGINE,
        demo_model,
        cwd=evil,
        GGML_BACKEND_PATH=str(evil / "libggml-cpu-evil.so"),
        LD_LIBRARY_PATH=str(evil),
        DYLD_LIBRARY_PATH=str(evil),
        LLAMA_CPP_LIB_PATH=str(evil),
    )
    assert not (evil / "marker").exists()
    assert done.returncode == 0, done.stderr[-2000:]
    count, *backends = done.stdout.split()
    assert count == "2" and backends and all("evil" not in name for name in backends)


def test_nothing_of_the_callers_library_settings_reaches_workers(evil: Path) -> None:
    planted = str(evil / "libggml-cpu-evil.so")
    dangerous = {
        "GGML_BACKEND_PATH": planted,
        "LD_PRELOAD": planted,
        "LD_LIBRARY_PATH": str(evil),
        "DYLD_INSERT_LIBRARIES": planted,
        "LLAMA_CPP_LIB_PATH": str(evil),
    }
    environment = worker_environment({**os.environ, **dangerous})
    environment["PYTHONPATH"] = str(paths.PACKAGE_ROOT.parent)
    done = subprocess.run(
        [sys.executable, "-P", "-c", LOAD],
        cwd=evil,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "loaded", done.stderr[-2000:]
    assert not (evil / "marker").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="LD_PRELOAD")
def test_a_preloaded_backend_is_noticed(evil: Path) -> None:
    done = _run(LOAD, cwd=evil, LD_PRELOAD=str(evil / "libggml-cpu-evil.so"))
    assert done.stdout.startswith("IntegrityError: ")
    assert "libggml-cpu-evil.so was loaded into the engine although it is not the lab's" in done.stdout


def test_a_library_planted_in_the_native_folder_is_refused_unopened(evil: Path, other_native: Path) -> None:
    shutil.copy(evil / "libggml-cpu-evil.so", other_native)
    done = _run(LOAD, cwd=evil, ODYSSEY_LAB_NATIVE=str(other_native))
    assert (
        "IntegrityError: " in done.stdout
        and "libggml-cpu-evil.so was not made by the lab's build" in done.stdout
    )
    assert not (evil / "marker").exists()


def test_a_link_out_of_the_native_folder_is_refused_unopened(evil: Path, other_native: Path) -> None:
    (other_native / "libggml-cpu-zz.so").symlink_to(evil / "libggml-cpu-evil.so")
    done = _run(LOAD, cwd=evil, ODYSSEY_LAB_NATIVE=str(other_native))
    assert "libggml-cpu-zz.so was not made by the lab's build" in done.stdout
    assert not (evil / "marker").exists()


def test_a_missing_folder(tmp_path: Path) -> None:
    done = _run(LOAD, cwd=tmp_path, ODYSSEY_LAB_NATIVE=str(tmp_path / "nowhere"))
    assert done.stdout.startswith("ResourceError: $ODYSSEY_LAB_NATIVE names ")
    assert done.stdout.count("\n") == 1


@pytest.mark.parametrize("name", ["llama", "ggml-base"])
def test_a_missing_library(other_native: Path, name: str) -> None:
    for path in other_native.glob(f"lib{name}.*"):
        path.unlink()
    done = _run(LOAD, cwd=other_native.parent, ODYSSEY_LAB_NATIVE=str(other_native))
    assert done.stdout.startswith(f"ResourceError: The native library lib{name}.")
    assert "is missing" in done.stdout


def test_no_backend_at_all(other_native: Path) -> None:
    for path in [*other_native.glob("libggml-cpu-*"), *other_native.glob("libggml-cpu.*")]:
        path.unlink()
    done = _run(LOAD, cwd=other_native.parent, ODYSSEY_LAB_NATIVE=str(other_native))
    assert done.stdout.startswith("ResourceError: No CPU backend in ")


def test_a_truncated_library(other_native: Path) -> None:
    library = next(other_native.glob("libllama.so*")).resolve()
    os.truncate(library, library.stat().st_size // 2)
    done = _run(LOAD, cwd=other_native.parent, ODYSSEY_LAB_NATIVE=str(other_native))
    assert done.stdout.startswith("IntegrityError: ") and "its size differs" in done.stdout


def test_a_library_without_the_functions_of_the_bindings(evil: Path, other_native: Path) -> None:
    library = next(other_native.glob("libllama.so*")).resolve()
    compiler = shutil.which("cc")
    assert compiler is not None
    empty = other_native.parent / "empty.c"
    empty.write_text("int llama_nothing(void) { return 0; }\n")
    library.unlink()
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-Wl,-soname,libllama.so.0", "-o", library, empty], check=True
    )
    _edit_manifest(other_native, lambda data: data["files"][library.name].update(size=library.stat().st_size))
    done = _run(LOAD, cwd=other_native.parent, ODYSSEY_LAB_NATIVE=str(other_native))
    assert done.stdout.startswith("IntegrityError: libllama.so lacks llama_")
    assert done.stdout.count("\n") == 1


def test_libraries_of_another_version(other_native: Path) -> None:
    _edit_manifest(other_native, lambda data: data.update(version="0.2.0"))
    done = _run(LOAD, cwd=other_native.parent, ODYSSEY_LAB_NATIVE=str(other_native))
    assert done.stdout.startswith("IntegrityError: llama-cpp-python is version ")
    assert "the native engine is from 0.2.0" in done.stdout


def test_libraries_of_another_commit(other_native: Path) -> None:
    if paths.checkout_root() is None:
        pytest.skip("only a checkout has native/llama.lock")
    _edit_manifest(other_native, lambda data: data.update(commit="deadbeef0"))
    done = _run(LOAD, cwd=other_native.parent, ODYSSEY_LAB_NATIVE=str(other_native))
    assert done.stdout.startswith(
        "IntegrityError: The native engine is llama.cpp deadbeef0, but native/llama.lock"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is one C++ runtime")
def test_libraries_share_one_runtime(tmp_path: Path) -> None:
    """Else a build with static copies of the runtime crashes when it compiles a regular expression."""
    code = LOAD + "import ctypes; print(bool(ctypes.CDLL(None)._ZNSt6locale7classicEv))"
    done = _run(code, cwd=tmp_path)
    assert done.stdout.split() == ["loaded", "True"], done.stderr


def test_importing_the_bindings_later_gives_the_same_library(tmp_path: Path) -> None:
    code = (
        "from lab_app.engines import native_api\n"
        "import sys\n"
        "module = native_api.load()\n"
        "assert 'llama_cpp' not in sys.modules and 'jinja2' not in sys.modules\n"
        "import llama_cpp\n"
        "assert llama_cpp.llama_cpp is module and llama_cpp.Llama\n"
        "print('same')\n"
    )
    done = _run(code, cwd=tmp_path)
    assert done.stdout.strip() == "same", done.stderr[-2000:]


# -- the same through the command line ---------------------------------------------------------------------


def test_a_study_run_in_a_folder_of_planted_libraries(evil: Path) -> None:
    """Quantizing, measuring and the report: no worker, and no tool of one, loads what lies in the working folder."""
    make_studio(evil)
    (evil / "study.toml").write_text(SMALL)
    planted = {
        "GGML_BACKEND_PATH": str(evil / "libggml-cpu-evil.so"),
        "LLAMA_CPP_LIB_PATH": str(evil),
        "DYLD_LIBRARY_PATH": str(evil),
        "LD_LIBRARY_PATH": str(evil),
    }
    done = lab("--batch", "study.toml", "--data-dir", ".", "--out", ".", cwd=evil, env=planted)
    assert done.returncode == 0, done.stderr
    assert (evil / "report.html").exists()
    assert not (evil / "marker").exists()


def test_a_study_without_a_library(other_native: Path) -> None:
    """Every job that needs it says so in one sentence."""
    studio = make_studio(other_native.parent)
    for path in other_native.glob("libllama.*"):
        path.unlink()
    line = ("--batch", "study.toml", "--data-dir", "data", "--out", "report", "--json")
    done = lab(*line, cwd=studio, env={"ODYSSEY_LAB_NATIVE": str(other_native)})
    assert done.returncode == 6, done.stderr
    assert "Traceback" not in done.stderr
    last = lines(done.stdout)[-1]
    sentences = (
        [job["message"] for job in last["failed"]] if last["event"] == "finished" else [last["message"]]
    )
    assert any(sentence.startswith("The native library libllama.") for sentence in sentences), sentences
    assert all(sentence.endswith(".") and "\n" not in sentence for sentence in sentences)
