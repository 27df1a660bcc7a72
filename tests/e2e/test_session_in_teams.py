"""A facilitator who has only the cards leads a group through a whole session in Teams."""

import re

import pytest
from playwright.async_api import expect

from bot.sessions.methods import shipped
from bot.ui.texts import texts
from tests.e2e.colleagues import colleagues
from tests.e2e.leading import Leader
from tests.e2e.teams import TeamsPage

pytestmark = pytest.mark.browser

SAY = texts("nb")


@pytest.mark.timeout(300)
async def test_a_session_is_led_from_start_to_thanks(teams: TeamsPage) -> None:
    method = next(each for each in shipped() if each.id == "veiledningsgruppe")
    circle = colleagues(teams, 4)
    leader = Leader(teams, SAY, method, circle, chosen=circle[1])
    await teams.write("språk bokmål")

    await leader.lead()

    await teams.sees(SAY("session.ended.finished"))
    for kept_to_oneself in leader.written["til_meg"]:
        await expect(teams.page.get_by_text(kept_to_oneself)).to_have_count(0)
    # On a card of its own, or in one line with the title where nothing was shown.
    over = teams.page.get_by_text(SAY("session.phase.over"))
    await expect(over).to_have_count(len(method.plan(1)))
    for phase in method.plan(1):
        title = re.compile(rf"^{re.escape(phase.title['nb'])}( · .*)?$")
        await expect(teams.page.get_by_text(title)).to_have_count(1)
