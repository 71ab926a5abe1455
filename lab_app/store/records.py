"""Records that travel from workers through the runner into the store and out to reports.

They stand at the bottom of the house so that every layer speaks of the same thing.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Sample:
    """One measured point.

    series:  name of the series within its job (``"chunk"``, ``"item"``, ``"cell"`` …); with ``x``
             it identifies the point: a resumed job never emits the same (series, x) twice.
    x:       position in the series (chunk index, item id, ``"depth:length"`` …).
    y:       the measured value.
    lo, hi:  interval of y, where a single point has one (level 0.95 unless payload says otherwise).
    n:       number of observations behind y.
    payload: whatever is needed to recompute results from samples alone (texts, answers,
             per-token arrays packed with :func:`pack_array`).
    """

    series: str
    x: float | str
    y: float
    lo: float | None = None
    hi: float | None = None
    n: int | None = None
    payload: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class ArtifactRecord:
    """A file a job left behind, under its final name, hashed."""

    role: str
    path: str
    sha256: str
    size: int
    meta: Mapping[str, Any] = field(default_factory=dict)


def pack_array(values: NDArray[Any]) -> dict[str, Any]:
    """A numpy array as JSON: ``{"dtype": "<f4", "shape": [255], "b64": "…"}`` (little endian)."""
    import numpy as np

    array = np.ascontiguousarray(values)
    array = array.astype(array.dtype.newbyteorder("<"), copy=False)
    return {
        "dtype": array.dtype.str,
        "shape": list(array.shape),
        "b64": base64.b64encode(array.tobytes()).decode("ascii"),
    }


def unpack_array(packed: Mapping[str, Any]) -> NDArray[Any]:
    """Inverse of :func:`pack_array`. Raises ValueError when bytes and shape disagree."""
    import numpy as np

    raw = base64.b64decode(packed["b64"])
    array: NDArray[np.generic] = np.frombuffer(raw, dtype=np.dtype(packed["dtype"]))
    return array.reshape(packed["shape"])


@dataclass(frozen=True, slots=True)
class VariantRecord:
    """One thing a study compares: a model file under engine settings.

    variant_id: stable within the study (``base``, ``Q4_K_M``, or the name given in the study file).
    file_key:   key of the job whose artifact ``model`` is the file; None where ``path`` stood already.
    notes:      marks every report must show (``"requantized from Q4_1"`` …).
    """

    variant_id: str
    label: str
    is_base: bool
    quant: str | None
    file_key: str | None
    path: str | None
    sha256: str | None
    settings: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CellRecord:
    """One measurement of a study: probe × variant → the job that holds its samples.

    probe_id: stable within the study (``divergence``, ``passkey`` … or the name given).
    probe:    name in the probe registry.
    earlier:  jobs of the rounds before, where a cell is measured in several; ``job_key`` is the last.
    """

    probe_id: str
    probe: str
    variant_id: str
    spec: Mapping[str, Any]
    job_key: str
    earlier: tuple[str, ...] = ()

    @property
    def job_keys(self) -> tuple[str, ...]:
        """All jobs that hold samples of this cell, in order."""
        return (*self.earlier, self.job_key)


@dataclass(frozen=True, slots=True)
class StudyRecord:
    """A planned study, as the store keeps it and reports read it (all JSON)."""

    study_id: str
    name: str
    toml: str
    source: str
    variants: tuple[VariantRecord, ...]
    cells: tuple[CellRecord, ...]
    job_keys: tuple[str, ...]
    """Every job of the plan in order, the cells' jobs included."""
    thresholds: Mapping[str, float] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    """``imatrix_key``: key of the importance-matrix job, if any."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> StudyRecord:
        body = dict(data)
        body["variants"] = tuple(VariantRecord(**{**v, "notes": tuple(v["notes"])}) for v in body["variants"])
        body["cells"] = tuple(
            CellRecord(**{**c, "earlier": tuple(c.get("earlier", ()))}) for c in body["cells"]
        )
        body["job_keys"] = tuple(body["job_keys"])
        return cls(**body)
