"""Model cards: what is shown of a README that means no good."""

from __future__ import annotations

import os
import re

import pytest

from lab_app.hub import card
from tests.hub.fake_hub import COMMIT, FakeHub

BASE = "https://hub.example/org/m/blob/main/"
ALLOWED = {
    "p", "h1", "h2", "h3", "em", "strong", "code", "pre", "a", "ul", "ol", "li", "blockquote", "br", "hr", "s",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
README = """---
license: apache-2.0
base_model: org/base
language: [en, de]
---
# Tiny

<div align="center"><img src="https://tracker.example/x.png" alt="a logo" onerror="alert(1)"></div>

A **small** model, see [the paper](https://example.org/a?b=c), [the code](code/run.py), [there](#there).

| type | size |
|---|---|
| Q4_K_M | 1 GB |

```python
print("<b>not bold</b>")
```
"""
HOSTILE = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<svg onload=alert(1)><a xlink:href='javascript:alert(1)'>x</a></svg>",
    "<style>body{background:url(https://tracker.example)}</style>",
    "text <img src=x onerror=alert(1)> text <a href='javascript:alert(1)'>x</a>",
    "![x](https://tracker.example/x.png)",
    '![x"><script>alert(1)</script>](x.png)',
    "[x](javascript:alert(1)) [y](JaVaScRiPt:alert(1)) [z](data:text/html,<script>alert(1)</script>)",
    "[x](file:///etc/passwd) [y](//user:pass@evil.example/) [z](vbscript:x)",
    "[x][r]\n\n[r]: javascript:alert(1)",
    "<javascript:alert(1)> <https://user@evil.example>",
    "[x](&#106;avascript:alert(1)) [y](java\tscript:alert(1)) [z](\x01javascript:alert(1))",
    '[x](https://a.example/" onmouseover="alert(1))',
    '```"><script>alert(1)</script>\nx\n```',
    "<!-- <script>alert(1)</script> --> <![CDATA[<script>alert(1)</script>]]> <?php alert(1) ?>",
    "<iframe src=https://evil.example></iframe><object data=x></object><form action=x><input></form>",
    "\x1b]8;;https://evil.example\x07click\x1b]8;;\x07 \x1b[2J \u202eevil\u202c",
]


def check(found: card.Card) -> None:
    for tag, attributes in re.findall(r"<(/?[^\s>]+)([^>]*)>", found.html):
        assert tag.strip("/") in ALLOWED, found.html
        names = re.findall(r"([\w:-]+)=\"[^\"]*\"", attributes)
        assert set(names) <= {"href", "class", "style", "start", "title"}, found.html
        for href in re.findall(r'href="([^"]*)"', attributes):
            assert href.startswith(("https://", "http://")) and "@" not in href, found.html
        for style in re.findall(r'style="([^"]*)"', attributes):
            assert re.fullmatch(r"text-align:(left|right|center)", style), found.html
    for text in (found.html, found.text):
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", text)


def test_a_card() -> None:
    found = card.render(README, BASE)
    check(found)
    assert found.matter == {"license": "apache-2.0", "base_model": "org/base", "language": ["en", "de"]}
    assert "<h1>Tiny</h1>" in found.html and "<table>" in found.html and "a logo" in found.html
    assert 'href="https://example.org/a?b=c"' in found.html
    assert f'href="{BASE}code/run.py"' in found.html
    assert "tracker" not in found.html and "license" not in found.html
    assert "&lt;b&gt;not bold&lt;/b&gt;" in found.html
    assert "A small model, see the paper" in found.text


@pytest.mark.parametrize("source", HOSTILE)
def test_hostile_text(source: str) -> None:
    for text in (source, f"> {source}", f"- {source}", f"| a |\n|---|\n| {source} |", f"# {source}"):
        check(card.render(text, BASE))


@pytest.mark.parametrize(
    "head",
    [
        "---\n[a: b\n---\n# x",
        "---\n- 1\n---\n# x",
        "---\nx: !!python/name:os.system\n---\n# x",
        "---\nnever closed",
    ],
)
def test_a_head_that_is_none(head: str) -> None:
    found = card.render(head, BASE)
    check(found)
    assert found.matter == {}


def test_what_is_no_text_is_not_shown() -> None:
    assert (
        "alert"
        not in card.render("a <script>alert(1)</script> b\n\n<script>\nalert(1)\n</script>", BASE).html
    )


def test_much_and_deep() -> None:
    check(card.render("> " * 5000 + "x" + "[" * 5000 + "<b>" * 5000, BASE))


def test_from_the_hub(hub: FakeHub) -> None:
    hub.add("org/m", {"README.md": README.encode() + b"\xff" + os.urandom(10), "m.gguf": b"x"})
    found = card.fetch("org/m")
    check(found)
    assert f'href="{hub.url}/org/m/blob/{COMMIT}/code/run.py"' in found.html
    hub.add("org/none", {"m.gguf": b"x"})
    assert card.fetch("org/none") == card.Card("", "")
