"""Importance matrices in llama.cpp's GGUF form, and what they cover. Worker side only (numpy).

Form: two float32 tensors a weight, ``NAME.in_sum2`` (sums of squared activations, [width, experts]) and
``NAME.counts`` ([1, experts]); metadata imatrix.datasets, imatrix.chunk_count, imatrix.chunk_size
(llama.cpp PR 9400, common/imatrix-loader.cpp).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from lab_app.gguf.reader import GgufFile, TensorInfo, read
from lab_app.quant.native_quantize import ImatrixData
from lab_app.system.errors import IntegrityError

_SUMS, _COUNTS = ".in_sum2", ".counts"


def load(path: str | Path) -> tuple[ImatrixData, dict[str, np.ndarray]]:
    """(mean squared activations as llama-quantize uses them, counts per expert) by weight name.

    Raises IntegrityError for a file of another form.
    """
    file = read(path)
    tensors = {tensor.name: tensor for tensor in file.tensors}
    names = [name.removesuffix(_SUMS) for name in tensors if name.endswith(_SUMS)]
    if not names or "imatrix.chunk_count" not in file.metadata:
        raise IntegrityError(
            f"{file.path.name} is not an importance matrix in GGUF form.",
            "Make it with an imatrix job or llama-imatrix.",
        )
    values: dict[str, np.ndarray] = {}
    counts: dict[str, np.ndarray] = {}
    for name in names:
        if name + _COUNTS not in tensors:
            raise IntegrityError(f"{file.path.name} has sums but no counts for {name}.", "Make it anew.")
        count, sums = _values(file, tensors[name + _COUNTS]), _values(file, tensors[name + _SUMS])
        if sums.size % count.size or not np.isfinite(count).all():
            raise IntegrityError(
                f"{file.path.name} has {sums.size} sums but {count.size} counts for {name}.", "Make it anew."
            )
        sums = sums.reshape(count.size, -1)
        with np.errstate(invalid="ignore", divide="ignore"):
            means = np.where(count[:, None] > 0, sums / count[:, None].astype(np.float32), np.float32(1))
        if not np.isfinite(means).all():
            raise IntegrityError(
                f"{file.path.name} has numbers that are not finite for {name}.", "Make it anew."
            )
        values[name] = np.ascontiguousarray(means.ravel(), dtype=np.float32)
        counts[name] = np.rint(count).astype(np.int64)
    datasets = file.metadata.get("imatrix.datasets") or [""]
    dataset = Path(str(datasets[0])).name
    unseen = frozenset(name for name, count in counts.items() if not (count > 0).any())
    return ImatrixData(values, dataset, int(file.metadata["imatrix.chunk_count"]), unseen), counts


def _values(file: GgufFile, tensor: TensorInfo) -> np.ndarray:
    if tensor.type.name != "f32":
        raise IntegrityError(
            f"{file.path.name}: {tensor.name} is {tensor.type.name}, not f32.", "Make it anew."
        )
    return np.fromfile(file.path, dtype="<f4", count=tensor.elements, offset=file.data_offset + tensor.offset)


def coverage(model: GgufFile, counts: Mapping[str, np.ndarray]) -> list[dict[str, Any]]:
    """One row per matrix of the model that a quantizer may touch: tokens seen, and experts never activated.

    tokens: activations behind the data (for experts: the median one's). covered: there is data at all.
    """
    rows = []
    for tensor in model.tensors:
        if len(tensor.shape) < 2 or not tensor.name.endswith("weight") or "norm" in tensor.name:
            continue
        count = counts.get(tensor.name)
        experts = tensor.shape[2] if len(tensor.shape) > 2 else 1
        rows.append(
            {
                "tensor": tensor.name,
                "covered": count is not None and bool((count > 0).any()),
                "tokens": int(np.median(count)) if count is not None else 0,
                "experts": experts,
                "experts_unseen": int((count == 0).sum()) if count is not None else experts,
            }
        )
    return rows
