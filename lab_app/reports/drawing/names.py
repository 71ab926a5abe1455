"""Where names may stand beside points without lying on each other, on intervals or outside of the frame.
Lengths are in pixels with y upwards; drawn by whoever asks."""

from __future__ import annotations

from collections.abc import Sequence

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 in pixels."""

SPOTS: tuple[tuple[float, float, str, str], ...] = (
    (7, 4, "left", "bottom"), (7, -4, "left", "top"), (-7, 4, "right", "bottom"), (-7, -4, "right", "top"),
    (7, 0, "left", "center"), (-7, 0, "right", "center"), (0, 10, "center", "bottom"), (0, -10, "center", "top"),
    (14, 13, "left", "bottom"), (-14, -13, "right", "top"), (14, -13, "left", "top"), (-14, 13, "right", "bottom"),
    (0, 22, "center", "bottom"), (0, -22, "center", "top"), (22, 26, "left", "bottom"), (-22, -26, "right", "top"),
    (22, -26, "left", "top"), (-22, 26, "right", "bottom"),
)  # fmt: skip
"""Where a name may stand: offset in points, and how it is aligned to that place."""


def box(
    px: float, py: float, width: float, height: float, spot: tuple[float, float, str, str], pixel: float
) -> Box:
    dx, dy, ha, va = spot
    x0 = px + dx * pixel - {"left": 0.0, "center": width / 2, "right": width}[ha]
    y0 = py + dy * pixel - {"bottom": 0.0, "center": height / 2, "top": height}[va]
    return x0, y0, x0 + width, y0 + height


def cost(area: Box, taken: Sequence[tuple[Box, float]], frame: Sequence[float]) -> float:
    """Overlap in square pixels, and much more for what leaves the axes."""
    overlap = 0.0
    for other, weight in taken:
        width = min(area[2], other[2]) - max(area[0], other[0])
        height = min(area[3], other[3]) - max(area[1], other[1])
        overlap += weight * width * height if width > 0 and height > 0 else 0.0
    outside = sum(
        max(0.0, d) for d in (frame[0] - area[0], area[2] - frame[2], frame[1] - area[1], area[3] - frame[3])
    )
    return overlap + 40.0 * outside


def arrange(
    points: Sequence[tuple[float, float, float, float]],
    taken: Sequence[tuple[Box, float]],
    frame: Sequence[float],
    pixel: float,
) -> list[int]:
    """The spot of every name (an index of :data:`SPOTS`): first one after the other, then each once more in view
    of all others, until none moves.

    points: x, y, width and height of each name, pixels. taken: what stands there already, with weights.
    """
    places = [[box(px, py, width, height, spot, pixel) for spot in SPOTS] for px, py, width, height in points]
    chosen: list[int | None] = [None] * len(points)
    for _ in range(4):
        before = list(chosen)
        for index, boxes in enumerate(places):
            others = [
                (places[i][spot], 1.0) for i, spot in enumerate(chosen) if spot is not None and i != index
            ]
            # Nearer spots first, where two are equally free.
            costs = [cost(area, [*taken, *others], frame) + 12.0 * rank for rank, area in enumerate(boxes)]
            chosen[index] = costs.index(min(costs))
        if chosen == before:
            break
    return [spot or 0 for spot in chosen]
