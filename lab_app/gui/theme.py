"""How the window looks: two palettes over Qt's Fusion style, one type scale, one spacing grid.

Colours come from :mod:`lab_app.palette`, so that plots, reports and the window agree. The theme follows the
desktop or the user's choice, and changes live.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from string import Template

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from lab_app import palette
from lab_app.gui import icons
from lab_app.palette import Colour, contrast
from lab_app.system import paths

GRID = 4
"""Pixels of one step of the spacing grid; see :func:`space`."""
SMALL, BODY, HEADING, TITLE = 0.88, 1.0, 1.2, 1.6
"""The type scale, relative to the desktop's font size."""


def space(steps: int) -> int:
    """Logical pixels of ``steps`` steps of the grid."""
    return GRID * steps


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours by role, as ``#rrggbb``. A role on a ground it is used on has a contrast of 4.5 or more."""

    dark: bool
    ink: str
    muted: str
    ground: str
    """Behind everything."""
    panel: str
    """Cards, tables, fields."""
    rail: str
    line: str
    edge: str
    """Border of things one can use: 3 : 1 against its surroundings (WCAG 1.4.11)."""
    accent: str
    on_accent: str
    hover: str
    selected: str
    good: str
    warn: str
    bad: str

    @property
    def text_pairs(self) -> list[tuple[str, str, str]]:
        """Every (what, text colour, ground) that occurs in the window."""
        grounds = {"ground": self.ground, "panel": self.panel, "rail": self.rail, "hover": self.hover}
        inks = {name: getattr(self, name) for name in ("ink", "muted", "accent", "good", "warn", "bad")}
        pairs = [(f"{i} on {g}", ink, ground) for i, ink in inks.items() for g, ground in grounds.items()]
        return [
            *pairs,
            ("ink on selected", self.ink, self.selected),
            ("muted on selected", self.muted, self.selected),
            ("accent on selected", self.accent, self.selected),
            ("on_accent on accent", self.on_accent, self.accent),
        ]


def make(dark: bool) -> Theme:
    """The light or the dark theme."""

    def pick(colour: Colour) -> str:
        return colour.dark if dark else colour.light

    accent = pick(palette.ACCENT)
    return Theme(
        dark=dark,
        ink=pick(palette.INK),
        muted=pick(palette.MUTED),
        ground="#15181c" if dark else "#f6f8fa",
        panel="#1c2127" if dark else "#ffffff",
        rail="#101316" if dark else "#eceff2",
        line=pick(palette.GRID),
        edge="#78828e" if dark else "#7f8993",
        accent=accent,
        on_accent="#0b1a26" if dark else "#ffffff",
        hover="#272d35" if dark else "#eaeef2",
        selected="#1f3a50" if dark else "#d8e9f6",
        good=pick(palette.GOOD),
        warn=pick(palette.OPEN),
        bad=pick(palette.BAD),
    )


def colour(pair: Colour) -> str:
    """The half of a pair of :mod:`lab_app.palette` that fits the theme in use."""
    return pair.dark if keeper().theme.dark else pair.light


class ThemeKeeper(QObject):
    """Applies a theme to the application and tells when it changed."""

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._choice = "system"
        self.theme = make(dark=False)
        app.setStyle(QStyleFactory.create("Fusion"))
        self._base = _base_font(app)
        app.styleHints().colorSchemeChanged.connect(self._follow)
        app.screenAdded.connect(self._tint)  # icons are drawn for the screens there are

    def choose(self, choice: str) -> None:
        """``system``, ``light`` or ``dark``."""
        self._choice = choice
        self._apply()

    def _follow(self) -> None:
        if self._choice == "system":
            self._apply()

    def _apply(self) -> None:
        system_dark = self._app.styleHints().colorScheme() is Qt.ColorScheme.Dark
        dark = system_dark if self._choice == "system" else self._choice == "dark"
        self.theme = make(dark)
        self._app.setPalette(qt_palette(self.theme))
        self._app.setStyleSheet(style_sheet(self.theme, self._base.pointSizeF()))
        self._tint()
        self.changed.emit()

    def _tint(self) -> None:
        icons.tint(self.theme.ink, self.theme.muted, self.theme.accent, self.theme.on_accent)

    def font(self, scale: float = BODY, *, bold: bool = False) -> QFont:
        """The desktop's font at a step of the type scale."""
        font = QFont(self._base)
        font.setPointSizeF(self._base.pointSizeF() * scale)
        font.setBold(bold)
        return font

    def fixed_font(self, scale: float = BODY) -> QFont:
        """A font whose letters are equally wide, for TOML, logs and commands."""
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSizeF(self._base.pointSizeF() * scale)
        return font


_keeper: ThemeKeeper | None = None


def keeper() -> ThemeKeeper:
    """The one keeper of this application, made with it."""
    global _keeper
    if _keeper is None or _keeper.parent() is not QApplication.instance():
        app = QApplication.instance()
        assert isinstance(app, QApplication), "a QApplication comes first"
        _keeper = ThemeKeeper(app)
    return _keeper


def _base_font(app: QApplication) -> QFont:
    """The desktop's font, not smaller than 10 points, figures of one width."""
    font = QFont(app.font())
    font.setPointSizeF(max(10.0, font.pointSizeF()))
    app.setFont(font)
    return font


def qt_palette(theme: Theme) -> QPalette:
    """Fusion's own roles, for what the style sheet does not name."""
    colours = QPalette()
    roles = QPalette.ColorRole
    table = {
        roles.Window: theme.ground, roles.WindowText: theme.ink, roles.Base: theme.panel,
        roles.AlternateBase: theme.ground, roles.Text: theme.ink, roles.Button: theme.panel,
        roles.ButtonText: theme.ink, roles.BrightText: theme.bad, roles.Highlight: theme.selected,
        roles.HighlightedText: theme.ink, roles.Link: theme.accent, roles.LinkVisited: theme.accent,
        roles.ToolTipBase: theme.panel, roles.ToolTipText: theme.ink, roles.PlaceholderText: theme.muted,
        roles.Accent: theme.accent, roles.Mid: theme.line, roles.Midlight: theme.hover, roles.Light: theme.panel,
        roles.Dark: theme.edge, roles.Shadow: theme.line,
    }  # fmt: skip
    for role, value in table.items():
        colours.setColor(role, QColor(value))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        colours.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.muted))
    return colours


def style_sheet(theme: Theme, points: float) -> str:
    """The sheet of the whole window. Directions are never named: Qt mirrors what it lays out itself."""
    sizes = {f"pt_{name}": f"{points * scale:.2f}pt" for name, scale in
             (("small", SMALL), ("heading", HEADING), ("title", TITLE))}  # fmt: skip
    files = {"icons": paths.resource("icons/style").as_posix(), "mode": "dark" if theme.dark else "light"}
    values = {name: getattr(theme, name) for name in Theme.__slots__ if name != "dark"}
    sheet = Path(__file__).with_name("style.qss").read_text(encoding="utf-8")
    return Template(sheet).substitute(values | sizes | files)


__all__ = [
    "BODY",
    "HEADING",
    "SMALL",
    "TITLE",
    "Theme",
    "ThemeKeeper",
    "colour",
    "contrast",
    "keeper",
    "make",
    "space",
]
