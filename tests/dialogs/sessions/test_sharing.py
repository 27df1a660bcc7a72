"""What may be shared from a session, and what goes along with it."""

from dataclasses import replace

import pytest

from dialogs.sessions.sharing import about, safe_role, shareable
from dialogs.sessions.state import Contribution, Joined, Session
from tests.support.sessions import EVERYTHING, Group


def written(group: Group, member: str, phase: str, theme: str = "") -> Contribution:
    group.to(phase)
    group.write(member, "Sagt", theme=theme)
    return group.session.contributions[-1]


def holding(**roles: int) -> Session:
    group = Group(EVERYTHING)
    someone = group.session.members[0]
    members = tuple(
        replace(someone, id=f"{role} {n}", role=role)
        for role, many in roles.items()
        for n in range(many)
    )
    return replace(group.session, members=members)


@pytest.mark.parametrize(
    ("roles", "told"),
    [
        ({"panel": 5, "guest": 5}, "panel"),
        ({"panel": 7}, "panel"),
        ({"panel": 4}, ""),
        ({"panel": 8, "guest": 1}, ""),  # whoever is told without one would be the guest
    ],
)
def test_a_role_goes_along_where_five_have_each(roles: dict[str, int], told: str) -> None:
    assert safe_role(holding(**roles), "panel") == told


def test_ones_own_is_shared_where_the_method_allows_it_and_nobody_elses() -> None:
    group = Group(EVERYTHING)
    mine = written(group, "siri", "alone")

    assert shareable(EVERYTHING, group.session, "siri", mine.id) == mine
    assert shareable(EVERYTHING, group.session, "kari", mine.id) is None
    assert shareable(EVERYTHING, group.session, "siri", "another") is None
    group.next()  # it is shown, and nobody's
    assert shareable(EVERYTHING, group.session, "siri", mine.id) is None


def test_what_the_method_does_not_allow_is_shared_by_nobody() -> None:
    group = Group(EVERYTHING)
    group.write("ola", "Ikke der")
    said = group.session.contributions[-1]

    assert shareable(EVERYTHING, group.session, "ola", said.id) is None


def test_the_question_is_the_themes_in_a_guide_and_the_parts_elsewhere() -> None:
    group = Group(EVERYTHING)
    group.do(Joined, "kari", name="Kari", role="panel")
    alone = written(group, "siri", "alone")
    themed = written(group, "kari", "answers", "for_panel")
    phases = {phase.id: phase for phase in EVERYTHING.phases}
    (theme,) = (one for one in phases["answers"].does.asks() if one.id == "for_panel")

    def told(said: Contribution) -> dict[str, str]:
        return dict(about(EVERYTHING, group.session, said, "MERKE", "nb"))

    of_part = phases["alone"].prompt or phases["alone"].script
    assert told(alone) == {
        "question": of_part["nb"],
        "method": EVERYTHING.id,
        "phase": "alone",
        "role": "",
        "group": "MERKE",
    }
    assert told(themed)["question"] == theme.text["nb"]
