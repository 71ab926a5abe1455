"""Search, listing, remote header, cache housekeeping."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

from lab_app.gguf import reader
from lab_app.gguf.memory import Fit, Load, fit
from lab_app.hub import browse, cache, remote_gguf, repo, verify
from lab_app.hub.control import Limits
from lab_app.hub.download import download
from lab_app.hub.search import search
from lab_app.system.errors import IntegrityError, LabError, NetworkError, UsageError
from tests.models import tiny_gguf


def test_search(hub: Any) -> None:
    tags = ["gguf", "license:apache-2.0"]
    hub.add(
        "one/llama-gguf",
        {},
        tags=tags,
        downloads=5,
        likes=9,
        gguf={"total": 7_000_000, "architecture": "llama"},
    )
    hub.add("two/llama", {}, tags=["safetensors", "license:mit"], downloads=50, likes=1)
    assert [f.repo for f in search("llama")] == ["two/llama", "one/llama-gguf"]
    assert [f.repo for f in search("llama", sort="likes")] == ["one/llama-gguf", "two/llama"]
    (found,) = search("llama", file_format="gguf", licence="apache-2.0")
    assert (found.repo, found.licence, found.n_params, found.formats) == (
        "one/llama-gguf", "apache-2.0", 7_000_000, ("gguf",)
    )  # fmt: skip
    assert search(author="two")[0].repo == "two/llama"
    with pytest.raises(UsageError):
        search(sort="size")  # type: ignore[arg-type]


def test_quants(hub: Any) -> None:
    hub.add(
        "org/m",
        {"m-Q4_K_M.gguf": b"x" * 500, "m-Q8_0-00001-of-00002.gguf": b"y" * 600,
         "m-Q8_0-00002-of-00002.gguf": b"z" * 400,
         "IQ2_XS/m-00001-of-00003.gguf": b"w" * 10, "mmproj-F16.gguf": b"v" * 50, "README.md": b"#"},
        gguf={"total": 1000, "architecture": "llama", "context_length": 4096},
    )  # fmt: skip
    groups = {group.name: group for group in repo.files("org/m")}
    assert groups["m-Q4_K_M.gguf"].bits_per_weight == 4.0 and groups["m-Q4_K_M.gguf"].quant == "Q4_K_M"
    split = groups["m-Q8_0"]
    assert (split.quant, split.size, split.bits_per_weight, len(split.files), split.complete) == (
        "Q8_0",
        1000,
        8.0,
        2,
        True,
    )
    assert groups["IQ2_XS/m"].quant == "IQ2_XS" and not groups["IQ2_XS/m"].complete
    assert groups["mmproj-F16.gguf"].projector and groups["mmproj-F16.gguf"].bits_per_weight is None


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
def test_refusals_of_the_api(hub: Any, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lab_app.hub.client.backoff", lambda *_: 0.01)
    hub.add("org/m", {})
    hub.faults.api_status = status
    with pytest.raises(NetworkError) as caught:
        repo.listing("org/m")
    assert "\n" not in str(caught.value) and caught.value.hint


@pytest.mark.parametrize("name", ["../x", "a/b/c", "a--b/c", "", "a b/c", "org/..", "org/x\n"])
def test_wrong_names(hub: Any, name: str) -> None:
    with pytest.raises(LabError):
        repo.listing(name)
    assert not hub.seen


def test_remote_header(hub: Any, demo_model: Path) -> None:
    data = demo_model.read_bytes()
    hub.add("org/demo", {"demo.gguf": data})
    file = repo.listing("org/demo").named(["demo.gguf"])[0]
    found = remote_gguf.header([file])
    local = reader.read(demo_model)
    assert found.tensors == local.tensors and found.data_offset == local.data_offset
    assert found.architecture == local.architecture and found.n_params == local.n_params
    assert hub.sent < len(data) / 5


def test_remote_header_of_rubbish(hub: Any) -> None:
    hub.add("org/bad", {"bad.gguf": b"GGUF" + b"\xff" * 2_000_000})
    with pytest.raises(IntegrityError, match=r"bad\.gguf"):
        remote_gguf.header(repo.listing("org/bad").named(["bad.gguf"]))


def test_verify_without_the_hub(hub: Any, fast: Limits) -> None:
    hub.add("org/m", {"a.gguf": b"a" * 1000, "b.json": b"{}"})
    done = download("org/m", ["a.gguf", "b.json"], limits=fast)
    hub.faults.api_status = 500
    assert [v.problem for v in verify.verify_cached("org/m")] == [None, None]
    blob = done[0].path.resolve()
    blob.write_bytes(b"a" * 999 + b"b")
    assert [v.problem is None for v in verify.verify_cached("org/m")] == [False, True]
    hub.faults.api_status = None
    assert download("org/m", ["a.gguf"], limits=fast)[0].path.read_bytes() == b"a" * 1000


def test_orphans(hub: Any) -> None:
    blobs = cache.root() / "models--org--m" / "blobs"
    blobs.mkdir(parents=True)
    old, fresh, ours = (
        blobs / ("a" * 64 + ".12345678.incomplete"), blobs / ("b" * 64 + ".12345678.incomplete"),
        blobs / ("c" * 64 + cache.PARTIAL),
    )  # fmt: skip
    for path in (old, fresh, ours):
        path.write_bytes(b"x" * 10_000)
    for path in (old, ours):
        os.utime(path, (time.time() - 7200,) * 2)
    assert [o.path for o in cache.orphans()] == [old]
    assert cache.collect() > 0
    assert not old.exists() and fresh.exists() and ours.exists()


def test_what_fits(hub: Any, tmp_path: Path) -> None:
    small = tiny_gguf(tmp_path / "small.gguf", layers=1).read_bytes()
    large = tiny_gguf(tmp_path / "large.gguf", layers=1, dtype="f32").read_bytes()
    hub.add("org/m", {"m-f16.gguf": small, "m-f32.gguf": large, "mmproj-f16.gguf": b"x" * 99,
                      "m-Q8_0-00001-of-00002.gguf": b"y" * 99, "model.safetensors": b"z" * 99})  # fmt: skip
    found = browse.look("org/m")
    assert hub.sent < len(small) + len(large)
    load = Load(n_ctx=512)
    offers = {offer.group.name: offer for offer in found.offers(load, browse.Machine(ram=1 << 34))}
    f16, f32 = offers["m-f16.gguf"], offers["m-f32.gguf"]
    assert (f16.fit, f32.fit) == (Fit.FITS, Fit.FITS) and not f16.here
    exact = fit(reader.read(tmp_path / "small.gguf"), load, ram=1 << 34)[1]
    assert f16.needed == pytest.approx(exact.ram.needed, rel=0.01), "its own header was read"
    exact = fit(reader.read(tmp_path / "large.gguf"), load, ram=1 << 34)[1]
    assert f32.needed == pytest.approx(exact.ram.needed, rel=0.02), "the other's shape, its size"
    assert f32.group.bits_per_weight == pytest.approx(32, rel=0.02)
    for name in ("mmproj-f16.gguf", "m-Q8_0", "model.safetensors"):
        assert offers[name].fit is None and offers[name].needed is None
    assert f16.needed is not None and f32.needed is not None
    between = browse.Machine(ram=(f16.needed + f32.needed) // 2)
    fits = {offer.group.name: offer.fit for offer in found.offers(load, between)}
    assert (fits["m-f16.gguf"], fits["m-f32.gguf"]) == (Fit.TIGHT, Fit.NO) or fits["m-f16.gguf"] is Fit.FITS
    longer = {o.group.name: o.needed for o in found.offers(Load(n_ctx=2048), between)}
    assert (longer["m-f16.gguf"] or 0) > f16.needed, "more context, more memory"


def test_a_header_that_cannot_be_read(hub: Any) -> None:
    hub.add("org/m", {"m-Q4_0.gguf": b"GGUF" + b"\xff" * 500})
    found = browse.look("org/m")
    (offer,) = found.offers(Load(), browse.Machine(ram=1 << 34))
    assert found.header is None and found.problem and offer.fit is None and offer.group.quant == "Q4_0"
