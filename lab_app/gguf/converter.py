"""llama.cpp's own converter of Hugging Face models, as the native build carries it (``convert/``), in this process.

Worker side only: it brings torch and transformers. Nothing is fetched, and no code of a model is run.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import logging
import os
import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lab_app.system import native, paths
from lab_app.system.errors import IntegrityError, JobFailedError, LabError, ResourceError, UsageError
from lab_app.system.hashing import sha256_file

PACKAGES = ("torch", "transformers", "sentencepiece", "safetensors")
"""What the extra ``convert`` of pyproject.toml brings, as far as every model needs it."""


def missing_packages() -> list[str]:
    """Packages of the extra that are not installed. Imports none of them."""
    return [name for name in PACKAGES if importlib.util.find_spec(name) is None]


def check_packages() -> None:
    """Raises ResourceError with the command that installs what converting needs."""
    missing = missing_packages()
    if missing:
        raise ResourceError(
            f"Converting a Hugging Face model needs Python packages that are not installed: {', '.join(missing)}.",
            f"Install them: {sys.executable} -m pip install {' '.join(missing)}",
        )


def folder() -> Path:
    """The converter of the native build, every file as it was built. Raises ResourceError, IntegrityError."""
    where, built = paths.native_dir(), native.manifest()
    files = {name: digest for name, digest in built.files.items() if name.startswith("convert/")}
    if "convert/convert_hf_to_gguf.py" not in files:
        raise ResourceError(f"The native engine in {where} has no converter.", "Run `make native`.")
    for name, digest in files.items():
        if not (where / name).is_file() or sha256_file(where / name) != digest:
            raise IntegrityError(
                f"{name} of the native engine is not the file that was built.", "Run `make native`."
            )
    return where / "convert"


def architectures() -> frozenset[str]:
    """Architectures of text models the converter knows, read from its table without running it."""
    source = (folder() / "conversion" / "__init__.py").read_text(encoding="utf-8")
    for node in ast.parse(source).body:
        if (
            isinstance(node, ast.AnnAssign)
            and getattr(node.target, "id", "") == "TEXT_MODEL_MAP"
            and node.value
        ):
            return frozenset(ast.literal_eval(node.value))
    raise IntegrityError(
        "The converter of the native engine has no table of architectures.", "Run `make native`."
    )


def check_architecture(name: str, config: Mapping[str, Any]) -> None:
    """Raises UsageError where the converter surely does not know the architectures a config.json names."""
    inner = config.get("text_config")
    named = [
        str(architecture)
        for part in (config, inner if isinstance(inner, dict) else {})
        for architecture in (part.get("architectures") or [])[:1]
    ]
    if named and not architectures().intersection(named):
        raise unsupported(name, named[0])


def load() -> Any:
    """The converter's package ``conversion``. Raises LabError."""
    check_packages()
    where = folder()
    sys.dont_write_bytecode = True  # the engine's folder stays as it was built
    os.environ |= {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
    sys.path[:0] = [str(where), str(where / "gguf-py")]
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(message)s")
    try:
        _never_trust()
        return importlib.import_module("conversion")
    except ImportError as error:
        raise ResourceError(
            f"The converter does not find a package it needs: {error}.",
            f"Install it: {sys.executable} -m pip install {error.name or ' '.join(PACKAGES)}",
        ) from error


def _never_trust() -> None:
    """The converter asks for ``trust_remote_code`` in places; here it is never granted."""
    import transformers

    for loader in (transformers.AutoConfig, transformers.AutoTokenizer):
        original = loader.from_pretrained.__func__

        def from_pretrained(cls: Any, /, *args: Any, _original: Any = original, **kwargs: Any) -> Any:
            return _original(cls, *args, **{**kwargs, "trust_remote_code": False})

        loader.from_pretrained = classmethod(from_pretrained)


@contextmanager
def sentences(name: str, architecture: str) -> Iterator[None]:
    """What the converter raises, as an error for people. ``name``: of the model."""
    try:
        yield
    except (LabError, MemoryError):
        raise
    except OSError as error:
        if error.errno is not None and not isinstance(error, FileNotFoundError):
            raise  # the worker has sentences for full disks and missing rights
        raise _explained(error, name, architecture) from error
    except Exception as error:
        raise _explained(error, name, architecture) from error


def unsupported(name: str, architecture: str) -> UsageError:
    return UsageError(
        f"{name} is of the architecture {architecture or '(none named)'}, which the converter of this llama.cpp "
        "does not know.",
        "Take a GGUF file from the model's authors, or a newer version of the lab.",
    )


def _explained(error: Exception, name: str, architecture: str) -> LabError:
    text = " ".join(str(error).split())
    if isinstance(error, AssertionError) and not text and error.__traceback__ is not None:
        text = traceback.extract_tb(error.__traceback__)[-1].line or ""  # the converter says no more
    if "tokenizer.vocab.values()) < vocab_size" in text:
        return UsageError(
            f"The tokenizer of {name} has more tokens than the model.",
            "Take the tokenizer's files of this very model.",
        )
    if re.search(r"Architecture .* not supported", text):
        return unsupported(name, architecture)
    if "pre-tokenizer was not recognized" in text:
        return UsageError(
            f"The converter of this llama.cpp does not know how the tokenizer of {name} divides a text.",
            "Use the tokenizer files of the model it was made from, or a GGUF file from its authors.",
        )
    if "trust_remote_code" in text or "custom code" in text:
        return UsageError(
            f"{name} needs program code from its repository, which the lab never runs.",
            "Take a GGUF file from the model's authors.",
        )
    if match := re.search(r"Can not map tensor '([^']*)'", text):
        return UsageError(
            f"{name} holds a tensor {match[1]!r} that the converter does not know in {architecture} models.",
            "It may be an adapter or another kind of model; take the original one.",
        )
    if match := re.search(r"Quant method is not yet supported: '?([\w-]+)", text):
        advice = (
            "Its weights are plain numbers again: remove quantization_config from config.json."
            if match[1] == "gguf"
            else "Take the model it was quantized from."
        )
        return UsageError(
            f"config.json of {name} says that it is quantized ({match[1]}), which is not converted.", advice
        )
    if isinstance(error, ImportError):
        return ResourceError(
            f"The tokenizer of {name} needs a Python package that is not installed: {error.name or text}.",
            f"Install it: {sys.executable} -m pip install {error.name or ''}".rstrip(),
        )
    if isinstance(error, FileNotFoundError):
        missing = Path(str(error.filename or text.rpartition(" ")[2])).name
        return UsageError(
            f"The converter misses a file of {name}: {missing}.", "Fetch it from the model's repository."
        )
    return JobFailedError(
        f"{name} ({architecture}) could not be converted: {type(error).__name__}: {text[:300]}.",
        "The log has the converter's words.",
    )
