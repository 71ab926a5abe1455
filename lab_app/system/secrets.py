"""The Hugging Face token: where it is kept, and how it stays out of everything else.

Order: what the parent handed to this worker, the system's keyring, ``HF_TOKEN``, this session's memory,
and last a plain file (0600) that only :func:`save` with ``plaintext=True`` ever writes.

A worker's environment has no ``HF_TOKEN``. The parent puts a :class:`Secret` into a job's hints, which
reach the worker on its standard input and are neither stored nor part of the job's key.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Any

from lab_app.system import paths, saving
from lab_app.system.errors import ResourceError, UsageError

SERVICE = "odyssey-lab"
USER = "huggingface"
HINT = "hf_token"
"""Name of the job hint that carries the token to a worker."""

_SHAPE = re.compile(r"[\x21-\x7e]{4,512}")
_session: Secret | None = None
_handed: Secret | None = None
_adopted = False
"""This process is a worker: it has the token its parent gave it, or none."""


class Secret(str):
    """A string that shows itself as ``***`` in ``repr``, so a dataclass or dict printed by mistake is harmless.

    ``str()``, formatting and JSON give the value: it must go into a header and over a worker's standard input.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"


class Source(StrEnum):
    """Where a token came from, for people."""

    PARENT = "the parent process"
    KEYRING = "the keyring"
    ENVIRONMENT = "HF_TOKEN"
    SESSION = "this session"
    FILE = "a plain file"


def checked(value: str) -> Secret:
    """``value`` without blanks around it. Raises UsageError when it cannot be a token (and does not repeat it)."""
    text = value.strip()
    if not _SHAPE.fullmatch(text):
        raise UsageError("That is not an access token: it must be one word of plain characters.")
    return Secret(text)


def token_file() -> Path:
    return paths.data_dir() / "hf_token"


def _keyring_get() -> str | None:
    try:
        import keyring

        value: str | None = keyring.get_password(SERVICE, USER)
    except Exception:
        # No backend, a locked one, no session bus: reading then means "nothing kept there".
        return None
    return value


def find() -> tuple[Secret, Source] | None:
    """The token and where it came from, or None. Never raises for a missing or locked keyring."""
    if _adopted:
        return (_handed, Source.PARENT) if _handed else None
    candidates = ((_keyring_get, Source.KEYRING), (lambda: os.environ.get("HF_TOKEN"), Source.ENVIRONMENT))
    for read, source in candidates:
        value = (read() or "").strip()
        if _SHAPE.fullmatch(value):
            return Secret(value), source
    if _session:
        return _session, Source.SESSION
    try:
        value = token_file().read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return (Secret(value), Source.FILE) if _SHAPE.fullmatch(value) else None


def token() -> Secret | None:
    """The token to send to the hub, or None."""
    found = find()
    return found[0] if found else None


def use_for_session(value: str) -> None:
    """Keep a token in this process's memory only."""
    global _session
    _session = checked(value)


def hand_over() -> dict[str, Any]:
    """Hints for a job that talks to the hub. Without a token it says so, so that one given later may be handed to a
    later attempt (:func:`hand_anew`)."""
    return {HINT: token()}


def hand_anew(hints: Mapping[str, Any]) -> dict[str, Any]:
    """The hints for another attempt: with the token there is now, where there may be one at all."""
    return {**hints, **(hand_over() if HINT in hints else {})}


def adopt(hints: Mapping[str, Any]) -> None:
    """In a worker: take the token its parent handed over; nothing else is looked at from then on."""
    global _handed, _adopted
    _adopted = True
    value = hints.get(HINT)
    _handed = checked(value) if isinstance(value, str) and value else None


def save(value: str, *, plaintext: bool = False) -> Source:
    """Keep a token for later sessions: in the keyring, or with ``plaintext=True`` in a file only its owner reads.

    Raises UsageError for something that is no token, ResourceError where there is no keyring, or the file
    cannot be written.
    """
    secret = checked(value)
    if plaintext:
        file = token_file()
        with suppress(OSError):  # that is said of the file
            file.parent.mkdir(parents=True, exist_ok=True)
        saving.save(file, secret.encode("ascii"), mode=0o600)
        return Source.FILE
    try:
        import keyring

        keyring.set_password(SERVICE, USER, str(secret))
        if keyring.get_password(SERVICE, USER) != str(secret):
            raise KeyError("it does not give back what it was given")  # a backend that keeps nothing
    except Exception as error:
        raise ResourceError(
            f"This system has no keyring that can keep the token ({type(error).__name__}).",
            "Set HF_TOKEN, use it for this session only, or allow a plain file that only you can read.",
        ) from None
    return Source.KEYRING


def forget() -> None:
    """Remove the token from the keyring, the plain file and this session; ``HF_TOKEN`` is the caller's own."""
    global _session, _handed
    _session = _handed = None
    token_file().unlink(missing_ok=True)
    try:
        import keyring

        keyring.delete_password(SERVICE, USER)
    except Exception:
        return  # nothing there, or no keyring


def redact(text: str) -> str:
    """``text`` without the token and without the signed part of addresses."""
    found = find()
    if found:
        text = text.replace(str(found[0]), "***")
    return re.sub(r"(https?://[^\s?'\"]+)\?[^\s'\"]+", r"\1?…", text)
