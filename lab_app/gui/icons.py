"""Icons: outlines from ``resources/icons`` (Lucide; ``app.svg`` is our own), drawn in the colour of the theme.

An icon is set with :func:`set_icon`, which writes its name into the target; :func:`tint` redraws all of them
when the theme changes.
"""

from __future__ import annotations

import math
from functools import cache

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPushButton

from lab_app.system import paths

_PROPERTY = "labIcon"
_GAP = 5
"""Between an icon and the text beside it, where the style leaves none."""
_colours = {"normal": "#000000", "disabled": "#888888", "active": "#000000", "primary": "#ffffff"}


@cache
def _source(name: str) -> str:
    return paths.resource(f"icons/{name}.svg").read_text(encoding="utf-8")


@cache
def _drawn(name: str, colour: str, size: int, ratio: float, gap: int = 0, mirrored: bool = False) -> QPixmap:
    """``gap``: empty logical pixels beside it, on its leading side where ``mirrored``."""
    renderer = QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))
    pixmap = QPixmap(round((size + gap) * ratio), round(size * ratio))
    pixmap.fill(QColor(Qt.GlobalColor.transparent))
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(gap * ratio if mirrored else 0, 0, size * ratio, size * ratio))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def pixmap(name: str, colour: str | None = None, size: int = 20) -> QPixmap:
    """``name`` at ``size`` logical pixels, sharp on the screen the program runs on."""
    app = QApplication.instance()
    ratio = app.devicePixelRatio() if isinstance(app, QApplication) else 1.0
    return _drawn(name, colour or _colours["normal"], size, max(1.0, ratio))


def ratios() -> list[int]:
    """Pixels to a logical pixel on the screens there are; an icon is drawn for each."""
    return sorted({max(1, math.ceil(screen.devicePixelRatio())) for screen in QGuiApplication.screens()})


def icon(name: str, size: int = 16, gap: int = 0, normal: str = "normal") -> QIcon:
    """``name`` for normal, disabled and checked states in the colours of the theme."""
    mirrored = QApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft
    found = QIcon()
    modes = (
        (normal, QIcon.Mode.Normal, QIcon.State.Off),
        ("disabled", QIcon.Mode.Disabled, QIcon.State.Off),
        ("active", QIcon.Mode.Normal, QIcon.State.On),
        ("active", QIcon.Mode.Selected, QIcon.State.Off),
    )
    for role, mode, state in modes:
        for ratio in ratios() or [1]:
            found.addPixmap(_drawn(name, _colours[role], size, ratio, gap, mirrored), mode, state)
    return found


def of_the_program() -> QIcon:
    """What title bars and task bars show: three values with their intervals."""
    found = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        found.addPixmap(_drawn("app", "", size, 1))
    return found


def set_icon(target: QAction | QAbstractButton | QLabel, name: str, size: int = 20) -> None:
    """Give a button, an action or a label an icon that follows the theme. An empty name takes it away."""
    target.setProperty(_PROPERTY, f"{name}:{size}")
    _draw(target)


def _draw(target: QObject) -> None:
    name, _, size = str(target.property(_PROPERTY)).partition(":")
    if isinstance(target, QLabel):
        target.setPixmap(pixmap(name, size=int(size)) if name else QPixmap())
    elif isinstance(target, QAction | QAbstractButton):
        beside = isinstance(target, QPushButton) and target.text()
        gap = _GAP if beside else 0
        role = "primary" if target.property("kind") == "primary" else "normal"
        target.setIcon(icon(name, int(size), gap, role) if name else QIcon())
        if isinstance(target, QAbstractButton):
            target.setIconSize(QSize(int(size) + gap, int(size)))


def tint(normal: str, disabled: str, active: str, primary: str) -> None:
    """Draw every icon in use again, in these colours."""
    _colours.update(normal=normal, disabled=disabled, active=active, primary=primary)
    for window in QApplication.topLevelWidgets():
        for target in [window, *window.findChildren(QObject)]:
            if target.property(_PROPERTY):
                _draw(target)
