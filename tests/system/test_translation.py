"""What is said below the window, in the chosen language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lab_app.jobs import titles
from lab_app.system import translation
from lab_app.system.errors import UsageError
from lab_app.system.translation import plural, pseudo, translate


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    translation.use(translation.ENGLISH)


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [
        ("zh_CN", "zh_CN"),
        ("en_GB", "en"),
        ("xx_YY", "en"),
        ("", "en"),
        ("../../etc", "en"),
        ("pseudo", "pseudo"),
    ],
)
def test_a_language_or_english(asked: str, spoken: str) -> None:
    assert translation.use(asked) == spoken == translation.language()


def test_texts_follow_the_language() -> None:
    assert translate("probes", "Perplexity") == "Perplexity"
    translation.use("zh_CN")
    assert translate("probes", "Perplexity") == "困惑度"
    assert translate("probes", "somebody else's probe") == "somebody else's probe"
    assert plural("%n item(s)", "", 1200) == "1\u202f200 道题"
    assert translation.tag() == "zh-CN"
    translation.use("en")
    assert plural("%n item(s)", "", 1) == "1 item"
    assert plural("%n item(s)", "", 0) == "0 items"


def test_pseudo_keeps_what_is_filled_in() -> None:
    assert pseudo("{0} of {name}") == "[{0} óf {name} · ·]"
    assert pseudo("Cancel") == "[Çáñçél ·]"


@pytest.mark.parametrize(
    ("title", "chinese"),
    [
        ("quantize to Q4_K_M", "量化为 Q4_K_M"),
        ("merge a.gguf into b", "将 a.gguf 合并到 b"),
        ("merge a.gguf", "合并 a.gguf"),
        ("divergence: Q8_0", "散度：Q8_0"),
        ("speed: Q8_0 (2/3)", "速度：Q8_0 (2/3)"),
        ("first choices: divergence: Q8_0, chunk 3", "首选词元：散度：Q8_0，第 3 块"),
        ("my probe: Q8_0", "my probe: Q8_0"),
    ],
)
def test_titles_of_jobs(title: str, chinese: str) -> None:
    assert titles.shown(title) == title
    translation.use("zh_CN")
    assert titles.shown(title) == chinese


def test_an_unknown_language_is_refused_with_those_there_are() -> None:
    assert translation.check("zh_CN") == "zh_CN"
    with pytest.raises(UsageError, match="no language 'zz'") as raised:
        translation.check("zz")
    assert "zh_CN" in str(raised.value.hint)
