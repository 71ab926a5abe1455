"""What a study file may say: pydantic models of ``schema_version`` 1.

A study is read from TOML (:mod:`lab_app.studies.load`) or made in the window; both end here. The
parameters of a probe are not known to this file: they are the ``Spec`` of the probe itself.
"""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from lab_app.engines.base import EngineSettings
from lab_app.hub.reference import Reference

SCHEMA_VERSION = 1
DEMO_SOURCE = "demo:"
RESOURCE_SCHEME = "resource:"
BASE = "base"

KvType = Literal["f32", "f16", "bf16", "q8_0", "q4_0", "q4_1", "iq4_nl", "q5_0", "q5_1"]
Positive = Annotated[float, Field(ge=1e-30, le=1e30)]
"""llama.cpp keeps it in 32 bits, where 0 means that nothing is given."""


def _sized(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise PydanticCustomError("size_type", "must be a size")
    return value


Size = Annotated[int | str, BeforeValidator(_sized)]
"""A number of bytes, or a text: ``"6 GiB"``."""
Name = Annotated[str, Field(min_length=1, max_length=120, pattern=r"\S")]


class Table(BaseModel):
    """A table of a study file: no unknown keys, no conversions, no NaN."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Source(Table):
    """[source]: the model everything is compared with."""

    model: str = Field(
        min_length=1,
        description='"demo:", "hf:org/repo[:file][@revision]", or the path of a GGUF file or Hugging Face folder',
    )


class Imatrix(Table):
    """[quantize.imatrix]: how the importance matrix is made."""

    text: str = Field(
        default=RESOURCE_SCHEME + "texts/calibration.txt",
        min_length=1,
        description="calibration text: a path or a resource",
    )
    chunks: int = Field(default=64, ge=1, le=100_000, description="pieces of the text that are read, at most")
    context: int = Field(
        default=512,
        ge=16,
        le=1 << 20,
        description="tokens in a piece, at most what the model was trained for",
    )


class Quantize(Table):
    """[quantize]: the quant types to make from the source."""

    types: tuple[str, ...] = Field(
        min_length=1, description="quant types as llama-quantize names them, e.g. Q4_K_M; upper or lower case"
    )
    allow_requantize: bool = Field(
        default=False,
        description="allow a source that is quantized already, which loses more; reports say so",
    )
    imatrix: Imatrix | None = Field(default=None, description="make and use an importance matrix")
    overrides: dict[str, str] = Field(
        default_factory=dict, description="regular expression on names of tensors → tensor type, e.g. q8_0"
    )
    output_type: str | None = Field(default=None, description="tensor type of the output layer")
    embedding_type: str | None = Field(default=None, description="tensor type of the token embedding")
    pure: bool = Field(default=False, description="one type for all matrices, no mixture")


class EngineTable(Table):
    """[engine]: how models are run; the fields of :class:`lab_app.engines.base.EngineSettings`."""

    threads: int | None = Field(default=None, ge=1, le=512, description="CPU threads (default: one per core)")
    n_batch: int | None = Field(default=None, ge=1, le=1 << 20, description="logical batch in tokens")
    n_ubatch: int | None = Field(default=None, ge=1, le=1 << 20, description="physical batch in tokens")
    gpu_layers: int | None = Field(
        default=None, ge=-1, le=100_000,
        description="layers on the GPU, -1 for all (not given and with an engine that uses a GPU: as many as fit)",
    )  # fmt: skip
    kv_type_k: KvType | None = Field(default=None, description="type of the K cache")
    kv_type_v: KvType | None = Field(default=None, description="type of the V cache")
    flash_attention: Literal["auto", "on", "off"] | None = Field(
        default=None, description="flash attention; a quantized V cache needs it"
    )
    rope_scaling: Literal["none", "linear", "yarn", "longrope"] | None = Field(
        default=None,
        description="RoPE scaling, for contexts longer than the model was trained for (default: as the model says)",
    )
    rope_freq_base: Positive | None = Field(
        default=None, description="RoPE base frequency (default: as the model says)"
    )
    rope_freq_scale: Positive | None = Field(
        default=None,
        description="RoPE frequency scale; 0.25 makes the context 4 × longer (default: as the model says)",
    )
    yarn_orig_ctx: int | None = Field(
        default=None,
        ge=1,
        le=1 << 30,
        description="YaRN: context of the training in tokens (default: as the model says)",
    )
    yarn_ext_factor: float | None = Field(
        default=None, ge=-1e30, le=1e30, description="YaRN: extrapolation mix (default: as the model says)"
    )
    yarn_attn_factor: Positive | None = Field(
        default=None, description="YaRN: magnitude of attention (default: as the model says)"
    )
    yarn_beta_fast: Positive | None = Field(
        default=None, description="YaRN: low correction dimension (default: as the model says)"
    )
    yarn_beta_slow: Positive | None = Field(
        default=None, description="YaRN: high correction dimension (default: as the model says)"
    )

    def chosen(self) -> dict[str, Any]:
        """What differs from the engine's defaults, by field name. Stating one changes no content key."""
        defaults = {item.name: item.default for item in fields(EngineSettings)}
        given = {name: getattr(self, name) for name in defaults}
        return {name: value for name, value in given.items() if value is not None and value != defaults[name]}

    def over(self, base: EngineTable) -> EngineTable:
        """These settings where given, else those of ``base``."""
        names = EngineTable.model_fields
        own = {name: getattr(self, name) for name in names if getattr(self, name) is not None}
        return EngineTable(**{**{name: getattr(base, name) for name in names}, **own})

    @property
    def scales_rope(self) -> bool:
        """Whether anything here stretches the context beyond what the model was trained for."""
        return any(
            value is not None and value != "none"
            for value in (self.rope_scaling, self.rope_freq_base, self.rope_freq_scale, self.yarn_orig_ctx)
        )


class Variant(EngineTable):
    """[[variant]]: a model of this study under other engine settings."""

    name: Name = Field(description="what tables and figures call it")
    of: str = Field(
        default=BASE,
        min_length=1,
        description='which model: "base", one of the quant types, or the name of a [[compare]]',
    )


class Compare(Table):
    """[[compare]]: another file measured against the base."""

    model: str = Field(min_length=1, description='path of a GGUF file or Hugging Face folder, or "hf:…"')
    name: Name | None = Field(
        default=None, description="what tables and figures call it (default: the file's name without .gguf)"
    )


class Resources(Table):
    """[resources]: what the study may use."""

    memory: Size | None = Field(
        default=None,
        description='address space of each worker process: bytes or "6 GiB" (default: as in the settings)',
    )
    disk: Size | None = Field(
        default=None, description='what the study may write: bytes or "20 GiB" (default: what is free)'
    )


class Study(Table):
    """A whole study file. ``probes`` are validated by the probes' own Specs, see :class:`ProbeEntry`."""

    schema_version: Literal[1] = Field(description="version of what is described here")
    name: Name = Field(description="title of the study and its report")
    description: str = Field(default="", description="a sentence for the report")
    source: Source = Field(description="the model everything is compared with")
    quantize: Quantize | None = Field(default=None, description="quant types to make of it")
    engine: EngineTable = Field(default=EngineTable(), description="how models are run")
    probe: tuple[dict[str, Any], ...] = Field(min_length=1, description="what is measured, at least one")
    variant: tuple[Variant, ...] = Field(default=(), description="a model again, under other engine settings")
    compare: tuple[Compare, ...] = Field(default=(), description="another file measured against the base")
    thresholds: dict[str, float] = Field(default_factory=dict, description="bounds that decide the exit code")
    resources: Resources = Field(default=Resources(), description="what the study may use")


class ProbeEntry(Table):
    """One [[probe]] after its own Spec accepted it.

    id:    stable name within the study; spec: JSON with every default filled in.
    files: role → path of a text or another extra input.
    """

    kind: str
    id: str
    spec: dict[str, Any]
    files: dict[str, Path] = Field(default_factory=dict)


class LoadedStudy(Table):
    """A study that passed every check, with the paths in it resolved.

    source: None for the demo model. compare_models: one for each [[compare]].
    toml: the text it came from. origin: the file's absolute path.
    quant_types: canonical names, in the order asked. memory, disk: limits in bytes.
    """

    study: Study
    toml: str
    origin: str
    source: Path | Reference | None
    quant_types: tuple[str, ...]
    probes: tuple[ProbeEntry, ...]
    imatrix_text: Path | None
    compare_models: tuple[Path | Reference, ...]
    memory: int | None
    disk: int | None

    @property
    def name(self) -> str:
        return self.study.name
