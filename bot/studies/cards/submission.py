"""Handing in: the pseudonym and the code, and the receipt that shows them once."""

from bot.gateway.events import Json
from bot.studies.cards.study import room_of, title
from bot.ui.elements import card, execute, heading, paragraph, plain, small
from bot.ui.texts import Texts
from dialogs.studies.definitions import Definition
from dialogs.studies.questionnaire import Questionnaire


def delivered(
    study: Definition, say: Texts, pseudonym: str, code: str | None, *, replaced: bool
) -> Json:
    """The receipt. The code stands on it until the person says that it is noted."""
    room = room_of(study)
    head = [small(plain(title(say, study))), heading(say(f"{room}delivered"))]
    if code is None:
        return card([*head, paragraph(say(f"{room}delivered.after"))])
    key = "delivered.replaced" if replaced else "delivered.first"
    # Whoever answers before and after needs both the code and the pseudonym once more.
    comes_again = isinstance(study, Questionnaire) and study.wave == "before"
    return card(
        [
            *head,
            paragraph(say(key)),
            identity(say, pseudonym, code),
            *([paragraph(say("questionnaire.keep_for_after"))] if comes_again else []),
            paragraph(say("delivered.keep")),
        ],
        [execute(say("delivered.noted"), "qsort.noted", {"study": study.id}, style="positive")],
    )


def identity(say: Texts, pseudonym: str, code: str) -> Json:
    """What an answer is found by: the pseudonym by everyone, the code by its owner."""
    return {
        "type": "FactSet",
        "facts": [
            {"title": say("qsort.pseudonym"), "value": pseudonym},
            {"title": say("qsort.code"), "value": code},
        ],
    }
