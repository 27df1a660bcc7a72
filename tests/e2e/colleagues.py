"""Those who have no page of their own: they act through the Playground's custom activities.

The Playground hands the bot whatever they do, as Teams would, and answers nothing.
What comes of it shows in the group chat of the one at the page.
"""

from dataclasses import dataclass

from bot.gateway.events import Json
from cli.simulate.colleague import COLLEAGUES, GROUP, invoked
from simulation import cards
from tests.e2e.teams import TeamsPage


@dataclass(frozen=True, slots=True)
class Colleague:
    """Knows of the group what its newest card says and carries."""

    teams: TeamsPage
    teams_id: str
    id: str
    name: str

    async def press(self, verb: str) -> None:
        """Press a button of the group's newest card. Raises CannotPress if it has none such."""
        activity = await self._invoke(cards.action(self._newest(), verb))
        await self._send(activity)

    async def tell(self, verb: str, **inputs: str) -> None:
        """Press in one's own part, which comes in a personal chat that no page shows."""
        told = next(each["data"] for each in cards.actions(self._newest()) if "data" in each)
        data = {"session": told["session"], "visit": told["visit"], **inputs}
        activity = await self._invoke({"type": "Action.Execute", "verb": verb, "data": data})
        chat = {"id": f"a:{self.id}", "conversationType": "personal", "isGroup": False}
        await self._send(activity | {"conversation": activity["conversation"] | chat})

    def _newest(self) -> Json:
        return [card for place, card in self.teams.cards.values() if place == GROUP][-1]

    async def _invoke(self, action: Json) -> Json:
        answer = await self.teams.page.request.get(
            f"{self.teams.address}/_internal/v1/customActivities/template",
            params={"conversationId": GROUP},
        )
        template: Json = await answer.json()
        person = {"id": self.teams_id, "aadObjectId": self.id, "name": self.name}
        return template | invoked(person, action)

    async def _send(self, activity: Json) -> None:
        url = f"{self.teams.address}/_internal/v1/customActivities"
        answer = await self.teams.page.request.post(url, data=activity)
        assert answer.ok, await answer.text()


def colleagues(teams: TeamsPage, count: int) -> list[Colleague]:
    """The first members of the group chat besides the one at the page."""
    return [
        Colleague(teams, each["id"], each["aadObjectId"], each["name"])
        for each in COLLEAGUES[:count]
    ]
