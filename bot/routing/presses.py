"""What is pressed on cards: each room has a function for each of its verbs.

Card data can be forged. Who acts is `press.origin.person`, never what `data` says.
"""

from bot.appointments import handlers as appointments
from bot.cases import handlers as cases
from bot.colleagues import handlers as colleagues
from bot.erasure import handlers as erasure
from bot.gateway.events import Answer, Press, Say, ShowCard
from bot.groups import handlers as groups
from bot.help import handlers as general
from bot.ideas import handlers as ideas
from bot.notes import handlers as notes
from bot.reminders import handlers as reminders
from bot.routing import messages
from bot.routing.scopes import Verb
from bot.routing.services import Services
from bot.sessions import handlers as sessions
from bot.sessions import log_forms, rehearsals
from bot.studies import handlers as studies
from bot.ui.texts import Texts

_VERBS: dict[str, Verb] = {
    **general.VERBS,
    **studies.VERBS,
    **sessions.VERBS,
    **groups.VERBS,
    **colleagues.VERBS,
    **cases.VERBS,
    **log_forms.VERBS,
    **rehearsals.VERBS,
    **notes.VERBS,
    **ideas.VERBS,
    **reminders.VERBS,
    **appointments.VERBS,
    **erasure.VERBS,
    **messages.VERBS,
}
_DIALOGS: dict[str, Verb] = {**studies.DIALOGS}


async def answer_press(services: Services, press: Press, say: Texts) -> Answer:
    """Show the new card: by an update for good, and in the answer at once.

    The update comes first: after the answer it would wipe out what has been
    filled in since (docs/adr/0012-one-card.md).
    """
    dialog = press.verb.partition(".")[0]
    if verb := _VERBS.get(press.verb) or _DIALOGS.get(dialog):
        reply = await verb.run(services, press, say)
    else:  # of an older version's card, or forged: the card may be everyone's, and stays
        reply = Say(say("draft.gone"))
    if isinstance(reply, Say):
        if not press.is_invoke:
            await services.teams.send_text(press.origin.conversation, reply.text)
        return reply
    if press.card_id and not press.is_automatic:
        services.live_cards.put(press.origin.conversation, press.card_id, reply)
        await services.live_cards.settled(press.origin.conversation, press.card_id)
    return ShowCard(reply)
