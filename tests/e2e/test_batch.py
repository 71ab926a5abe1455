"""From a study file to a report and an exit code."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lab_app.store import Store
from tests.commandline import command, environment, lab, lines, named
from tests.e2e.conftest import STUDY, Batch
from tests.models import tiny_gguf


def numbers(studio: Path) -> list[list[str]]:
    """What the report says, without what differs from run to run."""
    with open(studio / "report" / "results.csv", newline="", encoding="utf-8") as stream:
        return list(csv.reader(stream))


def test_a_study_from_file_to_report(studio: Path, batch: Batch) -> None:
    done = batch()
    assert done.returncode == 0, done.stderr
    said = lines(done.stdout)
    assert [item["event"] for item in said[:1] + said[-2:]] == ["plan", "report", "finished"]
    plan, report, finished = said[0], said[-2], said[-1]
    assert finished["exit_code"] == 0 and finished["found"] == 0
    assert finished["ran"] == len(plan["jobs"])
    for name in ("report.html", "report.md", "results.csv", "report.json"):
        assert (studio / "report" / name).stat().st_size > 500
    assert set(report["files"]) == {str(path) for path in (studio / "report").rglob("*") if path.is_file()}
    assert report["verdict"], "the report has a verdict"
    assert all(sentence in (studio / "report/report.json").read_text() for sentence in report["verdict"][:1])

    states = [(item["title"], item["state"]) for item in named(said, "state")]
    titles = [title for title, state in states if state == "running"]
    assert titles == [
        "predict sizes", "divergence: tiny", "quantize to Q8_0", "divergence: Q8_0",
        "quantize to Q4_K_M", "divergence: Q4_K_M", "report",
    ]  # fmt: skip
    chunks = [item for item in named(said, "sample") if item["series"] == "chunk"]
    assert len(chunks) == 3 * 24, "24 chunks of base and two variants"
    assert all("payload" not in item for item in chunks)


def test_a_second_run_does_nothing_again(studio: Path, batch: Batch) -> None:
    assert batch().returncode == 0
    before = numbers(studio)
    done = batch()
    assert done.returncode == 0, done.stderr
    said = lines(done.stdout)
    assert len(named(said, "started")) == 1, "the report's worker and no other"
    assert said[-1]["ran"] == 1 and said[-1]["found"] == len(said[0]["jobs"]) - 1
    assert numbers(studio) == before
    assert not named(said, "sample")


def test_predicted_sizes_are_the_files_sizes(studio: Path, batch: Batch) -> None:
    done = batch("--dry-run")
    assert done.returncode == 0, done.stderr
    (plan,) = lines(done.stdout)
    assert not (studio / "report").exists()
    assert not list((studio / "data" / "artifacts").glob("*/*.gguf"))
    predicted = {job["title"]: job["bytes"] for job in plan["jobs"] if job["kind"] == "quantize"}
    logits = next(job["bytes"] for job in plan["jobs"] if job["title"] == "divergence: tiny")
    assert plan["disk_needed"] == sum(predicted.values()) + logits
    said = lines(batch().stdout)
    made = {Path(item["record"]["path"]).name: item["record"] for item in named(said, "artifact")}
    for name in ("Q8_0", "Q4_K_M"):
        record = made[f"tiny.{name}.gguf"]
        assert record["size"] == predicted[f"quantize to {name}"] == Path(record["path"]).stat().st_size
    written = made["base.logits"]["size"]
    assert written <= logits <= written * 1.2 + 4096, (
        "the bound on the log-probabilities is a bound, and near"
    )
    (again,) = lines(batch("--dry-run").stdout)
    assert [job["state"] for job in again["jobs"]] == ["done"] * (len(again["jobs"]) - 1) + ["to do"]
    assert again["disk_needed"] == 0


def test_a_dry_run_for_people(studio: Path) -> None:
    done = lab("--batch", "study.toml", "--dry-run", "--data-dir", "data", cwd=studio)
    assert done.returncode == 0
    assert "quantize to Q4_K_M" in done.stdout and "bits per weight" in done.stdout
    assert done.stderr == ""


def test_text_for_people_does_not_mix_with_json(studio: Path, batch: Batch) -> None:
    done = batch()
    lines(done.stdout)
    assert "Report: " in done.stderr and "quantize to Q8_0" in done.stderr
    people = lab("--batch", "study.toml", "--data-dir", "data", cwd=studio)
    assert people.returncode == 0
    assert people.stdout.splitlines()[-1].startswith("Report: ")
    assert (studio / "small-study-report" / "report.html").exists(), "the default folder"


def test_a_threshold_that_is_not_met(studio: Path, batch: Batch) -> None:
    (studio / "study.toml").write_text(STUDY + "[thresholds]\nmax_kld = 0.0\nmin_same_top = 0.0\n")
    done = batch()
    assert done.returncode == 7, done.stderr
    checks = lines(done.stdout)[-2]["thresholds"]
    assert {(check["name"], check["variant"], check["met"]) for check in checks} == {
        ("max_kld", "Q8_0", False), ("max_kld", "Q4_K_M", False),
        ("min_same_top", "Q8_0", True), ("min_same_top", "Q4_K_M", True),
    }  # fmt: skip
    assert "Threshold not met" in done.stderr
    (studio / "study.toml").write_text(STUDY + "[thresholds]\nmax_kld = 1000.0\n")
    done = batch()
    assert done.returncode == 0, done.stderr
    assert len(named(lines(done.stdout), "started")) == 1, "other thresholds measure nothing again"


def test_a_failed_job_leaves_the_rest_and_a_report(studio: Path, batch: Batch) -> None:
    tiny_gguf(studio / "other.gguf", seed=3)
    other = (studio / "other.gguf").read_bytes()
    # Another size of vocabulary would need another file; another architecture name fails when it is loaded.
    (studio / "other.gguf").write_bytes(other.replace(b"llama", b"lamma"))
    (studio / "study.toml").write_text(STUDY + '[[compare]]\nmodel = "other.gguf"\n')
    done = batch()
    assert done.returncode == 3, done.stderr
    said = lines(done.stdout)
    assert list(said[-1]["failed"]) == ["divergence: other"]
    assert said[-1]["exit_code"] == 3
    assert "divergence: other" in done.stderr and "failed" in done.stderr
    assert "Traceback" not in done.stderr
    report = (studio / "report" / "report.md").read_text()
    assert "Q4_K_M" in report and "other" in report
    again = batch()
    assert again.returncode == 3
    running = [item["title"] for item in named(lines(again.stdout), "state") if item["state"] == "running"]
    assert running == ["divergence: other", "report"], "only what failed is tried again"


def test_jobs_that_need_a_failed_one_are_blocked(studio: Path, batch: Batch) -> None:
    (studio / "short.txt").write_text("Too short a text.")
    (studio / "study.toml").write_text(STUDY + 'text = "short.txt"\n')
    done = batch()
    assert done.returncode == 3, done.stderr
    failed = lines(done.stdout)[-1]["failed"]
    assert "short.txt has" in failed["divergence: tiny"]
    assert "divergence: Q8_0" in failed and "quantize to Q8_0" not in failed


def test_resume_needs_an_earlier_run(studio: Path, batch: Batch) -> None:
    done = batch("--resume")
    assert done.returncode == 2
    assert "no earlier run" in done.stderr
    assert batch().returncode == 0
    assert batch("--resume").returncode == 0
    (studio / "study.toml").write_text(STUDY.replace("chunks = 24", "chunks = 20"))
    done = batch("--resume")
    assert done.returncode == 2
    assert "changed since its last run" in done.stderr


def test_more_types_later_measure_only_what_is_new(studio: Path, batch: Batch) -> None:
    assert batch().returncode == 0
    (studio / "study.toml").write_text(STUDY.replace('"Q4_K_M"', '"Q4_K_M", "Q5_0"'))
    done = batch()
    assert done.returncode == 0, done.stderr
    running = [item["title"] for item in named(lines(done.stdout), "state") if item["state"] == "running"]
    # The log-probabilities of the base are dropped when nobody needs them any more, so they are written again.
    assert running == ["predict sizes", "divergence: tiny", "quantize to Q5_0", "divergence: Q5_0", "report"]


def test_a_model_that_vanished_is_made_again(studio: Path, batch: Batch) -> None:
    said = lines(batch().stdout)
    path = next(Path(i["record"]["path"]) for i in named(said, "artifact") if "Q8_0" in i["record"]["path"])
    content = path.read_bytes()
    path.unlink()
    done = batch()
    running = [item["title"] for item in named(lines(done.stdout), "state") if item["state"] == "running"]
    assert running == ["quantize to Q8_0", "report"]
    assert path.read_bytes() == content, "quantizing is reproducible to the byte"


def test_a_disk_limit(studio: Path, batch: Batch) -> None:
    (studio / "study.toml").write_text(STUDY + "[resources]\ndisk = '1 MB'\n")
    for more in ((), ("--dry-run",)):
        done = batch(*more)
        assert done.returncode == 6, done.stderr
        assert "allows 1.0 MB" in done.stderr
        assert lines(done.stdout)[-1]["event"] == "error"


def test_a_memory_limit_stops_the_worker_and_not_the_run(studio: Path, batch: Batch) -> None:
    (studio / "study.toml").write_text(STUDY + "[resources]\nmemory = '64 MB'\n")
    done = batch()
    assert done.returncode in (3, 6), done.stderr
    assert lines(done.stdout)[-1]["failed"]
    assert "Traceback" not in done.stderr


def test_out_is_a_file(studio: Path, batch: Batch) -> None:
    (studio / "report").write_text("mine")
    done = batch()
    assert done.returncode == 2
    assert (studio / "report").read_text() == "mine"


def test_two_runs_at_once(studio: Path, batch: Batch) -> None:
    folder = studio / "data"
    folder.mkdir()
    with Store.open(folder / "lab.db"):
        done = batch()
    assert done.returncode == 6, done.stderr
    assert "Traceback" not in done.stderr


def test_variants_share_the_model_and_differ_in_settings(studio: Path, batch: Batch) -> None:
    text = STUDY.replace('types = ["Q8_0", "Q4_K_M"]', 'types = ["Q8_0"]')
    text += '[[variant]]\nname = "cache q4_0"\nof = "Q8_0"\nkv_type_k = "q4_0"\nkv_type_v = "q4_0"\n'
    (studio / "study.toml").write_text(text)
    done = batch()
    assert done.returncode == 0, done.stderr
    data: dict[str, Any] = json.loads((studio / "report" / "report.json").read_text())
    assert "cache q4_0" in json.dumps(data)


def test_the_parent_stays_small(studio: Path) -> None:
    code = (
        "import resource, sys\n"
        "from lab_app.cli import main\n"
        "code = main(['--batch', 'study.toml', '--data-dir', 'data', '--out', 'report', '--json'])\n"
        "peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024\n"
        "heavy = [n for n in ('numpy', 'matplotlib', 'llama_cpp', 'torch') if n in sys.modules]\n"
        "print(code, peak, *heavy, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=studio,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    words = done.stderr.splitlines()[-1].split()
    assert words[0] == "0" and words[2:] == [], done.stderr
    assert int(words[1]) < 150, f"{words[1]} MB"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize("no_color", ["", "1"])
def test_bars_on_a_terminal(studio: Path, no_color: str) -> None:
    import pty

    master, slave = pty.openpty()
    env = environment({"TERM": "xterm-256color", "NO_COLOR": no_color, "COLUMNS": "100"})
    line = command("--batch", "study.toml", "--data-dir", "data", "--out", "report")
    process = subprocess.Popen(line, stdout=slave, stderr=slave, cwd=studio, env=env)
    os.close(slave)
    output = b""
    while True:
        try:
            output += os.read(master, 65536)
        except OSError:
            break
    os.close(master)
    assert process.wait() == 0, output.decode()
    assert b"all jobs" in output and b"done     quantize to Q8_0" in output
    assert (b"\x1b[3" in output) is (not no_color), "colours follow NO_COLOR"
