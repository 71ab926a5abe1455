"""Small files, each whole under its name or not at all."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from functools import partial
from pathlib import Path

from lab_app.system.errors import ResourceError
from lab_app.system.hashing import sync


def save(
    file: Path, data: bytes, hint: str = "Check the folder's rights and its disk.", *, mode: int | None = None
) -> Path:
    """Write ``data`` where ``file`` says; what stood there stays where that fails, and else lends its rights.

    mode: the rights it gets instead, from its first byte on. A link is followed. Raises ResourceError with this hint.
    """
    place = Path(os.path.realpath(file))
    part = place.with_name(f".{place.name[:200]}.{os.getpid()}")
    try:
        part.unlink(missing_ok=True)
        with open(part, "wb", opener=partial(os.open, mode=0o666 if mode is None else mode)) as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        if mode is None:
            with suppress(OSError):
                shutil.copymode(place, part)
        os.replace(part, place)
        if os.name == "posix":
            sync(place.parent)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise ResourceError(f"{file} cannot be written: {error.strerror or error}.", hint) from error
    return file
