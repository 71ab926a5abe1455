"""Odyssey Lab: what did this quantization do to this model, and which file should I run here?"""

__version__ = "0.1.0"
