"""What this machine is: processor, memory, disk, graphics cards. Cheap, and without heavy imports."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any


def usable_cores() -> int:
    """Cores this process may use: CPU affinity and the cgroup's quota both count."""
    try:
        cores = len(os.sched_getaffinity(0))
    except (AttributeError, OSError):
        cores = os.cpu_count() or 1
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text(encoding="ascii").split()
        if quota != "max":
            cores = min(cores, max(1, int(quota) // int(period)))
    except (OSError, ValueError):
        pass
    return max(1, cores)


def total_memory() -> int:
    """Bytes of memory this process may use at all: the machine's, or the cgroup's limit if lower."""
    try:
        total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # Windows
        import psutil

        total = int(psutil.virtual_memory().total)
    return min(total, _cgroup_bytes("memory.max") or total)


def available_memory() -> int:
    """Bytes that can be had without swapping, the cgroup's limit observed."""
    import psutil

    available = int(psutil.virtual_memory().available)
    limit, used = _cgroup_bytes("memory.max"), _cgroup_bytes("memory.current")
    if limit is not None and used is not None:
        available = min(available, max(0, limit - used))
    return available


def _cgroup_bytes(name: str) -> int | None:
    try:
        return int(Path("/sys/fs/cgroup", name).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def free_disk(path: str | Path) -> int:
    """Bytes free for this user on the file system of ``path`` (or of its nearest existing parent)."""
    return shutil.disk_usage(_existing(path)).free


def same_disk(one: str | Path, other: str | Path) -> bool:
    """Whether two paths (or their nearest existing parents) are on one file system."""
    return _existing(one).stat().st_dev == _existing(other).stat().st_dev


def _existing(path: str | Path) -> Path:
    folder = Path(path).absolute()
    while not folder.exists():
        folder = folder.parent
    return folder


@cache
def cpu_name() -> str:
    """The processor's marketing name where the system tells it."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as stream:
            for line in stream:
                if line.startswith(("model name", "Model", "Hardware")):
                    return line.partition(":")[2].strip()
    except OSError:
        pass
    if platform.system() == "Darwin":
        name = _output(["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"])
        if name:
            return name
    return platform.processor() or platform.machine()


@cache
def cpu_features() -> frozenset[str]:
    """What decides how llama.cpp stores weights for this processor: ``avx2``, ``avx512``, ``neon``, ``dotprod``,
    ``i8mm``, ``amx``, as far as the system tells."""
    machine = platform.machine().lower()
    words: set[str] = set()
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as stream:
            for line in stream:
                if line.startswith(("flags", "Features")):
                    words = set(line.partition(":")[2].split())
                    break
    except OSError:
        # No list to read: what every processor of the last years has.
        words = {"asimd", "asimddp"} if machine in ("arm64", "aarch64") else {"avx2"}
    names = {
        "avx2": "avx2", "avx512f": "avx512", "asimd": "neon", "asimddp": "dotprod", "i8mm": "i8mm",
        "amx_int8": "amx",
    }  # fmt: skip
    return frozenset(names[word] for word in words & names.keys())


@cache
def gpus() -> tuple[dict[str, Any], ...]:
    """NVIDIA cards as nvidia-smi lists them: name, memory in bytes, driver; empty where it is missing."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return ()
    query = [tool, "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader,nounits"]
    cards = []
    for line in _output(query).splitlines():
        name, memory, driver = (part.strip() for part in line.rsplit(",", 2))
        if memory.isdigit():
            cards.append({"name": name, "memory": int(memory) << 20, "driver": driver})
    return tuple(cards)


def graphics(root: Path = Path("/")) -> tuple[str, ...]:
    """Graphics devices with their drivers, for people, without starting a program where the system has files about
    them (``/proc/driver/nvidia``, ``/sys/class/drm``)."""
    if not sys.platform.startswith("linux"):
        return tuple(f"{card['name']} (driver {card['driver']})" for card in gpus())
    version = re.search(r"Kernel Module.*?\s(\d+(?:\.\d+)+)\s", _text(root / "proc/driver/nvidia/version"))
    driver = version[1] if version else "unknown"
    found = []
    for path in sorted(root.glob("proc/driver/nvidia/gpus/*/information")):
        model = re.search(r"^Model:\s*(.+?)\s*$", _text(path), re.MULTILINE)
        found.append(f"{model[1] if model else 'NVIDIA card'} (driver nvidia {driver})")
    for path in sorted(root.glob("sys/class/drm/card?/device")):
        module = Path(os.path.realpath(path / "driver")).name if (path / "driver").exists() else "none"
        if module != "nvidia":  # named above
            ids = ":".join(_text(path / name).strip().removeprefix("0x") for name in ("vendor", "device"))
            found.append(f"PCI {ids} (driver {module})" if ids != ":" else f"driver {module}")
    return tuple(found)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def free_gpu_memory() -> int:
    """Bytes free on all NVIDIA cards together; 0 where nvidia-smi is missing. Not cached."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return 0
    lines = _output([tool, "--query-gpu=memory.free", "--format=csv,noheader,nounits"]).split()
    return sum(int(line) << 20 for line in lines if line.isdigit())


def _output(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def identity() -> dict[str, Any]:
    """What makes a machine another one for measurements of speed: processor, usable cores, graphics cards."""
    return {"cpu": cpu_name(), "cores": usable_cores(), "gpus": [card["name"] for card in gpus()]}


def info() -> dict[str, Any]:
    """The machine as it is stored with every result."""
    return {
        "os": f"{platform.system()} {platform.release()}",
        "machine": platform.machine(),
        "cpu": cpu_name(),
        "usable_cores": usable_cores(),
        "memory": total_memory(),
        "gpus": list(gpus()),
    }
