"""llama-perplexity beside the divergence probe: every number it prints, to the digits it prints.

Both run in the same shapes (context, batch, threads) on the same native libraries, so that even the files of
log-probabilities are the same to the byte.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from lab_app.engines import open_engine
from lab_app.engines.base import EngineSettings
from lab_app.probes.base import ProbeContext
from lab_app.probes.divergence import BASE_LOGITS, Divergence, DivergenceSpec
from lab_app.store.records import Sample
from lab_app.system import native, paths
from tests.models import tiny_gguf

THREADS = 2
TEXT = paths.resource("texts/evaluation.txt")
QUANTS = ("Q8_0", "Q4_K_M", "Q2_K")

# Line of the tool → (name in details()["tool"], decimals of the value, name and decimals of its ±, factor).
Printed = tuple[str, int, str | None, int, float]
LINES: dict[str, Printed] = {
    "Mean PPL(Q)": ("ppl", 6, "ppl_se", 6, 1),
    "Mean PPL(base)": ("ppl_base", 6, "ppl_base_se", 6, 1),
    "Cor(ln(PPL(Q)), ln(PPL(base)))": ("ln_ppl_cor", 2, None, 0, 100),
    "Mean ln(PPL(Q)/PPL(base))": ("ln_ppl_ratio", 6, "ln_ppl_ratio_se", 6, 1),
    "Mean PPL(Q)/PPL(base)": ("ppl_ratio", 6, "ppl_ratio_se", 6, 1),
    "Mean PPL(Q)-PPL(base)": ("ppl_diff", 6, "ppl_diff_se", 6, 1),
    "Mean KLD": ("kld_mean", 6, "kld_mean_se", 6, 1),
    "Maximum KLD": ("kld_max", 6, None, 0, 1),
    "99.9% KLD": ("kld_p999", 6, None, 0, 1),
    "99.0% KLD": ("kld_p99", 6, None, 0, 1),
    "95.0% KLD": ("kld_p95", 6, None, 0, 1),
    "90.0% KLD": ("kld_p90", 6, None, 0, 1),
    "Median KLD": ("kld_median", 6, None, 0, 1),
    "10.0% KLD": ("kld_p10", 6, None, 0, 1),
    "5.0% KLD": ("kld_p05", 6, None, 0, 1),
    "1.0% KLD": ("kld_p01", 6, None, 0, 1),
    "0.1% KLD": ("kld_p001", 6, None, 0, 1),
    "Minimum KLD": ("kld_min", 6, None, 0, 1),
    "Mean Δp": ("dp_mean", 3, "dp_mean_se", 3, 100),
    "Maximum Δp": ("dp_max", 3, None, 0, 100),
    "99.9% Δp": ("dp_p999", 3, None, 0, 100),
    "99.0% Δp": ("dp_p99", 3, None, 0, 100),
    "95.0% Δp": ("dp_p95", 3, None, 0, 100),
    "90.0% Δp": ("dp_p90", 3, None, 0, 100),
    "75.0% Δp": ("dp_p75", 3, None, 0, 100),
    "Median Δp": ("dp_median", 3, None, 0, 100),
    "25.0% Δp": ("dp_p25", 3, None, 0, 100),
    "10.0% Δp": ("dp_p10", 3, None, 0, 100),
    "5.0% Δp": ("dp_p05", 3, None, 0, 100),
    "1.0% Δp": ("dp_p01", 3, None, 0, 100),
    "0.1% Δp": ("dp_p001", 3, None, 0, 100),
    "Minimum Δp": ("dp_min", 3, None, 0, 100),
    "RMS Δp": ("dp_rms", 3, "dp_rms_se", 3, 100),
    "Same top p": ("same_top", 3, "same_top_se", 3, 100),
}
# Columns of the tool's running table: (name, decimals of the value and of its ±, factor).
COLUMNS = (
    ("ppl", 4, 1),
    ("ln_ppl_ratio", 5, 1),
    ("kld_mean", 5, 1),
    ("dp_rms", 3, 100),
    ("same_top", 3, 100),
)


def same(printed: str, number: float, decimals: int) -> bool:
    """Whether ``number`` is printed so; a minus before nothing but zeros is no difference."""
    text = f"{number:.{decimals}f}"
    return printed == text or (float(printed) == float(text) == 0.0)


@dataclass
class Shape:
    model: Path
    context: int
    chunks: int

    def tool(self, model: Path, *options: str, last: str = "Final estimate") -> str:
        """What the tool prints. Its log is written by a thread that sometimes loses the end on a busy machine, so it
        runs again until ``last`` is there."""
        command = [
            str(native.tool("llama-perplexity")), "-m", str(model), "-f", str(TEXT), "-c", str(self.context),
            "--chunks", str(self.chunks), "-t", str(THREADS), "-ngl", "0", *options,
        ]  # fmt: skip
        for _ in range(25):  # four of four have lost it beside heavy work
            done = subprocess.run(
                command, check=False, cwd=paths.native_dir(), capture_output=True, text=True, timeout=300
            )
            assert done.returncode == 0, done.stderr[-2000:]
            if last in done.stdout + done.stderr:
                return done.stdout + done.stderr
        raise AssertionError(f"The tool has never printed {last!r}.")

    def ours(
        self, model: Path, work_dir: Path, base: Path | None = None, *, keep: bool = True
    ) -> list[Sample]:
        files = {"text": str(TEXT), **({BASE_LOGITS: str(base)} if base else {})}
        engine = open_engine("llama", str(model), EngineSettings(threads=THREADS))
        spec = DivergenceSpec(context=self.context, chunks=self.chunks, keep_logits=keep)
        work_dir.mkdir(exist_ok=True)
        try:
            context = ProbeContext(
                files=files, work_dir=str(work_dir), settings=EngineSettings(threads=THREADS)
            )
            return list(Divergence(spec).run(engine, context))
        finally:
            engine.close()


@dataclass
class Base:
    shape: Shape
    logits: Path
    """The tool's file of log-probabilities."""
    samples: list[Sample]
    own: Path
    """Our file of log-probabilities."""


@pytest.fixture(scope="module", params=["demo", "tiny"])
def base(
    request: pytest.FixtureRequest,
    demo_model: Path,
    native_dir: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Base:
    """The demo model (49,152 tokens of vocabulary), and a tiny one in f16 whose width suits k-quants."""
    folder = tmp_path_factory.mktemp("perplexity")
    if request.param == "demo":
        shape = Shape(demo_model, 64, 4)
    else:
        shape = Shape(tiny_gguf(folder / "tiny.gguf", layers=4), 128, 20)
    logits = folder / "tool.logits"
    shape.tool(shape.model, "--kl-divergence-base", str(logits))
    samples = shape.ours(shape.model, folder / "work")
    return Base(shape, logits, samples, folder / "work" / "base.logits")


def test_plain_perplexity(base: Base) -> None:
    """Of a plain run: one that keeps log-probabilities rounds them, and prints a last digit of its own."""
    ours = Divergence.details(base.samples)["tool"]
    text = base.shape.tool(base.shape.model)
    final = re.search(r"Final estimate: PPL = (\S+) \+/- (\S+)", text)
    assert final is not None, text[-2000:]
    assert same(final[1], ours["ppl"], 4), (final[1], ours["ppl"])
    assert same(final[2], ours["ppl_se"], 5), (final[2], ours["ppl_se"])
    running = re.findall(r"\[(\d+)\](\d+\.\d+),", text)
    assert len(running) == base.shape.chunks
    for number, printed in running:
        upto = Divergence.details([s for s in base.samples if float(s.x) < int(number)])["tool"]
        assert same(printed, upto["ppl"], 4), (number, printed, upto["ppl"])


def test_files_of_log_probabilities_are_the_same(base: Base) -> None:
    assert base.own.read_bytes() == base.logits.read_bytes()


@pytest.mark.parametrize("quant", QUANTS)
def test_every_number_of_the_divergence(base: Base, quant: str, tmp_path: Path) -> None:
    model = tmp_path / f"{quant}.gguf"
    command = [
        str(native.tool("llama-quantize")),
        "--allow-requantize",
        str(base.shape.model),
        str(model),
        quant,
        "2",
    ]
    subprocess.run(command, check=True, capture_output=True, cwd=paths.native_dir(), timeout=300)
    text = base.shape.tool(
        model, "--kl-divergence-base", str(base.logits), "--kl-divergence", last="\nSame top p:"
    )
    samples = base.shape.ours(model, tmp_path / "work", base.own)
    model.unlink()
    ours = Divergence.details(samples)["tool"]

    assert differences(text, ours) == []
    table = re.findall(r"^ *(\d+)((?: +-?[\d.]+ ± +[\d.]+(?: %)?){5})$", text, re.MULTILINE)
    assert [int(number) for number, _ in table] == list(range(1, base.shape.chunks + 1)), text
    for number, row in table:
        upto = Divergence.details([s for s in samples if float(s.x) < int(number)])["tool"]
        assert row_differences(row, upto) == [], f"chunk {number}"


def differences(text: str, ours: Mapping[str, float]) -> list[str]:
    """Lines of the tool's statistics that ours would print otherwise, or that are missing or unknown."""
    wrong, seen = [], set()
    for line in text.partition("====== Perplexity statistics")[2].splitlines():
        label, colon, rest = line.partition(":")
        if not colon or not re.search(r"KLD|Δp|PPL|top p", label):
            continue
        label = " ".join(label.split())
        numbers = re.findall(r"-?\d+\.\d+", rest)
        if label not in LINES:
            wrong.append(f"{label}: unknown")
            continue
        seen.add(label)
        name, decimals, error, error_decimals, factor = LINES[label]
        wanted = [(ours[name], decimals), *([(ours[error], error_decimals)] if error else [])]
        if len(numbers) != len(wanted) or not all(
            same(printed, factor * number, places)
            for printed, (number, places) in zip(numbers, wanted, strict=True)
        ):
            wrong.append(f"{line.strip()} | ours: {[factor * number for number, _ in wanted]}")
    return wrong + [f"{label}: missing" for label in LINES if label not in seen]


def row_differences(row: str, ours: Mapping[str, float]) -> Sequence[str]:
    pairs = re.findall(r"(-?[\d.]+) ± +([\d.]+)", row)
    return [
        f"{name}: {printed} ± {error} | ours {factor * ours[name]} ± {factor * ours[f'{name}_se']}"
        for (printed, error), (name, decimals, factor) in zip(pairs, COLUMNS, strict=True)
        if not (
            same(printed, factor * ours[name], decimals)
            and same(error, factor * ours[f"{name}_se"], decimals)
        )
    ]


def test_the_comparison_notices_a_last_digit() -> None:
    """The comparison itself: one unit in the last printed digit, a missing line and an unknown one are seen."""
    numbers = {name: 0.25 for name, *_ in LINES.values()}
    numbers |= {error: 0.125 for _, _, error, _, _ in LINES.values() if error}
    lines = ["====== Perplexity statistics ======"]
    for label, (name, decimals, error, places, factor) in LINES.items():
        text = f"{label} : {factor * numbers[name]:.{decimals}f}"
        lines.append(text + (f" ± {factor * numbers[error]:.{places}f}" if error else ""))
    printed = "\n".join(lines)
    assert differences(printed, numbers) == []
    assert len(differences(printed, {**numbers, "kld_p99": 0.250001})) == 1
    assert len(differences(printed, {**numbers, "ppl_se": 0.125002})) == 1
    assert len(differences(printed.replace("Median KLD", "Middle KLD"), numbers)) == 2
