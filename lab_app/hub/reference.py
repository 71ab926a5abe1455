"""``hf:org/repo[:file][@revision]``: how a study or a command line names a model on the hub.

``file`` is a path inside the repository, or a quant type where just one model there has it (``Q4_K_M``).
Text only: nothing here asks the hub.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from lab_app.hub import cache
from lab_app.system.errors import IntegrityError, UsageError

SCHEME = "hf:"
_HOSTS = ("huggingface.co/", "www.huggingface.co/", "hf.co/")
"""Of addresses without a scheme, as browsers show them and other programs name models (``hf.co/org/repo:Q4_K_M``)."""
DEFAULT_REVISION = "main"


@dataclass(frozen=True, slots=True)
class Reference:
    """A model on the hub. ``file`` and ``revision`` are None where nothing was said."""

    repo: str
    file: str | None = None
    revision: str | None = None

    def __str__(self) -> str:
        file = f":{self.file}" if self.file else ""
        revision = f"@{self.revision}" if self.revision else ""
        return f"{SCHEME}{self.repo}{file}{revision}"


def is_address(text: str) -> bool:
    """Whether ``text`` is the address of a page of the hub, and no name or words."""
    return text.startswith(("https://", "http://", *_HOSTS))


def parse(text: str) -> Reference:
    """``text`` with or without ``hf:``; also the address of a repository's or file's page. Raises UsageError."""
    given = text.strip()
    if is_address(given):
        return _from_address(given if "://" in given else f"https://{given}")
    return _named(given.removeprefix(SCHEME).removeprefix("//"), text)


def _named(given: str, text: str) -> Reference:
    """Of ``org/repo[:file][@revision]``. text: what to complain about."""
    body, at, revision = given.rpartition("@")
    body, revision = (body, revision) if at else (given, "")
    repo, colon, file = body.partition(":")
    if (at and not revision) or (colon and not file):
        what = "revision" if at and not revision else "file"
        raise UsageError(
            f"{text[:120]!r} ends without the {what}.", "Write hf:organisation/repository:file@revision."
        )
    return _checked(repo, file or None, revision or None)


def _from_address(url: str) -> Reference:
    parts = [part for part in urlsplit(url).path.split("/") if part]
    if len(parts) > 4 and parts[2] in ("blob", "resolve", "tree", "raw"):
        return _checked("/".join(parts[:2]), "/".join(parts[4:]), parts[3])
    if len(parts) == 4 and parts[2] == "tree":
        return _checked("/".join(parts[:2]), None, parts[3])
    if len(parts) == 2:
        return _named("/".join(parts), url)
    raise UsageError(
        f"{url[:120]!r} is not the page of a model.", "Take the address of its repository or file."
    )


def _checked(repo: str, file: str | None, revision: str | None) -> Reference:
    cache.checked_repo(repo)
    if file is not None:
        try:
            cache.checked_name(file)
        except IntegrityError as error:
            raise UsageError(f"{file[:80]!r} is not the name of a file in a repository.") from error
    if revision is not None:
        cache.checked_revision(revision)
    return Reference(repo, file, revision)
