"""The hub as huggingface_hub speaks to it: its session (proxies, certificates), its API, our token.

huggingface_hub 1.x stands on httpx, 2.x on httpx2, two modules with the same names; :func:`http` gives the
one in use.
"""

from __future__ import annotations

import logging
import os
import random
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from lab_app import __version__
from lab_app.hub import errors
from lab_app.system import network, secrets

if TYPE_CHECKING:
    from huggingface_hub import HfApi

T = TypeVar("T")
RETRIABLE = frozenset({408, 425, 429, 500, 502, 503, 504})
LONGEST_WAIT = 300.0
"""Seconds: a Retry-After beyond this ends the attempt with a sentence instead of a silent wait."""
ANSWER_WITHIN = 60.0
"""Seconds for one call of the API, pages and huggingface_hub's own retries together. It has no time limit itself."""


def endpoint() -> str:
    """The hub's address: ``HF_ENDPOINT`` (a mirror), else huggingface.co."""
    from huggingface_hub import constants

    return (os.environ.get("HF_ENDPOINT") or constants.ENDPOINT).rstrip("/")


def session() -> Any:
    """huggingface_hub's shared HTTP client, an ``httpx.Client`` or ``httpx2.Client``; what its answers weigh is counted
    for the bandwidth limit. Raises errors.Offline where the settings forbid the network."""
    if network.offline():
        raise errors.Offline
    from huggingface_hub import get_session

    found = get_session()
    hooks = found.event_hooks
    if _weigh not in hooks["response"]:
        found.event_hooks = {**hooks, "response": [*hooks["response"], _weigh]}
    return found


_weight = 0


def _weigh(response: Any) -> None:
    """Count an answer of the API. Ranges of files are paid for as they arrive (:class:`lab_app.hub.source.Watch`)."""
    global _weight
    if "Range" not in response.request.headers and response.request.method != "HEAD":
        _weight += int(response.headers.get("Content-Length") or 0)


def http() -> Any:
    """The module ``httpx`` or ``httpx2``, whichever huggingface_hub uses."""
    import importlib

    from huggingface_hub import get_session

    return importlib.import_module(type(get_session()).__module__.partition(".")[0])


def api() -> HfApi:
    """huggingface_hub's API client with our token; never the one huggingface_hub may find by itself.
    Raises errors.Offline where the settings forbid the network."""
    session()
    from huggingface_hub import HfApi

    # Its remarks about retries would stand between our own lines; what matters comes out as an exception.
    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)
    value = secrets.token()
    return HfApi(
        endpoint=endpoint(),
        token=str(value) if value else False,
        library_name="odyssey-lab",
        library_version=__version__,
    )


def headers(url: str) -> dict[str, str]:
    """Headers of a data request. The token goes to the hub's own scheme, host and port alone."""
    from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]

    value = secrets.token() if same_host(url, endpoint()) else None
    built = build_hf_headers(
        token=str(value) if value else False, library_name="odyssey-lab", library_version=__version__
    )
    return {**built, "Accept-Encoding": "identity"}


def same_host(one: str, other: str) -> bool:
    """True when scheme, host and port agree."""
    return _origin(one) == _origin(other)


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def retry_after(fields: Mapping[str, str]) -> float | None:
    """Seconds a server asks to wait: ``Retry-After`` as seconds or as a date (RFC 9110 §10.2.3), or None."""
    value = fields.get("Retry-After")
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            when = parsedate_to_datetime(value)
        except ValueError:
            return None
        seconds = ((when if when.tzinfo else when.replace(tzinfo=UTC)) - datetime.now(UTC)).total_seconds()
    return max(0.0, seconds) if seconds == seconds else None


def backoff(attempt: int, base: float = 0.5, most: float = 30.0) -> float:
    """Seconds before attempt number ``attempt`` (1, 2 …): doubling, with jitter so that clients spread."""
    return min(most, base * 2.0 ** (attempt - 1)) * random.uniform(0.75, 1.25)


def call(
    function: Callable[[], T],
    *,
    repo: str | None = None,
    file: str | None = None,
    attempts: int = 4,
    base: float = 0.5,
    check: Callable[[], None] = lambda: None,
) -> T:
    """``function()``, tried again on lost connections and busy servers; every error comes out as a LabError.

    ``attempts`` is 1 for calls that return lists: huggingface_hub repeats these by itself."""
    for attempt in range(1, attempts + 1):
        check()
        try:
            answer = _in_time(function, check)
            _pay(check)
            return answer
        except _TooLong as error:
            raise errors.explain(error, repo=repo, file=file) from None
        except Exception as error:
            status, fields = errors.status_of(error)
            asked = retry_after(fields)
            temporary = status in RETRIABLE or (status is None and errors.is_transport(error))
            if not temporary or attempt == attempts or (asked or 0.0) > LONGEST_WAIT:
                raise errors.explain(error, repo=repo, file=file) from None
            pause(asked if asked is not None else backoff(attempt, base), check)
    raise AssertionError("unreachable")


def _pay(check: Callable[[], None]) -> None:
    """Keep to the bandwidth limit for what the API answered."""
    global _weight
    owed, _weight = _weight, 0
    network.settle(owed, check)


class _TooLong(TimeoutError):
    pass


def _in_time(function: Callable[[], T], check: Callable[[], None]) -> T:
    """``function()`` in a thread that is left behind when it takes too long or ``check`` raises."""
    done: list[T] = []
    failed: list[BaseException] = []

    def work() -> None:
        try:
            done.append(function())
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    until = time.monotonic() + ANSWER_WITHIN
    while thread.is_alive():
        thread.join(0.1)
        check()
        if time.monotonic() > until:
            raise _TooLong
    if failed:
        raise failed[0]
    return done[0]


def pause(seconds: float, check: Callable[[], None] = lambda: None) -> None:
    """Sleep, looking at ``check`` (which raises to stop) ten times a second."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        check()
        time.sleep(min(0.1, left))
