"""The mailbox of a pseudonym: told to everyone, opened by its holder, answered under seal."""

import pytest

from bot.ui.texts import texts
from research import talks
from research.studies import StudyRefused
from simulation import cards
from storage.operational.store import Talk
from tests.support.board import Page, another, columns_of
from tests.support.forms import Reader
from tests.support.kollegial import House
from tests.support.studies import SMALL

pytestmark = pytest.mark.asyncio(loop_scope="module")
SAY = texts("nb")


async def test_from_the_invitation_to_the_sealed_answer(house: House, reader: Reader) -> None:
    study = another(SMALL)
    await house.create(study)
    channel = house.teams.channel(house.anne, *(house.teams.user(f"P{n}") for n in range(11)))
    await house.anne.write(f"inviter {study.id}", channel)
    await house.settle()
    sorts = []
    for _ in range(3):
        page = Page(reader.session, reader.url)
        await page.begin(study)
        await page.arrange(columns_of(study))
        sorts.append(await page.deliver())
    invited, other, gone = ((each["pseudonym"], each["code"]) for each in sorts)
    talk = Talk(study.id, (invited[0],), "Hei!\n\nVi vil høre mer.")

    async def invite(what: Talk) -> int:
        return await talks.invite(house.operational, house.urn, what, "a researcher")

    with pytest.raises(StudyRefused, match="is open"):
        await invite(talk)
    await house.services.studies.close(study.id, "a researcher")
    await Page(reader.session, reader.url).ask("withdraw", code=gone[1])
    for wrong in (
        Talk(study.id, ("ingen-her",), "Hei"),
        Talk(study.id, (gone[0],), "Hei"),
        Talk(study.id, (invited[0],), " "),
        Talk(study.id, (invited[0],), "x" * 2001),
    ):
        with pytest.raises(StudyRefused, match="Nobody was invited"):
            await invite(wrong)
    await reader.open(f"/tavle/samtale/{study.id}?l=nb")
    assert SAY("web.closed") in reader.html
    assert await invite(talk) == 1
    await house.settle()
    told = cards.text_of(house.anne.card(channel.posts[-1]))
    assert invited[0].replace("-", "\\-") in told or invited[0] in told
    assert "Vi vil høre mer" not in told

    path = f"/tavle/samtale/{study.id}"
    await reader.open(f"{path}?l=nb")
    for typed, said in (
        ("feil", SAY("withdraw.mistyped")),
        (gone[1], SAY("withdraw.unknown")),
        (other[1], SAY("talk.not_you", pseudonym=other[0])),
    ):
        await reader.send("open", path=path, code=typed)
        assert said in reader.html
        assert "Vi vil høre mer" not in reader.html
    await reader.send("open", path=path, code=invited[1])
    assert "<p>Vi vil høre mer.</p>" in reader.html
    for given, said in (
        ({}, "Skriv et svar"),
        ({"words": "Ring 912 34 567."}, "peker på en person"),
        ({"words": "Kari Nordmann vet det."}, "kan gjøre noen kjent"),
        ({"words": "x" * 1501}, "for lang"),
    ):
        await reader.send("answer", path=path, **given)
        assert said in reader.html
    await reader.send("answer", path=path, words="Nei.", reach="")
    await reader.open(f"{path}?l=nb")
    await reader.send("open", path=path, code=invited[1])
    await reader.send(
        "answer", path=path, words="Kari Nordmann vet det.", reach="912 34 567", anyway="yes"
    )
    assert SAY("talk.sent") in reader.html

    sealed = await house.urn.replies(study.id)
    ((name, reply),) = talks.open_replies(sealed, house.identity)
    assert (name, reply.reach) == (invited[0], "912 34 567")
    assert len({len(content) // 1024 for _, content in sealed}) == 1
    await house.urn.destroy(study.id)
    assert await house.urn.replies(study.id) == ()
