"""Inviting pseudonyms to a talk, and reading what they answer.

The pseudonyms are told to everyone; whoever holds one opens the message with their code, and may
answer, sealed to the researchers. Nothing is sent to a person, and nothing tells who looked.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

from research.studies import StudyRefused, definition, release, tell_everywhere
from storage.crypto.sealing import PrivateKey, WrongKey
from storage.operational.store import Entry, Operational, Talk
from storage.urn.store import Urn

MESSAGE_LIMIT = 2000
WORDS_LIMIT = 1500
REACH_LIMIT = 200
"""Characters of the researchers' message, of an answer, and of a way to be reached."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a participant answered."""

    words: str
    reach: str
    """How they can be reached, where they want to be; else empty."""


async def invite(operational: Operational, urn: Urn, talk: Talk, who: str) -> int:
    """Keep the invitation, and have it told where the study was announced; in how many places.

    Raises `StudyRefused` for a study that is not closed, for pseudonyms without an answer, and
    for a message that is empty or too long.
    """
    study = await definition(operational, talk.study)
    found = await release(urn, talk.study)
    known = {name for name, _ in found.submissions}
    if unknown := [name for name in talk.pseudonyms if name not in known]:
        raise StudyRefused(
            f"Study {study.id!r} has no answer of {', '.join(unknown)}, or it was withdrawn. "
            "Nobody was invited: spell pseudonyms as in the export."
        )
    if not 1 <= len(talk.message.strip()) <= MESSAGE_LIMIT:
        raise StudyRefused(
            f"The message has {len(talk.message.strip())} characters; it can have 1 to "
            f"{MESSAGE_LIMIT}. Nobody was invited."
        )
    invitations = await operational.invitations(talk.study)
    async with operational.begin() as transaction:
        transaction.invite_to_talk(talk)
        transaction.audit(Entry(datetime.now(UTC), who, "invite-talk", talk.study))
        return tell_everywhere(transaction, "talk", token_hex(16), talk.study, invitations)


def dump_reply(reply: Reply) -> bytes:
    """JSON in UTF-8."""
    return json.dumps({"words": reply.words, "reach": reply.reach}, ensure_ascii=False).encode()


def open_replies(
    sealed: Sequence[tuple[str, bytes]], identity: PrivateKey
) -> Iterator[tuple[str, Reply]]:
    """Each pseudonym's reply. Raises `StudyRefused` for another key."""
    for pseudonym, content in sealed:
        try:
            found: Any = json.loads(identity.unseal(content))
        except WrongKey as error:
            raise StudyRefused(
                "The replies do not open with this key. Use the private key that belongs to the "
                "study's --recipient."
            ) from error
        yield pseudonym, Reply(str(found["words"]), str(found["reach"]))
