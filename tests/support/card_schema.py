"""Is a card what Teams calls one: the Adaptive Card schema 1.5."""

import json
from functools import cache

import jsonschema_rs

from bot.gateway.events import Json
from tests.support.data import CARD_SCHEMA


@cache
def _validator() -> jsonschema_rs.Draft6Validator:
    return jsonschema_rs.Draft6Validator(json.loads(CARD_SCHEMA.read_text("utf-8")))


def faults(card: Json) -> list[str]:
    """What the schema has against a card; `msteams` is Teams' own and not in it."""
    plain = {key: value for key, value in card.items() if key != "msteams"}
    return [f"{e.instance_path}: {e.message[:200]}" for e in _validator().iter_errors(plain)]
