"""A study while it is edited: its draft, and what of it would be lost with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from lab_app.studies import files
from lab_app.studies.draft import Draft
from lab_app.studies.files import Opened
from lab_app.studies.plan import slug
from lab_app.studies.wanted import Wanted
from lab_app.system.paths import Folders


@dataclass
class Edited:
    """opened: what is edited; every change goes into its draft.
    named:  whether its name is the user's, and stays when another model is chosen.
    saved:  the draft as it was opened, or as it last went into a file.
    wanted: what its questions ask for, whichever model it is about.
    file:   where it lies, once it was shown as a file or started.
    """

    opened: Opened
    named: bool = True
    saved: str = field(init=False)
    wanted: Wanted = field(init=False)
    file: Path | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.saved = self.draft.toml()
        self.wanted = Wanted(self.draft, free=not self.named)

    @property
    def draft(self) -> Draft:
        return self.opened.draft

    @property
    def changed(self) -> bool:
        """Whether something would be lost with the draft."""
        return self.draft.toml() != self.saved

    @property
    def suggested_file(self) -> str:
        """Where the user may want to save it: the file it came from, else one of its name."""
        return str(self.opened.origin or f"{slug(self.draft.name)}.toml")

    def place(self, folders: Folders) -> Callable[[], tuple[Path, str]]:
        """For the background: the file of the study as it is now, and its text. See :func:`files.place`."""
        opened, toml = self.opened, self.draft.toml()
        return lambda: files.place(opened, toml, folders)
