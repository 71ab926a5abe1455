"""States of the window worth a picture; see ``tests/gui/screenshots.py``."""
