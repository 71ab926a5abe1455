"""What the page of the Hub asks for in the background, over the network. No Qt here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lab_app.system.errors import LabError

if TYPE_CHECKING:
    from lab_app.hub.reference import Reference
    from lab_app.hub.repo import FileGroup, Listing
    from lab_app.hub.search import Found, Sort
    from lab_app.jobs.job import Job

_ID = re.compile(r"[\w.-]+/[\w.-]+(:[^\s:@]+)?(@[^\s@]+)?")
"""organization/repository[:file][@revision]; one that is not there may still be words of a search."""


def find(text: str, file_format: str | None, order: Sort) -> tuple[list[Found], Reference | None]:
    """Repositories for what was typed, and what it named where it was one repository or address. Raises LabError."""
    from lab_app.hub import search
    from lab_app.hub.reference import SCHEME, is_address, parse

    address = is_address(text) or text.startswith(SCHEME)
    if address or _ID.fullmatch(text):
        try:
            reference = parse(text)
            return [search.exact(reference)], reference
        except LabError:
            if address:
                raise
    return search.search(text, file_format=file_format, sort=order, limit=60), None


@dataclass(frozen=True, slots=True)
class Looked:
    """A repository: its files, the models they make, and its card as HTML, empty where it has none."""

    repo: str
    listing: Listing
    groups: list[FileGroup]
    card: str


def look(repo: str, revision: str) -> Looked:
    """Raises LabError where the files cannot be listed."""
    from lab_app.hub import card
    from lab_app.hub import repo as room

    listing = room.listing(repo, revision)
    try:
        text = card.fetch(repo, listing.commit).html
    except LabError:
        text = ""
    return Looked(repo, listing, list(room.group(listing)), text)


def preview_job(group: FileGroup) -> Job:
    """The job that reads a model's header over the network and asks this llama.cpp whether it runs it."""
    from lab_app.hub import preview
    from lab_app.system import native

    return preview.job(group.files, native.engine_id())


def download_job(group: FileGroup, revision: str) -> Job:
    """revision: what the files were found by; the cache remembers the commit by it."""
    from lab_app.hub import download

    return download.pinned_job(group.files, revision)
