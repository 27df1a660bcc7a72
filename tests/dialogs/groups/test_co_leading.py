"""Two who lead a group together: as a specification."""

from dataclasses import replace

import pytest

from dialogs.groups.group import (
    EndCoLeading,
    Group,
    HandOver,
    NameCoLeader,
    NoCoLeader,
    Notify,
    Refused,
    SignUp,
    Vanish,
    is_occupied,
)
from dialogs.groups.signup import Leave
from tests.dialogs.groups.test_group import FOUR, NOW, play, told

LED, _ = play(FOUR, NameCoLeader(at=NOW, to="kari"))
SEATED = replace(LED, facilitator="ola")
"""The facilitator takes part, too."""


def who_lead(group: Group) -> tuple[str, str | None]:
    return group.facilitator, group.co_leader


def test_who_is_named_is_told_once_and_can_do_the_same() -> None:
    led, effects = play(FOUR, NameCoLeader(at=NOW, to="kari"))
    assert told(effects) == [("kari", "co_leads")]
    assert led.leads("kari")
    assert led.leads(FOUR.facilitator)
    assert not is_occupied(replace(led, meetings=()), "kari", NOW)
    assert play(led, NameCoLeader(at=NOW, to="kari")) == (led, [])
    seen = NameCoLeader(at=NOW, to="kari", sees=True)
    assert Notify("kari", "co_leads") not in play(FOUR, seen)[1]
    alone, _ = play(led, EndCoLeading(at=NOW))
    assert not alone.leads("kari")
    assert alone.member("kari"), "the seat stays"


@pytest.mark.parametrize(
    ("group", "to", "why"),
    [
        (FOUR, "nobody", "not_a_member"),
        (FOUR, "", "not_a_member"),
        (FOUR, FOUR.facilitator, "leads_already"),
        (LED, "ola", "has_co_leader"),
    ],
    ids=["a stranger", "nobody", "oneself", "a second"],
)
def test_who_cannot_be_named(group: Group, to: str, why: str) -> None:
    same, effects = play(group, NameCoLeader(at=NOW, to=to))
    assert same == group
    assert effects == [Refused(NoCoLeader(why))]  # type: ignore[arg-type] # a parameter is one of the reasons


def test_a_meeting_is_led_together_with_the_other_of_the_two() -> None:
    assert LED.leads_with(LED.facilitator) == "kari"
    assert LED.leads_with("kari") == LED.facilitator
    assert LED.leads_with("ola") == "kari", "somebody began it who leads this once"
    assert FOUR.leads_with(FOUR.facilitator) is None


def test_the_facilitator_gives_up_a_seat_and_the_co_leader_leads() -> None:
    left, effects = play(SEATED, SignUp(at=NOW, event=Leave("ola"), by="ola"))
    assert who_lead(left) == ("kari", None)
    heard = [person for person, news in told(effects) if news == "leads"]
    assert heard == ["kari", "siri", "per"]


def test_who_leaves_leads_with_nobody() -> None:
    left, _ = play(LED, SignUp(at=NOW, event=Leave("kari"), by="kari"))
    assert who_lead(left) == (LED.facilitator, None)
    over, _ = play(replace(LED, state="ended"), SignUp(at=NOW, event=Leave("kari"), by="kari"))
    assert who_lead(over) == (LED.facilitator, None)
    given, _ = play(LED, HandOver(at=NOW, by=LED.facilitator, to="kari"))
    assert who_lead(given) == ("kari", None)


def test_who_is_taken_out_of_the_chat_leads_no_more() -> None:
    led, effects = play(LED, Vanish(at=NOW, person=LED.facilitator))
    assert who_lead(led) == ("kari", None)
    assert ("kari", "leads") in told(effects)
    assert who_lead(play(LED, Vanish(at=NOW, person="kari"))[0]) == (LED.facilitator, None)
    assert play(LED, Vanish(at=NOW, person="per")) == (LED, [])
    assert play(FOUR, Vanish(at=NOW, person=FOUR.facilitator)) == (FOUR, []), "nobody else can"
