"""A repository's README as something that can be shown: nobody's HTML, images, scripts or tricks with links.

The text is parsed as CommonMark; raw HTML is reduced to its words, images to their descriptions, links to
``http(s)`` addresses. What comes out has only the tags that the renderer itself writes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from lab_app.hub import client, repo
from lab_app.hub.control import Limits
from lab_app.hub.source import Source, read_range

MOST_BYTES = 1 << 20
_MATTER = re.compile(r"\A\s*---[ \t]*\r?\n(.{0,65536}?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_UNSEEN = frozenset({"script", "style", "head", "title", "template", "iframe", "object", "svg"})


@dataclass(frozen=True, slots=True)
class Card:
    """html: safe to show, without images or scripts. text: for terminals. matter: the YAML head (licence, base
    model, languages …); empty where there is none or it is wrong."""

    html: str
    text: str
    matter: Mapping[str, Any] = field(default_factory=dict)


def fetch(repository: str, revision: str = "main") -> Card:
    """The model card of a repository, empty where it has none. Raises LabError."""
    found = repo.listing(repository, revision)
    readme = next((file for file in found.files if file.name == "README.md"), None)
    if readme is None or not readme.size:
        return Card("", "")
    limits = Limits()
    size = min(readme.size, MOST_BYTES)
    data = read_range(Source(readme, limits.silence), 0, size, limits)
    return render(data.decode("utf-8", "replace"), f"{client.endpoint()}/{repository}/blob/{found.commit}/")


def render(source: str, base: str) -> Card:
    """``base``: address against which relative links are read."""
    from markdown_it import MarkdownIt

    source = plain(source)
    matter: Mapping[str, Any] = {}
    if head := _MATTER.match(source):
        matter, source = _yaml(head[1]), source[head.end() :]
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": 40}).enable(["table", "strikethrough"])
    tokens = [safe for token in parser.parse(source) for safe in _block(token, base)]
    return Card(parser.renderer.render(tokens, parser.options, {}), _text(tokens), matter)


def plain(text: str) -> str:
    """``text`` without control and direction characters, which could lie about what follows them."""
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    return "".join(kept)


def _yaml(text: str) -> Mapping[str, Any]:
    import yaml  # type: ignore[import-untyped]

    try:
        found = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _block(token: Any, base: str) -> list[Any]:
    from markdown_it.token import Token

    if token.type == "html_block":
        words = _words(token.content)
        if not words:
            return []
        inner = Token("inline", "", 0, content=words, children=[Token("text", "", 0, content=words)])
        return [
            Token("paragraph_open", "p", 1, block=True),
            inner,
            Token("paragraph_close", "p", -1, block=True),
        ]
    if token.type == "inline":
        token.children = [safe for child in _seen(token.children or []) for safe in _inline(child, base)]
    return [token]


def _seen(children: list[Any]) -> Iterator[Any]:
    """Without what stands between the tags of something that is not text (``<script>`` … ``</script>``)."""
    hidden = ""
    for child in children:
        tag = (
            re.match(r"<(/?)([a-z]+)", child.content, re.IGNORECASE) if child.type == "html_inline" else None
        )
        name = tag[2].lower() if tag else ""
        if hidden:
            hidden = "" if tag and tag[1] and name == hidden else hidden
        elif tag and not tag[1] and name in _UNSEEN:
            hidden = name
        else:
            yield child


def _inline(token: Any, base: str) -> list[Any]:
    from markdown_it.token import Token

    if token.type == "html_inline":
        is_break = re.match(r"<br\b", token.content, re.IGNORECASE)
        return [Token("hardbreak", "br", 0)] if is_break else []
    if token.type == "image":
        return [Token("text", "", 0, content=f"[{token.content}]")] if token.content else []
    if token.type == "link_open":
        address = _address(str(token.attrs.get("href", "")), base)
        token.attrs = {"href": address} if address else {}
    return [token]


def _address(href: str, base: str) -> str | None:
    """An ``http(s)`` address, or None. A place inside the page leads nowhere."""
    if href.startswith("#"):
        return None
    try:
        full = urljoin(base, href)
        parts = urlsplit(full)
    except ValueError:
        return None
    return full if parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc else None


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._hidden.append(tag)
        elif tag == "img":
            self.found.append(f" {dict(attrs).get('alt') or ''} ")
        else:
            self.found.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if self._hidden and tag == self._hidden[-1]:
            self._hidden.pop()
        self.found.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.found.append(data)


def _words(html: str) -> str:
    parser = _Words()
    parser.feed(html)
    parser.close()
    return plain(" ".join("".join(parser.found).split()))


def _text(tokens: list[Any]) -> str:
    lines: list[str] = []
    for token in tokens:
        if token.type == "inline":
            pieces = (
                "\n" if child.type in ("softbreak", "hardbreak") else child.content
                for child in token.children
            )
            lines.append("".join(pieces))
        elif token.type in ("fence", "code_block"):
            lines.append(token.content.rstrip("\n"))
        elif token.type in ("paragraph_close", "heading_close", "table_close", "bullet_list_close"):
            lines.append("")
    return plain(re.sub(r"\n{3,}", "\n\n", "\n".join(lines))).strip() + "\n" if lines else ""
