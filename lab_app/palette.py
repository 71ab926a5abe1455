"""Colours of figures, the same in reports and in the window.

Categorical colours after Okabe & Ito (2008), "Color Universal Design", without the yellow that vanishes
on white; the sequential ramp is a row of stops along matplotlib's viridis. Both can be told apart with
the common kinds of colour blindness. Every colour is a pair: on light and on dark ground.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colour:
    """``name`` is the CSS variable (without ``--``) that stands for the pair in pages."""

    name: str
    light: str
    dark: str


INK = Colour("ink", "#1d2126", "#e7e9ec")
"""Text, axes, and the base that others are compared with."""
MUTED = Colour("muted", "#59626d", "#a3acb7")
GRID = Colour("grid", "#dfe3e8", "#363d46")
PAPER = Colour("paper", "#ffffff", "#15181c")
ACCENT = Colour("accent", "#0b66a8", "#6cb8f0")
EMPTY = Colour("empty", "#eceff2", "#23282e")
"""Ground of a cell without a value."""
GOOD = Colour("good", "#0a6b4b", "#4ccf9f")
BAD = Colour("bad", "#b3261e", "#ff9a8c")
OPEN = Colour("open", "#8a5a00", "#f0b93a")
"""Not decided, or a warning."""
CARD = Colour("card", "#f6f8fa", "#1c2127")
BEST = Colour("best", "#e9f5f0", "#15302a")
"""Ground of the recommended row."""

CATEGORIES: tuple[Colour, ...] = (
    Colour("c1", "#0072b2", "#4ba3e3"),
    Colour("c2", "#d55e00", "#f08a3c"),
    Colour("c3", "#008a64", "#2ec79a"),
    Colour("c4", "#b2578c", "#e29cc6"),
    Colour("c5", "#a87400", "#f0b93a"),
    Colour("c6", "#3d95c9", "#9bd5f7"),
    Colour("c7", "#6a5acd", "#b0a6f5"),
)

VIRIDIS: tuple[str, ...] = (
    "#440154", "#482878", "#3e4989", "#31688e", "#26828e", "#1f9e89", "#35b779", "#6ece58", "#b5de2b", "#fde725",
)  # fmt: skip
"""Ten stops from low to high."""


def _mix(first: str, second: str, share: float) -> str:
    parts = (
        round(int(first[i : i + 2], 16) * (1.0 - share) + int(second[i : i + 2], 16) * share)
        for i in (1, 3, 5)
    )
    return "#" + "".join(f"{part:02x}" for part in parts)


def ramp(place: float) -> str:
    """Colour at ``place`` in [0, 1] along the sequential ramp; values outside are clipped."""
    spot = min(max(place, 0.0), 1.0) * (len(VIRIDIS) - 1)
    index = min(int(spot), len(VIRIDIS) - 2)
    return _mix(VIRIDIS[index], VIRIDIS[index + 1], spot - index)


def series(count: int) -> list[Colour]:
    """``count`` colours for things shown side by side, in a fixed order.

    Up to seven are categorical. More cannot be told apart by hue: they get steps of the ramp, so that
    neighbours (by file size) look alike; ends that vanish on their ground are left out.
    """
    if count <= len(CATEGORIES):
        return list(CATEGORIES[:count])
    steps = [index / (count - 1) for index in range(count)]
    return [
        Colour(f"r{count}-{index}", ramp(0.05 + 0.75 * step), ramp(0.28 + 0.72 * step))
        for index, step in enumerate(steps)
    ]


def luminance(colour: str) -> float:
    """Relative luminance in [0, 1] (WCAG 2.2) of ``#rrggbb``."""
    parts = [int(colour[i : i + 2], 16) / 255.0 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1 … 21 (WCAG 2.2)."""
    one, two = sorted((luminance(first), luminance(second)), reverse=True)
    return (one + 0.05) / (two + 0.05)


def text_on(ground: str) -> str:
    """Black or white, whichever reads better on ``ground``."""
    return "#000000" if contrast(ground, "#000000") >= contrast(ground, "#ffffff") else "#ffffff"
