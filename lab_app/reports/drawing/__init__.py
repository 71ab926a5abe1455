"""Figures of figures.py drawn with matplotlib, without a display, inside worker processes only. ``common``,
``names`` and ``ridges`` need no matplotlib: the window draws by the same rules with them."""
