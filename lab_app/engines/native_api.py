"""llama.cpp's functions, loaded from the lab's own folder and from nowhere else.

:func:`load` gives llama-cpp-python's low-level ctypes module; :func:`native` adds what those bindings
lack: the backends that are loaded, their devices, thread pools, and the native log. The first call in
a process does the work:

1. the folder's files are held against its manifest, because llama.cpp runs the constructors of every
   ``libggml-*`` library it finds there;
2. bindings and libraries must be of one version, and every function the bindings declare must exist;
3. libraries are loaded by absolute path in order of dependency, so that ``LD_LIBRARY_PATH`` has no say
   (the dynamic linker takes a library that is loaded already by its SONAME);
4. backends come from ``ggml_backend_load_all_from_path`` with that folder. ``ggml_backend_load_all``
   and, where no backend is loaded yet, ``llama_backend_init`` would search the working directory;
   ``GGML_BACKEND_PATH`` would be loaded from anywhere and is removed first;
5. afterwards every mapped ggml or llama library must really lie in the folder.

Used inside worker processes only.
"""

from __future__ import annotations

import ctypes
import importlib
import importlib.machinery
import importlib.util
import os
import re
import sys
import threading
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab_app.engines.native_log import NativeLog
from lab_app.system import native as native_build
from lab_app.system import paths
from lab_app.system.errors import IntegrityError, ResourceError

PACKAGE = "llama_cpp"
_REBUILD = "Build the native engine again: `make native`."
_CORE = ("ggml-base", "ggml", "llama")
"""Core libraries in order of dependency."""
_DEVICE_TYPES = ("cpu", "gpu", "igpu", "accel", "meta")
"""ggml_backend_dev_type (ggml-backend.h)."""


class ThreadpoolParams(ctypes.Structure):
    """``struct ggml_threadpool_params`` (ggml.h)."""

    _fields_ = [
        ("cpumask", ctypes.c_bool * 512),
        ("n_threads", ctypes.c_int),
        ("prio", ctypes.c_int),
        ("poll", ctypes.c_uint32),
        ("strict_cpu", ctypes.c_bool),
        ("paused", ctypes.c_bool),
    ]


@dataclass(frozen=True, slots=True)
class Device:
    """A device a backend offers. ``type``: ``cpu``, ``gpu``, ``igpu``, ``accel`` or ``meta``."""

    name: str
    description: str
    type: str
    backend: str


@dataclass(frozen=True)
class Native:
    """The loaded native engine.

    api:      llama-cpp-python's low-level module (``llama_cpp.llama_cpp``).
    ggml, llama: the libraries, for the few functions the bindings do not declare.
    backends: libraries that are in use as backends (file names).
    """

    api: Any
    ggml: ctypes.CDLL
    llama: ctypes.CDLL
    folder: Path
    manifest: native_build.Manifest
    bindings_version: str
    devices: tuple[Device, ...]
    backends: tuple[str, ...]
    log: NativeLog

    def new_threadpool(self, n_threads: int) -> Threadpool:
        """A pool of CPU threads with ggml's defaults, as llama.cpp's own tools attach to their contexts."""
        return Threadpool(self.ggml, n_threads)

    def type_name(self, ggml_type: int) -> str:
        return str(self.ggml.ggml_type_name(ggml_type).decode())


class Threadpool:
    """Owns a ``ggml_threadpool``. Raises ResourceError when the threads cannot be had."""

    def __init__(self, ggml: ctypes.CDLL, n_threads: int) -> None:
        self.n_threads = n_threads
        registry = ggml.ggml_backend_dev_backend_reg(ggml.ggml_backend_dev_by_type(0))
        create = ggml.ggml_backend_reg_get_proc_address(registry, b"ggml_threadpool_new")
        free = ggml.ggml_backend_reg_get_proc_address(registry, b"ggml_threadpool_free")
        params = ThreadpoolParams()
        ggml.ggml_threadpool_params_init(ctypes.byref(params), n_threads)
        new = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.POINTER(ThreadpoolParams))(create)
        self._free = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(free)
        self.pointer: int | None = new(ctypes.byref(params))
        if not self.pointer:
            raise ResourceError(
                f"{n_threads} compute threads could not be started.", "Ask for fewer threads."
            )

    def close(self) -> None:
        """Contexts the pool is attached to must be freed first."""
        if self.pointer:
            self._free(self.pointer)
            self.pointer = None


_lock = threading.Lock()
_native: Native | None = None


def native() -> Native:
    """The native engine of this process, loaded on the first call.

    Raises ResourceError (folder, library or bindings missing) or IntegrityError (a file that does not
    belong there, versions that differ, a function that is missing).
    """
    global _native
    with _lock:
        if _native is None:
            _native = _load()
        return _native


def load() -> Any:
    """llama-cpp-python's low-level module with libraries and backends loaded; see :func:`native`."""
    return native().api


def capture_log() -> AbstractContextManager[list[str]]:
    """``with capture_log() as lines:`` — the native log lines of the block."""
    return native().log.capture()


def _load() -> Native:
    folder = paths.native_dir()
    manifest = native_build.read_manifest(folder)
    _check_folder(folder, manifest)
    spec, version = _bindings()
    _check_versions(manifest, version)
    os.environ.pop("GGML_BACKEND_PATH", None)
    _share_runtime()
    for name in _CORE:
        _open(folder / _library_name(name))
    api = _import_bindings(spec, folder, version)
    ggml, llama = (_open(folder / _library_name(name)) for name in ("ggml", "llama"))
    _declare(ggml, "ggml", _GGML_FUNCTIONS)
    _declare(llama, "llama", _LLAMA_FUNCTIONS)
    log = NativeLog(api.llama_log_callback)
    api.llama_log_set(log.callback, None)
    _check_layout(api, version)
    ggml.ggml_backend_load_all_from_path(os.fsencode(folder))
    devices = _devices(ggml)
    if not any(device.type == "cpu" for device in devices):
        raise ResourceError(f"No CPU backend in {folder} runs on this processor.", _REBUILD)
    backends = _check_mapped(folder)
    api.llama_backend_init()
    return Native(api, ggml, llama, folder, manifest, version, devices, backends, log)


def _share_runtime() -> None:
    """Give every library the system's C++ runtime. Built where only a static one is installed, each brings a copy of
    its own; of their locales some parts are shared by all and some are not, and std::regex crashes."""
    if sys.platform.startswith("linux"):
        with suppress(OSError):
            ctypes.CDLL("libstdc++.so.6", mode=ctypes.RTLD_GLOBAL)


# -- the folder ------------------------------------------------------------------------------------


def _library_name(name: str) -> str:
    if sys.platform == "win32":
        return f"{name}.dll"
    return f"lib{name}.dylib" if sys.platform == "darwin" else f"lib{name}.so"


def _check_folder(folder: Path, manifest: native_build.Manifest) -> None:
    """Names and sizes of every library llama.cpp could load from the folder. Hashes are ``doctor``'s task."""
    for path in folder.iterdir():
        if not re.match(r"(lib)?(ggml|llama|mtmd)", path.name):
            continue
        real = path.resolve()
        expected = manifest.sizes.get(real.name)
        if real.parent != folder.resolve() or expected is None:
            raise IntegrityError(
                f"{path} was not made by the lab's build.", "Remove it, or " + _lower(_REBUILD)
            )
        if not real.is_file():
            raise ResourceError(f"The native library {path.name} is missing from {folder}.", _REBUILD)
        if real.stat().st_size != expected:
            raise IntegrityError(f"{path} is not the file that was built (its size differs).", _REBUILD)
    for name in _CORE:
        if not (folder / _library_name(name)).exists():
            raise ResourceError(
                f"The native library {_library_name(name)} is missing from {folder}.", _REBUILD
            )


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def _open(path: Path) -> ctypes.CDLL:
    try:
        return ctypes.CDLL(str(path))
    except OSError as error:
        raise ResourceError(f"The native library {path.name} cannot be loaded: {error}.", _REBUILD) from error


# -- the bindings ----------------------------------------------------------------------------------


def _bindings() -> tuple[importlib.machinery.ModuleSpec, str]:
    """Where the bindings lie and their version, without running ``llama_cpp/__init__``."""
    spec = importlib.machinery.PathFinder.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ResourceError(
            "The Python package llama-cpp-python is not installed.", "Run `make` in the checkout."
        )
    match = re.search(
        r'^__version__ = "([^"]+)"', Path(spec.origin).read_text(encoding="utf-8"), re.MULTILINE
    )
    return spec, match.group(1) if match else "unknown"


def _check_versions(manifest: native_build.Manifest, bindings: str) -> None:
    if bindings != manifest.version:
        raise IntegrityError(
            f"llama-cpp-python is version {bindings}, but the native engine is from {manifest.version}.",
            "Install both of one version: `make`.",
        )
    root = paths.checkout_root()
    if root is None:
        return
    import tomllib

    locked = tomllib.loads((root / "native" / "llama.lock").read_text(encoding="utf-8"))["llama_cpp_commit"]
    if locked != manifest.commit:
        raise IntegrityError(
            f"The native engine is llama.cpp {manifest.commit}, but native/llama.lock asks for {locked}.",
            _REBUILD,
        )


def _import_bindings(spec: importlib.machinery.ModuleSpec, folder: Path, version: str) -> Any:
    """Import ``llama_cpp.llama_cpp`` alone.

    The package's ``__init__`` imports the high-level API (jinja2, diskcache, a server's types), which
    costs more than everything else in a worker's start. An empty parent package stands in while the
    submodule is imported; a later ``import llama_cpp`` still runs the real ``__init__``.
    """
    before = os.environ.get("LLAMA_CPP_LIB_PATH")
    os.environ["LLAMA_CPP_LIB_PATH"] = str(folder)
    stand_in = PACKAGE not in sys.modules
    if stand_in:
        sys.modules[PACKAGE] = importlib.util.module_from_spec(spec)
    try:
        return importlib.import_module(f"{PACKAGE}.llama_cpp")
    except AttributeError as error:
        missing = str(error).rsplit(" ", 1)[-1].strip(":'\"")
        raise IntegrityError(
            f"{_library_name('llama')} lacks {missing}, which llama-cpp-python {version} declares.",
            _REBUILD,
        ) from error
    except (OSError, RuntimeError) as error:
        raise ResourceError(f"The native library in {folder} cannot be loaded: {error}.", _REBUILD) from error
    finally:
        if stand_in:
            del sys.modules[PACKAGE]
        if before is None:
            del os.environ["LLAMA_CPP_LIB_PATH"]
        else:
            os.environ["LLAMA_CPP_LIB_PATH"] = before


def _check_layout(api: Any, version: str) -> None:
    """llama.cpp's default parameters, read through the bindings' structs, must be the documented ones:
    a cheap sign that both sides agree on the layout of these structs."""
    context, model = api.llama_context_default_params(), api.llama_model_default_params()
    found = (
        context.n_ctx, context.n_batch, context.n_ubatch, context.type_k, context.type_v,
        context.rope_scaling_type, context.yarn_ext_factor, context.offload_kqv, context.no_perf,
        model.main_gpu, model.vocab_only,
    )  # fmt: skip
    if found != (512, 2048, 512, api.GGML_TYPE_F16, api.GGML_TYPE_F16, -1, -1.0, True, True, 0, False):
        raise IntegrityError(
            f"{_library_name('llama')} and llama-cpp-python {version} do not agree on their data structures.",
            _REBUILD,
        )


# -- backends --------------------------------------------------------------------------------------


_POINTER, _TEXT, _SIZE, _INT = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int
_GGML_FUNCTIONS: tuple[tuple[str, Any, list[Any]], ...] = (
    ("ggml_backend_load_all_from_path", None, [_TEXT]),
    ("ggml_backend_dev_count", _SIZE, []),
    ("ggml_backend_dev_get", _POINTER, [_SIZE]),
    ("ggml_backend_dev_by_type", _POINTER, [_INT]),
    ("ggml_backend_dev_name", _TEXT, [_POINTER]),
    ("ggml_backend_dev_description", _TEXT, [_POINTER]),
    ("ggml_backend_dev_type", _INT, [_POINTER]),
    ("ggml_backend_dev_backend_reg", _POINTER, [_POINTER]),
    ("ggml_backend_reg_name", _TEXT, [_POINTER]),
    ("ggml_backend_reg_get_proc_address", _POINTER, [_POINTER, _TEXT]),
    ("ggml_threadpool_params_init", None, [ctypes.POINTER(ThreadpoolParams), _INT]),
    ("ggml_type_name", _TEXT, [_INT]),
)
"""Functions of ggml.h and ggml-backend.h used here: name, result, arguments."""
_LLAMA_FUNCTIONS: tuple[tuple[str, Any, list[Any]], ...] = (
    ("llama_attach_threadpool", None, [_POINTER, _POINTER, _POINTER]),
    ("llama_ftype_name", _TEXT, [_INT]),
)
"""Functions of llama.h that the bindings do not declare."""


def _declare(library: ctypes.CDLL, name: str, functions: tuple[tuple[str, Any, list[Any]], ...]) -> None:
    for function_name, result, arguments in functions:
        try:
            function = getattr(library, function_name)
        except AttributeError as error:
            raise IntegrityError(
                f"{_library_name(name)} lacks the function {function_name}.", _REBUILD
            ) from error
        function.restype = result
        function.argtypes = arguments


def _devices(ggml: ctypes.CDLL) -> tuple[Device, ...]:
    found = []
    for index in range(ggml.ggml_backend_dev_count()):
        device = ggml.ggml_backend_dev_get(index)
        kind = ggml.ggml_backend_dev_type(device)
        found.append(
            Device(
                name=ggml.ggml_backend_dev_name(device).decode(errors="replace"),
                description=ggml.ggml_backend_dev_description(device).decode(errors="replace"),
                type=_DEVICE_TYPES[kind] if 0 <= kind < len(_DEVICE_TYPES) else str(kind),
                backend=ggml.ggml_backend_reg_name(ggml.ggml_backend_dev_backend_reg(device)).decode(
                    errors="replace"
                ),
            )
        )
    return tuple(found)


def _check_mapped(folder: Path) -> tuple[str, ...]:
    """Every ggml or llama library in this process must lie in ``folder``; returns the backends' file names.

    Raises IntegrityError. Where the system has no list of mapped files (Windows), nothing is checked:
    there, libraries are loaded by absolute path only.
    """
    home = folder.resolve()
    backends = []
    for path in mapped_libraries():
        if not re.match(r"(lib)?(ggml|llama|mtmd)[-.]", path.name):
            continue
        if path.parent != home:
            raise IntegrityError(
                f"{path} was loaded into the engine although it is not the lab's.",
                "Remove it from the library search path (LD_LIBRARY_PATH, LD_PRELOAD).",
            )
        if re.match(r"(lib)?ggml-(?!base)", path.name):
            backends.append(path.name)
    return tuple(backends)


def mapped_libraries() -> list[Path]:
    """Files mapped as code into this process (Linux, macOS); empty elsewhere."""
    if sys.platform == "darwin":
        system = ctypes.CDLL(None)
        system._dyld_get_image_name.restype = ctypes.c_char_p
        names = (system._dyld_get_image_name(index) for index in range(system._dyld_image_count()))
        return sorted({Path(os.fsdecode(name)).resolve() for name in names if name})
    try:
        with open("/proc/self/maps", "rb") as stream:
            columns = [line.split(maxsplit=5) for line in stream]
    except OSError:
        return []
    return sorted(
        {Path(os.fsdecode(c[5].rstrip(b"\n"))) for c in columns if len(c) == 6 and c[5].startswith(b"/")}
    )
