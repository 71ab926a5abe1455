"""Places where nothing can or may be written: the source itself, read-only folders, somebody else's folder."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lab_app.jobs.job import FileInput
from lab_app.jobs.states import JobState
from lab_app.system.hashing import sha256_file
from lab_app.system.paths import Folders
from tests.commandline import command, environment, failures, lab, lines
from tests.conftest import RunJob
from tests.disks import fill, read_only, small_disk
from tests.e2e.conftest import SMALL, make_studio
from tests.models import tiny_gguf

QUANTIZE = {"type": "Q4_0", "overrides": {}, "allow_requantize": True}


def one_sentence(text: str) -> bool:
    return text.endswith(".") and "\n" not in text and "unexpected" not in text


# -- input = output --------------------------------------------------------------------------------------


def _itself(folder: Path, source: Path) -> Path:
    return source


def _symlink(folder: Path, source: Path) -> Path:
    link = folder / "link.gguf"
    link.symlink_to(source)
    return link


def _hard_link(folder: Path, source: Path) -> Path:
    link = folder / "hard.gguf"
    os.link(source, link)
    return link


def _by_another_way(folder: Path, source: Path) -> Path:
    (folder / "elsewhere").symlink_to(source.parent)
    return folder / "elsewhere" / source.name


@pytest.mark.parametrize("way", [_itself, _symlink, _hard_link, _by_another_way])
@pytest.mark.parametrize("turned", [False, True])
def test_the_source_is_never_replaced(
    way: Callable[[Path, Path], Path], turned: bool, run_job: RunJob, native_dir: Path, tmp_path: Path
) -> None:
    """One name is the source's and the other the new file's; either may be the link."""
    source = tiny_gguf(tmp_path / "source.gguf", layers=1)
    other = way(tmp_path, source)
    model, target = (other, source) if turned else (source, other)
    digest = sha256_file(source)
    ran = run_job(
        "quantize", QUANTIZE, {"model": FileInput(str(model), digest)},
        hints={"out_dir": str(target.parent), "name": target.name},
    )  # fmt: skip
    assert ran.state is JobState.FAILED and ran.failure.exit_code == 2
    assert "would replace its own source" in ran.failure.message and one_sentence(ran.failure.message)
    assert sha256_file(source) == digest
    assert os.path.samefile(source, other), "links are as they were"


# -- nothing can be written --------------------------------------------------------------------------------


def test_a_read_only_data_folder(native_dir: Path, tmp_path: Path) -> None:
    make_studio(tmp_path)
    (tmp_path / "data").mkdir()
    with read_only(tmp_path / "data"):
        done = lab("--batch", "study.toml", "--data-dir", "data", "--json", cwd=tmp_path)
    _refused(done, "data")


def test_a_folder_that_takes_no_report(native_dir: Path, tmp_path: Path) -> None:
    """What was measured stays, and the next run with another folder measures nothing again."""
    make_studio(tmp_path)
    (tmp_path / "study.toml").write_text(SMALL)
    (tmp_path / "report").mkdir()
    line = ("--batch", "study.toml", "--data-dir", "data", "--json")
    with read_only(tmp_path / "report"):
        done = lab(*line, "--out", "report", cwd=tmp_path)
    assert "cannot be written to" in _refused(done, "report")
    assert [line["event"] for line in lines(done.stdout)] == ["error"], "before the work"
    assert not list((tmp_path / "report").iterdir())
    with small_disk(tmp_path / "full", 1) as full:
        filler = fill(full)
        done = lab(*line, "--out", "full", cwd=tmp_path)
        assert "results.csv cannot be written: No space" in _refused(done, "full")
        assert list(full.iterdir()) == [filler]
    done = lab(*line, "--out", "other", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert lines(done.stdout)[-1]["ran"] == 1, "the report"


def _refused(done: subprocess.CompletedProcess[str], word: str) -> str:
    assert done.returncode == 6, done.stderr
    assert "Traceback" not in done.stderr and "internal error" not in done.stderr
    last: dict[str, Any] = lines(done.stdout)[-1]
    assert last["event"] == "error" and last["exit_code"] == 6 and last["hint"]
    assert word in last["message"] and one_sentence(last["message"])
    return str(last["message"])


@pytest.fixture
def bound() -> list[str]:
    """What stands before a command whose process the modes of folders bind, even where tests run as root."""
    if sys.platform == "win32":
        pytest.skip("folders have other rights here")
    if os.geteuid() != 0:
        return []
    dropped = "-dac_override,-dac_read_search"
    words = ["setpriv", f"--bounding-set={dropped}", f"--inh-caps={dropped}"]
    try:
        done = subprocess.run([*words, "true"], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no setpriv here")
    if done.returncode:
        pytest.skip(f"root's rights cannot be dropped here: {done.stderr.strip()}")
    return words


def test_a_locked_folder_of_finished_files(bound: list[str], native_dir: Path, tmp_path: Path) -> None:
    make_studio(tmp_path)
    (tmp_path / "study.toml").write_text(SMALL)
    data = Folders(tmp_path / "data").create()
    data.artifacts.chmod(0o555)
    line = command("--batch", "study.toml", "--data-dir", "data", "--out", "report", "--json")
    done = subprocess.run(
        [*bound, *line], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 6, done.stderr
    assert "Traceback" not in done.stderr
    failed = failures(lines(done.stdout))
    assert {"divergence: tiny", "quantize to Q4_0"} < set(failed)
    assert all(map(one_sentence, failed.values())), failed
    assert failed["quantize to Q4_0"].startswith(f"{data.artifacts}/")
    assert "cannot be written or read: Permission denied" in failed["quantize to Q4_0"]
    assert not list(data.artifacts.iterdir())
    assert not list(data.work.rglob("quantized.part")) and not (tmp_path / "report").exists()


def test_finished_files_may_lie_on_another_disk(
    run_job: RunJob, folders: Folders, native_dir: Path, tmp_path: Path
) -> None:
    """Whoever has a small system disk makes ``artifacts`` a link to a large one; a rename cannot cross over."""
    source = tiny_gguf(tmp_path / "source.gguf", layers=1)
    with small_disk(tmp_path / "disk", 8) as disk:
        folders.artifacts.rmdir()
        folders.artifacts.symlink_to(disk)
        ran = run_job("quantize", QUANTIZE, {"model": FileInput(str(source), sha256_file(source))})
        assert ran.state is JobState.DONE, ran.failure
        record = ran.artifacts["model"]
        assert sha256_file(record.path) == record.sha256
        assert [path.name for path in disk.rglob("*") if path.is_file()] == [Path(record.path).name]
        folders.artifacts.unlink()
