"""A Hugging Face model folder: what it holds, read without torch, and why it cannot be converted, in one sentence.

Weights are read from safetensors alone. Their format (https://github.com/huggingface/safetensors, "Format"):
eight bytes with the length of a JSON header, the header with dtype, shape and byte range of each tensor, the data.
"""

from __future__ import annotations

import json
import math
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab_app.system.errors import IntegrityError, UsageError

TYPES = ("f32", "f16", "bf16", "q8_0")
"""Types a folder can be converted to."""
INDEX = "model.safetensors.index.json"
_BYTES = {
    "F64": 8, "F32": 4, "F16": 2, "BF16": 2, "F8_E4M3": 1, "F8_E5M2": 1, "F8_E8M0": 1,
    "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U64": 8, "U32": 4, "U16": 2, "U8": 1, "BOOL": 1,
}  # fmt: skip
_ORIGINAL = {"F64": "f32", "F32": "f32", "F16": "f16", "BF16": "bf16"}
"""safetensors' dtype → the type that loses nothing of it (nobody trains in F64)."""
_MAX_HEADER = 256 << 20
_MAX_TEXT = 128 << 20
_SIDE = (".json", ".model", ".txt", ".jinja", ".tiktoken")
_PICKLED = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".h5", ".msgpack")
_NOT_MODEL = re.compile(
    r"trainer_state|training_args|all_results|(train|eval)_results|.*\.index", re.IGNORECASE
)
_PART = re.compile(r"model-(\d{5})-of-(\d{5})\.safetensors")
_TOKENIZERS = (
    "tokenizer.model", "tokenizer.json", "vocab.json", "vocab.txt", "tekken.json", "qwen.tiktoken",
    "spiece.model", "sentencepiece.bpe.model", "rwkv_vocab_v20230424.txt",
)  # fmt: skip


@dataclass(frozen=True)
class HfFolder:
    """A folder that can be converted as far as can be told without the converter.

    config:      config.json.
    shards:      file names of the weights; files: of everything the converter reads, shards included.
    dtypes:      safetensors' dtype → elements of matrices.
    n_params, tensor_bytes: of all tensors.
    """

    path: Path
    config: Mapping[str, Any]
    shards: tuple[str, ...]
    files: tuple[str, ...]
    dtypes: Mapping[str, int]
    n_params: int
    tensor_bytes: int

    @property
    def architecture(self) -> str:
        names = self.config.get("architectures")
        return str(names[0]) if isinstance(names, list) and names else ""

    @property
    def name(self) -> str:
        """The folder's own name; in the Hugging Face cache, where folders are commits, the repository's."""
        parts = self.path.absolute().parts
        if len(parts) > 2 and parts[-2] == "snapshots" and parts[-3].startswith("models--"):
            return parts[-3].rpartition("--")[2]
        return parts[-1]

    @property
    def original_type(self) -> str:
        """The type that keeps what most matrices are stored as; bf16 for what is quantized already."""
        most = max(self.dtypes, key=lambda name: self.dtypes[name], default="F32")
        return _ORIGINAL.get(most, "bf16")

    def text(self, key: str) -> Any:
        """A value of config.json, of its ``text_config`` where the model has more than text."""
        inner = self.config.get("text_config")
        return self.config.get(key, inner.get(key) if isinstance(inner, dict) else None)

    @property
    def quantized_as(self) -> str | None:
        """How the weights were quantized before they were saved (``FP8``, ``GPTQ`` …), None for plain ones."""
        how = self.text("quantization_config")
        return str(how.get("quant_method") or "quantized").upper() if isinstance(how, dict) and how else None

    @property
    def context_length(self) -> int:
        """Tokens the model was trained for, 0 where the folder does not say."""
        value = self.text("max_position_embeddings")
        return value if type(value) is int else 0

    @property
    def n_vocab(self) -> int:
        value = self.text("vocab_size")
        return value if type(value) is int else 0


def looks_like_model(path: Path) -> bool:
    """Whether a folder is meant to be a model: it has a config.json or weights."""
    return (path / "config.json").is_file() or any(path.glob("*.safetensors"))


def read_folder(path: str | Path, *, tokenizer: bool = True) -> HfFolder:
    """The checked folder. Reads config.json and the headers of the weights. ``tokenizer``: check that, too, which
    may mean to read tens of megabytes.

    Raises UsageError (not a model folder, pickled weights, tokenizer or shards missing) or IntegrityError
    (a file is damaged or cut off).
    """
    folder = Path(path)
    try:
        names = sorted(entry.name for entry in os.scandir(folder) if entry.is_file())
    except OSError as error:
        raise UsageError(
            f"The folder {folder} cannot be read: {error.strerror or error}.", "Check the path."
        ) from error
    if "config.json" not in names:
        raise UsageError(
            f"{folder} is no Hugging Face model folder: config.json is missing.",
            "Name the folder that holds config.json, the tokenizer and the .safetensors files.",
        )
    config = _json(folder / "config.json")
    shards = _shards(folder, names)
    if tokenizer:
        _check_tokenizer(folder, names, config)
    dtypes: Counter[str] = Counter()
    n_params = tensor_bytes = 0
    for shard in shards:
        for dtype, shape, nbytes in _tensors(folder / shard):
            elements = math.prod(shape)
            n_params += elements
            tensor_bytes += nbytes
            if len(shape) > 1:
                dtypes[dtype] += elements
    if not n_params:
        raise IntegrityError(f"The weights in {folder} hold no tensor.", "Fetch the model again.")
    side = [name for name in names if name.endswith(_SIDE) and not _NOT_MODEL.match(name)]
    if INDEX in names:
        side.append(INDEX)
    if "README.md" in names:
        side.append("README.md")  # the model card: name, licence and origin for the metadata
    return HfFolder(folder, config, shards, (*sorted(side), *shards), dtypes, n_params, tensor_bytes)


def _json(path: Path) -> Mapping[str, Any]:
    try:
        if path.stat().st_size > _MAX_TEXT:
            raise ValueError
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise IntegrityError(f"{path} is damaged: it is not a JSON object.", "Fetch it again.")
    return found


def _shards(folder: Path, names: list[str]) -> tuple[str, ...]:
    if INDEX in names:
        table = _json(folder / INDEX).get("weight_map")
        if not isinstance(table, dict) or not table:
            raise IntegrityError(f"{folder / INDEX} is damaged: it lists no weights.", "Fetch it again.")
        wanted = sorted({str(name) for name in table.values()})
        odd = next((name for name in wanted if not re.fullmatch(r"[\w.\-]+\.safetensors", name)), None)
        if odd is not None:
            raise IntegrityError(
                f"{folder / INDEX} names {odd!r}, which is no .safetensors file of this folder.",
                "Fetch the model again, or from another place.",
            )
    else:
        wanted = [name for name in names if name.startswith("model") and name.endswith(".safetensors")]
        parts = [match for name in wanted if (match := _PART.fullmatch(name))]
        if parts:
            count = int(parts[0][2])
            wanted = [f"model-{number:05}-of-{count:05}.safetensors" for number in range(1, count + 1)]
    missing = [name for name in wanted if name not in names]
    if missing:
        more = f" and {len(missing) - 1} more files" if len(missing) > 1 else ""
        raise UsageError(
            f"Weights are missing from {folder}: {missing[0]}{more}.", "Fetch the missing files as well."
        )
    if not wanted:
        raise _no_weights(folder, names)
    return tuple(wanted)


def _no_weights(folder: Path, names: list[str]) -> UsageError:
    pickled = [name for name in names if name.endswith(_PICKLED) and not _NOT_MODEL.match(name)]
    if pickled:
        return UsageError(
            f"{folder} holds its weights only as {pickled[0]}, a format that can run code when it is read; "
            "it is not converted.",
            "Take a copy with .safetensors files, or save the model as safetensors first.",
        )
    other = [name for name in names if name.endswith((".safetensors", ".gguf"))]
    if other:
        return UsageError(
            f"{folder} holds no model.safetensors, only {other[0]}.",
            "A GGUF file needs no conversion." if other[0].endswith(".gguf") else
            "An adapter is merged into its model with merge-lora; other weights are not converted.",
        )  # fmt: skip
    return UsageError(f"{folder} holds no weights (.safetensors).", "Fetch the model's weights as well.")


def _check_tokenizer(folder: Path, names: list[str], config: Mapping[str, Any]) -> None:
    if not any(name in names for name in _TOKENIZERS):
        raise UsageError(
            f"{folder} holds no tokenizer (tokenizer.model or tokenizer.json).",
            "Fetch the tokenizer's files of the model as well.",
        )
    by_merges = "Gemma4" in json.dumps(
        config.get("architectures")
    )  # llama.cpp has a tokenizer of its own for it
    alone = "tokenizer.model" not in names and "tokenizer.json" in names
    if alone and not by_merges and _is_spm(folder / "tokenizer.json"):
        raise lost_scores(folder)


def _is_spm(path: Path) -> bool:
    """Whether a tokenizer.json was made from a SentencePiece model of kind BPE (Llama 2, Mistral …). The scores
    of its pieces, by which llama.cpp joins them, are in tokenizer.model alone."""
    found = _json(path)
    model = found.get("model")
    if not isinstance(model, dict) or model.get("type") != "BPE" or not model.get("byte_fallback"):
        return False
    return not model.get("ignore_merges")


def lost_scores(folder: Path) -> UsageError:
    """The refusal of a SentencePiece tokenizer without its scores."""
    return UsageError(
        f"{folder} has a SentencePiece tokenizer, but only as tokenizer.json, without the scores of its pieces; "
        "the converted model would read many words wrongly.",
        "Put the model's tokenizer.model beside it and convert again.",
    )


def _tensors(path: Path) -> Iterator[tuple[str, list[int], int]]:
    """(dtype, shape, bytes) of every tensor. Raises IntegrityError."""

    def bad(why: str) -> IntegrityError:
        return IntegrityError(f"{path} is not a whole safetensors file: {why}.", "Fetch it again.")

    try:
        size = path.stat().st_size
        with open(path, "rb") as stream:
            length = int.from_bytes(stream.read(8), "little")
            if size < 8 or length > min(size - 8, _MAX_HEADER):
                raise bad("it ends inside its header")
            header = json.loads(stream.read(length))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (ValueError, RecursionError):
        raise bad("its header is not JSON") from None
    if not isinstance(header, dict):
        raise bad("its header is not JSON")
    data = size - 8 - length
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        try:
            dtype, shape, (start, end) = str(entry["dtype"]), entry["shape"], entry["data_offsets"]
            whole = all(type(n) is int and n >= 0 for n in (*shape, start, end))
        except (KeyError, TypeError, ValueError):
            whole = False
        if not whole:
            raise bad(f"its entry {name[:80]!r} is no tensor")
        if end > data:
            raise bad(f"it ends inside the tensor {name[:80]!r}")
        width = _BYTES.get(dtype)
        if width is not None and end - start != math.prod(shape) * width:
            raise bad(f"the size of its tensor {name[:80]!r} does not fit its shape")
        yield dtype, shape, end - start
