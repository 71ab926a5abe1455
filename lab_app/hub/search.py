"""Finding models on the hub, through huggingface_hub's API."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from lab_app.hub import client
from lab_app.hub.reference import Reference
from lab_app.system.errors import UsageError

Sort = Literal["downloads", "likes", "recent", "trending"]
_SORTS = {"downloads": "downloads", "likes": "likes", "recent": "last_modified", "trending": "trending_score"}
_FORMATS = ("gguf", "safetensors")
_FIELDS = [
    "author",
    "downloads",
    "likes",
    "lastModified",
    "gated",
    "pipeline_tag",
    "tags",
    "gguf",
    "safetensors",
]


@dataclass(frozen=True, slots=True)
class Found:
    """One repository. ``n_params``: parameters, where the hub knows them; ``formats``: gguf, safetensors."""

    repo: str
    downloads: int
    likes: int
    changed: datetime | None
    task: str | None
    licence: str | None
    gated: bool
    formats: tuple[str, ...]
    n_params: int | None
    architecture: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "changed": self.changed.isoformat() if self.changed else None}


def search(
    text: str = "",
    *,
    author: str | None = None,
    task: str | None = None,
    licence: str | None = None,
    file_format: str | None = None,
    params: tuple[float | None, float | None] | None = None,
    sort: Sort = "downloads",
    limit: int = 50,
) -> list[Found]:
    """Repositories by text, author, task (``text-generation`` …), licence (``apache-2.0`` …), format
    (``gguf``, ``safetensors``) and number of parameters (least, most; e.g. ``(1e9, 8e9)``).

    Raises LabError."""
    if sort not in _SORTS:
        raise UsageError(f"{sort!r} is no order.", f"Choose one of {', '.join(_SORTS)}.")
    if file_format is not None and file_format not in _FORMATS:
        raise UsageError(f"{file_format!r} is no format to search for.", "Choose gguf or safetensors.")
    filters = [file_format] if file_format else []
    if licence:
        filters.append(f"license:{licence}")
    arguments: dict[str, Any] = {
        "search": text or None,
        "author": author,
        "pipeline_tag": task,
        "filter": filters or None,
        "num_parameters": _range(params),
        "sort": _SORTS[sort],
        "limit": limit,
        "expand": _FIELDS,
    }
    api = client.api()
    found = [_found(item) for item in client.call(lambda: list(api.list_models(**arguments)), attempts=1)]
    return [item for item in found if _within(item.n_params, params)]


def exact(reference: Reference) -> Found:
    """The one repository that was named. Raises LabError."""
    api = client.api()
    repo, revision = reference.repo, reference.revision
    info = client.call(lambda: api.model_info(repo, revision=revision, expand=_FIELDS), repo=repo)  # type: ignore[arg-type]
    return _found(info)


def _range(params: tuple[float | None, float | None] | None) -> str | None:
    """The hub's spelling: ``min:1B,max:8B``."""
    if params is None or params == (None, None):
        return None
    names = zip(("min", "max"), params, strict=True)
    return ",".join(f"{name}:{_billions(value)}" for name, value in names if value is not None)


def _billions(value: float) -> str:
    return f"{value / 1e9:g}B" if value >= 1e9 else f"{value / 1e6:g}M"


def _within(count: int | None, params: tuple[float | None, float | None] | None) -> bool:
    """Mirrors need not know the hub's filter, so what is known to be outside is left out here."""
    least, most = params or (None, None)
    return count is None or ((least is None or count >= least) and (most is None or count <= most))


def _found(item: Any) -> Found:
    tags = list(item.tags or [])
    gguf = getattr(item, "gguf", None) or {}
    tensors = getattr(item, "safetensors", None)
    return Found(
        repo=item.id,
        downloads=item.downloads or 0,
        likes=item.likes or 0,
        changed=item.last_modified,
        task=item.pipeline_tag,
        licence=next((tag.removeprefix("license:") for tag in tags if tag.startswith("license:")), None),
        gated=bool(item.gated),
        formats=tuple(name for name in _FORMATS if name in tags),
        n_params=gguf.get("total") or (tensors.total if tensors else None),
        architecture=gguf.get("architecture"),
    )
