"""Hostile and broken chat templates: one clear sentence, soon, and the next conversation works."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from lab_app.engines import template as module
from lab_app.engines.base import Message
from lab_app.engines.template import ChatTemplate
from lab_app.jobs.job import FileInput
from lab_app.jobs.states import JobState
from lab_app.system.errors import UsageError
from lab_app.system.hashing import sha256_file
from tests.conftest import RunJob
from tests.models import tiny_gguf

HELLO: list[Message] = [{"role": "user", "content": "hello"}]
NESTED_LOOP = "{% for a in range(99999) %}" * 4 + "{% endfor %}" * 4


def _render(source: str, messages: list[Message] | None = None) -> str:
    template = ChatTemplate(source, {"bos_token": "<s>", "eos_token": "</s>"})
    try:
        return template.render(HELLO if messages is None else messages)
    finally:
        template.close()


def _refusal(source: str) -> str:
    with pytest.raises(UsageError) as caught:
        _render(source)
    message = caught.value.message
    assert message.startswith("The model's chat template ") and "\n" not in message and len(message) < 500
    return message


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (NESTED_LOOP, "ran longer than 2 seconds or crashed"),
        ("{{ 'x' * 10**9 }}", "more memory than it may have"),
        ("{{ ('x' * 10**7) * messages|length }}", "more than 1 MiB of text"),
        ("{% for a in range(99999) %}{{ 'x' * 1000 }}{% endfor %}", "more than 1 MiB of text"),
        (
            "{% set n = namespace(s='x') %}{% for a in range(99) %}{% set n.s = n.s ~ n.s %}{% endfor %}",
            "memory",
        ),
        ("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "calls itself without end"),
        ("{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", "calls itself without end"),
        ("{{ 9 ** (9 ** 9) }}", "ran longer than 2 seconds or crashed"),
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "tried something it may not do"),
        ("{{ messages.__init__.__globals__ }}", "tried something it may not do"),
        ("{{ cycler.__init__.__globals__.os.system('true') }}", "tried something it may not do"),
        ("{{ '{0.__class__.__init__.__globals__}'.format(messages) }}", "tried something it may not do"),
        ("{{ messages.append({'role': 'system', 'content': 'x'}) }}", "tried something it may not do"),
        ("{% for a in range(10**9) %}{% endfor %}", "more memory than it may have"),
        ("{% include '/etc/passwd' %}", "does not work"),
        ("{% for %}", "does not work: line 1:"),
        ("{{ undefined_thing.attribute }}", "does not work: UndefinedError"),
        (
            "{{ raise_exception('Only user turns, please.') }}",
            "refuses this conversation: Only user turns, please.",
        ),
        ("x" * (module.TEMPLATE_CAP + 1), "longer than 1 MiB"),
    ],
)
def test_hostile_templates_end_in_one_sentence(source: str, expected: str) -> None:
    start = time.monotonic()
    assert expected in _refusal(source)
    # Two seconds of processor time, ten of the wall's at most; the rest is the machine's load.
    assert time.monotonic() - start < module.WALL_SECONDS + 5


def test_after_a_violation_the_next_conversation_works() -> None:
    source = "{% if messages[0].content == 'loop' %}" + NESTED_LOOP + "{% endif %}{{ messages[0].content }}"
    template = ChatTemplate(source, {})
    try:
        with pytest.raises(UsageError, match="ran longer than 2 seconds"):
            template.render([{"role": "user", "content": "loop"}])
        assert template.render(HELLO) == "hello"
        with pytest.raises(UsageError, match="ran longer than 2 seconds"):
            template.render([{"role": "user", "content": "loop"}])
        assert template.render(HELLO) == "hello"
    finally:
        template.close()


def test_a_child_that_never_answers_is_stopped_by_the_wall_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CPU_SECONDS", 1000.0)
    monkeypatch.setattr(module, "WALL_SECONDS", 1.5)
    start = time.monotonic()
    with pytest.raises(UsageError, match="or crashed"):
        _render(NESTED_LOOP)
    assert 1.0 < time.monotonic() - start < 10


def test_templates_get_what_hugging_face_gives_them() -> None:
    source = (
        "{{ bos_token }}{% for m in messages %}\n"
        "    {% if m.role == 'assistant' %}{% generation %}{{ m.content }}{% endgeneration %}"
        "{% continue %}{% endif %}\n"
        "    {% if loop.index > 3 %}{% break %}{% endif %}\n"
        "[{{ m['role'] }}] {{ m['content'] | trim }}\n"
        "{% endfor %}{{ {'ä': '<'} | tojson }} {{ strftime_now('%d %b %Y') }}"
        "{% if tools %}no{% endif %}{% if add_generation_prompt %}>{% endif %}"
    )
    messages: list[Message] = [
        {"role": "user", "content": " a "},
        {"role": "assistant", "content": "b"},
        {"role": "user", "content": "c"},
        {"role": "user", "content": "never"},
    ]
    assert _render(source, messages) == '<s>[user] a\nb[user] c\n{"ä": "<"} 26 Jul 2024>'


def test_a_rendered_conversation_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    template = ChatTemplate("{{ messages[0].content }}", {})
    assert template.render(HELLO) == "hello"
    template.close()
    monkeypatch.setattr(template, "_start", lambda: pytest.fail("asked the child again"))
    assert template.render(HELLO) == "hello"


def test_the_child_sees_neither_secrets_nor_the_working_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "secret")
    template = ChatTemplate("{{ messages[0].content }}", {})
    try:
        template.render(HELLO)
        child = template._child
        assert child is not None
        try:
            with open(f"/proc/{child.pid}/environ", "rb") as stream:
                assert b"secret" not in stream.read()
        except FileNotFoundError:
            pytest.skip("this system shows no process environments")
    finally:
        template.close()


@pytest.mark.parametrize(
    ("source", "words"),
    [(NESTED_LOOP, "ran longer than 2 seconds"), ("{{ 'x' * 10**9 }}", "more memory than it may have")],
)
def test_a_model_with_a_hostile_template_in_a_real_job(
    source: str, words: str, run_job: RunJob, native_dir: Path, tmp_path: Path
) -> None:
    model = tiny_gguf(tmp_path / "hostile.gguf", layers=1, extra={"tokenizer.chat_template": source})
    params = {
        "probe": "arithmetic",
        "spec": {"items": 2, "per_prompt": 1},
        "engine": "llama",
        "settings": {"threads": 1},
    }
    ran = run_job("probe", params, {"model": FileInput(str(model), sha256_file(model))})
    assert ran.state is JobState.FAILED
    assert ran.failure.message.startswith("The model's chat template ") and words in ran.failure.message
    assert "\n" not in ran.failure.message and ran.failure.exit_code == 2
    assert not ran.samples and not ran.artifacts
