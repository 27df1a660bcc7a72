"""Time zones, by the names that clients and people give them."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ZONE = "Europe/Oslo"
"""Where nobody has named another."""


def zone_named(name: str) -> ZoneInfo | None:
    """The IANA zone of that name, if there is one."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return None


def zone_in_words(name: str) -> str:
    """As it is read on a card: America/Argentina/Buenos Aires."""
    return name.replace("_", " ")


def zone_or_ours(name: str | None) -> str:
    """A zone as a client named it, if it exists."""
    return name if name and zone_named(name) else ZONE
