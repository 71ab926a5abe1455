"""Models of this machine and of the hub: one file a part of the page."""

CONTEXTS = (2048, 4096, 8192, 16384, 32768, 65536, 131072)
"""Tokens of context to choose from."""
KV_TYPES = ("f16", "q8_0", "q4_0")
