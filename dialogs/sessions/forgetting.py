"""A session without somebody who wants to be deleted.

What they showed stays, as what others said does; nothing says any more that it is theirs.
"""

import json
from dataclasses import replace

from dialogs.sessions.state import Member, PersonId, Session, dump, load

NOBODY = "–"
"""What stands in the place of a name."""


def forget(session: Session, person: PersonId, stranger: PersonId) -> Session:
    """The same session with a stranger, of whom there is no name, in the place of a person.

    `stranger` is drawn anew for each session, and joins nothing to anything.
    """
    everyone = (*session.members, *filter(None, [session.observer]))
    names = {member.name for member in everyone if member.id == person}

    def nameless(member: Member) -> Member:
        return replace(member, name=NOBODY) if member.id == person else member

    unnamed = replace(
        session,
        members=tuple(map(nameless, session.members)),
        observer=nameless(session.observer) if session.observer else None,
        contributions=tuple(
            replace(each, name=NOBODY) if each.name in names else each
            for each in session.contributions
        ),
    )
    return load(json.dumps(_renamed(json.loads(dump(unnamed)), person, stranger)).encode())


def _renamed(value: object, person: str, stranger: str) -> object:
    """Wherever an id may stand: it is no word that anybody writes."""
    match value:
        case str():
            return stranger if value == person else value
        case list():
            return [_renamed(each, person, stranger) for each in value]
        case dict():
            return {
                stranger if key == person else key: _renamed(each, person, stranger)
                for key, each in value.items()
            }
    return value
