"""Variants of the native build: what CMake is told, what is built, what must be on the machine."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from problems import RESOURCES, USAGE, BuildError

VARIANTS = ("cpu", "cuda", "metal", "vulkan")
CORE_TOOLS = (
    "llama-quantize",
    "llama-imatrix",
    "llama-perplexity",
    "llama-bench",
    "llama-tokenize",
    "llama-gguf-split",
    "llama-export-lora",
)
ALL_TOOLS = (*CORE_TOOLS, "llama-server", "llama-cli")

# Feature option of ggml → the names /proc/cpuinfo gives to what it needs (x86).
X86_FEATURES: dict[str, tuple[str, ...]] = {
    "GGML_SSE42": ("sse4_2",),
    "GGML_AVX": ("avx",),
    "GGML_F16C": ("f16c",),
    "GGML_FMA": ("fma",),
    "GGML_AVX2": ("avx2",),
    "GGML_BMI2": ("bmi2",),
    "GGML_AVX_VNNI": ("avx_vnni",),
    "GGML_AVX512": ("avx512f", "avx512cd", "avx512vl", "avx512dq", "avx512bw"),
    "GGML_AVX512_VBMI": ("avx512vbmi",),
    "GGML_AVX512_VNNI": ("avx512_vnni",),
    "GGML_AVX512_BF16": ("avx512_bf16",),
    "GGML_AMX_TILE": ("amx_tile",),
    "GGML_AMX_INT8": ("amx_int8",),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """One build: ``name`` is its folder, ``flags`` decide what the code computes, ``plumbing`` does not."""

    name: str
    flags: dict[str, str]
    tools: tuple[str, ...]
    plumbing: dict[str, str] = field(default_factory=dict)

    @property
    def targets(self) -> tuple[str, ...]:
        return ("llama", *self.tools)


def plan(variant: str, *, quick: bool, core_only: bool, cuda_architectures: str | None = None) -> Plan:
    """What to build. Raises BuildError for combinations that cannot be, or where a toolkit is missing."""
    flags = {
        "CMAKE_BUILD_TYPE": "Release",
        "BUILD_SHARED_LIBS": "ON",
        "GGML_BACKEND_DL": "ON",
        "GGML_NATIVE": "OFF",
        "GGML_OPENMP": "OFF",
        "GGML_CUDA": "OFF",
        "GGML_METAL": "OFF",
        "GGML_VULKAN": "OFF",
        **cpu_flags(quick),
    }
    plumbing = {
        "LLAMA_BUILD_TESTS": "OFF",
        "LLAMA_BUILD_EXAMPLES": "OFF",
        "LLAMA_BUILD_APP": "OFF",
        "LLAMA_BUILD_UI": "OFF",
        "LLAMA_USE_PREBUILT_UI": "OFF",
        "LLAMA_OPENSSL": "OFF",
        "CMAKE_BUILD_WITH_INSTALL_RPATH": "ON",
        "CMAKE_INSTALL_RPATH": "@loader_path" if sys.platform == "darwin" else "$ORIGIN",
        # Tools that upstream leaves out of builds with loadable backends.
        "CMAKE_PROJECT_llama.cpp_INCLUDE": (Path(__file__).resolve().parent / "tools/hook.cmake").as_posix(),
        # Plain libllama.so instead of three names: nothing to link, nothing to lose in an archive.
        "CMAKE_PLATFORM_NO_VERSIONED_SONAME": "ON",
    }
    if cuda_architectures and variant != "cuda":
        raise BuildError(USAGE, "--cuda-architectures goes with --variant cuda only.")
    if variant == "cuda":
        flags["GGML_CUDA"] = "ON"
        # Else the library needs NCCL wherever it runs, if this machine happens to have it.
        flags["GGML_CUDA_NCCL"] = "OFF"
        plumbing["CMAKE_CUDA_COMPILER"] = _nvcc()
        if cuda_architectures or (quick and shutil.which("nvidia-smi")):
            flags["CMAKE_CUDA_ARCHITECTURES"] = cuda_architectures or "native"
    elif variant == "metal":
        if sys.platform != "darwin":
            raise BuildError(USAGE, "The Metal variant can be built on macOS only.")
        flags |= {"GGML_METAL": "ON", "GGML_METAL_EMBED_LIBRARY": "ON"}
    elif variant == "vulkan":
        if shutil.which("glslc") is None:
            raise BuildError(
                RESOURCES,
                "The Vulkan variant needs glslc, the shader compiler, which is not on the PATH.",
                "Install the Vulkan SDK (Debian: libvulkan-dev glslc spirv-headers).",
            )
        flags["GGML_VULKAN"] = "ON"
    name = f"{variant}-quick" if quick else variant
    return Plan(name, flags, CORE_TOOLS if core_only else ALL_TOOLS, plumbing)


def cpu_flags(quick: bool) -> dict[str, str]:
    """All CPU variants; or, for a quick build, one that has just what this machine has.

    ggml refuses GGML_NATIVE with loadable backends on x86, so the features are named one by one there.
    """
    if not quick:
        return {"GGML_CPU_ALL_VARIANTS": "ON"}
    if platform.machine().lower() in ("x86_64", "amd64"):
        present = _x86_features()
        if not present:
            return {"GGML_CPU_ALL_VARIANTS": "ON"}
        return {"GGML_CPU_ALL_VARIANTS": "OFF"} | {
            option: "ON" if present.issuperset(needs) else "OFF" for option, needs in X86_FEATURES.items()
        }
    return {"GGML_CPU_ALL_VARIANTS": "OFF", "GGML_NATIVE": "ON"}


def _x86_features() -> set[str]:
    """Features of this CPU by their Linux names; empty where they cannot be found out."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("flags"):
                return set(line.partition(":")[2].split())
    except OSError:
        pass
    if sys.platform == "darwin":
        keys = ["machdep.cpu.features", "machdep.cpu.leaf7_features"]
        done = subprocess.run(["sysctl", "-n", *keys], capture_output=True, text=True, check=False)
        names = done.stdout.lower().split()
        return {{"sse4.2": "sse4_2", "avx1.0": "avx"}.get(name, name) for name in names}
    return set()


def _nvcc() -> str:
    for candidate in (os.environ.get("CUDACXX"), shutil.which("nvcc"), "/usr/local/cuda/bin/nvcc"):
        if candidate and Path(candidate).is_file():
            return candidate
    raise BuildError(
        RESOURCES,
        "The CUDA variant needs nvcc, which is neither on the PATH nor in /usr/local/cuda.",
        "Install the CUDA toolkit, or set $CUDACXX to its nvcc.",
    )


def machine() -> str:
    """What a build is for: system and processor, e.g. ``Linux-x86_64``."""
    return f"{platform.system()}-{platform.machine()}"
