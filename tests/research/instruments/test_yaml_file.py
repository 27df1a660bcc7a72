"""YAML is read as plain data, and whatever could harm is refused where it begins."""

import json
import re
from itertools import pairwise

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from research.formats.faults import BadFile
from research.instruments.document import MAX_BYTES
from research.instruments.yaml_file import MAX_DEPTH, MAX_LIST, MAX_NODES, MAX_TEXT, _Builder, load
from tests.support.data import INSTRUMENTS


def refused(data: bytes) -> str:
    with pytest.raises(BadFile) as refusal:
        load("file.yaml", data)
    return str(refusal.value)


def bomb() -> bytes:
    """Nine lists, each nine times the one before: nine to the ninth values, in 300 bytes."""
    names = "abcdefghi"
    lines = ["a: &a [x,x,x,x,x,x,x,x,x]"]
    lines += [
        f"{name}: &{name} [{','.join(['*' + before] * 9)}]" for before, name in pairwise(names)
    ]
    return "\n".join(lines).encode()


def test_plain_data_with_lines() -> None:
    document = load(
        "file.yaml",
        "a: [1, -2.5, ja, no, null, ~, '3', true]\nb:\n  - c: æøå\n    1: 2012-11-14\n".encode(),
    )

    assert document.root == {
        "a": [1, -2.5, "ja", "no", None, None, "3", True],
        "b": [{"c": "æøå", "1": "2012-11-14"}],
    }
    assert document.lines["b", 0, "1"] == 4
    assert document.line(("b", 0, "c", "unknown")) == 3


@pytest.mark.parametrize(
    ("data", "line", "word"),
    [
        pytest.param(bomb(), 1, "names a value to repeat it", id="bomb"),
        pytest.param(b"a: 1\nb: *c", 2, "`*c` names", id="alias"),
        pytest.param(b"[" * 20_000, 1, "nested more than", id="lists deep"),
        pytest.param(b"a: \n - " + b"- " * 20_000, 2, "nested more than", id="blocks deep"),
        pytest.param(b"{a: " * 20_000, 1, "nested more than", id="maps deep"),
        pytest.param(
            b"q:\n" + b"".join(b"- number: %d\n  text: What?\n" % n for n in range(10_000)),
            1,
            "200 kB",
            id="10,000 questions",
        ),
        pytest.param(b"q:\n" + b"- What?\n" * 10_000, MAX_LIST + 2, "entries", id="long list"),
        pytest.param(
            b"".join(b"k%d: 1\n" % n for n in range(10_000)), MAX_NODES // 2, "values", id="keys"
        ),
        pytest.param(b"a: '" + b"x" * (MAX_TEXT + 1) + b"'", 1, "characters", id="long text"),
        pytest.param(b"a: " + b"9" * (MAX_TEXT + 1), 1, "characters", id="long number"),
        pytest.param(b"x" * (MAX_BYTES + 1), 1, "200 kB", id="large"),
        pytest.param(b"a: !!python/name:os.system x", 1, "tag", id="tag"),
        pytest.param(b"%TAG ! tag:x,2031:\n---\na: 1", 1, "directive", id="directive"),
        pytest.param(b"a: 1\n---\nb: 2", 2, "second document", id="two documents"),
        pytest.param(b"a: 1\nb: 2\na: 3", 3, "on line 1 already", id="key twice"),
        pytest.param(b"[a]: 1", 1, "where a key belongs", id="list as key"),
        pytest.param(b"- a\n", 1, "no map", id="no map"),
        pytest.param(b"", 1, "no map", id="empty"),
        pytest.param(b"a: 1\nb: c: d", 2, "not YAML", id="not YAML"),
        pytest.param(b"a: [1, 2\n", 2, "not YAML", id="breaks off"),
        pytest.param(b"a: 1\nb: \x01", 2, "control characters", id="control character"),
        pytest.param(b"a: 1\nb: \xe6", 2, "not UTF-8", id="other encoding"),
    ],
)
def test_what_is_refused(data: bytes, line: int, word: str) -> None:
    said = refused(data)

    assert word in said
    assert said.startswith(f"file.yaml, line {line}: ")
    assert re.search(r"Expected .+\. [A-Z].+\.$", said), said  # and what to do


@pytest.mark.parametrize(
    ("data", "most"),
    [
        pytest.param(bomb(), 5, id="bomb"),
        pytest.param(b"[" * 20_000, MAX_DEPTH + 3, id="20,000 levels"),
        pytest.param(b"q:\n" + b"- What?\n" * 10_000, MAX_LIST + 6, id="10,000 questions"),
        pytest.param(b"".join(b"k%d: 1\n" % n for n in range(10_000)), MAX_NODES + 5, id="keys"),
    ],
)
def test_reading_stops_where_it_begins_to_be_too_much(
    data: bytes, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = 0
    take = _Builder.take

    def counted(builder: _Builder, event: yaml.Event) -> None:
        nonlocal taken
        taken += 1
        take(builder, event)

    monkeypatch.setattr(_Builder, "take", counted)
    refused(data)

    assert len(bomb()) < 310
    assert taken <= most


@given(
    st.recursive(
        st.text("ab: -*&!|>'\"\n#é", max_size=8) | st.integers(-999, 999) | st.none(),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", min_size=1), inner)
        ),
        max_leaves=10,
    )
)
def test_what_json_writes_is_read_alike(value: object) -> None:
    document = json.dumps({"value": value}, ensure_ascii=False)

    assert load("file.yaml", document.encode()).root == {"value": value}


@given(st.text("ab:{}[],- \n'\"?|>&*!%#@`", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        load("file.yaml", text.encode())
    except BadFile as refusal:
        assert "Expected" in str(refusal)  # noqa: PT017 - either outcome is right


def test_depth_is_counted_from_the_outermost_map() -> None:
    load("file.yaml", b"a: " + b"[" * (MAX_DEPTH - 1) + b"]" * (MAX_DEPTH - 1))
    assert "nested" in refused(b"a: " + b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)


def test_the_limits_leave_room_for_what_is_published() -> None:
    for path in INSTRUMENTS.glob("*.yaml"):
        document = load(path.name, path.read_bytes())

        assert len(document.lines) < MAX_NODES / 2, path
        assert path.stat().st_size < MAX_BYTES / 4
