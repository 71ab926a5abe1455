# ruff: noqa: E501 (whole cells and hostile names)
"""One report in four forms: the same numbers in each, one file that loads nothing, nothing hostile gets through."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from lab_app import palette
from lab_app.reports import markdown
from lab_app.reports.document import Document, document
from lab_app.reports.html import html
from lab_app.reports.model import ReportData
from lab_app.reports.rows import COLUMNS, csv_text, json_text
from lab_app.reports.table import Table
from tests.conftest import ROOT
from tests.reports.builder import MEGA, Builder
from tests.reports.facts import report

VOID = {"meta", "link", "br", "hr", "img", "input", "col"}


class Page(HTMLParser):
    """The elements of a page in order; complains of what is not properly nested."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.tables: list[list[list[tuple[str, str | None]]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == [], f"never closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        assert len(found) == len(attrs), f"an attribute twice in <{tag}>"
        self.elements.append((tag, found))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append(("", found.get("data-value")))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-3:]}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)
        if self.open and {"td", "th"} & set(self.open) and "svg" not in self.open:
            text, value = self.tables[-1][-1][-1]
            self.tables[-1][-1][-1] = (text + data, value)

    def values(self, name: str) -> list[str]:
        return [value for _, attrs in self.elements if (value := attrs.get(name)) is not None]


@pytest.fixture(scope="module")
def page(whole_document: Document) -> str:
    return html(whole_document)


@pytest.fixture(scope="module")
def parsed(page: str) -> Page:
    return Page(page)


def tables_of(doc: Document) -> list[Table]:
    """In the order of the page."""
    found = [doc.main, doc.thresholds]
    for section in doc.probes:
        found += [section.table, section.pairs]
    found += [*doc.imatrix, doc.failures, doc.files, doc.machine, doc.method, *doc.runs]
    return [table for table in found if table is not None]


# -- the same numbers ----------------------------------------------------------------------------------


def test_html_shows_every_table_and_every_number_at_full_precision(
    whole_document: Document, parsed: Page
) -> None:
    expected = tables_of(whole_document)
    assert len(parsed.tables) == len(expected)
    for shown, table in zip(parsed.tables, expected, strict=True):
        assert [text for text, _ in shown[0]] == [f"{c.label}{c.sub}" for c in table.columns]
        for line, row in zip(shown[1:], table.rows, strict=True):
            for (text, value), cell in zip(line, row, strict=True):
                assert text.startswith(cell.text)
                assert all(part in text for part in (cell.sub, cell.mark, *cell.tags))
                assert value == (None if cell.value is None else repr(cell.value))


def test_markdown_shows_the_same_cells(whole_document: Document) -> None:
    text = markdown.markdown(whole_document)
    for table in tables_of(whole_document):
        assert markdown.table(table) in text
    for line, row in zip(
        [line for line in markdown.table(whole_document.main).splitlines() if line.startswith("| ")][2:],
        whole_document.main.rows,
        strict=True,
    ):
        cells = [
            re.sub(r"\\(.)", r"\1", cell.strip().strip("*")) for cell in re.split(r"(?<!\\)\|", line)[1:-1]
        ]
        assert cells == [cell.plain for cell in row]


def test_csv_json_and_the_tables_agree_to_the_last_bit(
    whole_document: Document, whole_data: ReportData
) -> None:
    body = json.loads(json_text(whole_document))
    lines = list(csv.DictReader(io.StringIO(csv_text(whole_data))))
    assert tuple(lines[0]) == COLUMNS
    from_csv = {
        (row["probe"], row["variant"], row["metric"], row["kind"]): tuple(
            float(row[k]) for k in ("value", "lo", "hi")
        )
        for row in lines
        if row["value"]
    }
    from_json = {}
    for probe in body["probes"]:
        for cell in probe["cells"]:
            for kind, numbers in (("value", cell["metrics"]), ("difference", cell["against_base"])):
                for name, found in numbers.items():
                    key = (probe["id"], cell["variant"], name, kind)
                    from_json[key] = (found["value"], found["lo"], found["hi"])
    for variant in body["variants"]:
        for name in ("file_size", "bits_per_weight"):
            from_json["", variant["id"], name, "value"] = (variant[name],) * 3
    assert from_csv == from_json
    assert len(from_csv) > 200
    shown = [cell.value for row in whole_document.main.rows for cell in row if cell.value is not None]
    assert set(shown) <= {value for value, _, _ in from_json.values()}


def test_corrected_p_values_are_the_same_in_csv_and_json(
    whole_document: Document, whole_data: ReportData
) -> None:
    body = json.loads(json_text(whole_document))
    expected = {
        (p["id"], c["variant"], name): (d["p"], d["p_corrected"])
        for p in body["probes"] for c in p["cells"] for name, d in c["against_base"].items()
    }  # fmt: skip
    found = {
        (row["probe"], row["variant"], row["metric"]): (float(row["p"]), float(row["p_corrected"]))
        for row in csv.DictReader(io.StringIO(csv_text(whole_data)))
        if row["kind"] == "difference"
    }
    assert found == expected


def test_the_verdict_reads_the_same_everywhere(whole_document: Document, parsed: Page) -> None:
    sentences = [s.text for s in whole_document.verdict.sentences]
    in_html = " ".join(parsed.words).replace("\u00a0", " ")
    in_markdown = markdown.markdown(whole_document)
    in_json = json.loads(json_text(whole_document))["verdict"]
    assert [s["text"] for s in in_json["sentences"]] == sentences
    for sentence in sentences:
        assert sentence in in_html
        assert markdown.text(sentence) in in_markdown
    assert in_json["best_variant"] == whole_document.verdict.best_variant


def test_json_and_csv_hold_no_number_that_is_none() -> None:
    nothing = (math.nan, -math.inf, math.inf)
    data = report({"base": 270, "Q8_0": 145}, kld={"Q8_0": nothing}, thresholds={"max_kld": 0.05})
    body = json.loads(json_text(document(data, figures=False)), parse_constant=pytest.fail)
    found = body["probes"][0]["cells"][1]["metrics"]["kld_mean"]
    assert (found["value"], found["lo"], found["hi"]) == (None, None, None)
    (row,) = (row for row in csv.DictReader(io.StringIO(csv_text(data))) if row["metric"] == "kld_mean")
    assert (row["value"], row["lo"], row["hi"], row["state"]) == ("", "", "", "done")


# -- one file that loads nothing -----------------------------------------------------------------------


def test_the_page_is_sound(page: str, parsed: Page) -> None:
    assert page.startswith("<!DOCTYPE html>")
    names = parsed.values("id")
    assert len(set(names)) == len(names)
    targets = [value[1:] for value in [*parsed.values("href"), *parsed.values("xlink:href")]]
    targets += [name for value in parsed.values("aria-labelledby") for name in value.split()]
    targets += re.findall(r"url\(#([^)]+)\)", page)
    assert targets and set(targets) <= set(names)
    headings = [tag for tag, _ in parsed.elements if re.fullmatch(r"h[1-6]", tag)]
    assert headings.count("h1") == 1
    for before, after in pairwise(headings):
        assert int(after[1]) <= int(before[1]) + 1


def test_the_page_loads_nothing_and_runs_nothing(page: str, parsed: Page) -> None:
    tags = {tag for tag, _ in parsed.elements}
    assert not tags & {
        "script",
        "link",
        "iframe",
        "img",
        "image",
        "object",
        "embed",
        "base",
        "form",
        "video",
        "use-external",
    }
    assert all(value.startswith("#") for value in [*parsed.values("href"), *parsed.values("xlink:href")])
    assert parsed.values("src") == parsed.values("srcset") == parsed.values("action") == []
    assert not [name for _, attrs in parsed.elements for name in attrs if name.startswith("on")]
    assert re.findall(r"url\((?!#)|@import|javascript:", page) == []
    (policy,) = (a["content"] for t, a in parsed.elements if t == "meta" and a.get("http-equiv"))
    assert policy is not None and policy.startswith("default-src 'none'")


def test_every_colour_of_a_drawing_has_a_light_and_a_dark_side(page: str) -> None:
    style = page[page.index("<style>") : page.index("</style>")]
    light, dark = style.split("@media screen and (prefers-color-scheme:dark)", 1)
    used = set(re.findall(r"var\(--([\w-]+)", page))
    assert {"ink", "muted", "grid", "paper", "accent"} <= used
    for name in used:
        assert f"--{name}:" in light, name
        assert f"--{name}:" in dark, name


def test_text_is_legible_in_both_themes(page: str) -> None:
    """WCAG AA for every colour of text on paper, card and the recommended row."""
    style = page[page.index("<style>") : page.index("</style>")]
    for theme in (style.split("@media screen")[0], style.split("prefers-color-scheme:dark)")[1]):
        colours = dict(re.findall(r"--([\w-]+):(#[0-9a-f]{6});", theme))
        for ground in ("paper", "card", "best"):
            for ink in ("ink", "muted", "accent", "good", "bad", "open"):
                assert palette.contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)


def test_wide_figures_are_those_of_many_heat_maps(parsed: Page) -> None:
    wide = [a["id"] for t, a in parsed.elements if t == "figure" and a.get("class") == "wide"]
    assert wide == ["p3f1"]


# -- hostile names -------------------------------------------------------------------------------------

HOSTILE = (
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "a|b`c`*d*_e_[f](javascript:g)", "$x^2$ {{ 7*7 }} %s",
    "]]><!-- --><![CDATA[", "line\nbreak\r\ttab", "control\x1b[31m\x00\x07", "turned \u202egpj.fdp", "none \ufffe\uffff",
    "模型 Ünïcødé 🙂", "=cmd|' /C calc'!A0", "</title></svg></style>", "&lt;b&gt; &amp;", "x" * 300, " ",
)  # fmt: skip


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> ReportData:
    lab = Builder(tmp_path_factory.mktemp("hostile"))
    lab.name, lab.source = HOSTILE[0], "studies/`rm -rf`; $(x) '.toml"
    lab.toml = 'name = "```"\n</code></pre><script>alert(2)</script>\n'
    lab.extra["description"] = HOSTILE[1]
    for index, label in enumerate(HOSTILE):
        lab.file(
            f"v{index}",
            (200 - index) * MEGA,
            base=index == 0,
            label=label,
            notes=(label,),
            settings={label: label},
        )
        lab.sums(f"v{index}", 19 - index, 20, provenance={"warnings": [label], label: label})
    lab.file("broken", None, label="broken", error=f"{HOSTILE[1]} {HOSTILE[6]}")
    try:
        return lab.data()
    finally:
        lab.store.close()


@pytest.fixture(scope="module")
def hostile_document(hostile: ReportData) -> Document:
    return document(hostile)


def test_hostile_names_stay_text_in_the_page(hostile_document: Document) -> None:
    page = html(hostile_document)
    parsed = Page(page)
    tags = {tag for tag, _ in parsed.elements}
    assert not tags & {"script", "img", "b"}
    assert not [name for _, attrs in parsed.elements for name in attrs if name.startswith("on")]
    # The text itself is there, as text.
    words = "".join(parsed.words)
    for label in ("<script>alert(1)</script>", "&lt;b&gt; &amp;", "{{ 7*7 }}", "模型 Ünïcødé 🙂"):
        assert label in words
    assert not set(page) & {"\x00", "\x07", "\x1b", "\u202e", "\ufffe", "\uffff"}


def test_hostile_names_stay_text_in_markdown(hostile_document: Document) -> None:
    text = markdown.markdown(hostile_document)
    outside = re.sub(r"(?s)(`{3,})\w*\n.*?\n\1", "", text)
    assert not re.search(r"(?<!\\)[<>]", outside)
    assert not re.search(r"(?<!\\)\]\(", outside)
    width = len(hostile_document.main.columns)
    rows = [line for line in markdown.table(hostile_document.main).splitlines() if line.startswith("| ")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in rows} == {width + 1}
    # The study's text holds a fence of three; ours is longer.
    assert "````toml\n" in text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1. first", "1\\. first"), ("- item", "\\- item"), ("--- rule", "\\--- rule"), ("=", "\\="), ("-0.5 is fine", "-0.5 is fine"),
        ("a_b*c", "a\\_b\\*c"), ("x | y", "x \\| y"), ("<b>&amp;", "\\<b\\>&amp;amp;"), ("a  b\n c", "a b c"),
        ("\\", "\\\\"), ("(5 %)!", "(5 %)!"), ("@all", "\\@all"),
    ],
)  # fmt: skip
def test_markdown_text(value: str, text: str) -> None:
    assert markdown.text(value) == text


def test_hostile_names_are_no_formulas_in_csv(hostile: ReportData) -> None:
    changed = replace(
        hostile, variants=tuple(replace(v, variant_id=f"={v.variant_id}") for v in hostile.variants)
    )
    for row in csv.reader(io.StringIO(csv_text(replace(changed, probes=())))):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)


def test_every_string_of_the_store_comes_back_from_json(hostile_document: Document) -> None:
    body = json.loads(json_text(hostile_document))
    assert [v["label"] for v in body["variants"]][: len(HOSTILE)] == list(HOSTILE)


# -- empty, and again ----------------------------------------------------------------------------------


def test_a_study_that_has_not_begun(lab: Builder) -> None:
    lab.file("base", None, base=True).file("Q8_0", None)
    lab.cell("sums", "toy-sums", "base", [], state="queued").cell(
        "sums", "toy-sums", "Q8_0", [], state="queued"
    )
    doc = document(lab.data())
    page = Page(html(doc))
    words = " ".join(page.words)
    assert "So far: no file can be recommended" in words
    assert "Not measured yet." in words
    assert "preliminary" in words
    assert doc.pictures == []
    assert markdown.markdown(doc).count("## ") == 5
    json.loads(json_text(doc))


def test_a_study_without_probes(lab: Builder) -> None:
    lab.file("base", 270 * MEGA, base=True)
    doc = document(lab.data())
    Page(html(doc))
    assert doc.verdict.headline == "Only the base is in this study, so there is nothing to choose from."


def test_sections_that_have_nothing_to_say_are_not_there(parsed: Page) -> None:
    assert {"thresholds", "imatrix", "failures"} & set(parsed.values("id")) == set()


def test_what_failed_and_the_matrix_have_sections(lab: Builder) -> None:
    lab.thresholds = {"max_kld": 0.05}
    lab.file("base", 270 * MEGA, base=True).file("Q8_0", None, error="The disk is full.")
    lab.imatrix(
        [{"tensor": "blk.0.x.weight", "covered": False}], {"tokens": 512, "uncovered": ["blk.0.x.weight"]}
    )
    doc = document(lab.data(), figures=False)
    page = Page(html(doc))
    assert {"thresholds", "imatrix", "failures"} < set(page.values("id"))
    text = markdown.markdown(doc)
    assert "## What failed, and why" in text and "The disk is full." in text
    assert "| blk.0.x.weight | 1 | no data | 0 | – |" in text


_AGAIN = """
import hashlib
from dataclasses import replace
from pathlib import Path
from tests.reports.builder import MEGA, Builder
from tests.reports.facts import report
from lab_app.reports.document import document
from lab_app.reports.html import html
from lab_app.reports.markdown import markdown
from lab_app.reports.rows import csv_text, json_text

lab = Builder(Path())
for index, name in enumerate(("base", "Q8_0", "Q2_K")):
    lab.file(name, (200 - 40 * index) * MEGA, base=index == 0)
    lab.sums(name, 19 - 6 * index, 20).field(name, 0.9, rows=2, columns=3, repeats=1)
data = replace(lab.data(), created=1.8e9)
at = lambda cell: replace(cell, finished=1.7e9, seconds=1.0)
probes = [replace(p, cells={name: at(cell) for name, cell in p.cells.items()}) for p in data.probes]
data = replace(data, probes=tuple(probes))
doc = document(data)
for text in (html(doc), markdown(doc), csv_text(data), json_text(doc), *(p.drawing.file for p in doc.pictures)):
    print(hashlib.sha256(text.encode()).hexdigest())
"""


def test_the_same_data_gives_the_same_bytes(tmp_path: Path) -> None:
    """In two processes whose sets have different orders."""
    outputs = []
    for seed in ("1", "2"):
        folder = tmp_path / seed
        folder.mkdir()
        done = subprocess.run(
            [sys.executable, "-c", _AGAIN], cwd=folder, capture_output=True, text=True, check=False,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        outputs.append(done.stdout.split())
    assert len(outputs[0]) == 4 + 5
    assert outputs[0] == outputs[1]
