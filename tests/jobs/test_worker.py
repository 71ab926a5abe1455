"""One worker: what it may see, what it may use, and how every way to end is told. All real processes."""

from __future__ import annotations

import errno
import json
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

import lab_app
from lab_app.jobs.states import JobState
from lab_app.system import paths
from lab_app.system.environment import worker_environment
from lab_app.system.errors import ExitCode

CANARIES = (
    "GGML_BACKEND_PATH", "GGML_CUDA_FORCE_MMQ", "LLAMA_ARG_MODEL", "LLAMA_CPP_LIB_PATH", "LLAMA_CACHE",
    "LD_PRELOAD", "LD_LIBRARY_PATH", "DYLD_INSERT_LIBRARIES", "PYTHONPATH", "PYTHONSTARTUP", "PYTHONHOME",
    "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "OPENAI_API_KEY", "AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN",
    "PIP_TOKEN", "ODYSSEY_LAB_DATA",
)  # fmt: skip
KEPT = {"LC_TIME": "C", "HF_ENDPOINT": "https://mirror.example", "PIP_INDEX_URL": "https://index.example",
        "CUDA_VISIBLE_DEVICES": "0", "SSL_CERT_FILE": "/certs.pem", "XDG_CACHE_HOME": "/cache"}  # fmt: skip


def test_what_a_worker_sees(toy: Any, folders: paths.Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in CANARIES:
        # PYTHONHOME and LD_PRELOAD would hurt this very process's children otherwise.
        monkeypatch.setenv(name, "canary" if name not in ("LD_PRELOAD", "PYTHONHOME") else "")
    for name, value in KEPT.items():
        monkeypatch.setenv(name, value)
    ran = toy("look", hints={"name": "shown"})
    seen = ran.values
    environment = seen["environment"]
    assert "canary" not in environment.values()
    assert not {name for name in CANARIES if name != "LLAMA_CPP_LIB_PATH"} & set(environment)
    assert KEPT.items() <= environment.items()
    assert {"PATH", "HOME"} <= set(environment)
    assert environment["GGML_NO_BACKTRACE"] == environment["PYTHONSAFEPATH"] == "1"
    assert Path(seen["cwd"]) == folders.work / ran.job.key
    assert seen["core"] == 0
    assert seen["group"] is True
    assert seen["hints"] == {"name": "shown"}
    assert Path(seen["lab_app"]) == Path(lab_app.__file__)
    assert not {"numpy", "llama_cpp", "torch", "sqlite3"} & set(seen["modules"])


def test_the_engine_a_worker_sees_is_the_labs_own(native_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLAMA_CPP_LIB_PATH", "/evil")
    assert worker_environment()["LLAMA_CPP_LIB_PATH"] == str(native_dir)


def test_no_file_beside_the_package_takes_a_standard_modules_place(
    toy: Any, tmp_path: Path, run_job: Any
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('evil')")
    (tmp_path / "spy.py").write_text("import json\n\ndef run(context):\n    return {'json': json.__file__}\n")
    ran = run_job("spy:run", import_paths=(str(tmp_path),))
    assert ran.values["json"] == json.__file__


def test_what_native_code_prints_goes_to_the_log(toy: Any) -> None:
    ran = toy("chatter")
    assert ran.state is JobState.DONE
    for text in ("from print", "from fd 1", "from a tool", "from stderr"):
        assert text in ran.log


@pytest.mark.parametrize(
    ("name", "params", "code", "words"),
    [
        ("refuse", {"error": "UsageError"}, ExitCode.USAGE, "It cannot be done."),
        ("refuse", {"error": "IntegrityError"}, ExitCode.INTEGRITY, "It cannot be done."),
        ("refuse", {"error": "NetworkError"}, ExitCode.NETWORK, "It cannot be done."),
        ("refuse", {"error": "ResourceError"}, ExitCode.RESOURCES, "It cannot be done."),
        ("stumble", {}, ExitCode.JOB_FAILED, "ZeroDivisionError: integer division or modulo by zero"),
        ("not_json", {}, ExitCode.JOB_FAILED, "TypeError"),
        ("missing", {}, ExitCode.JOB_FAILED, "AttributeError"),
        ("raise_os_error", {"errno": errno.ENOSPC}, ExitCode.RESOURCES, "No disk space is left"),
        ("raise_os_error", {"errno": errno.EFBIG}, ExitCode.RESOURCES, "may not become larger"),
        ("raise_os_error", {"errno": errno.EROFS}, ExitCode.RESOURCES, "/some/file cannot be written"),
        ("eat", {"bytes": 1 << 40}, ExitCode.RESOURCES, "The job ran out of memory."),
        ("abort", {}, ExitCode.JOB_FAILED,
         "The native engine stopped: ggml.c:1712: GGML_ASSERT(n_dims >= 1) failed."),
        ("die", {}, ExitCode.JOB_FAILED, "killed from outside"),
        ("die", {"signal": signal.SIGSEGV}, ExitCode.JOB_FAILED, "ended by SIGSEGV"),
        ("die", {"signal": signal.SIGTERM}, ExitCode.JOB_FAILED, "ended by SIGTERM"),
        ("leave", {}, ExitCode.JOB_FAILED, "ended without a result (exit code 17)"),
        ("nonsense", {"text": "hello\n"}, ExitCode.JOB_FAILED, "not an event: 'hello\\n'"),
        ("nonsense", {"text": "hello\n", "pause": 600}, ExitCode.JOB_FAILED, "not an event"),
        ("nonsense", {"hex": "ff0a"}, ExitCode.JOB_FAILED, "not an event"),
        ("nonsense", {"text": '{"event": "Result", "val'}, ExitCode.JOB_FAILED, "ended without a result"),
        ("nonsense", {"text": ""}, ExitCode.JOB_FAILED, "ended without a result (exit code 0)"),
    ],
)  # fmt: skip
def test_every_bad_end_is_one_sentence(
    toy: Any, name: str, params: dict[str, Any], code: int, words: str
) -> None:
    ran = toy(name, params)
    assert ran.state is JobState.FAILED
    assert words in ran.failure.message
    assert ran.failure.exit_code == code
    assert "\n" not in ran.failure.message
    assert ran.failure.hint


def test_a_line_without_end_does_not_fill_the_parent(toy: Any) -> None:
    ran = toy("nonsense", {"text": "x" * (17 << 20), "pause": 600})
    assert "not an event" in ran.failure.message
    assert len(ran.failure.message) < 300


def test_a_real_abort_of_the_native_engine(toy: Any, native_dir: Path) -> None:
    ran = toy("native_abort")
    assert ran.failure.message == "The native engine stopped: toys.c:7: the answer is 42."
    assert "/some/folder/toys.c" in ran.log


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems do not keep to RLIMIT_AS")
def test_address_space_is_limited(toy: Any) -> None:
    assert toy("eat", {"bytes": 1 << 30}).state is JobState.DONE
    assert toy("eat", {"bytes": 1 << 30}, memory_limit=10**30).state is JobState.DONE
    ran = toy("eat", {"bytes": 1 << 30}, memory_limit=512 << 20)
    assert ran.failure.message == "The job ran out of memory."
    assert ran.failure.exit_code == ExitCode.RESOURCES


def test_the_log_of_an_old_attempt_does_not_explain_a_new_one(toy: Any, folders: paths.Folders) -> None:
    ran = toy("abort")
    log = folders.logs / f"{ran.job.key}.log"
    assert "GGML_ASSERT" in log.read_text()
    from lab_app.jobs import postmortem

    size = log.stat().st_size
    with open(log, "a") as stream:
        stream.write("loading\n")
    assert postmortem.explain(-signal.SIGABRT, log, size).message == "The worker was ended by SIGABRT."


def test_provenance(toy: Any, store: Any) -> None:
    ran = toy("look")
    known = store.result(ran.job.key).provenance
    assert known["seed"] == 42
    assert known["lab_version"] == lab_app.__version__
    assert known["host"]["usable_cores"] >= 1
    assert {"cpu", "memory", "os", "gpus"} <= set(known["host"])
    assert known["attempt"] == 1
    assert known["seconds"] > 0
