"""Errors are made in English and shown in the user's language, whoever made them and whenever."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab_app.gguf import reader
from lab_app.hub.errors import Offline, no_space, of_status
from lab_app.jobs import postmortem
from lab_app.studies.load import load_text
from lab_app.system import said, translation
from lab_app.system.errors import IntegrityError, LabError, UsageError
from tests.models import tiny_gguf

CHINESE = "zh_CN"


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    translation.use(CHINESE)
    yield
    translation.use(translation.ENGLISH)


def test_every_template_is_found_again_with_what_was_filled_in() -> None:
    """And none is taken for another, but where the other says the same."""
    texts = translation.texts(said.CONTEXT)
    assert len(texts) > 500
    wrong = []
    for source, chinese in texts.items():
        values = {number: f"v{number}" for number in re.findall(r"\{(\d+)\}", source)}
        english = re.sub(r"\{(\d+)\}", lambda gap, values=values: values[gap[1]], source)
        wanted = re.sub(r"\{(\d+)\}", lambda gap, values=values: values[gap[1]], chinese)
        if said.local(english) != wanted:
            wrong.append((english, said.local(english), wanted))
    assert wrong == []


def test_english_stays_as_it_is() -> None:
    translation.use(translation.ENGLISH)
    assert said.local("The job ran out of memory.") == "The job ran out of memory."


def test_what_nobody_translated_is_said_in_english() -> None:
    for text in ("somebody else's engine says no.", "a: b of c, d in e", "", "x or y"):
        assert said.local(text) == text


def test_of_two_sentences_each_is_translated() -> None:
    error = no_space("/data")
    assert said.both(error) == "/data 所在的磁盘已满。请释放一些空间后重新运行：磁盘上已有的内容会保留。"
    assert said.local(str(error)) == said.both(error), "kept as one text"


def test_the_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_none")
    assert said.local(Offline().message) == "设置为离线工作，因此不访问 Hub。"
    gated = of_status(403, {"X-Error-Code": "GatedRepo"}, repo="meta/model")
    assert "meta/model" in said.local(gated.message) and "受限" in said.local(gated.message)
    assert gated.hint is not None and said.local(gated.hint).endswith("申请访问，然后重试。")
    missing = of_status(404, {"X-Error-Code": "EntryNotFound"}, repo="org/model")
    assert "此文件" not in missing.message and "未找到" in said.local(missing.message)
    assert "几分钟后" in said.local(of_status(429, {}).hint or "")


def test_a_damaged_file(tmp_path: Path) -> None:
    path = tiny_gguf(tmp_path / "tiny.gguf")
    path.write_bytes(path.read_bytes()[:2000])  # among the texts of its tokens
    with pytest.raises(IntegrityError) as raised:
        reader.read(path)
    shown = said.local(raised.value.message)
    assert shown == "tiny.gguf 不是可用的 GGUF 文件：'tokenizer.ggml.tokens' 的值 声称有 285 个元素。"


def problem(text: str, tmp_path: Path) -> str:
    with pytest.raises(UsageError) as raised:
        load_text(text, origin=tmp_path / "study.toml", shown_as="study.toml")
    return said.local(raised.value.message)


STUDY = """schema_version = 1
name = "x"
[source]
model = "{0}"
[quantize]
types = ["{1}"]
[[probe]]
kind = "speed"
"""


def test_what_is_wrong_with_a_study(tmp_path: Path) -> None:
    model = tiny_gguf(tmp_path / "tiny.gguf")
    one = problem(
        STUDY.format("nothing.gguf", "Q8_0").replace("types =", "allow_requantize = true\ntypes ="), tmp_path
    )
    assert (
        one == 'study.toml: 第 4 行, [source], 键 model: 文件“nothing.gguf”不存在。您是否想要 "tiny.gguf"？'
    )
    many = problem(STUDY.format(model, "Q9_0").replace("speed", "sped"), tmp_path)
    assert "有 2 处错误" in many and "没有量化类型“Q9_0”" in many and "没有测试项“sped”" in many
    assert "需要重要性矩阵" in problem(STUDY.format(model, "IQ1_S"), tmp_path)


def test_a_worker_that_was_killed(tmp_path: Path) -> None:
    log = tmp_path / "job.log"
    log.write_text("ggml.c:12: GGML_ASSERT(a == b) failed\n")
    assert "SIGKILL" in said.local(postmortem.explain(-9, log, 0).message)
    assert said.local(postmortem.explain(-6, log, 0).message).startswith("原生引擎已停止：ggml.c:12:")
    assert said.local(postmortem.explain(-6, log, 0).hint or "") == f"日志是 {log}。"


def test_an_error_without_a_hint() -> None:
    assert said.both(LabError("There is no prompt.")) == "没有提示词。"
