"""What follows a text that its writer shares with a study: the question, and whence it is.

A role follows only where five or more have each of those that are held in the session: a role
that is left out would else be known by its absence.
"""

from collections import Counter
from collections.abc import Mapping

from dialogs.sessions.method import Method
from dialogs.sessions.queries import SPREAD_FROM
from dialogs.sessions.state import Contribution, ContributionId, PersonId, Session
from dialogs.studies.study import Language


def shareable(
    method: Method, session: Session, person: PersonId, of: ContributionId
) -> Contribution | None:
    """A contribution of one's own that may be shared; None once nobody knows whose it is."""
    phases = {phase.id for phase in method.phases if phase.shared_learning}
    return next(
        (
            each
            for each in session.contributions
            if each.id == of and each.author == person and each.phase in phases
        ),
        None,
    )


def about(
    method: Method, session: Session, shared: Contribution, group: str, language: Language
) -> Mapping[str, str]:
    """What follows it, as its writer is shown it; `group` is the group's label."""
    phase = next(phase for phase in method.phases if phase.id == shared.phase)
    theme = next((one for one in phase.does.asks() if one.id == shared.theme), None)
    asked = theme.text if theme else phase.prompt or phase.script
    return {
        "question": asked[language],
        "method": method.id,
        "phase": phase.id,
        "role": safe_role(session, shared.role),
        "group": group,
    }


def safe_role(session: Session, role: str) -> str:
    """The role, where it tells of nobody; else empty."""
    held = Counter(member.role for member in session.members)
    return role if all(holders >= SPREAD_FROM for holders in held.values()) else ""
