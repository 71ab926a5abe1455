# ruff: noqa: E501 (whole cells, as they are printed)
"""The tables of a report: what stands in each cell, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lab_app.probes.base import Metric
from lab_app.probes.passkey import Passkey
from lab_app.reports import coverage, planned, provenance, tables
from lab_app.reports.compare import pairs_of
from lab_app.reports.model import CellData, Comparison, ImatrixData, Powerless, ReportData
from lab_app.reports.table import Cell, Table
from lab_app.reports.verdict import verdict
from lab_app.stats.estimate import Estimate, PairedDifference
from lab_app.stats.intervals import wilson
from lab_app.store.records import Sample
from tests.reports.builder import MEGA, PROVENANCE, Builder
from tests.reports.facts import failed, report

FILES = {"base": 270, "Q8_0": 145, "Q4_K_M": 105}
KLD = {"Q8_0": (0.0009, 0.0008, 0.001), "Q4_K_M": (0.031, 0.028, 0.034)}


def main(data: ReportData) -> Table:
    return tables.main_table(data, verdict(data))


def plain(table: Table | None) -> list[list[str]]:
    assert table is not None
    return [[cell.plain for cell in row] for row in table.rows]


# -- all files at a glance -----------------------------------------------------------------------------


def test_all_files_at_a_glance() -> None:
    table = main(report(FILES, kld=KLD, sums={"base": 190, "Q8_0": 190, "Q4_K_M": 150}))
    assert [(c.label, c.sub) for c in table.columns] == [
        ("File", ""), ("Size", ""), ("Bits per weight", ""), ("Margins", ""),
        ("Perplexity relative to the base", "lower is better"), ("Mean KL divergence", "nats, lower is better"),
        ("Sums: correct", "higher is better"),
    ]  # fmt: skip
    assert plain(table) == [
        ["Model.F16 · base.gguf · base", "270.0 MB", "21.60", "reference", "reference", "reference", "95.0 % (91.0–97.3)"],
        ["Q8_0 · recommended", "145.0 MB", "11.60", "within", "1.0010 (0.9990–1.0030)", "0.00090 (0.00080–0.00100)",
         "95.0 % (91.0–97.3) ≈"],
        ["Q4_K_M", "105.0 MB", "8.40", "beyond", "1.0010 (0.9990–1.0030)", "0.0310 (0.0280–0.0340)", "75.0 % (68.6–80.5)"],
    ]  # fmt: skip
    assert table.highlight == 1
    assert table.notes == (
        "Below each number stands its 95 % interval.",
        "≈ cannot be told apart from the base (5 %, Holm-corrected); the intervals are not corrected, so that one may leave the base's number out all the same.",
    )


def test_numbers_behind_the_text_are_whole() -> None:
    table = main(report(FILES, kld={"Q8_0": (1 / 3, 0.3, 0.4)}))
    assert table.rows[1][5].value == 1 / 3
    assert table.rows[1][1].value == 145e6


def test_without_anything_measured_there_are_no_margins() -> None:
    table = main(report(FILES))
    assert [c.label for c in table.columns] == ["File", "Size", "Bits per weight"]
    assert table.highlight is None


@pytest.mark.parametrize(
    ("state", "text", "kind"),
    [
        ("waiting", "not yet", "missing"), ("running", "running", "missing"), ("partial", "interrupted", "missing"),
        ("failed", "failed", "bad"), ("blocked", "blocked", "bad"), ("cancelled", "cancelled", "missing"),
        ("done", "–", "missing"),
    ],
)  # fmt: skip
def test_what_is_not_there_says_why(state: str, text: str, kind: str) -> None:
    data = report(FILES, kld={**KLD, "Q4_K_M": None}, states={("divergence", "Q4_K_M"): state})
    cell = main(data).rows[2][5]
    assert (cell.text, cell.kind, cell.value) == (text, kind, None)
    assert cell.meaning == ("" if state == "done" else "It broke.")


def test_numbers_of_a_part_are_marked() -> None:
    data = report(FILES, kld=KLD, states={("divergence", "Q4_K_M"): "running"})
    assert main(data).rows[2][5].plain == "0.0310 (0.0280–0.0340) · running"


def test_sizes_that_are_only_predicted_or_not_known() -> None:
    table = main(report({"base": 270, "Q8_0": 145, "Q4_K_M": None}, kld=KLD, predicted=["Q8_0"]))
    assert [row[1].plain for row in table.rows] == ["270.0 MB", "145.0 MB · predicted", "–"]
    assert table.rows[2][2].plain == "–"


def test_a_file_name_that_says_more_than_the_label_stands_below_it() -> None:
    data = report(FILES, kld=KLD)
    named = [replace(v, file_name=f"SmolLM2.{v.variant_id}.gguf") for v in data.variants]
    table = main(replace(data, variants=tuple(named)))
    assert table.rows[1][0].plain == "Q8_0 · SmolLM2.Q8_0.gguf"


def test_what_is_odd_about_files_is_said_once(lab: Builder) -> None:
    meta = {"requantized_from": "Q4_1", "fallbacks": 60, "tensors": 272, "imatrix": True}
    note = ("requantized from Q4_1",)
    lab.file("base", 98 * MEGA, base=True, quant="Q4_1", notes=("its weights are Q4_1 already",))
    for name in ("Q6_K", "Q4_K_M"):
        lab.file(name, 105 * MEGA, quant=name, notes=note, meta=meta)
    lab.file("fast", 105 * MEGA, quant="Q4_K_M", notes=(*note, "Q4_K_M with threads = 2"), meta=meta)
    lab.file("Q2_K", None, quant="Q2_K", error="The disk is full.")
    notes = main(lab.data()).notes
    assert notes == (
        "Q6_K, Q4_K_M, fast: 60 of 272 tensors have rows that the type's blocks do not divide and took another type.",
        "fast: Q4_K_M with threads = 2.",
        "Q2_K: The disk is full.",
        "Requantized from Q4_1: Q6_K, Q4_K_M, fast.",
        "Quantized with the importance matrix: Q6_K, Q4_K_M, fast.",
    )


def test_two_probes_of_one_title_are_told_apart_by_name(lab: Builder) -> None:
    lab.file("base", 270 * MEGA, base=True).file("Q8_0", 145 * MEGA)
    for probe_id in ("easy", "hard"):
        lab.sums("base", 19, 20, probe_id=probe_id).sums("Q8_0", 19, 20, probe_id=probe_id)
    data = lab.data()
    assert [c.sub for c in main(data).columns[-2:]] == [
        "easy, higher is better",
        "hard, higher is better",
    ]
    of_each = [tables.probe_table(data, probe) for probe in data.probes]
    assert [t.caption for t in of_each if t] == [
        f"Toy sums ({name}): all numbers" for name in ("easy", "hard")
    ]
    said = verdict(data)
    assert any("“Toy sums (easy)” and “Toy sums (hard)”" in s.text for s in said.sentences)
    assert all("“Toy sums”" not in s.text for s in said.sentences)
    assert len({figure.figure.title for figure in planned.of_sizes(data, said)}) == 2


# -- one probe -----------------------------------------------------------------------------------------


def test_every_number_of_a_probe() -> None:
    states = {("divergence", "Q4_K_M"): "failed"}
    data = report(FILES, kld={"Q8_0": KLD["Q8_0"], "Q4_K_M": None}, states=states)
    table = tables.probe_table(data, data.probe("divergence"))
    assert table is not None
    assert [(c.label, c.sub) for c in table.columns] == [
        ("Metric", ""),
        ("Model.F16", "base"),
        ("Q8_0", ""),
        ("Q4_K_M", ""),
    ]
    assert plain(table) == [
        ["Perplexity · lower is better", "20.0 (18.0–22.0)", "–", "failed"],
        ["Perplexity relative to the base · lower is better", "–", "1.0010 (0.9990–1.0030)", "failed"],
        ["Mean KL divergence · nats, lower is better", "–", "0.00090 (0.00080–0.00100)", "failed"],
        ["Observations", "4\u202f080", "4\u202f080", "–"],
    ]
    assert table.notes == ("Q4_K_M: It broke.",)
    assert tables.probe_table(data, replace(data.probe("divergence"), cells={})) is None


def test_distances_are_never_called_alike() -> None:
    """A KL divergence is above zero for every file that is not the base, whatever a test of few chunks says."""
    difference = PairedDifference(Estimate(0.01, -0.01, 0.03, 4, "t"), 0.3, "paired-t")
    comparison = Comparison(difference, 0.3)
    cell = CellData("p", "v", "k", "done")
    distance = Metric("kld_mean", "Mean KL divergence", Estimate(0.01, 0.005, 0.015, 4, "t"), "nats", "lower")
    share = Metric("accuracy", "Correct", wilson(3, 4), better="higher")
    assert tables.metric_cell(distance, cell, comparison).mark == ""
    assert tables.metric_cell(share, cell, comparison).mark == "≈"
    assert tables.metric_cell(share, cell, comparison).meaning == "cannot be told apart from the base"


def test_all_pairs_those_not_told_apart_first() -> None:
    data = report(FILES, sums={"base": 190, "Q8_0": 190, "Q4_K_M": 150})
    table = tables.pair_table(data, data.probe("sums"))
    assert table is not None
    assert table.caption == "Sums: differences in correct between all files"
    assert [c.sub for c in table.columns] == ["", "95 % interval", "mcnemar-exact", "Holm", ""]
    assert plain(table) == [
        ["Q8_0 − Model.F16", "0.0 points (−2.0 to 2.0)", "1.00", "1.00", "≈ not told apart"],
        ["Q4_K_M − Model.F16", "−20.0 points (−26.0 to −14.6)", "< 0.001", "< 0.001", "told apart"],
        ["Q4_K_M − Q8_0", "−20.0 points (−26.0 to −14.6)", "< 0.001", "< 0.001", "told apart"],
    ]
    assert tables.pair_table(data, replace(data.probe("sums"), pairs=())) is None


def test_what_failed() -> None:
    data = report(FILES, failures=[failed("sums: Q8_0", "The model has no words.", "Take another.")])
    assert plain(tables.failure_table(data)) == [
        ["sums: Q8_0", "failed", "The model has no words. · Take another."]
    ]
    assert tables.failure_table(report(FILES)) is None


# -- the importance matrix -----------------------------------------------------------------------------


def _matrix(rows: tuple[dict[str, Any], ...], summary: dict[str, Any]) -> list[Table]:
    return coverage.imatrix_tables(
        replace(report(FILES), imatrix=ImatrixData("done", summary, rows, "cd" * 32))
    )


def test_coverage_is_listed_with_the_least_data_first_and_blocks_alike_together() -> None:
    def row(
        name: str, tokens: int = 2048, covered: bool = True, experts: int = 1, unseen: int = 0
    ) -> dict[str, Any]:
        return {
            "tensor": name,
            "covered": covered,
            "tokens": tokens,
            "experts": experts,
            "experts_unseen": unseen,
        }

    rows = (
        *(row(f"blk.{i}.ffn_up.weight") for i in range(12)),
        *(row(f"blk.{i}.ffn_up_exps.weight", 250, experts=8, unseen=2 if i == 3 else 0) for i in range(12)),
        row("blk.7.attn_q.weight", 0, covered=False), row("token_embd.weight", 0, covered=False),
    )  # fmt: skip
    summary = {"tokens": 2048, "chunks": 4, "chunks_asked": 4, "context": 512, "entries": 24, "tensors": 26,
               "uncovered": ["blk.7.attn_q.weight", "token_embd.weight"], "experts_unseen": 2, "dataset": "calm.txt",
               "text_sha256": "ef" * 32}  # fmt: skip
    short, full = _matrix(rows, summary)
    assert plain(short) == [
        ["Calibration tokens", "2\u202f048"], ["Chunks read", "4"], ["Chunks asked for", "4"], ["Tokens in a chunk", "512"],
        ["Entries", "24"], ["Matrices in the model", "26"], ["Experts never activated", "2"],
        ["Matrices that lack data", "1"], ["Calibration text", "calm.txt"], ["Calibration text (sha256)", "ef" * 32],
        ["Importance matrix (sha256)", "cd" * 32],
    ]  # fmt: skip
    assert full.caption == "What the importance matrix covers (26 matrices, least data first)"
    assert plain(full) == [
        ["blk.7.attn_q.weight", "1", "no data", "0", "–"],
        ["blk.3.ffn_up_exps.weight", "1", "yes", "250", "2 of 8"],
        ["blk.0–2, 4–11.ffn_up_exps.weight", "11", "yes", "250", "0 of 8"],
        ["blk.0–11.ffn_up.weight", "12", "yes", "2\u202f048", "–"],
        ["token_embd.weight", "1", "not needed", "0", "–"],
    ]
    assert full.rows[-1][2].kind == "quiet"
    assert [cell.kind for cell in full.rows[0]] == ["code", "number", "bad", "number", "missing"]


def test_no_matrix_no_tables() -> None:
    assert coverage.imatrix_tables(report(FILES)) == []
    assert _matrix((), {}) == []
    assert len(_matrix((), {"tokens": 5})) == 1


# -- where it comes from -------------------------------------------------------------------------------


def _measured(lab: Builder, **differing: Any) -> ReportData:
    lab.file("base", 270 * MEGA, base=True, settings={"threads": 4}).file("Q8_0", 145 * MEGA)
    more = {"seed": 7, "native": {"commit": "0123", "flags": ["-DGGML_NATIVE=OFF", "-DGGML_OPENMP=OFF"]},
            "kv_type_k": "f16", "kv_type_v": "q8_0", "flash_attention": "enabled"}  # fmt: skip
    lab.sums("base", 19, 20, provenance=more).sums("Q8_0", 19, 20, provenance={**more, **differing})
    return lab.data()


def test_what_a_result_depends_on_is_all_there(lab: Builder) -> None:
    data = _measured(lab)
    assert plain(provenance.method_table(data)) == [
        ["Engine", "llama.cpp, 0123456789abcdef"],
        ["Build", "cpu, -DGGML_NATIVE=OFF, -DGGML_OPENMP=OFF"],
        ["Processor and cards", "CPU"],
        ["Threads", "4"],
        ["Batch (logical, physical)", "2048, 512"],
        ["KV cache (keys, values)", "f16, q8_0"],
        ["Flash attention", "enabled"],
        ["Seed", "7"],
        ["Chat template (sha256)", "ab" * 32],
    ]
    files = plain(provenance.file_table(data))
    assert [row[0] for row in files] == [
        f"base · {data.variant('base').path} · base",
        f"Q8_0 · {data.variant('Q8_0').path}",
    ]
    assert files[0][1:] == [
        data.variant("base").sha256,
        "270.0 MB · 270\u202f000\u202f000 bytes",
        "threads = 4",
        "–",
    ]
    machine = dict(plain(provenance.machine_table(data)))
    assert machine["Processor"] == "Test CPU"
    assert machine["Graphics cards"] == "none seen"
    assert machine["Memory"] == "16.0 GB"


def test_where_measurements_differ_both_values_stand_with_whose_they_are(lab: Builder) -> None:
    rows = plain(provenance.method_table(_measured(lab, threads=2)))
    assert ["Threads", "4 · sums of base"] in rows
    assert ["Threads", "2 · sums of Q8_0"] in rows


def test_the_same_and_the_differing_together_are_everything(lab: Builder) -> None:
    data = _measured(lab, threads=2)
    same, own = provenance.common_and_own(data)
    for cell in data.probe("sums").cells.values():
        joined = {**same, **own[cell.probe_id, cell.variant_id]}
        for key in PROVENANCE:
            assert not PROVENANCE[key] or any(name == key or name.startswith(f"{key}.") for name in joined), (
                key
            )
        assert joined["threads"] == ("2" if cell.variant_id == "Q8_0" else "4")
    assert "threads" not in same


def test_flat_values() -> None:
    nested = {"a": {"b": [1, 2], "c": None, "d": ""}, "e": [{"x": 1}], "f": 0.5, "g": []}
    assert provenance.flatten(nested) == {"a.b": "1, 2", "e": '[{"x": 1}]', "f": "0.5"}


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (Cell("0.04", "0.03–0.05", "≈", "alike", 0.04, "number"), "0.04 (0.03–0.05) ≈"),
        (Cell("base", "base.gguf", tags=("base", "broken")), "base · base.gguf · base · broken"),
        (Cell("–"), "–"),
    ],
)
def test_a_cell_in_one_line(cell: Cell, text: str) -> None:
    assert cell.plain == text


def _arithmetic(right: dict[str, list[bool]]) -> dict[str, CellData]:
    """Cells with real samples of the pass key probe, one key a place."""
    cells = {}
    for name, found in right.items():
        samples = tuple(
            Sample("item", f"512:0.5:{i}", float(y), n=1, payload={"row": 0.5, "column": 512, "key": str(i)})
            for i, y in enumerate(found)
        )
        cells[name] = CellData("p", name, name, "done", metrics=Passkey.summarise(samples), samples=samples)
    return cells


def test_items_that_cannot_tell_anything_apart_are_said_to_be_too_few() -> None:
    """Eight files: 28 pairs need 11 items for any Holm-corrected p below 5 %, the 7 with the base need 9."""
    names = ["base", *"ABCDEFG"]
    for items, pairs, with_base in ((8, 0, False), (9, 7, True), (10, 7, True), (11, 28, None)):
        cells = _arithmetic({name: [name != "A"] * items for name in names})
        found, powerless = pairs_of(Passkey, cells, names, "base")
        assert len(found) == pairs, items
        assert (powerless.with_base if powerless is not None else None) is with_base, items
        assert any(pair.comparison.told_apart for pair in found) is (pairs > 0), "one lost every key"


def test_a_design_without_power_is_one_sentence_instead_of_a_table() -> None:
    data = report(FILES, sums={"base": 6, "Q8_0": 6, "Q4_K_M": 0}, items=6)
    sums = data.probe("sums")
    none = replace(data, probes=(replace(sums, pairs=(), powerless=Powerless(6, 7, False)),))
    assert tables.pair_table(none, none.probe("sums")) is None
    table = tables.probe_table(none, none.probe("sums"))
    assert table is not None and table.notes[-1] == (
        "6 items cannot show any difference between files: even if every one of them changed, chance would remain an "
        "explanation (corrected for 7 comparisons)."
    )
    assert "(corrected for 1 comparison)." in tables.powerless_text(Powerless(2, 1, False))
    assert table.notes[-1] in " ".join(s.text for s in verdict(none).sentences if s.kind == "small")
    assert not [s for s in verdict(none).sentences if s.kind == "same"]

    few = replace(data, probes=(replace(sums, pairs=sums.pairs[:1], powerless=Powerless(10, 28, True)),))
    table = tables.pair_table(few, few.probe("sums"))
    assert table is not None and table.caption == "Sums: differences in correct from the base"
    notes = tables.probe_table(few, few.probe("sums")).notes  # type: ignore[union-attr]
    assert "10 items cannot tell any two of 28 pairs of files apart" in notes[-1]
    assert [s.text for s in verdict(few).sentences if s.kind == "same"] == [
        "In “Sums” no file could be told apart from the base."
    ]


def test_a_sign_and_an_interval_that_seem_to_disagree_are_explained() -> None:
    """p = 0.03 alone, 0.21 after Holm: the interval leaves 0 out, the mark says not told apart."""
    data = report(FILES, sums={"base": 200, "Q8_0": 194, "Q4_K_M": 200})
    sums = data.probe("sums")
    difference = sums.pairs[0].comparison.difference
    assert difference.estimate.hi < 0 and difference.p_value < 0.05
    unsure = Comparison(difference, 0.21)
    pairs = (replace(sums.pairs[0], comparison=unsure), *sums.pairs[1:])
    cells = dict(sums.cells)
    cells["Q8_0"] = replace(cells["Q8_0"], against_base={"accuracy": unsure})
    changed = replace(data, probes=(replace(sums, pairs=pairs, cells=cells),))
    table = tables.pair_table(changed, changed.probe("sums"))
    assert table is not None and table.rows[0][4].text == "≈ not told apart"
    assert "corrected for 3 comparisons (Holm), so that an interval may leave 0 out" in table.notes[0]
    for other in (
        tables.main_table(changed, verdict(changed)), tables.probe_table(changed, changed.probe("sums")),
    ):  # fmt: skip
        assert other is not None
        assert any("may leave the base's number out all the same" in note for note in other.notes)
