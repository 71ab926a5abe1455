"""Figures of figures.py drawn with matplotlib, without a display. Imported inside worker processes only."""
