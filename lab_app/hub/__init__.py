"""Hugging Face: search, browse, download with verification.

Nothing here imports huggingface_hub or its HTTP client before a function needs it.
"""
