"""Points that a group gives together: as a specification."""

from dataclasses import replace
from random import Random

import pytest

from dialogs.sessions import queries, scoring
from dialogs.sessions.method import Theme
from dialogs.sessions.primitives.guide import Guide
from dialogs.sessions.primitives.open import Open
from dialogs.sessions.scoring import Band, Score
from dialogs.sessions.state import Agreed, Answered, Refused, Told, WentBack, Wording
from tests.support.sessions import Group, method_of, phase_of, texts

THEMES = tuple(Theme(id=each, text=texts(f"Item {each}: of three")) for each in ("a", "b", "c"))
BANDS = (Band(3, texts("little")), Band(9, texts("good")))
GUIDE = Guide(THEMES, steps=5, bands=BANDS)
METHOD = method_of("review", phase_of("items", GUIDE), phase_of("after", Open()))


def meeting(brought: str = "") -> Group:
    """`brought` is what the group has kept from the time before."""
    group = Group(METHOD, members=("kari", "ola", "siri"))
    if brought:
        wordings = {"items": Wording(brought, 1, is_agreed=True)}
        group.session = replace(group.session, wordings=wordings)
    return group


def give(group: Group, by: str, **points: str) -> object:
    (effect,) = group.do(Answered, by, visit=group.opened.visit, values=points)
    return effect


def standing(group: Group) -> list[str]:
    return group.session.wordings["items"].text.splitlines()


def over(group: Group) -> list[str]:
    """What is kept when all items have been talked about."""
    kept: list[str] = []
    while group.phase == "items":
        kept += [each.text for each in group.next() if isinstance(each, Agreed)]
    return kept


def test_anybody_writes_them_down_and_the_last_holds() -> None:
    group = meeting()
    assert give(group, "kari", a="2", b="4") == Told("scored")
    give(group, "ola", a="3")

    assert standing(group)[1:] == [
        "Item a: of three: 3",
        "Item b: of three: 4",
        "Item c: of three: –",
    ]


def test_half_a_sum_is_no_sum() -> None:
    group = meeting()
    give(group, "kari", a="5", b="5")
    assert standing(group)[0] == "10 / 15 (2 / 3)"
    give(group, "kari", c="1")
    assert standing(group)[0] == "11 / 15 · good"


@pytest.mark.parametrize(("points", "called"), [("1", "little"), ("2", "little"), ("3", "good")])
def test_a_band_begins_with_its_first_point(points: str, called: str) -> None:
    group = meeting()
    give(group, "kari", a=points, b=points, c=points)
    assert standing(group)[0].endswith(f"· {called}")


def test_half_a_year_later_they_are_given_anew_beside_what_they_were() -> None:
    group = meeting()
    give(group, "kari", a="2", b="3", c="1")
    (kept,) = over(group)

    later = meeting(kept)
    assert GUIDE.scores(later.session, METHOD.phases[0])["a"] == Score(None, 2)
    give(later, "ola", a="4")
    assert standing(later)[:3] == [
        "4 / 15 (1 / 3)",
        "Item a: of three: 2 → 4",
        "Item b: of three: 3 → –",
    ]
    give(later, "ola", b="3", c="2")
    assert standing(later)[0] == "9 / 15 (6 → 9) · good"


def test_what_was_not_touched_stays_as_it_was_kept() -> None:
    group = meeting()
    give(group, "kari", a="2")
    (kept,) = over(group)
    later = meeting(kept)
    assert over(later) == []
    assert later.session.wordings["items"].text == kept


def test_going_back_in_the_same_meeting_takes_nothing_for_last_time() -> None:
    group = meeting()
    give(group, "kari", a="2", b="3", c="1")
    over(group)
    group.do(WentBack, "frode")
    give(group, "kari", a="3")
    assert standing(group)[1] == "Item a: of three: 3"


def test_a_guide_with_other_questions_by_now_begins_anew() -> None:
    assert scoring.read("7 / 10 · good\nOne: 3\nTwo: 4", ["a", "b", "c"]) == {}


@pytest.mark.parametrize("points", [{"a": "0"}, {"a": "6"}, {"a": "x"}, {"d": "1"}, {"a": "２"}])
def test_what_is_no_point_of_the_scale_changes_nothing(points: dict[str, str]) -> None:
    group = meeting()
    assert give(group, "kari", **points) == Refused("no_choice")
    assert give(group, "kari") == Refused("nothing_chosen")
    assert "items" not in group.session.wordings


def test_a_guide_without_points_takes_none() -> None:
    method = method_of("talk", phase_of("items", Guide(THEMES)), phase_of("after", Open()))
    group = Group(method)
    before = group.session
    group.do(Answered, "kari", visit=group.opened.visit, values={"a": "1"})
    assert group.session == before


def test_in_a_rehearsal_one_of_them_gives_points_once() -> None:
    group = meeting()
    now = queries.current(METHOD, group.session)
    assert now
    who = {"by": "kari", "at": group.now, "seed": 1, "visit": now.opened.visit}
    event = GUIDE.rehearses(METHOD, group.session, now, who, Random(1))
    assert isinstance(event, Answered)
    assert set(event.values) == {"a", "b", "c"}
    assert GUIDE.rehearses(METHOD, group.session, now, {**who, "by": "ola"}, Random(1)) is None
    group.take(event)
    assert GUIDE.rehearses(METHOD, group.session, now, who, Random(1)) is None
