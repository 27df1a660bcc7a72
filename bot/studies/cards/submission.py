"""Handing in: the pseudonym and the code, and the receipt that shows them once."""

from collections.abc import Iterable, Iterator

from bot.gateway.events import Json
from bot.studies.cards.study import room_of, title
from bot.studies.instrument import Part, Work
from bot.ui.elements import card, code_input, execute, heading, paragraph, plain, small
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


def delivering(say: Texts, draft: Work, earlier: str) -> list[Json]:
    """What it is handed in as, and the field for the code of an answer that it may replace.

    `earlier` is what stands over that field; a correction knows which answer it replaces.
    """
    known = identity(say, draft.pseudonym, draft.code)
    if draft.corrects:
        return [paragraph(say("deliver.correcting")), known]
    return [known, paragraph(say("qsort.delivering.code")), code_input("earlier_code", earlier)]


def carried(draft: Work) -> Json:
    """The code that the press to hand in carries, so that its receipt can be shown again."""
    return {"earlier_code" if draft.corrects else "code": draft.code}


def in_words(parts: Iterable[Part]) -> list[Json]:
    """What was answered, under the title of each part."""
    return [element for part in parts for element in _part(part)]


def _part(part: Part) -> Iterator[Json]:
    if part.title:
        yield paragraph(plain(part.title), weight="Bolder", color="Accent", spacing="Medium")
    lines = (
        f"{plain(asked)} **{plain(said)}**" if said else plain(asked) for asked, said in part.lines
    )
    yield paragraph("\n\n".join(lines), spacing="None" if part.title else "Default")


def identity(say: Texts, pseudonym: str, code: str) -> Json:
    """What an answer is found by: the pseudonym by everyone, the code by its owner."""
    return {
        "type": "FactSet",
        "facts": [
            {"title": say("qsort.pseudonym"), "value": pseudonym},
            {"title": say("qsort.code"), "value": code},
        ],
    }
