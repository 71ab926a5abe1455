"""Download throughput on loopback, with verification, against ``hf download`` of the same file in the same run.

    python benchmarks/download.py [--size BYTES] [--rounds N]

A server process sends one file with ``sendfile``; the clients alternate, each into an empty cache, each as a
fresh process; ours is the whole command with its worker, and checks the sha256. Prints seconds, MB/s, peak memory
(RSS, the larger of parent and worker) of each, and the ratio of the medians.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

COMMIT = "c0ffee" + "0" * 34
NAME = "big.gguf"


def serve(path: str, sha256: str, channel: Connection) -> None:
    size = os.path.getsize(path)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            return

        def reply(self, status: int, fields: dict[str, str], body: bytes = b"") -> None:
            self.send_response(status)
            for key, value in {"Content-Length": str(len(body)), **fields}.items():
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(body)

        def do_HEAD(self) -> None:
            self.reply(200, {"ETag": f'"{sha256}"', "X-Repo-Commit": COMMIT, "Content-Length": str(size)})

        def do_GET(self) -> None:
            if "/tree/" in self.path:
                lfs = {"oid": sha256, "size": size, "pointerSize": 134}
                tree = [{"type": "file", "path": NAME, "size": size, "oid": "0" * 40, "lfs": lfs}]
                self.reply(200, {"Content-Type": "application/json"}, json.dumps(tree).encode())
            elif self.path.startswith("/api/"):
                body = {"id": "org/big", "sha": COMMIT, "siblings": [{"rfilename": NAME}]}
                self.reply(200, {"Content-Type": "application/json"}, json.dumps(body).encode())
            else:
                self.send()

        def send(self) -> None:
            match = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
            start = int(match[1]) if match else 0
            end = int(match[2]) + 1 if match and match[2] else size
            fields = {"Content-Length": str(end - start), "ETag": f'"{sha256}"', "X-Repo-Commit": COMMIT}
            if match:
                fields["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
            self.reply(206 if match else 200, fields)
            with open(path, "rb") as stream:
                while start < end:
                    start += os.sendfile(self.connection.fileno(), stream.fileno(), start, end - start)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    channel.send(server.server_port)
    server.serve_forever()


def measure(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """(seconds, peak RSS in MB) of a process."""
    began = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[:3]} failed: {said.decode(errors='replace')[-2000:]}")
    return seconds, usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--size", type=int, default=256 << 20, help="bytes (default 256 MiB; the target names 2 GB)"
    )
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory(prefix="odyssey-lab-bench-") as folder:
        source, digest = Path(folder) / NAME, hashlib.sha256()
        with open(source, "wb") as stream:
            for start in range(0, arguments.size, 1 << 20):
                block = os.urandom(min(1 << 20, arguments.size - start))
                digest.update(block)
                stream.write(block)
        ours, theirs = multiprocessing.Pipe()
        server = multiprocessing.get_context("spawn").Process(
            target=serve, args=(str(source), digest.hexdigest(), theirs), daemon=True
        )
        server.start()
        url = f"http://127.0.0.1:{ours.recv()}"
        hf = str(Path(sys.executable).with_name("hf"))
        commands = {
            "odyssey-lab": [
                sys.executable,
                "-m",
                "lab_app.cli",
                "models",
                "download",
                "--anyway",
                f"org/big:{NAME}",
            ],
            "hf download": [hf, "download", "org/big", NAME, "--quiet"],
        }
        environment = {
            **os.environ,
            "HF_ENDPOINT": url,
            "ODYSSEY_LAB_DATA": str(Path(folder) / "data"),
            "PYTHONPATH": str(Path(__file__).resolve().parents[1]),
        }
        results: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
        for _ in range(arguments.rounds):
            for name, command in commands.items():
                cache = Path(folder) / "cache"
                results[name].append(measure(command, {**environment, "HF_HUB_CACHE": str(cache)}))
                (blob,) = (p for p in cache.glob("models--org--big/blobs/*") if p.name == digest.hexdigest())
                assert blob.stat().st_size == arguments.size
                shutil.rmtree(cache)
        server.terminate()
    medians = {}
    for name, runs in results.items():
        medians[name] = statistics.median(seconds for seconds, _ in runs)
        shown = ", ".join(f"{seconds:.2f}" for seconds, _ in runs)
        memory = max(peak for _, peak in runs)
        print(
            f"{name:12} {arguments.size / medians[name] / 1e6:7.0f} MB/s   {shown} s   peak {memory:.0f} MB"
        )
    print(f"throughput, odyssey-lab ÷ hf download: {medians['hf download'] / medians['odyssey-lab']:.2f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
