"""Addresses that open something in Teams."""

from urllib.parse import quote

from bot.gateway.events import Conversation


def link_to(place: Conversation) -> str:
    """A thread, or a chat: in a browser or in the client, whichever they use."""
    chat, _, thread = place.id.partition(";messageid=")
    if not thread:
        return f"https://teams.microsoft.com/l/chat/{quote(chat, safe='')}/0"
    tenant = quote(place.tenant, safe="")
    return (
        f"https://teams.microsoft.com/l/message/{quote(chat, safe='')}/{thread}?tenantId={tenant}"
    )
