"""What every event of a session takes: who, when, and chance."""

import secrets

from bot.gateway.events import Json, Person
from bot.routing.needs import HasClock
from dialogs.sessions.state import PersonId


def who(services: HasClock, person: PersonId) -> Json:
    """What every event takes."""
    return {"by": person, "at": services.now(), "seed": secrets.randbits(64)}


def called(person: Person) -> str:
    """Somebody's name, or the beginning of their id where Teams tells none."""
    return person.name or person.id[:8]
