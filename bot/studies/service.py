"""Studies as the bot sees them: definitions, states, invitations, closing."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from bot.delivery.outgoing import message_to
from bot.gateway.events import Conversation
from dialogs.studies.definitions import Definition, load
from dialogs.studies.questionnaire import Questionnaire
from dialogs.studies.study import Study
from research.publication import Published, load_results
from research.studies import close_study
from storage.operational.store import Invitation, Operational, Talk
from storage.urn.store import State, Urn


class StudyNotCreated(LookupError):
    """No study of that name was created."""


class StudyService:
    """Definitions never change, so each is read once; states live in the urn alone."""

    def __init__(self, operational: Operational, urn: Urn) -> None:
        self._operational = operational
        self._urn = urn
        self._known: dict[str, Definition] = {}

    async def get(self, study_id: str) -> Definition:
        """Raises UnknownStudy."""
        if study_id not in self._known:
            definition = await self._operational.study(study_id)
            if definition is None:
                raise StudyNotCreated(study_id)
            self._known[study_id] = load(definition)
        return self._known[study_id]

    async def q_study(self, study_id: str) -> Study:
        """One whose draft is a Q-sort. Raises UnknownStudy."""
        study = await self.get(study_id)
        if not isinstance(study, Study):
            raise StudyNotCreated(study_id)
        return study

    async def with_states(self) -> list[tuple[Definition, State]]:
        """Every study and its state, the oldest first."""
        states = await self._urn.states()
        ids = [i for i in await self._operational.study_ids() if i in states]
        return [(await self.get(study_id), states[study_id]) for study_id in ids]

    async def open_ones(self) -> list[Definition]:
        return [study for study, state in await self.with_states() if state == "open"]

    async def state(self, study_id: str) -> State | None:
        """What can be done with a study; None for one that the urn does not know."""
        return (await self._urn.states()).get(study_id)

    async def is_open(self, study_id: str) -> bool:
        return await self.state(study_id) == "open"

    async def invited(self, study_id: str) -> int:
        """How many people were in the conversations where the study was announced; or have a seat
        in the groups that it is tied to, where they are more: many are both."""
        announced = sum(each.members for each in await self._operational.invitations(study_id))
        tied = (await self.get(study_id)).before or study_id
        return max(announced, await self._operational.groups.asked(tied))

    async def to_tie(self, tied: str | None) -> list[Questionnaire]:
        """What can be tied to a group's meetings: the open ones that are asked before and after;
        and what is tied to them already."""
        return [
            study
            for study, state in await self.with_states()
            if isinstance(study, Questionnaire)
            and ((study.wave == "before" and state == "open") or study.id == tied)
        ]

    async def of_series(self, tied: str) -> list[Questionnaire]:
        """The open forms of what is tied to a group's meetings, where enough are asked over all
        its groups that no answer is known by the few."""
        return [
            study
            for study in await self.open_ones()
            if isinstance(study, Questionnaire)
            and tied in (study.id, study.before)
            and await self.invited(study.id) >= study.minimum_invited
        ]

    async def submitted(self, study_id: str) -> int:
        """How many answers a closed study has."""
        return len((await self._urn.release(study_id)).submissions)

    async def wait_for_others(self, place: Invitation) -> None:
        """Announce a study there when enough will be invited over all places."""
        async with self._operational.begin() as transaction:
            transaction.await_invitation(place)

    async def announce(
        self, study_id: str, places: Sequence[Invitation], language: str, asked: str, now: datetime
    ) -> None:
        """Announce a study in all these places; once for each time that it was `asked` for."""
        async with self._operational.begin() as transaction:
            transaction.await_no_invitations(study_id)
            for each in places:
                about = {"study": study_id, "members": each.members, "language": language}
                key = f"invitation:{each.conversation}:{asked}"
                place = Conversation(**each.reference)
                transaction.enqueue(message_to(place, "invitation", key, about, now))

    async def announced(
        self, study_id: str, place: Conversation, activity: str, members: int
    ) -> None:
        """Keep where an invitation stands."""
        async with self._operational.begin() as transaction:
            transaction.add_invitation(
                Invitation(study_id, place.id, activity, asdict(place), members)
            )

    async def announced_at(self, place: Conversation) -> list[str]:
        """The studies that were announced in a conversation, the first first."""
        return await self._operational.announced_at(place.id)

    async def published_at(self, place: Conversation) -> list[str]:
        """Those of them whose results are published."""
        there = await self.announced_at(place)
        return [each for each in there if await self._operational.publication(each)]

    async def asking_for_texts(self, conversation: str) -> Questionnaire | None:
        """The open study that was announced here and asks for texts of sessions, if one does."""
        for study_id in await self._operational.announced_at(conversation):
            study = await self.get(study_id)
            if isinstance(study, Questionnaire) and study.shares and await self.is_open(study_id):
                return study
        return None

    async def results(self, study_id: str) -> tuple[Published, str] | None:
        """What was published of a study, and the key of its pictures."""
        publication = await self._operational.publication(study_id)
        if publication is None:
            return None
        return load_results(publication.results), publication.key

    async def talk(self, study_id: str) -> Talk | None:
        """The pseudonyms of a study that are invited to a talk."""
        return await self._operational.talk(study_id)

    async def close(self, study_id: str, who: str) -> None:
        """Close a study, and have its invitations say so."""
        await close_study(self._operational, self._urn, study_id, who)
