"""From a store to report data: every state a study can be in, and nothing recomputed or invented."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from pathlib import Path

import pytest

from lab_app.gguf.memory import Load, estimate
from lab_app.gguf.reader import read
from lab_app.probes.base import Metric, registry
from lab_app.reports.memory import CONTEXT, PROGRAM, expected_memory, of_machine
from lab_app.reports.model import CellData, ReportData
from lab_app.reports.tables import pair_table
from lab_app.stats.multiple import holm
from lab_app.store.records import Sample, VariantRecord
from tests.models import tiny_gguf
from tests.reports.builder import MACHINE, MEGA, Builder, digest
from tests.reports.toys import ToySums


def cell(data: ReportData, probe: str, variant: str) -> CellData:
    return data.probe(probe).cells[variant]


def two_files(lab: Builder) -> Builder:
    return lab.file("base", 270 * MEGA, base=True, quant="F16").file(
        "Q8_0", 145 * MEGA, quant="Q8_0", bits=8.5
    )


# -- measurements --------------------------------------------------------------------------------------


def test_finished_cells(lab: Builder) -> None:
    two_files(lab).divergence("base", None, chunks=4).divergence("Q8_0", 0.02, chunks=4)
    data = lab.data()
    found = cell(data, "divergence", "Q8_0")
    assert (found.state, found.reason, found.complete) == ("done", "", True)
    assert found.finished is not None and found.seconds is not None and found.seconds >= 0.0
    assert found.provenance["commit"] == "0123456789abcdef"
    # What the probe itself makes of the stored samples, nothing else.
    samples = lab.store.samples(found.job_key)
    assert found.metrics == registry()["divergence"].summarise(samples)
    assert found.metrics["kld_mean"].estimate.n == 4 * 255
    compared = registry()["divergence"].compare(
        lab.store.samples(cell(data, "divergence", "base").job_key), samples
    )
    assert {name: c.difference for name, c in found.against_base.items()} == compared
    assert cell(data, "divergence", "base").against_base == {}
    assert (data.unfinished, data.failures, data.imatrix) == (0, (), None)


STATES = {
    "done": ({"state": "done"}, "done", ""),
    "running": (
        {"state": "running"},
        "running",
        "Still running. The numbers are of what is measured so far.",
    ),
    "interrupted": (
        {"state": "queued"},
        "partial",
        "Interrupted; the numbers are of what was measured until then.",
    ),
    "failed": ({"state": "failed", "error": "The model has no words."}, "failed", "The model has no words."),
    "cancelled": (
        {"state": "cancelled", "error": "The job was cancelled."},
        "cancelled",
        "The job was cancelled.",
    ),
}


@pytest.mark.parametrize("case", STATES)
def test_states_with_samples_keep_their_numbers(lab: Builder, case: str) -> None:
    asked, state, reason = STATES[case]
    two_files(lab).sums("base", 19, 20).sums("Q8_0", 7, 10, **asked)
    found = cell(lab.data(), "sums", "Q8_0")
    assert (found.state, found.reason) == (state, reason)
    assert found.metrics["accuracy"].estimate.value == 0.7
    assert found.against_base["accuracy"].difference.estimate.n == 10


def test_states_without_samples(lab: Builder) -> None:
    two_files(lab).sums("base", 19, 20)
    lab.cell("sums", "toy-sums", "Q8_0", [], state="queued")
    found = cell(lab.data(), "sums", "Q8_0")
    assert (found.state, found.reason, dict(found.metrics)) == ("waiting", "Not started yet.", {})


def test_a_job_that_waits_for_a_failed_one_is_blocked_and_says_by_what(lab: Builder) -> None:
    lab.file("base", 270 * MEGA, base=True).file("Q8_0", None, quant="Q8_0", error="The disk is full.")
    lab.sums("base", 19, 20).cell("sums", "toy-sums", "Q8_0", [], state="queued")
    data = lab.data()
    found = cell(data, "sums", "Q8_0")
    assert found.state == "blocked"
    assert found.reason == "Not started, because “quantize to Q8_0” failed: The disk is full."
    assert data.variant("Q8_0").problem == "The disk is full."
    (failure,) = data.failures
    assert (failure.title, failure.kind, failure.message, failure.hint) == (
        "quantize to Q8_0", "quantize", "The disk is full.", "Do something else.",
    )  # fmt: skip


def test_unfinished_jobs_are_counted_without_the_report(lab: Builder) -> None:
    two_files(lab).sums("base", 19, 20).sums("Q8_0", 3, 5, state="running")
    lab.keys.append(digest("never enqueued"))
    report = digest("report")
    lab.store.enqueue(report, "report", "report", {}, {}, "")
    lab.keys.append(report)
    assert lab.data().unfinished == 2


def test_samples_that_make_no_sense_fail_their_cell_only(lab: Builder) -> None:
    two_files(lab).divergence("base", None, chunks=2)
    lab.cell("divergence", "divergence", "Q8_0", [Sample("chunk", 0, 1.0, payload={"nll": "?"})])
    data = lab.data()
    found = cell(data, "divergence", "Q8_0")
    assert found.state == "failed"
    assert found.reason.startswith("Its samples cannot be summarised (")
    assert cell(data, "divergence", "base").metrics["ppl"].estimate.n == 2 * 255


def test_a_probe_that_is_wrong_spoils_no_other(lab: Builder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it raises: probes of other people run here, too."""
    two_files(lab).divergence("base", None, chunks=2).sums("base", 1, 2).sums("Q8_0", 1, 2)

    def wrong(*_: object) -> dict[str, Metric]:
        raise IndexError("a fault of its own")

    monkeypatch.setattr(ToySums, "summarise", wrong)
    monkeypatch.setattr(ToySums, "compare", wrong)
    data = lab.data()
    assert cell(data, "sums", "base").reason.startswith("Its samples cannot be summarised (IndexError: ")
    assert cell(data, "divergence", "base").metrics["ppl"].estimate.n == 2 * 255


def test_a_probe_that_is_not_installed(lab: Builder) -> None:
    two_files(lab).cell("mine", "third-party", "base", [Sample("item", 0, 1.0, n=1)])
    probe = lab.data().probe("mine")
    assert (
        probe.problem == "The probe “third-party” is not installed here, so its samples cannot be summarised."
    )
    assert (dict(probe.metrics), probe.figures, probe.quality) == ({}, (), False)


def test_one_probe_twice_under_two_names(lab: Builder) -> None:
    two_files(lab)
    for probe_id, right in (("easy", 20), ("hard", 4)):
        lab.sums("base", right, 20, probe_id=probe_id).sums("Q8_0", right, 20, probe_id=probe_id)
    data = lab.data()
    values = [p.cells["base"].metrics["accuracy"].estimate.value for p in data.probes]
    assert ([p.probe_id for p in data.probes], values) == (["easy", "hard"], [1.0, 0.2])


def test_rounds_of_one_cell_are_one_measurement(lab: Builder) -> None:
    """Each round has a job of its own; the cell has the samples of all, and is done when all are."""
    lab.file("base", 270 * MEGA, base=True)

    def state(*states: str) -> CellData:
        lab.cells.clear()
        for number, name in enumerate(states, 1):
            samples = [Sample("generation:32@0", 0.0, 50.0 + number, n=1, payload={"round": number})]
            lab.cell(
                f"round {number} {states}", "speed", "base", samples if name != "queued" else [], state=name
            )
        *earlier, last = lab.cells
        lab.cells[:] = [replace(last, probe_id="speed", earlier=tuple(c.job_key for c in earlier))]
        return cell(lab.data(), "speed", "base")

    whole = state("done", "done", "done")
    assert (whole.state, whole.metrics["generation"].estimate.value) == ("done", 52.0)
    assert not whole.metrics["generation"].estimate.alone
    some = state("done", "done", "queued")
    assert (some.state, some.reason) == ("partial", "Not all rounds are measured yet.")
    assert some.metrics["generation"].estimate.value == 51.5
    first = state("done", "queued", "queued")
    assert first.metrics["generation"].estimate.alone, "one round has no interval"
    assert state("done", "failed", "queued").state == "failed"
    assert state("done", "running", "queued").state == "running"
    assert state("queued", "queued", "queued").state == "waiting"


def test_speed_is_no_quality(lab: Builder) -> None:
    two_files(lab).speed("base", 40.0).speed("Q8_0", 60.0).sums("base", 19, 20)
    data = lab.data()
    assert {p.probe_id: p.quality for p in data.probes} == {"speed": False, "sums": True}
    assert cell(data, "speed", "Q8_0").metrics["generation"].unit == "tokens/s"


# -- comparisons ---------------------------------------------------------------------------------------


def test_each_metric_is_a_family_against_the_base_and_all_pairs_are_one(lab: Builder) -> None:
    two_files(lab).file("Q2_K", 88 * MEGA, quant="Q2_K")
    for name, right in (("base", 30), ("Q8_0", 29), ("Q2_K", 18)):
        lab.sums(name, right, 30)
    data = lab.data()
    against = [cell(data, "sums", name).against_base["accuracy"] for name in ("Q8_0", "Q2_K")]
    assert [c.p_adjusted for c in against] == holm([c.difference.p_value for c in against])
    assert [c.told_apart for c in against] == [False, True]
    pairs = data.probe("sums").pairs
    assert [(p.first, p.second) for p in pairs] == [("base", "Q8_0"), ("base", "Q2_K"), ("Q8_0", "Q2_K")]
    assert [p.comparison.p_adjusted for p in pairs] == holm([p.comparison.difference.p_value for p in pairs])
    assert all(p.comparison.difference.test == "mcnemar-exact" for p in pairs)


def test_distances_from_the_base_are_compared_between_the_others_only(lab: Builder) -> None:
    two_files(lab).file("Q2_K", 88 * MEGA, quant="Q2_K")
    lab.divergence("base", None, chunks=4).divergence("Q8_0", 0.001, chunks=4).divergence(
        "Q2_K", 1.5, chunks=4
    )
    data = lab.data()
    (pair,) = data.probe("divergence").pairs
    table = pair_table(data, data.probe("divergence"))
    assert table is not None and table.columns[1].sub == "nats, 95 % interval"
    assert (pair.first, pair.second, pair.metric, pair.comparison.told_apart) == (
        "Q8_0",
        "Q2_K",
        "kld_mean",
        True,
    )


def test_only_items_that_both_have_are_compared(lab: Builder) -> None:
    two_files(lab).sums("base", 20, 40).sums("Q8_0", 10, 15, state="running")
    found = cell(lab.data(), "sums", "Q8_0")
    assert found.against_base["accuracy"].difference.estimate.n == 15
    assert found.against_base["accuracy"].difference.estimate.value == pytest.approx(-5 / 15)


def test_no_base_no_comparison_with_it(lab: Builder) -> None:
    lab.file("A", 145 * MEGA).file("B", 105 * MEGA).sums("A", 19, 20).sums("B", 10, 20)
    data = lab.data()
    assert data.base is None
    assert cell(data, "sums", "A").against_base == {}
    assert len(data.probe("sums").pairs) == 1


# -- files ---------------------------------------------------------------------------------------------


def test_files_from_their_artifacts(lab: Builder) -> None:
    lab.file("base", 98 * MEGA, base=True, quant="Q4_1", notes=("its weights are Q4_1 already",))
    meta = {"requantized_from": "Q4_1", "fallbacks": 60, "tensors": 272, "imatrix": True}
    lab.file("Q4_K_M", 105 * MEGA, quant="Q4_K_M", bits=6.17, notes=("requantized from Q4_1",), meta=meta)
    data = lab.data()
    file = data.variant("Q4_K_M")
    assert (file.file_size, file.bits_per_weight, file.predicted) == (105 * MEGA, 6.17, False)
    assert (file.fallbacks, file.matrices, file.used_imatrix, file.requantized) == (60, 272, True, True)
    assert (file.file_name, file.sha256) == ("Q4_K_M.gguf", digest("Q4_K_M"))
    assert data.requantized_from == "Q4_1"
    assert not data.variant("base").requantized


@pytest.mark.parametrize(("quant", "marked"), [("F16", None), ("bf16", None), (None, None), ("q4_1", "Q4_1")])
def test_a_base_of_whole_weights_is_not_requantized(
    lab: Builder, quant: str | None, marked: str | None
) -> None:
    lab.file("base", 98 * MEGA, base=True, quant=quant)
    assert lab.data().requantized_from == marked


def test_sizes_are_predicted_until_the_file_is_there(lab: Builder) -> None:
    lab.file("base", 270 * MEGA, base=True).file("Q8_0", None, quant="Q8_0").file(
        "Q4_0", 77 * MEGA, quant="Q4_0"
    )
    key = digest("predict")
    lab._job(key, "predict", "predict sizes")
    tensors = [{"name": "a"}, {"name": "b"}]
    sizes = {"file_size": 145 * MEGA, "bits_per_weight": 8.5, "fallbacks": 1, "tensors": tensors}
    lab.store.finish(key, {"Q8_0": sizes, "Q4_0": {**sizes, "file_size": 1}}, {})
    data = lab.data()
    assert (data.variant("Q8_0").file_size, data.variant("Q8_0").predicted) == (145 * MEGA, True)
    assert (data.variant("Q8_0").fallbacks, data.variant("Q8_0").matrices) == (1, 2)
    assert (data.variant("Q4_0").file_size, data.variant("Q4_0").predicted) == (77 * MEGA, False)


def test_a_file_that_stood_already_is_read_for_its_size_and_shape(lab: Builder, tmp_path: Path) -> None:
    path = tiny_gguf(tmp_path / "own.gguf")
    lab.variants.append(VariantRecord("own", "own", True, None, None, str(path), "cd" * 32))
    file = lab.data().variant("own")
    assert (file.file_size, file.sha256) == (path.stat().st_size, "cd" * 32)
    assert file.bits_per_weight is not None and 4.0 < file.bits_per_weight <= 33.0
    assert file.memory is not None and file.memory > path.stat().st_size + PROGRAM


def test_a_file_that_is_no_model_or_gone_has_no_size(lab: Builder, tmp_path: Path) -> None:
    path = tmp_path / "noise.gguf"
    path.write_bytes(b"noise" * 100)
    lab.variants.append(VariantRecord("noise", "noise", True, None, None, str(path), None))
    lab.variants.append(VariantRecord("gone", "gone", False, None, None, str(tmp_path / "gone.gguf"), None))
    data = lab.data()
    for name in ("noise", "gone"):
        file = data.variant(name)
        assert (file.file_size, file.bits_per_weight, file.memory, file.problem) == (None, None, None, None)


def test_the_order_is_the_base_then_by_size(lab: Builder) -> None:
    lab.file("small", 80 * MEGA).file("base", 98 * MEGA, base=True).file("later", None).file(
        "large", 145 * MEGA
    )
    lab.file("twin", 80 * MEGA)
    assert [v.variant_id for v in lab.data().by_size()] == ["base", "large", "small", "twin", "later"]


# -- memory, machine, matrix ---------------------------------------------------------------------------


def test_memory_is_what_the_header_says_for_4096_tokens_and_the_program(tmp_path: Path) -> None:
    header = read(tiny_gguf(tmp_path / "model.gguf", context=8192))
    alone = estimate(header, Load(n_ctx=CONTEXT)).total
    assert expected_memory(header, {}) == alone + PROGRAM
    quantized = expected_memory(header, {"kv_type_k": "q8_0", "kv_type_v": "q8_0", "flash_attention": "on"})
    assert quantized is not None and quantized < alone + PROGRAM
    # Of a file that is not made yet: all but the weights as of its source.
    weights = estimate(header, Load(n_ctx=CONTEXT)).ram.weights
    assert expected_memory(header, {}, 10**9) == alone - weights + 10**9 + PROGRAM
    # A model of a short context is not asked for a longer one.
    short = read(tiny_gguf(tmp_path / "short.gguf", context=512))
    shorter = expected_memory(short, {})
    assert shorter is not None and shorter < alone + PROGRAM
    assert expected_memory(None, {}) is None


def test_the_machine_is_the_one_given_or_this_one(lab: Builder) -> None:
    two_files(lab)
    assert lab.data().machine == MACHINE
    assert of_machine(MACHINE, [{}]) == 16e9
    assert of_machine({}, [{}]) is None


def test_importance_matrix(lab: Builder) -> None:
    rows = [{"tensor": "a", "covered": True, "tokens": 512, "experts": 1, "experts_unseen": 0}]
    two_files(lab).imatrix(rows, {"tokens": 512, "chunks": 1, "uncovered": []})
    matrix = lab.data().imatrix
    assert matrix is not None
    assert (matrix.state, matrix.rows, matrix.summary["tokens"], matrix.problem) == (
        "done",
        tuple(rows),
        512,
        None,
    )
    (lab.folder / "coverage.json").unlink()
    torn = lab.data().imatrix
    assert torn is not None and torn.rows == ()
    assert str(torn.problem).startswith("The coverage table cannot be read (")


def test_importance_matrix_that_failed(lab: Builder) -> None:
    key = digest("imatrix")
    two_files(lab)._job(key, "imatrix", "importance matrix")
    lab.extra["imatrix_key"] = key
    waiting = lab.data().imatrix
    assert waiting is not None and (waiting.state, waiting.problem) == ("queued", "It is not made yet.")
    lab.store.fail(key, {"message": "The text is too short.", "hint": None, "exit_code": 2, "detail": ""})
    matrix = lab.data().imatrix
    assert matrix is not None and (matrix.state, matrix.problem) == ("failed", "The text is too short.")


def test_collecting_changes_nothing_and_gives_the_same_again(lab: Builder) -> None:
    two_files(lab).sums("base", 19, 20).sums("Q8_0", 18, 20)
    first, second = lab.data(), lab.data()
    assert dataclasses.replace(first, created=0.0) == dataclasses.replace(second, created=0.0)
