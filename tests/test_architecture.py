"""What may import what, and what nothing imports at start-up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lab_app.system import paths

ROOT = Path(__file__).resolve().parents[1]
HEAVY = {"torch", "transformers", "llama_cpp", "PySide6", "pyqtgraph", "numpy", "matplotlib", "scipy"}

RUN = """
import json, sys
sys.argv = ["odyssey-lab", *sys.argv[2:]]
from lab_app.cli import main
try:
    code = main()
except SystemExit as end:
    code = end.code
with open({target!r}, "w") as out:
    json.dump([code or 0, sorted(sys.modules)], out)
"""


def test_layers() -> None:
    tool = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([tool, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("what", ["--version", "dry-run", "--help", "doctor", "completion bash"])
def test_nothing_heavy_at_start_up(tmp_path: Path, what: str) -> None:
    arguments = what.split()
    if what == "dry-run":
        study = str(paths.resource("studies/demo.toml"))
        arguments = ["--batch", study, "--dry-run", "--data-dir", str(tmp_path / "data")]
    target = tmp_path / "modules.json"
    code = RUN.format(target=str(target))
    command = [sys.executable, "-c", code, "--", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert target.exists(), done.stderr
    exit_code, modules = json.loads(target.read_text())
    assert exit_code == 0 or what == "doctor", done.stderr  # which may find something on this machine
    assert done.stdout.strip()
    assert {name.partition(".")[0] for name in modules} & HEAVY == set()


def test_the_wheel_holds_package_and_resources(tmp_path: Path) -> None:
    import zipfile

    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--wheel-dir",
        str(tmp_path),
        str(ROOT),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("odyssey_lab-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"lab_app/cli.py", "lab_app/py.typed", "lab_app/resources/studies/demo.toml"} <= names
    assert not any(name.startswith(("tests/", "native/", "resources/")) for name in names)
