"""A small workplace takes part in a study, through the real code.

Who does what when is drawn from a seed; the urn and the operational database
are the real ones, on the files that a leak would hand over.
"""

import enum
import json
import logging
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from storage.crypto.codes import Code, Token
from storage.operational.store import Operational
from storage.urn.store import StoredDraft, Submitted, Urn

STUDY = "demo"
ANSWER_SIZE = 2000
OPENS = datetime(2031, 3, 10, 8, 0, tzinfo=UTC)


class Deed(enum.Enum):
    """What a person does in their chat with the bot; to Teams all look the same."""

    CHAT = enum.auto()
    BEGIN = enum.auto()
    PRESS = enum.auto()
    SUBMIT = enum.auto()
    BEGIN_AGAIN = enum.auto()
    REPLACE = enum.auto()
    WITHDRAW = enum.auto()


@dataclass(frozen=True, slots=True)
class Moment:
    at: datetime
    person: str
    deed: Deed


@dataclass
class Holder:
    """What one person's card and notebook hold."""

    token: Token | None = None
    draft: StoredDraft | None = None
    code: Code | None = None
    pseudonym: str | None = None
    words: int = 0


@dataclass
class Plan:
    """What will happen in a study."""

    seed: int
    people: list[str]
    moments: list[Moment]
    closes: datetime
    leaks_after: int
    """How many moments happen before everything leaks."""
    exports: list[datetime]


def plan(seed: int) -> Plan:
    """4 to 25 people; most come soon after the invitation, some late, some never."""
    dice = random.Random(seed)
    people = [f"aad-{dice.getrandbits(48):012x}" for _ in range(dice.randint(4, 25))]
    closes = OPENS + timedelta(days=dice.randint(2, 7), hours=8)
    moments = sorted(
        (moment for person in people for moment in _life(dice, person, closes)),
        key=lambda moment: moment.at,
    )
    open_ones = sum(moment.at < closes for moment in moments)
    leaks_after = dice.choice([dice.randint(open_ones // 3, open_ones), open_ones, len(moments)])
    exports = sorted(closes + timedelta(days=dice.uniform(0, 14)) for _ in range(2))
    return Plan(seed, people, moments, closes, leaks_after, exports)


def _life(dice: random.Random, person: str, closes: datetime) -> Iterator[Moment]:
    """What one person does until two weeks after the closing."""
    days = (closes - OPENS).days

    def at_work(day: int) -> datetime:
        return OPENS + timedelta(days=day, hours=dice.uniform(0, 7.9))

    soon = OPENS + timedelta(minutes=dice.expovariate(1 / 40))
    now = soon if dice.random() < 0.4 else at_work(min(int(dice.expovariate(0.5)), days))
    deeds = [Deed.BEGIN, *[Deed.PRESS] * dice.randint(2, 5)]
    if dice.random() < 0.93:
        deeds.append(Deed.SUBMIT)
    for deed in deeds:
        yield Moment(now, person, deed)
        now += timedelta(seconds=dice.lognormvariate(3, 1))
        if dice.random() < 0.04:
            now = max(now, at_work(min((now - OPENS).days + 1, days)))
    if deeds[-1] is Deed.SUBMIT and dice.random() < 0.07:
        now = max(now + timedelta(minutes=1), at_work(days))
        yield Moment(now, person, Deed.BEGIN_AGAIN)
        yield Moment(now + timedelta(seconds=40), person, Deed.REPLACE)
    if dice.random() < 0.05:
        end = now + timedelta(days=dice.uniform(0, 14))
        yield Moment(end, person, Deed.WITHDRAW)
    # They also meet in their reflection groups, ask for help, chat.
    for _ in range(int(dice.expovariate(1 / 3))):
        yield Moment(at_work(dice.randint(0, days + 14)), person, Deed.CHAT)


@dataclass
class Office:
    """The bot's part: one turn for each moment, as `bot/` carries it out."""

    urn: Urn
    operational: Operational
    dice: random.Random
    holders: dict[str, Holder] = field(default_factory=dict)
    turns: int = 0
    acting: str = ""

    def is_seen(self, moment: Moment) -> bool:
        """Whether Teams knows of it."""
        del moment
        return True

    def address(self, person: str) -> str:
        """Where somebody sits, where the server can see that; in the chat it cannot."""
        del person
        return ""

    async def finish(self) -> None:
        """Before the databases are closed."""

    async def see(self, moment: Moment) -> None:
        """What the bot keeps of everybody who chats with it."""
        self.turns += 1
        async with self.operational.begin() as transaction:
            chat = {"id": f"a:{moment.person}", "service_url": "https://smba.example/emea/"}
            transaction.remember(moment.person, f"29:{moment.person}", chat, "Europe/Oslo")
            transaction.see(chat["id"], f"activity-{self.turns}", moment.at)

    async def turn(self, moment: Moment) -> str | None:
        """The pseudonym, where an answer was submitted in this turn."""
        self.acting = moment.person
        await self.see(moment)
        pseudonym = await self._do(moment.deed, self.holders.setdefault(moment.person, Holder()))
        logging.getLogger("bot.router").info("turn %s", moment.deed.name)
        return pseudonym

    async def _do(self, deed: Deed, holder: Holder) -> str | None:
        match deed:
            case Deed.BEGIN | Deed.BEGIN_AGAIN:
                holder.token = Token.new()
                holder.draft = await self.urn.open_draft(holder.token, STUDY, self._document(0))
            case Deed.PRESS if holder.token and (seen := await self.urn.draft(holder.token)):
                holder.words += self.dice.randint(0, 20)
                holder.draft = await self.urn.save_draft(
                    holder.token, seen, self._document(holder.words)
                )
            case Deed.SUBMIT if holder.token and holder.draft:
                return await self._submit(holder, holder.token, holder.draft)
            case Deed.REPLACE if holder.token and holder.draft and holder.code:
                await self.urn.replace(
                    holder.token, holder.draft, self._document(holder.words), holder.code
                )
            case Deed.WITHDRAW if holder.code:
                await self.urn.withdraw(holder.code)
            case _:
                pass
        return None

    async def _submit(self, holder: Holder, token: Token, draft: StoredDraft) -> str | None:
        holder.code = Code.new()
        pseudonym = f"{self._word()} {self._word()}"
        answer = self._document(holder.words)
        match await self.urn.submit(token, draft, answer, pseudonym, holder.code):
            case Submitted():
                holder.pseudonym = pseudonym
                return pseudonym
            case _:
                holder.code = None
                return None

    def _word(self) -> str:
        return "".join(
            self.dice.choice("bdfgklmnprstv") + self.dice.choice("aeiouyæøå") for _ in "abc"
        )

    def _document(self, words: int) -> bytes:
        return json.dumps({"placed": list(range(36)), "comment": "ord " * words}).encode()
