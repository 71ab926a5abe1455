"""One readable sentence per way the hub can fail. No token, no signed address ever stands in one."""

from __future__ import annotations

import errno
import ssl
from collections.abc import Iterator, Mapping
from typing import Any

from lab_app.system import secrets
from lab_app.system.errors import IntegrityError, LabError, NetworkError, ResourceError, UsageError


class Unreachable(NetworkError):
    """The hub gave no answer, or none but that it is busy or broken: the cache may answer instead."""


class Offline(Unreachable):
    """The settings say that the network is not to be used."""

    def __init__(self) -> None:
        super().__init__(
            "The settings say to work offline, so the hub is not asked.",
            "Switch “Work offline” off in the window's settings (offline in settings.json of the data folder).",
        )


NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__


def status_of(error: BaseException) -> tuple[int | None, Mapping[str, str]]:
    """HTTP status and header fields of the answer behind an exception; (None, {}) without an answer."""
    response = getattr(error, "response", None)
    if response is None:
        return None, {}
    return int(response.status_code), response.headers


def is_transport(error: BaseException) -> bool:
    """True for a connection that could not be made, broke, or fell silent."""
    from lab_app.hub import client

    return isinstance(error, (client.http().TransportError, ConnectionError, TimeoutError)) and not is_tls(
        error
    )


def is_tls(error: BaseException) -> bool:
    return any(
        isinstance(e, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY" in str(e) for e in _chain(error)
    )


def no_space(where: object) -> ResourceError:
    return ResourceError(
        f"The disk under {where} is full.",
        "Free some space and run again: what is on the disk already is kept.",
    )


def of_status(
    status: int, fields: Mapping[str, str], *, repo: str | None = None, file: str | None = None
) -> LabError:
    """The sentence for an HTTP status from the hub or from the host it sends downloads to."""
    from lab_app.hub import client

    place = client.endpoint()
    what = f"{file} of {repo}" if file and repo else repo or "the hub"
    code = fields.get("X-Error-Code", "")
    have = secrets.token() is not None
    if code == "GatedRepo" or (status == 403 and repo and code != "RepoNotFound"):
        return NetworkError(
            f"Access to {repo or 'this repository'} is refused (HTTP {status}): it is gated or not open to this token.",
            f"Ask for access at {place}/{repo}"
            + (", then try again." if have else ", then give an access token."),
        )
    if status == 404 or code in ("RepoNotFound", "RevisionNotFound", "EntryNotFound"):
        missing = {
            "RevisionNotFound": f"This revision of {repo}",
            "EntryNotFound": f"{file or 'This file'} in {repo}",
        }
        private = "" if have else " A private repository needs an access token."
        return NetworkError(
            f"{missing.get(code, what)} was not found on {place} (HTTP {status}).",
            f"Check the spelling of repository, revision and file.{private}",
        )
    if status == 401:
        return NetworkError(
            f"{place} did not accept the access token for {what} (HTTP 401)."
            if have
            else f"{what} is only for signed-in users (HTTP 401), and no access token is set.",
            f"Make a token at {place}/settings/tokens and give it to the lab.",
        )
    if status == 429:
        asked = client.retry_after(fields)
        when = f"in {asked:.0f} seconds" if asked is not None else "in some minutes"
        return Unreachable(
            f"{place} says that there were too many requests (HTTP 429).",
            f"Try again {when}; what was downloaded is kept.",
        )
    if status >= 500:
        return Unreachable(
            f"The server behind {place} has a fault of its own (HTTP {status}).",
            "Try again later; what was downloaded is kept.",
        )
    return NetworkError(f"{place} answered HTTP {status} for {what}.")


def explain(error: BaseException, *, repo: str | None = None, file: str | None = None) -> LabError:
    """Any exception of huggingface_hub, the HTTP client or the system as a LabError."""
    from huggingface_hub.errors import HFValidationError, OfflineModeIsEnabled

    from lab_app.hub import client

    if isinstance(error, LabError):
        return error
    place = client.endpoint()
    http: Any = client.http()
    status, fields = status_of(error)
    if status is not None:
        return of_status(status, fields, repo=repo, file=file)
    if isinstance(error, HFValidationError):
        return UsageError(
            f"{repo or 'This'} is not the name of a repository.", "Names look like organisation/repository."
        )
    if isinstance(error, OfflineModeIsEnabled):
        return Unreachable("The hub is not asked because HF_HUB_OFFLINE is set.", "Unset it to go online.")
    if is_tls(error):
        return Unreachable(
            f"The certificate of {place} could not be verified.",
            "Behind a proxy that inspects traffic, set SSL_CERT_FILE to its certificate; check the clock too.",
        )
    if isinstance(error, http.TimeoutException | TimeoutError):
        return Unreachable(f"{place} does not answer.", "Check the connection; what was downloaded is kept.")
    if isinstance(error, http.ConnectError | http.ProxyError):
        return Unreachable(
            f"{place} cannot be reached.", "Check the connection, HTTPS_PROXY and HF_ENDPOINT."
        )
    if isinstance(error, http.TransportError | ConnectionError):
        return Unreachable(
            f"The connection to {place} broke again and again.", "Run again: what was downloaded is kept."
        )
    if isinstance(error, http.InvalidURL | http.UnsupportedProtocol):
        return UsageError(
            f"{place} is not an address the lab can use.", "HF_ENDPOINT must begin with https://."
        )
    if isinstance(error, OSError) and error.errno in NO_SPACE:
        return no_space(error.filename or "the model cache")
    if isinstance(error, OSError):
        return ResourceError(f"{error.filename or 'A file'} cannot be used: {error.strerror or error}.")
    if isinstance(error, ValueError | KeyError | TypeError):
        return IntegrityError(
            f"{place} answered something that is not the hub's format ({type(error).__name__})."
        )
    return NetworkError(secrets.redact(f"The request to {place} failed: {type(error).__name__}."))
