"""A panel that meets in a channel, and colleagues who bring it their cases."""

from datetime import timedelta

from bot.gateway.events import Json
from simulation import cards
from simulation.teams import Chat, User
from tests.support.colleagues import Clock, press
from tests.support.kollegial import House, can

PLAN = "planlegg veiledningsforum 3 x 14 dager fra 2027-01-19 kl 09:00"
"""The first is a week after `colleagues.TUESDAY`."""
DAYS = ("tirsdag 19. januar 2027", "tirsdag 2. februar 2027", "tirsdag 16. februar 2027")
QUESTION = "Hvordan holder jeg motet oppe når planen ryker for tredje gang?"


async def a_panel(house: House, *others: User) -> Chat:
    """Anne leads it, and Kari sits on it; `others` are of the same team."""
    channel = house.teams.channel(house.anne, house.kari, *others)
    await house.anne.write(PLAN, channel)
    if can(house.anne, channel.last, "group.change"):
        await house.anne.press(channel.last, "group.plan")
    await house.settle()
    await house.kari.press(channel.last, "group.join")
    await house.settle()
    return channel


async def bring(house: House, user: User, question: str = QUESTION, hurry: str = "soon") -> str:
    """From the own chat; what is seen then."""
    await user.write("sak")
    await press(house, user, "case.bring", question=question, hurry=hurry)
    return user.sees(user.chat.last)


def card_of(user: User) -> Json:
    return user.card(user.chat.last)


def offered(user: User, field: str) -> list[str]:
    """What can be chosen on the newest card."""
    found = cards.inputs(card_of(user)).get(field, {})
    return [each["title"] for each in found.get("choices", ())]


async def wait(house: House, clock: Clock, **time: int) -> None:
    clock.at += timedelta(**time)
    await house.settle()
