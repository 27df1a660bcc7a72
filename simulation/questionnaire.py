"""Many people answer a questionnaire, perhaps before and after, as well as they remember."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Literal, TypeAlias

from dialogs.studies import questionnaire_file
from dialogs.studies.questionnaire import Questionnaire
from research import studies
from simulation.hand import Faults, Tally
from simulation.respondent import EarlierAnswer, Handed, Respondent
from simulation.teams import SimulatedTeams, User
from storage.crypto.sealing import generate_identity
from storage.operational.store import Operational
from storage.urn.store import Urn

SHIPPED = Path(__file__).parents[1] / "methods/questionnaires"
CodeKept: TypeAlias = Literal["right", "mistyped", "another's", "lost"]
KEPT: dict[CodeKept, int] = {"right": 70, "mistyped": 10, "another's": 10, "lost": 10}
"""What has become of the code from before, in percent of the people."""


@dataclass(frozen=True, slots=True)
class QuestionnaireScenario:
    """Who answers what, and how. `after` is empty where they answer once."""

    before: str
    after: str
    participants: int
    seed: int = 1
    at_once: int = 8
    faults: Faults = field(default_factory=Faults)


@dataclass(slots=True)
class HandedIn:
    """What everybody handed in; `kept` is what had become of the code of each."""

    before: list[Handed]
    after: list[Handed] = field(default_factory=list)
    kept: list[CodeKept] = field(default_factory=list)

    @property
    def wrong(self) -> int:
        """How many were paired with somebody else's answer: must be none."""
        return sum(
            bool(later.before) and later.before != earlier.pseudonym
            for earlier, later in zip(self.before, self.after, strict=False)
        )

    @property
    def lost(self) -> Counter[CodeKept]:
        """Those who were paired with nothing, by what had become of their code."""
        return Counter(
            kept for kept, later in zip(self.kept, self.after, strict=True) if not later.before
        )


async def open_shipped(
    form: str,
    stores: tuple[Operational, Urn],
    folder: Path,
    by: str,
    today: date,
    *,
    least: int | None = None,
) -> tuple[Questionnaire, ...]:
    """A shipped questionnaire, asked of `least` if not of as many as it says; its private key is
    made in `folder`."""
    path = SHIPPED / f"{form}.toml"
    forms = questionnaire_file.read(path.name, path.read_bytes(), today)
    if isinstance(forms, list):
        raise ValueError("; ".join(map(str, forms)))  # noqa: TRY004 - the file is faulty, not a type
    recipient = generate_identity(folder / f"{form}.key")
    if least is not None:
        forms = tuple(replace(each, minimum_invited=least) for each in forms)
    for each in forms:
        await studies.create(*stores, each, recipient, by)
        await studies.open_study(*stores, each.id, by, today)
    return forms


async def simulate_questionnaire(
    teams: SimulatedTeams,
    scenario: QuestionnaireScenario,
    tally: Tally,
    on_handed: Callable[[Handed], None] = lambda _: None,
) -> HandedIn:
    """Let everyone answer, in a random order. Raises an ExceptionGroup of Lost."""
    users = [teams.user(f"Deltaker {n + 1}") for n in range(scenario.participants)]
    nothing: list[EarlierAnswer | None] = [None] * len(users)
    answers = HandedIn(await _all(users, scenario.before, nothing, scenario, tally, on_handed))
    if not scenario.after:
        return answers
    random = Random(f"{scenario.seed}/memory")
    answers.kept = random.choices(list(KEPT), list(KEPT.values()), k=len(users))
    memories = [
        remembered(kept, answers.before, person, random) for person, kept in enumerate(answers.kept)
    ]
    answers.after = await _all(users, scenario.after, memories, scenario, tally, on_handed)
    return answers


def remembered(
    kept: CodeKept, before: Sequence[Handed], person: int, random: Random
) -> EarlierAnswer:
    """What somebody brings. The pseudonym is their own, whatever has become of the code."""
    own = before[person]
    misread = "7" if own.code[-1] != "7" else "8"  # one that is right by chance is not mistyped
    other = before[(person + random.randrange(1, max(len(before), 2))) % len(before)]
    code = {
        "right": own.code,
        "mistyped": own.code[1:2] + own.code[:1] + own.code[2:-1] + misread,
        "another's": other.code,
        "lost": "",
    }[kept]
    return EarlierAnswer(code, own.pseudonym)


async def _all(  # noqa: PLR0917 - the two rounds differ in nothing but these
    users: Sequence[User],
    study: str,
    memories: Sequence[EarlierAnswer | None],
    scenario: QuestionnaireScenario,
    tally: Tally,
    on_handed: Callable[[Handed], None],
) -> list[Handed]:
    turnstile = asyncio.Semaphore(scenario.at_once)

    async def one(person: int) -> Handed:
        random = Random(f"{scenario.seed}/{study}/{person}")
        respondent = Respondent(users[person], study, random, tally, scenario.faults)
        async with turnstile:
            handed = await respondent.take_part(memories[person])
        on_handed(handed)
        return handed

    order = list(range(len(users)))
    Random(f"{scenario.seed}/{study}").shuffle(order)
    async with asyncio.TaskGroup() as group:
        tasks = {person: group.create_task(one(person)) for person in order}
    return [tasks[person].result() for person in range(len(users))]
