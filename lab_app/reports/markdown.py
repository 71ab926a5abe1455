"""The report as Markdown (the tables of GitHub's flavour), for issues, wikis and terminals."""

from __future__ import annotations

import re

from lab_app.reports.document import Document
from lab_app.reports.html import groups, titles
from lab_app.reports.phrases import phrases
from lab_app.reports.table import Table
from lab_app.reports.words import paragraph, printable
from lab_app.system.translation import translate

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~$@]")
"""What GitHub's Markdown may take for markup anywhere. Parentheses and ``!`` are harmless once brackets are not."""
_AT_START = re.compile(r"^(?:([-+=])(?=[\s=-]|$)|(\d+)([.)])(?=\s|$))")
"""What makes a list, a rule or a heading at the start of a line."""


def text(value: str) -> str:
    """One line in which nothing is markup."""
    flat = " ".join(printable(value).split())
    escaped = _SPECIAL.sub(r"\\\g<0>", flat).replace("&", "&amp;")
    return _AT_START.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", escaped)


def table(t: Table) -> str:
    heads = [text(f"{c.label} ({c.sub})" if c.sub else c.label) for c in t.columns]
    rule = ["---:" if c.numeric else "---" for c in t.columns]
    lines = [f"**{text(t.caption)}**", "", _row(heads), _row(rule)]
    for index, row in enumerate(t.rows):
        cells = [text(cell.plain) for cell in row]
        if index == t.highlight:
            cells[0] = f"**{cells[0]}**"
        lines.append(_row(cells))
    if t.notes:
        lines += ["", *(f"- {text(note)}" for note in t.notes)]
    return "\n".join(lines)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def markdown(document: Document) -> str:
    data = document.data
    headings, say = titles(document), phrases(data)
    parts = [f"# {text(data.study.name)}"]
    if data.study.extra.get("description"):
        parts.append(text(str(data.study.extra["description"])))
    parts += [f"## {say['verdict']}", f"**{text(document.verdict.headline)}**"]
    bullet = translate("reports", "- **{0}:** {1}")
    verdict = [bullet.format(text(group.label), text(paragraph(*group.texts))) for group in groups(document)]
    if verdict:
        parts.append("\n".join(verdict))
    parts += [f"## {say['files']}", table(document.main)]
    if document.thresholds is not None:
        parts += [f"## {say['thresholds']}", table(document.thresholds)]
    for section in document.probes:
        parts.append(f"## {text(headings[section.anchor])}")
        parts += [text(remark) for remark in (section.probe.question, *section.remarks) if remark]
        parts += [table(t) for t in (section.table, section.pairs) if t is not None]
    if data.imatrix is not None:
        parts.append(f"## {say['importance_matrix']}")
        if document.imatrix_problem:
            parts.append(text(document.imatrix_problem))
        parts += [table(t) for t in document.imatrix]
    if document.failures is not None:
        parts += [f"## {say['failures']}", table(document.failures)]
    parts += [
        f"## {say['provenance']}",
        table(document.files),
        table(document.machine),
        *([table(document.method)] if document.method is not None else []),
        *(table(t) for t in document.runs),
    ]
    parts += [f"## {say['run_it_again']}", _fenced(document.command, "sh"), _fenced(data.study.toml, "toml")]
    parts.append(text(say["made"]))
    return "\n\n".join(parts) + "\n"


def _fenced(body: str, language: str) -> str:
    """A code block whose fence is longer than any in the text."""
    body = printable(body)
    longest = max((len(run) for run in re.findall(r"`+", body)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{body.rstrip()}\n{fence}"
