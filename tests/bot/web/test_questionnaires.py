"""Questionnaires from the link: no Teams, no JavaScript, and before and after by the code."""

import re
from dataclasses import replace

import pytest

from bot.studies.instrument import InstrumentView
from bot.ui.texts import texts
from bot.web import questionnaires
from dialogs.studies.answering import Reviewing, begin, begin_sharing
from research.questionnaires.answers import form, open_answers, pair
from tests.support.forms import Reader
from tests.support.kollegial import House
from tests.support.questionnaires import AFTER, ASKS, BEFORE, ONCE

pytestmark = pytest.mark.asyncio(loop_scope="module")
SAY = texts("nb")
OPENED = ONCE, BEFORE, AFTER


async def began(reader: Reader, study: str) -> None:
    await reader.open(f"/tavle/studie/{study}?l=nb")
    await reader.send("begin")


def shown(reader: Reader, what: str) -> str:
    found = re.search(what, reader.html)
    assert found, reader.html
    return found[1]


async def handed_in(reader: Reader) -> tuple[str, str]:
    """The pseudonym and the code."""
    await reader.send("approve")
    await reader.send("deliver")
    assert SAY("questionnaire.delivered") in reader.html
    return shown(reader, r"<dd>(\w+-\w+)</dd>"), shown(reader, r"<code>([0-9A-Z-]+)</code>")


async def filled_in(reader: Reader) -> None:
    """To the review of `ONCE`."""
    await reader.send("next", item__role="yes")
    await reader.send("next", item__calm="3", item__stress="1")
    await reader.send("next", item__means="plan,team", item__else="Nei & <b>.")


async def test_a_whole_questionnaire_without_teams(house: House, reader: Reader) -> None:
    await reader.open(f"/tavle/studie/{ONCE.id}?l=nb")
    assert "<script" not in reader.html
    await reader.send("begin")
    assert "Om deg nb" in reader.html
    await reader.send("next")
    assert SAY("questionnaire.unanswered") in reader.html
    await reader.send("next", "leave")
    await reader.send("next", item__calm="3", item__stress="3")
    assert "Med egne ord. nb" in reader.html
    await reader.send("next", "back", item__why="Mye å gjøre.")
    await reader.send("next", item__role="yes")
    await reader.send("next")
    await reader.send("next", item__means="team")
    assert "Mye å gjøre." in reader.html
    await reader.send("revise", item="why")
    await reader.send("next", item__why="Mye.")
    await reader.send("approve")
    await reader.send("redraw")
    await reader.send("back")
    pseudonym, code = await handed_in(reader)

    await began(reader, ONCE.id)
    await filled_in(reader)
    assert "Nei &amp; &lt;b&gt;." in reader.html
    await reader.send("approve")
    await reader.send("deliver", earlier_code="x")
    assert SAY("questionnaire.deliver.mistyped_code") in reader.html
    await reader.send("deliver", earlier_code=code)
    assert pseudonym in reader.html

    await reader.open(f"/tavle/studie/{ONCE.id}?l=nb")
    await reader.send("begin", code=code)
    assert "Nei &amp; &lt;b&gt;." in reader.html
    await reader.send("approve")
    assert SAY("deliver.correcting") in reader.html
    assert 'value="redraw"' not in reader.html
    await reader.send("deliver")
    assert SAY("delivered.replaced") in reader.html
    assert shown(reader, r"<code>([0-9A-Z-]+)</code>") == code

    await house.services.studies.close(ONCE.id, "a researcher")
    await reader.open(f"/tavle/studie/{ONCE.id}?l=nb")
    assert SAY("web.study.over") in reader.html
    await reader.send("read", code=code)
    assert "Nei &amp; &lt;b&gt;." in reader.html
    assert pseudonym in reader.html
    released = await house.urn.release(ONCE.id)
    (answer,) = open_answers(ONCE, released.submissions, house.identity).values()
    assert answer.answers == {
        "role": "yes", "calm": "3", "stress": "1", "means": "plan,team", "else": "Nei & <b>.",
    }  # fmt: skip
    await reader.open(f"/tavle/studie/{ONCE.id}?l=nb")
    await reader.send("withdraw", code=code)
    assert SAY("withdraw.done") in reader.html


async def test_what_goes_with_a_shared_text_stands_on_the_page() -> None:
    draft = begin_sharing(ASKS, begin(ASKS, "lyng-orre", "code"), "Sagt", {"question": "<Hva?>"})
    for stage in (draft.stage, Reviewing()):
        view = InstrumentView(ASKS, SAY, "", "nonce")
        reply = questionnaires.shown(view, replace(draft, stage=stage), ())
        page = questionnaires.draw(SAY, ASKS, "token", reply, {})
        assert SAY("questionnaire.about") in page
        assert "&lt;Hva?&gt;" in page


async def test_one_pauses_and_comes_back_with_the_code(reader: Reader) -> None:
    await began(reader, BEFORE.id)
    code = shown(reader, r"((?:[0-9A-Z]{4}-){6}[0-9A-Z]{4})")
    await reader.send("next", "pause")
    assert SAY("web.questionnaire.paused") in reader.html
    await reader.open("/tavle?l=nb")
    await reader.send("look", token=code)
    await reader.send("resume")
    await reader.send("break")
    assert SAY("questionnaire.broken").partition(".")[0] in reader.html


async def test_before_and_after_are_paired_by_the_code(house: House, reader: Reader) -> None:
    await began(reader, BEFORE.id)
    while 'value="approve"' not in reader.html:
        await reader.send("next", "leave")
    assert SAY("questionnaire.keep_for_after") not in reader.html
    await reader.send("approve")
    assert SAY("questionnaire.keep_for_after") in reader.html
    await reader.send("back")
    pseudonym, code = await handed_in(reader)

    await began(reader, AFTER.id)
    await reader.send("code", before_code="feil")
    assert SAY("questionnaire.pair.mistyped_code") in reader.html
    await reader.send("code", before_code=code)
    assert pseudonym in reader.html
    await reader.send("mine")
    while 'value="approve"' not in reader.html:
        await reader.send("next", "leave")
    assert SAY("questionnaire.paired", pseudonym=pseudonym) in reader.html
    await handed_in(reader)

    await began(reader, AFTER.id)
    await reader.send("unpaired")
    while 'value="approve"' not in reader.html:
        await reader.send("next", "leave")
    assert SAY("questionnaire.unpaired") in reader.html
    await handed_in(reader)

    forms = []
    for study in (BEFORE, AFTER):
        await house.services.studies.close(study.id, "a researcher")
        released = await house.urn.release(study.id)
        answers = open_answers(study, released.submissions, house.identity)
        forms.append(form(study, answers, invited=0, withdrawn=(), left_out=()))
    assert [first for first, _ in pair(*forms).pairs] == [pseudonym]
