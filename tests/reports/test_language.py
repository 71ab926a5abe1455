"""A report in another language says the same: every number stays, and no text of ours stays English."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from lab_app.reports.document import Document, document
from lab_app.reports.html import html
from lab_app.reports.markdown import markdown
from lab_app.reports.model import ReportData
from lab_app.reports.rows import csv_text, json_text
from lab_app.system import translation
from tests.reports import builder

OURS = re.compile(r"[A-Za-zÀ-ž]{2,}")
NAMES = {
    "Odyssey Lab", "SmolLM2", "Instruct", "Holm", "Wilson", "KL", "KV", "GPU", "sha256", "NLL", "base", "gguf", "Q4_1",
    "Flash attention", "DejaVu",
    # of the study itself and of the machine
    "test", "max_kld", "min_arithmetic", "The disk is full.", "Do something else.", "Correct", "Linux 6.1 x86_64",
    "Test CPU", "CPU", "cpu", "llama.cpp", "0123456789abcdef", "*{stroke-linejoin: round; stroke-linecap: butt}",
}  # fmt: skip


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    translation.use(translation.ENGLISH)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[builder.Builder]:
    """A small study with thresholds, an importance matrix and a file that could not be made."""
    made = builder.Builder(tmp_path_factory.mktemp("language"))
    made.thresholds = {"max_kld": 0.01, "min_arithmetic": 0.3}
    for name, kld in (("base", None), ("Q8_0", 0.0009), ("Q4_K_M", 0.031), ("Q2_K", 1.9)):
        made.file(
            name,
            {"base": 98, "Q8_0": 145, "Q4_K_M": 105, "Q2_K": 88}[name] * builder.MEGA,
            base=kld is None,
            quant="Q4_1" if kld is None else name,
            notes=("its weights are Q4_1 already",) if kld is None else ("requantized from Q4_1",),
            meta={} if kld is None else {"requantized_from": "Q4_1", "fallbacks": 60, "tensors": 272},
        )
        made.divergence(name, kld, 0.0 if kld is None else kld / 2, chunks=4, tokens=40)
        made.sums(name, 15 if name != "Q2_K" else 1, 20)
        made.field(name, 0.9)
        made.speed(name, 40.0)
    made.file("IQ2_M", None, quant="IQ2_M", error="The disk is full.")
    made.cell("divergence", "divergence", "IQ2_M", [], state="queued")
    yield made
    made.store.close()


def _data(lab: builder.Builder, code: str, at: float | None = None) -> ReportData:
    from dataclasses import replace

    translation.use(code)
    data = lab.data()
    return data if at is None else replace(data, created=at)


def _values(made: Document) -> list[object]:
    tables = [made.main, *(t for s in made.probes for t in (s.table, s.pairs) if t is not None)]
    return [cell.value for table in tables for row in table.rows for cell in row]


def test_chinese_says_the_same_numbers(lab: builder.Builder) -> None:
    ours = _data(lab, "en")
    english = document(ours, figures=False)
    data = _data(lab, "zh_CN", ours.created)
    chinese = document(data, figures=False)
    assert _values(chinese) == _values(english)
    assert csv_text(data) == csv_text(ours)
    one, other = (json.loads(json_text(made)) for made in (english, chinese))
    assert other.keys() == one.keys() and _numbers(one) == _numbers(other)
    assert [check.status for check in chinese.checks] == [check.status for check in english.checks]
    assert chinese.verdict.standing == english.verdict.standing
    numbers = [re.findall(r"\d+(?:\.\d+)?", made.verdict.headline) for made in (english, chinese)]
    assert numbers[0] == numbers[1] != []


def _numbers(value: object) -> list[float]:
    if isinstance(value, dict):
        return [n for key in sorted(value) for n in _numbers(value[key])]
    if isinstance(value, list):
        return [n for item in value for n in _numbers(item)]
    return [value] if isinstance(value, int | float) else []


def test_the_same_data_gives_the_same_bytes_in_a_language(lab: builder.Builder) -> None:
    pages = []
    for code in ("zh_CN", "en", "zh_CN"):
        made = document(_data(lab, code, 1_700_000_000.0), figures=False)
        pages.append(html(made) + markdown(made))
    assert pages[0] == pages[2] != pages[1]
    assert '<html lang="zh-CN">' in pages[0] and '<html lang="en">' in pages[1]


def test_no_text_of_a_report_escapes_the_translators(lab: builder.Builder) -> None:
    """In the pseudo-language every text of ours is marked; what is not is a name, a number or the study itself."""
    made = document(_data(lab, translation.PSEUDO, 1_700_000_000.0))
    page = html(made)
    assert made.pictures
    body = re.sub(r"(?s)<style.*?</style>|<pre.*?</pre>|<svg.*?</svg>|<code>.*?</code>", " ", page)
    seen = re.findall(r">([^<>]*[A-Za-zÀ-ž]{2}[^<>]*)<", body)
    seen += re.findall(r'(?:aria-label|title)="([^"]*)"', body)
    for picture in made.pictures:
        # Text of the drawings: titles, axes, legends; ticks and the names of files are no texts of ours.
        seen += re.findall(r">([^<>]*[A-Za-zÀ-ž]{3}[^<>]*)<", picture.drawing.page)
    known = {v.label for v in made.data.variants} | {p.probe_id for p in made.data.probes}
    escaped = {text.strip() for text in seen if "[" not in text and not _is_name(text, known)}
    assert escaped == set()


def _is_name(text: str, known: set[str]) -> bool:
    left = re.sub(r"/\S+|\b[0-9a-f]{40,}\b|&\w+;", "", text)
    for name in sorted(NAMES | known, key=len, reverse=True):
        left = left.replace(name, "")
    return not OURS.search(re.sub(r"\b(?:MB|GB|kB|UTC|F16|IQ2_M)\b", "", left))
