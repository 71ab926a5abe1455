"""How numbers are written: digits follow the interval's width, in every form of the report alike."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lab_app.probes.base import Metric
from lab_app.stats.estimate import Estimate
from lab_app.system.translation import note, translate
from lab_app.system.units import size

MISSING = "–"
MAX_DECIMALS = 6
SHARE_UNITS = frozenset({"share", "fraction"})
SHARE_METHODS = ("wilson", "clopper", "newcombe", "mcnemar", "share")
UNITS = (note("units", "nats"), note("units", "tokens"), note("units", "tokens/s"))
"""Units with a name that is a word."""


def unit_text(unit: str) -> str:
    """A unit as it is shown."""
    return translate("units", unit)


def is_share(estimate: Estimate, unit: str) -> bool:
    """Whether a number is a proportion and is written in percent."""
    if unit in SHARE_UNITS:
        return True
    return not unit and any(name in estimate.method for name in SHARE_METHODS)


def decimals(estimate: Estimate, default: int) -> int:
    """Decimals that show two significant digits of the interval's half-width; ``default`` where it has none."""
    half = (estimate.hi - estimate.lo) / 2.0
    if not math.isfinite(half) or half <= 0.0:
        return min(max(default, 0), MAX_DECIMALS)
    return min(max(1 - math.floor(math.log10(half)), 0), MAX_DECIMALS)


def fixed(value: float, places: int) -> str:
    """``value`` with ``places`` decimals, a true minus sign, thin groups of thousands, never ``-0``."""
    if not math.isfinite(value):
        return MISSING
    text = f"{value:,.{places}f}".replace(",", "\u202f")
    if text.lstrip("-").strip("0.\u202f") == "":
        text = text.lstrip("-")
        if value != 0.0:  # an end of an interval beside nothing: on which side it lies is to be seen
            return (
                f"{value:.1g}".replace("-", "−") if abs(value) >= 1e-4 else f"{value:.1e}".replace("-", "−")
            )
    return text.replace("-", "−")


@dataclass(frozen=True, slots=True)
class Text:
    """A number as it is shown: the value, its interval (empty where it has none), and both in one line."""

    value: str
    interval: str
    unit: str = ""

    def __str__(self) -> str:
        number = f"{self.value}{self.unit}"
        return f"{number} ({self.interval})" if self.interval else number


def show(
    estimate: Estimate, *, unit: str = "", digits: int = 4, signed: bool = False, share: bool | None = None
) -> Text:
    """The text of an estimate. ``signed``: with a plus sign (differences); ``share``: in percent."""
    if unit == "bytes":
        value, lo, hi = (size(v).replace("-", "−") for v in (estimate.value, estimate.lo, estimate.hi))
        return Text(f"+{value}" if signed and estimate.value > 0 else value, _ends(lo, hi))
    percent = is_share(estimate, unit) if share is None else share
    factor = 100.0 if percent else 1.0
    scaled = Estimate(
        estimate.value * factor, estimate.lo * factor, estimate.hi * factor, estimate.n, estimate.method
    )
    places = decimals(scaled, digits - 2 if percent else digits)
    value = fixed(scaled.value, places)
    if signed and scaled.value > 0.0:
        value = f"+{value}"
    tail = "" if not percent else translate("reports", " points") if signed else " %"
    return Text(value, _ends(fixed(scaled.lo, places), fixed(scaled.hi, places)), tail)


def _ends(lo: str, hi: str) -> str:
    """``2.79–3.18``; with words where a minus sign would read as a dash. Empty where there is no interval."""
    if lo == hi or MISSING in (lo, hi):
        return ""
    return translate("reports", "{0} to {1}").format(lo, hi) if "−" in lo + hi else f"{lo}–{hi}"


def show_metric(metric: Metric) -> Text:
    return show(metric.estimate, unit=metric.unit, digits=metric.digits)


def p_value(p: float) -> str:
    if not math.isfinite(p):
        return MISSING
    if p < 0.001:
        return "< 0.001"
    return f"{p:.3f}" if p < 0.1 else f"{p:.2f}"
