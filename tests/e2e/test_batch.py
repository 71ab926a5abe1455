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
from lab_app.system import paths, settings
from lab_app.system.settings import Settings
from tests.commandline import command, environment, failures, lab, lines, named
from tests.e2e.conftest import SMALL, STUDY, Batch, FirstRun
from tests.models import tiny_gguf


def numbers(studio: Path) -> list[list[str]]:
    """What the report says, without what differs from run to run."""
    with open(studio / "report" / "results.csv", newline="", encoding="utf-8") as stream:
        return list(csv.reader(stream))


def running(done: subprocess.CompletedProcess[str]) -> list[str]:
    """Titles of the jobs that ran, in order."""
    return [item["title"] for item in named(lines(done.stdout), "state") if item["state"] == "running"]


def test_a_study_from_file_to_report(first: FirstRun) -> None:
    said, folder = first.said, first.folder / "report"
    assert [item["event"] for item in said[:1] + said[-2:]] == ["plan", "report", "finished"]
    plan, report, finished = said[0], said[-2], said[-1]
    assert finished["exit_code"] == 0 and finished["found"] == 0
    assert finished["ran"] == len(plan["jobs"])
    for name in ("report.html", "report.md", "results.csv", "report.json"):
        assert (folder / name).stat().st_size > 500
    assert set(report["files"]) == {str(path) for path in folder.rglob("*") if path.is_file()}
    assert report["verdict"], "the report has a verdict"
    assert all(sentence in (folder / "report.json").read_text() for sentence in report["verdict"][:1])

    titles = [item["title"] for item in named(said, "state") if item["state"] == "running"]
    assert titles == [
        "predict sizes", "divergence: tiny", "quantize to Q8_0", "divergence: Q8_0",
        "quantize to Q4_K_M", "divergence: Q4_K_M", "report",
    ]  # fmt: skip
    chunks = [item for item in named(said, "sample") if item["series"] == "chunk"]
    assert len(chunks) == 3 * 24, "24 chunks of base and two variants"
    assert all("payload" not in item for item in chunks)


def test_the_parent_stays_small(first: FirstRun) -> None:
    code, peak, *heavy = first.watched
    assert code == "0" and heavy == []
    assert int(peak) < 150e6, f"{int(peak) / 1e6:.0f} MB"


def test_text_for_people_does_not_mix_with_json(first: FirstRun) -> None:
    assert "Report: " in first.people and "quantize to Q8_0" in first.people
    assert "{" not in first.people


def test_a_run_for_people(studio: Path, first: FirstRun) -> None:
    people = lab("--batch", "study.toml", "--data-dir", first.folder / "data", cwd=studio)
    assert people.returncode == 0
    assert people.stdout.splitlines()[-1].startswith("Report: ")
    assert (studio / "small-study-report" / "report.html").exists(), "the default folder"


def test_a_second_run_does_nothing_again(studio: Path, first: FirstRun, again: Batch) -> None:
    done = again()
    assert done.returncode == 0, done.stderr
    said = lines(done.stdout)
    assert len(named(said, "started")) == 1, "the report's worker and no other"
    assert said[-1]["ran"] == 1 and said[-1]["found"] == len(said[0]["jobs"]) - 1
    assert ": 1 job to do, " in done.stderr
    assert numbers(studio) == numbers(first.folder)
    assert not named(said, "sample")


def test_predicted_sizes_are_the_files_sizes(
    studio: Path, first: FirstRun, batch: Batch, again: Batch
) -> None:
    done = batch("--dry-run")
    assert done.returncode == 0, done.stderr
    (plan,) = lines(done.stdout)
    assert not (studio / "report").exists()
    assert not list((studio / "data" / "artifacts").glob("*/*.gguf"))
    predicted = {job["title"]: job["bytes"] for job in plan["jobs"] if job["kind"] == "quantize"}
    logits = next(job["bytes"] for job in plan["jobs"] if job["title"] == "divergence: tiny")
    assert plan["disk_needed"] == sum(predicted.values()) + logits
    made = {Path(item["record"]["path"]).name: item["record"] for item in named(first.said, "artifact")}
    for name in ("Q8_0", "Q4_K_M"):
        assert made[f"tiny.{name}.gguf"]["size"] == predicted[f"quantize to {name}"]
    written = made["base.logits"]["size"]
    assert written <= logits <= written * 1.2 + 4096, (
        "the bound on the log-probabilities is a bound, and near"
    )
    (plan,) = lines(again("--dry-run").stdout)
    assert [job["state"] for job in plan["jobs"]] == ["done"] * (len(plan["jobs"]) - 1) + ["to do"]
    assert plan["disk_needed"] == 0


def test_predicted_sizes_with_an_importance_matrix(studio: Path, batch: Batch) -> None:
    """It is noted in the files, under another name where the text's own would be dangerous, and changes types."""
    tiny_gguf(studio / "tiny.gguf", layers=8)
    (studio / "ggml text.txt").write_text("the quick brown fox jumps over the lazy dog. " * 40)
    text = SMALL.replace('types = ["Q4_0"]', 'types = ["Q4_0", "IQ4_XS"]')
    text += '[quantize.imatrix]\ntext = "ggml text.txt"\ncontext = 64\nchunks = 1\n'
    (studio / "study.toml").write_text(text)
    done = batch("--dry-run")
    assert done.returncode == 0, done.stderr
    (plan,) = lines(done.stdout)
    predicted = {job["title"]: job["bytes"] for job in plan["jobs"] if job["kind"] == "quantize"}
    done = batch()
    assert done.returncode == 0, done.stderr
    made = {
        Path(item["record"]["path"]).name: item["record"] for item in named(lines(done.stdout), "artifact")
    }
    for name in ("Q4_0", "IQ4_XS"):
        assert made[f"tiny.{name}.gguf"]["size"] == predicted[f"quantize to {name}"], name
    # What the matrix covers stands between its job and the first that uses it.
    table = done.stderr.index("blk.0–7.attn_q.weight")
    assert done.stderr.index("importance matrix") < table < done.stderr.index("quantize to Q4_0")
    covered = {
        line.split()[0]: line.split() for line in done.stderr[table:].splitlines() if ".weight" in line
    }
    assert covered["blk.0–7.attn_q.weight"][1:] == ["8", "yes", "64", "–"]
    assert "not needed" in " ".join(covered["token_embd.weight"])
    assert "64 tokens of textggml text.txt" in done.stderr


def test_a_dry_run_for_people(studio: Path) -> None:
    done = lab("--batch", "study.toml", "--dry-run", "--data-dir", "data", cwd=studio)
    assert done.returncode == 0
    assert "quantize to Q4_K_M" in done.stdout and "bits per weight" in done.stdout
    assert done.stderr == ""


def test_a_threshold_that_is_not_met(studio: Path, again: Batch) -> None:
    (studio / "study.toml").write_text(STUDY + "[thresholds]\nmax_kld = 0.0\nmin_same_top = 0.0\n")
    done = again()
    assert done.returncode == 7, done.stderr
    said = lines(done.stdout)
    assert {(check["name"], check["variant"], check["met"]) for check in said[-2]["thresholds"]} == {
        ("max_kld", "Q8_0", False), ("max_kld", "Q4_K_M", False),
        ("min_same_top", "Q8_0", True), ("min_same_top", "Q4_K_M", True),
    }  # fmt: skip
    assert "Threshold not met" in done.stderr
    assert len(named(said, "started")) == 1, "thresholds measure nothing again"


def test_a_failed_job_leaves_the_rest_and_a_report(studio: Path, again: Batch) -> None:
    tiny_gguf(studio / "other.gguf", seed=3)
    other = (studio / "other.gguf").read_bytes()
    # Another size of vocabulary would need another file; another architecture name fails when it is loaded.
    (studio / "other.gguf").write_bytes(other.replace(b"llama", b"lamma"))
    (studio / "study.toml").write_text(STUDY + '[[compare]]\nmodel = "other.gguf"\n')
    done = again()
    assert done.returncode == 3, done.stderr
    said = lines(done.stdout)
    assert list(failures(said)) == ["divergence: other"]
    assert said[-1]["exit_code"] == 3
    assert "divergence: other" in done.stderr and "failed" in done.stderr
    assert "Traceback" not in done.stderr
    report = (studio / "report" / "report.md").read_text()
    assert "Q4_K_M" in report and "other" in report
    (plan,) = lines(again("--dry-run").stdout)
    to_do = [job["title"] for job in plan["jobs"] if job["state"] == "to do"]
    assert to_do == ["divergence: other", "report"], "only what failed is tried again"


def test_what_llama_cpp_would_not_make_is_refused_before_the_work(studio: Path) -> None:
    """Only its own dry run knows; a study's run says the same as a dry run, and measures nothing."""
    study = SMALL.replace('"Q4_0"', '"F16"').replace("[engine]", "overrides = {ffn_down = 'q8_0'}\n[engine]")
    (studio / "study.toml").write_text(study)
    options = ("--batch", str(studio / "study.toml"), "--data-dir", str(studio / "data"), "--json")
    dry, real = lab(*options, "--dry-run"), lab(*options, "--out", str(studio / "report"))
    assert (dry.returncode, real.returncode) == (2, 2), real.stderr
    (said,), (again,) = (named(lines(done.stdout), "error") for done in (dry, real))
    assert "no effect" in said["message"]
    assert {**said, "time": 0} == {**again, "time": 0}
    assert running(real) == ["predict sizes"]
    assert not (studio / "report").exists()


def test_jobs_that_need_a_failed_one_are_blocked(studio: Path, again: Batch) -> None:
    (studio / "short.txt").write_text("Too short a text.")
    (studio / "deeper").mkdir()
    tiny_gguf(studio / "deeper" / "tiny.gguf", seed=4)  # is measured under a title of its own's like
    (studio / "study.toml").write_text(
        STUDY + 'text = "short.txt"\n[[compare]]\nmodel = "deeper/tiny.gguf"\n'
    )
    done = again()
    assert done.returncode == 3, done.stderr
    all_failed = lines(done.stdout)[-1]["failed"]
    base, other = (job for job in all_failed if job["title"] == "divergence: tiny")
    assert base["job"] != other["job"] and (base["blocked"], other["blocked"]) == (False, True)
    assert "short.txt has" in base["message"]
    failed = failures(lines(done.stdout))
    assert "divergence: Q8_0" in failed and "quantize to Q8_0" not in failed


def test_resume_needs_an_earlier_run(studio: Path, batch: Batch, again: Batch) -> None:
    done = batch("--resume")
    assert done.returncode == 2
    assert "no earlier run" in done.stderr and str(studio / "data") in done.stderr
    assert not (studio / "data").exists(), "a folder that was mistyped is not made"
    assert again().returncode == 0  # another test may have run another text of it
    done = again("--resume")
    assert done.returncode == 0 and "was changed" not in done.stderr
    (studio / "study.toml").write_text(STUDY + "[resources]\ndisk = '1 TiB'\n")
    done = again("--resume")
    assert done.returncode == 0 and "goes on; everything else is as the file says now" in done.stderr
    assert running(done) == ["report"]
    manifest = json.loads((paths.native_dir() / "manifest.json").read_text())
    (studio / "native").mkdir()
    (studio / "native" / "manifest.json").write_text(json.dumps({**manifest, "compiler": "another"}))
    done = again("--resume", ODYSSEY_LAB_NATIVE=str(studio / "native"))
    assert done.returncode == 2
    assert "engine" in done.stderr and "was changed" not in done.stderr
    model = (studio / "tiny.gguf").read_bytes()
    tiny_gguf(studio / "tiny.gguf", seed=3)
    done = again("--resume")
    assert done.returncode == 2
    assert "model or text" in done.stderr
    (studio / "tiny.gguf").write_bytes(model)
    (studio / "study.toml").write_text(STUDY.replace("chunks = 24", "chunks = 20"))
    done = again("--resume")
    assert done.returncode == 2
    assert "changed since its last run" in done.stderr


def test_more_types_later_measure_only_what_is_new(studio: Path, again: Batch) -> None:
    (studio / "study.toml").write_text(STUDY.replace('"Q4_K_M"', '"Q4_K_M", "Q5_0"'))
    done = again()
    assert done.returncode == 0, done.stderr
    # The log-probabilities of the base are dropped when nobody needs them any more, so they are written again.
    assert running(done) == [
        "predict sizes", "divergence: tiny", "quantize to Q5_0", "divergence: Q5_0", "report",
    ]  # fmt: skip


def test_a_model_that_vanished_or_was_damaged_is_made_again(first: FirstRun, again: Batch) -> None:
    made = (Path(item["record"]["path"]) for item in named(first.said, "artifact"))
    path = next(path for path in made if "Q8_0" in path.name)
    content = path.read_bytes()
    path.unlink()
    assert running(again()) == ["quantize to Q8_0", "report"]
    assert path.read_bytes() == content, "quantizing is reproducible to the byte"
    flipped = bytearray(content)
    flipped[-4096:] = bytes(255 - byte for byte in flipped[-4096:])
    path.write_bytes(flipped)
    assert running(again()) == ["quantize to Q8_0", "report"], "a damaged file is not measured"
    assert path.read_bytes() == content


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


def test_variants_share_the_model_and_differ_in_settings(studio: Path, again: Batch) -> None:
    text = STUDY.replace('types = ["Q8_0", "Q4_K_M"]', 'types = ["Q8_0"]')
    text += '[[variant]]\nname = "cache q4_0"\nof = "Q8_0"\nkv_type_k = "q4_0"\nkv_type_v = "q4_0"\n'
    (studio / "study.toml").write_text(text)
    done = again()
    assert done.returncode == 0, done.stderr
    assert not [title for title in running(done) if title.startswith("quantize")]
    data: dict[str, Any] = json.loads((studio / "report" / "report.json").read_text())
    assert "cache q4_0" in json.dumps(data)


def on_a_terminal(*words: object, cwd: Path, **variables: str) -> tuple[int, bytes]:
    """Exit code of the command, and what it wrote to a terminal."""
    import pty

    master, slave = pty.openpty()
    env = environment({"TERM": "xterm-256color", "COLUMNS": "100", **variables})
    process = subprocess.Popen(command(*words), stdout=slave, stderr=slave, cwd=cwd, env=env)
    os.close(slave)
    output = b""
    while True:
        try:
            output += os.read(master, 65536)
        except OSError:
            break
    os.close(master)
    return process.wait(), output


def test_large_new_files_are_read_with_a_word(studio: Path, batch: Batch) -> None:
    text = studio / "long.txt"
    with open(text, "wb") as stream:
        stream.truncate(600 << 20)  # takes no room on the disk
    (studio / "study.toml").write_text(SMALL + 'text = "long.txt"\n')
    said = lines(batch("--dry-run").stdout)
    assert [item["event"] for item in said] == ["hashing"] * 3 + ["plan"]
    assert [item["done"] >> 20 for item in said[:3]] == [256, 512, 600]
    assert {(item["path"], item["total"] >> 20) for item in said[:3]} == {(str(text), 600)}
    (plan,) = lines(batch("--dry-run").stdout)
    assert plan["event"] == "plan", "what is known is not read again"
    if sys.platform != "win32":
        code, output = on_a_terminal("--batch", "study.toml", "--dry-run", "--data-dir", "other", cwd=studio)
        assert code == 0, output.decode()
        assert b"checksum of long.txt" in output and b"predict sizes" in output


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize("no_color", ["", "1"])
def test_bars_on_a_terminal(studio: Path, first: FirstRun, no_color: str) -> None:
    # Chunks of another length are measured anew, so that there is something to show.
    (studio / "study.toml").write_text(STUDY.replace("chunks = 24", "chunks = 8"))
    line = ("--batch", "study.toml", "--data-dir", first.folder / "data", "--out", "report")
    code, output = on_a_terminal(*line, cwd=studio, NO_COLOR=no_color)
    assert code == 0, output.decode()
    assert b"all jobs" in output and b"done     report" in output
    assert (b"\x1b[3" in output) is (not no_color), "colours follow NO_COLOR"


def test_the_memory_limit_of_the_settings(studio: Path, batch: Batch) -> None:
    """It holds where the study names none, as in the window."""
    settings.save(paths.Folders(studio / "data"), Settings(memory_limit=8 << 20))
    done = batch("--dry-run")
    assert done.returncode == 6 and "memory" in done.stderr, done.stderr
    (studio / "study.toml").write_text(STUDY + '\n[resources]\nmemory = "64 GB"\n')
    assert batch("--dry-run").returncode == 0
