"""Studies as the bot sees them: definitions, states, invitations, closing."""

from dataclasses import asdict

from bot.gateway.events import Conversation
from dialogs.definitions import Definition, load
from research.publication import Results, load_results
from research.studies import close_study
from storage.operational import Invitation, Operational
from storage.urn import State, Urn


class UnknownStudy(LookupError):
    """No study of that name was created."""


class Studies:
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
                raise UnknownStudy(study_id)
            self._known[study_id] = load(definition)
        return self._known[study_id]

    async def with_states(self) -> list[tuple[Definition, State]]:
        """Every study and its state, the oldest first."""
        states = await self._urn.states()
        ids = [i for i in await self._operational.studies() if i in states]
        return [(await self.get(study_id), states[study_id]) for study_id in ids]

    async def open_ones(self) -> list[Definition]:
        return [study for study, state in await self.with_states() if state == "open"]

    async def state(self, study_id: str) -> State | None:
        """What can be done with a study; None for one that the urn does not know."""
        return (await self._urn.states()).get(study_id)

    async def is_open(self, study_id: str) -> bool:
        return await self.state(study_id) == "open"

    async def invited(self, study_id: str) -> int:
        """How many people were in the conversations where the study was announced."""
        return sum(i.members for i in await self._operational.invitations(study_id))

    async def submitted(self, study_id: str) -> int:
        """How many answers a closed study has."""
        return len((await self._urn.release(study_id)).submissions)

    async def announced(
        self, study_id: str, place: Conversation, activity: str, members: int
    ) -> None:
        """Keep where an invitation stands."""
        async with self._operational.begin() as transaction:
            transaction.add_invitation(
                Invitation(study_id, place.id, activity, asdict(place), members)
            )

    async def results(self, study_id: str) -> tuple[Results, str] | None:
        """What was published of a study, and the key of its pictures."""
        publication = await self._operational.publication(study_id)
        if publication is None:
            return None
        return load_results(publication.results), publication.key

    async def close(self, study_id: str, who: str) -> None:
        """Close a study, and have its invitations say so."""
        await close_study(self._operational, self._urn, study_id, who)
