"""Cards around a study: invitation, consent, lists, closing, withdrawal, help."""

from collections.abc import Iterable, Sequence

from bot.gateway.events import Json
from bot.ui.dates import day
from bot.ui.elements import (
    card,
    code_input,
    execute,
    heading,
    informed,
    notice,
    paragraph,
    plain,
    required,
    small,
)
from bot.ui.fitting import CARD_ROOM, fitting, size
from bot.ui.texts import Texts
from dialogs.studies.definitions import Definition
from dialogs.studies.questionnaire import Questionnaire, asked
from dialogs.studies.study import Study

READING_ROOM = CARD_ROOM - 4_000
"""UTF-16 code units of the card with one's own answer, without its buttons."""
SERIES = "series"
"""What a button carries that begins a questionnaire of a group's meetings, on a card that is to
stay: its information comes below."""


def title(say: Texts, study: Definition) -> str:
    return study.title[study.language(say.language)]


def room_of(study: Definition) -> str:
    """What the keys of texts begin with that speak of this kind of study in words of their own."""
    return "" if isinstance(study, Study) else "questionnaire."


def invitation(say: Texts, study: Definition) -> Json:
    """The card in the channel: what, for whom, how long, who sees what, until when."""
    return card(
        [
            small(say("invite.heading")),
            heading(plain(title(say, study))),
            paragraph(plain(study.purpose[study.language(say.language)])),
            _facts(say, study),
        ],
        [_start(say, {"study": study.id})],
    )


def invitation_closed(say: Texts, study: Definition) -> Json:
    return card([heading(plain(title(say, study))), paragraph(say("invite.closed"))])


def _start(say: Texts, data: Json) -> Json:
    return execute(say("study.start"), "study.start", data, style="positive")


def facts(say: Texts, study: Definition) -> list[tuple[str, str]]:
    """What everybody wants to know first: how long, until when, who sees it, whether one must."""
    until = day(say, study.closes) if study.closes else say("study.facts.until.open")
    return [
        (say("study.facts.length"), _length(say, study)),
        (say("study.facts.until"), until),
        (say("study.facts.who"), say("study.facts.who.value")),
        (say("study.facts.voluntary"), say("study.facts.voluntary.value")),
    ]


def _facts(say: Texts, study: Definition) -> Json:
    pairs = ({"title": title, "value": value} for title, value in facts(say, study))
    return {"type": "FactSet", "facts": list(pairs)}


def _length(say: Texts, study: Definition) -> str:
    """How much there is to do; of a questionnaire, what may be asked besides as well."""
    if isinstance(study, Study):
        n = len(study.statements)
        return say("study.facts.length.value", n=n, minutes=study.minutes)
    least, most = sum(1 for _ in asked(study, {})), len(study.items)
    key = "value" if least == most else "range"
    return say(f"questionnaire.study.facts.length.{key}", n=least, most=most, minutes=study.minutes)


def consent(
    say: Texts, study: Definition, token: str, because: str = "", shared: Json | None = None
) -> Json:
    """The facts, the information under its questions, and the choice.

    The token becomes a draft only by accepting.

    `because` is the key of the text that tells why somebody gets it who did not ask here.
    `shared` is a text of their own that they want to share; the card alone carries it.
    """
    language = study.language(say.language)
    say = say.around(language)
    data = {"study": study.id, "token": token, **(shared or {})}
    return card(
        [
            *([small(say(because))] if because else []),
            heading(plain(title(say, study))),
            *([notice(say("consent.pilot"))] if isinstance(study, Study) and study.pilot else []),
            _facts(say, study),
            *informed(study.information.sections(language, "teams")),
            small(say("consent.version", version=plain(study.information.version))),
        ],
        [
            execute(say("consent.accept"), "study.consent", data, style="positive"),
            execute(say("consent.decline"), "study.decline", {"study": study.id}),
        ],
    )


def studies(say: Texts, open_studies: Iterable[tuple[Definition, str]]) -> Json:
    """Open studies, each with its button and the token of the draft it may become.

    The token is issued with the button, so that a press delivered once more
    finds the sort that has begun since.
    """
    body: list[Json] = [heading(say("study.list"))]
    for study, token in open_studies:
        data = {"study": study.id, "token": token}
        body += [
            paragraph(plain(title(say, study)), weight="Bolder", separator=True),
            paragraph(plain(study.purpose[study.language(say.language)])),
            {"type": "ActionSet", "actions": [_start(say, data)]},
        ]
    if len(body) == 1:
        body.append(paragraph(say("study.list.none")))
    return card(body)


def message(text: str) -> Json:
    """A card that only says something: the end of one that had buttons."""
    return card([paragraph(text)])


def closing(say: Texts, study: Definition) -> Json:
    """Asks before a study is closed."""
    data = {"study": study.id}
    return card(
        [paragraph(say(f"{room_of(study)}close.question", title=plain(title(say, study))))],
        [
            execute(say("close.confirm"), "study.close", data, style="destructive"),
            execute(say("close.cancel"), "study.keep", data),
        ],
    )


def status(say: Texts, rows: Iterable[tuple[Definition, str, int, int | None]]) -> Json:
    """Title, state, invited and (only after closing) answers of each study."""
    body: list[Json] = [heading(say("status"))]
    for study, state, invited, submitted in rows:
        numbers = say("status.invited", n=invited)
        if submitted is not None:
            numbers += ", " + say("status.submitted", n=submitted)
        body += [
            paragraph(plain(title(say, study)), weight="Bolder", separator=True),
            paragraph(f"{plain(study.id)}: {say(f'status.state.{state}')}. {numbers}."),
        ]
    if len(body) == 1:
        return card([*body, paragraph(say("status.none"))])
    return card([*body, small(say("status.no_count"), separator=True)])


def own_answer(
    say: Texts,
    study: Definition,
    pseudonym: str,
    code: str,
    *,
    token: str = "",
    told: Sequence[Json] = (),
) -> Json:
    """Which answer it is, what can be done with it, and what goes with withdrawing it.

    The code stays on the card until it is pressed. `token` is of the draft that changing it
    begins; empty where it cannot be changed any more. `told` is the answer, once it was asked for.
    """
    wave = study.wave if isinstance(study, Questionnaire) else None
    question = say("withdraw.sure", title=plain(title(say, study)), pseudonym=plain(pseudonym))
    head = [heading(say("withdraw")), paragraph(question)]
    tail = [
        *([notice(say(f"withdraw.pair.{wave}"))] if wave else []),
        small(say("withdraw.final"), separator=bool(told)),
    ]
    return card(
        [*head, *_read(say, told, size(*head, *tail)), *tail],
        [
            *([] if told else [execute(say("withdraw.read"), "study.read", {"code": code})]),
            *(
                [execute(say("withdraw.change"), "study.change", {"code": code, "token": token})]
                if token
                else []
            ),
            execute(
                say("withdraw.confirm"),
                "study.withdraw",
                {"code": code, "sure": "yes"},
                style="destructive",
            ),
            execute(say("withdraw.keep"), "study.stay", {}),
        ],
    )


def _read(say: Texts, told: Sequence[Json], taken: int) -> list[Json]:
    """As much of an answer as has room beside what takes so much of the card."""
    rest = small(say("withdraw.read.rest"))
    shown = fitting(told, READING_ROOM - taken - size(rest))
    return shown if len(shown) == len(told) else [*shown, rest]


def withdrawal(say: Texts, problem: str | None = None) -> Json:
    """Asks for the code of an answer to read, to change or to withdraw."""
    return card(
        [
            heading(say("withdraw")),
            *([notice(problem)] if problem else []),
            paragraph(say("withdraw.task")),
            required(say, code_input("code", say("withdraw.label"))),
        ],
        [execute(say("withdraw.find"), "study.withdraw", {}, style="positive")],
    )
