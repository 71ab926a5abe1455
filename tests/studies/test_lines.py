"""Line numbers of TOML keys."""

from __future__ import annotations

from lab_app.studies.lines import find_lines, line_of, where

TEXT = '''\
name = "x" # [not.a.table]
[source]
model = """
[fake]
key = 1
"""
"quoted key" = 2
[quantize.imatrix]
chunks = 3
[quantize.overrides]
"blk.0.*" = "q8_0"
[[probe]]
list = [
  1, # ]
  2,
]
after = 1
[[probe]]
[probe.inner]
deep = 1
a.b = 2
'''


def test_lines() -> None:
    lines = find_lines(TEXT)
    assert lines == {
        ("name",): 1,
        ("source",): 2,
        ("source", "model"): 3,
        ("source", "quoted key"): 7,
        ("quantize", "imatrix"): 8,
        ("quantize", "imatrix", "chunks"): 9,
        ("quantize", "overrides"): 10,
        ("quantize", "overrides", "blk.0.*"): 11,
        ("probe", 0): 12,
        ("probe", 0, "list"): 13,
        ("probe", 0, "after"): 17,
        ("probe", 1): 18,
        ("probe", 1, "inner"): 19,
        ("probe", 1, "inner", "deep"): 20,
        ("probe", 1, "inner", "a", "b"): 21,
    }


def test_an_entry_of_a_list_has_the_line_of_its_key() -> None:
    assert line_of(find_lines(TEXT), ("probe", 0, "list", 1)) == 13
    assert line_of(find_lines(TEXT), ("nowhere",)) is None


def test_places_read_well() -> None:
    assert where(("probe", 1, "chunks")) == "[[probe]] number 2, key chunks"
    assert where(("quantize", "types", 0)) == "[quantize], key types (entry 1)"
    assert where(("quantize", "imatrix", "text")) == "[quantize.imatrix], key text"
    assert where(("name",)) == "key name"
    assert where(("variant", 0)) == "[[variant]] number 1"
