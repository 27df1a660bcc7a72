"""One simulated participant who fills in a questionnaire, knowing only what the cards say.

They read, consent, answer block after block, leave something open, pause, go back, look it
over, change something, and hand in. To the form after they bring what they remember of the
form before: the right code, a mistyped one, somebody else's, or none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from bot.gateway.events import Json
from dialogs.studies.items import NONE
from simulation import cards
from simulation.hand import Faults, Hand, Lost, Tally
from simulation.teams import Post, User


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """What somebody brings from the form before. The code may be lost, or another's."""

    code: str
    pseudonym: str


@dataclass(frozen=True, slots=True)
class Handed:
    """What one participant handed in and knows in the end."""

    pseudonym: str
    code: str
    answers: Mapping[str, str]
    """By item, as it stood on the cards when it was sent."""
    before: str
    """Whose answer before they said is theirs, or empty."""


class Respondent:
    """Answers once: `await Respondent(...).take_part()`."""

    def __init__(
        self, user: User, study: str, random: Random, tally: Tally, faults: Faults | None = None
    ) -> None:
        self._user = user
        self._study = study
        self._random = random
        self._hand = Hand(user, random, tally, faults or Faults())
        self._answers: dict[str, str] = {}
        self._before = ""
        self._went_back = False
        self._post: Post

    async def take_part(
        self, memory: EarlierAnswer | None = None, information: Post | None = None
    ) -> Handed:
        """From `studie ID`, or from the information before them, to the noted code. Raises Lost."""
        self._post = information or await self._asked_for()
        await self._press("study.consent")
        while self._can("questionnaire.code") or self._can("questionnaire.next"):
            if self._can("questionnaire.code"):
                await self._pair(memory)
            else:
                await self._fill_in()
        await self._revise()
        await self._press("questionnaire.approve")
        pseudonym, code = self._fact(0), self._fact(1)
        await self._press("questionnaire.deliver")
        while self._can("questionnaire.deliver"):  # somebody else has drawn that pseudonym
            pseudonym = self._fact(0)
            await self._press("questionnaire.deliver")
        if (self._fact(0), self._fact(1)) != (pseudonym, code):
            raise Lost(self._user.sees(self._post))
        await self._press("qsort.noted")
        return Handed(pseudonym, code, dict(self._answers), self._before)

    async def _asked_for(self) -> Post:
        await self._hand.patiently(lambda: self._user.write(f"studie {self._study}"))
        self._post = self._user.chat.last
        await self._press("study.start", data={"study": self._study})
        return self._post

    async def _pair(self, memory: EarlierAnswer | None) -> None:
        """Says that an answer is theirs only where the pseudonym is the one they noted."""
        if memory is not None and memory.code:
            await self._press("questionnaire.code", {"before_code": memory.code})
        if self._can("questionnaire.mine"):
            shown = self._user.sees(self._post).replace("\\", "")  # as Markdown shows it
            if memory is not None and memory.pseudonym in shown:
                self._before = memory.pseudonym
                await self._press("questionnaire.mine")
                return
            await self._press("questionnaire.not_mine")
        await self._press("questionnaire.unpaired")

    async def _fill_in(self) -> None:
        given = {key: self._answer(each) for key, each in cards.inputs(self._card).items()}
        given = {key: answer for key, answer in given.items() if answer}
        chance = self._random.random()
        if chance < 0.1:
            await self._press("questionnaire.pause", given)
            await self._press("questionnaire.resume")
        elif chance < 0.2 and self._answers and not self._went_back:
            self._went_back = True
            await self._press("questionnaire.back", given)
            return
        await self._press("questionnaire.next", given)
        if self._can("questionnaire.leave"):
            await self._press("questionnaire.leave", given)
        self._keep(given)

    async def _revise(self) -> None:
        parts = cards.inputs(self._card)["item"]["choices"]
        await self._press("questionnaire.revise", {"item": self._random.choice(parts)["value"]})
        while self._can("questionnaire.next"):
            given = {
                key: str(each.get("value", "")) for key, each in cards.inputs(self._card).items()
            }
            given = {key: answer for key, answer in given.items() if answer}
            await self._press("questionnaire.next", given)
            if self._can("questionnaire.leave"):
                await self._press("questionnaire.leave", given)
            self._keep(given)

    def _keep(self, given: Mapping[str, str]) -> None:
        self._answers |= {key.removeprefix("item."): answer for key, answer in given.items()}

    def _answer(self, field: Json) -> str:
        """What stands there already, else something; now and then nothing."""
        if there := str(field.get("value", "")):
            return there
        if self._random.random() < 0.08:
            return ""
        if field["type"] == "Input.Text":
            return f"«Sant» = {self._random.random():.6f}"
        options = [each["value"] for each in field["choices"]]
        if field.get("isMultiSelect"):
            some = [one for one in options if one != NONE and self._random.random() < 0.6]
            return ",".join(some) or NONE
        return str(self._random.choice(options))

    # Reading and pressing

    @property
    def _card(self) -> Json:
        return self._user.card(self._post)

    def _can(self, verb: str) -> bool:
        return any(action.get("verb") == verb for action in cards.actions(self._card))

    def _fact(self, index: int) -> str:
        for element in cards.elements(self._card):
            if element["type"] == "FactSet":
                return str(element["facts"][index]["value"])
        raise Lost(self._user.sees(self._post))

    async def _press(
        self,
        verb: str,
        inputs: Mapping[str, str] | None = None,
        data: Mapping[str, str] | None = None,
    ) -> None:
        if not self._can(verb):
            raise Lost(f"no {verb} on: {self._user.sees(self._post)}")
        await self._hand.press(self._post, verb, inputs, data)
