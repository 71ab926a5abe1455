"""Wrong study files through the real command line: exit code 2, the place, and the nearest valid choice.

A few start the program; for the others its ``main`` runs in this process, which is the same but quicker.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import gguf
import pytest

from lab_app.cli import main
from tests.commandline import lab, lines
from tests.models import tiny_gguf

HEAD = 'schema_version = 1\nname = "x"\n'
SOURCE = '[source]\nmodel = "demo:"\n'
SPEED = '[[probe]]\nkind = "speed"\n'
QUANT = '[quantize]\ntypes = ["Q4_K_M"]\nallow_requantize = true\n'
GOOD = HEAD + SOURCE + QUANT + SPEED
OWN = GOOD.replace("demo:", "tiny.gguf").replace("allow_requantize = true\n", "")

# name → (text, words that the message must hold: the place, then the nearest valid choice or the reason)
WRONG: dict[str, tuple[str, list[str]]] = {
    "not toml": (GOOD + "[source\n", ["TOML", "line 10"]),
    "no version": (GOOD.replace("schema_version = 1\n", ""), ["schema_version", "missing"]),
    "newer version": (
        GOOD.replace("_version = 1", "_version = 2"),
        ["line 1", "schema_version", "version 1"],
    ),
    "no name": (GOOD.replace('name = "x"\n', ""), ["key name", "missing"]),
    "blank name": (GOOD.replace('"x"', '"  "'), ["line 2", "key name", "blank"]),
    "unknown table": (GOOD + "[quantise]\n", ["line 10", "quantise", '"quantize"']),
    "no source": (GOOD.replace(SOURCE, ""), ["[source]", "missing"]),
    "wrong key in source": (GOOD.replace("model =", "modle ="), ["line 4", "[source]", "modle", '"model"']),
    "unknown scheme": (GOOD.replace("demo:", "dmo:x"), ["line 4", "[source]", '"demo:"']),
    "more than the demo": (GOOD.replace("demo:", "demo:x"), ["line 4", "[source]", '"demo:" stands alone']),
    "missing model": (GOOD.replace("demo:", "tinny.gguf"), ["line 4", "tinny.gguf", '"tiny.gguf"']),
    "model is a device": (
        GOOD.replace("demo:", "/dev/null"),
        ["line 4", '"/dev/null" is neither a file nor a folder.'],
    ),
    "model is a folder": (GOOD.replace("demo:", "folder"), ["line 4", "folder", "not a file"]),
    "model is no gguf": (GOOD.replace("demo:", "text.txt"), ["line 4", "text.txt", "GGUF"]),
    "no probes": (GOOD.replace(SPEED, ""), ["[[probe]]", "missing"]),
    "empty probes": (
        GOOD.replace(HEAD, HEAD + "probe = []\n").replace(SPEED, ""),
        ["line 3", "probe", "empty"],
    ),
    "no kind": (
        GOOD.replace('kind = "speed"', "repeats = 2"),
        ["line 8", "[[probe]] number 1", "kind", "speed"],
    ),
    "unknown kind": (GOOD.replace("speed", "divergance"), ["line 9", "kind", '"divergence"']),
    "wrong key in probe": (GOOD + "repeat = 2\n", ["line 10", "[[probe]] number 1", '"repeats"']),
    "wrong type in probe": (GOOD + 'repeats = "2"\n', ["line 10", "repeats", "whole number", '"2"']),
    "negative number": (GOOD + "repeats = -1\n", ["line 10", "repeats", "at least 1", "-1"]),
    "large number": (
        GOOD + "repeats = 1000000000\n",
        ["line 10", "repeats", "at most 1000, but is 1000000000."],
    ),
    "number no 32 bits hold": (
        GOOD + "[engine]\nrope_freq_base = 1e300\nrope_freq_scale = 1e-300\nyarn_ext_factor = 1e300\n"
        "yarn_orig_ctx = 9223372036854775807\n",
        [
            "4 errors",
            "rope_freq_base: must be at most 1e+30",
            "rope_freq_scale: must be at least 1e-30",
            "yarn_orig_ctx: must be at most 1073741824, but is 9223372036854775807.",
        ],
    ),
    "list expected": (GOOD + "prefill = 512\n", ["line 10", "prefill", "list"]),
    "same probe twice": (GOOD + SPEED, ["line 10", "[[probe]] number 2", "speed-2"]),
    "bad id": (GOOD + 'id = "a b"\n', ["line 10", "key id"]),
    "missing text": (
        GOOD + '[[probe]]\nkind = "divergence"\ntext = "txt.txt"\n',
        ["line 12", "[[probe]] number 2", "key text", '"text.txt"'],
    ),
    "unknown resource": (
        GOOD + '[[probe]]\nkind = "divergence"\ntext = "resource:texts/evaluate.txt"\n',
        ["line 12", "resource:texts/evaluation.txt"],
    ),
    "unknown quant": (GOOD.replace("Q4_K_M", "Q4_K_X"), ["line 6", "[quantize]", "entry 1", '"Q4_K_S"']),
    "quant twice": (GOOD.replace('"Q4_K_M"', '"Q4_K_M", "Q4_K"'), ["line 6", "entry 2", "twice"]),
    "no quants": (GOOD.replace('"Q4_K_M"', ""), ["line 6", "types", "empty"]),
    "quant is no list": (GOOD.replace('["Q4_K_M"]', '"Q4_K_M"'), ["line 6", "types", "list"]),
    "needs imatrix": (GOOD.replace("Q4_K_M", "IQ2_XS"), ["line 6", "IQ2_XS", "importance matrix", "imatrix"]),
    "not allowed to requantize": (
        GOOD.replace("allow_requantize = true\n", ""),
        ["line 5", "[quantize]", "Q4_1", "allow_requantize"],
    ),
    "unknown tensor type": (
        GOOD + '[quantize.overrides]\n"blk.0.*" = "q8_1k"\n',
        ["line 11", "[quantize.overrides]", "q8_1k", '"q8_0"'],
    ),
    "override matches nothing": (
        OWN + '[quantize.overrides]\n"blk.99.*" = "q8_0"\n',
        ["line 10", "[quantize.overrides]", "blk.99.*", "matches no tensor", "token_embd.weight"],
    ),
    "override of norms": (
        OWN + '[quantize.overrides]\n"_norm" = "q8_0"\n',
        ["line 10", "[quantize.overrides]", "_norm", "no effect", "f32"],
    ),
    "overrides contradict": (
        OWN + '[quantize.overrides]\n"attn_q" = "q8_0"\n"blk.0" = "q6_k"\n',
        ["line 9", "[quantize]", "different types", "blk.0.attn_q.weight"],
    ),
    "embedding does not fit": (
        OWN.replace("tiny.gguf", "narrow.gguf").replace("[[probe]]", 'embedding_type = "q6_k"\n[[probe]]'),
        ["line 7", "[quantize]", "key embedding_type", "288"],
    ),
    "float type of a quantized source": (
        GOOD.replace("Q4_K_M", "F16").replace("allow_requantize = true\n", ""),
        ["line 5", "[quantize]", "Q4_1", "allow_requantize"],
    ),
    "copy is no type": (GOOD.replace("Q4_K_M", "COPY"), ["line 6", "no quant type", "COPY"]),
    "source quantized in part": (
        OWN.replace("tiny.gguf", "part.gguf"),
        ["line 5", "[quantize]", "in part", "blk.0.attn_q.weight is q8_0", "allow_requantize"],
    ),
    "source is a part": (
        OWN.replace("tiny.gguf", "split-00001-of-00002.gguf"),
        ["line 4", "[source]", "key model", "part 1 of 2", "models merge"],
    ),
    "imatrix context beyond the model": (
        OWN + "[quantize.imatrix]\ncontext = 1000000\n",
        ["line 10", "[quantize.imatrix]", "key context", "impossible", "2048"],
    ),
    "depth beyond the model": (
        OWN + "depth = [0, 1000000]\n",
        ["line 9", "[[probe]] number 1", "key depth", "1000128", "2048"],
    ),
    "prefill beyond the model": (
        OWN + "prefill = [512, 4096]\n",
        ["line 9", "[[probe]] number 1", "key prefill", "4096", "2048"],
    ),
    "imatrix context zero": (
        GOOD + "[quantize.imatrix]\ncontext = 0\n",
        ["line 11", "context", "at least 16"],
    ),
    "imatrix text missing": (
        GOOD + '[quantize.imatrix]\ntext = "txt.txt"\n',
        ["line 11", "[quantize.imatrix]", '"text.txt"'],
    ),
    "unknown engine setting": (GOOD + "[engine]\nthread = 4\n", ["line 11", "[engine]", '"threads"']),
    "unknown kv type": (GOOD + '[engine]\nkv_type_k = "q8"\n', ["line 11", "kv_type_k", '"q8_0"']),
    "threads as text": (GOOD + '[engine]\nthreads = "all"\n', ["line 11", "threads", "whole number", "all"]),
    "threads as true": (GOOD + "[engine]\nthreads = true\n", ["line 11", "threads", "whole number"]),
    "nan": (GOOD + "[engine]\nrope_freq_base = nan\n", ["line 11", "rope_freq_base"]),
    "v cache without flash attention": (
        GOOD + '[engine]\nkv_type_v = "q8_0"\nflash_attention = "off"\n',
        ["line 11", "flash attention", '"auto"'],
    ),
    "variant of nothing": (
        GOOD + '[[variant]]\nname = "v"\nof = "Q4_K"\nkv_type_k = "q8_0"\n',
        ["line 12", "[[variant]] number 1", '"Q4_K_M"'],
    ),
    "variant changes nothing": (
        GOOD + '[[variant]]\nname = "v"\n',
        ["line 10", "[[variant]] number 1", "no engine"],
    ),
    "variant name taken": (
        GOOD + '[[variant]]\nname = "Q4_K_M"\nthreads = 1\n',
        ["line 11", "key name", "Q4_K_M", "taken"],
    ),
    "compare missing": (
        GOOD + '[[compare]]\nmodel = "tinny.gguf"\n',
        ["line 11", "[[compare]] number 1", '"tiny.gguf"'],
    ),
    "compare twice": (
        GOOD + '[[compare]]\nmodel = "tiny.gguf"\n[[compare]]\nmodel = "tiny.gguf"\n',
        ["line 13", "[[compare]] number 2", "taken"],
    ),
    "unknown threshold": (GOOD + "[thresholds]\nmax_kdl = 0.1\n", ["line 11", "max_kdl", '"max_kld"']),
    "threshold nobody measures": (
        GOOD + "[thresholds]\nmax_kld = 0.1\n",
        ["line 11", "max_kld", '"divergence"'],
    ),
    "threshold of no model": (
        HEAD + SOURCE + SPEED + "[thresholds]\nmin_prefill_speed = 1\n",
        ["line 7", "[thresholds]", "every model but the base", "[[compare]]"],
    ),
    "threshold out of range": (
        GOOD + '[[probe]]\nkind = "arithmetic"\n[thresholds]\nmin_arithmetic = 90\n',
        ["line 13", "min_arithmetic", "between 0 and 1"],
    ),
    "impossible context": (
        GOOD.replace("demo:", "tiny.gguf") + '[[probe]]\nkind = "divergence"\ncontext = 1000000\n',
        ["line 12", "[[probe]] number 2", "key context", "impossible", "rope_scaling"],
    ),
    "impossible length": (
        GOOD + '[[probe]]\nkind = "passkey"\nlengths = [512, 16384]\n',
        ["line 12", "key lengths", "16384", "8192"],
    ),
    "memory is no size": (GOOD + '[resources]\nmemory = "much"\n', ["line 11", "[resources]", "6 GiB"]),
    "memory is beyond numbers": (
        GOOD + f'[resources]\nmemory = "{"9" * 400} GiB"\n',
        ["line 11", "not a size"],
    ),
    "disk is negative": (GOOD + "[resources]\ndisk = -5\n", ["line 11", "disk", "greater than 0"]),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("studies")
    tiny_gguf(folder / "tiny.gguf")
    tiny_gguf(folder / "narrow.gguf", width=288)
    _rewritten(folder / "tiny.gguf", folder / "part.gguf", quantized="blk.0.attn_q.weight")
    for part in range(2):
        _rewritten(folder / "tiny.gguf", folder / f"split-{part + 1:05}-of-00002.gguf", part=part)
    (folder / "text.txt").write_text("This is a text and not a model at all, however long one looks at it.\n")
    (folder / "folder").mkdir()
    return folder


def _rewritten(source: Path, target: Path, quantized: str = "", part: int | None = None) -> None:
    """The same model with one matrix as Q8_0, or one of two parts, the second with the last matrix."""
    model = gguf.GGUFReader(source)
    writer = gguf.GGUFWriter(target, "llama")
    for name, field in model.fields.items():
        if not name.startswith("GGUF.") and name != "general.architecture":
            inner = field.types[1] if len(field.types) > 1 else None
            writer.add_key_value(name, field.contents(), field.types[0], inner)
    if part is not None:
        writer.add_uint16("split.no", part)
        writer.add_uint16("split.count", 2)
    for tensor in {None: model.tensors, 0: model.tensors[:-1], 1: model.tensors[-1:]}[part]:
        kind, values = tensor.tensor_type, tensor.data
        if tensor.name == quantized:
            kind = gguf.GGMLQuantizationType.Q8_0
            values = gguf.quants.quantize(values.astype("float32"), kind)
        writer.add_tensor(tensor.name, values, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def test_a_matrix_that_may_stay_as_it_is_needs_no_permission(folder: Path) -> None:
    from lab_app.studies.load import load_text

    text = OWN.replace("tiny.gguf", "part.gguf").replace("Q4_K_M", "Q8_0")
    assert load_text(text, origin=folder / "part.toml").quant_types == ("Q8_0",)


def test_the_study_they_are_made_from_is_right(folder: Path) -> None:
    from lab_app.studies.load import load_text

    study = load_text(GOOD, origin=folder / "good.toml")
    assert study.quant_types == ("Q4_K_M",)


@pytest.mark.parametrize("name", WRONG)
def test_wrong_study(folder: Path, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    text, words = WRONG[name]
    study = folder / f"{name.replace(' ', '-')}.toml"
    study.write_text(text)
    code = main(["--batch", str(study), "--data-dir", str(tmp_path / "data")])
    study.unlink()
    output, errors = capsys.readouterr()
    assert code == 2, errors
    assert "Traceback" not in errors
    assert study.name in errors
    for word in words:
        assert word in errors, f"{word!r} is not in: {errors}"
    assert output == ""
    assert not (tmp_path / "data").exists(), "nothing is made for a study that is wrong"


@pytest.mark.parametrize("name", ["not toml", "wrong key in source", "unknown quant", "impossible context"])
def test_wrong_study_in_a_process_of_its_own(folder: Path, tmp_path: Path, name: str) -> None:
    text, words = WRONG[name]
    study = tmp_path / "study.toml"
    study.write_text(text.replace("tiny.gguf", str(folder / "tiny.gguf")))
    done = lab("--batch", "study.toml", "--data-dir", "data", "--json", cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    (line,) = lines(done.stdout)
    assert line["event"] == "error" and line["exit_code"] == 2
    for word in words:
        assert word in done.stderr and word in line["message"], f"{word!r} is not in: {done.stderr}"
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data").exists()


def test_all_errors_come_together(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study = folder / "many.toml"
    study.write_text(GOOD.replace("Q4_K_M", "Q4_K_X") + "repeats = 0\n[thresholds]\nmax_kdl = 1\n")
    assert main(["--batch", str(study)]) == 2
    errors = capsys.readouterr().err
    assert "has 3 errors" in errors
    assert [part in errors for part in ("line 6", "line 10", "line 12")] == [True] * 3


@pytest.mark.parametrize("key", ["memory", "disk"])
def test_a_wrong_type_is_one_error(folder: Path, capsys: pytest.CaptureFixture[str], key: str) -> None:
    (folder / "study.toml").write_text(OWN + f"[resources]\n{key} = true\n")
    assert main(["--batch", str(folder / "study.toml"), "--dry-run"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith(f'[resources], key {key}: must be a size such as "6 GiB", not true.')


def test_a_model_that_is_missing_is_the_only_error(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is said of a model nobody has looked at, and of those that are there in the right place."""
    study = folder / "gone.toml"
    study.write_text(OWN.replace("tiny.gguf", "gone.gguf"))
    assert main(["--batch", str(study)]) == 2
    errors = capsys.readouterr().err
    assert errors.count("\n") == 1 and "gone.toml: line 4" in errors
    study.write_text(OWN + '[[compare]]\nmodel = "gone.gguf"\n[[compare]]\nmodel = "text.txt"\n')
    assert main(["--batch", str(study)]) == 2
    first, *rest = capsys.readouterr().err.splitlines()
    assert "has 2 errors" in first
    assert "line 10" in rest[0] and "gone.gguf" in rest[0] and "line 12" in rest[1] and "text.txt" in rest[1]


def test_a_threshold_of_a_probe_with_an_error_is_none(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = folder / "probe.toml"
    study.write_text(OWN + "prefill = [0]\n[thresholds]\nmin_prefill_speed = 1\n")
    assert main(["--batch", str(study)]) == 2
    errors = capsys.readouterr().err
    assert errors.count("\n") == 1 and "probe.toml: line 9" in errors


def test_a_byte_order_mark_is_no_error(folder: Path, tmp_path: Path) -> None:
    study = folder / "marked.toml"
    study.write_bytes(b"\xef\xbb\xbf" + OWN.replace("\n", "\r\n").encode())
    assert main(["--batch", str(study), "--dry-run", "--data-dir", str(tmp_path / "data")]) == 0


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: None, "does not exist"),
        (lambda path: path.mkdir(), "is a folder"),
        (lambda path: path.write_bytes(b"\xff\xfe\x00"), "UTF-8"),
        (lambda path: path.write_bytes(b"# " + b"x" * (2 << 20)), "too large"),
        (lambda path: path.symlink_to("/dev/zero"), "too large"),
    ],
)
def test_files_that_are_no_study(
    tmp_path: Path, make: Callable[[Path], object], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    study = tmp_path / "study.toml"
    make(study)
    assert main(["--batch", str(study)]) == 2
    errors = capsys.readouterr().err
    assert words in errors and "Traceback" not in errors


def test_a_study_that_is_missing_names_its_neighbour(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "study.toml").write_text(GOOD)
    assert main(["--batch", str(tmp_path / "studdy.toml")]) == 2
    assert '"study.toml"' in capsys.readouterr().err
