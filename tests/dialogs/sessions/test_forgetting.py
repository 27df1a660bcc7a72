"""Somebody is taken out of a session: what they showed stays, and is nobody's."""

from dataclasses import replace

from dialogs.sessions.forgetting import NOBODY, forget
from dialogs.sessions.state import Left, Member, dump
from tests.support.sessions import Group


def test_of_who_is_forgotten_neither_id_nor_name_is_left() -> None:
    group = Group()
    group.to("episodes")
    group.write(group.opened.order[0], "Once upon a time")
    observer = Member("anna", "Anna Eksempel")
    session = replace(group.session, observer=observer)

    for person in (*group.members, "anna"):
        after = forget(session, person, f"stranger-{person}")
        written = dump(after).decode()
        assert f'"{person}"' not in written
        assert f'"{person.title()}"' not in written
        assert f'"stranger-{person}"' in written
        assert "Once upon a time" in written
        session = after

    assert {member.name for member in session.members} == {NOBODY}
    assert session.observer is not None
    assert session.observer.name == NOBODY


def test_those_who_stay_are_as_they_were_and_the_session_goes_on() -> None:
    group = Group()
    group.to("episodes")
    group.do(Left, "kari")
    before = group.session
    group.session = forget(before, "kari", "stranger")

    others = [member for member in before.members if member.id != "kari"]
    assert [member for member in group.session.members if member.id != "stranger"] == others
    group.to("closing")
    assert forget(group.session, "nobody", "stranger") == group.session
