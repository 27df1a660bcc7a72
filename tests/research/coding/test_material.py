"""Which role stands beside a text, and how the texts are kept for the import."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from research.coding.material import LEAST, SHORT_ID, Grouping, dump, load, material
from research.formats.faults import BadFile
from research.formats.source import Source
from storage.shared_texts import SharedText
from tests.research.coding.samples import sample, shared


def one(group: str, role: str | None, holders: int, method: str = "m") -> SharedText:
    return SharedText(group, method, "p", "t", role, holders)


def test_by_group_a_role_needs_five_in_the_group() -> None:
    texts = [one("A", "adviser", 5), one("B", "adviser", 4), one("B", "manager", 1)]
    found = material(texts, "group")

    assert {(p.group, p.role) for p in found.passages} == {("A", "adviser"), ("B", "")}
    assert found.left_out == ("adviser", "manager")


def test_by_role_five_in_all_groups_are_enough_and_no_group_is_told() -> None:
    texts = [one("A", "adviser", 3), one("B", "adviser", 2), one("B", "manager", 4)]
    found = material(texts, "role")

    assert {(p.group, p.role) for p in found.passages} == {("", "adviser"), ("", "")}
    assert found.left_out == ("manager",)


def test_those_who_were_there_twice_count_once() -> None:
    found = material([one("A", "manager", 3), one("A", "manager", 3)], "role")

    assert [p.role for p in found.passages] == ["", ""]


def test_a_role_of_another_method_is_another_role() -> None:
    texts = [one("A", "x", 3, method="m"), one("B", "x", 3, method="n")]

    assert not any(passage.role for passage in material(texts, "role").passages)


@given(
    st.lists(
        st.builds(
            one, st.sampled_from("ABC"), st.sampled_from(["x", "y", None]), st.integers(0, 8)
        ),
        max_size=12,
    ),
    st.sampled_from(["group", "role"]),
)
def test_no_row_tells_a_group_and_a_role_that_fewer_than_five_share(
    texts: list[SharedText], by: Grouping
) -> None:
    by_id = {text.id: text for text in texts}
    for passage in material(texts, by).passages:
        (text,) = (t for i, t in by_id.items() if i.startswith(passage.id.removeprefix("t-")))
        assert not (by == "role" and passage.group)
        if passage.role:
            alike = [t for t in texts if t.role == text.role]
            if by == "group":
                assert max(t.role_holders for t in alike if t.group == text.group) >= LEAST
            else:
                assert sum(t.role_holders for t in alike) >= LEAST


def test_texts_come_in_the_order_of_their_random_ids() -> None:
    texts = [SharedText("A", "m", "p", str(n), id=f"{7 * n % 10}" * 32) for n in range(10)]

    assert [p.id for p in material(texts, "group").passages] == sorted(
        p.id for p in material(texts, "group").passages
    )


def test_ids_are_short_and_each_its_own() -> None:
    alike = [SharedText("A", "m", "p", "t", id="0" * 10 + c + "0" * 21) for c in "abc"]

    assert {len(p.id) for p in sample().passages} == {SHORT_ID + 2}
    assert len({p.id for p in material(alike, "group").passages}) == 3
    # A spreadsheet would take 1e234567 for a number.
    assert all(p.id.startswith("t-") for p in sample().passages)


@pytest.mark.parametrize("by", ["group", "role"])
def test_what_is_written_is_read(by: Grouping) -> None:
    found = sample(by)

    again = load(Source(Path("shared.jsonl"), dump(found)))

    assert (again.by, again.passages) == (found.by, found.passages)


def test_roles_that_were_left_out_are_in_no_file() -> None:
    assert b"adviser" in dump(material(shared(), "group"))
    assert b"adviser" not in dump(material(shared(holders=4), "group"))
    assert b"role_holders" not in dump(material(shared(), "group"))


LINES = dump(sample()).splitlines(keepends=True)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"".join(LINES[:-1]), id="cut off"),
        pytest.param(b"".join([*LINES[:-1], LINES[-2]]), id="a line twice"),
        pytest.param(b"".join(LINES)[:-20], id="half a line"),
        pytest.param(b"row;text;code\n", id="the table"),
        pytest.param(b"[]\n", id="another JSON"),
        pytest.param(LINES[0].replace(b'"group"', b'"office"') + LINES[1], id="unknown grouping"),
        pytest.param(LINES[0].replace(b"12", b"1") + b'{"id": 1}', id="another line"),
        pytest.param(json.dumps({"a": [[]]}).encode(), id="no header"),
    ],
)
def test_what_is_no_material_is_refused(data: bytes) -> None:
    with pytest.raises(BadFile, match=r"shared\.jsonl: These are no shared texts.* --shared"):
        load(Source(Path("shared.jsonl"), data))
