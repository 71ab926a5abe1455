"""matplotlib's SVG made fit for a page (colours follow the theme, nothing is loaded) or for a file of its own."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence

from lab_app import palette

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif"
_FONT_FAMILY = re.compile(r"font: ((?:\w+ )*)([\d.]+px) [^;]*")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")

ET.register_namespace("", _SVG)
ET.register_namespace("xlink", _XLINK)


def clean(text: str, prefix: str, title: str) -> ET.Element:
    """The drawing without comments, metadata and document type; ids carry ``prefix``; it has a title."""
    root = ET.fromstring(text)
    for child in list(root):
        if child.tag.endswith("}metadata"):
            root.remove(child)
    for element in root.iter():
        for name in ("id", "clip-path", f"{{{_XLINK}}}href"):
            value = element.get(name)
            if value is not None:
                element.set(name, _renamed(value, name, prefix))
        declared = element.get("style")
        if declared is not None:
            declared = _FONT_FAMILY.sub(rf"font: \1\2 {_FONT}", declared)
            element.set("style", _REFERENCE.sub(rf"url(#{prefix}\1)", declared))
    heading = ET.Element(f"{{{_SVG}}}title")
    heading.text = title
    root.insert(0, heading)
    root.set("role", "img")
    return root


def _renamed(value: str, name: str, prefix: str) -> str:
    if name == "id":
        return prefix + value
    if name == "clip-path":
        return _REFERENCE.sub(rf"url(#{prefix}\1)", value)
    return f"#{prefix}{value[1:]}" if value.startswith("#") else value


def for_file(root: ET.Element) -> str:
    """A file of its own, on white."""
    box = (root.get("viewBox") or "0 0 100 100").split()
    ground = ET.Element(
        f"{{{_SVG}}}rect", {"width": box[2], "height": box[3], "style": f"fill: {palette.PAPER.light}"}
    )
    root.insert(1, ground)
    text = ET.tostring(root, encoding="unicode")
    root.remove(ground)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + text + "\n"


def for_page(root: ET.Element, colours: Sequence[palette.Colour]) -> str:
    """Inline: no size of its own beyond the view box, and each colour of the palette a CSS variable."""
    text = ET.tostring(root, encoding="unicode")
    text = text.replace(f' xmlns="{_SVG}"', "", 1).replace(f' xmlns:xlink="{_XLINK}"', "", 1)
    head, close, rest = text.partition(">")
    head = re.sub(r' (?:width|height)="[^"]*"', "", head)
    text = head + close + rest
    for colour in {c.light: c for c in colours}.values():
        text = text.replace(f": {colour.light}", f": var(--{colour.name},{colour.light})")
    return text


def natural_width(root: ET.Element) -> float:
    return float((root.get("viewBox") or "0 0 100 100").split()[2])
