"""The program's face: version, help, doctor, completion, errors, pipes and colours."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from lab_app.batch import wire
from lab_app.commands import TOP_LEVEL, build_parser, command, commands, docs
from lab_app.commands.completion import SHELLS, script
from lab_app.commands.new import TEMPLATES
from lab_app.studies import templates
from lab_app.system.errors import UsageError
from tests.commandline import ROOT, environment, lab, lines
from tests.commandline import command as command_line
from tests.models import tiny_gguf


def test_version_tells_what_a_bug_report_needs() -> None:
    done = lab("--version")
    assert done.returncode == 0, done.stderr
    for word in ("odyssey-lab ", "python:", "system:", "cpu:", "native engine:", "packages:", "data folder:"):
        assert word in done.stdout
    data = json.loads(lab("--version", "--json").stdout)
    assert data["odyssey-lab"] in done.stdout


def test_help_names_every_option_and_command(capsys: pytest.CaptureFixture[str]) -> None:
    done = lab("--help")
    assert done.returncode == 0
    for item in TOP_LEVEL:
        assert item.name in done.stdout
    for name in commands():
        assert name.split()[0] in done.stdout
        with pytest.raises(SystemExit) as ended:
            build_parser().parse([*name.split(), "--help"])
        assert ended.value.code == 0 and name in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--bacth", "x.toml"], "--batch"),
        (["docter"], "doctor"),
        (["models"], "COMMAND"),
        (["models", "inspct", "x.gguf"], "inspect"),
        (["models", "inspect"], "model"),
        (["models", "inspect", "nowhere.gguf"], "nowhere.gguf"),
        (["completion", "tcsh"], "bash"),
        (["--dry-run"], "--batch"),
        (["--out", "x"], "--batch"),
        (["--batch"], "--batch"),
        (["new", "nothing"], "which-quant"),
        (["--batch", "x.toml", "models", "list"], "--batch does not go"),
        (["--dry-run", "models", "list"], "--dry-run does not go"),
        (["new", "compare-two"], "--other"),
    ],
)
def test_wrong_arguments_are_one_sentence(arguments: list[str], words: str) -> None:
    done = lab(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_an_error_with_json_is_a_json_line(tmp_path: Path) -> None:
    done = lab("--batch", tmp_path / "missing.toml", "--json")
    assert done.returncode == 2
    (line,) = lines(done.stdout)
    assert line["event"] == "error" and line["exit_code"] == 2
    assert "does not exist" in line["message"] and "does not exist" in done.stderr


def test_doctor_checks_this_machine(tmp_path: Path) -> None:
    done = lab("doctor", "--json", "--data-dir", tmp_path / "data")
    answer = json.loads(done.stdout)
    checks = {check["name"]: check for check in answer["checks"]}
    assert {"native engine", "worker and devices", "memory", "disk", "data folder", "window"} <= set(checks)
    assert checks["native engine"]["status"] == "ok", checks["native engine"]
    assert "CPU" in checks["worker and devices"]["message"]
    assert done.returncode == (0 if answer["ok"] else 6)
    assert not (tmp_path / "data").exists(), "a check leaves nothing behind"
    for check in checks.values():
        assert check["status"] == "ok" or check["todo"], f"{check} does not say what to do"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
def test_doctor_says_why_a_card_is_not_used(tmp_path: Path) -> None:
    from lab_app.commands.doctor import why_unused
    from lab_app.system import native

    built = native.manifest()
    if "cuda" in built.backends:
        pytest.skip("this build has CUDA")
    tool = tmp_path / "nvidia-smi"
    tool.write_text("#!/bin/sh\necho 'NVIDIA Test 9000, 8192, 550.54.15'\n")
    tool.chmod(0o755)
    done = lab("doctor", "--json", env={"PATH": f"{tmp_path}:{os.environ['PATH']}"})
    (check,) = (c for c in json.loads(done.stdout)["checks"] if c["name"] == "worker and devices")
    assert check["status"] == "warn" and "NVIDIA Test 9000" in check["message"]
    assert f"variant {built.variant}" in check["message"] and "--variant cuda" in check["todo"]
    why, todo = why_unused(replace(built, variant="cuda", backends=("cpu", "cuda")))
    assert "has no CUDA" not in why and "driver" in todo


def test_doctor_finds_a_missing_engine_and_says_what_to_do(tmp_path: Path) -> None:
    done = lab("doctor", env={"ODYSSEY_LAB_NATIVE": str(tmp_path), "NO_COLOR": "1"})
    assert done.returncode == 6
    assert "fail  native engine" in done.stdout
    assert "ODYSSEY_LAB_NATIVE" in done.stdout


def test_doctor_finds_a_changed_library(tmp_path: Path) -> None:
    from lab_app.system.paths import native_dir

    copy = tmp_path / "native"
    shutil.copytree(native_dir(), copy, symlinks=True)
    library = next(path for path in sorted(copy.iterdir()) if path.is_file() and "ggml-base" in path.name)
    library.write_bytes(library.read_bytes()[:-1] + b"?")
    done = lab("doctor", env={"ODYSSEY_LAB_NATIVE": str(copy)})
    assert done.returncode == 6
    assert library.name in done.stdout


def test_doctor_finds_a_data_folder_that_is_a_file(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    done = lab("doctor", "--json", "--data-dir", file)
    checks = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
    assert done.returncode == 6
    assert checks["data folder"]["status"] == "fail"


@pytest.mark.parametrize("shell", SHELLS)
def test_completion_names_everything(shell: str) -> None:
    text = lab("completion", shell).stdout
    assert text == script(shell)
    for item in TOP_LEVEL:
        assert item.name.lstrip("-") in text
    for name in commands():
        assert all(word in text for word in name.split())


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (["--ba"], {"--batch"}),
        (["do"], {"doctor"}),
        (["completion", ""], {"bash", "zsh", "fish", "--help"}),
        (["doctor", "--"], {"--json", "--data-dir", "--help"}),
        (["mod"], {"models"}),
        (["models", "insp"], {"inspect"}),
        (["models", "inspect", "--te"], {"--tensors"}),
        (["models", "inspect", "comp"], {"completion.sh"}),
    ],
)
def test_bash_completes(tmp_path: Path, typed: list[str], offered: set[str]) -> None:
    (tmp_path / "completion.sh").write_text(script("bash"))
    words = " ".join(f"'{word}'" for word in ["odyssey-lab", *typed])
    code = (
        f"source completion.sh; COMP_WORDS=({words}); COMP_CWORD={len(typed)}; _odyssey_lab; "
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(["bash", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == offered


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_offers_study_files(tmp_path: Path) -> None:
    (tmp_path / "completion.sh").write_text(script("bash"))
    (tmp_path / "a.toml").write_text("")
    (tmp_path / "b.txt").write_text("")
    code = (
        "source completion.sh; COMP_WORDS=(odyssey-lab --batch ''); COMP_CWORD=2; _odyssey_lab; "
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(["bash", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["a.toml"]


@pytest.mark.parametrize(("shell", "check"), [("zsh", ["zsh", "-n"]), ("fish", ["fish", "--no-execute"])])
def test_other_shells_accept_their_script(tmp_path: Path, shell: str, check: list[str]) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    path = tmp_path / "script"
    path.write_text(script(shell))
    subprocess.run([*check, str(path)], check=True)


def test_a_command_cannot_be_registered_twice() -> None:
    commands()
    with pytest.raises(ValueError, match="twice"):
        command("doctor", "again")(lambda options: 0)
    with pytest.raises(ValueError, match="group"):
        command("nogroup list", "of no group")(lambda options: 0)


def test_an_option_may_stand_before_or_after_a_command(tmp_path: Path) -> None:
    parser = build_parser()
    assert parser.parse(["--data-dir", "x", "doctor"]).data_dir == "x"
    assert parser.parse(["doctor", "--data-dir", "y", "--json"]).data_dir == "y"
    assert parser.parse(["doctor"]).json is False


def test_documents_are_current() -> None:
    assert (ROOT / "docs/COMMANDS.md").read_text() == docs.document()
    assert (ROOT / "docs/EVENTS.md").read_text() == wire.document()


def test_templates_of_the_command_are_those_of_the_room() -> None:
    assert TEMPLATES == templates.NAMES


def test_templates_escape_paths() -> None:
    import tomllib

    study = tomllib.loads(templates.render("which-quant", '/tmp/a "b"\\c.gguf'))
    assert study["source"]["model"] == '/tmp/a "b"\\c.gguf'
    with pytest.raises(UsageError):
        templates.render("which-quant", "a.gguf", "b.gguf")


@pytest.mark.parametrize(
    ("model", "name"),
    [(None, "the demo model"), ("demo:", "the demo model"), ("a/b.gguf", "b"), ("hf:org/m", "m"), ("/", "/")],
)
def test_templates_are_called_after_their_model(model: str | None, name: str) -> None:
    assert f'name = "which quant of {name}"' in templates.render("which-quant", model)


def test_templates_are_called_after_the_folder_that_a_dot_means(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert f'name = "which quant of {tmp_path.name}"' in templates.render("which-quant", ".")


def test_a_reader_that_goes_away_is_no_error_message() -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        command_line("completion", "bash"),
        stdout=write,
        stderr=subprocess.PIPE,
        env=environment(),
        check=False,
    )
    os.close(write)
    assert done.stderr == b""
    assert done.returncode == 130


def test_an_error_nobody_reads_is_no_error_message(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    line = command_line("--batch", tmp_path / "nope.toml", "--json")
    done = subprocess.run(line, stdout=write, stderr=subprocess.PIPE, env=environment(), check=False)
    os.close(write)
    assert b"Traceback" not in done.stderr and b"internal error" not in done.stderr
    assert done.returncode == 130


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_output_that_cannot_be_written(tmp_path: Path) -> None:
    for words in (["--version"], ["--batch", tmp_path / "nope.toml", "--json"]):
        with open("/dev/full", "w") as full:
            done = subprocess.run(
                command_line(*words),
                stdout=full, stderr=subprocess.PIPE, env=environment({"TMPDIR": str(tmp_path)}), check=False,
            )  # fmt: skip
        assert done.returncode == 6
        assert done.stderr == b"odyssey-lab: The output cannot be written: No space left on device.\n"
    assert not list(tmp_path.iterdir()), "no crash file"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
def test_closed_standard_streams(tmp_path: Path) -> None:
    program = " ".join(command_line("--version"))
    done = subprocess.run(
        ["sh", "-c", f"{program} <&- >&- 2>err.txt; echo $?; {program} 2>&- | head -1"],
        cwd=tmp_path, capture_output=True, text=True, env=environment({"TMPDIR": str(tmp_path)}), check=False,
    )  # fmt: skip
    code, first = done.stdout.splitlines()
    assert code == "0" and first.startswith("odyssey-lab ")
    assert (tmp_path / "err.txt").read_text() == done.stderr == ""


CRASHING = """
import sys
from lab_app import cli, commands
def fail():
    raise RuntimeError("a fault of ours")
commands.build_parser = fail
sys.exit(cli.main(["--version", *sys.argv[1:]]))
"""


def test_a_fault_of_ours_is_a_json_line_too(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CRASHING, "--json"],
        capture_output=True, text=True, env=environment({"TMPDIR": str(tmp_path)}), check=False,
    )  # fmt: skip
    assert done.returncode == 1 and "a fault of ours" in done.stderr
    (line,) = lines(done.stdout)
    assert (line["event"], line["exit_code"]) == ("error", 1)
    assert "a fault of ours" in line["message"] and line["time"] > 0
    (crash,) = tmp_path.glob("odyssey-lab-crash-*.txt")
    assert "Traceback" in crash.read_text() and str(crash) in line["hint"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(
    ("variables", "colored"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
)
def test_no_color(tmp_path: Path, variables: dict[str, str], colored: bool) -> None:
    import pty

    master, slave = pty.openpty()
    env = environment({"TERM": "xterm-256color", **variables, "ODYSSEY_LAB_NATIVE": str(tmp_path)})
    process = subprocess.Popen(command_line("doctor"), stdout=slave, stderr=slave, env=env)
    os.close(slave)
    output = b""
    while True:
        try:
            block = os.read(master, 65536)
        except OSError:
            break
        if not block:
            break
        output += block
    process.wait()
    os.close(master)
    assert b"native engine" in output
    assert (b"\x1b[" in output) is colored


def test_a_language_that_does_not_exist(tmp_path: Path) -> None:
    done = lab("--batch", tmp_path / "study.toml", "--language", "zz", "--data-dir", tmp_path / "data")
    assert done.returncode == 2
    assert "There is no language 'zz'." in done.stderr and "zh_CN" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere file names are UTF-8")
def test_names_that_are_not_utf8_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    folder.mkdir()
    (folder / "study.toml").write_text(templates.render("which-quant"))
    tiny_gguf(folder / "model.gguf")
    data, own = tmp_path / "data", folder / "data"
    for words in (
        ["--batch", folder / "study.toml", "--dry-run", "--json", "--data-dir", data],
        ["models", "split", folder / "model.gguf", "--max-tensors", "1", "--json", "--data-dir", data],
        ["models", "import", folder / "model.gguf", "--json", "--data-dir", data],
        ["models", "add-folder", folder, "--data-dir", data],
        ["models", "import", tmp_path / "model.gguf", "--data-dir", own],
    ):
        done = lab(*words)
        assert done.returncode == 2, done.stderr
        assert "caf\ufffd" in done.stderr and "is not text in UTF-8." in done.stderr
        if "--json" in words:
            assert lines(done.stdout)[-1]["exit_code"] == 2
    assert not own.exists()


def test_a_terminal_that_is_not_utf8(tmp_path: Path) -> None:
    """What it cannot show is an escape; JSON is UTF-8 all the same."""
    latin = {"PYTHONIOENCODING": "latin-1"}
    study = tmp_path / "study–1.toml"
    study.write_text("")
    done = subprocess.run(
        command_line("--batch", study, "--json"), capture_output=True, env=environment(latin), check=False
    )
    assert done.returncode == 2 and b"study\\u20131.toml" in done.stderr
    assert "study–1.toml" in json.loads(done.stdout.decode("utf-8"))["message"]
    done = subprocess.run(
        command_line("new", "which-quant", "--model", "a–b.gguf"),
        capture_output=True, env=environment(latin), check=False,
    )  # fmt: skip
    assert done.returncode == 0 and b"a\\u2013b.gguf" in done.stdout, done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["--batch", ""], ["--batch", "x.toml", "--data-dir", ""], ["models", "import", ""],
        ["models", "memory", "x.gguf", "--kv-type", ""],
    ],
)  # fmt: skip
def test_what_is_empty_is_refused(words: list[str]) -> None:
    done = lab(*words)
    assert done.returncode == 2 and "must not be empty." in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="a folder in use cannot be removed there")
def test_the_current_folder_is_gone(tmp_path: Path) -> None:
    program = " ".join(command_line("--batch", tmp_path / "study.toml"))
    done = subprocess.run(
        ["sh", "-c", f"mkdir gone && cd gone && rmdir ../gone && {program}"],
        cwd=tmp_path, capture_output=True, text=True, env=environment(), check=False,
    )  # fmt: skip
    assert done.returncode == 2 and "The current folder is not there any more." in done.stderr


def test_a_place_no_report_can_be_put_is_refused_before_the_work(tmp_path: Path) -> None:
    study = tmp_path / "study.toml"
    study.write_text(
        'schema_version = 1\nname = "x"\n[source]\nmodel = "m.gguf"\n[[probe]]\nkind = "speed"\n'
    )
    tiny_gguf(tmp_path / "m.gguf")
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "a" / "report.html").mkdir(parents=True)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "figures").touch()
    for out, words in (
        ("o" * 300, "too long"),
        ("study.toml/x", "Not a directory"),
        ("dangling", "is a file"),
        ("a", "report.html is a folder"),
        ("b", "figures is a file"),
    ):
        done = lab("--batch", study, "--data-dir", tmp_path / "data", "--out", tmp_path / out)
        assert done.returncode == 2 and words in done.stderr and "--out" in done.stderr
    assert not (tmp_path / "data").exists()
