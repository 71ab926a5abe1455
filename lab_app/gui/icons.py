"""Icons: outlines from ``resources/icons`` (Lucide), drawn in the colour of the theme.

An icon is set with :func:`set_icon`, which writes its name into the target; :func:`tint` redraws all of them
when the theme changes.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

from lab_app.system import paths

_PROPERTY = "labIcon"
_SIZES = (16, 20, 24)
_RATIOS = (1, 2)
_colours = {"normal": "#000000", "disabled": "#888888", "active": "#000000"}


@cache
def _source(name: str) -> str:
    return paths.resource(f"icons/{name}.svg").read_text(encoding="utf-8")


@cache
def _drawn(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    renderer = QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))
    pixmap = QPixmap(round(size * ratio), round(size * ratio))
    pixmap.fill(QColor(Qt.GlobalColor.transparent))
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, pixmap.width(), pixmap.height()))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def pixmap(name: str, colour: str | None = None, size: int = 20) -> QPixmap:
    """``name`` at ``size`` logical pixels, sharp on the screen the program runs on."""
    app = QApplication.instance()
    ratio = app.devicePixelRatio() if isinstance(app, QApplication) else 1.0
    return _drawn(name, colour or _colours["normal"], size, max(1.0, ratio))


def icon(name: str) -> QIcon:
    """``name`` for normal, disabled and checked states in the colours of the theme."""
    found = QIcon()
    modes = (
        ("normal", QIcon.Mode.Normal, QIcon.State.Off),
        ("disabled", QIcon.Mode.Disabled, QIcon.State.Off),
        ("active", QIcon.Mode.Normal, QIcon.State.On),
        ("active", QIcon.Mode.Selected, QIcon.State.Off),
    )
    for role, mode, state in modes:
        for size in _SIZES:
            for ratio in _RATIOS:
                found.addPixmap(_drawn(name, _colours[role], size, ratio), mode, state)
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
        target.setIcon(icon(name) if name else QIcon())
        if isinstance(target, QAbstractButton):
            target.setIconSize(QSize(int(size), int(size)))


def tint(normal: str, disabled: str, active: str) -> None:
    """Draw every icon in use again, in these colours."""
    _colours.update(normal=normal, disabled=disabled, active=active)
    for window in QApplication.topLevelWidgets():
        for target in [window, *window.findChildren(QObject)]:
            if target.property(_PROPERTY):
                _draw(target)
