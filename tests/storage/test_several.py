"""Those who ask the same at once have each their own answer, also where one statement asks."""

import asyncio

from sqlalchemy.exc import DBAPIError

from storage.crypto.codes import Token
from storage.operational.store import Operational
from storage.urn.store import Urn
from tests.support.databases import NewDatabase

KNOWN = [f"person-{n}" for n in range(5)]


async def test_each_finds_their_own(operational: Operational) -> None:
    for person in KNOWN:
        await operational.remember(person, f"teams-{person}")
    asked = [*KNOWN, "nobody", KNOWN[0]]
    found = await asyncio.gather(*(operational.met(person, ["there"]) for person in asked))

    names = [known.teams_id if known else None for known, _ in found]
    assert names == [*(f"teams-{person}" for person in KNOWN), None, f"teams-{KNOWN[0]}"]


async def test_each_changes_their_own_and_one_of_two_who_change_the_same(urn: Urn) -> None:
    tokens = [Token.new() for _ in KNOWN]
    drafts = [await urn.open_draft(token, "demo", b"before") for token in tokens]
    begun = [(token, draft) for token, draft in zip(tokens, drafts, strict=True) if draft]
    saved = await asyncio.gather(
        *(urn.save_draft(token, draft, str(token).encode()) for token, draft in begun),
        urn.save_draft(*begun[-1], b"another"),
    )
    kept = [await urn.draft(token) for token in tokens]

    assert all(saved[: len(KNOWN) - 1])
    assert [each is None for each in saved[-2:]].count(True) == 1
    documents = [draft.document for draft in kept if draft]
    assert documents[:-1] == [str(token).encode() for token in tokens[:-1]]
    assert documents[-1] == (b"another" if saved[-1] else str(tokens[-1]).encode())


async def test_who_asks_what_cannot_be_asked_is_told_alone(
    operational: Operational, database_kind: str
) -> None:
    await operational.remember(KNOWN[0], "teams")
    asked = (KNOWN[0], KNOWN[0], "NUL \0", KNOWN[0])
    *right, wrong, last = await asyncio.gather(
        *(operational.met(person, []) for person in asked), return_exceptions=True
    )

    assert [*right, last] == [right[0]] * 3
    assert not isinstance(right[0], BaseException)
    assert isinstance(wrong, DBAPIError) == (database_kind == "postgres")


async def test_the_database_is_closed_when_all_have_their_answer(
    new_database: NewDatabase,
) -> None:
    operational = await Operational.open(await new_database())
    await operational.remember(KNOWN[0], "teams")
    asked = [asyncio.ensure_future(operational.met(KNOWN[0], [])) for _ in range(3)]
    await asyncio.sleep(0)
    await operational.close()

    assert all(known for known, _ in await asyncio.gather(*asked))
